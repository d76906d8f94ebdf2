"""Documents made from the vault: what stands on them, and what the log keeps of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kimdesk.documents.catalogue import DOCUMENTS
from kimdesk.documents.fonts import FontMissing
from kimdesk.documents.languages import UnknownHandoutLanguage
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.records import new_id
from kimdesk.services.desk import Desk
from kimdesk.services.offers import OfferNotFound
from kimdesk.services.prints import NoteText, PdfNotWritten, Printout
from kimdesk.services.settings import Office
from kimdesk.services.vault import AuditAction
from tests.documents.conftest import compiled_catalogues, poppler
from tests.services.support import add_cases

__all__ = ["compiled_catalogues", "poppler"]

Poppler = Callable[..., bytes]
OFFICE = Office(
    name="Kreis Unna",
    unit="Fallmanagement KIM",
    person="Frau Schröder",
    address="Hansastraße 4\n59425 Unna",
    phone="0221 4710 190",
    email="kim@example.org",
)
NOTE = NoteText({"de": "Ihr Termin"}, {"de": "Bitte bringen Sie Ihren Ausweis mit."})


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk with a letterhead, the small directory and three cases."""
    desk.settings.save_office(OFFICE)
    desk.offers.install_directory()
    add_cases(desk, 3)
    return desk


def text_of(poppler: Poppler, printout: Printout) -> str:
    return " ".join(poppler("pdftotext", printout.data).decode().split())


def rows_of(desk: Desk, *actions: AuditAction) -> list[tuple[str, str, str, dict[str, object]]]:
    """What the log says of prints and exports, oldest first."""
    return [
        (row.action, row.subject_kind, row.subject_id, dict(row.detail))
        for row in reversed(desk.vault.log())
        if row.action in actions
    ]


def test_an_offer_sheet_carries_offer_office_and_next_step(desk: Desk, poppler: Poppler) -> None:
    hit = desk.offers.search("Integrationskurs")[0]
    offer = desk.offers.get(hit.id).offer
    printout = desk.prints.offer_sheet(hit.id, ["de"], next_step={"de": "Am Montag anrufen"})
    text = text_of(poppler, printout)
    assert (printout.document, printout.languages, printout.offer_id) == ("offer-sheet", ("de",), hit.id)
    assert offer.all_texts()["de"].title in text and offer.facts.provider in text
    assert "Am Montag anrufen" in text
    assert "Frau Schröder" in text and "Hansastraße 4" in text and "20.11.2026" in text


@pytest.mark.parametrize("language", ["ar", "uk", "ti", "fa", "tr", "en"])
def test_a_sheet_in_another_language_has_german_beside_it(desk: Desk, poppler: Poppler, language: str) -> None:
    hit = desk.offers.search("Integrationskurs")[0]
    alone = text_of(poppler, desk.prints.offer_sheet(hit.id, [language]))
    beside = text_of(poppler, desk.prints.offer_sheet(hit.id, [language, "de"]))
    assert "Deutsch" in beside and len(beside) > len(alone)


def test_a_note_says_what_was_typed_in_each_language(desk: Desk, poppler: Poppler) -> None:
    both = NoteText({"de": "Ihr Termin"}, {"de": "Bitte rufen Sie an.", "tr": "Lütfen bizi arayınız."})
    text = text_of(poppler, desk.prints.note(both, ["tr", "de"]))
    assert "Bitte rufen Sie an." in text and "Lütfen bizi arayınız." in text
    assert "Ihr Termin" in text and "Frau Schröder" in text


def test_a_preview_leaves_no_trace_and_a_print_leaves_one(desk: Desk) -> None:
    case_id, offer_id = desk.cases.list()[0].id, desk.offers.search("Integrationskurs")[0].id
    note = desk.prints.note(NOTE, ["de"], case_id=case_id)
    sheet = desk.prints.offer_sheet(offer_id, ["ar", "de"])
    of_case = desk.prints.offer_sheet(offer_id, ["de"], case_id=case_id)
    assert rows_of(desk, AuditAction.PRINT, AuditAction.EXPORT) == []
    for printout in (note, sheet, of_case):
        desk.prints.record_print(printout)
    assert rows_of(desk, AuditAction.PRINT, AuditAction.EXPORT) == [
        ("print", "case", str(case_id), {"document": "note", "languages": "de"}),
        ("print", "offer", str(offer_id), {"document": "offer-sheet", "languages": "ar+de"}),
        ("print", "case", str(case_id), {"document": "offer-sheet", "languages": "de", "offer": str(offer_id)}),
    ]


def test_an_export_is_logged_and_written(desk: Desk, tmp_path: Path) -> None:
    printout = desk.prints.note(NOTE, ["de"])
    desk.prints.save(printout, tmp_path / "Mitteilung.pdf")
    assert (tmp_path / "Mitteilung.pdf").read_bytes() == printout.data
    assert printout.data.startswith(b"%PDF-")
    assert rows_of(desk, AuditAction.EXPORT) == [("export", "", "", {"document": "note", "languages": "de"})]


def test_a_place_that_cannot_be_written_says_so(desk: Desk, tmp_path: Path) -> None:
    printout = desk.prints.note(NOTE, ["de"])
    with pytest.raises(PdfNotWritten, match="kein-ordner"):
        desk.prints.save(printout, tmp_path / "kein-ordner" / "Mitteilung.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Tresor"]


def test_nothing_of_the_text_is_in_the_log_or_in_what_python_shows(desk: Desk) -> None:
    printout = desk.prints.note(NOTE, ["de"], case_id=desk.cases.list()[0].id)
    desk.prints.record_print(printout)
    assert "Ausweis" not in repr(printout) + repr(desk.vault.log())


def test_what_cannot_be_printed_is_said(desk: Desk) -> None:
    offer_id = desk.offers.search("Integrationskurs")[0].id
    with pytest.raises(OfferNotFound):
        desk.prints.offer_sheet(new_id(), ["de"])
    for languages in (["xx"], []):
        with pytest.raises(UnknownHandoutLanguage):
            desk.prints.offer_sheet(offer_id, languages)
        with pytest.raises(UnknownHandoutLanguage):
            desk.prints.note(NOTE, languages)
    with pytest.raises(RuleBroken) as empty:
        desk.prints.note(NoteText({"de": "Titel"}, {"de": " \n"}), ["de"])
    assert empty.value.field_name == "text"
    with pytest.raises(FontMissing, match="Todhri"):
        desk.prints.note(NoteText({}, {"de": "Name: \U000105c0"}), ["de"])


def test_the_documents_offered_are_those_that_can_be_made(desk: Desk) -> None:
    names = [kind.name for kind in desk.prints.documents()]
    assert names[:3] == ["offer-sheet", "note", "flyer"]
    assert set(names) == set(DOCUMENTS) - {"indicator-report"}
