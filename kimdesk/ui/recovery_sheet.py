"""Prints the recovery sheet, straight from memory to the printer; as a file only after a warning."""

from __future__ import annotations

from collections.abc import Callable

import segno
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

from kimdesk.i18n import _
from kimdesk.i18n.formats import moment
from kimdesk.services.vault import RecoverySheet

PrintSheet = Callable[[RecoverySheet, QWidget | None], bool]

_MARGIN_MILLIMETRES = 22.0
_GROUPS_IN_A_LINE = 3
_WORDS_IN_A_LINE = 2
_QR_MILLIMETRES = 42.0
_QUIET_MODULES = 4
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WRITES_FILES = ("pdf", "xps", "onenote", "fax")
"""Words in the names of printers that print onto no paper."""


def print_recovery_sheet(sheet: RecoverySheet, parent: QWidget | None = None) -> bool:
    """Ask for a printer and print the sheet; return whether it was printed."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent or QApplication.activeWindow())
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    if goes_into_a_file(printer) and not confirm_file(parent):
        return False
    draw_recovery_sheet(printer, sheet)
    return True


def goes_into_a_file(printer: QPrinter) -> bool:
    """Return whether what is printed becomes a file rather than paper, as far as the printer says."""
    name = printer.printerName().casefold()
    return printer.outputFormat() is QPrinter.OutputFormat.PdfFormat or any(word in name for word in _WRITES_FILES)


def confirm_file(parent: QWidget | None) -> bool:
    """Warn that the key would lie in a file; return whether the user wants it all the same."""
    box = QMessageBox(QMessageBox.Icon.Warning, "KIM Desk", _("Der Schlüssel würde zu einer Datei."), parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(
        _(
            "Wer diese Datei findet, kann alle Fallakten lesen. Drucken Sie auf Papier. Wenn es nicht anders geht, "
            "speichern Sie die Datei nicht auf diesem Laptop, drucken Sie sie gleich und löschen Sie sie danach."
        )
    )
    all_the_same = box.addButton(_("Trotzdem als Datei ausgeben"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(_("Abbrechen"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is all_the_same


def draw_recovery_sheet(device: QPagedPaintDevice, sheet: RecoverySheet) -> None:
    """Draw the sheet on an A4 page of `device`: words, groups and QR code of the same key, and how to keep it."""
    margins = QMarginsF(_MARGIN_MILLIMETRES, _MARGIN_MILLIMETRES, _MARGIN_MILLIMETRES, _MARGIN_MILLIMETRES)
    size = QPageSize(QPageSize.PageSizeId.A4)
    device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter))
    painter = QPainter(device)
    try:
        _Drawing(painter).draw(sheet)
    finally:
        painter.end()


class _Drawing:
    """One page, from the top down."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self._page = QRectF(painter.viewport())
        self._top = self._page.top()
        self._millimetre = self._page.width() / (210 - 2 * _MARGIN_MILLIMETRES)

    def draw(self, sheet: RecoverySheet) -> None:
        """Draw everything."""
        self._text(_("KIM Desk: Wiederherstellungsschlüssel"), 20, bold=True, gap=2)
        made = _("Tresor: {name} · erstellt am {moment}").format(name=sheet.vault_name, moment=moment(sheet.made_at))
        self._text(made, 11, gap=8)
        self._text(_("Der Schlüssel in Wörtern"), 12, bold=True, gap=2)
        self._words(sheet.words)
        self._text(_("Derselbe Schlüssel in Gruppen"), 12, bold=True, gap=2)
        beside = self._top
        self._groups(sheet.groups)
        self._code(sheet.qr_text, beside)
        self._top = max(self._top, beside + (_QR_MILLIMETRES + 6) * self._millimetre)
        for text in (
            _(
                "Mit diesem Schlüssel lässt sich der Tresor einmal öffnen, wenn die Passphrase vergessen wurde: In "
                "KIM Desk „Wiederherstellung“ wählen und die Wörter oder die Gruppen eingeben, oder den Code mit einem "
                "Handscanner lesen. Danach werden eine neue Passphrase und ein neues Blatt gemacht."
            ),
            _(
                "Wer dieses Blatt hat, kann alle Fallakten lesen. Bewahren Sie es verschlossen und getrennt vom Laptop "
                "auf, zum Beispiel im Tresor der Dienststelle. Fotografieren Sie es nicht. Der Schlüssel wird nicht "
                "noch einmal angezeigt."
            ),
        ):
            self._text(text, 11, gap=3)

    def _text(self, text: str, points: int, *, bold: bool = False, gap: float = 0) -> None:
        self._set_font(points, bold)
        room = QRectF(self._page.left(), self._top, self._page.width(), self._page.bottom() - self._top)
        drawn = self._painter.drawText(room, int(Qt.TextFlag.TextWordWrap), text)
        self._top = drawn.bottom() + gap * self._millimetre

    def _set_font(self, points: int, bold: bool) -> None:
        font = QFont(QApplication.font())
        font.setPointSize(points)
        font.setBold(bold)
        self._painter.setFont(font)

    def _words(self, words: tuple[str, ...]) -> None:
        """In two columns, to be read down."""
        rows = -(-len(words) // _WORDS_IN_A_LINE)
        self._set_font(14, True)
        height = self._painter.fontMetrics().height() * 1.25
        for place, word in enumerate(words):
            across, down = divmod(place, rows)
            x = self._page.left() + across * self._page.width() / _WORDS_IN_A_LINE
            y = self._top + down * height
            self._set_font(10, False)
            self._painter.drawText(QRectF(x, y, 9 * self._millimetre, height), _RIGHT, f"{place + 1}.")
            self._set_font(14, True)
            self._painter.drawText(QRectF(x + 12 * self._millimetre, y, self._page.width() / 2, height), _LEFT, word)
        self._top += rows * height + 7 * self._millimetre

    def _groups(self, groups: tuple[str, ...]) -> None:
        self._set_font(16, True)
        height = self._painter.fontMetrics().height() * 1.4
        width = (self._page.width() - (_QR_MILLIMETRES + 8) * self._millimetre) / _GROUPS_IN_A_LINE
        for place, group in enumerate(groups):
            down, across = divmod(place, _GROUPS_IN_A_LINE)
            cell = QRectF(self._page.left() + across * width, self._top + down * height, width, height)
            self._painter.drawText(cell, _LEFT, group)
        self._top += -(-len(groups) // _GROUPS_IN_A_LINE) * height

    def _code(self, text: str, top: float) -> None:
        """Draw the QR code at the right (ISO/IEC 18004, level M, with its quiet zone)."""
        matrix = segno.make(text, error="m", micro=False).matrix
        side = _QR_MILLIMETRES * self._millimetre
        module = side / (len(matrix) + 2 * _QUIET_MODULES)
        left = self._page.right() - side
        self._painter.setPen(Qt.PenStyle.NoPen)
        for down, line in enumerate(matrix, start=_QUIET_MODULES):
            for across, dark in enumerate(line, start=_QUIET_MODULES):
                if dark:
                    # A hair larger than the module, so that no white line shows between two of them.
                    place = QRectF(left + across * module, top + down * module, module * 1.02, module * 1.02)
                    self._painter.fillRect(place, QColor(Qt.GlobalColor.black))
        self._painter.setPen(QColor(Qt.GlobalColor.black))
