"""Opening, making and looking after a vault, for screens and commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.services.passphrases import suggest_passphrase
from kimdesk.storage.audit import AuditAction, AuditEntry, AuditRow, read_log
from kimdesk.storage.case_list import case_numbers
from kimdesk.storage.vault.backup import write_backup
from kimdesk.storage.vault.backup_files import backups_of
from kimdesk.storage.vault.check import Check, Finding, check_vault
from kimdesk.storage.vault.creating import create_vault
from kimdesk.storage.vault.errors import VaultAlarm
from kimdesk.storage.vault.kdf import STANDARD, KeyDerivation
from kimdesk.storage.vault.keyring import Access
from kimdesk.storage.vault.keyslots import MAXIMUM_SLOTS
from kimdesk.storage.vault.opening import VaultInfo, unlock, vault_exists, vault_info
from kimdesk.storage.vault.restoring import restore_backup
from kimdesk.storage.vault.slot import SlotKind
from kimdesk.storage.vault.vault import Vault

__all__ = [
    "Access",
    "AccessUnknown",
    "AuditAction",
    "AuditRow",
    "Check",
    "Finding",
    "NewVault",
    "SlotKind",
    "TooManyAccesses",
    "VaultInfo",
    "VaultService",
    "describe_vault",
    "is_vault",
    "last_backup_of",
    "make_vault",
    "may_open_all_the_same",
    "open_vault",
    "restore_backup",
    "suggest_passphrase",
]


class AccessUnknown(KnownError):
    """The vault has no access of this id."""

    default_message = N_("Diesen Zugang gibt es nicht. Bitte wählen Sie einen der vorhandenen.")


class TooManyAccesses(KnownError):
    """The header has no room for another access."""

    default_message = N_("Ein Tresor hat höchstens {most} Zugänge. Bitte entfernen Sie zuerst einen.")


@dataclass(frozen=True, slots=True)
class NewVault:
    """A vault just made, open; its recovery key is shown once and kept nowhere."""

    vault: Vault
    recovery_key: str

    def __repr__(self) -> str:
        return "NewVault(…)"


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
    if not backups:
        return None
    try:
        return datetime.strptime(backups[0].name[:18], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


class VaultService:
    """Looks after the open vault: backups, checks, the log."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

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

    def accesses(self) -> tuple[Access, ...]:
        """Return every way into the vault."""
        return self._vault.accesses()

    def add_deputy(self, passphrase: str, *, label: str, expires_at: datetime | None = None) -> Access:
        """Add a deputy's own passphrase, until `expires_at` where given. `label` stands in clear: no client's name.

        Takes about a second. Raises `PassphraseTooShort`, `TooManyAccesses`.
        """
        if len(self._vault.accesses()) >= MAXIMUM_SLOTS:
            raise TooManyAccesses(most=MAXIMUM_SLOTS)
        return self._vault.add_access(passphrase, kind=SlotKind.DEPUTY, label=label, expires_at=expires_at)

    def remove_access(self, access_id: UUID) -> None:
        """Remove an access; old copies of keyslots.json still open with it. Raises `AccessUnknown`, `LastSlot`."""
        if access_id not in {access.id for access in self._vault.accesses()}:
            raise AccessUnknown
        self._vault.remove_access(access_id)

    def change_passphrase(self, passphrase: str, *, current: str | None = None) -> None:
        """Give the access in use a new passphrase. Takes about two seconds.

        `current` is what the vault was opened with, None where it has just been asked for (command line). Raises
        `RuleBroken` (field ``current``) where it is wrong, `PassphraseTooShort`.
        """
        if current is not None:
            self._require(current)
        self._vault.change_passphrase(passphrase)

    def renew_recovery_key(self, *, current: str) -> str:
        """Return a new recovery key, to be printed now; the old one no longer opens this vault.

        `current` is what the vault was opened with; raises `RuleBroken` (field ``current``) where it is not.
        """
        self._require(current)
        return self._vault.renew_recovery_key()

    def _require(self, current: str) -> None:
        """An open desk that somebody walked away from is not enough to take the vault over."""
        if not self._vault.opens_with(current):
            raise RuleBroken(
                N_(
                    "Das ist nicht die Passphrase, mit der dieser Tresor geöffnet wurde. "
                    "Bitte geben Sie sie noch einmal ein."
                ),
                field_name="current",
            )

    def is_checked(self) -> bool:
        """Return whether the check of the whole file that may run beside is through; may be asked in any thread."""
        return self._vault.is_checked()

    def settle(self, timeout_seconds: float | None = None) -> bool:
        """Wait for that check and begin the session; return whether it was in time. Raises what was found."""
        return self._vault.settle(timeout_seconds)

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
