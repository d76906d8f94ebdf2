"""A consultation on a real vault, typed as a case manager types it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from kimdesk.domain.views import CaseFile, CaseFilter
from kimdesk.domain.vocabulary import (
    AccessLevel,
    AccessPath,
    ClosureReason,
    IntakeOutcome,
    Place,
    Relation,
    ResidenceStatus,
    Urgency,
)
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.cases import CaseService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault
from kimdesk.ui.consultation import ConsultationPage
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.printing import PrintRequest
from tests.ui.keys import CONTROL, click, press, type_text

if TYPE_CHECKING:
    from tests.ui.conftest import Heard

# Said by the offscreen platform when a list opens over the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

TODAY = date(2026, 11, 20)
UNNA = "05978036"
NO_NAME = "Bitte tragen Sie mindestens eine Person mit Namen ein."


class Desk:
    """The page on a vault, and a user in front of it."""

    def __init__(self, vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> None:
        self.cases = CaseService(vault, SettingsService(vault), clock)
        self.clock, self.jobs, self.messages, self.qtbot = clock, jobs, messages, qtbot
        self.visits: list[tuple[str, object]] = []
        self.page = self.new_page()
        self.page.activate()
        self.settle()

    def new_page(self) -> ConsultationPage:
        page = ConsultationPage(self.cases, self.jobs, self.messages, self.clock)
        self.qtbot.addWidget(page)
        page.navigate.connect(lambda page_id, argument: self.visits.append((page_id, argument)))
        page.resize(1130, 640)
        page.show()
        return page

    def settle(self) -> None:
        assert self.jobs.wait_idle()

    def type(self, name: str, text: str) -> None:
        """Type into a field as the keyboard does, and leave it."""
        entry = self.page.form.editor(name).entry
        entry.setFocus()
        if isinstance(entry, QLineEdit):
            entry.selectAll()
        type_text(entry, text)
        press(QApplication.activePopupWidget() or entry, Qt.Key.Key_Tab)

    def choose(self, name: str, value: object) -> None:
        self.page.form.editor(name).set_value(value)

    def save(self) -> None:
        self.page.save()
        self.settle()

    def error(self, name: str) -> str:
        """Return the sentence shown at a field."""
        label = self.page.form[name].error
        return "" if label.isHidden() else label.text()

    def stored(self) -> list[CaseFile]:
        return [self.cases.file(case.id) for case in self.cases.list(CaseFilter(status="all"))]

    def fill_least(self, outcome: IntakeOutcome | None = IntakeOutcome.SETTLED_DIRECTLY) -> None:
        self.type("given_name", "Mariam")
        self.type("concern", "Kitaplatz gesucht")
        self.choose("outcome", outcome)


@pytest.fixture
def desk(vault: Vault, clock: FixedClock, jobs: Jobs, messages: Messages, qtbot: QtBot) -> Desk:
    return Desk(vault, clock, jobs, messages, qtbot)


def test_a_one_off_consultation_needs_a_name_a_concern_and_an_outcome(desk: Desk, heard: Heard) -> None:
    desk.fill_least()
    desk.save()
    (file,) = desk.stored()
    assert [member.person.name for member in file.members] == ["Mariam"]
    assert file.case.concern == "Kitaplatz gesucht"
    assert (file.case.intake_on, file.case.place, file.case.urgency) == (TODAY, Place.OFFICE, Urgency.NORMAL)
    assert file.case.closure_reason is ClosureReason.ONE_OFF_CONSULTATION
    assert file.case.consent_on is None
    assert file.case.access_path is None
    assert desk.page.stack.currentWidget() is desk.page.done
    assert desk.visits == []
    assert heard.bugs == []


def test_after_a_one_off_consultation_the_sheet_can_be_printed_or_the_next_person_served(desk: Desk) -> None:
    desk.fill_least()
    desk.save()
    (file,) = desk.stored()
    click(desk.page.print_button)
    click(desk.page.open_button)
    assert desk.visits == [("print", PrintRequest(case_id=file.case.id)), ("case", file.case.id)]
    assert desk.page.done.button is not None
    click(desk.page.done.button)
    assert desk.page.stack.currentWidget() is not desk.page.done
    assert desk.page.form.values()["given_name"] == ""
    assert QApplication.focusWidget() is desk.page.form.editor("given_name").entry
    assert not desk.page.form.is_touched


def test_everything_that_is_typed_arrives_in_the_case(desk: Desk) -> None:
    for name, text in {
        "given_name": "Mariam",
        "family_name": "Haddad",
        "date_of_birth": "3.4.1990",
        "nationality": "syrien",
        "languages": "arabisch, Sorani",
        "residence_expires_on": "31.12.2026",
        "phone": "02303 27-0",
        "intake_on": "19.11.2026",
        "language": "Arabisch",
        "interpreter": "Frau Nasser",
        "concern": "Wohnung feucht",
        "existing_helpers": "Familienpatin",
        "follow_up_on": "+14",
        "follow_up_reason": "Bescheid nachfragen",
    }.items():
        desk.type(name, text)
    for name, value in {
        "residence_status": ResidenceStatus.SUBSIDIARY_PROTECTION,
        "commune": UNNA,
        "place": Place.OUTREACH,
        "access_path": AccessPath.VOLUNTEERS,
        "urgency": Urgency.HIGH,
        "outcome": IntakeOutcome.CASE_MANAGEMENT,
    }.items():
        desk.choose(name, value)
    click(desk.page.fields.consent.tick)
    desk.page.finish_step()
    desk.settle()
    (file,) = desk.stored()
    case, person = file.case, file.members[0].person
    assert (person.name, person.date_of_birth, person.phone) == ("Mariam Haddad", date(1990, 4, 3), "02303 27-0")
    assert person.nationality == "Syrien"
    assert person.languages == ("ar", "Sorani")
    assert person.residence_status is ResidenceStatus.SUBSIDIARY_PROTECTION
    assert person.residence_expires_on == date(2026, 12, 31)
    assert file.members[0].relation is Relation.CLIENT
    assert (case.intake_on, case.opened_on, case.consent_on) == (date(2026, 11, 19),) * 3
    assert (case.place, case.language, case.interpreter) == (Place.OUTREACH, "ar", "Frau Nasser")
    assert (case.access_path, case.commune, case.urgency) == (AccessPath.VOLUNTEERS, UNNA, Urgency.HIGH)
    assert (case.concern, case.existing_helpers) == ("Wohnung feucht", "Familienpatin")
    assert case.closed_on is None
    (follow_up,) = file.follow_ups
    assert (follow_up.due_on, follow_up.reason) == (TODAY + timedelta(days=14), "Bescheid nachfragen")
    assert desk.visits == [("case", case.id)]
    assert not desk.page.form.is_touched


def test_the_form_is_filled_from_the_first_to_the_last_field_with_the_tab_key(desk: Desk) -> None:
    page = desk.page
    seen: list[str] = []
    page.fields.focus_first()
    for _step in range(60):
        here = page.focusWidget()
        name = next((name for name in page.form.values() if here and page.form[name].isAncestorOf(here)), "")
        if name and (not seen or seen[-1] != name):
            if name in seen:
                break
            seen.append(name)
        press(here, Qt.Key.Key_Tab)
    hidden = {"members", "shared", "notifier"}
    assert seen == [name for name in page.form.values() if name not in hidden]


def test_an_empty_form_says_one_sentence_at_the_first_field(desk: Desk, heard: Heard) -> None:
    desk.save()
    assert {name: desk.error(name) for name in desk.page.form.values() if desk.error(name)} == {"given_name": NO_NAME}
    assert QApplication.focusWidget() is desk.page.form.editor("given_name").entry
    assert desk.stored() == []
    assert heard.texts == []


def test_what_is_missing_is_said_one_after_the_other_and_nothing_is_lost(desk: Desk) -> None:
    desk.type("given_name", "Mariam")
    desk.save()
    assert desk.error("concern") == "Bitte halten Sie das Anliegen in den Worten der Person fest."
    assert QApplication.focusWidget() is desk.page.form.editor("concern").entry
    desk.type("concern", "Kitaplatz")
    assert desk.error("concern") == ""
    desk.save()
    assert "Ergebnis" in desk.error("outcome")
    assert desk.page.form.values()["given_name"] == "Mariam"
    assert desk.page.form.values()["concern"] == "Kitaplatz"
    assert desk.stored() == []


def test_without_an_outcome_a_follow_up_is_enough(desk: Desk) -> None:
    desk.fill_least(outcome=None)
    desk.type("follow_up_on", "+7")
    desk.save()
    (file,) = desk.stored()
    assert file.case.outcome is None
    assert [follow_up.due_on for follow_up in file.follow_ups] == [TODAY + timedelta(days=7)]
    assert desk.visits == [("case", file.case.id)]


def test_a_date_that_cannot_be_read_is_said_at_its_field(desk: Desk) -> None:
    desk.fill_least()
    desk.type("date_of_birth", "31.2.1990")
    desk.save()
    assert desk.error("date_of_birth").startswith("Das ist kein Datum.")
    assert desk.stored() == []


def test_a_day_in_the_future_is_refused_at_the_date(desk: Desk) -> None:
    desk.fill_least()
    desk.choose("intake_on", TODAY + timedelta(days=1))
    desk.save()
    assert "Zukunft" in desk.error("intake_on")
    assert desk.stored() == []


def test_a_notification_offers_only_case_management_and_names_the_notifier(desk: Desk) -> None:
    assert not desk.page.fields.notifier.isEnabled()
    desk.fill_least(outcome=IntakeOutcome.LITTLE_NEED)
    desk.choose("access_level", AccessLevel.NOTIFIED)
    assert desk.page.form.values()["outcome"] == IntakeOutcome.CASE_MANAGEMENT
    desk.choose("outcome", IntakeOutcome.LITTLE_NEED)
    assert desk.page.form.values()["outcome"] is None
    desk.choose("outcome", IntakeOutcome.CASE_MANAGEMENT)
    desk.type("notifier", "Jugendamt Unna")
    desk.save()
    (file,) = desk.stored()
    assert (file.case.access_level, file.case.notifier) == (AccessLevel.NOTIFIED, "Jugendamt Unna")
    assert file.case.outcome is IntakeOutcome.CASE_MANAGEMENT


def test_a_notifier_typed_before_the_level_was_changed_back_is_not_stored(desk: Desk) -> None:
    desk.choose("access_level", AccessLevel.NOTIFIED)
    desk.type("notifier", "Jugendamt Unna")
    desk.choose("access_level", AccessLevel.SELF)
    desk.fill_least()
    desk.save()
    assert desk.stored()[0].case.notifier == ""


def test_a_one_off_consultation_has_no_follow_up_and_says_so(desk: Desk) -> None:
    desk.type("follow_up_on", "+7")
    desk.type("follow_up_reason", "Nachfragen")
    desk.fill_least(outcome=IntakeOutcome.LITTLE_NEED)
    assert not desk.page.fields.follow_up_on.isEnabled()
    assert "ohne Wiedervorlage" in desk.page.form["outcome"].help.text()
    desk.save()
    (file,) = desk.stored()
    assert file.follow_ups == ()


def test_a_referral_opens_the_case_and_asks_for_the_referral(desk: Desk, heard: Heard) -> None:
    desk.fill_least(outcome=IntakeOutcome.REFERRAL)
    desk.save()
    (file,) = desk.stored()
    assert file.case.closed_on is None
    assert desk.visits == [("case", file.case.id)]
    assert "Fallverweis" in heard.texts[-1]


def test_consent_takes_the_day_of_the_consultation_and_goes_with_the_tick(desk: Desk) -> None:
    tick = desk.page.fields.consent.tick
    click(tick)
    assert desk.page.form.values()["consent_on"] == TODAY
    click(tick)
    assert desk.page.form.values()["consent_on"] is None
    desk.type("consent_on", "19.11.2026")
    assert desk.page.form.values()["consent"] is True
    desk.fill_least()
    desk.save()
    assert desk.stored()[0].case.consent_on == date(2026, 11, 19)


# The household


def test_further_persons_share_family_name_nationality_and_languages(desk: Desk) -> None:
    desk.type("family_name", "Haddad")
    desk.type("nationality", "Syrien")
    desk.type("languages", "Arabisch")
    click(desk.page.fields.add_person)
    row = desk.page.fields.household.rows()[0]
    assert QApplication.focusWidget() is row.given.entry
    type_text(row.given.entry, "Yusuf")
    type_text(row.born.entry, "1.5.2019")
    click(desk.page.fields.add_person)  # a row left empty is no person
    desk.fill_least()
    desk.save()
    (file,) = desk.stored()
    client, child = file.members
    assert (client.person.name, client.relation) == ("Mariam Haddad", Relation.CLIENT)
    assert (child.person.name, child.relation) == ("Yusuf Haddad", Relation.CHILD)
    assert child.person.date_of_birth == date(2019, 5, 1)
    assert (child.person.nationality, child.person.languages) == ("Syrien", ("ar",))


def test_further_persons_do_not_share_what_was_unticked(desk: Desk) -> None:
    desk.type("nationality", "Syrien")
    desk.type("languages", "Arabisch")
    click(desk.page.fields.add_person)
    row = desk.page.fields.household.rows()[0]
    type_text(row.given.entry, "Petra")
    row.relation.set_value(Relation.PARTNER)
    click(desk.page.fields.shared.tick)
    desk.fill_least()
    desk.save()
    partner = desk.stored()[0].members[1]
    assert (partner.relation, partner.person.nationality) == (Relation.PARTNER, "")
    assert partner.person.languages == ()


def test_an_impossible_date_of_birth_is_said_in_its_row(desk: Desk) -> None:
    desk.fill_least()
    for born in ("1.5.2019", "1.5.2029"):
        click(desk.page.fields.add_person)
        row = desk.page.fields.household.rows()[-1]
        type_text(row.given.entry, "Kind")
        type_text(row.born.entry, born)
    desk.save()
    assert desk.error("members") == "Dieses Geburtsdatum kann nicht stimmen. Bitte prüfen Sie es."
    assert QApplication.focusWidget() is row.born.entry
    assert row.born.entry.property("invalid") is True
    click(row.remove)
    desk.save()
    assert len(desk.stored()[0].members) == 2


# Drafts


def test_a_draft_survives_the_lock_and_is_marked(desk: Desk) -> None:
    assert desk.page.draft() is None
    assert desk.page.draft_mark.isHidden()
    desk.fill_least(outcome=IntakeOutcome.REFERRAL)
    desk.choose("commune", UNNA)
    desk.choose("access_level", AccessLevel.NOTIFIED)
    desk.type("date_of_birth", "31.2.")
    click(desk.page.fields.add_person)
    type_text(desk.page.fields.household.rows()[0].given.entry, "Yusuf")
    assert not desk.page.draft_mark.isHidden()
    draft = desk.page.draft()
    assert draft is not None
    kept = json.loads(json.dumps(draft, sort_keys=True))
    after = desk.new_page()
    after.restore(kept)
    assert after.draft() is not None
    assert after.draft() == {**draft}
    after.activate()
    desk.settle()
    values, before = after.form.values(), desk.page.form.values()
    assert values == before
    assert values["commune"] == UNNA
    assert [row.given_name for row in values["members"]] == ["Yusuf"]
    assert not after.draft_mark.isHidden()


def test_leaving_and_coming_back_keeps_what_was_typed(desk: Desk) -> None:
    desk.fill_least()
    desk.page.leave()
    desk.page.activate()
    desk.settle()
    assert desk.page.form.values()["concern"] == "Kitaplatz gesucht"


def test_discarding_can_be_undone(desk: Desk, heard: Heard) -> None:
    desk.fill_least()
    click(desk.page.discard_button)
    assert desk.page.form.values()["concern"] == ""
    assert desk.page.form.values()["intake_on"] == TODAY
    assert desk.page.draft() is None
    undo = heard.messages[-1].undo
    assert undo is not None
    undo()
    assert desk.page.form.values()["concern"] == "Kitaplatz gesucht"
    assert desk.page.form.values()["outcome"] == IntakeOutcome.SETTLED_DIRECTLY
    assert desk.page.draft() is not None


def test_saving_ends_the_draft(desk: Desk, qtbot: QtBot) -> None:
    desk.fill_least()
    desk.page.save()
    with qtbot.waitSignal(desk.page.draft_changed):
        desk.settle()
    assert desk.page.draft() is None


def test_saving_twice_stores_once(desk: Desk) -> None:
    desk.fill_least()
    desk.page.save()
    desk.page.save()
    desk.settle()
    desk.page.save()
    desk.settle()
    assert len(desk.stored()) == 1


def test_the_commune_of_the_last_consultation_is_preset_in_a_later_session(desk: Desk) -> None:
    assert desk.page.form.values()["commune"] is None
    desk.fill_least()
    desk.choose("commune", UNNA)
    desk.save()
    assert desk.page.form.values()["commune"] == UNNA
    later = desk.new_page()
    later.activate()
    desk.settle()
    assert later.form.values()["commune"] == UNNA
    assert later.draft() is None


# Moving about


def test_alt_arrows_lead_from_part_to_part(desk: Desk) -> None:
    page = desk.page
    page.fields.focus_first()
    reached = []
    for direction in (1, 1, 1, 1, 1, -1):
        page.step_phase(direction)
        here = page.focusWidget()
        reached.append(next(name for name in page.form.values() if here and page.form[name].isAncestorOf(here)))
    assert reached == ["consent", "intake_on", "concern", "outcome", "outcome", "concern"]


def test_the_form_fits_the_page_of_a_small_laptop(desk: Desk) -> None:
    """1366 x 768 leaves a page of about 1130 x 640."""
    click(desk.page.fields.add_person)
    fields = desk.page.fields
    QApplication.processEvents()
    assert fields.height() <= desk.page.stack.height()
    assert fields.width() <= desk.page.stack.width()


def test_each_field_has_a_name_for_a_screen_reader(desk: Desk) -> None:
    click(desk.page.fields.add_person)
    for name in desk.page.form.values():
        if name not in ("members", "outcome"):
            assert desk.page.form.editor(name).entry.accessibleName(), name
    row = desk.page.fields.household.rows()[0]
    assert [editor.entry.accessibleName() for editor in row.editors] == [
        "Vorname",
        "Nachname",
        "Geburtsdatum",
        "Stellung im Haushalt",
    ]
    assert row.given.entry.accessibleDescription() == "Person 2"


# Names


def test_the_tab_key_that_takes_a_name_leads_on_to_the_next_field(desk: Desk) -> None:
    desk.type("nationality", "syr")
    assert desk.page.form.values()["nationality"] == "Syrien"
    assert QApplication.focusWidget() is desk.page.form.editor("languages").entry


def test_ctrl_enter_in_the_concern_is_left_to_the_window(desk: Desk) -> None:
    concern = desk.page.fields.concern.area
    concern.setFocus()
    type_text(concern, "Kita")
    press(concern, Qt.Key.Key_Return, CONTROL)
    assert desk.page.form.values()["concern"] == "Kita"
