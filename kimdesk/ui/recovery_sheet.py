"""Prints the recovery sheet of a new vault, straight to the printer: it never becomes a file."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog

from kimdesk.i18n import _

_MARGIN_MILLIMETRES = 25.0
_GROUPS_IN_A_LINE = 3


def print_recovery_sheet(vault_name: str, recovery_key: str) -> bool:
    """Ask for a printer and print the sheet; return whether it was printed."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, QApplication.activeWindow())
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    draw_recovery_sheet(printer, vault_name, recovery_key)
    return True


def draw_recovery_sheet(device: QPagedPaintDevice, vault_name: str, recovery_key: str) -> None:
    """Draw the sheet on an A4 page of `device`: what it is for, the key in large groups, how to keep it."""
    device.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MILLIMETRES, _MARGIN_MILLIMETRES, _MARGIN_MILLIMETRES, _MARGIN_MILLIMETRES),
            QPageLayout.Unit.Millimeter,
        )
    )
    groups = recovery_key.split("-")
    lines = [" – ".join(groups[at : at + _GROUPS_IN_A_LINE]) for at in range(0, len(groups), _GROUPS_IN_A_LINE)]
    painter = QPainter(device)
    try:
        page = QRectF(painter.viewport())
        top = page.top()
        for text, points, bold, gap in (
            (_("KIM Desk: Wiederherstellungsschlüssel"), 20, True, 0.5),
            (_("Tresor: {name}").format(name=vault_name), 12, False, 2.0),
            ("\n".join(lines), 20, True, 2.0),
            (
                _(
                    "Mit diesem Schlüssel lässt sich der Tresor öffnen, wenn die Passphrase vergessen wurde. "
                    "Wer ihn hat, kann alle Fallakten lesen."
                ),
                12,
                False,
                0.5,
            ),
            (
                _(
                    "Bewahren Sie dieses Blatt verschlossen und getrennt vom Laptop auf, zum Beispiel im Tresor der "
                    "Dienststelle. Der Schlüssel wird nicht noch einmal angezeigt."
                ),
                12,
                False,
                0.5,
            ),
        ):
            font = QFont(QApplication.font())
            font.setPointSize(points)
            font.setBold(bold)
            painter.setFont(font)
            room = QRectF(page.left(), top, page.width(), page.bottom() - top)
            drawn = painter.drawText(room, int(Qt.TextFlag.TextWordWrap), text)
            top = drawn.bottom() + gap * painter.fontMetrics().height()
    finally:
        painter.end()
