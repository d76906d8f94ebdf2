"""A file of the case as it is, from memory: pages of a PDF, a picture, plain text."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from kimdesk.domain.attachments import AttachmentKind
from kimdesk.i18n import _
from kimdesk.services.attachments import Opened
from kimdesk.ui.design import Icon
from kimdesk.ui.printing.preview import Preview
from kimdesk.ui.widgets import EmptyState, Scroll, describe

_MOST_MEGAPIXELS = 120
_LONGEST_TEXT = 200_000


class _Picture(QLabel):
    """A picture as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)

    def show_picture(self, picture: QPixmap) -> None:
        self._whole = picture
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 80)

    def _fit(self) -> None:
        if not self._whole.isNull():
            width = max(80, min(self.width(), self._whole.width()))
            self.setPixmap(self._whole.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation))


class AttachmentView(QWidget):
    """Shows one file. What cannot be shown says so; nothing is ever handed to another program."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = Preview("", lambda: None)
        self.picture = _Picture()
        self._picture_room = Scroll(self.picture)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        describe(self.text, _("Inhalt der Datei"))
        self.nothing = EmptyState(Icon.DOCUMENT, "", "", compact=True)
        self.stack = QStackedWidget()
        for page in (self.nothing, self.pages, self._picture_room, self.text):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def show_nothing(self, title: str, sentence: str) -> None:
        """Take away what is shown and say why."""
        self.picture.clear()
        self.text.clear()
        self.pages.show_nothing("", "")
        self.nothing.title.setText(title)
        self.nothing.sentence.setText(sentence)
        describe(self.nothing, title, sentence)
        self.stack.setCurrentWidget(self.nothing)

    def show_file(self, opened: Opened) -> None:
        """Show a file that was read from the vault."""
        match opened.attachment.kind:
            case AttachmentKind.PDF:
                self._show_pdf(opened.data)
            case AttachmentKind.PICTURE:
                self._show_picture(opened)
            case AttachmentKind.TEXT:
                text = opened.data[:_LONGEST_TEXT].decode("utf-8", "replace")
                self.text.setPlainText(text)
                self.stack.setCurrentWidget(self.text)
            case AttachmentKind.OTHER:
                self.show_nothing(
                    _("Keine Vorschau"),
                    _("Diese Art von Datei zeigt das Programm nicht. Sie liegt unverändert im Tresor."),
                )

    def _show_pdf(self, data: bytes) -> None:
        self.pages.show_pdf(data)
        if self.pages.page_count():
            self.stack.setCurrentWidget(self.pages)
        else:
            self._unreadable()

    def _show_picture(self, opened: Opened) -> None:
        buffer = QBuffer()
        buffer.setData(QByteArray(opened.data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and size.width() * size.height() > _MOST_MEGAPIXELS * 1_000_000:
            self.show_nothing(
                _("Keine Vorschau"), _("Das Bild ist zu groß, um es zu zeigen. Es liegt unverändert im Tresor.")
            )
            return
        image = reader.read()
        if image.isNull():
            self._unreadable()
            return
        self.picture.show_picture(QPixmap.fromImage(image))
        describe(self.picture, opened.attachment.name)
        self.stack.setCurrentWidget(self._picture_room)

    def _unreadable(self) -> None:
        self.show_nothing(
            _("Keine Vorschau"),
            _("Die Datei ist beschädigt oder geschützt und lässt sich nicht zeigen. Sie liegt unverändert im Tresor."),
        )
