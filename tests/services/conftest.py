"""A desk on a real vault, and a real coordinating office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import Vault
from tests.services.support import CoordinatingOffice, running_office


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[CoordinatingOffice]:
    """Give a running office of the Kreis Unna."""
    with running_office(tmp_path / "office", clock) as office:
        yield office


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    """Return the services of an open, empty vault."""
    return build_desk(vault, clock)
