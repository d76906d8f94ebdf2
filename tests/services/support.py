"""Cases for a desk on a real vault, and a real coordinating office on a loopback socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from nacl import pwhash

from kimdesk.coordinator import commands
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.passphrases import HashCost, PassphraseHasher
from kimdesk.coordinator.server import Server
from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Member, Person
from kimdesk.domain.vocabulary import AccessPath, IntakeOutcome, Relation
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk
from kimdesk.sync.offer_feed import sign_directory

CHEAP = HashCost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)


@dataclass(frozen=True)
class CoordinatingOffice:
    """A running office: where it is, its server, and invitations to it."""

    folder: Path
    server: Server
    clock: FixedClock
    fingerprint: str

    def invite(self, name: str = "Fallmanagement Lünen", valid_days: int = 14) -> bytes:
        return commands.invite(self.folder, name, addresses=[self.server.url], valid_days=valid_days, clock=self.clock)

    def sign_offers(self, directory: bytes, version: int = 1, valid_days: int = 90) -> bytes:
        now = self.clock.now()
        return sign_directory(
            directory,
            open_office(self.folder).keys,
            version=version,
            district="unna",
            offers=directory.count(b'"name"'),
            issued_at=now,
            expires_at=now + timedelta(days=valid_days),
        )


@contextmanager
def running_office(folder: Path, clock: FixedClock) -> Iterator[CoordinatingOffice]:
    """Run an office of the Kreis Unna in `folder`."""
    hasher = PassphraseHasher(CHEAP)
    made = commands.init(
        folder, url="http://127.0.0.1", name="KI Kreis Unna", district="unna", clock=clock, hasher=hasher
    )
    with commands.run_in_thread(folder, clock=clock, hasher=hasher) as server:
        yield CoordinatingOffice(folder, server, clock, made.fingerprint)


def add_cases(desk: Desk, number: int, *, first_day: date = date(2026, 1, 12)) -> None:
    """Store `number` first consultations a week apart: every third one-off, the others taken on."""
    paths = list(AccessPath)
    for place in range(number):
        one_off = place % 3 == 0
        desk.cases.record_consultation(
            ConsultationEntry(
                case=Case(
                    opened_on=first_day + timedelta(days=7 * place),
                    intake_on=first_day + timedelta(days=7 * place),
                    commune="05978024",
                    access_path=paths[place % 3],
                    language="ar",
                    concern="Wohnung",
                    outcome=IntakeOutcome.LITTLE_NEED if one_off else IntakeOutcome.CASE_MANAGEMENT,
                ),
                members=(
                    Member(person=Person(given_name="Samir", family_name=f"Haddad {place}"), relation=Relation.CLIENT),
                    Member(person=Person(given_name="Rana", family_name=f"Haddad {place}"), relation=Relation.PARTNER),
                ),
            )
        )
