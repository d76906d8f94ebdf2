"""What encryption costs: the same work on a vault's database and on the same SQLite library without a key, in one run.

    python benchmarks/store.py [--cases 20000] [--repetitions 30]

Both files hold the same rows, were made by the same code, and are used in turn, so that a busy machine slows both.
"cold" is a fresh connection whose first pages come from the file (which the system may hold in memory) and have to be
decrypted; the rest is measured on a connection in use, as the program has one. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from kimdesk.domain.records import AreaEntry, Assessment, Case, Contact, FollowUp, Goal, Measure, Member, Person
from kimdesk.domain.views import CaseFilter
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, Relation
from kimdesk.offers.integreat import read_integreat
from kimdesk.offers.lexicon import load_lexicon
from kimdesk.offers.query import parse_query
from kimdesk.offers.views import OfferFilter
from kimdesk.storage import case_list, case_records
from kimdesk.storage import cases as store
from kimdesk.storage.case_bulk import insert_files
from kimdesk.storage.case_facts import facts_of
from kimdesk.storage.engine import PRAGMAS, connect
from kimdesk.storage.offer_writing import take_in
from kimdesk.storage.offers_directory import DirectoryIndex
from kimdesk.storage.offers_search import search_offers
from kimdesk.storage.schema import SCHEMA
from kimdesk.storage.tables.cases import contacts
from kimdesk.storage.vault.key import VaultKey

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CONTACTS_PER_CASE, OFFERS, BATCH = 10, 2000, 1000
GIVEN = ("Samir", "Rana", "Olena", "Mehmet", "Zahra", "Ahmad", "Selam", "Ivan", "Leyla", "Tesfay")
FAMILY = ("Haddad", "Kowalenko", "Yılmaz", "Rahimi", "Tekle", "Schneider", "Alhassan", "Popescu", "Ndiaye", "Nowak")
WORDS = (
    *("Wohnung", "Sprachkurs", "Jobcenter", "Bescheid", "Termin", "Kinderbetreuung", "Anerkennung", "Aufenthalt"),
    *("Beratung", "Schule", "Krankenkasse", "Mietvertrag", "Dolmetscherin", "Antrag", "Unterlagen", "Frist", "Kita"),
    *("Praktikum", "Ausbildung", "Schuldnerberatung", "Arzt", "Integrationskurs"),
)
QUERIES = ("sprachkurs", "wohnung suchen", "kita", "schuldner", "anerkennung ausbildung", "arz", "mietvertrag frist")


@dataclass(frozen=True)
class Store:
    """One of the two files, with a way to a fresh connection and an engine on it."""

    name: str
    path: Path
    connect: Callable[[Path], dbapi2.Connection]
    engine: sa.Engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()


def connect_plain(path: Path) -> dbapi2.Connection:
    """Return a connection of the same library without a key, with every other setting of the program."""
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in PRAGMAS:
        if not pragma.startswith("cipher"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def make_store(name: str, path: Path, connect_to: Callable[[Path], dbapi2.Connection]) -> Store:
    """Return an empty store of today's schema."""
    engine = sa.create_engine(
        "sqlite://", module=dbapi2, creator=lambda: connect_to(path), poolclass=QueuePool, pool_size=1, max_overflow=0
    )
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    SCHEMA.migrate(engine)
    return Store(name, path, connect_to, engine)


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
        """Return a file of about 2.5 persons, an assessment, a goal, two measures, ten contacts and a follow-up."""
        dice = self._dice
        self.number += 1
        opened = TODAY - timedelta(days=dice.randrange(2000))
        case = Case(
            id=self.identifier(),
            number=f"KIM-2026-{self.number:05d}",
            commune="05978024",
            opened_on=opened,
            intake_on=opened,
            language=dice.choice(("ar", "uk", "tr", "fa", "ti")),
            concern=self.text(30),
            outcome=IntakeOutcome.CASE_MANAGEMENT,
            closed_on=opened + timedelta(days=300) if dice.random() < 0.6 else None,
        )
        family = dice.choice(FAMILY)
        members = tuple(
            Member(
                person=Person(
                    id=self.identifier(),
                    given_name=dice.choice(GIVEN),
                    family_name=family,
                    date_of_birth=date(1960 + dice.randrange(60), 1 + dice.randrange(12), 1 + dice.randrange(28)),
                    residence_expires_on=TODAY + timedelta(days=dice.randrange(-400, 900)),
                    languages=(case.language,),
                ),
                relation=Relation.CLIENT if place == 0 else Relation.PARTNER,
            )
            for place in range(dice.choice((1, 2, 3, 4)))
        )
        goal = Goal(id=self.identifier(), case_id=case.id, text=self.text(8))
        return store.StoredFile(
            case=case,
            members=members,
            assessments=(
                Assessment(
                    id=self.identifier(),
                    case_id=case.id,
                    held_on=opened,
                    entries=tuple(
                        AreaEntry(life_area=area, need=self.text(10), situation=self.text(15), scale=dice.randint(1, 5))
                        for area in dice.sample(tuple(LifeArea), 4)
                    ),
                ),
            ),
            goals=(goal,),
            measures=tuple(
                Measure(id=self.identifier(), case_id=case.id, goal_id=goal.id, text=self.text(10)) for _ in range(2)
            ),
            referrals=(),
            contacts=tuple(self.contact(case.id) for _ in range(CONTACTS_PER_CASE)),
            follow_ups=(
                FollowUp(
                    id=self.identifier(),
                    case_id=case.id,
                    due_on=TODAY + timedelta(days=dice.randrange(-30, 60)),
                    reason=self.text(4),
                ),
            ),
            skipped=(),
            remembered_offers=(),
        )

    def contact(self, case_id: UUID) -> Contact:
        at = NOW - timedelta(minutes=self._dice.randrange(2_000_000))
        return Contact(id=self.identifier(), case_id=case_id, at=at, text=self.text(40))


def fill(target: Store, cases: int) -> tuple[list[UUID], float]:
    """Fill a store in batches and return the ids of its cases and the seconds it took."""
    caseload = Caseload(seed=1)
    pages = [
        {
            "id": number,
            "path": f"/unna/de/{number}/",
            "title": caseload.text(3),
            "content": f"<p>{caseload.text(80)}</p>",
        }
        for number in range(OFFERS)
    ]
    found = read_integreat(pages)
    ids: list[UUID] = []
    seconds = 0.0
    while len(ids) < cases:
        files = [caseload.file() for _ in range(min(BATCH, cases - len(ids)))]
        ids += [file.case.id for file in files]
        last = {2026: cases} if len(ids) == cases else {}
        began = time.perf_counter()
        with target.engine.begin() as connection:
            insert_files(connection, files, [bytes(store.RECORD_KEY_BYTES)] * len(files), last, NOW)
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    with target.engine.begin() as connection:
        take_in(connection, found, NOW)
    return ids, seconds + time.perf_counter() - began


class Works:
    """What is measured; each is one thing a user waits for. All draw from the same dice, so both stores do the same."""

    def __init__(self, target: Store, ids: list[UUID]) -> None:
        self._store, self._ids = target, ids
        self._dice, self._caseload, self._lexicon = random.Random(2), Caseload(seed=3), load_lexicon()
        self._directory = DirectoryIndex()

    def open_case_file(self) -> None:
        with self._store.reading() as connection:
            case_id = self._dice.choice(self._ids)
            store.file_of(connection, case_id)
            facts_of(connection, case_id)

    def list_open_cases(self) -> None:
        with self._store.reading() as connection:
            case_list.list_cases(connection, CaseFilter(), {})

    def filter_by_name(self) -> None:
        wanted = CaseFilter(text=f"{self._dice.choice(GIVEN)} {self._dice.choice(FAMILY)}", status="all")
        with self._store.reading() as connection:
            case_list.list_cases(connection, wanted, {})

    def save_contact(self) -> None:
        contact = self._caseload.contact(self._dice.choice(self._ids))
        with self._store.engine.begin() as connection:
            case_records.save(connection, contacts, contact)
            store.count_revision(connection, contact.case_id)

    def search_offers(self) -> None:
        query = parse_query(self._dice.choice(QUERIES), self._lexicon)
        with self._store.reading() as connection:
            search_offers(connection, self._directory, query, OfferFilter(), 20)

    def open_cold(self) -> None:
        """A fresh connection, as after the program's start, and the first case file."""
        self._store.engine.dispose()
        self.open_case_file()

    def list_cold(self) -> None:
        self._store.engine.dispose()
        self.list_open_cases()

    def back_up(self) -> None:
        target = self._store.path.with_name(self._store.path.name + ".backup")
        source, copy = self._store.connect(self._store.path), self._store.connect(target)
        source.backup(copy)
        copy.close()
        source.close()
        for path in target.parent.glob(target.name + "*"):
            path.unlink()

    def all(self, repetitions: int) -> list[tuple[str, Callable[[], None], int]]:
        """Return what is measured, by what name and how often."""
        few = max(3, repetitions // 6)
        return [
            ("open a case file", self.open_case_file, repetitions),
            ("open a case file, cold", self.open_cold, repetitions),
            ("list all open cases", self.list_open_cases, few),
            ("list all open cases, cold", self.list_cold, few),
            ("filter the list by a name", self.filter_by_name, few),
            ("save a contact", self.save_contact, repetitions),
            ("search the offers", self.search_offers, repetitions),
            ("backup (copy alone)", self.back_up, 3),
        ]


def main() -> None:
    """Fill both, measure both in turn, print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--repetitions", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        key = VaultKey.random()
        both = (
            make_store("encrypted", Path(folder) / "vault.db", lambda path: connect(path, key)),
            make_store("plain", Path(folder) / "plain.db", connect_plain),
        )
        ids: list[UUID] = []
        for each in both:
            ids, seconds = fill(each, options.cases)
            size = sum(path.stat().st_size for path in Path(folder).glob(each.path.name + "*"))
            with each.path.open("rb") as file:
                is_plain = file.read(16) == b"SQLite format 3\x00"
            assert is_plain is (each.name == "plain")
            print(f"{each.name:<10} filled in {seconds:6.1f} s, {size / 1_000_000:7.1f} MB with its log")
        with both[0].reading() as connection:
            names = ("cases", "persons", "contacts", "offers")
            counts = {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names}
        print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
        print(f"{'median milliseconds':<28} {'encrypted':>10} {'plain':>10} {'ratio':>7}  times")
        works = [Works(each, ids).all(options.repetitions) for each in both]
        for (name, encrypted, times), (_name, plain, _times) in zip(*works, strict=True):
            taken: tuple[list[float], list[float]] = ([], [])
            for _ in range(times + 1):
                for work, seconds_taken in ((encrypted, taken[0]), (plain, taken[1])):
                    began = time.perf_counter()
                    work()
                    seconds_taken.append(time.perf_counter() - began)
            # The first of each prepares statements.
            first, second = (statistics.median(seconds_taken[1:]) * 1000 for seconds_taken in taken)
            print(f"{name:<28} {first:10.2f} {second:10.2f} {first / second:7.2f}  {times}")
        for each in both:
            each.engine.dispose()


if __name__ == "__main__":
    main()
