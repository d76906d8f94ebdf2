"""Where messages are seen: what stays above the work, what goes by itself floating at its foot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.ui.design import Meaning, Space
from kimdesk.ui.messages import Message
from kimdesk.ui.widgets.banner import Banner
from kimdesk.ui.widgets.base import announce
from kimdesk.ui.widgets.toast import Toast

_MOST_BANNERS = 3


class MessageArea(QWidget):
    """Shows messages over `work`: attention and errors as banners until closed, the rest as one toast at a time."""

    def __init__(self, work: QWidget) -> None:
        super().__init__()
        self._work = work
        self._toast: Toast | None = None
        self._banners: list[Banner] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.XL, Space.S, Space.XL, 0)
        self._column.setSpacing(Space.S)
        self.hide()
        work.installEventFilter(self)

    def show_message(self, message: Message) -> None:
        """Show `message`."""
        if message.meaning in (Meaning.ATTENTION, Meaning.DANGER):
            self._show_banner(message)
        else:
            self._show_toast(message)

    def banners(self) -> list[Banner]:
        """Return the banners that stand there, oldest first."""
        return list(self._banners)

    def toast(self) -> Toast | None:
        """Return the toast that floats there."""
        return self._toast

    def _show_banner(self, message: Message) -> None:
        for banner in list(self._banners):
            if banner.text.text() == message.text:
                self._remove(banner)
        while len(self._banners) >= _MOST_BANNERS:
            self._remove(self._banners[0])
        banner = Banner(
            message.text, message.meaning, action=message.action, on_action=message.on_action, closable=True
        )
        banner.closed.connect(lambda: self._remove(banner))
        self.add_banner(banner)
        announce(self, message.text, urgent=message.meaning is Meaning.DANGER)

    def add_banner(self, banner: Banner) -> None:
        """Put a banner of the frame's own above the work."""
        self._banners.append(banner)
        self._column.addWidget(banner)
        banner.show()
        self.show()

    def _remove(self, banner: Banner) -> None:
        if banner in self._banners:
            self._banners.remove(banner)
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))

    def remove_banner(self, banner: Banner) -> None:
        """Take a banner away."""
        self._remove(banner)

    def _show_toast(self, message: Message) -> None:
        self._drop_toast()
        toast = Toast(
            message.text,
            message.meaning,
            undo=message.undo or message.on_action,
            word=message.action,
        )
        toast.setParent(self._work)
        toast.gone.connect(self._drop_toast)
        self._toast = toast
        toast.adjustSize()
        self._place_toast()
        toast.show()
        toast.raise_()

    def keep_in_front(self) -> None:
        """Raise the toast again: a page that comes to the front is laid over everything that floats."""
        if self._toast is not None:
            self._toast.raise_()

    def _drop_toast(self) -> None:
        if self._toast is not None:
            self._toast.hide()
            self._toast.deleteLater()
            self._toast = None

    def _place_toast(self) -> None:
        if self._toast is not None:
            self._toast.text.setWordWrap(False)
            size = self._toast.sizeHint()
            room = self._work.width() - 2 * Space.L
            if size.width() > room:  # at large text: break the sentence rather than lose its end
                self._toast.text.setWordWrap(True)
                size = QSize(room, max(size.height(), self._toast.heightForWidth(room)))
            x = max(0, (self._work.width() - size.width()) // 2)
            self._toast.setGeometry(x, self._work.height() - size.height() - Space.L, size.width(), size.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._work and event.type() is QEvent.Type.Resize:
            self._place_toast()
        return False
