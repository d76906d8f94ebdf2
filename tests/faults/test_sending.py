"""Faults 14, 15 and 16: a real vault's releases reach a real office exactly once, over a bad network or stick."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from kimdesk.coordinator import commands
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.errors import FolderUnwritable
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.tables import quarantine, releases
from kimdesk.foundation.clock import FixedClock
from kimdesk.foundation.errors import KnownError
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.pushes import OutboxState
from kimdesk.storage import Vault, create_vault
from kimdesk.storage import releases as store
from kimdesk.sync.protocol import BUNDLES_PATH, FolderUnreadable
from tests.faults.conftest import Note
from tests.faults.harness import NOW, short_and_long, small_disk, why_no_mounts
from tests.faults.proxy import unreliable_network
from tests.faults.worker import CHEAP_KDF, PASSPHRASE
from tests.services.support import CoordinatingOffice, add_cases, running_office

RELEASES, ROUNDS = 11, 12
NO_MOUNTS = why_no_mounts()


@contextmanager
def laptop(place: Path) -> Iterator[tuple[Vault, Desk]]:
    """Give a laptop with some cases."""
    clock = FixedClock(NOW)
    with create_vault(place, PASSPHRASE, name="Fallakten", clock=clock, kdf=CHEAP_KDF).vault as vault:
        desk = build_desk(vault, clock)
        add_cases(desk, 12)
        yield vault, desk


def invite(office: CoordinatingOffice, name: str, address: str) -> bytes:
    return commands.invite(office.folder, name, addresses=[address], clock=office.clock)


def release_all(desk: Desk, number: int = RELEASES) -> None:
    """Make releases of that many quarters up to the last one that is over."""
    quarters = [(year, quarter) for year in range(2024, 2027) for quarter in (1, 2, 3, 4)]
    for year, quarter in quarters[:number]:
        desk.figures.create_release(year, quarter)


def counted(office: CoordinatingOffice) -> list[tuple[str, int]]:
    """Return (laptop, number) of everything in the sums, a double one twice."""
    engine = open_database(open_office(office.folder).database_url)
    with engine.begin() as connection:
        assert connection.execute(select(quarantine.c.id)).all() == []
        rows = connection.execute(select(releases.c.sender, releases.c.sequence)).all()
    engine.dispose()
    return sorted((row.sender, row.sequence) for row in rows)


def rows_of(vault: Vault) -> tuple[store.OutboxRow, ...]:
    with vault.reader() as connection:
        return store.list_outbox(connection)


def send_until_done(desk: Desk) -> int:
    """Send again and again as the user would, by hand and by itself; return how often it took."""
    for attempt in range(1, 500):
        report = desk.pushes.send(force=attempt % 3 == 0).value
        if report.done:
            return attempt
        assert isinstance(desk.clock, FixedClock)
        desk.clock.advance(timedelta(minutes=17))
    raise AssertionError("the releases never arrived")


def exactly_once(office: CoordinatingOffice, vault: Vault, desk: Desk) -> None:
    """Every release is counted once, and the laptop holds a receipt for each."""
    sender = desk.pushes.require_enrolment().sender
    assert [number for name, number in counted(office) if name == sender] == [row.sequence for row in rows_of(vault)]
    assert {row.state for row in rows_of(vault)} == {OutboxState.RECEIVED}
    assert all(row.receipt for row in rows_of(vault))


def carry_over_a_bad_network(
    place: Path, seed: int, number: int, delay_seconds: float = 0.0
) -> tuple[Counter[str], int]:
    """Enrol and send over a network that the seed spoils; return what it did and how many attempts it took."""
    with (
        running_office(place / "office", FixedClock(NOW)) as office,
        laptop(place / "Tresor") as (vault, desk),
        unreliable_network(office.server.url, random.Random(seed), delay_seconds=delay_seconds) as network,
    ):
        invitation = invite(office, "Fallmanagement Lünen", network.url)
        for _ in range(200):
            try:
                if desk.pushes.enrol(invitation).value.confirmed:
                    break
            except KnownError:
                continue
        release_all(desk, number)
        attempts = send_until_done(desk)
        exactly_once(office, vault, desk)
    return network.happened, attempts


@pytest.mark.fault(14)
def test_releases_get_through_a_bad_network_once(tmp_path: Path) -> None:
    happened, attempts = carry_over_a_bad_network(tmp_path, 141, 3)
    assert attempts > 1
    assert happened.total() > happened["passed"]


@pytest.mark.faults_long
@pytest.mark.fault(14)
def test_hundreds_of_connections_are_spoiled(tmp_path: Path, note: Note) -> None:
    happened: Counter[str] = Counter()
    for seed in range(ROUNDS):
        happened += carry_over_a_bad_network(tmp_path / str(seed), seed, RELEASES, delay_seconds=2.0)[0]
    assert all(happened[fate] for fate in ("delayed", "reset in the answer", "lost after the office had it"))
    lost = sum(number for fate, number in happened.items() if "lost" in fate or "refused" in fate)
    note(
        f"enrolling and {ROUNDS * RELEASES} releases; {100 * lost // happened.total()} % of connections lost, "
        "resets in both bodies, 500, 502, 2 s delays, doubled requests",
        happened.total(),
        f"accepted exactly once: {ROUNDS * RELEASES} of {ROUNDS * RELEASES}; "
        + ", ".join(f"{fate} {number}" for fate, number in happened.most_common()),
    )


@pytest.mark.fault(15)
@short_and_long("number", 2, RELEASES)
def test_whatever_is_repeated_or_comes_late_counts_once(tmp_path: Path, number: int, note: Note) -> None:
    dice = random.Random(15)
    stick = tmp_path / "Stick"
    stick.mkdir()
    clock = FixedClock(NOW)
    deliveries = 0
    with running_office(tmp_path / "office", clock) as office:
        sealed: list[bytes] = []
        with laptop(tmp_path / "eins") as (first, one), laptop(tmp_path / "zwei") as (second, two):
            for desk, name in ((one, "Lünen"), (two, "Bergkamen")):
                desk.pushes.enrol(invite(office, name, office.server.url))
                release_all(desk, number)
            sealed = [row.sealed for vault in (first, second) for row in rows_of(vault)]
            # Each several times, in any order, many at the same moment; none of it by the program that made them.
            many = sealed * 12
            dice.shuffle(many)
            with httpx.Client(base_url=office.server.url, trust_env=False) as client, ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda body: (body, client.post(BUNDLES_PATH, content=body)), many))
            deliveries += len(many)
            receipts: dict[bytes, set[bytes]] = {}
            for body, answer in answers:
                assert answer.status_code == 200
                receipts.setdefault(body, set()).add(answer.content)
            assert {len(each) for each in receipts.values()} == {1}
            # And again a year later on a stick, under other names.
            clock.advance(timedelta(days=365))
            for place, body in enumerate(sealed * 2):
                (stick / f"kim-meldung-Kopie {place}.kimdesk").write_bytes(body)
            report = commands.receive(office.folder, stick, clock=clock)
            assert (report.counted, report.repeated, report.held_back) == (0, 2 * len(sealed), 0)
            deliveries += 2 * len(sealed)
            for vault, desk in ((first, one), (second, two)):
                assert desk.pushes.send().value.done
                exactly_once(office, vault, desk)
            assert len(counted(office)) == len(sealed)
    note(
        "copies in any order, eight at a time, and a year later on a stick under other names",
        deliveries,
        f"double counts 0 of {len(sealed)} releases; each copy got the same receipt",
    )


@pytest.mark.fault(16)
@pytest.mark.skipif(NO_MOUNTS is not None, reason=NO_MOUNTS or "")
@short_and_long("rounds", 1, ROUNDS)
def test_a_stick_that_is_pulled_out_read_only_or_full_loses_nothing(tmp_path: Path, rounds: int, note: Note) -> None:
    steps = 0
    happened: Counter[str] = Counter()
    for seed in range(rounds):
        dice = random.Random(seed)
        place = tmp_path / str(seed)
        place.mkdir()
        with (
            small_disk(place / "Stick", 512) as stick,
            running_office(place / "office", FixedClock(NOW)) as office,
            laptop(place / "Tresor") as (vault, desk),
        ):
            desk.pushes.enrol(invite(office, "Fallmanagement Lünen", office.server.url))
            release_all(desk)
            is_in = True
            for _ in range(40):
                steps += 1
                step = dice.choice(("pulled out", "read-only", "full", "room", "laptop", "laptop", "office", "office"))
                happened[step] += 1
                if step == "pulled out":
                    if is_in:
                        stick.pull_out()
                    is_in = False
                elif step in ("laptop", "office"):
                    work(step, desk, office, stick.place, happened)
                else:
                    if is_in:
                        stick.pull_out()
                    stick.plug_in()
                    is_in = True
                    stick.make_room() if step == "room" else None
                    stick.fill(leave_kibibytes=dice.choice((0, 4, 16, 40))) if step == "full" else None
                    stick.make_read_only() if step == "read-only" else None
            if is_in:
                stick.pull_out()
            stick.plug_in()
            stick.make_room()
            desk.pushes.send(folder=stick.place)
            commands.receive(office.folder, stick.place, clock=office.clock)
            assert desk.pushes.send(folder=stick.place).value.done
            exactly_once(office, vault, desk)
            assert [path.name for path in stick.place.iterdir() if path.name.endswith(".tmp")] == []
    assert rounds == 1 or (happened["laptop stopped"] and happened["office stopped"])
    note(
        f"{rounds * RELEASES} releases on sticks pulled out ({happened['pulled out']}), "
        f"read-only ({happened['read-only']}), full ({happened['full']})",
        steps,
        f"lost 0; told so {happened['laptop stopped']} times at the laptop, {happened['office stopped']} at the office",
    )


def work(who: str, desk: Desk, office: CoordinatingOffice, stick: Path, happened: Counter[str]) -> None:
    """Let the laptop send to the stick or the office read it, whatever state it is in."""
    if who == "laptop":
        happened["laptop stopped"] += desk.pushes.send(folder=stick).value.problem is not None
        return
    try:
        commands.receive(office.folder, stick, clock=office.clock)
    except (FolderUnreadable, FolderUnwritable):
        happened["office stopped"] += 1
