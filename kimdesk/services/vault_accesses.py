"""The ways into the open vault: deputies, passphrases, the recovery key, and revoking by another key."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.services.access_names import access_names
from kimdesk.services.vault_backups import BackupService
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault import state
from kimdesk.storage.vault.errors import WrongPassphrase
from kimdesk.storage.vault.keyring import Access
from kimdesk.storage.vault.keyslots import MAXIMUM_SLOTS
from kimdesk.storage.vault.rotation import (
    OldBackups,
    Progress,
    backups_under_old_keys,
    finish_backups,
    room_needed,
    rotate_key,
    slots_after,
)
from kimdesk.storage.vault.slot import Slot, SlotKind
from kimdesk.storage.vault.vault import Vault


class AccessUnknown(KnownError):
    """The vault has no access of this id."""

    default_message = N_("Diesen Zugang gibt es nicht. Bitte wählen Sie einen der vorhandenen.")


class TooManyAccesses(KnownError):
    """The header has no room for another access."""

    default_message = N_("Ein Tresor hat höchstens {most} Zugänge. Bitte entfernen Sie zuerst einen.")


class DeputyMayNot(KnownError):
    """A deputy's access was used for what only the owner of the vault decides."""

    default_message = N_(
        "Als Vertretung können Sie Zugänge nicht ändern. "
        "Bitte öffnen Sie den Tresor dafür mit der Passphrase der Person, der er gehört."
    )


@dataclass(frozen=True, slots=True)
class RotationPlan:
    """What a change of the key would do, before it is done.

    `must_be_reissued` are accesses from before pairs were made that have not been used since: they fall away and must
    be set up anew.
    """

    kept: tuple[Access, ...]
    dropped: tuple[Access, ...]
    must_be_reissued: tuple[Access, ...]
    backups: int
    backup_bytes: int
    needed_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class RotationResult:
    """What a change of the key has done. `backups_left` still open with the old key: places absent, backups damaged."""

    dropped: tuple[Access, ...]
    reissue: tuple[Access, ...]
    backups_reencrypted: int
    backups_deleted: int
    backups_left: tuple[Path, ...]


class AccessService:
    """Manages the accesses of the open vault."""

    def __init__(self, vault: Vault, backups: BackupService | None = None) -> None:
        self._vault = vault
        self._backups = backups or BackupService(vault)

    def accesses(self) -> tuple[Access, ...]:
        """Return every way into the vault."""
        return self._vault.accesses()

    def access_names(self) -> dict[str, str]:
        """Return the name of every access by its id as it stands in the log, removed ones included."""
        return access_names(self._vault)

    @property
    def opened_with_recovery_key(self) -> bool:
        """Return whether a recovery key opened the vault: it is used up then, and `recover` is the next step."""
        return self._vault.ring.slot.kind is SlotKind.RECOVERY

    @property
    def opened_by_deputy(self) -> bool:
        """Return whether a deputy has the vault open, who may not manage accesses."""
        return self._vault.ring.slot.kind is SlotKind.DEPUTY

    def recovery_key_is_used(self) -> bool:
        """Return whether the recovery key has opened the vault since it was printed and must be replaced."""
        return self._vault.setting(state.RECOVERY_USED) is not None

    def add_deputy(
        self, passphrase: str, *, label: str, expires_at: datetime | None = None, current: str | None = None
    ) -> Access:
        """Add a deputy's own passphrase, until `expires_at` where given. `label` stands in clear: no client's name.

        `current` is what the vault was opened with, None where it has just been asked for. Takes about a second. Raises
        `PassphraseTooShort`, `TooManyAccesses`, `DeputyMayNot`, `RuleBroken` (``current``, ``expires_at``).
        """
        self._require_owner(current)
        self._require_future(expires_at)
        if len(self._vault.accesses()) >= MAXIMUM_SLOTS:
            raise TooManyAccesses(most=MAXIMUM_SLOTS)
        return self._vault.add_access(passphrase, kind=SlotKind.DEPUTY, label=label, expires_at=expires_at)

    def extend_deputy(
        self, access_id: UUID, passphrase: str, *, expires_at: datetime | None, current: str | None = None
    ) -> Access:
        """Let an access end at another time, or never. Its own `passphrase` is needed; it may have ended already.

        Takes about a second. Raises `AccessUnknown`, `DeputyMayNot`, `RuleBroken` (``passphrase``, ``current``,
        ``expires_at``).
        """
        self._require_owner(current)
        self._require_future(expires_at)
        self._require_known(access_id)
        extended = self._vault.extend_access(access_id, passphrase, expires_at=expires_at)
        if extended is None:
            raise RuleBroken(
                N_("Das ist nicht die Passphrase dieses Zugangs. Bitte geben Sie sie noch einmal ein."),
                field_name="passphrase",
            )
        return extended

    def remove_access(self, access_id: UUID, *, current: str | None = None) -> None:
        """Remove an access; old copies of keyslots.json still open with it, `rotate` revokes it.

        Raises `AccessUnknown`, `LastSlot`, `DeputyMayNot`.
        """
        self._require_owner(current)
        self._require_known(access_id)
        self._vault.remove_access(access_id)

    def change_passphrase(self, passphrase: str, *, current: str | None = None) -> None:
        """Give the access in use a new passphrase. Takes about two seconds.

        `current` is what the vault was opened with, None where it has just been asked for (command line). Raises
        `RuleBroken` (field ``current``) where it is wrong, `PassphraseTooShort`.
        """
        if current is not None:
            self._require(current)
        self._vault.change_passphrase(passphrase)

    def recover(self, passphrase: str) -> str:
        """After opening with the recovery key: set the user's new passphrase and return a new recovery key to print.

        One write does both. Takes about two seconds. Raises `PassphraseTooShort`, `DiskFull`.
        """
        if not self.opened_with_recovery_key:
            raise RuntimeError("only a vault opened with its recovery key is recovered")
        return self._vault.recover(passphrase)

    def renew_recovery_key(self, *, current: str) -> str:
        """Return a new recovery key, to be printed now; the old one no longer opens this vault.

        `current` is what the vault was opened with; raises `RuleBroken` (field ``current``) where it is not.
        """
        self._require_owner(current)
        return self._vault.renew_recovery_key()

    # --- another key ------------------------------------------------------------------------------------------------

    def rotation_plan(self, *, drop: Collection[UUID] = ()) -> RotationPlan:
        """Return what `rotate` would do."""
        kept, dropped, too_old = slots_after(self._vault, drop)
        backups = self._backups.list()
        return RotationPlan(
            self._accesses_of(kept),
            self._accesses_of(dropped),
            self._accesses_of(too_old),
            len(backups),
            sum(info.size_bytes for info in backups),
            room_needed(self._vault),
            shutil.disk_usage(self._vault.folder).free,
        )

    def rotate(
        self,
        current: str,
        *,
        drop: Collection[UUID] = (),
        old_backups: OldBackups = OldBackups.REENCRYPT,
        progress: Progress | None = None,
    ) -> RotationResult:
        """Give the vault a new key, so that accesses in `drop` open nothing of it any more, and treat old backups.

        `current` is the passphrase the vault was opened with. The other accesses and the recovery key stay. `progress`
        is told the step and its share. Everything is written twice, so it takes its time. Raises `RuleBroken`
        (``current``), `DeputyMayNot`, `DiskFull` (nothing is changed then), `RotationInterrupted`…
        """
        if self._vault.ring.slot.kind is not SlotKind.USER:
            raise DeputyMayNot
        plan = self.rotation_plan(drop=drop)
        try:
            rotate_key(self._vault, current, drop=drop, old_backups=old_backups, progress=progress)
        except WrongPassphrase:
            raise _wrong_current() from None
        return self._finish(plan.dropped, plan.must_be_reissued, progress)

    def rotation_is_unfinished(self) -> bool:
        """Return whether backups under an earlier key are left."""
        return self._vault.setting(state.ROTATION) is not None

    def finish_rotation(self, progress: Progress | None = None) -> RotationResult:
        """Treat the backups a rotation has left: the program was killed, or a stick was not there."""
        return self._finish((), (), progress)

    def forget_rotation(self) -> None:
        """Stop waiting for backups that will not come back; what is out there opens with its old accesses."""
        left = len(backups_under_old_keys(self._vault))
        with self._vault.unit_of_work() as unit:
            unit.change_setting(state.ROTATION, None)
            unit.record(AuditEntry(AuditAction.SETTINGS, "rotation", self._vault.id, {"left": left}))
            unit.commit()

    def _finish(
        self, dropped: tuple[Access, ...], reissue: tuple[Access, ...], progress: Progress | None
    ) -> RotationResult:
        done = finish_backups(self._vault, progress)
        return RotationResult(dropped, reissue, done.reencrypted, done.deleted, tuple(done.left))

    def _accesses_of(self, slots: tuple[Slot, ...]) -> tuple[Access, ...]:
        ids = {slot.id for slot in slots}
        return tuple(access for access in self._vault.accesses() if access.id in ids)

    # --- who may ----------------------------------------------------------------------------------------------------

    def _require_owner(self, current: str | None) -> None:
        if self.opened_by_deputy:
            raise DeputyMayNot
        if current is not None:
            self._require(current)

    def _require(self, current: str) -> None:
        """An open desk that somebody walked away from is not enough to take the vault over."""
        if not self._vault.opens_with(current):
            raise _wrong_current()

    def _require_known(self, access_id: UUID) -> None:
        if access_id not in {access.id for access in self._vault.accesses()}:
            raise AccessUnknown

    def _require_future(self, expires_at: datetime | None) -> None:
        if expires_at is not None and expires_at <= self._vault.clock.now():
            raise RuleBroken(N_("Das Ende des Zugangs muss in der Zukunft liegen."), field_name="expires_at")


def _wrong_current() -> RuleBroken:
    return RuleBroken(
        N_("Das ist nicht die Passphrase, mit der dieser Tresor geöffnet wurde. Bitte geben Sie sie noch einmal ein."),
        field_name="current",
    )
