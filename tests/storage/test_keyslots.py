"""keyslots.json damaged, tampered with or replaced: healed where that is safe, else refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.storage import SlotKind, check_vault
from kimdesk.storage.vault.errors import (
    KeyslotsAltered,
    KeyslotsDamaged,
    VaultTooNew,
    WrongPassphrase,
)
from kimdesk.storage.vault.keyslots import _parse
from kimdesk.storage.vault.slot import plain_hash, slot_item
from tests.storage.conftest import SECRET_WORDS, ClosedVault, flip


def change_header(folder: Path, change: Callable[[dict[str, Any]], object], *, with_copy: bool = True) -> None:
    """Change keyslots.json as somebody without the key could, hashes included."""
    path = folder / "keyslots.json"
    content = json.loads(path.read_text("utf-8"))
    change(content)
    for item in content["slots"]:
        header = _parse(json.dumps({**content, "version": 2}).encode())
        for slot in header.slots:
            if slot.id.hex == item["id"]:
                item["check"] = slot_item(header.vault_id, slot)["check"]
    content.pop("check")
    content["check"] = plain_hash(canonical_bytes(content))
    for name in ("keyslots.json", "keyslots.json.bak") if with_copy else ("keyslots.json",):
        (folder / name).write_text(json.dumps(content, sort_keys=True, separators=(",", ":")), encoding="utf-8")


def test_a_flipped_bit_in_the_keyslots_is_healed_from_the_copy(closed: ClosedVault) -> None:
    path, copy = closed.folder / "keyslots.json", closed.folder / "keyslots.json.bak"
    whole = path.read_bytes()
    for position in range(0, len(whole), 13):
        flip(path, position, position % 7)
        closed.open().close()
        assert path.read_bytes() == copy.read_bytes() == whole


def test_a_flipped_bit_is_healed_after_the_passphrase_was_changed_and_used_once(closed: ClosedVault) -> None:
    path, copy = closed.folder / "keyslots.json", closed.folder / "keyslots.json.bak"
    with closed.open() as vault:
        vault.change_passphrase("Winter Kachel Orgel Mohn")
    assert path.read_bytes() != copy.read_bytes()
    closed.open("Winter Kachel Orgel Mohn").close()
    whole = path.read_bytes()
    for position in range(0, len(whole), 97):
        flip(path, position, 7)
        closed.open("Winter Kachel Orgel Mohn").close()
        assert path.read_bytes() == copy.read_bytes() == whole


def test_without_a_copy_a_flipped_bit_is_refused_and_the_other_access_still_opens(closed: ClosedVault) -> None:
    path = closed.folder / "keyslots.json"
    whole = path.read_bytes()
    (closed.folder / "keyslots.json.bak").unlink()
    slots = json.loads(whole)["slots"]
    position = whole.index(slots[0]["key"].encode()) + 20
    flip(path, position)
    with pytest.raises(KeyslotsDamaged):
        closed.open()
    with pytest.raises(KeyslotsAltered):
        closed.open(closed.recovery_key)
    with closed.open(closed.recovery_key, despite_alarm=True) as vault:
        assert vault.setting("note") == SECRET_WORDS
        vault.change_passphrase("Winter Kachel Orgel Mohn")
    closed.open("Winter Kachel Orgel Mohn").close()


def test_without_a_copy_no_flipped_bit_passes(closed: ClosedVault) -> None:
    path = closed.folder / "keyslots.json"
    whole = path.read_bytes()
    refused = 0
    for position in range(3, len(whole), 29):
        (closed.folder / "keyslots.json.bak").unlink(missing_ok=True)
        path.write_bytes(whole)
        flip(path, position, 0)
        try:
            closed.open().close()
        except (KeyslotsDamaged, KeyslotsAltered):
            refused += 1
            (closed.folder / "unlock.json").unlink(missing_ok=True)
        else:
            # Only a hash that guards against damage was hit: the MAC vouches for the rest, and the file is whole again.
            assert path.read_bytes() == whole
    assert refused > 30


def lower_memory(content: dict[str, Any]) -> None:
    content["slots"][0]["kdf"]["memory_bytes"] = 1024 * 1024
    content["slots"][1]["kdf"]["passes"] = 2


def remove_recovery(content: dict[str, Any]) -> None:
    del content["slots"][1]


def pose_as_demo(content: dict[str, Any]) -> None:
    content["demo_passphrase"] = "Bitte hier eingeben"


def rename(content: dict[str, Any]) -> None:
    content["name"] = "Anderer Name"


def swap_kind(content: dict[str, Any]) -> None:
    content["slots"][1]["kind"] = "user"


@pytest.mark.parametrize("change", [remove_recovery, pose_as_demo, rename, swap_kind, lower_memory])
def test_a_tampered_header_raises_the_alarm(closed: ClosedVault, change: Callable[[dict[str, Any]], object]) -> None:
    change_header(closed.folder, change)
    with pytest.raises(KeyslotsAltered):
        closed.open()


def test_lowered_parameters_do_not_open_their_slot(closed: ClosedVault) -> None:
    def lower(content: dict[str, Any]) -> None:
        content["slots"][0]["kdf"]["passes"] = 2

    change_header(closed.folder, lower)
    with pytest.raises(WrongPassphrase):
        closed.open()


@pytest.mark.parametrize(("memory", "passes"), [(2**40, 1), (1024, 1), (2**20, 10**9), (2**20, 0), (-1, -1), (True, 1)])
def test_parameters_outside_the_limits_cost_neither_memory_nor_time(
    closed: ClosedVault, memory: int, passes: int
) -> None:
    def spoil(content: dict[str, Any]) -> None:
        content["slots"][0]["kdf"].update(memory_bytes=memory, passes=passes)

    change_header(closed.folder, spoil)
    with pytest.raises(KeyslotsDamaged):
        closed.open()


def test_an_older_header_put_back_raises_the_alarm(closed: ClosedVault) -> None:
    path = closed.folder / "keyslots.json"
    old = path.read_bytes()
    with closed.open() as vault:
        vault.change_passphrase("Winter Kachel Orgel Mohn")
    path.write_bytes(old)
    with pytest.raises(KeyslotsAltered):
        closed.open()
    with closed.open(despite_alarm=True) as vault:
        assert all(finding.is_good for finding in check_vault(vault))
    closed.open().close()


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"[" * 5000, b"x" * 100_000, b'{"magic":"kimdesk-vault"}']
)
def test_another_file_in_place_of_the_keyslots_is_refused(closed: ClosedVault, content: bytes) -> None:
    for name in ("keyslots.json", "keyslots.json.bak"):
        (closed.folder / name).write_bytes(content)
    with pytest.raises(KeyslotsDamaged):
        closed.open()


def test_a_header_of_a_newer_version_is_left_alone(closed: ClosedVault) -> None:
    def raise_version(content: dict[str, Any]) -> None:
        content["version"] = 3

    change_header(closed.folder, raise_version)
    with pytest.raises(VaultTooNew):
        closed.open()


def test_one_slot_outside_the_limits_does_not_shut_out_the_others(closed: ClosedVault) -> None:
    words = "Kiesel Hafen Walnuss Tinte"
    with closed.open() as vault:
        vault.add_access(words, kind=SlotKind.DEPUTY, label="Vertretung")

    def spoil(content: dict[str, Any]) -> None:
        content["slots"][0]["kdf"].update(memory_bytes=2**40)

    change_header(closed.folder, spoil)
    with pytest.raises(KeyslotsAltered):
        closed.open(words)
    closed.open(words, despite_alarm=True).close()
