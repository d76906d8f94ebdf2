"""The case file: one case with its phases, from access to closure."""

from kimdesk.ui.case_file.page import CaseFilePage

__all__ = ["CaseFilePage"]
