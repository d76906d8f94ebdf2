"""Keys and clicks as a user makes them, with types (pytest-qt's own have none)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def press(target: QWidget | QWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    """Press and release `key`."""
    QTest.keyClick(target, key, modifier)


def type_text(target: QWidget, text: str) -> None:
    """Type `text`; what is not on a keyboard of Qt's tests (it knows ASCII) comes as if pasted."""
    if text.isascii():
        QTest.keyClicks(target, text)
    elif isinstance(target, QLineEdit):
        target.insert(text)
        target.textEdited.emit(target.text())
    else:
        raise TypeError("only a line can take text beyond ASCII")


def click(target: QWidget) -> None:
    """Click in the middle of `target`."""
    QTest.mouseClick(target, Qt.MouseButton.LeftButton)
