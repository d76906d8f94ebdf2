"""The texts that Qt itself shows (context menus of text fields, the print dialog) in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication


def install_qt_texts(application: QApplication, language_code: str) -> bool:
    """Let Qt speak `language_code`; returns whether it has that language (English needs none)."""
    locale = QLocale(language_code)
    QLocale.setDefault(locale)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator.load(locale, "qtbase", "_", folder) and application.installTranslator(translator)
