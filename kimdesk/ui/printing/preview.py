"""The pages as they will print, from memory: no file is written for them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.widgets import (
    Banner,
    ChoiceChips,
    EmptyState,
    IconButton,
    ProgressNote,
    Text,
    announce,
    column,
    describe,
    put,
    row,
)

_WIDTH, _WHOLE = "width", "whole"
_STEP = 1.2
_SMALLEST_ZOOM, _LARGEST_ZOOM = 0.2, 5.0


def open_pdf(data: bytes, parent: QWidget) -> QPdfDocument:
    """Return the PDF in `data` as a document that belongs to `parent`; it is read from memory."""
    document = QPdfDocument(parent)
    buffer = QBuffer(document)
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    return document


class Preview(QWidget):
    """Shows one document, or why there is none."""

    def __init__(
        self, action: str, on_action: Callable[[], object], *, on_cancel: Callable[[], object] | None = None
    ) -> None:
        """`action` is the word of the first step where there is nothing to show yet."""
        super().__init__()
        self.document: QPdfDocument | None = None
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setPageSpacing(Space.M)
        self._match_theme()
        self.pages = Text("", "meta")
        self.before = IconButton(Icon.LEFT, _("Vorige Seite"), lambda: self.turn(-1))
        self.after = IconButton(Icon.RIGHT, _("Nächste Seite"), lambda: self.turn(1))
        self.zoom = ChoiceChips([(_WIDTH, _("Seitenbreite")), (_WHOLE, _("Ganze Seite"))])
        self.zoom.set_names(_("Größe der Vorschau"), "")
        self.zoom.set_value(_WIDTH)
        self.zoom.changed.connect(self._fit)
        self.progress = ProgressNote(_("Die Seiten werden vorbereitet …"), on_cancel=on_cancel)
        self.problem = Banner("", Meaning.DANGER, title=_("Diese Seiten lassen sich nicht drucken"))
        self.problem.hide()
        self.empty = EmptyState(Icon.PRINT, "", "", action=action, on_action=on_action, compact=True)
        self.stack = QStackedWidget()
        put(self.stack, role="page")
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.view)
        tools = row(self.before, self.pages, self.after, self.progress, None, self.zoom)
        layout = column(tools, self.problem, self.stack, space=Space.S)
        layout.setStretch(2, 1)
        layout.setContentsMargins(Space.M, Space.S, Space.M, Space.M)
        self.setLayout(layout)
        describe(self.view, _("Vorschau der Seiten"))
        for keys, factor in (("Ctrl++", _STEP), ("Ctrl+-", 1 / _STEP)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda factor=factor: self.enlarge(factor))
        self.view.pageNavigator().currentPageChanged.connect(lambda _page: self._show_state())
        self._show_state()

    def _match_theme(self) -> None:
        """The ground beside the pages; the view takes it from its palette."""
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme().colour("sunken"))
        palette.setColor(QPalette.ColorRole.Window, theme().colour("sunken"))
        self.view.setPalette(palette)

    def show_nothing(self, title: str, sentence: str, *, offer_action: bool = False) -> None:
        """Say what is missing before there is anything to show, and offer the first step if it is a choice."""
        self._show_action(offer_action)
        self.empty.title.setText(title)
        self.empty.sentence.setText(sentence)
        describe(self.empty, title, sentence)
        self._drop()
        self.problem.hide()
        self.stack.setCurrentWidget(self.empty)
        self._show_state()

    def show_pdf(self, data: bytes) -> None:
        """Show the pages of a PDF; zoom and place stay."""
        page = self.view.pageNavigator().currentPage()
        before = self.document
        self.document = open_pdf(data, self)
        self.view.setDocument(self.document)
        if before is not None:
            before.close()
            before.deleteLater()
        self.problem.hide()
        self.stack.setCurrentWidget(self.view)
        self._jump(min(page, self.document.pageCount() - 1))
        self._show_state()

    def show_problem(self, text: str) -> None:
        """Say why the pages cannot be made."""
        self._drop()
        self._show_action(False)
        self.empty.title.setText("")
        self.empty.sentence.setText(_("Sobald das behoben ist, erscheinen die Seiten hier."))
        self.stack.setCurrentWidget(self.empty)
        self.problem.set_text(text, Meaning.DANGER)
        self.problem.show()
        self._show_state()

    def _show_action(self, wanted: bool) -> None:
        if self.empty.button is not None:
            self.empty.button.setVisible(wanted)

    def _drop(self) -> None:
        if self.document is not None:
            # The view keeps no page of a document that was taken away.
            self.view.setDocument(QPdfDocument(self.view))
            self.document.close()
            self.document.deleteLater()
            self.document = None

    def page_count(self) -> int:
        """Return how many pages are shown."""
        return self.document.pageCount() if self.document is not None else 0

    def turn(self, step: int) -> None:
        """Go a page on (1) or back (-1)."""
        wanted = self.view.pageNavigator().currentPage() + step
        if 0 <= wanted < self.page_count():
            self._jump(wanted)
            self._show_state()

    def _jump(self, page: int) -> None:
        if page >= 0:
            self.view.pageNavigator().jump(page, QPointF(), 0)

    def _fit(self) -> None:
        chosen = self.zoom.value()
        if chosen == _WHOLE:
            self.view.setZoomMode(QPdfView.ZoomMode.FitInView)
        elif chosen == _WIDTH:
            self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def enlarge(self, factor: float) -> None:
        """Show the pages larger or smaller than fitted."""
        if self.document is None:
            return
        now = self.view.zoomFactor()
        if self.view.zoomMode() is not QPdfView.ZoomMode.Custom:
            points = self.document.pagePointSize(0)
            dots = self.logicalDpiX() / 72
            room = self.view.viewport().size()
            now = room.width() / (points.width() * dots)
            if self.view.zoomMode() is QPdfView.ZoomMode.FitInView:
                now = min(now, room.height() / (points.height() * dots))
        self.zoom.set_value(None)
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(min(max(now * factor, _SMALLEST_ZOOM), _LARGEST_ZOOM))

    def _show_state(self) -> None:
        count, here = self.page_count(), self.view.pageNavigator().currentPage() + 1
        text = _("Seite {page} von {pages}").format(page=here, pages=count) if count else ""
        if text != self.pages.text():
            self.pages.setText(text)
            describe(self.view, _("Vorschau der Seiten"), text)
            if text:
                announce(self.view, text)
        self.before.setEnabled(here > 1)
        self.after.setEnabled(here < count)
        for widget in (self.before, self.after):
            widget.setVisible(count > 1)
        self.zoom.setVisible(count > 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._match_theme()
