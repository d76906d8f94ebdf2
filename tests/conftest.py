"""What every test may rely on: a screenless Qt, a home of its own, German texts, a quiet log."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from kimdesk import i18n
from kimdesk.foundation.clock import FixedClock

if TYPE_CHECKING:
    from kimdesk.storage import KeyDerivation, Vault

# Before anything imports Qt: a test never opens a window on somebody's screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run: a red test is red on every machine. KIMDESK_EXPLORE=1 looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "explore", deadline=None, max_examples=1000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("explore" if os.environ.get("KIMDESK_EXPLORE") else "steady")


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test read or write the data, settings or logs of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in [name for name in os.environ if name.startswith("KIMDESK_") and name != "KIMDESK_EXPLORE"]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    """Start every test in the source language, whatever the one before has installed."""
    i18n.install("de")
    yield
    i18n.install("de")


@pytest.fixture(autouse=True)
def _quiet_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which the program logs a warning or an error that nobody announced with `expects_log`."""
    yield
    if request.node.get_closest_marker("expects_log") is not None:
        return
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    unexpected = [
        f"{record.name}: {record.getMessage()}"
        for record in records
        if record.levelno >= logging.WARNING and record.name.partition(".")[0] == "kimdesk"
    ]
    assert not unexpected, f"unexpected log records: {unexpected}"


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at 20 November 2026, 09:30 in Unna."""
    return FixedClock(datetime(2026, 11, 20, 8, 30, tzinfo=UTC))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The specifications and real data beside the checkout; the test is skipped where they are absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder `shared` with the real data is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def cheap_kdf() -> KeyDerivation:
    """Return a key derivation of a few milliseconds with a floor of its own; the program never makes one like it."""
    from kimdesk.storage import Cost, KeyDerivation  # here, so that rooms without a vault run without its libraries

    cheapest = Cost(1024 * 1024, 1)
    return KeyDerivation(cheapest, cheapest, Cost(64 * 1024 * 1024, 3), calibrated=False)


@pytest.fixture
def passphrase() -> str:
    """Return the passphrase of `vault`."""
    return "Apfel Brücke Segel Laterne"


@pytest.fixture
def vault(tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str) -> Iterator[Vault]:
    """Give an open, empty vault in ``tmp_path / "Tresor"``; it is closed at the end."""
    from kimdesk.storage import create_vault  # as above

    with create_vault(tmp_path / "Tresor", passphrase, name="Fallakten", clock=clock, kdf=cheap_kdf).vault as vault:
        yield vault
