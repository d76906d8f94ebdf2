"""A real coordinator on a loopback socket, on SQLite and on PostgreSQL, with a clock that the tests move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from nacl import pwhash

from kimdesk.coordinator import commands
from kimdesk.coordinator.passphrases import HashCost, PassphraseHasher
from kimdesk.coordinator.server import Server
from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.transport import HttpTransport
from tests.coordinator import postgres
from tests.sync.support import NOW, Device

CHEAP = HashCost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)


@dataclass
class Office:
    """A running office as its administrator and its laptops see it."""

    folder: Path
    server: Server
    clock: FixedClock
    passphrase: str
    fingerprint: str

    @property
    def transport(self) -> HttpTransport:
        return HttpTransport([self.server.url])

    def invite(self, name: str = "Fallmanagement Lünen", *, valid_days: int = 14, replace: bool = False) -> bytes:
        return commands.invite(
            self.folder, name, addresses=[self.server.url], clock=self.clock, valid_days=valid_days, replace=replace
        )

    def device(self, name: str = "Fallmanagement Lünen") -> Device:
        """Return a laptop that was invited and has joined."""
        laptop = Device(self.invite(name), self.clock)
        laptop.enrol(self.transport)
        return laptop

    def browser(self, url: str | None = None) -> httpx.Client:
        return httpx.Client(base_url=url or self.server.url, trust_env=False)


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    reason = postgres.reason_to_skip()
    if reason is not None:
        pytest.skip(reason)
    with postgres.cluster() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    yield postgres.emptied(request.getfixturevalue("postgres_address"))


@pytest.fixture
def hasher() -> PassphraseHasher:
    return PassphraseHasher(CHEAP)


@pytest.fixture
def office(tmp_path: Path, database_url: str | None, hasher: PassphraseHasher) -> Iterator[Office]:
    clock = FixedClock(NOW)
    folder = tmp_path / "office"
    made = commands.init(
        folder,
        url="http://127.0.0.1",
        name="KI Kreis Unna",
        district="unna",
        database_url=database_url,
        clock=clock,
        hasher=hasher,
    )
    with commands.run_in_thread(folder, clock=clock, hasher=hasher) as server:
        yield Office(folder, server, clock, made.passphrase, made.fingerprint)
