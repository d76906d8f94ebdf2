"""The case file: one case with its phases, from access to closure."""

from kimdesk.ui.case_file.page import CaseFilePage
from kimdesk.ui.case_file.request import Begin, CaseRequest

__all__ = ["Begin", "CaseFilePage", "CaseRequest"]
