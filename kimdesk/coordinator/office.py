"""The coordinating office as a folder: who it is (`coordinator.json`), its keys (`keys.json`), its database."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kimdesk.coordinator.errors import AlreadyThere, BadAddress, BadName, FromNewerVersion, NotACoordinator
from kimdesk.foundation.files import write_atomically
from kimdesk.sync.protocol import CoordinatorKeys

OFFICE_FILE = "coordinator.json"
KEYS_FILE = "keys.json"
DATABASE_FILE = "coordinator.db"
FORMAT_VERSION = 1
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Office:
    """An opened office: its public data, its keys, and the secret that signs form tokens.

    `certificates` are the SHA-256 hashes of its server's certificates that invitations let laptops pin.
    """

    folder: Path
    url: str
    name: str
    district: str
    database_url: str
    keys: CoordinatorKeys
    form_secret: bytes
    certificates: tuple[bytes, ...] = ()


def create_office(folder: Path, *, url: str, name: str, district: str, database_url: str | None) -> Office:
    """Write a new office into `folder` (made if missing) and return it.

    Raises `AlreadyThere`, `BadAddress`, `BadName`, or `OSError` where the folder cannot be written.
    """
    check_address(url)
    for text in (name, district):
        check_name(text)
    folder.mkdir(parents=True, exist_ok=True)
    if is_office(folder):
        raise AlreadyThere()
    keys = CoordinatorKeys.generate()
    secret = secrets.token_bytes(_SECRET_BYTES)
    _write_secret(
        folder / KEYS_FILE,
        {
            "version": FORMAT_VERSION,
            "sealing_secret": keys.sealing_secret.hex(),
            "receipt_seed": keys.receipt_seed.hex(),
            "form_secret": secret.hex(),
        },
    )
    public = {
        "version": FORMAT_VERSION,
        "url": url,
        "name": name,
        "district": district,
        "database_url": database_url,
    }
    # It may hold a database password, so it is as private as the keys. Written last: it makes the folder an office.
    _write_secret(folder / OFFICE_FILE, public)
    return open_office(folder)


def read_office_files(folder: Path) -> dict[str, Any]:
    """Return the contents of the office's two files, for a backup; the database's address is left out."""
    public = _read(folder / OFFICE_FILE)
    public["database_url"] = None
    return {OFFICE_FILE: public, KEYS_FILE: _read(folder / KEYS_FILE)}


def write_office_files(folder: Path, files: dict[str, Any], *, database_url: str | None) -> None:
    """Write the office's two files out of a backup, with the address of its new database."""
    _write_secret(folder / KEYS_FILE, files[KEYS_FILE])
    _write_secret(folder / OFFICE_FILE, {**files[OFFICE_FILE], "database_url": database_url})


def pin_certificates(folder: Path, certificates: Sequence[bytes]) -> None:
    """Keep the hashes of the certificates that coming invitations let laptops pin; none lets go of them."""
    public = _read(folder / OFFICE_FILE)
    public["certificates"] = [certificate.hex() for certificate in certificates]
    _write_secret(folder / OFFICE_FILE, public)


def is_office(folder: Path) -> bool:
    """Return whether an office, or a part of one, is in `folder`."""
    return any((folder / name).exists() for name in (OFFICE_FILE, KEYS_FILE, DATABASE_FILE))


def discard_office(folder: Path) -> None:
    """Remove what `create_office` wrote, after a failure before anyone could use it."""
    database = (DATABASE_FILE, DATABASE_FILE + "-wal", DATABASE_FILE + "-shm")
    for name in (OFFICE_FILE, KEYS_FILE, *database):
        (folder / name).unlink(missing_ok=True)


def open_office(folder: Path) -> Office:
    """Return the office in `folder`; raises `NotACoordinator` or `FromNewerVersion`."""
    public = _read(folder / OFFICE_FILE)
    secret = _read(folder / KEYS_FILE)
    try:
        database_url = public["database_url"] or f"sqlite:///{(folder / DATABASE_FILE).resolve().as_posix()}"
        return Office(
            folder=folder,
            url=str(public["url"]),
            name=str(public["name"]),
            district=str(public["district"]),
            database_url=str(database_url),
            keys=CoordinatorKeys(bytes.fromhex(secret["sealing_secret"]), bytes.fromhex(secret["receipt_seed"])),
            form_secret=bytes.fromhex(secret["form_secret"]),
            certificates=tuple(bytes.fromhex(item) for item in public.get("certificates", ())),
        )
    except (KeyError, ValueError, TypeError):
        raise NotACoordinator() from None


def check_address(url: str) -> None:
    """Raise `BadAddress` unless `url` is a plain http(s) address."""
    try:
        parts = urlsplit(url)
        fine = bool(
            parts.scheme in ("http", "https")
            and parts.hostname
            and not (parts.username or parts.password or parts.query or parts.fragment)
            and (parts.port is None or parts.port > 0)
            and url.isascii()
            and url.isprintable()
            and " " not in url
            and len(url) <= 500
        )
    except ValueError:
        fine = False
    if not fine:
        raise BadAddress()


def check_name(name: str) -> None:
    """Raise `BadName` unless `name` is a short printable text."""
    if not name.strip() or len(name) > 120 or not name.isprintable():
        raise BadName()


def _write_secret(path: Path, value: dict[str, Any]) -> None:
    """Write a file only its owner can read (on Windows the folder's own permissions decide)."""
    before = os.umask(0o077)
    try:
        write_atomically(path, json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8") + b"\n")
    finally:
        os.umask(before)


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotACoordinator() from None
    if not isinstance(value, dict) or not isinstance(value.get("version"), int):
        raise NotACoordinator()
    if value["version"] > FORMAT_VERSION:
        raise FromNewerVersion()
    return value
