"""The caseload every measurement works on: made up, the same one for the same seed, as large as asked for.

About two and a half persons, an assessment, a goal, two measures and ten contacts per case; every hundredth case has
sixty contacts. One case in five is open. Every contact has its row in the audit log.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
    SkippedPhase,
)
from kimdesk.domain.vocabulary import (
    ClosureReason,
    GoalLevel,
    IntakeOutcome,
    LifeArea,
    MeasureState,
    Phase,
    ReferralResult,
    Relation,
    Urgency,
)
from kimdesk.foundation.clock import Clock
from kimdesk.offers.integreat import read_integreat
from kimdesk.storage import AuditAction, AuditEntry, KeyDerivation, Vault, create_vault
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditChain
from kimdesk.storage.case_bulk import insert_files
from kimdesk.storage.offer_writing import take_in

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CONTACTS, MANY_CONTACTS, EVERY_SO_MANY = 10, 60, 100
OFFERS, BATCH = 2000, 1000
OPEN_SHARE = 0.2
GIVEN = ("Samir", "Rana", "Olena", "Mehmet", "Zahra", "Ahmad", "Selam", "Ivan", "Leyla", "Tesfay")
FAMILY = ("Haddad", "Kowalenko", "Yılmaz", "Rahimi", "Tekle", "Schneider", "Alhassan", "Popescu", "Ndiaye", "Nowak")
COMMUNES = ("05978004", "05978008", "05978012", "05978020", "05978024", "05978036")
WORDS = (
    *("Wohnung", "Sprachkurs", "Jobcenter", "Bescheid", "Termin", "Kinderbetreuung", "Anerkennung", "Aufenthalt"),
    *("Beratung", "Schule", "Krankenkasse", "Mietvertrag", "Dolmetscherin", "Antrag", "Unterlagen", "Frist", "Kita"),
    *("Praktikum", "Ausbildung", "Schuldnerberatung", "Arzt", "Integrationskurs"),
)


class Caseload:
    """Makes case files, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.number = 0

    def identifier(self) -> UUID:
        return UUID(int=self._dice.getrandbits(128), version=4)

    def text(self, words: int) -> str:
        return " ".join(self._dice.choices(WORDS, k=words)) + "."

    def file(self) -> store.StoredFile:
        """Return the next file, open or closed, as far on its way as the dice say."""
        dice = self._dice
        self.number += 1
        is_open = dice.random() < OPEN_SHARE
        opened = TODAY - timedelta(days=dice.randrange(300) if is_open else 300 + dice.randrange(1700))
        outcome = dice.choices((IntakeOutcome.CASE_MANAGEMENT, IntakeOutcome.REFERRAL), (9, 1))[0]
        progress = dice.random() if is_open else 1.0
        case = Case(
            id=self.identifier(),
            number=f"KIM-2026-{self.number:05d}",
            commune=dice.choice(COMMUNES),
            opened_on=opened,
            intake_on=opened,
            consent_on=opened if progress > 0.1 else None,
            language=dice.choice(("ar", "uk", "tr", "fa", "ti")),
            concern=self.text(30),
            urgency=dice.choice(tuple(Urgency)),
            outcome=outcome,
            agreed_on=opened + timedelta(days=30) if progress > 0.5 else None,
            closed_on=None if is_open else opened + timedelta(days=280),
            closure_reason=None if is_open else ClosureReason.GOALS_REACHED,
        )
        goal = Goal(
            id=self.identifier(),
            case_id=case.id,
            level=GoalLevel.OUTCOME,
            text=self.text(8),
            measured_by=self.text(4) if progress > 0.4 else "",
            due_on=opened + timedelta(days=200),
        )
        many = self.number % EVERY_SO_MANY == 0
        return store.StoredFile(
            case=case,
            members=self._household(case),
            assessments=(self._assessment(case),) if progress > 0.2 else (),
            goals=(goal,) if progress > 0.3 else (),
            measures=tuple(
                Measure(
                    id=self.identifier(),
                    case_id=case.id,
                    goal_id=goal.id if progress > 0.3 else None,
                    text=self.text(10),
                    due_on=opened + timedelta(days=dice.randrange(60, 400)),
                    state=dice.choice((MeasureState.RUNNING, MeasureState.DONE)),
                )
                for _ in range(2)
            ),
            referrals=(
                Referral(
                    id=self.identifier(),
                    case_id=case.id,
                    receiver=self.text(2),
                    sent_on=opened + timedelta(days=5),
                    answer_due_on=opened + timedelta(days=19),
                    result=dice.choice((ReferralResult.SENT, ReferralResult.COMPLETED, ReferralResult.COMPLETED)),
                ),
            )
            if dice.random() < 0.3
            else (),
            contacts=tuple(self.contact(case.id) for _ in range(MANY_CONTACTS if many else CONTACTS)),
            follow_ups=(
                FollowUp(
                    id=self.identifier(),
                    case_id=case.id,
                    due_on=TODAY + timedelta(days=dice.randrange(-3, 60)),
                    reason=self.text(4),
                    done_on=None if is_open else TODAY,
                ),
            ),
            skipped=(SkippedPhase(case_id=case.id, phase=Phase.REASSESSMENT, reason=self.text(3)),)
            if dice.random() < 0.05
            else (),
            remembered_offers=(),
        )

    def _household(self, case: Case) -> tuple[Member, ...]:
        dice = self._dice
        family = dice.choice(FAMILY)
        return tuple(
            Member(
                person=Person(
                    id=self.identifier(),
                    given_name=dice.choice(GIVEN),
                    family_name=family,
                    date_of_birth=date(1960 + dice.randrange(60), 1 + dice.randrange(12), 1 + dice.randrange(28)),
                    residence_expires_on=TODAY + timedelta(days=dice.randrange(-60, 1000))
                    if dice.random() < 0.7
                    else None,
                    languages=(case.language,),
                ),
                relation=Relation.CLIENT if place == 0 else Relation.PARTNER,
            )
            for place in range(dice.choice((1, 2, 3, 4)))
        )

    def _assessment(self, case: Case) -> Assessment:
        dice = self._dice
        return Assessment(
            id=self.identifier(),
            case_id=case.id,
            held_on=case.opened_on + timedelta(days=dice.randrange(60)),
            entries=tuple(
                AreaEntry(life_area=area, need=self.text(10), situation=self.text(15), scale=dice.randint(1, 5))
                for area in dice.sample(tuple(LifeArea), 4)
            ),
        )

    def contact(self, case_id: UUID) -> Contact:
        at = NOW - timedelta(minutes=self._dice.randrange(2_000_000))
        return Contact(id=self.identifier(), case_id=case_id, at=at, text=self.text(40))


@dataclass(frozen=True)
class Filled:
    """What a store was filled with: all cases, and those with sixty contacts."""

    cases: tuple[UUID, ...]
    long_cases: tuple[UUID, ...]


def fill(begin: Callable[[], sa.Connection], chain: AuditChain, cases: int) -> Filled:
    """Fill an empty store of today's schema in batches, each its own transaction."""
    caseload = Caseload(seed=1)
    ids: list[UUID] = []
    long_ids: list[UUID] = []
    while len(ids) < cases:
        files = [caseload.file() for _ in range(min(BATCH, cases - len(ids)))]
        ids += [file.case.id for file in files]
        long_ids += [file.case.id for file in files if len(file.contacts) == MANY_CONTACTS]
        last = {2026: cases} if len(ids) == cases else {}
        entries = [
            AuditEntry(AuditAction.CREATE, "case", contact.case_id, {"part": "contact", "record": contact.id.hex})
            for file in files
            for contact in file.contacts[:CONTACTS]
        ]
        with begin() as connection, connection.begin():
            insert_files(connection, files, [bytes(store.RECORD_KEY_BYTES)] * len(files), last, NOW)
            chain.append(connection, entries, at=NOW, slot="0" * 32)
    with begin() as connection, connection.begin():
        take_in(connection, read_integreat(_pages(caseload)), NOW)
    return Filled(tuple(ids), tuple(long_ids))


def _pages(caseload: Caseload) -> Sequence[dict[str, object]]:
    return [
        {
            "id": number,
            "path": f"/unna/de/{number}/",
            "title": caseload.text(3),
            "content": f"<p>{caseload.text(80)}</p>",
        }
        for number in range(OFFERS)
    ]


def large_vault(folder: Path, passphrase: str, *, cases: int, clock: Clock, kdf: KeyDerivation) -> Filled:
    """Make a real vault with that many cases and close it in order."""
    vault: Vault = create_vault(folder, passphrase, name="Messung", clock=clock, kdf=kdf).vault
    with vault:
        filled = fill(vault.engine.connect, vault.chain, cases)
        with vault.unit_of_work() as unit:  # moves the anchor to the new head
            unit.record(AuditEntry(AuditAction.IMPORT, "vault", vault.id))
            unit.commit()
    return filled
