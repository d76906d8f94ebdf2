"""The caseload as it stands on the day of the tests, generated once."""

from __future__ import annotations

from datetime import date

import pytest

from kimdesk.services.demo_caseload import Caseload, generate_caseload

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="session")
def caseload() -> Caseload:
    """Return the demonstration caseload of 20 November 2026."""
    return generate_caseload(TODAY)
