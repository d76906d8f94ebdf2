"""The case list."""

from kimdesk.ui.cases.page import CasesPage

__all__ = ["CasesPage"]
