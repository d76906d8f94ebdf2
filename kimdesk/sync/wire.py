"""Reading and writing the small JSON documents of the protocol, strictly.

A signed document is ``{"format": …, "body": {…}, "signature": …}``. What is signed is the format's
name, a zero byte and the canonical form of the body, so that a signature for one kind of document
can never stand under another.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.sync.errors import BadSignature, DamagedFile, NewerVersion, TooLarge

KEY_BYTES = 32
SIGNATURE_BYTES = 64
MAX_TEXT = 200
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_HASH = re.compile(r"[0-9a-f]{64}")


def parse_object(data: bytes, *, limit: int) -> dict[str, Any]:
    """Return the JSON object in `data`.

    Raises `TooLarge` above `limit` bytes and `DamagedFile` for anything but one object without
    repeated names, floats and special numbers.
    """
    if len(data) > limit:
        raise TooLarge()
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_without_repeats,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise DamagedFile() from None
    if not isinstance(value, dict):
        raise DamagedFile()
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name stands twice")
    return result


def _refuse(text: str) -> NoReturn:
    raise ValueError("no such number here")


def check_format(value: object, expected: str) -> None:
    """Raise `NewerVersion` for a later version of the `expected` format (``name-N``), `DamagedFile` for another one."""
    if value == expected:
        return
    name, _, version = expected.rpartition("-")
    if isinstance(value, str) and value.startswith(name + "-"):
        found = value[len(name) + 1 :]
        if found.isascii() and found.isdigit() and len(found) < 6 and int(found) > int(version):
            raise NewerVersion()
    raise DamagedFile()


@dataclass(frozen=True)
class Fields:
    """Takes typed values out of a parsed object that must have exactly the given names."""

    values: Mapping[str, Any]

    @classmethod
    def of(cls, value: object, names: frozenset[str]) -> Fields:
        """Return the fields of `value`; `DamagedFile` unless it is an object with exactly these `names`."""
        if not isinstance(value, dict) or value.keys() != names:
            raise DamagedFile()
        return cls(value)

    def text(self, name: str, *, limit: int = MAX_TEXT) -> str:
        """Return a text of 1 to `limit` characters without control characters."""
        value = self.values[name]
        if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
            raise DamagedFile()
        return value

    def number(self, name: str, *, lowest: int, highest: int) -> int:
        """Return a whole number within the bounds."""
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise DamagedFile()
        return value

    def identifier(self, name: str) -> str:
        """Return a UUID in its usual lower-case form."""
        value = self.text(name, limit=36)
        try:
            if str(uuid.UUID(value)) == value:
                return value
        except ValueError:
            pass
        raise DamagedFile()

    def moment(self, name: str) -> datetime:
        """Return an aware UTC moment."""
        try:
            return read_moment(self.text(name, limit=20))
        except ValueError:
            raise DamagedFile() from None

    def hash(self, name: str) -> str:
        """Return a SHA-256 as 64 lower-case hexadecimal digits."""
        value = self.text(name, limit=64)
        if not _HASH.fullmatch(value):
            raise DamagedFile()
        return value

    def octets(self, name: str, length: int) -> bytes:
        """Return exactly `length` bytes."""
        return decode(self.values[name], length)

    def texts(self, name: str, *, most: int) -> tuple[str, ...]:
        """Return one to `most` texts."""
        value = self.values[name]
        if not isinstance(value, list) or not 0 < len(value) <= most:
            raise DamagedFile()
        return tuple(Fields({name: item}).text(name, limit=500) for item in value)


def encode(data: bytes) -> str:
    """Return `data` as base64 text."""
    return base64.b64encode(data).decode("ascii")


def decode(value: object, length: int) -> bytes:
    """Return the `length` bytes of a base64 text, or raise `DamagedFile`."""
    if not isinstance(value, str):
        raise DamagedFile()
    try:
        data = base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise DamagedFile() from None
    if len(data) != length or encode(data) != value:
        raise DamagedFile()
    return data


def write_moment(moment: datetime) -> str:
    """Return a moment as ``2026-11-20T09:00:00Z`` (UTC, whole seconds)."""
    return moment.astimezone(UTC).strftime(_MOMENT)


def read_moment(text: str) -> datetime:
    """Return the aware moment of `write_moment`'s text; raises `ValueError`."""
    moment = datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    if write_moment(moment) != text:
        raise ValueError("not the one form of this moment")
    return moment


def signed_bytes(format_name: str, body: Mapping[str, Any]) -> bytes:
    """Return what a signature under a document of this format and body covers."""
    return format_name.encode("ascii") + b"\0" + canonical_bytes(dict(body))


def sign_document(format_name: str, body: Mapping[str, Any], key: SigningKey) -> bytes:
    """Return the signed document as canonical JSON."""
    signature = key.sign(signed_bytes(format_name, body)).signature
    return canonical_bytes({"format": format_name, "body": dict(body), "signature": encode(signature)})


@dataclass(frozen=True)
class SignedDocument:
    """A parsed document whose signature has not been checked yet."""

    format_name: str
    body: Fields
    signature: bytes

    def verify(self, key: bytes) -> None:
        """Raise `BadSignature` unless the Ed25519 public `key` signed this document."""
        verify_signature(key, self.format_name, self.body.values, self.signature)


def verify_signature(key: bytes, format_name: str, body: Mapping[str, Any], signature: bytes) -> None:
    """Raise `BadSignature` unless `signature` by the public `key` stands under this format and body."""
    try:
        VerifyKey(key).verify(signed_bytes(format_name, body), signature)
    except (BadSignatureError, ValueError):
        raise BadSignature() from None


def read_document(data: bytes, format_name: str, names: frozenset[str], *, limit: int) -> SignedDocument:
    """Return the parsed document of this format with exactly these `names` in its body; nothing is verified yet."""
    value = parse_object(data, limit=limit)
    check_format(value.get("format"), format_name)
    outer = Fields.of(value, frozenset({"format", "body", "signature"}))
    return SignedDocument(
        format_name, Fields.of(outer.values["body"], names), outer.octets("signature", SIGNATURE_BYTES)
    )
