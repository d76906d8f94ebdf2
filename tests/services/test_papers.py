"""Documents filled from a case: what stands on them, what must not, and what the log keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from uuid import UUID

import pytest

from kimdesk.documents.blanks import BRING_ITEMS, BlankKind, blanks_of
from kimdesk.documents.catalogue import DOCUMENTS, INDICATOR_REPORT, NOTE, OFFER_SHEET
from kimdesk.documents.papers.appointment import BringItem
from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.records import AreaEntry, Assessment, Case, Goal, Measure, Member, Person, Referral
from kimdesk.domain.vocabulary import Actor, IntakeOutcome, LifeArea, Relation
from kimdesk.domain.work_vocabulary import SharedField
from kimdesk.services.desk import Desk
from kimdesk.services.handout_files import TextsNotReadable, TextsOfOtherLanguage, TextsRefused, TextsTooLarge
from kimdesk.services.handout_texts import ReviewerMissing
from kimdesk.services.paper_orders import Filled, PaperOrder, read_blank
from kimdesk.services.papers import _MAKERS
from kimdesk.services.settings import HandoutSettings, Office
from kimdesk.services.vault import AuditAction
from tests.documents.conftest import compiled_catalogues, poppler

__all__ = ["compiled_catalogues", "poppler"]

Poppler = Callable[..., bytes]
DAY = date(2026, 11, 20)


@pytest.fixture
def case_id(desk: Desk) -> UUID:
    """A case with a goal, a step and a referral that shares the name only."""
    desk.settings.save_office(Office(name="Kreis Unna", person="Frau Schröder", phone="02303 27-1234"))
    person = Person(
        given_name="Rima",
        family_name="Haddad",
        date_of_birth=date(1990, 5, 1),
        phone="0151 2345678",
        address="Geheime Straße 7",
        languages=("ar",),
    )
    case = Case(
        opened_on=DAY,
        commune="05978036",
        intake_on=DAY,
        concern="Schläge zu Hause",
        outcome=IntakeOutcome.CASE_MANAGEMENT,
    )
    member = Member(person=person, relation=Relation.CLIENT)
    made = desk.cases.record_consultation(ConsultationEntry(case=case, members=(member,))).value
    goal = Goal(
        case_id=made, text="Eine Wohnung finden", life_area=LifeArea.HOUSING, measured_by="Mietvertrag", due_on=DAY
    )
    entry = AreaEntry(life_area=LifeArea.HOUSING, need="Wohnung zu klein", scale=2)
    desk.cases.save_assessment(Assessment(case_id=made, held_on=DAY, entries=(entry,)))
    desk.cases.save_goal(goal)
    desk.cases.save_measure(Measure(case_id=made, goal_id=goal.id, text="Wohngeld beantragen", actor=Actor.CLIENT))
    return made


def text_of(poppler: Poppler, pdf: bytes) -> str:
    return " ".join(poppler("pdftotext", pdf).decode().split())


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name not in (OFFER_SHEET.name, NOTE.name)])
def test_every_document_prints_from_a_case_and_without_one(
    desk: Desk, case_id: UUID, poppler: Poppler, document: str
) -> None:
    if document == INDICATOR_REPORT.name:
        return  # filled where its figures are computed
    for order in (PaperOrder(document=document, case_id=case_id), PaperOrder(document=document)):
        printout = desk.prints.papers([order], ["de"])
        text = text_of(poppler, printout.data)
        assert "Kreis Unna" in text
        assert "Schläge" not in text, "what the client said stays in the file"


def test_every_document_has_somebody_who_fills_it() -> None:
    assert set(_MAKERS) == set(DOCUMENTS) - {OFFER_SHEET.name, INDICATOR_REPORT.name}
    assert set(BRING_ITEMS) == set(BringItem)


def test_every_blank_is_a_field_of_its_document(desk: Desk, case_id: UUID) -> None:
    values: dict[BlankKind, Filled] = {
        BlankKind.LINE: "x",
        BlankKind.LINES: "x",
        BlankKind.TEXT: {"de": "x"},
        BlankKind.DATE: DAY,
        BlankKind.TIME: time(9),
        BlankKind.TICK: True,
        BlankKind.ITEMS: ("passport",),
    }
    for document in DOCUMENTS:
        if blanks := blanks_of(document):
            filled = {blank.name: values[blank.kind] for blank in blanks}
            order = PaperOrder(document=document, case_id=case_id, filled=filled)
            assert desk.prints.papers([order], ["de"]).data.startswith(b"%PDF")


def test_the_goal_agreement_carries_goals_and_is_bilingual_even_if_german_was_not_asked_for(
    desk: Desk, case_id: UUID, poppler: Poppler
) -> None:
    order = PaperOrder(document="goal-agreement", case_id=case_id)
    text = text_of(poppler, desk.prints.papers([order], ["uk"]).data)
    assert "Zielvereinbarung" in text and "Eine Wohnung finden" in text and "Wohngeld beantragen" in text
    assert "Rima Haddad" in text and "Es gilt der deutsche Text." in text
    assert "Nur mit Sprachmittlung verwenden." in text


def test_a_referral_carries_only_what_it_shares(desk: Desk, case_id: UUID, poppler: Poppler) -> None:
    referral = Referral(case_id=case_id, receiver="AWO Kamen", reason="Familiennachzug", sent_on=DAY)
    desk.cases.save_referral(replace(referral, release_basis="mündlich am 19.11."))
    (found,) = desk.prints.records("referral", case_id)
    order = PaperOrder(document="referral", case_id=case_id, record_id=found[0])
    text = text_of(poppler, desk.prints.papers([order], ["de"]).data)
    assert "AWO Kamen" in text and "Rima Haddad" in text and "mündlich am 19.11." in text
    assert "01.05.1990" not in text and "0151" not in text and "Geheime" not in text
    assert SharedField.PHONE not in referral.shared


def test_what_is_typed_takes_the_place_of_the_file(desk: Desk, case_id: UUID, poppler: Poppler) -> None:
    filled = {
        "on": read_blank("appointment", "on", "30.11.2026"),
        "at": read_blank("appointment", "at", "09:30"),
        "place": "Zimmer 214",
        "bring": read_blank("appointment", "bring", "passport, letters"),
    }
    order = PaperOrder(document="appointment", case_id=case_id, filled=filled)
    text = text_of(poppler, desk.prints.papers([order], ["de"]).data)
    assert "Montag, 30.11.2026" in text and "09:30 Uhr" in text and "Zimmer 214" in text
    assert "Briefe, die Sie nicht verstehen" in text


@pytest.mark.parametrize(("name", "text"), [("on", "30.2.2026"), ("at", "9 Uhr"), ("bring", "gold"), ("nothing", "x")])
def test_a_blank_that_cannot_be_read_is_said(name: str, text: str) -> None:
    with pytest.raises(RuleBroken):
        read_blank("appointment", name, text)


def test_a_pack_is_one_file_and_one_row(desk: Desk, case_id: UUID, poppler: Poppler) -> None:
    orders = [PaperOrder(document=name, case_id=case_id) for name in ("contact-sheet", "consent", "privacy-notice")]
    told: list[tuple[int, int]] = []
    printout = desk.prints.papers(orders, ["de"], progress=lambda done, of: told.append((done, of)))
    text = text_of(poppler, printout.data)
    assert "Willkommen" in text and "Ich willige ein." in text and "Art. 13 DSGVO" in text
    assert told == [(1, 3), (2, 3), (3, 3)]
    desk.prints.record_print(printout)
    (row,) = [row for row in desk.vault.log() if row.action == AuditAction.PRINT]
    assert row.detail == {"document": "contact-sheet+consent+privacy-notice", "languages": "de"}
    assert (row.subject_kind, row.subject_id) == ("case", str(case_id))


def test_large_print_takes_more_room(desk: Desk, case_id: UUID, poppler: Poppler) -> None:
    order = PaperOrder(document="flyer")
    small, large = (desk.prints.papers([order], ["uk", "de"], large=large).data for large in (False, True))
    assert large.count(b"/Type /Page\n") > small.count(b"/Type /Page\n")


def test_the_offices_own_texts_stand_on_handouts(desk: Desk, case_id: UUID, poppler: Poppler) -> None:
    desk.settings.save_handouts(
        HandoutSettings(
            opening_hours={"de": "Mo 9–12 Uhr", "tr": "Pzt 9–12"},
            about={"de": "Wir sitzen im Rathaus.", "tr": "Belediyedeyiz."},
            data_protection="datenschutz@kreis.example",
        )
    )
    text = text_of(poppler, desk.prints.papers([PaperOrder(document="flyer")], ["tr"]).data)
    assert "Belediyedeyiz." in text and "Pzt 9–12" in text and "Wir sitzen" not in text
    text = text_of(poppler, desk.prints.papers([PaperOrder(document="privacy-notice")], ["de"]).data)
    assert "datenschutz@kreis.example" in text
    with pytest.raises(RuleBroken):
        desk.settings.save_handouts(HandoutSettings(about={"de": "x" * 2001}))


PO = 'msgid "Ihr Termin"\nmsgstr "Randevunuz, denetlendi"\n'


def test_reviewed_texts_are_taken_over_and_printed_without_the_note(desk: Desk, poppler: Poppler) -> None:
    order = PaperOrder(document="appointment")
    assert "Randevunuz, denetlendi" not in text_of(poppler, desk.prints.papers([order], ["tr"]).data)
    assert desk.handout_texts.take_in("tr", PO.encode(), "Frau Demir").value == 1
    text = text_of(poppler, desk.prints.papers([order], ["tr"]).data)
    assert "Randevunuz, denetlendi" in text
    assert "muttersprachlichen Person" in text, "one reviewed text does not vouch for the others on the page"
    (state,) = [state for state in desk.handout_texts.states() if state.language == "tr"]
    assert state.reviewed == 1
    assert [(entry.language, entry.reviewed_by) for entry in desk.handout_texts.imported()] == [("tr", "Frau Demir")]
    desk.handout_texts.remove("tr")
    assert "Randevunuz, denetlendi" not in text_of(poppler, desk.prints.papers([order], ["tr"]).data)


def test_a_language_reviewed_throughout_carries_no_note(desk: Desk, poppler: Poppler) -> None:
    file = desk.handout_texts.for_review("de_simple")
    desk.handout_texts.take_in("de_simple", file, "Prüfgruppe Lebenshilfe Unna")
    (state,) = [state for state in desk.handout_texts.states() if state.language == "de_simple"]
    assert state.all_reviewed and state.complete
    text = text_of(poppler, desk.prints.papers([PaperOrder(document="consent")], ["de_simple"]).data)
    assert "noch nicht" not in text and "Bitte erklären Sie dieses Blatt immer im Gespräch." not in text


@pytest.mark.parametrize(
    ("po", "problem"),
    [
        (b"", TextsNotReadable),
        (b"%PDF-1.7", TextsNotReadable),
        (b'msgid "Gibt es nicht"\nmsgstr "x"\n', TextsNotReadable),
        (b'msgid "Ihr Termin"\nmsgstr "\xff"\n', TextsNotReadable),
        (b'msgid "Ihr Termin"\nmsgstr "<b>Randevu</b>"\n', TextsRefused),
        ('msgid "Ihr Termin"\nmsgstr "Rande\u202evu"\n'.encode(), TextsRefused),
        (b'msgid "{start} Uhr"\nmsgstr "saat {begin}"\n', TextsRefused),
        (b'msgid "{start} Uhr"\nmsgstr "saat {start.__class__}"\n', TextsRefused),
        (b'msgid "{start} Uhr"\nmsgstr "saat {start"\n', TextsRefused),
        (b'msgid "Ihr Termin"\nmsgstr "' + b"x" * 2001 + b'"\n', TextsRefused),
        (b"#" * 1_000_001, TextsTooLarge),
        (b'msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "Ihr Termin"\nmsgstr "x"\n', TextsOfOtherLanguage),
    ],
)
def test_a_file_that_must_not_be_printed_changes_nothing(desk: Desk, po: bytes, problem: type[Exception]) -> None:
    desk.handout_texts.take_in("tr", PO.encode(), "Frau Demir")
    before = desk.handout_texts.imported()
    with pytest.raises(problem):
        desk.handout_texts.take_in("tr", po, "Frau Demir")
    with pytest.raises(ReviewerMissing):
        desk.handout_texts.take_in("tr", PO.encode(), " ")
    assert desk.handout_texts.imported() == before


def test_printing_writes_no_file(desk: Desk, case_id: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document is made in memory: nothing may open a file for writing outside the vault."""
    import builtins
    import io
    import os

    written: list[object] = []
    real_open, real_os_open = builtins.open, os.open

    def watched(file: object, mode: str = "r", *arguments: object, **keywords: object) -> object:
        if any(sign in mode for sign in "wax+"):
            written.append(file)
        return real_open(file, mode, *arguments, **keywords)  # type: ignore[call-overload]

    def watched_os(path: object, flags: int, *arguments: object, **keywords: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            written.append(path)
        return real_os_open(path, flags, *arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "open", watched)
    monkeypatch.setattr(io, "open", watched)
    monkeypatch.setattr(os, "open", watched_os)
    orders = [
        PaperOrder(document=name, case_id=case_id)
        for name in DOCUMENTS
        if name not in (OFFER_SHEET.name, NOTE.name, INDICATOR_REPORT.name)
    ]
    desk.prints.papers(orders, ["ar", "de"])
    assert [path for path in written if "vault" not in str(path) and "Tresor" not in str(path)] == []
