"""Opening, making and looking after a vault, for screens and commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.services.passphrases import suggest_passphrase
from kimdesk.services.vault_accesses import (
    AccessService,
    AccessUnknown,
    DeputyMayNot,
    RotationPlan,
    RotationResult,
    TooManyAccesses,
)
from kimdesk.services.vault_health import (
    CHECK_NAMES,
    AlarmText,
    Notice,
    NoticeKind,
    Severity,
    explain_alarm,
    health_of,
)
from kimdesk.storage.audit import AuditAction, AuditEntry, AuditRow, read_log
from kimdesk.storage.case_list import case_numbers
from kimdesk.storage.vault import state
from kimdesk.storage.vault.backup import write_backup
from kimdesk.storage.vault.backup_files import backups_of, moment_of
from kimdesk.storage.vault.check import Check, Finding, check_vault
from kimdesk.storage.vault.creating import create_vault
from kimdesk.storage.vault.errors import VaultAlarm
from kimdesk.storage.vault.kdf import STANDARD, KeyDerivation
from kimdesk.storage.vault.keyring import Access
from kimdesk.storage.vault.opening import VaultInfo, unlock, vault_exists, vault_info
from kimdesk.storage.vault.recovery import recovery_words, unknown_words
from kimdesk.storage.vault.restoring import restore_backup
from kimdesk.storage.vault.rotation import (
    OldBackups,
    RotationStep,
)
from kimdesk.storage.vault.slot import SlotKind
from kimdesk.storage.vault.vault import Vault

__all__ = [
    "CHECK_NAMES",
    "Access",
    "AccessUnknown",
    "AlarmText",
    "AuditAction",
    "AuditRow",
    "Check",
    "DeputyMayNot",
    "Finding",
    "NewVault",
    "Notice",
    "NoticeKind",
    "OldBackups",
    "RecoverySheet",
    "RotationPlan",
    "RotationResult",
    "RotationStep",
    "Severity",
    "SlotKind",
    "TooManyAccesses",
    "VaultInfo",
    "VaultService",
    "describe_vault",
    "explain_alarm",
    "is_vault",
    "last_backup_of",
    "make_vault",
    "may_open_all_the_same",
    "open_vault",
    "recovery_sheet",
    "restore_backup",
    "suggest_passphrase",
    "unknown_recovery_words",
]


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on the printed sheet: the key in groups, the same key in words, and for a QR code."""

    vault_name: str
    made_at: datetime
    key: str
    groups: tuple[str, ...]
    words: tuple[str, ...]
    qr_text: str

    def __repr__(self) -> str:
        return "RecoverySheet(…)"


@dataclass(frozen=True, slots=True)
class NewVault:
    """A vault just made, open; its recovery key is shown once and kept nowhere."""

    vault: Vault
    recovery_key: str

    @property
    def recovery_sheet(self) -> RecoverySheet:
        """Return what stands on the printed sheet."""
        return recovery_sheet(self.recovery_key, vault_name=self.vault.name, made_at=self.vault.header.created_at)

    def __repr__(self) -> str:
        return "NewVault(…)"


def recovery_sheet(key: str, *, vault_name: str, made_at: datetime) -> RecoverySheet:
    """Return what stands on the sheet of a recovery key. Raises `ValueError` where `key` is none."""
    return RecoverySheet(vault_name, made_at, key, tuple(key.split("-")), recovery_words(key), key)


def unknown_recovery_words(text: str) -> tuple[int, ...]:
    """Return the places (from 1) of words that stand in no recovery key, where `text` looks like one in words."""
    return unknown_words(text)


def is_vault(folder: Path) -> bool:
    """Return whether `folder` holds a vault, whole or damaged."""
    return vault_exists(folder)


def describe_vault(folder: Path, clock: Clock) -> VaultInfo:
    """Return what is known of a vault before it is open. Raises `NotAVault`, `VaultTooNew`, `KeyslotsDamaged`."""
    return vault_info(folder, clock)


def open_vault(
    folder: Path,
    secret: str,
    *,
    clock: Clock,
    kdf: KeyDerivation = STANDARD,
    despite_alarm: bool = False,
    check_beside: bool = False,
) -> Vault:
    """Open a vault with a passphrase or recovery key; see `kimdesk.storage.vault.opening.unlock` for the errors."""
    return unlock(folder, secret, clock=clock, kdf=kdf, despite_alarm=despite_alarm, check_beside=check_beside)


def make_vault(
    folder: Path,
    passphrase: str,
    *,
    name: str,
    clock: Clock,
    kdf: KeyDerivation = STANDARD,
    demo: bool = False,
    show_passphrase: bool = True,
) -> NewVault:
    """Make a vault in a new or empty folder; see `kimdesk.storage.vault.opening.create_vault` for the errors."""
    created = create_vault(
        folder, passphrase, name=name, clock=clock, kdf=kdf, demo=demo, show_passphrase=show_passphrase
    )
    return NewVault(created.vault, created.recovery_key)


def may_open_all_the_same(error: KnownError) -> bool:
    """Return whether the user may open a vault in spite of `error`: its files do not belong together."""
    return isinstance(error, VaultAlarm)


def last_backup_of(folder: Path) -> datetime | None:
    """Return when the newest backup in a vault's own folder was made (UTC), None without one."""
    backups = backups_of(folder)
    return moment_of(backups[0]) if backups else None


class VaultService(AccessService):
    """Looks after the open vault: its accesses and its key (`AccessService`), its checks, its health, its end."""

    @property
    def name(self) -> str:
        """Return the vault's display name."""
        return self._vault.name

    @property
    def folder(self) -> Path:
        """Return the vault's folder."""
        return self._vault.folder

    @property
    def is_demo(self) -> bool:
        """Return whether this is the demonstration vault."""
        return self._vault.is_demo

    def backup(self, place: Path | None = None) -> Path:
        """Write a verified, encrypted backup into the vault's own folder or `place`; return its folder."""
        target = write_backup(self._vault, place)
        with self._vault.unit_of_work() as unit:
            unit.record(AuditEntry(AuditAction.BACKUP, "vault", self._vault.id))
            unit.commit()
        return target

    def last_backup_at(self) -> datetime | None:
        """Return when the newest backup in the vault's own folder was made, None without one."""
        return last_backup_of(self._vault.folder)

    def check(self) -> tuple[Finding, ...]:
        """Return the answer of every check, good or not."""
        return check_vault(self._vault)

    def log(self, *, case_id: str | None = None, limit: int = 200) -> tuple[AuditRow, ...]:
        """Return the newest rows of the log, of one case where asked."""
        with self._vault.reader() as connection:
            if case_id is None:
                return read_log(connection, limit=limit)
            return read_log(connection, subject_kind="case", subject_id=case_id, limit=limit)

    def case_numbers(self) -> dict[str, str]:
        """Return the number of every case by its id as it stands in the log."""
        with self._vault.reader() as connection:
            return {str(case_id): number for case_id, number in case_numbers(connection).items()}

    def office_notice_is_read(self) -> None:
        """Stop telling that the coordinating office knows a newer state: somebody has looked into it."""
        with self._vault.unit_of_work() as unit:
            unit.change_setting(state.HEAD_UNKNOWN, None)
            unit.record(AuditEntry(AuditAction.SETTINGS, "vault", self._vault.id, {"notice": "office_knows_more"}))
            unit.commit()

    def health(self) -> tuple[Notice, ...]:
        """Return what the user must know now, the most urgent first."""
        return health_of(self._vault, self._backups)

    def is_checked(self) -> bool:
        """Return whether the check of the whole file that may run beside is through; may be asked in any thread."""
        return self._vault.is_checked()

    def settle(self, timeout_seconds: float | None = None) -> bool:
        """Wait for that check and begin the session; return whether it was in time. Raises what was found."""
        return self._vault.settle(timeout_seconds)

    def acknowledge(self, kind: NoticeKind) -> None:
        """Note in the log that somebody has read an alarm."""
        with self._vault.unit_of_work() as unit:
            unit.record(AuditEntry(AuditAction.ACKNOWLEDGE, "notice", kind.value))
            unit.commit()

    def interrupt(self) -> None:
        """Stop a statement running in another thread."""
        self._vault.interrupt()

    def record_lock(self) -> None:
        """Note in the log that the desk was locked."""
        with self._vault.unit_of_work() as unit:
            unit.record(AuditEntry(AuditAction.LOCK, "vault", self._vault.id))
            unit.commit()

    def close(self) -> None:
        """Close the vault and overwrite its key."""
        self._vault.close()
