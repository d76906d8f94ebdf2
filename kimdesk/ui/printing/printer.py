"""Sending the pages of a PDF document to a printer, without a file in between."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _

ChoosePrinter = Callable[[QWidget, int], QPrinter | None]

# More than this no office printer shows in text, and a page of 600 dpi would take 140 MB.
_MOST_DOTS_PER_INCH = 300
_POINTS_PER_INCH = 72


def ask_for_printer(parent: QWidget, pages: int) -> QPrinter | None:
    """Ask with the system's dialog; None if the user thinks better of it.

    The printer's queue shows a name that tells nothing about a person.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("KIM Desk")
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(_("Drucken"))
    dialog.setMinMax(1, max(pages, 1))
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


class PrintStopped(KnownError):
    """The user stopped the work."""

    default_message = N_("Sie haben abgebrochen. Ändern Sie links etwas, dann werden die Seiten neu vorbereitet.")


class PrintOutcome(Enum):
    """What became of the pages sent to a printer."""

    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class PrintRun(QObject):
    """Prints the pages the printer's settings ask for, one at a time, so that the window stays alive between them.

    `progressed(done, of)` after each page, `ended(PrintOutcome)` once; the document is closed then.
    """

    progressed = Signal(int, int)
    ended = Signal(object)

    def __init__(self, document: QPdfDocument, printer: QPrinter, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._printer = document, printer
        first = max(printer.fromPage(), 1)
        last = min(printer.toPage() or document.pageCount(), document.pageCount())
        # Where the driver makes no copies, the pages are sent as often as wanted.
        copies = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
        self._pages = [page for _copy in range(copies) for page in range(first - 1, last)]
        self._done = 0
        self._painter = QPainter()
        self._cancelled = False

    def start(self) -> None:
        """Begin; the first page is printed in the next round of the event loop."""
        self._printer.setFullPage(True)
        if not self._painter.begin(self._printer):
            QTimer.singleShot(0, self, lambda: self._end(PrintOutcome.REFUSED))
            return
        QTimer.singleShot(0, self, self._next)

    def cancel(self) -> None:
        """Stop before the next page."""
        self._cancelled = True

    def _next(self) -> None:
        if self._cancelled:
            self._printer.abort()
            self._painter.end()
            self._end(PrintOutcome.CANCELLED)
            return
        if self._done >= len(self._pages):
            ended = self._painter.end()
            refused = not ended or self._printer.printerState() is QPrinter.PrinterState.Error
            self._end(PrintOutcome.REFUSED if refused else PrintOutcome.DONE)
            return
        if self._done and not self._printer.newPage():
            self._painter.end()
            self._end(PrintOutcome.REFUSED)
            return
        self._paint(self._pages[self._done])
        self._done += 1
        self.progressed.emit(self._done, len(self._pages))
        QTimer.singleShot(0, self, self._next)

    def _paint(self, page: int) -> None:
        printer = self._printer
        dots = min(printer.resolution(), _MOST_DOTS_PER_INCH)
        points = self._document.pagePointSize(page)
        pixels = QSize(
            round(points.width() * dots / _POINTS_PER_INCH), round(points.height() * dots / _POINTS_PER_INCH)
        )
        picture = self._document.render(page, pixels, QPdfDocumentRenderOptions())
        sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
        true_size = points * (printer.resolution() / _POINTS_PER_INCH)
        share = min(1.0, sheet.width() / true_size.width(), sheet.height() / true_size.height())
        width, height = true_size.width() * share, true_size.height() * share
        place = QRectF((sheet.width() - width) / 2, (sheet.height() - height) / 2, width, height)
        self._painter.drawImage(place, picture)

    def _end(self, outcome: PrintOutcome) -> None:
        self._document.close()
        self._document.deleteLater()
        self.ended.emit(outcome)
        self.deleteLater()
