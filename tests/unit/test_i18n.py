"""Languages: catalogues, errors as sentences, dates, numbers, direction."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from kimdesk import i18n
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import catalogues, direction, formats


@pytest.fixture
def english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small English catalogue in place of the program's own."""
    catalogue = Catalog(locale="en")
    catalogue.add("Datei", "file")
    catalogue.add("Die {thing} fehlt.", "The {thing} is missing.")
    catalogue.add(("in {n} Tag", "in {n} Tagen"), ("in {n} day", "in {n} days"))
    place = tmp_path / "en" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "kimdesk.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(catalogues, "translations_folder", lambda: tmp_path)
    i18n.install("en")


def test_german_is_the_source_and_needs_no_catalogue() -> None:
    assert i18n.language() == "de"
    assert i18n._("Datei") == "Datei"
    assert i18n.ngettext("in {n} Tag", "in {n} Tagen", 2) == "in {n} Tagen"


@pytest.mark.usefixtures("english")
def test_the_installed_language_is_used() -> None:
    assert i18n._("Datei") == "file"
    assert i18n.ngettext("in {n} Tag", "in {n} Tagen", 1) == "in {n} day"


@pytest.mark.usefixtures("english")
def test_a_text_without_translation_stays_german() -> None:
    assert i18n._("Ein neuer Text") == "Ein neuer Text"


@pytest.mark.usefixtures("english")
def test_an_empty_text_is_not_the_catalogue_s_header() -> None:
    assert i18n._("") == ""


@pytest.mark.usefixtures("english")
def test_a_known_error_is_told_with_its_words_translated() -> None:
    assert i18n.render_error(KnownError("Die {thing} fehlt.", thing="Datei")) == "The file is missing."


def test_braces_in_a_parameter_are_only_text() -> None:
    assert i18n.render_error(KnownError("Die {thing} fehlt.", thing="{x}")) == "Die {x} fehlt."


def test_an_error_that_lacks_a_parameter_is_still_told() -> None:
    assert i18n.render_error(KnownError("Die {thing} fehlt.")) == "Die {thing} fehlt."


def test_dates_as_the_office_writes_them() -> None:
    day = date(2026, 3, 5)
    assert formats.short_date(day) == "05.03.2026"
    assert formats.short_date(None) == ""
    assert formats.short_date(day, "en") == "5 Mar 2026"
    assert formats.long_date(day) == "Donnerstag, 5. März 2026"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29.03.2026, 01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29.03.2026, 03:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25.10.2026, 02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25.10.2026, 02:30"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "01.01.2027, 00:30"),
    ],
)
def test_moments_are_told_in_the_office_s_time(moment: datetime, text: str) -> None:
    assert formats.moment(moment) == text


def test_moments_of_another_language_have_minutes_but_no_seconds() -> None:
    assert formats.moment(datetime(2026, 10, 25, 1, 30, 9, tzinfo=UTC), "en") == "25 Oct 2026, 02:30"


@pytest.mark.parametrize(
    ("value", "language", "text"), [(1234.56, "de", "1.234,6"), (1234.56, "en", "1,234.6"), (149, "de", "149")]
)
def test_numbers(value: float, language: str, text: str) -> None:
    assert formats.number(value, language) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "heute"), (1, "morgen"), (-1, "seit gestern"), (2, "in 2 Tagen"), (-3, "seit 3 Tagen")],
)
def test_deadlines_in_words(days: int, text: str) -> None:
    today = date(2026, 12, 31)
    assert formats.relative_day(date.fromordinal(today.toordinal() + days), today) == text


@pytest.mark.parametrize("code", ["de", "de_simple", "en", "uk", "ar", "fa", "fa_AF", "ku", "ti", "tr"])
def test_every_language_of_a_handout_can_write_a_date(code: str) -> None:
    assert formats.short_date(date(2026, 3, 5), code)
    assert formats.long_date(date(2026, 3, 5), code)


def test_direction() -> None:
    assert direction.is_right_to_left("ar") and direction.is_right_to_left("fa_AF")
    assert not direction.is_right_to_left("tr") and not direction.is_right_to_left("ti")
    assert direction.isolate("Unna") == "\u2068Unna\u2069"
    assert direction.isolate("02303 27-0", left_to_right=True) == "\u206602303 27-0\u2069"
