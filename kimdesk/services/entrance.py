"""What can be done with a vault's folder before the desk: open, make, recover, bring back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kimdesk.foundation.clock import Clock
from kimdesk.services.districts import district_ids, load_district
from kimdesk.services.settings import SettingsService
from kimdesk.services.vault import (
    NewVault,
    RecoverySheet,
    VaultInfo,
    VaultService,
    describe_vault,
    is_vault,
    last_backup_of,
    make_vault,
    open_vault,
    recovery_sheet,
)
from kimdesk.services.vault_backups import (
    BackupInfo,
    BackupPreview,
    BackupService,
    BackupSettings,
    Restored,
    backups_in,
    preview_backup,
    restore_vault,
)
from kimdesk.storage.vault.kdf import KeyDerivation
from kimdesk.storage.vault.vault import Vault

_MEBIBYTE = 1024 * 1024


class Entrance:
    """One folder, with the clock and the key derivation everything there uses. Methods raise `KnownError`s.

    With `check_first` the whole file is checked before it opens, else beside the desk.
    """

    def __init__(self, folder: Path, clock: Clock, kdf: KeyDerivation, *, check_first: bool = False) -> None:
        self.folder, self.clock = folder, clock
        self._kdf, self._check_first = kdf, check_first

    def has_vault(self) -> bool:
        """Return whether a vault lies there, whole or damaged."""
        return is_vault(self.folder)

    def describe(self) -> VaultInfo:
        """Return what is known of the vault without a key."""
        return describe_vault(self.folder, self.clock)

    def last_backup_at(self) -> datetime | None:
        """Return when the newest backup in the vault's own folder was made, None without one."""
        return last_backup_of(self.folder)

    def open(self, secret: str, *, despite_alarm: bool = False) -> Vault:
        """Open the vault with a passphrase or the recovery key."""
        return open_vault(
            self.folder,
            secret,
            clock=self.clock,
            kdf=self._kdf,
            despite_alarm=despite_alarm,
            check_beside=not self._check_first,
        )

    # Recovering

    def must_be_recovered(self, vault: Vault) -> bool:
        """Return whether the recovery key has opened the vault, so that `recover` comes before the desk."""
        return VaultService(vault).opened_with_recovery_key

    def recover(self, vault: Vault, passphrase: str) -> RecoverySheet:
        """Set a new passphrase and return the new sheet; the old key opens nothing any more."""
        service = VaultService(vault)
        service.settle()  # nothing is written before the whole file was checked
        key = service.recover(passphrase)
        return recovery_sheet(key, vault_name=vault.name, made_at=self.clock.now())

    # Making

    def districts(self) -> list[tuple[str, str]]:
        """Return id and name of the district profiles."""
        return [(each, load_district(each).name) for each in district_ids()]

    def make(self, name: str, passphrase: str) -> NewVault:
        """Make the vault and return it open, with its recovery key."""
        return make_vault(self.folder, passphrase, name=name, clock=self.clock, kdf=self._kdf)

    def cost_of(self, made: NewVault) -> tuple[int, int]:
        """Return what opening the vault costs: memory in MiB, passes over it."""
        cost = made.vault.header.slots[0].cost
        return cost.memory_bytes // _MEBIBYTE, cost.passes

    def arrange(self, made: NewVault, district: str, place: Path | None) -> None:
        """Keep the district and the second place for backups, and write the first one. Raises what that fails of."""
        SettingsService(made.vault).choose_profile(district)
        backups = BackupService(made.vault)
        backups.save_settings(BackupSettings(second_place=place))
        for outcome in backups.run_due():
            if outcome.error is not None:
                raise outcome.error

    # Bringing back

    def backups_in(self, place: Path) -> tuple[BackupInfo, ...]:
        """Return the backups in a vault's folder, in a place with backups, or the one that is chosen itself."""
        return backups_in(place)

    def preview(self, backup: Path, secret: str) -> BackupPreview:
        """Return what is in a backup; nothing is written."""
        return preview_backup(backup, secret, clock=self.clock, kdf=self._kdf)

    def restore(self, backup: Path, secret: str) -> Restored:
        """Put a backup in place; a vault that is there is kept aside."""
        return restore_vault(
            backup, self.folder, secret, clock=self.clock, kdf=self._kdf, replace=is_vault(self.folder)
        )
