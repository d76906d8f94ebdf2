"""As a new user would try it, from the empty laptop to the revoked deputy, through the real windows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kimdesk import app
from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import KeyDerivation
from tests.services.support import add_cases
from tests.ui.new_user import DEPUTY, DEPUTY_PASSPHRASE, NewUser


def test_create_forget_recover_deputy_restore_revoke(
    tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    replaced: list[object] = []
    monkeypatch.setattr(app, "replace_process", replaced.append)
    stick = tmp_path / "Stick"
    stick.mkdir()
    user = NewUser(tmp_path / "Laptop" / "Tresor", stick, clock, cheap_kdf)

    forgotten = user.create("Stadt Lünen")
    add_cases(user.desk().desk, 3)
    user.quit()
    assert len(list(stick.iterdir())) == 1

    assert "falsch" in user.unlock("das weiß ich nicht mehr")
    passphrase = user.recover()
    user.quit()
    assert len(user.drawer) == 2 and user.drawer[0].key != user.drawer[1].key
    assert "falsch" in user.unlock(forgotten)

    assert user.unlock(passphrase) == ""
    user.add_deputy(passphrase)
    user.back_up()
    user.quit()
    stolen = tmp_path / "Kopie"
    shutil.copytree(user.folder, stolen)

    other = NewUser(tmp_path / "anderer Laptop" / "Tresor", stick, clock, cheap_kdf)
    assert "3 Fälle" in other.restore(passphrase)
    assert other.unlock(DEPUTY_PASSPHRASE) == ""
    assert f"Vertretung: {DEPUTY}" in other.log()
    other.quit()

    assert user.unlock(passphrase) == ""
    before = len(list(stick.iterdir()))
    user.revoke_deputy(passphrase)
    user.quit()
    assert len(list(stick.iterdir())) == before > 1
    assert "falsch" in user.unlock(DEPUTY_PASSPHRASE)
    assert user.unlock(passphrase) == ""
    user.quit()
    third = NewUser(tmp_path / "dritter Laptop" / "Tresor", stick, clock, cheap_kdf)
    assert third.restore(DEPUTY_PASSPHRASE) == ""  # no backup on the stick opens with it any more
    assert not third.folder.exists()
    third.quit()
    # What had been copied before nobody can call back; the manual says so.
    thief = NewUser(stolen, stick, clock, cheap_kdf)
    assert thief.unlock(DEPUTY_PASSPHRASE) == ""
    thief.quit()
    assert replaced == []
