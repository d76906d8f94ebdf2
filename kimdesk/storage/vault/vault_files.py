"""The names of a vault's parts that several modules speak of."""

from __future__ import annotations

DATABASE_NAME = "vault.db"
BACKUPS_NAME = "backups"
