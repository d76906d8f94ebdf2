"""A case on a real vault with its page, driven like a user does; shared by the tests of the case file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import AreaEntry, Assessment, Case, Goal, Member, Person
from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, Place, Relation, ResidenceStatus
from kimdesk.foundation.clock import FixedClock
from kimdesk.services.attachments import AttachmentService
from kimdesk.services.cases import CaseService
from kimdesk.services.offers import OfferService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault
from kimdesk.ui.case_file import CaseFilePage
from kimdesk.ui.case_file.assessment_tab import AssessmentTab
from kimdesk.ui.case_file.closure_tab import ClosureTab
from kimdesk.ui.case_file.follow_ups_tab import FollowUpsTab
from kimdesk.ui.case_file.household_tab import HouseholdTab
from kimdesk.ui.case_file.intake_tab import IntakeTab
from kimdesk.ui.case_file.plan_tab import PlanTab
from kimdesk.ui.case_file.services_tab import ServicesTab
from kimdesk.ui.case_file.timeline_tab import TimelineTab
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Form

INTAKE_ON = date(2026, 11, 2)
CLIENT = Person(
    given_name="Yasmin",
    family_name="Al-Khatib",
    date_of_birth=date(1988, 4, 2),
    nationality="Syrien",
    languages=("ar", "ku"),
    residence_status=ResidenceStatus.SUBSIDIARY_PROTECTION,
    residence_expires_on=date(2026, 12, 28),
)


@dataclass
class Room:
    """The services on the vault, and how to make cases and pages of them."""

    vault: Vault
    clock: FixedClock
    jobs: Jobs
    messages: Messages
    qtbot: QtBot

    def __post_init__(self) -> None:
        self.settings = SettingsService(self.vault)
        self.cases = CaseService(self.vault, self.settings, self.clock)
        self.offers = OfferService(self.vault)
        self.attachments = AttachmentService(self.vault)

    def new_case(self, client: Person = CLIENT, **fields: object) -> UUID:
        """Record a case that was taken into case management."""
        case = Case(
            commune=self.cases.communes()[0][0],
            opened_on=INTAKE_ON,
            intake_on=INTAKE_ON,
            consent_on=INTAKE_ON,
            place=Place.OFFICE,
            language="ar",
            concern="Wohnung und Sprachkurs",
            outcome=IntakeOutcome.CASE_MANAGEMENT,
        )
        case = Case(**{name: getattr(case, name) for name in Case.__dataclass_fields__} | fields)
        members = (Member(person=client, relation=Relation.CLIENT),)
        return self.cases.record_consultation(ConsultationEntry(case=case, members=members)).value

    def assess(self, case_id: UUID, scale: int = 2) -> None:
        """Store a first assessment of language."""
        entry = AreaEntry(life_area=LifeArea.LANGUAGE, resources="liest Arabisch", need="Kurs", scale=scale)
        self.cases.save_assessment(Assessment(case_id=case_id, held_on=date(2026, 11, 4), entries=(entry,)))

    def goal(self, case_id: UUID, *, smart: bool = True) -> Goal:
        """Store an outcome goal."""
        goal = Goal(
            case_id=case_id,
            text="Prüfung B1 bestehen",
            measured_by="Zertifikat" if smart else "",
            due_on=date(2027, 3, 31) if smart else None,
        )
        self.cases.save_goal(goal)
        return goal

    def open(self, case_id: UUID) -> Desk:
        """Return a page with the case in it, wired to changes as the frame does it."""
        page = CaseFilePage(
            self.cases, self.offers, self.attachments, self.settings, self.jobs, self.messages, self.clock
        )
        self.jobs.changed.connect(page.refresh)
        self.qtbot.addWidget(page)
        page.resize(1130, 700)
        page.show()
        page.activate(case_id)
        desk = Desk(page, self)
        desk.settle()
        return desk


@dataclass
class Desk:
    """One page and what a user does with it."""

    page: CaseFilePage
    room: Room

    def settle(self) -> None:
        """Wait until everything asked for is read, written and shown."""
        for _ in range(4):
            assert self.room.jobs.wait_idle()
            QTest.qWait(0)
        assert self.room.jobs.wait_idle()

    def go(self, tab: str) -> None:
        """Bring a tab to the front and wait until it is laid out."""
        self.page.open_tab(tab)
        self.settle()

    def file(self) -> CaseFile:
        """Return what is stored of the case in front."""
        self.settle()
        case_id = self.page.desk.case_id
        assert case_id is not None
        return self.room.cases.file(case_id)

    def click(self, button: QWidget) -> None:
        """Click and wait for what follows."""
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    @property
    def timeline(self) -> TimelineTab:
        tab = self.page.tabs["timeline"]
        assert isinstance(tab, TimelineTab)
        return tab

    @property
    def household(self) -> HouseholdTab:
        tab = self.page.tabs["household"]
        assert isinstance(tab, HouseholdTab)
        return tab

    @property
    def intake(self) -> IntakeTab:
        tab = self.page.tabs["intake"]
        assert isinstance(tab, IntakeTab)
        return tab

    @property
    def assessment(self) -> AssessmentTab:
        tab = self.page.tabs["assessment"]
        assert isinstance(tab, AssessmentTab)
        return tab

    @property
    def plan(self) -> PlanTab:
        tab = self.page.tabs["plan"]
        assert isinstance(tab, PlanTab)
        return tab

    @property
    def services(self) -> ServicesTab:
        tab = self.page.tabs["services"]
        assert isinstance(tab, ServicesTab)
        return tab

    @property
    def follow_ups(self) -> FollowUpsTab:
        tab = self.page.tabs["follow_ups"]
        assert isinstance(tab, FollowUpsTab)
        return tab

    @property
    def closure(self) -> ClosureTab:
        tab = self.page.tabs["closure"]
        assert isinstance(tab, ClosureTab)
        return tab


def type_into(form: Form, name: str, text: str) -> None:
    """Replace what stands in a field by typing."""
    entry = form.editor(name).entry
    entry.setFocus()
    QTest.keyClick(entry, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(entry, Qt.Key.Key_Delete)
    for character in text:  # not QTest.keyClicks, which knows no umlauts
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(entry, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))


def error_at(form: Form, name: str) -> str:
    """Return the error the user sees at a field, empty if there is none."""
    error = form[name].error
    return "" if error.isHidden() else error.text()


def words(widget: QWidget) -> str:
    """Return the accessible names and texts below `widget`, as one text to look into."""
    found = []
    for child in widget.findChildren(QWidget):
        if not child.isVisibleTo(widget):
            continue
        text = getattr(child, "text", None)
        found.append(child.accessibleName())
        if callable(text):
            found.append(str(text()))
    return "\n".join(part for part in found if part)
