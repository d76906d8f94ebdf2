"""Printing: handouts as they will leave the printer."""

from kimdesk.ui.printing.page import PrintPage
from kimdesk.ui.printing.request import PrintRequest

__all__ = ["PrintPage", "PrintRequest"]
