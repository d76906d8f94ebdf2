"""Imports in steps: preview, apply, undo, review of what is gone, tables with their mapping."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from kimdesk.domain.vocabulary import LegalDomain, LifeArea, ResidenceStatus
from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.columns import Column, guess_columns
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.hours_text import parse_hours
from kimdesk.offers.integreat_locations import read_locations
from kimdesk.offers.parts import Weekday
from kimdesk.offers.readers import OfferFormat
from kimdesk.offers.staging import Verdict
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.offer_imports import ImportGone
from kimdesk.storage import Vault


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    return build_desk(vault, clock)


def service(number: int, **changes: Any) -> dict[str, Any]:
    """Return a small HSDS service."""
    record = {"id": f"s{number}", "name": f"Sprachkurs {number}", "status": "active", "description": "Deutsch lernen"}
    return {**record, **changes}


def write(path: Path, *services: dict[str, Any]) -> Path:
    path.write_text(json.dumps(services), encoding="utf-8")
    return path


def titles(desk: Desk) -> list[str]:
    return [row.title for row in desk.offers.browse().rows]


def test_a_preview_names_what_would_happen_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    desk.offer_imports.import_file(write(path, service(1), service(2), service(3)), "hsds", collection="kreis")
    second = write(path, service(1), service(2, wait_time="8 Wochen", name="Schreibkurs 2"), service(4), {"name": "x"})
    preview = desk.offer_imports.begin(second, "hsds", collection="kreis").run()
    assert preview.counts == {
        Verdict.ADDED: 1,
        Verdict.CHANGED: 1,
        Verdict.UNCHANGED: 1,
        Verdict.MISSING: 1,
        Verdict.REFUSED: 1,
    }
    changed = next(row for row in preview.rows if row.verdict is Verdict.CHANGED)
    assert set(changed.details) == {"title", "waiting_time", "waiting_weeks"}
    assert [row.title for row in preview.rows if row.verdict is Verdict.MISSING] == ["Sprachkurs 3"]
    assert titles(desk) == ["Sprachkurs 1", "Sprachkurs 2", "Sprachkurs 3"]
    desk.offer_imports.discard(preview.id)
    with pytest.raises(ImportGone):
        desk.offer_imports.apply(preview.id)
    assert titles(desk) == ["Sprachkurs 1", "Sprachkurs 2", "Sprachkurs 3"]


def test_nothing_leaves_without_review_and_undo_brings_everything_back(desk: Desk, tmp_path: Path) -> None:
    imports, path = desk.offer_imports, tmp_path / "a.json"
    imports.import_file(write(path, service(1), service(2), service(3)), "hsds", collection="kreis")
    first, second = (desk.offers.search(f"Sprachkurs {number}")[0].id for number in (1, 2))
    desk.offer_care.note(second, "Tür links")
    before = desk.offer_exports.export("hsds")
    new = write(path, service(1, name="Nähkurs 1"), service(4))
    assert imports.import_file(new, "hsds", collection="kreis").removed == 0
    assert titles(desk) == ["Nähkurs 1", "Sprachkurs 2", "Sprachkurs 3", "Sprachkurs 4"]
    preview = imports.begin(new, "hsds", collection="kreis").run()
    assert imports.apply(preview.id, [second]).removed == 1
    assert titles(desk) == ["Nähkurs 1", "Sprachkurs 3", "Sprachkurs 4"]
    assert "Sprachkurs 2" not in [hit.title for hit in desk.offers.search("Sprachkurs")]
    # A case that names it can still show it.
    assert desk.offers.get(second).offer.title == "Sprachkurs 2"
    assert imports.undo() == 1
    assert titles(desk) == ["Nähkurs 1", "Sprachkurs 2", "Sprachkurs 3", "Sprachkurs 4"]
    assert "Sprachkurs 2" in [hit.title for hit in desk.offers.search("Sprachkurs")]
    with pytest.raises(ImportGone):
        imports.undo()
    imports.import_file(
        write(path, service(1), service(2), service(3)), "hsds", collection="kreis", remove_missing=True
    )
    assert desk.offer_exports.export("hsds") == before
    assert desk.offer_care.mark(second).note == "Tür links"
    assert desk.offers.get(first).offer.title == "Sprachkurs 1"


def test_undo_restores_text_translations_keys_and_index(desk: Desk, tmp_path: Path) -> None:
    def page(language: str, key: str, title: str, **linked: str) -> dict[str, Any]:
        links = {code: {"path": f"/kreis/{code}/{other}/"} for code, other in linked.items()}
        return {
            "id": 1, "path": f"/kreis/{language}/{key}/", "title": title, "content": f"<p>{title}</p>",
            "available_languages": links,
        }  # fmt: skip

    path = tmp_path / "p.json"
    desk.offer_imports.import_file(write(path, page("de", "a", "Schwimmkurs", en="b")), "integreat")
    before = desk.offer_exports.export("hsds")
    english = write(path, page("en", "b", "Swimming"), page("en", "c", "Sewing"))
    desk.offer_imports.import_file(english, "integreat")
    assert [hit.title for hit in desk.offers.search("swimming")] == ["Schwimmkurs"]
    assert desk.offer_imports.undo() == 2
    assert desk.offer_exports.export("hsds") == before
    assert desk.offers.search("swimming") == desk.offers.search("sewing") == ()
    assert desk.offer_imports.import_file(english, "integreat").added == 1


def test_an_unfinished_import_is_swept_away_by_the_next(desk: Desk, tmp_path: Path) -> None:
    many = write(tmp_path / "a.json", *(service(number) for number in range(250)))
    steps = desk.offer_imports.begin(many, "hsds")
    assert steps.step() is None
    assert (steps.progress, desk.offers.count()) == ((100, 250), 0)
    other = desk.offer_imports.begin(write(tmp_path / "b.json", service(1)), "hsds").run()
    with pytest.raises(ImportGone):
        desk.offer_imports.apply(steps.id)
    assert desk.offer_imports.apply(other.id).added == 1


TABLE = {
    "Angebotsname": "Sprachtreff",
    "Träger": "AWO",
    "Kurzbeschreibung": "Üben ohne Druck",
    "Handlungsfeld": "Sprache; Wohnen",
    "Stadt/Gemeinde": "Lünen, Stadt Unna, Mond",
    "Aufenthaltstitel": "Duldung (§ 60a AufenthG)",
    "Sprechzeiten": "Mo–Do 9–12 Uhr und 14–16 Uhr; Fr nach Vereinbarung",
    "Sprachen": "Arabisch, Ukrainisch",
    "Tel.": "02306 123",
    "Mindestalter": "ab 16 Jahren",
    "Warteliste": "6",
    "Rollstuhlgerecht": "ja",
    "Interne Nummer": "A-17",
}
HEADING, ROW = list(TABLE), list(TABLE.values())


def workbook(path: Path, *rows: list[str]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_read_by_its_headings_and_the_mapping_is_remembered(desk: Desk, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"Liste.{kind}"
    if kind == "csv":
        lines = (";".join(f'"{cell}"' for cell in row) for row in (HEADING, ROW))
        path.write_bytes("\r\n".join(lines).encode("cp1252"))
    else:
        workbook(path, list(HEADING), list(ROW))
    view = desk.offer_imports.look_at_sheet(path)
    assert view.columns == (
        Column.TITLE, Column.PROVIDER, Column.SUMMARY, Column.LIFE_AREAS, Column.COMMUNES, Column.ADMITTED_STATUSES,
        Column.OPENING_HOURS, Column.LANGUAGES, Column.PHONE, Column.MINIMUM_AGE, Column.WAITING_TIME,
        Column.ACCESSIBILITY, None,
    )  # fmt: skip
    chosen = [*view.columns[:-1], Column.KEY]
    preview = desk.offer_imports.begin(path, kind, collection="Liste der AWO", columns=chosen).run()
    report = desk.offer_imports.apply(preview.id)
    assert (report.added, [one.sentence() for one in report.notices]) == (
        1,
        ["„Mond“ wird in der Spalte „Kommunen“ nicht verstanden und wurde ausgelassen."],
    )
    offer = desk.offers.get(desk.offers.search("Sprachtreff")[0].id).offer
    facts = offer.facts
    assert (offer.collection, offer.external_id, facts.provider) == ("Liste der AWO", "A-17", "AWO")
    assert facts.life_areas == (LifeArea.LANGUAGE, LifeArea.HOUSING)
    assert facts.communes == ("05978024", "05978036")
    assert facts.admitted_statuses == (ResidenceStatus.TOLERATION,)
    assert facts.languages == ("ar", "uk")
    assert (facts.minimum_age, facts.waiting_weeks) == (16, 6)
    assert [(one.days, one.note) for one in facts.schedules[::2]] == [
        (tuple(Weekday)[:4], ""),
        ((), "Fr nach Vereinbarung"),
    ]
    again = desk.offer_imports.look_at_sheet(path)
    assert (again.columns[-1], again.collection) == (Column.KEY, "Liste der AWO")
    assert desk.offer_imports.import_file(path, kind).unchanged == 1


def test_a_table_without_a_title_and_a_bad_row_are_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Farbe;Form\nrot;rund\n", encoding="utf-8")
    with pytest.raises(OfferFileError, match="„Titel“"):
        desk.offer_imports.import_file(path, "csv")
    path.write_text("Titel;Alter ab;Alter bis\nKurs;20;10\n;;\n;5;\nTreff;;\n", encoding="utf-8")
    report = desk.offer_imports.import_file(path, "csv")
    assert (report.added, [one.record for one in report.refused]) == (1, ["2: Kurs", "4"])


def test_an_exported_table_comes_back_as_it_was_and_runs_no_formula(desk: Desk, tmp_path: Path) -> None:
    desk.offers.install_directory()
    danger = service(1, name="=HYPERLINK(1)", description="@SUM", organization={"id": "o", "name": "-Träger"})
    desk.offer_imports.import_file(write(tmp_path / "a.json", danger), "hsds")
    book = load_workbook(BytesIO(desk.offer_exports.export("xlsx")))
    texts = [cell for row in book.worksheets[0].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"}
    assert not [cell.value for cell in texts if str(cell.value).startswith(("=", "+", "-", "@"))]
    before = {row.title: desk.offers.get(row.id).offer for row in desk.offers.browse(100).rows}
    path = tmp_path / "Export.csv"
    path.write_bytes(desk.offer_exports.export(OfferFormat.CSV))
    report = desk.offer_imports.import_file(path, "csv")
    assert (report.added, report.refused, report.notices) == (len(before), (), ())
    copies = [desk.offers.get(row.id).offer for row in desk.offers.browse(200).rows]
    for copy in (one for one in copies if one.source == "table"):
        offer = before[copy.title]
        assert replace(copy.text, keywords=(), category=()) == replace(offer.text, keywords=(), category=())
        for name in ("provider", "status", "life_areas", "legal_domains", "all_communes", "cost", "minimum_age",
                     "childcare", "domain_bound", "waiting_time", "required_documents", "all_emails"):  # fmt: skip
            assert getattr(copy.facts, name) == getattr(offer.facts, name), (copy.title, name)
    assert LegalDomain.FREE in {one for copy in copies for one in copy.facts.legal_domains}


def test_a_workbook_that_unpacks_to_no_end_is_not_opened(desk: Desk, tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", ["Titel"], ["Kurs"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 60_000_000)
    with pytest.raises(OfferFileError, match="aus Vorsicht"):
        desk.offer_imports.look_at_sheet(path)


def test_xml_with_entities_is_not_expanded(desk: Desk, tmp_path: Path) -> None:
    good = workbook(tmp_path / "g.xlsx", ["Titel"], ["Kurs"])
    bad = tmp_path / "x.xlsx"
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;">]>'
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode("utf-8")
            target.writestr(name, bomb + text.split("?>")[-1] if name == "xl/workbook.xml" else text)
    with pytest.raises(OfferFileError, match="lässt sich nicht lesen"):
        desk.offer_imports.look_at_sheet(bad)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Mo-Fr 8-12", [("MO TU WE TH FR", "08:00", "12:00")]),
        ("Montag bis Donnerstag 9.30 – 16 Uhr", [("MO TU WE TH", "09:30", "16:00")]),
        ("Di + Do 14:00-18:00 Uhr, Fr 8–12 Uhr", [("TU TH", "14:00", "18:00"), ("FR", "08:00", "12:00")]),
        ("Sa–Mo 10–12", [("MO SA SU", "10:00", "12:00")]),
        ("Mo 8–12, außer in den Ferien", []),
        ("Mo 12–8", []),
    ],
)
def test_opening_hours_are_understood_or_left_as_words(words: str, lines: list[tuple[str, str, str]]) -> None:
    found = parse_hours(words)
    timed = [(" ".join(one.days), f"{one.opens:%H:%M}", f"{one.closes:%H:%M}") for one in found if one.opens]
    assert timed == lines
    assert lines or [one.note for one in found] == [words]


def test_integreat_places_bring_address_and_hours() -> None:
    closed = {"allDay": False, "closed": True, "timeSlots": [], "appointmentOnly": False}
    day = {**closed, "closed": False, "timeSlots": [{"start": "08:00", "end": "12:00"}]}
    asked = {**closed, "closed": False, "appointmentOnly": True}
    place = {
        "id": 7, "path": "/unna/de/locations/rathaus/", "title": "Rathaus &amp; Bürgerbüro", "content": "<p>Hilfe</p>",
        "location": {"name": "Rathaus", "address": "Markt 1", "town": "Unna", "postcode": "59423", "latitude": 51.5},
        "opening_hours": [day, day, asked, closed, closed, closed, closed],
        "available_languages": {}, "website": "https://unna.example.org", "phone_number": "02303 1",
        "temporarily_closed": False, "barrier_free": True, "email": None,
    }  # fmt: skip
    (offer,) = read_locations([place]).offers
    facts = offer.facts
    assert (offer.title, facts.addresses[0].line()) == ("Rathaus & Bürgerbüro", "Rathaus, Markt 1, 59423 Unna")
    assert facts.opening_hours == ("Mo, Di 08:00–12:00", "Mi: nur mit Termin")
    assert read_locations([place, place]).refused[0].record == "/unna/de/locations/rathaus/"
    assert [one.sentence() for one in read_locations([{**place, "opening_hours": 5}]).refused] == [
        "Das Feld „opening_hours“ hat die falsche Form."
    ]


def test_headings_in_another_order_or_language_find_their_field() -> None:
    assert guess_columns(["E-Mail", "Name", "", "Website*", "PLZ", "Ort"]) == (
        Column.EMAIL, Column.TITLE, None, Column.WEB, Column.POSTAL_CODE, Column.CITY,
    )  # fmt: skip
    assert guess_columns(["Titel", "Titel"]) == (Column.TITLE, None)
