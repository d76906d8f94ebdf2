"""The vault's tables. Importing this package fills `metadata` with all of them."""

from kimdesk.storage.tables import log, offers, releases
from kimdesk.storage.tables.base import metadata

__all__ = ["log", "metadata", "offers", "releases"]
