"""What the vault remembers about itself, under these keys of its settings (table ``meta``), encrypted with the rest."""

from __future__ import annotations

GENERATION = "vault.keyslots_generation"
"""The newest generation of the header: an older one put back is an alarm."""

SENDER = "vault.sender"
"""The private half of the pair that hands new keys to slots (`slot`), as hex."""

RECOVERY_USED = "vault.recovery_used"
"""Id (hex) of the recovery slot that has opened this vault and must be replaced."""

FORMER_ACCESSES = "vault.former_accesses"
"""Slot id (hex) to ``{"kind", "label"}`` of removed accesses: the log goes on naming them."""

AUDIT_KEYS = "vault.audit_keys"
"""``[[last number, key as hex], …]``: the chain's keys before each rotation (`kimdesk.storage.audit`)."""

ROTATION = "vault.rotation"
"""``{"old_key", "backups", "since"}`` while backups under an earlier key are left (`rotation`)."""

RESTORED = "vault.restored"
"""``{"at", "number"}`` of the last restore: manifests of before say nothing about this vault any more (`manifest`)."""

HEAD_UNKNOWN = "vault.head_unknown"
"""``{"at", "sequence"}``: a receipt of the coordinating office names a head of the log that the log does not have."""

BACKUPS = "vault.backups"
"""``{"every_hours", "second_place", "daily", "weekly", "monthly"}`` (`kimdesk.services.vault_backups`)."""
