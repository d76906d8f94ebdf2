"""What receiving costs beside plain inserts of the same rows, and how long the dashboard's pages take.

    python benchmarks/coordinator.py [--laptops 1500] [--quarters 8] [--postgresql URL] [--repetitions 5]

Every laptop's releases come in as sealed, signed bundles: opened, verified, checked, counted and answered with a
signed receipt, each in a transaction of its own, because each is acknowledged on its own. Beside it the very rows that
came of it are inserted into a second, empty database, again with one transaction per release. Then the pages are read
over HTTP by a browser that is logged in, the content being that of the first database.

Without `--postgresql` a private cluster is started where Debian's packages are installed (as the tests do), otherwise
PostgreSQL is left out with a word. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from nacl import pwhash
from sqlalchemy import Engine, delete, insert, select

from kimdesk.coordinator import commands, tables
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.desk import OfficeDesk
from kimdesk.coordinator.intake import Intake
from kimdesk.coordinator.limits import Rates
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.passphrases import HashCost, PassphraseHasher
from kimdesk.coordinator.server import Server
from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.bundle import Envelope, pack
from kimdesk.sync.protocol import DeviceIdentity, answer_invitation, read_invitation
from tests.coordinator import postgres
from tests.sync.support import HEAD, NOW, a_release

CHEAP = HashCost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
COMMUNES = ("05978004", "05978008", "05978012", "05978016", "05978020", "05978024", "05978028", "05978036")
KINDS_PER_QUARTER = 40
PAGES = (
    "/",
    "/?place=Nord",
    "/?place=05978024",
    "/?quarter=2",
    "/indicators/need",
    "/indicators/status",
    "/laptops",
    "/issues",
    "/gaps",
    "/admin",
    "/export?form=csv",
    "/export?form=xlsx",
)
LIMIT_SECONDS = 0.3


@dataclass
class Laptop:
    """A laptop that has joined."""

    sender: str
    identity: DeviceIdentity


def enrol(desk: OfficeDesk, intake: Intake, laptops: int, clock: FixedClock) -> list[Laptop]:
    """Return so many laptops that have joined, in different communes."""
    joined, valid = [], timedelta(days=14)
    for number in range(laptops):
        place = commands.Place(commune=COMMUNES[number % len(COMMUNES)])
        data = desk.invite(f"Fallmanagement {number:04d}", actor="benchmark", valid=valid, place=place)
        invitation, identity = read_invitation(data), DeviceIdentity.generate()
        intake.enrol(answer_invitation(invitation, identity, clock.now()))
        joined.append(Laptop(invitation.sender, identity))
    return joined


def canonical_releases(quarters: int) -> list[list[bytes]]:
    """Return real releases of made-up laptops, some per quarter: making one costs far more than receiving it."""
    periods = [(2026 - (7 - place) // 4, place % 4 + 1) for place in range(8)][-quarters:]
    return [
        [
            a_release(8 + 6 * kind // 4 + 3 * quarter, seed=kind, year=year, quarter=quarter).canonical_tables()
            for kind in range(KINDS_PER_QUARTER)
        ]
        for year, quarter in periods
    ]


def bundles(laptops: Sequence[Laptop], releases: list[list[bytes]], card: Any) -> Iterator[bytes]:
    """Yield every laptop's bundle of every quarter, quarter by quarter in mixed order."""
    chance = random.Random(1)
    for sequence, kinds in enumerate(releases, start=1):
        for number, laptop in enumerate(chance.sample(list(laptops), len(laptops))):
            content = kinds[number % len(kinds)]
            digest = hashlib.sha256(content).hexdigest()
            envelope = Envelope(laptop.sender, card.key_id, sequence, digest, HEAD, NOW)
            yield pack(envelope, content, laptop.identity, card)


def receive(intake: Intake, sealed: Sequence[bytes]) -> float:
    """Return the seconds it takes to receive every bundle."""
    start = time.perf_counter()
    for bundle in sealed:
        intake.receive(bundle)
    return time.perf_counter() - start


def rows_of(engine: Engine) -> tuple[dict[str, list[dict[str, Any]]], list[list[tuple[str, dict[str, Any]]]]]:
    """Return what has to be there first, and the rows of each release: bundle, figures and the line in the log."""
    first: dict[str, list[dict[str, Any]]] = {}
    with engine.connect() as connection:
        for table in (tables.senders, tables.layouts):
            first[table.name] = [dict(row._mapping) for row in connection.execute(select(table))]
        log = {
            (row.sender, row.sequence): dict(row._mapping)
            for row in connection.execute(select(tables.audit).where(tables.audit.c.action == "received"))
        }
        figures = {row.bundle: dict(row._mapping) for row in connection.execute(select(tables.releases))}
        each = []
        for row in connection.execute(select(tables.bundles).order_by(tables.bundles.c.id)):
            bundle = dict(row._mapping)
            line = {key: value for key, value in log[row.sender, row.sequence].items() if key != "id"}
            each.append([("bundles", bundle), ("releases", figures[row.id]), ("audit", line)])
    return first, each


def insert_plainly(engine: Engine, first: dict[str, list[dict[str, Any]]], each: Sequence[Any]) -> float:
    """Return the seconds it takes to insert the same rows, one transaction per release."""
    by_name = tables.metadata.tables
    with engine.begin() as connection:
        for name, rows in first.items():
            connection.execute(insert(by_name[name]), rows)
    statements = {name: insert(table) for name, table in by_name.items()}
    start = time.perf_counter()
    for rows in each:
        with engine.begin() as connection:
            for name, values in rows:
                connection.execute(statements[name], values)
    return time.perf_counter() - start


def log_in(client: httpx.Client, passphrase: str) -> None:
    """Log the browser in."""
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get("/login").text)
    assert token is not None
    fields = {"form_token": token.group(1), "name": "admin", "passphrase": passphrase}
    assert client.post("/login", data=fields).status_code == 303


def read_pages(folder: Path, passphrase: str, clock: FixedClock, hasher: PassphraseHasher, repetitions: int) -> None:
    """Print how long each page takes, the first time and in the median."""
    server = Server(folder, clock=clock, hasher=hasher, rates=Rates(10**9, 10**9, 10**9, 10**9)).start()
    with server, httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        log_in(client, passphrase)
        slowest = 0.0
        for page in PAGES:
            times, size = [], 0
            for _ in range(repetitions + 1):
                start = time.perf_counter()
                answer = client.get(page)
                times.append(time.perf_counter() - start)
                assert answer.status_code == 200, (page, answer.status_code)
                size = len(answer.content)
            median = statistics.median(times[1:])
            slowest = max(slowest, median) if not page.startswith("/export") else slowest
            mark = "" if median < LIMIT_SECONDS else "  over 300 ms"
            print(
                f"  {page:26} first {times[0] * 1000:6.0f} ms   median {median * 1000:6.0f} ms   {size:8} bytes{mark}"
            )
        print(f"  slowest page (without exports): {slowest * 1000:.0f} ms, allowed {LIMIT_SECONDS * 1000:.0f} ms")


def measure(name: str, place: Path, urls: tuple[str | None, str | None], arguments: argparse.Namespace) -> None:
    """Measure one database; `urls` are those of the office and of the plain copy, None for SQLite in a folder."""
    clock, hasher = FixedClock(NOW), PassphraseHasher(CHEAP)
    folders = (place / "office", place / "plain")
    made = [
        commands.init(
            folder, url="http://127.0.0.1", name="KI", district="unna", database_url=url, clock=clock, hasher=hasher
        )
        for folder, url in zip(folders, urls, strict=True)
    ]
    office = open_office(folders[0])
    engine, plain = (open_database(open_office(folder).database_url) for folder in folders)
    intake = Intake(office, engine, clock)
    laptops = enrol(OfficeDesk(office, engine, hasher, clock), intake, arguments.laptops, clock)
    sealed = list(bundles(laptops, canonical_releases(arguments.quarters), office.keys.card))
    received = receive(intake, sealed)
    first, each = rows_of(engine)
    assert len(each) == len(sealed), "each release counted once"
    with plain.begin() as connection:
        connection.execute(delete(tables.audit))
    inserted = insert_plainly(plain, first, each)
    print(f"{name}: {arguments.laptops} laptops x {arguments.quarters} quarters = {len(sealed)} releases")
    for what, seconds in (("received", received), ("inserted plainly", inserted)):
        print(f"  {what:17} {seconds:7.1f} s   {seconds / len(sealed) * 1000:6.2f} ms each")
    print(f"  ratio {received / inserted:.2f}, allowed 3")
    for each_engine in (engine, plain):
        each_engine.dispose()
    read_pages(folders[0], made[0].passphrase, clock, hasher, arguments.repetitions)


def main() -> None:
    """Run the benchmark on SQLite and, where there is one, on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laptops", type=int, default=1500)
    parser.add_argument("--quarters", type=int, default=8, choices=range(1, 9))
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument(
        "--postgresql", default=None, help="address of a server whose databases may be made and dropped"
    )
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kimdesk-bench-") as name, ExitStack() as stack:
        if arguments.only != "postgresql":
            measure("SQLite", Path(name) / "sqlite", (None, None), arguments)
        if arguments.only == "sqlite":
            return
        address = arguments.postgresql
        if address is None:
            reason = postgres.reason_to_skip()
            if reason is not None:
                print(f"PostgreSQL left out: {reason}")
                return
            address = stack.enter_context(postgres.cluster(durable=True))
        measure("PostgreSQL", Path(name) / "postgresql", postgres.two_databases(address), arguments)


if __name__ == "__main__":
    main()
