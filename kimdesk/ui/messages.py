"""What the program says to the user: whoever has something to say says it here, one view in the frame shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from kimdesk.foundation.errors import KnownError
from kimdesk.foundation.log import describe_without_values
from kimdesk.i18n import render_error
from kimdesk.ui.design import Meaning


@dataclass(frozen=True)
class Message:
    """One sentence and what it means; `undo` takes back what was done, `action` leads somewhere."""

    text: str
    meaning: Meaning
    undo: Callable[[], object] | None = None
    action: str = ""
    on_action: Callable[[], object] | None = None


class Messages(QObject):
    """`said(Message)` for each message, `bug_happened(str)` with a description that holds no personal data."""

    said = Signal(object)
    bug_happened = Signal(str)

    def info(self, text: str, *, action: str = "", on_action: Callable[[], object] | None = None) -> None:
        """Say something worth knowing; goes by itself."""
        self.said.emit(Message(text, Meaning.INFO, action=action, on_action=on_action))

    def good(self, text: str, *, undo: Callable[[], object] | None = None) -> None:
        """Say that something is done; with `undo` there is a way back."""
        self.said.emit(Message(text, Meaning.GOOD, undo=undo))

    def attention(self, text: str, *, action: str = "", on_action: Callable[[], object] | None = None) -> None:
        """Say something that needs a look; stays until it is closed."""
        self.said.emit(Message(text, Meaning.ATTENTION, action=action, on_action=on_action))

    def error(self, text: str, *, action: str = "", on_action: Callable[[], object] | None = None) -> None:
        """Say what did not work and what to do; stays until it is closed."""
        self.said.emit(Message(text, Meaning.DANGER, action=action, on_action=on_action))

    def show_error(self, error: BaseException) -> None:
        """Say a known error in its sentence; anything else is a bug and goes to the dialog that can be copied."""
        if isinstance(error, KnownError):
            self.error(render_error(error))
        else:
            self.bug_happened.emit(describe_without_values(error))
