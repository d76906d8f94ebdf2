"""Backups of the open vault, on a schedule and by hand, and looking into one before it is brought back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from kimdesk.domain.backup_plan import BackupPlan, is_due, to_keep
from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.services.changes import Written
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault import state
from kimdesk.storage.vault.backup import copy_to_place, remove_backup, verify_backup, write_backup
from kimdesk.storage.vault.backup_files import BackupInfo, describe_backup, described_at, is_backup
from kimdesk.storage.vault.errors import BackupOfAnotherVault, BackupPlaceMissing, VaultError
from kimdesk.storage.vault.heads import places_of
from kimdesk.storage.vault.manifest import BackupReason
from kimdesk.storage.vault.reserve import keep_reserve
from kimdesk.storage.vault.restoring import (
    BackupPreview,
    Restored,
    discard_kept,
    preview_backup,
    restore_backup,
    restore_vault,
)
from kimdesk.storage.vault.vault import Vault
from kimdesk.storage.vault.vault_files import BACKUPS_NAME

__all__ = [
    "BackupInfo",
    "BackupOutcome",
    "BackupPreview",
    "BackupReason",
    "BackupService",
    "BackupSettings",
    "OutcomeState",
    "PlaceCondition",
    "PlaceState",
    "Restored",
    "backups_in",
    "discard_kept",
    "preview_backup",
    "restore_backup",
    "restore_vault",
]

EVERY_HOURS_ALLOWED = range(1, 169)
KEPT_ALLOWED = range(1, 101)
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """How often, where besides the vault's own folder, and how many of them are kept."""

    every_hours: int = 24
    second_place: Path | None = None
    daily: int = 7
    weekly: int = 5
    monthly: int = 12

    @property
    def plan(self) -> BackupPlan:
        """Return the rule these settings stand for."""
        return BackupPlan(self.every_hours, self.daily, self.weekly, self.monthly)


class PlaceCondition(StrEnum):
    """Whether backups can be written to a place."""

    READY = "ready"
    ABSENT = "absent"
    NOT_WRITABLE = "not_writable"


@dataclass(frozen=True, slots=True)
class PlaceState:
    """A place for backups as it is now. `last_at` and `count` speak of this vault's backups there."""

    path: Path
    is_own: bool
    state: PlaceCondition
    last_at: datetime | None
    count: int
    free_bytes: int | None


class OutcomeState(StrEnum):
    """What became of a backup in one place."""

    MADE = "made"
    NOT_DUE = "not_due"
    ABSENT = "absent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BackupOutcome:
    """What was done in one place; `removed` older ones made way, `error` says in a sentence why it failed."""

    place: Path
    state: OutcomeState
    backup: Path | None = None
    removed: int = 0
    error: KnownError | None = None


def backups_in(folder: Path) -> tuple[BackupInfo, ...]:
    """Return the backups in what the user has chosen: a vault's folder, a place with backups, or one backup itself."""
    if is_backup(folder) and not (folder / BACKUPS_NAME).is_dir():
        info = describe_backup(folder)
        return (info,) if info is not None else ()
    return described_at(folder / BACKUPS_NAME if (folder / BACKUPS_NAME).is_dir() else folder)


class BackupService:
    """Makes backups, keeps their number down, and looks after them."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._last_failure: KnownError | None = None

    @property
    def last_failure(self) -> KnownError | None:
        """Return why the last scheduled backup of this session failed, None where it did not."""
        return self._last_failure

    # --- settings ---------------------------------------------------------------------------------------------------

    def settings(self) -> BackupSettings:
        """Return how backups are made."""
        stored = self._vault.setting(state.BACKUPS, {})
        known = {name: value for name, value in stored.items() if name in BackupSettings.__dataclass_fields__}
        second = known.pop("second_place", None)
        return BackupSettings(**known, second_place=Path(second) if second else None)

    def save_settings(self, settings: BackupSettings) -> Written[None]:
        """Keep how backups are made. Raises `RuleBroken` for the field that makes no sense."""
        if settings.every_hours not in EVERY_HOURS_ALLOWED:
            raise RuleBroken(
                N_("Bitte wählen Sie einen Abstand zwischen einer Stunde und einer Woche."), field_name="every_hours"
            )
        for name in ("daily", "weekly", "monthly"):
            if getattr(settings, name) not in KEPT_ALLOWED:
                raise RuleBroken(N_("Bitte wählen Sie eine Zahl zwischen 1 und 100."), field_name=name)
        second = settings.second_place
        if second is not None and _lies_in(second, self._vault.folder):
            raise RuleBroken(
                N_(
                    "Dieser Ordner liegt im Tresor selbst und ginge mit ihm verloren. "
                    "Bitte wählen Sie einen Ordner auf einem anderen Datenträger."
                ),
                field_name="second_place",
            )
        value = {**asdict(settings), "second_place": str(second) if second is not None else None}
        with self._vault.unit_of_work() as unit:
            unit.change_setting(state.BACKUPS, value)
            unit.record(AuditEntry(AuditAction.SETTINGS, "setting", "backups"))
            unit.commit()
        return Written(None, frozenset({"settings"}))

    # --- looking ----------------------------------------------------------------------------------------------------

    def places(self) -> tuple[PlaceState, ...]:
        """Return the places for backups, the vault's own folder first."""
        return tuple(self._place_state(place) for place in self._places())

    def list(self, place: Path | None = None) -> tuple[BackupInfo, ...]:
        """Return this vault's backups within reach, newest first, of one place where asked."""
        places = self._places() if place is None else (place,)
        found = [info for each in places for info in described_at(each, self._vault.id)]
        return tuple(sorted(found, key=lambda info: info.made_at, reverse=True))

    def last_at(self) -> datetime | None:
        """Return when the newest backup within reach was made, None without one."""
        found = self.list()
        return found[0].made_at if found else None

    def is_due(self) -> bool:
        """Return whether a scheduled backup is due in the vault's own folder or in a second place that is there."""
        plan, now = self.settings().plan, self._vault.clock.now()
        return any(is_due(self._newest(place), now, plan) for place in self._places() if self._is_there(place))

    def verify(self, backup: Path) -> None:
        """Open a backup of this vault and read it from end to end. Raises `VaultError` where something is wrong."""
        self._require_own(backup)
        verify_backup(self._vault, backup)

    def preview(self, backup: Path, secret: str) -> BackupPreview:
        """Return what is in a backup of this vault, read with a secret of its day; see `preview_backup`."""
        self._require_own(backup)
        return preview_backup(backup, secret, clock=self._vault.clock, kdf=self._vault.ring.derivation)

    # --- making -----------------------------------------------------------------------------------------------------

    def run_due(self, progress: Progress | None = None) -> tuple[BackupOutcome, ...]:
        """Make the backups that are due and remove those the plan no longer keeps; what fails is in the outcome."""
        outcomes = self._make(self._places(), BackupReason.SCHEDULED, progress)
        keep_reserve(self._vault.folder)  # where there is room again
        self._last_failure = next((outcome.error for outcome in outcomes if outcome.error is not None), None)
        return outcomes

    def back_up_now(self, place: Path | None = None, progress: Progress | None = None) -> tuple[BackupOutcome, ...]:
        """Make a backup by hand, in every place or in one folder; it is kept until somebody deletes it."""
        return self._make(self._places() if place is None else (place,), BackupReason.MANUAL, progress)

    def delete(self, backup: Path) -> Written[None]:
        """Delete a backup. Raises `BackupOfAnotherVault`, `VaultNotWritable`."""
        self._require_own(backup)
        remove_backup(backup, self._vault.id)
        with self._vault.unit_of_work() as unit:
            unit.record(AuditEntry(AuditAction.DELETE, "backup", self._vault.id))
            unit.commit()
        return Written(None, frozenset({"backups"}))

    def _make(
        self, places: tuple[Path, ...], reason: BackupReason, progress: Progress | None
    ) -> tuple[BackupOutcome, ...]:
        """Write one backup and copy it to the other places, so that all of them hold the same state."""
        settings, now = self.settings(), self._vault.clock.now()
        written: Path | None = None
        outcomes = []
        for place in places:
            if not self._is_there(place):
                outcomes.append(BackupOutcome(place, OutcomeState.ABSENT, error=BackupPlaceMissing()))
                continue
            if reason is BackupReason.SCHEDULED and not is_due(self._newest(place), now, settings.plan):
                outcomes.append(BackupOutcome(place, OutcomeState.NOT_DUE))
                continue
            try:
                if written is None:
                    own = None if place == self._own_place() else place
                    made = write_backup(self._vault, own, reason=reason, progress=progress)
                else:
                    made = copy_to_place(self._vault, written, place)
            except VaultError as error:
                outcomes.append(BackupOutcome(place, OutcomeState.FAILED, error=error))
                continue
            written = made
            removed = self._thin_out(place, settings.plan)
            outcomes.append(BackupOutcome(place, OutcomeState.MADE, made, removed))
        self._record(outcomes, reason)
        return tuple(outcomes)

    def _record(self, outcomes: Sequence[BackupOutcome], reason: BackupReason) -> None:
        made = sum(outcome.state is OutcomeState.MADE for outcome in outcomes)
        if made:
            detail = {"reason": reason.value, "places": made, "removed": sum(each.removed for each in outcomes)}
            with self._vault.unit_of_work() as unit:
                unit.record(AuditEntry(AuditAction.BACKUP, "vault", self._vault.id, detail))
                unit.commit()

    def _thin_out(self, place: Path, plan: BackupPlan) -> int:
        """Remove the scheduled backups the plan no longer keeps; those made by hand or before a migration stay."""
        scheduled = [info for info in described_at(place, self._vault.id) if info.reason is BackupReason.SCHEDULED]
        kept = to_keep((info.made_at for info in scheduled), plan, OFFICE_ZONE)
        removed = 0
        for info in scheduled:
            if info.made_at not in kept:
                try:
                    remove_backup(info.path, self._vault.id)
                except VaultError:
                    continue  # the next time tries again
                removed += 1
        return removed

    # --- places -----------------------------------------------------------------------------------------------------

    def _own_place(self) -> Path:
        return self._vault.folder / BACKUPS_NAME

    def _places(self) -> tuple[Path, ...]:
        with self._vault.reader() as connection:
            return places_of(self._vault, connection)

    def _is_there(self, place: Path) -> bool:
        # The own folder is made where it is missing; a second place is not, for it may be where a stick belongs.
        return place == self._own_place() or place.is_dir()

    def _newest(self, place: Path) -> datetime | None:
        found = described_at(place, self._vault.id)
        return found[0].made_at if found else None

    def _place_state(self, place: Path) -> PlaceState:
        is_own = place == self._own_place()
        if not self._is_there(place):
            return PlaceState(place, is_own, PlaceCondition.ABSENT, None, 0, None)
        writable = not place.exists() or os.access(place, os.W_OK)
        try:
            free = shutil.disk_usage(place if place.exists() else place.parent).free
        except OSError:
            free = None
        found = described_at(place, self._vault.id)
        return PlaceState(
            place,
            is_own,
            PlaceCondition.READY if writable else PlaceCondition.NOT_WRITABLE,
            found[0].made_at if found else None,
            len(found),
            free,
        )

    def _require_own(self, backup: Path) -> None:
        info = describe_backup(backup)
        if info is None or info.vault_id != self._vault.id or backup.resolve() == self._vault.folder.resolve():
            raise BackupOfAnotherVault


def _lies_in(path: Path, folder: Path) -> bool:
    try:
        path.resolve().relative_to(folder.resolve())
    except (ValueError, OSError):
        return False
    return True
