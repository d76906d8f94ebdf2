"""Directories to search: the real Integreat pages, and a directory in a real encrypted vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from kimdesk.services.offers import OfferService
from kimdesk.storage import Vault


@pytest.fixture
def service(vault: Vault) -> OfferService:
    """The empty directory of a new vault."""
    return OfferService(vault)


@pytest.fixture
def demo(service: OfferService) -> OfferService:
    """A directory that holds the small one that comes with the program."""
    service.install_directory()
    return service


@pytest.fixture(scope="session")
def german_pages(shared: Path) -> Path:
    """238 real pages of a district, German."""
    return shared / "data" / "integreat" / "lkaugsburg-de-pages.json"


@pytest.fixture(scope="session")
def english_pages(shared: Path) -> Path:
    """233 real pages of the same district, English."""
    return shared / "data" / "integreat" / "lkaugsburg-en-pages.json"


@pytest.fixture(scope="session")
def hsds_examples(shared: Path) -> Path:
    """The examples of the Human Services Data Specification 3.1."""
    return shared / "data" / "hsds-3.1" / "examples"
