"""`vault check`: every check there is, each with its own answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kimdesk.storage.audit import ChainBroken
from kimdesk.storage.engine import known_faults
from kimdesk.storage.schema import revision_of
from kimdesk.storage.vault import state
from kimdesk.storage.vault.backup import check_backup
from kimdesk.storage.vault.backup_files import backups_at, describe_backup
from kimdesk.storage.vault.errors import BackupDamaged, DatabaseDamaged, KeyslotsAltered, VaultError
from kimdesk.storage.vault.heads import head_elsewhere, places_of
from kimdesk.storage.vault.vault import Vault


class Check(StrEnum):
    """What is checked."""

    PAGES = "pages"
    STRUCTURE = "structure"
    FOREIGN_KEYS = "foreign_keys"
    SCHEMA = "schema"
    AUDIT_CHAIN = "audit_chain"
    ANCHOR = "anchor"
    KEYSLOTS = "keyslots"
    ROLLBACK = "rollback"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check; `error` is the sentence to show where it failed."""

    check: Check
    error: VaultError | None

    @property
    def is_good(self) -> bool:
        """Return whether nothing was found."""
        return self.error is None


def check_vault(vault: Vault) -> tuple[Finding, ...]:
    """Check the open vault from end to end, page checks on fresh connections. About 6 s per gigabyte here."""
    checks: tuple[tuple[Check, Callable[[Vault], None]], ...] = (
        (Check.PAGES, _pages),
        (Check.STRUCTURE, _structure),
        (Check.FOREIGN_KEYS, _foreign_keys),
        (Check.SCHEMA, _schema),
        (Check.AUDIT_CHAIN, _audit_chain),
        (Check.ANCHOR, _anchor),
        (Check.KEYSLOTS, _keyslots),
        (Check.ROLLBACK, _rollback),
        (Check.BACKUPS, _backups),
    )
    findings = []
    for name, check in checks:
        error = None
        try:
            with known_faults():
                check(vault)
        except VaultError as found:
            error = found
        except ChainBroken:
            error = DatabaseDamaged()
        findings.append(Finding(name, error))
    return tuple(findings)


def _pragma(vault: Vault, pragma: str) -> list[tuple[object, ...]]:
    connection = vault.fresh_connection()
    try:
        return connection.execute(f"PRAGMA {pragma}").fetchall()
    finally:
        connection.close()


def _pages(vault: Vault) -> None:
    if _pragma(vault, "cipher_integrity_check"):
        raise DatabaseDamaged


def _structure(vault: Vault) -> None:
    if _pragma(vault, "integrity_check(1)") != [("ok",)]:
        raise DatabaseDamaged


def _foreign_keys(vault: Vault) -> None:
    if _pragma(vault, "foreign_key_check"):
        raise DatabaseDamaged


def _schema(vault: Vault) -> None:
    with vault.reader() as connection:
        if revision_of(connection) != vault.schema.head:
            raise DatabaseDamaged


def _audit_chain(vault: Vault) -> None:
    with vault.reader() as connection:
        vault.chain.verify(connection)


def _anchor(vault: Vault) -> None:
    anchor = vault.anchor()
    with vault.reader() as connection:
        vault.chain.verify(connection, anchor=anchor.head)


def _rollback(vault: Vault) -> None:
    with vault.reader() as connection:
        alarm = head_elsewhere(vault, connection)
    if alarm is not None:
        raise alarm


def _backups(vault: Vault) -> None:
    """Hold every backup within reach against its manifest, byte for byte; those a rotation has left cannot be."""
    waits = vault.setting(state.ROTATION) is not None
    with vault.reader() as connection:
        places = places_of(vault, connection)
    for place in places:
        for backup in backups_at(place):
            info = describe_backup(backup)
            if info is not None and info.vault_id != vault.id:
                continue
            try:
                check_backup(vault, backup)
            except VaultError as error:
                if waits and info is not None and info.manifest is not None:
                    continue
                raise BackupDamaged(name=backup.name) from error


def _keyslots(vault: Vault) -> None:
    if not vault.ring.is_in_order():
        raise KeyslotsAltered
