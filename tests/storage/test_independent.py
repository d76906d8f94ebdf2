"""What the decisions say of the files is enough to open them: nothing of the program is used here but to make them."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_box_NONCEBYTES,
    crypto_box_open,
    crypto_pwhash_alg,
    crypto_pwhash_ALG_ARGON2ID13,
)
from sqlcipher3 import dbapi2

from kimdesk.storage import SlotKind
from kimdesk.storage.vault.rotation import OldBackups, finish_backups, rotate_key
from tests.storage.conftest import SECRET_WORDS, ClosedVault

DEPUTY = "Kompass Regen Birne Tinte"
NONCE = 24


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decode(header: dict[str, Any], slot: dict[str, Any], passphrase: str) -> bytes:
    """Return the vault's key as decisions 030 and 036 tell it."""
    kdf = slot["kdf"]
    wrapping = crypto_pwhash_alg(
        32,
        passphrase.encode(),
        bytes.fromhex(slot["salt"]),
        kdf["passes"],
        kdf["memory_bytes"],
        crypto_pwhash_ALG_ARGON2ID13,
    )
    fields = {name: slot[name] for name in slot if name not in ("key", "private", "boxed", "check")}
    bound = {"vault": header["vault"], "version": slot["version"]}
    if slot["key"]:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            bytes.fromhex(slot["key"]), canonical({**bound, "slot": fields}), bytes.fromhex(slot["nonce"]), wrapping
        )
    private = bytes.fromhex(slot["private"])
    pair = crypto_aead_xchacha20poly1305_ietf_decrypt(
        private[NONCE:], canonical({**bound, "pair": {**fields, "nonce": ""}}), private[:NONCE], wrapping
    )
    box = bytes.fromhex(slot["boxed"])
    return crypto_box_open(box[crypto_box_NONCEBYTES:], box[:crypto_box_NONCEBYTES], pair[32:], pair[:32])


def note_in(path: Path, key: bytes) -> str:
    connection = dbapi2.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    (value,) = connection.execute("SELECT value FROM meta WHERE key = 'note'").fetchone()
    connection.close()
    text: str = json.loads(value)
    return text


def header_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "keyslots.json").read_text("utf-8"))
    return content


def test_the_vault_opens_with_nothing_but_the_libraries(closed: ClosedVault) -> None:
    header = header_of(closed.folder)
    (slot,) = (slot for slot in header["slots"] if slot["kind"] == "user")
    key = decode(header, slot, closed.passphrase)
    assert note_in(closed.database, key) == SECRET_WORDS
    mac_key = hashlib.blake2b(key=key, person=b"kimdesk/header", digest_size=32).digest()
    covered = {name: value for name, value in header.items() if name not in ("mac", "check")}
    mac = hashlib.blake2b(canonical(covered), key=mac_key, digest_size=32).hexdigest()
    assert hmac.compare_digest(mac, header["mac"])


def test_so_do_a_slot_that_was_carried_over_by_a_rotation_and_a_backup(closed: ClosedVault) -> None:
    with closed.open() as vault:
        vault.add_access(DEPUTY, kind=SlotKind.DEPUTY, label="Vertretung")
        rotate_key(vault, closed.passphrase, drop=(), old_backups=OldBackups.DELETE)
        finish_backups(vault)
        from kimdesk.storage import write_backup

        backup = write_backup(vault)
    for folder in (closed.folder, backup):
        header = header_of(folder)
        for kind, secret in (("deputy", DEPUTY), ("user", closed.passphrase)):
            (slot,) = (slot for slot in header["slots"] if slot["kind"] == kind)
            assert bool(slot["boxed"]) == (kind == "deputy")
            assert note_in(folder / "vault.db", decode(header, slot, secret)) == SECRET_WORDS
