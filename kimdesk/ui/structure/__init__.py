"""Strukturmeldungen: what stands in the way of many, on its way up the ladder."""

from kimdesk.ui.structure.page import StructurePage
from kimdesk.ui.structure.request import IssueRequest

__all__ = ["IssueRequest", "StructurePage"]
