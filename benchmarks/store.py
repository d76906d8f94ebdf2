"""What encryption and the program's own layers cost, in one run, with the page cache the program uses.

    python benchmarks/store.py [--cases 20000] [--repetitions 30] [--json]

Three comparisons, each used in turn, so that a busy machine slows both sides:

* a vault's database beside the same rows, made by the same code, in the same SQLite library without a key;
* the program (services, audit log, anchor and all) beside `sqlcipher3` alone with statements written by hand, which
  give the same records and leave the same rows and files behind;
* a verified backup beside a plain copy of the file.

"cold" is a fresh connection whose first pages come from the file (which the system may hold in memory) and have to be
decrypted; the rest is measured on a connection in use, as the program has one. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.caseload import FAMILY, GIVEN, NOW, Caseload, Filled, fill, large_vault
from benchmarks.raw import RawVault
from kimdesk.domain.records import Contact
from kimdesk.domain.views import CaseFilter
from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.lexicon import load_lexicon
from kimdesk.offers.query import parse_query
from kimdesk.offers.views import OfferFilter
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import Vault, case_list, case_records, unlock, write_backup
from kimdesk.storage import cases as store
from kimdesk.storage.audit import AuditChain
from kimdesk.storage.case_facts import facts_of
from kimdesk.storage.engine import PRAGMAS
from kimdesk.storage.offers_directory import DirectoryIndex
from kimdesk.storage.offers_search import search_offers
from kimdesk.storage.schema import SCHEMA
from kimdesk.storage.tables.cases import contacts
from kimdesk.storage.vault.kdf import PUBLIC
from kimdesk.storage.vault.key import VaultKey

PASSPHRASE = "Apfel Brücke Segel Laterne"
QUERIES = ("sprachkurs", "wohnung suchen", "kita", "schuldner", "anerkennung ausbildung", "arz", "mietvertrag frist")
Work = Callable[[], object]


@dataclass(frozen=True)
class Line:
    """One comparison: what, both times in milliseconds (lower quartiles), the most wanted (None where nothing is)."""

    name: str
    first: float
    second: float
    limit: float | None = None

    @property
    def ratio(self) -> float:
        return self.first / self.second


@dataclass(frozen=True)
class Store:
    """One of the two files, with an engine on it."""

    path: Path
    engine: sa.Engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()


def plain_store(path: Path, cases: int) -> Store:
    """Fill a file of the same library without a key, with every other setting of the program."""

    def connect() -> dbapi2.Connection:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
        for pragma in PRAGMAS:
            if not pragma.startswith("cipher"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
        return connection

    engine = sa.create_engine(
        "sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=0
    )
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    SCHEMA.migrate(engine)
    fill(engine.connect, AuditChain(UUID(int=0), VaultKey.random()), cases)
    return Store(path, engine)


class StoreWorks:
    """What a user waits for, in the store alone. All draw from the same dice, so both stores do the same."""

    def __init__(self, target: Store, filled: Filled) -> None:
        self._store, self._filled = target, filled
        self._dice, self._caseload, self._lexicon = random.Random(2), Caseload(seed=3), load_lexicon()
        self._directory = DirectoryIndex()
        self._directory = DirectoryIndex()

    def _open(self, ids: Sequence[UUID]) -> None:
        with self._store.reading() as connection:
            case_id = self._dice.choice(ids)
            store.file_of(connection, case_id)
            facts_of(connection, case_id)

    def open_any(self) -> None:
        self._open(self._filled.cases)

    def open_long(self) -> None:
        self._open(self._filled.long_cases)

    def list_open(self) -> None:
        with self._store.reading() as connection:
            case_list.list_cases(connection, CaseFilter(), {})

    def filter_by_name(self) -> None:
        wanted = CaseFilter(text=f"{self._dice.choice(GIVEN)} {self._dice.choice(FAMILY)}", status="all")
        with self._store.reading() as connection:
            case_list.list_cases(connection, wanted, {})

    def save(self) -> None:
        contact = self._caseload.contact(self._dice.choice(self._filled.cases))
        with self._store.engine.begin() as connection:
            case_records.save(connection, contacts, contact)
            store.count_revision(connection, contact.case_id)

    def search(self) -> None:
        query = parse_query(self._dice.choice(QUERIES), self._lexicon)
        with self._store.reading() as connection:
            search_offers(connection, self._directory, query, OfferFilter(), 20)

    def open_cold(self) -> None:
        self._store.engine.dispose()
        self.open_any()

    def list_cold(self) -> None:
        self._store.engine.dispose()
        self.list_open()

    def all(self, repetitions: int) -> list[tuple[str, Work, int, float | None]]:
        """Return what is measured: name, work, how often, the most it may cost."""
        few = max(5, repetitions // 3)
        return [
            ("open a case", self.open_any, repetitions, 1.5),
            ("open a case with 60 entries", self.open_long, repetitions, 1.5),
            ("list the open cases", self.list_open, few, 1.2),
            ("filter all cases by a name", self.filter_by_name, few, 1.2),
            ("save a contact durably", self.save, repetitions * 5, 1.2),
            ("search the offers (full text)", self.search, repetitions, None),
            ("open a case, cold", self.open_cold, repetitions, None),
            ("list the open cases, cold", self.list_cold, few, None),
        ]


class LayerWorks:
    """The program, and beside it `sqlcipher3` alone with the same result."""

    def __init__(self, desk: Desk, vault: Vault, raw: RawVault, filled: Filled) -> None:
        self._desk, self._vault, self._raw, self._filled = desk, vault, raw, filled
        self._caseload = Caseload(seed=4)

    def pairs(self, repetitions: int) -> list[tuple[str, Work, Work, int, float | None]]:
        """Return name, the program's work, the same by hand, how often, the most it may cost."""
        dice, other = random.Random(5), random.Random(5)
        long_cases = self._filled.long_cases

        def open_by_program() -> object:
            with self._vault.reader() as connection:
                case_id = dice.choice(long_cases)
                return store.file_of(connection, case_id), facts_of(connection, case_id)

        def open_raw() -> object:
            return self._raw.file(other.choice(long_cases))

        def save_by_program() -> None:
            self._desk.cases.save_contact(self._contact(dice))

        def save_raw() -> None:
            self._raw.save_contact(self._contact(other))

        few = max(5, repetitions // 3)
        return [
            ("open a case with 60 entries", open_by_program, open_raw, repetitions, 2.5),
            ("list the open cases", lambda: self._desk.cases.list(), self._raw.list_open, few, 2.5),
            ("save a contact", save_by_program, save_raw, repetitions, 2.5),
        ]

    def _contact(self, dice: random.Random) -> Contact:
        # Into a case that is open: the services refuse to write into a closed one.
        contact = self._caseload.contact(dice.choice(self._raw.open_cases))
        return replace(contact, at=NOW)


def compare(name: str, first: Work, second: Work, times: int, limit: float | None) -> Line:
    """Time both in turn and return their lower quartiles: what other programs take of the machine is left out of it.

    The first round of each prepares statements and does not count.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times + 1):
        for work, seconds in ((first, taken[0]), (second, taken[1])):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
    one, two = (statistics.quantiles(seconds[1:], n=4)[0] * 1000 for seconds in taken)
    return Line(name, one, two, limit)


def backup_beside_copy(vault: Vault, place: Path) -> Line:
    """Compare a verified backup with a plain copy of the same file, both durable."""
    vault.let_go()  # what is in the write-ahead log goes into the file, so that both copy the same

    def back_up() -> None:
        shutil.rmtree(write_backup(vault, place / "backups"))

    def copy() -> None:
        target = place / "copy"
        with vault.folder.joinpath("vault.db").open("rb") as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, 1024 * 1024)
            out.flush()
            os.fsync(out.fileno())
        target.unlink()

    return compare("verified backup / plain copy of the file", back_up, copy, 3, 10)


def measure(place: Path, cases: int, repetitions: int) -> tuple[dict[str, int], dict[str, list[Line]]]:
    """Return how many rows there are, and the lines of each comparison."""
    clock = FixedClock(NOW)
    filled = large_vault(place / "vault", PASSPHRASE, cases=cases, clock=clock, kdf=PUBLIC)
    plain = plain_store(place / "plain.db", cases)
    with unlock(place / "vault", PASSPHRASE, clock=clock, kdf=PUBLIC) as vault:
        encrypted = Store(place / "vault" / "vault.db", vault.engine)
        for each, is_plain in ((encrypted, False), (plain, True)):
            with each.path.open("rb") as file:
                assert (file.read(16) == b"SQLite format 3\x00") is is_plain
        with encrypted.reading() as connection:
            names = ("cases", "persons", "contacts", "audit_log", "offers")
            counts = {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names}
        works = [StoreWorks(each, filled).all(repetitions) for each in (encrypted, plain)]
        lines = {
            "encrypted / without a key": [
                compare(name, first, second, times, limit)
                for (name, first, times, limit), (_name, second, _times, _limit) in zip(*works, strict=True)
            ]
        }
        with RawVault(vault) as raw:
            pairs = LayerWorks(build_desk(vault, clock), vault, raw, filled).pairs(repetitions)
            lines["program / sqlcipher3 alone"] = [compare(*pair) for pair in pairs]
        lines["backup / file copy"] = [backup_beside_copy(vault, place)]
    plain.engine.dispose()
    return counts, lines


def main() -> None:
    """Fill, measure, print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--repetitions", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts, comparisons = measure(Path(folder), options.cases, options.repetitions)
    if options.json:
        found = {
            name: [{"name": line.name, "ratio": round(line.ratio, 3), "limit": line.limit} for line in lines]
            for name, lines in comparisons.items()
        }
        print(json.dumps({"rows": counts, "ratios": found}, indent=1))
        return
    print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    for name, lines in comparisons.items():
        print(f"\n{name:<44} {'ms':>10} {'ms':>10} {'ratio':>7}  at most")
        for line in lines:
            limit = "" if line.limit is None else f"{line.limit:g}"
            print(f"{line.name:<44} {line.first:10.2f} {line.second:10.2f} {line.ratio:7.2f}  {limit}")


if __name__ == "__main__":
    main()
