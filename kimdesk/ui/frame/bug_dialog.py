"""The one dialog for what is the program's own fault; its text can be copied and holds no personal data."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.widgets import Banner, Button, Text, column, describe, row, size_within_screen


class BugDialog(QDialog):
    """Says what happened, what is safe and what to do. Not modal: it must never stand in the way of the lock."""

    def __init__(self, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Fehler im Programm"))
        self.setModal(False)
        self.description = description
        details = QPlainTextEdit(description)
        details.setReadOnly(True)
        details.setMinimumHeight(theme().px(140))
        describe(details, _("Beschreibung des Fehlers"))
        self.copy = Button(_("Beschreibung kopieren"), symbol=Icon.COPY, on_click=self._copy)
        close = Button(_("Weiterarbeiten"), "primary", on_click=self.accept)
        self.setLayout(
            column(
                Banner(
                    _("Was gespeichert war, ist unverändert. Bitte versuchen Sie es noch einmal."),
                    Meaning.DANGER,
                    title=_("Das Programm hat einen Fehler gemacht."),
                ),
                Text(
                    _(
                        "Wenn es wieder geschieht, geben Sie bitte diese Beschreibung weiter. Sie nennt nur Stellen im "
                        "Programm und enthält keine Angaben über Personen."
                    ),
                    "muted",
                    wrap=True,
                ),
                details,
                row(self.copy, None, close),
                space=Space.M,
                margin=Space.L,
            )
        )
        size_within_screen(self, 560, 360)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.description)
        self.copy.setText(_("Kopiert"))
