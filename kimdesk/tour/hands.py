"""The tour's hands and eyes: clicking, typing in any script, looking whether a page is drawn."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, TypeVar

import httpx
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.ui.widgets import Form

T = TypeVar("T")
INK = 60


class TourFailed(KnownError):
    """A step of the tour did not do what it should; `reason` says which, in German."""

    default_message = N_("Der Rundgang ist gescheitert. {reason}")

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


def click(button: QWidget) -> None:
    """Click a button as a user does."""
    if not button.isEnabled():
        raise TourFailed("Ein Knopf, der gedrückt werden soll, ist ausgegraut.")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def has_ink(view: QWidget) -> bool:
    """Return whether a page with something on it is drawn: pages are rendered beside the window's thread."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    middle, dark = range(image.width() // 8, image.width() * 7 // 8, 3), 128
    rows = range(0, image.height(), 3)
    return sum(QColor(image.pixel(x, y)).lightness() < dark for y in rows for x in middle) > INK


def type_into(widget: QWidget, text: str) -> None:
    """Type `text` into the focused line or area, in any script, the way an input method hands it over."""
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def fill(form: Form, values: dict[str, Any]) -> None:
    """Fill the named fields of a form: texts are typed, everything else is chosen."""
    for name, value in values.items():
        editor = form.editor(name)
        line = editor.findChild(QLineEdit) or editor.findChild(QPlainTextEdit)
        if isinstance(value, str) and not isinstance(value, Enum) and line is not None:
            type_into(line, value)
        else:
            editor.set_value(value)
            editor.changed.emit()
            editor.finished.emit()


def the(kind: type[T], thing: object) -> T:
    """Return `thing`, which has to be a `kind`."""
    if not isinstance(thing, kind):
        raise TourFailed(f"Erwartet war {kind.__name__}.")
    return thing


def the_application() -> QApplication:
    """Return the running Qt application."""
    return the(QApplication, QApplication.instance())


def read_dashboard(url: str, user: str, passphrase: str) -> dict[str, str]:
    """Log in at the coordinating office as a person does and return its three headline figures."""
    with httpx.Client(base_url=url, follow_redirects=True, trust_env=False) as browser:
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', browser.get("/login").text)
        if token is None:
            raise TourFailed("Die Übersicht zeigt keine Anmeldung.")
        fields = {"form_token": token.group(1), "name": user, "passphrase": passphrase}
        page = browser.post("/login", data=fields).text
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    found = {
        name: re.search(rf"{name} (\d[\d.]*(?: ±\s?[\d,]+)?)", words)
        for name in ("Fälle", "Personen", "Laptops in der Summe")
    }
    missing = [name for name, figure in found.items() if figure is None]
    if missing:
        raise TourFailed(f"Die Übersicht zeigt nicht: {', '.join(missing)}")
    return {name: figure.group(1) for name, figure in found.items() if figure is not None}
