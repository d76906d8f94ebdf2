"""Sending the pages of a PDF document to a printer, without a file in between."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

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


def print_pages(document: QPdfDocument, printer: QPrinter) -> bool:
    """Print the pages the printer's settings ask for; returns False where the printer did not take them."""
    first = max(printer.fromPage(), 1)
    last = min(printer.toPage() or document.pageCount(), document.pageCount())
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    try:
        options = QPdfDocumentRenderOptions()
        dots = min(printer.resolution(), _MOST_DOTS_PER_INCH)
        for page in range(first - 1, last):
            if page > first - 1 and not printer.newPage():
                return False
            points = document.pagePointSize(page)
            pixels = QSize(
                round(points.width() * dots / _POINTS_PER_INCH), round(points.height() * dots / _POINTS_PER_INCH)
            )
            picture = document.render(page, pixels, options)
            sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
            true_size = points * (printer.resolution() / _POINTS_PER_INCH)
            share = min(1.0, sheet.width() / true_size.width(), sheet.height() / true_size.height())
            width, height = true_size.width() * share, true_size.height() * share
            place = QRectF((sheet.width() - width) / 2, (sheet.height() - height) / 2, width, height)
            painter.drawImage(place, picture)
    finally:
        ended = painter.end()
    return ended and printer.printerState() is not QPrinter.PrinterState.Error
