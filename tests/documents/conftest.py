"""Handouts printed once per test run, and the tools that read them back."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from kimdesk.documents.fonts import FontBook, FontMissing
from kimdesk.documents.letterhead import Letterhead
from kimdesk.documents.papers.offer_sheet import OfferSheet
from tests.documents.samples import SAMPLES
from tools.catalogues import compile_all


@pytest.fixture(scope="session", autouse=True)
def compiled_catalogues() -> None:
    """Compile the handout texts where `make` has not done it yet."""
    compile_all()


@pytest.fixture(scope="session")
def fonts() -> FontBook:
    """The machine's fonts; skips where Arabic or Ethiopic cannot be printed."""
    book = FontBook()
    for character in "aЖعሀ":
        try:
            book.face_for(character)
        except FontMissing as missing:
            pytest.skip(str(missing))
    return book


@pytest.fixture(scope="session")
def poppler(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """A function that runs one of poppler's tools on a PDF: ``poppler("pdftotext", pdf, "-layout")``."""
    folder = tmp_path_factory.mktemp("pdf")

    def run(tool: str, pdf: bytes, *options: str) -> bytes:
        program = shutil.which(tool)
        if program is None:
            pytest.skip(f"{tool} is not here: install the package poppler-utils")
        path = folder / "page.pdf"
        path.write_bytes(pdf)
        # pdftoppm writes to standard output where no name is given, pdftotext where it is a hyphen.
        target = ["-"] if tool == "pdftotext" else []
        done = subprocess.run([program, *options, str(path), *target], capture_output=True, check=True)
        assert not done.stderr, done.stderr.decode()
        return done.stdout

    return run


@pytest.fixture(scope="session")
def letterhead() -> Letterhead:
    """An office with a logo."""
    logo = io.BytesIO()
    Image.new("RGB", (300, 100), (10, 92, 99)).save(logo, "PNG")
    return Letterhead(
        "Kreis Unna – Kommunales Integrationszentrum",
        ("Fallmanagement KIM", "Hansastraße 4", "59425 Unna"),
        ("Telefon 02303 27-1234", "kim@kreis-unna.de"),
        logo.getvalue(),
    )


@pytest.fixture(scope="session")
def sheet() -> OfferSheet:
    """An offer sheet with every field, names, numbers and times among the Arabic, and a missing translation."""
    found = SAMPLES["offer-sheet"]
    assert isinstance(found, OfferSheet)
    return found


def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[2]
