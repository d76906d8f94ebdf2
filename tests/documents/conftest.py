"""Handouts printed once per test run, and the tools that read them back."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PIL import Image

from kimdesk.documents.fonts import FontBook, FontMissing
from kimdesk.documents.letterhead import Letterhead
from kimdesk.documents.note import Note
from kimdesk.documents.offer_sheet import OfferSheet
from kimdesk.foundation.resources import translations_folder

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="session", autouse=True)
def compiled_catalogues() -> None:
    """Compile the handout texts where `make` has not done it yet."""
    for source in translations_folder().glob("*/LC_MESSAGES/handouts.po"):
        target = source.with_suffix(".mo")
        if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as po, target.open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.parent.parent.name))


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


GREETINGS = {
    "de": "Guten Tag, bitte rufen Sie uns an.",
    "en": "Good morning, please call us.",
    "uk": "Доброго дня, будь ласка, зателефонуйте нам.",
    "ar": "صباح الخير، يرجى الاتصال بنا.",
    "fa": "روز بخیر، لطفا با ما تماس بگیرید.",
    "ti": "ከመይ ሓዲርኩም፡ በጃኹም ደውሉልና።",
    "tr": "İyi günler, lütfen bizi arayınız.",
}

MIXED_ARABIC = (
    "لدى مركز Kommunales Integrationszentrum (KIM) في Unna: اتصلوا بالسيدة Müller على 02307 9248872 من 9:00–12:30 Uhr."
)


@pytest.fixture(scope="session")
def sheet() -> OfferSheet:
    """An offer sheet with every field, names, numbers and times among the Arabic, and a missing translation."""
    return OfferSheet(
        title={code: text.split(",")[0].split("،")[0] for code, text in GREETINGS.items()},
        provider="AWO Kreis Unna e.V. (MBE)",
        description=GREETINGS | {"ar": f"{GREETINGS['ar']}\n\n{MIXED_ARABIC}\n- {GREETINGS['ar']}"},
        admission={"de": "Für alle ab 27 Jahren mit Duldung (§ 60a AufenthG)."},
        address="Unnaer Straße 29a\n59174 Kamen",
        phone="02307 9248872",
        email="mbe@awo.example",
        web="www.awo.example/migration/" + "beratung-" * 12,
        opening_hours={"de": "Mo–Fr 9:00–12:30 Uhr", "ar": "من الإثنين إلى الجمعة 9:00–12:30 Uhr (KIM)"},
        cost={"de": "kostenlos"},
        languages_spoken=("de", "ar", "ti", "Romanes"),
        next_step=GREETINGS,
        contact="Frau Schröder\n02303 27-1234",
    )


@pytest.fixture(scope="session")
def note() -> Note:
    """A note in every language, long enough for a second page."""
    return Note(
        title="Ihre Unterlagen",
        text_by_language={code: "\n\n".join([text, f"- {text}"] * 40) for code, text in GREETINGS.items()},
        contact="Frau Schröder",
    )


def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[2]
