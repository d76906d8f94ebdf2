"""A closed vault with something in it, and how to open it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import AuditAction, AuditEntry, KeyDerivation, Vault, create_vault, unlock

SECRET_WORDS = "Mariam Haddad, Wohnung feucht"


@dataclass(frozen=True)
class ClosedVault:
    """A vault folder, its secrets, and `open` with the passphrase or another secret."""

    folder: Path
    passphrase: str
    recovery_key: str
    open: Callable[..., Vault]

    @property
    def database(self) -> Path:
        return self.folder / "vault.db"


@pytest.fixture
def closed(tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str) -> ClosedVault:
    """Return a closed vault that holds `SECRET_WORDS` under the setting "note"."""
    folder = tmp_path / "Tresor"
    created = create_vault(folder, passphrase, name="Fallakten", clock=clock, kdf=cheap_kdf)
    with created.vault as vault:
        save_note(vault, SECRET_WORDS)

    def open_vault(secret: str = passphrase, *, despite_alarm: bool = False, check_beside: bool = False) -> Vault:
        return unlock(
            folder, secret, clock=clock, kdf=cheap_kdf, despite_alarm=despite_alarm, check_beside=check_beside
        )

    return ClosedVault(folder, passphrase, created.recovery_key, open_vault)


def save_note(vault: Vault, text: str) -> None:
    """Store `text` as a change with a row in the log."""
    with vault.unit_of_work() as uow:
        uow.change_setting("note", text)
        uow.record(AuditEntry(AuditAction.CHANGE, "note"))
        uow.commit()


def flip(path: Path, position: int, bit: int = 0) -> None:
    """Flip one bit of a file."""
    with path.open("r+b") as file:
        file.seek(position)
        byte = file.read(1)[0]
        file.seek(position)
        file.write(bytes([byte ^ (1 << bit)]))
