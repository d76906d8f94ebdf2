"""The case list on a real vault: what is shown, found, opened and previewed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, FollowUp, Member, Person
from kimdesk.domain.vocabulary import IntakeOutcome, Phase, Relation, ResidenceStatus, Urgency
from kimdesk.foundation.clock import FixedClock
from kimdesk.i18n import isolate
from kimdesk.services.cases import CaseService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault
from kimdesk.ui.cases import CasesPage
from kimdesk.ui.cases.columns import case_row
from kimdesk.ui.design import Meaning
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import PersonChip, StepState, Text
from kimdesk.ui.widgets.table_model import STEPS_ROLE
from tests.ui.keys import click, press, type_text

if TYPE_CHECKING:
    from tests.ui.conftest import Heard

TODAY = date(2026, 11, 20)
UNNA, KAMEN = "05978036", "05978020"


class Desk:
    """The list on a vault."""

    def __init__(self, vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> None:
        self.cases = CaseService(vault, SettingsService(vault), clock)
        self.jobs = jobs
        self.page = CasesPage(self.cases, jobs, messages, clock)
        qtbot.addWidget(self.page)
        self.visits: list[tuple[str, object]] = []
        self.contexts: list[tuple[str, object]] = []
        self.page.navigate.connect(lambda page_id, argument: self.visits.append((page_id, argument)))
        self.page.show_context.connect(lambda title, widget: self.contexts.append((title, widget)))
        self.page.resize(1130, 640)
        self.page.show()

    def add(self, *names: tuple[str, str], due: int | None = None, **fields: object) -> UUID:
        """Record a case of `names` with a follow-up `due` days from today; other fields are those of the case."""
        outcome = fields.pop("outcome", IntakeOutcome.CASE_MANAGEMENT)
        client = Person(given_name=names[0][0], family_name=names[0][1], languages=("ar",))
        others = (Person(given_name=given, family_name=family) for given, family in names[1:])
        day = TODAY - timedelta(days=30)
        consent_on = fields.pop("consent_on", day)
        case = Case(opened_on=day, intake_on=day, consent_on=consent_on, concern="Wohnung", outcome=outcome, **fields)  # type: ignore[arg-type]
        entry = ConsultationEntry(
            case=case,
            members=(
                Member(person=client, relation=Relation.CLIENT),
                *(Member(person=other, relation=Relation.CHILD) for other in others),
            ),
        )
        case_id = self.cases.record_consultation(entry).value
        if due is not None:
            self.cases.save_follow_up(
                FollowUp(case_id=case_id, due_on=TODAY + timedelta(days=due), reason="Nachfragen")
            )
        return case_id

    def open(self) -> CasesPage:
        self.page.activate()
        self.settle()
        return self.page

    def settle(self) -> None:
        assert self.jobs.wait_idle()

    def shown(self) -> list[str]:
        """Return the persons of the rows from the top, as one reads them."""
        return [
            self.cell(place, "persons").replace("\u2068", "").replace("\u2069", "") for place in range(self.count())
        ]

    def count(self) -> int:
        return self.page.table.model.rowCount()

    def cell(self, place: int, column: str, role: int = Qt.ItemDataRole.DisplayRole) -> str:
        model = self.page.table.model
        number = next(number for number, one in enumerate(model.columns) if one.id == column)
        found: str = model.data(model.index(place, number), role)
        return found


@pytest.fixture
def desk(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Desk:
    return Desk(vault, clock, jobs, messages, qtbot)


def texts(widget: object) -> list[str]:
    assert isinstance(widget, QWidget)
    return [label.text() for label in widget.findChildren(Text)]


def test_a_row_says_who_where_what_next_and_by_when(desk: Desk) -> None:
    desk.add(("Mariam", "Haddad"), ("Yusuf", "Haddad"), due=-3, commune=UNNA)
    desk.open()
    assert desk.cell(0, "number") == "KIM-2026-001"
    assert desk.shown() == ["Mariam Haddad, Yusuf Haddad"]
    assert desk.cell(0, "phase") == "Assessment"
    assert desk.cell(0, "commune") == "Unna"
    assert desk.cell(0, "next_step") == "Beschreiben Sie mindestens einen Lebensbereich."
    assert desk.cell(0, "due") == "seit 3 Tagen"
    steps = desk.cell(0, "phase", STEPS_ROLE)
    assert list(steps) == [StepState.DONE, StepState.DONE, StepState.NOW, *[StepState.OPEN] * 6]


def test_what_is_due_first_stands_first_and_overdue_is_marked(desk: Desk) -> None:
    desk.add(("Ohne", "Frist"))
    desk.add(("In", "Zwei"), due=2)
    desk.add(("Heute", "Fällig"), due=0)
    desk.add(("Über", "Fällig"), due=-1)
    page = desk.open()
    assert desk.shown() == ["Über Fällig", "Heute Fällig", "In Zwei", "Ohne Frist"]
    assert [desk.cell(place, "due") for place in range(4)] == ["seit gestern", "heute", "in 2 Tagen", ""]
    column = next(one for one in page.table.model.columns if one.id == "due")
    assert column.meaning is not None
    meanings = [column.meaning(page.table.model.row_at(place)) for place in range(4)]
    assert meanings == [Meaning.DANGER, Meaning.ATTENTION, None, None]
    assert page.header.subtitle.text() == "1 Fall mit überfälliger Frist  ·  1 heute fällig"


def test_urgency_is_said_in_words(desk: Desk) -> None:
    desk.add(("A", "Eins"), urgency=Urgency.AT_ONCE, due=1)
    desk.add(("B", "Zwei"), urgency=Urgency.HIGH, due=2)
    desk.open()
    assert desk.cell(0, "next_step").startswith("Sofort: ")
    assert desk.cell(1, "next_step").startswith("Dringend: ")


def test_right_to_left_names_do_not_turn_the_line_around(desk: Desk) -> None:
    desk.add(("محمد", "العلي"), ("Lina", "Ali"))
    desk.open()
    assert desk.cell(0, "persons") == f"{isolate('محمد العلي')}, {isolate('Lina Ali')}"


def test_the_filter_finds_names_of_all_persons_and_numbers_however_spelt(desk: Desk) -> None:
    desk.add(("Ayşe", "Özdemir"), ("Deniz", "Özdemir"))
    desk.add(("Ionuț", "Popescu"))
    page = desk.open()
    page.focus_filter()
    assert QApplication.focusWidget() is page.table.filter
    for typed, found in {
        "oezd": ["Ayşe Özdemir, Deniz Özdemir"],
        "deniz öz": ["Ayşe Özdemir, Deniz Özdemir"],
        "ionut": ["Ionuț Popescu"],
        "2026-002": ["Ionuț Popescu"],
        "assessment": [],
    }.items():
        page.table.filter.setText("")
        type_text(page.table.filter, typed)
        assert desk.shown() == found, typed


def test_enter_in_the_filter_leads_to_the_rows_and_enter_there_opens_the_case(desk: Desk) -> None:
    desk.add(("Mariam", "Haddad"))
    wanted = desk.add(("Ionuț", "Popescu"))
    page = desk.open()
    page.focus_filter()
    type_text(page.table.filter, "pope")
    press(page.table.filter, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.table.view
    press(page.table.view, Qt.Key.Key_Return)
    assert desk.visits == [("case", wanted)]


def test_the_keyboard_stands_on_the_first_row_when_the_page_opens(desk: Desk) -> None:
    first = desk.add(("Mariam", "Haddad"), due=1)
    desk.add(("Ionuț", "Popescu"))
    page = desk.open()
    press(page.table.view, Qt.Key.Key_Down)
    press(page.table.view, Qt.Key.Key_Up)
    press(page.table.view, Qt.Key.Key_Return)
    assert desk.visits == [("case", first)]


def test_status_phase_commune_and_language_filter_together(desk: Desk) -> None:
    desk.add(("Mariam", "Haddad"), commune=UNNA)
    desk.add(("Ionuț", "Popescu"), commune=KAMEN, consent_on=None, due=1, language="ro")
    desk.add(("Einmal", "Beraten"), commune=UNNA, outcome=IntakeOutcome.LITTLE_NEED)
    page = desk.open()
    assert desk.shown() == ["Ionuț Popescu", "Mariam Haddad"]
    page.filters.commune.set_value(UNNA)
    assert desk.shown() == ["Mariam Haddad"]
    page.filters.phase.set_value(Phase.INTAKE)
    assert desk.shown() == []
    assert page.table.count.text() == "0 von 2"
    page.table.clear_filter()
    assert desk.shown() == ["Ionuț Popescu", "Mariam Haddad"]
    page.filters.language.set_value("ro")
    assert desk.shown() == ["Ionuț Popescu"]
    click(page.filters.clear_button)
    for chip, found in (("closed", ["Einmal Beraten"]), ("all", ["Ionuț Popescu", "Mariam Haddad", "Einmal Beraten"])):
        page.filters.status.set_value(chip)
        page.filters.status_changed.emit()
        desk.settle()
        assert sorted(desk.shown()) == sorted(found)


def test_a_closed_case_says_when_it_was_closed(desk: Desk) -> None:
    desk.add(("Mariam", "Haddad"), outcome=IntakeOutcome.LITTLE_NEED)
    page = desk.open()
    assert page.empty.title.text() == "Kein laufender Fall"
    page.filters.status.set_value("closed")
    page.filters.status_changed.emit()
    desk.settle()
    assert desk.cell(0, "next_step") == "abgeschlossen am 21.10.2026"
    assert desk.cell(0, "due") == ""


def test_space_shows_persons_next_step_and_deadlines_beside_the_list(desk: Desk) -> None:
    case_id = desk.add(("Mariam", "Haddad"), due=2)
    (member,) = desk.cases.file(case_id).members
    person = Person(
        id=member.person.id,
        given_name="Mariam",
        family_name="Haddad",
        spoken_name="Márjam",
        languages=("ar",),
        residence_status=ResidenceStatus.TOLERATION,
        residence_expires_on=TODAY + timedelta(days=9),
    )
    desk.cases.save_members(case_id, (Member(person=person, relation=Relation.CLIENT),))
    page = desk.open()
    press(page.table.view, Qt.Key.Key_Space)
    desk.settle()
    title, look = desk.contexts[-1]
    assert title == "KIM-2026-001"
    assert isinstance(look, QWidget)
    assert [chip.accessibleName() for chip in look.findChildren(PersonChip)] == ["Mariam Haddad"]
    seen = texts(look)
    assert "Beschreiben Sie mindestens einen Lebensbereich." in seen
    assert "Duldung (§ 60a AufenthG), gültig bis 29.11.2026 (in 9 Tagen)" in seen
    assert "Spricht Arabisch" in seen
    dates = seen[seen.index("Fristen") :]
    assert dates.index("Nachfragen") < dates.index(f"Aufenthaltstitel von {isolate('Mariam Haddad')}")
    assert "22.11.2026 (in 2 Tagen)" in dates
    page.leave()
    assert desk.contexts[-1] == ("", None)


def test_an_empty_vault_offers_the_first_consultation(desk: Desk) -> None:
    page = desk.open()
    assert page.table.stack.currentWidget() is page.empty
    assert page.empty.button is not None
    click(page.empty.button)
    assert desk.visits == [("consultation", None)]


def test_a_new_case_appears_and_the_chosen_row_stays_chosen(desk: Desk) -> None:
    desk.add(("Mariam", "Haddad"), due=2)
    page = desk.open()
    new = desk.add(("Ionuț", "Popescu"), due=-1)
    page.refresh(frozenset({"offers"}))
    desk.settle()
    assert desk.count() == 1
    page.refresh(frozenset({"cases"}))
    desk.settle()
    assert desk.shown() == ["Ionuț Popescu", "Mariam Haddad"]
    chosen = page.table.current()
    assert chosen is not None
    assert chosen.case.id != new


def test_thousands_of_rows_are_filtered_without_the_vault(desk: Desk, heard: Heard) -> None:
    desk.add(("Mariam", "Haddad"))
    page = desk.open()
    row = page.table.model.row_at(0)
    page.table.set_rows([row] * 5000 + [case_row(row.case, TODAY)])
    desk.jobs.close()  # nothing may be read any more
    type_text(page.table.filter, "hadd")
    assert desk.count() == 5001
    type_text(page.table.filter, "x")
    assert desk.count() == 0
    assert heard.bugs == []


def test_on_a_narrow_page_number_person_phase_and_date_remain(desk: Desk) -> None:
    desk.add(("Mariam", "Haddad"), due=1)
    page = desk.open()
    page.resize(640, 600)
    QApplication.processEvents()
    columns = page.table.model.columns
    visible = [one.id for place, one in enumerate(columns) if not page.table.view.isColumnHidden(place)]
    assert visible == ["number", "persons", "phase", "due"]
