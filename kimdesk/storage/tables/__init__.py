"""The vault's tables. Importing this package fills `metadata` with all of them."""

from kimdesk.storage.tables import cases, log, offers, releases
from kimdesk.storage.tables.base import metadata

__all__ = ["cases", "log", "metadata", "offers", "releases"]
