"""Transfers that go on where they stopped: what has arrived of a bundle so far, kept until it is whole."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from kimdesk.coordinator.intake import Intake, device_key
from kimdesk.coordinator.tables import uploads
from kimdesk.foundation.clock import Clock
from kimdesk.sync.protocol import CoordinatorBusy, DamagedFile, SyncError, read_ticket, write_moment

KEPT = timedelta(days=14)
MOST_PER_LAPTOP = 20


@dataclass(frozen=True)
class Place:
    """An upload that is not whole yet: it goes on at `offset`."""

    upload: str
    offset: int


@dataclass(frozen=True)
class Answered:
    """The signed answer to a bundle that is whole; `held_back` tells which one."""

    answer: bytes
    held_back: bool


class OffsetWrong(Exception):
    """The piece does not begin where the office is; `place` says where that is."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class UploadDesk:
    """Takes pieces of bundles and hands a whole one to the intake."""

    def __init__(self, engine: Engine, intake: Intake, clock: Clock) -> None:
        self._engine = engine
        self._intake = intake
        self._clock = clock

    def begin(self, data: bytes) -> Place | Answered:
        """Give room for what the ticket in `data` names, or tell how much of it is here. Raises a `SyncError`."""
        ticket = read_ticket(data)
        now = self._clock.now()
        with self._engine.begin() as connection:
            ticket.verify(device_key(connection, ticket.sender))
            connection.execute(delete(uploads).where(uploads.c.touched_at < write_moment(now - KEPT)))
            known = connection.execute(
                select(uploads).where(uploads.c.sender == ticket.sender, uploads.c.sealed_hash == ticket.sealed_hash)
            ).one_or_none()
            if known is not None:
                if known.answer is not None:
                    return Answered(bytes(known.answer), known.status == 409)
                return Place(known.id, len(known.content))
            number = connection.execute(
                select(func.count()).select_from(uploads).where(uploads.c.sender == ticket.sender)
            ).scalar_one()
            if number >= MOST_PER_LAPTOP:
                self._let_go_of_answered(connection, ticket.sender)
            upload = secrets.token_hex(16)
            connection.execute(
                insert(uploads).values(
                    id=upload,
                    sender=ticket.sender,
                    sealed_hash=ticket.sealed_hash,
                    length=ticket.length,
                    content=b"",
                    touched_at=write_moment(now),
                )
            )
            return Place(upload, 0)

    def _let_go_of_answered(self, connection: Connection, sender: str) -> None:
        done = connection.execute(delete(uploads).where(uploads.c.sender == sender, uploads.c.answer.is_not(None)))
        if done.rowcount == 0:
            raise CoordinatorBusy()

    def add(self, upload: str, offset: int, piece: bytes) -> Place | Answered | None:
        """Append a piece; None for an upload nobody began. A whole bundle is received and answered.

        Raises `OffsetWrong` where the piece does not go on from what is here, and the `SyncError` of a bundle that is
        refused, whose bytes are let go of.
        """
        now = self._clock.now()
        with self._engine.begin() as connection:
            row = connection.execute(select(uploads).where(uploads.c.id == upload).with_for_update()).one_or_none()
            if row is None:
                return None
            if row.answer is not None:
                return Answered(bytes(row.answer), row.status == 409)
            content = bytes(row.content)
            if offset != len(content):
                raise OffsetWrong(Place(upload, len(content)))
            content += piece
            if len(content) > row.length:
                raise DamagedFile()
            connection.execute(
                update(uploads).where(uploads.c.id == upload).values(content=content, touched_at=write_moment(now))
            )
            if len(content) < row.length:
                return Place(upload, len(content))
        try:
            if hashlib.sha256(content).hexdigest() != row.sealed_hash:
                raise DamagedFile()
            reply = self._intake.receive(content)
        except SyncError:
            with self._engine.begin() as connection:
                connection.execute(delete(uploads).where(uploads.c.id == upload))
            raise
        with self._engine.begin() as connection:
            # The office keeps no sealed bundle: whoever got hold of its key later could open it.
            connection.execute(
                update(uploads)
                .where(uploads.c.id == upload)
                .values(content=b"", answer=reply.answer, status=409 if reply.held_back else 200)
            )
        return Answered(reply.answer, reply.held_back)
