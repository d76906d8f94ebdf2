"""The vault's tables. Importing this package fills `metadata` with all of them."""

from kimdesk.storage.tables import attachments, case_sums, case_work, cases, log, offers, releases
from kimdesk.storage.tables.base import metadata

__all__ = ["attachments", "case_sums", "case_work", "cases", "log", "metadata", "offers", "releases"]
