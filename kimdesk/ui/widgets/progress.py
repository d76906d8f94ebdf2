"""What is shown while something takes longer than a moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Space
from kimdesk.ui.widgets.base import announce, describe
from kimdesk.ui.widgets.buttons import Button
from kimdesk.ui.widgets.text import Text

SHOW_AFTER_MILLISECONDS = 300
CANCEL_AFTER_MILLISECONDS = 2000


class ProgressNote(QWidget):
    """Appears when work started with `start` lasts longer than 300 ms; after 2 s it can be cancelled, if it can be."""

    def __init__(self, text: str = "", *, on_cancel: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.text = Text(text, "meta")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setMinimumWidth(80)
        self.bar.setMaximumWidth(160)
        self.cancel = Button(_("Abbrechen"), "link", on_click=on_cancel) if on_cancel is not None else None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.bar)
        layout.addWidget(self.text, 1)
        if self.cancel is not None:
            self.cancel.hide()
            layout.addWidget(self.cancel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._show = self._later(SHOW_AFTER_MILLISECONDS, self._appear)
        self._offer = self._later(CANCEL_AFTER_MILLISECONDS, self._offer_cancel)
        self.hide()

    def _later(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    def start(self, text: str = "") -> None:
        """Say that work begins; nothing is shown yet."""
        if text:
            self.text.setText(text)
        describe(self, self.text.text() or _("Bitte warten"))
        self.bar.setRange(0, 0)
        self._show.start()
        self._offer.start()

    def set_share(self, share: float) -> None:
        """Show how much is done, 0 to 1."""
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(share * 1000))

    def stop(self) -> None:
        """Say that work ended."""
        self._show.stop()
        self._offer.stop()
        if self.cancel is not None:
            self.cancel.hide()
        self.hide()

    def _appear(self) -> None:
        self.show()
        announce(self, self.text.text() or _("Bitte warten"))

    def _offer_cancel(self) -> None:
        if self.cancel is not None:
            self.cancel.show()
