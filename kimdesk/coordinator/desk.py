"""What an administrator does at the office, whether from the command line or in the browser."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from kimdesk.coordinator import laptops, people, store
from kimdesk.coordinator.errors import BadPlace, LastAdmin, NameTaken, NoSuchLaptop, NoSuchUser
from kimdesk.coordinator.office import Office, check_address, check_name
from kimdesk.coordinator.passphrases import PassphraseHasher, new_passphrase
from kimdesk.coordinator.people import Role
from kimdesk.foundation.clock import Clock
from kimdesk.sync.protocol import Invitation, new_token

COMMAND_LINE = "command line"
_AGS = re.compile(r"[0-9]{8}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where a laptop works: a commune (AGS), or a subregion by its name, or nothing known."""

    commune: str | None = None
    subregion: str | None = None

    def check(self) -> None:
        """Raise `BadPlace` unless both can be kept."""
        if self.commune is not None and not _AGS.fullmatch(self.commune):
            raise BadPlace()
        if self.subregion is not None and not (1 <= len(self.subregion) <= 80 and self.subregion.isprintable()):
            raise BadPlace()


class OfficeDesk:
    """Invites and revokes laptops and looks after users; everything stands in the log with who did it."""

    def __init__(self, office: Office, engine: Engine, hasher: PassphraseHasher, clock: Clock) -> None:
        self._office = office
        self._engine = engine
        self._hasher = hasher
        self._clock = clock

    def invite(
        self,
        sender_name: str,
        *,
        actor: str,
        valid: timedelta,
        addresses: Sequence[str] = (),
        replace: bool = False,
        certificates: Sequence[bytes] = (),
        place: Place | None = None,
    ) -> bytes:
        """Return an invitation file. Raises `NameTaken` for a laptop that has joined unless it is to be replaced."""
        check_name(sender_name)
        for address in addresses:
            check_address(address)
        if place is not None:
            place.check()
        now = self._clock.now()
        token = new_token()
        with self._engine.begin() as connection:
            known = laptops.sender_named(connection, sender_name)
            if known is not None and known.enrolled_at is not None and not replace:
                raise NameTaken()
            if known is None and replace:
                raise NoSuchLaptop()
            sender = str(uuid.uuid4()) if known is None else known.id
            if known is None:
                laptops.add_sender(connection, sender, sender_name)
            if place is not None:
                laptops.place_sender(connection, sender, commune=place.commune, subregion=place.subregion)
            invitation = Invitation(
                addresses=tuple(addresses) or (self._office.url,),
                card=self._office.keys.card,
                office=self._office.name,
                district=self._office.district,
                sender=sender,
                sender_name=sender_name,
                token=token,
                expires_at=(now + valid).replace(microsecond=0),
                certificates=tuple(certificates) or self._office.certificates,
            )
            laptops.add_invitation(
                connection,
                sender,
                verifier=invitation.verifier,
                created_at=now,
                expires_at=invitation.expires_at,
            )
            people.note(connection, "invited", actor=actor, at=now, sender=sender)
        return invitation.to_bytes(self._office.keys)

    def revoke(self, sender_name: str, *, actor: str) -> None:
        """Refuse a laptop from now on. Raises `NoSuchLaptop`."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            known = laptops.sender_named(connection, sender_name)
            if known is None:
                raise NoSuchLaptop()
            laptops.revoke_sender(connection, known.id, now)
            people.note(connection, "revoked", actor=actor, at=now, sender=known.id)

    def place(self, sender: str, place: Place, *, actor: str) -> None:
        """Keep where a laptop works. Raises `NoSuchLaptop` or `BadPlace`."""
        place.check()
        with self._engine.begin() as connection:
            if laptops.find_sender(connection, sender) is None:
                raise NoSuchLaptop()
            laptops.place_sender(connection, sender, commune=place.commune, subregion=place.subregion)
            people.note(connection, "placed", actor=actor, at=self._clock.now(), sender=sender)

    def add_user(self, name: str, role: Role, *, actor: str) -> str:
        """Add a user and return the passphrase, which is shown once. Raises `NameTaken` or `BadName`."""
        check_name(name)
        passphrase = new_passphrase()
        encoded = self._hasher.hash(passphrase)
        now = self._clock.now()
        with self._engine.begin() as connection:
            if people.find_user(connection, name) is not None:
                raise NameTaken()
            people.add_user(connection, name, role=role, password_hash=encoded, at=now)
            people.note(connection, "user added", actor=actor, at=now, subject=name)
        return passphrase

    def reset_user(self, name: str, *, actor: str) -> str:
        """Give a user a new passphrase and return it; the user's sessions end. Raises `NoSuchUser`."""
        passphrase = new_passphrase()
        encoded = self._hasher.hash(passphrase)
        with self._engine.begin() as connection:
            if people.find_user(connection, name) is None:
                raise NoSuchUser()
            people.set_password_hash(connection, name, encoded)
            people.note(connection, "user reset", actor=actor, at=self._clock.now(), subject=name)
        return passphrase

    def remove_user(self, name: str, *, actor: str) -> None:
        """Remove a user. Raises `NoSuchUser`, and `LastAdmin` for the only one who may administer."""
        with self._engine.begin() as connection:
            user = people.find_user(connection, name)
            if user is None:
                raise NoSuchUser()
            if user.is_admin and people.count_admins(connection) == 1:
                raise LastAdmin()
            people.remove_user(connection, name)
            people.note(connection, "user removed", actor=actor, at=self._clock.now(), subject=name)

    def publish_offers(self, content: bytes, *, actor: str) -> int:
        """Let laptops fetch this directory from now on; return its number."""
        now = self._clock.now()
        digest = hashlib.sha256(content).hexdigest()
        with self._engine.begin() as connection:
            number = store.add_publication(connection, content, digest, now)
            people.note(connection, "offers published", actor=actor, at=now, subject=digest[:12])
        return number
