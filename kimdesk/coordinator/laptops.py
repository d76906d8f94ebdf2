"""Reads and writes of the laptops: who was invited, which device speaks for a laptop, who was revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, update

from kimdesk.coordinator.tables import devices, invitations, senders
from kimdesk.sync.protocol import read_moment, write_moment


@dataclass(frozen=True)
class SenderRow:
    """A laptop's place; `enrolled_at` is None until a device has joined, `revoked_at` until it was revoked."""

    id: str
    name: str
    commune: str | None
    subregion: str | None
    enrolled_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class DeviceRow:
    """A device key of a laptop; `ended` ones are refused."""

    id: int
    public_key: bytes
    enrolled_at: datetime
    ended: bool


@dataclass(frozen=True)
class InvitationRow:
    """An invitation; `verifier` is None once it has been used."""

    id: int
    verifier: bytes | None
    expires_at: datetime
    used_at: datetime | None


def _moment(text: str | None) -> datetime | None:
    # What the office wrote itself needs no strict reading, which takes ten times as long.
    return None if text is None else datetime.fromisoformat(text)


def add_sender(connection: Connection, sender: str, name: str) -> None:
    """Add a laptop that is about to be invited."""
    connection.execute(insert(senders).values(id=sender, name=name))


def place_sender(connection: Connection, sender: str, *, commune: str | None, subregion: str | None) -> None:
    """Keep where a laptop works."""
    connection.execute(update(senders).where(senders.c.id == sender).values(commune=commune, subregion=subregion))


def find_sender(connection: Connection, sender: str) -> SenderRow | None:
    """Return a laptop by its id."""
    row = connection.execute(select(senders).where(senders.c.id == sender)).one_or_none()
    return None if row is None else _sender(row)


def sender_named(connection: Connection, name: str) -> SenderRow | None:
    """Return a laptop by its name."""
    row = connection.execute(select(senders).where(senders.c.name == name)).one_or_none()
    return None if row is None else _sender(row)


def list_senders(connection: Connection) -> Sequence[SenderRow]:
    """Return all laptops by name."""
    rows = connection.execute(select(senders).order_by(func.lower(senders.c.name), senders.c.id))
    return [_sender(row) for row in rows]


def _sender(row: Row[Any]) -> SenderRow:
    return SenderRow(row.id, row.name, row.commune, row.subregion, _moment(row.enrolled_at), _moment(row.revoked_at))


# Made once: every bundle asks for it.
_DEVICES = select(devices).where(devices.c.sender == bindparam("sender")).order_by(devices.c.id.desc())


def list_devices(connection: Connection, sender: str) -> Sequence[DeviceRow]:
    """Return the device keys of a laptop, the present one first."""
    rows = connection.execute(_DEVICES, {"sender": sender})
    found = [
        DeviceRow(row.id, bytes(row.public_key), read_moment(row.enrolled_at), row.ended_at is not None) for row in rows
    ]
    return sorted(found, key=lambda device: device.ended)


def enrol_device(connection: Connection, sender: str, *, public_key: bytes, at: datetime) -> bool:
    """Let a device speak for a laptop from now on; return whether it takes another device's place."""
    now = write_moment(at)
    ended = connection.execute(
        update(devices).where(devices.c.sender == sender, devices.c.ended_at.is_(None)).values(ended_at=now)
    ).rowcount
    earlier = connection.execute(
        select(func.count()).select_from(devices).where(devices.c.sender == sender)
    ).scalar_one()
    connection.execute(insert(devices).values(sender=sender, public_key=public_key, enrolled_at=now))
    connection.execute(update(senders).where(senders.c.id == sender).values(enrolled_at=now, revoked_at=None))
    return bool(ended or earlier)


def revoke_sender(connection: Connection, sender: str, at: datetime) -> None:
    """Refuse a laptop from now on: its device's key and its open invitation end."""
    now = write_moment(at)
    connection.execute(
        update(devices).where(devices.c.sender == sender, devices.c.ended_at.is_(None)).values(ended_at=now)
    )
    connection.execute(delete(invitations).where(invitations.c.sender == sender, invitations.c.used_at.is_(None)))
    connection.execute(update(senders).where(senders.c.id == sender).values(revoked_at=now))


def add_invitation(
    connection: Connection, sender: str, *, verifier: bytes, created_at: datetime, expires_at: datetime
) -> None:
    """Add an invitation for a laptop; earlier unused ones for it end."""
    connection.execute(delete(invitations).where(and_(invitations.c.sender == sender, invitations.c.used_at.is_(None))))
    connection.execute(
        insert(invitations).values(
            sender=sender,
            verifier=verifier,
            created_at=write_moment(created_at),
            expires_at=write_moment(expires_at),
        )
    )


def latest_invitation(connection: Connection, sender: str) -> InvitationRow | None:
    """Return the last invitation given to a laptop."""
    row = connection.execute(
        select(invitations).where(invitations.c.sender == sender).order_by(invitations.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    verifier = None if row.verifier is None else bytes(row.verifier)
    return InvitationRow(row.id, verifier, read_moment(row.expires_at), _moment(row.used_at))


def use_invitation(connection: Connection, invitation: int, at: datetime) -> bool:
    """Mark an invitation as used and wipe its key; return False if someone else was faster."""
    done = connection.execute(
        update(invitations)
        .where(and_(invitations.c.id == invitation, invitations.c.used_at.is_(None)))
        .values(used_at=write_moment(at), verifier=None)
    )
    return done.rowcount == 1


def list_invited(connection: Connection) -> dict[str, datetime]:
    """Return when the open invitations end, by laptop."""
    rows = connection.execute(
        select(invitations.c.sender, invitations.c.expires_at).where(invitations.c.used_at.is_(None))
    )
    return {row.sender: read_moment(row.expires_at) for row in rows}
