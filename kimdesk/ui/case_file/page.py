"""The case file's page: head, phases, next step, and a tab for each part of the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from kimdesk.domain.file_dates import dates_of
from kimdesk.domain.views import CaseFile, DueItem
from kimdesk.domain.vocabulary import Phase, PhaseStatus, label
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.i18n.formats import relative_day
from kimdesk.services.attachments import AttachmentService
from kimdesk.services.cases import CaseService
from kimdesk.services.offers import OfferService
from kimdesk.services.settings import SettingsService
from kimdesk.ui.case_file.assessment_tab import AssessmentTab
from kimdesk.ui.case_file.checklist_tab import ChecklistTab
from kimdesk.ui.case_file.closure_tab import ClosureTab
from kimdesk.ui.case_file.conferences_tab import ConferencesTab
from kimdesk.ui.case_file.consents_tab import ConsentsTab
from kimdesk.ui.case_file.desk import CaseDesk, Surroundings
from kimdesk.ui.case_file.documents_tab import DocumentsTab
from kimdesk.ui.case_file.drafts import Drafts, draft_prefix
from kimdesk.ui.case_file.follow_ups_tab import FollowUpsTab
from kimdesk.ui.case_file.header import CaseHeader
from kimdesk.ui.case_file.household_tab import HouseholdTab
from kimdesk.ui.case_file.intake_tab import IntakeTab
from kimdesk.ui.case_file.involved_tab import InvolvedTab
from kimdesk.ui.case_file.plan_tab import PlanTab
from kimdesk.ui.case_file.protection_tab import ProtectionTab
from kimdesk.ui.case_file.request import Begin, CaseRequest
from kimdesk.ui.case_file.services_tab import ServicesTab
from kimdesk.ui.case_file.tab import CaseTab, is_large
from kimdesk.ui.case_file.tabs import CaseTabs
from kimdesk.ui.case_file.timeline_tab import TimelineTab
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.home.due_list import what_is_due
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.structure.request import IssueRequest
from kimdesk.ui.widgets import Button, EmptyState, IconMark, PhaseStepper, Scroll, Step, StepState, Text, describe, put

TIMELINE, HOUSEHOLD, INTAKE, ASSESSMENT = "timeline", "household", "intake", "assessment"
PLAN, SERVICES, FOLLOW_UPS, CLOSURE = "plan", "services", "follow_ups", "closure"
DOCUMENTS = "documents"
INVOLVED, CONSENTS, CONFERENCES = "involved", "consents", "conferences"
CHECKLISTS, PROTECTION = "checklists", "protection"

_TAB_OF_PHASE = {
    Phase.INTAKE: INTAKE,
    Phase.ASSESSMENT: ASSESSMENT,
    Phase.GOALS: PLAN,
    Phase.AGREEMENT: PLAN,
    Phase.COORDINATION: SERVICES,
    Phase.REASSESSMENT: ASSESSMENT,
    Phase.CLOSURE: CLOSURE,
}
_PHASE_OF_TAB = {
    HOUSEHOLD: Phase.ACCESS,
    INTAKE: Phase.INTAKE,
    ASSESSMENT: Phase.ASSESSMENT,
    PLAN: Phase.GOALS,
    SERVICES: Phase.COORDINATION,
    TIMELINE: Phase.MONITORING,
    FOLLOW_UPS: Phase.MONITORING,
    DOCUMENTS: Phase.MONITORING,
    INVOLVED: Phase.COORDINATION,
    CONSENTS: Phase.COORDINATION,
    CONFERENCES: Phase.COORDINATION,
    CHECKLISTS: Phase.MONITORING,
    PROTECTION: Phase.MONITORING,
    CLOSURE: Phase.CLOSURE,
}

_DATES_SHOWN = 2
_LONGEST_DATE_TEXT = 40


@dataclass(frozen=True, slots=True)
class _Read:
    """What one look into the vault brings."""

    file: CaseFile
    around: Surroundings
    drafts: Mapping[str, dict[str, Any]] | None
    """None where the drafts in the window are the newer ones."""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_DATE_TEXT else f"{line[:_LONGEST_DATE_TEXT].rstrip()}…"


class _Stack(QStackedWidget):
    """The tabs: they scroll inside, so they ask for a modest height only and never push the page's own scrolling."""

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(240), theme().px(380 if is_large() else 260))


class CaseFilePage(Page):
    """One case. `activate` takes the case's id."""

    page_id = "case"
    manual_page = "fall"

    def __init__(
        self,
        cases: CaseService,
        offers: OfferService,
        attachments: AttachmentService,
        settings: SettingsService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._attachments = attachments
        self._settings, self._jobs, self._messages = settings, jobs, messages
        drafts = Drafts(cases, jobs, self)
        drafts.typed.connect(self.draft_changed)
        drafts.changed.connect(self._mark_tabs)
        self.desk = CaseDesk(cases, offers, jobs, messages, clock, drafts, self)
        self.viewed_phase: Phase | None = None
        self._wanted: UUID | None = None
        self._begin: CaseRequest | None = None
        self.header = CaseHeader(
            self.desk, lambda: self.navigate.emit("cases", None), self.print_out, self.report_issue
        )
        self.header.person_chosen.connect(self._show_person)
        self.stepper = PhaseStepper()
        self.stepper.chosen.connect(lambda phase: self.open_phase(Phase(phase)))
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        describe(self.bar, _("Teile des Falls"))
        self.stack = _Stack()
        self.tabs = CaseTabs(self.stack, lambda: self.desk.file is not None)
        self._add_tabs()
        self.bar.currentChanged.connect(self._tab_changed)
        self._lay_out()

    def _add_tabs(self) -> None:
        desk = self.desk
        parts: tuple[tuple[str, str, Callable[[], CaseTab]], ...] = (
            (TIMELINE, _("Verlauf"), lambda: TimelineTab(desk)),
            (HOUSEHOLD, _("Haushalt"), lambda: HouseholdTab(desk)),
            (INTAKE, _("Erstberatung"), lambda: IntakeTab(desk)),
            (ASSESSMENT, _("Assessment"), lambda: AssessmentTab(desk)),
            (PLAN, _("Plan"), lambda: PlanTab(desk)),
            (SERVICES, _("Leistungen"), self._services_tab),
            (INVOLVED, _("Beteiligte"), lambda: InvolvedTab(desk)),
            (CONSENTS, _("Freigaben"), lambda: ConsentsTab(desk)),
            (CONFERENCES, _("Konferenzen"), lambda: ConferencesTab(desk)),
            (CHECKLISTS, _("Bleiberecht"), lambda: ChecklistTab(desk)),
            (PROTECTION, _("Kinderschutz"), lambda: ProtectionTab(desk)),
            (FOLLOW_UPS, _("Wiedervorlagen"), lambda: FollowUpsTab(desk)),
            (DOCUMENTS, _("Dokumente"), lambda: DocumentsTab(desk, self._attachments)),
            (CLOSURE, _("Abschluss"), lambda: ClosureTab(desk)),
        )
        for name, word, make in parts:
            self.tabs.add(name, make)
            self.bar.addTab(word)

    def _services_tab(self) -> CaseTab:
        services = ServicesTab(self.desk)
        services.plan_wanted.connect(self._plan_measure)
        return services

    def _lay_out(self) -> None:
        self.next_mark = IconMark(Icon.FORWARD, "accent_text")
        self.next_text = Text("", "strong", wrap=True)
        self.next_button = Button(_("Dorthin"), "quiet", on_click=self.go_to_next_step)
        self.next_step = QFrame()
        put(self.next_step, role="well")
        line = QHBoxLayout(self.next_step)
        line.setContentsMargins(Space.M, 0, Space.XS, 0)
        line.setSpacing(Space.S)
        line.addWidget(self.next_mark)
        line.addWidget(self.next_text, 1)
        self.next_dates = Text("", "meta", wrap=True)
        line.addWidget(self.next_dates, 1)
        line.addWidget(self.next_button)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.S)
        for widget in (self.header, self.stepper, self.next_step, self.bar):
            inner.addWidget(widget)
        inner.addWidget(self.stack, 1)
        self.content = Scroll(content)
        self.nothing = EmptyState(
            Icon.CASE,
            _("Kein Fall geöffnet"),
            _("Wählen Sie einen Fall in der Fallliste."),
            action=_("Zur Fallliste"),
            on_action=lambda: self.navigate.emit("cases", None),
        )
        self.body.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        self.body.addWidget(self.content)
        self.body.addWidget(self.nothing)
        self.content.hide()

    # Reading

    def activate(self, argument: object = None) -> None:
        self._begin = argument if isinstance(argument, CaseRequest) else None
        asked = argument.case_id if isinstance(argument, CaseRequest) else argument
        case_id = asked if isinstance(asked, UUID) else self._wanted
        if case_id is not None:
            self._read(case_id)

    def refresh(self, areas: frozenset[str]) -> None:
        if self._wanted is not None and areas & {"cases", "follow_ups", "offers", "settings"}:
            self._read(self._wanted)

    def _read(self, case_id: UUID) -> None:
        self._wanted = case_id
        other = case_id != self.desk.case_id
        if other:
            self.desk.drafts.flush()
            self.content.hide()  # nothing may be written into the case of before while the wanted one is on its way
        self._jobs.read(lambda: self._look(case_id, other), self._show, self._not_found, owner=self, latest="file")

    def _look(self, case_id: UUID, with_drafts: bool) -> _Read:
        """Runs in the database thread."""
        cases, offers = self.desk.cases, self.desk.offers
        file = cases.file(case_id)
        titles: dict[UUID, tuple[str, str]] = {}
        wanted = {*file.remembered_offers}
        wanted.update(one.offer_id for one in file.measures if one.offer_id)
        wanted.update(one.offer_id for one in file.referrals if one.offer_id)
        for offer_id in wanted:
            try:
                offer = offers.get(offer_id).offer
            except KnownError:
                continue  # no longer in the directory; the case keeps the provider's name
            titles[offer_id] = (offer.title, offer.facts.provider)
        profile = self._settings.profile()
        around = Surroundings(cases.communes(), profile.life_areas, profile.retention, titles)
        drafts: dict[str, dict[str, Any]] | None = None
        if with_drafts:
            prefix = draft_prefix(case_id)
            found = {key: cases.load_draft(key) for key in cases.drafts() if key.startswith(prefix)}
            drafts = {key: draft for key, draft in found.items() if draft}
        return _Read(file, around, drafts)

    def _not_found(self, error: KnownError) -> None:
        self._messages.show_error(error)
        self._wanted = self.desk.case_id
        self.content.setVisible(self.desk.file is not None)
        self.nothing.setVisible(self.desk.file is None)

    def _show(self, read: _Read) -> None:
        other = self.desk.case_id != read.file.case.id
        self.desk.file, self.desk.around = read.file, read.around
        if read.drafts is not None and other:
            self.desk.drafts.open_case(read.file.case.id, read.drafts)
        self.nothing.hide()
        self.content.show()
        self.header.show_file(read.file)
        self._show_phases(read.file)
        self.tabs.file_changed()
        if other:
            self.viewed_phase = None
            self.open_tab(TIMELINE)
            for place in range(self.bar.count()):
                self._mark(place, False)
        if other:
            # Nothing of the case before stays in a tab, and a tab with a draft is marked.
            for name in self.tabs if read.drafts else self.tabs.built():
                self.tabs[name]
        self.tabs[self.tab]
        self._mark_tabs()
        if self._begin is not None and self._begin.case_id == read.file.case.id:
            self._begin_with_offer(self._begin)
            self._begin = None

    def _begin_with_offer(self, wanted: CaseRequest) -> None:
        """Open an empty form with the offer in it; one that holds a draft stays as it is."""
        if not self.desk.is_open:
            return
        self.open_tab(SERVICES if wanted.begin is Begin.REFERRAL else PLAN)
        tab = self.tabs[self.tab]
        if isinstance(tab, (ServicesTab, PlanTab)):
            tab.begin_with_offer(wanted.offer_id, wanted.title, wanted.provider)

    def _show_phases(self, file: CaseFile) -> None:
        steps = [
            Step(
                state.phase,
                _(label(state.phase)),
                StepState(state.status),
                _(state.reason) if state.reason else _(state.missing[0]) if state.missing else "",
            )
            for state in file.phases
        ]
        self.stepper.set_steps(steps)
        if file.next_step:
            self.next_text.setText(_("Nächster Schritt: {step}").format(step=_(file.next_step)))
            self.next_button.setText(_("Dorthin"))
        else:
            self.next_text.setText(_("Der Fall ist abgeschlossen. Zum Ändern nehmen Sie ihn wieder auf."))
            self.next_button.setText(_("Zum Abschluss"))
        self._show_dates(file)
        describe(self.next_button, self.next_button.text(), self.next_text.text())

    def _show_dates(self, file: CaseFile) -> None:
        """Show the next dates of every kind; what is past comes first."""
        today = self.desk.today()
        said = []
        for one in dates_of(file)[:_DATES_SHOWN]:
            item = DueItem(
                kind=one.kind, due_on=one.due_on, case_id=None, case_number="", client="", text=_short(one.text)
            )
            said.append(f"{relative_day(one.due_on, today)}: {what_is_due(item)}")
        self.next_dates.setText(" · ".join(said))
        self.next_dates.setVisible(bool(said))

    def _mark_tabs(self) -> None:
        """Say on the tabs themselves which of them hold a draft."""
        for place, name in enumerate(self.tabs):
            tab = self.tabs.fresh(name)
            if tab is not None:  # one that was not looked at since has the mark it had
                self._mark(place, any(entry.is_draft for entry in tab.entries))

    def _mark(self, place: int, draft: bool) -> None:
        word = self.bar.tabText(place).removesuffix(" •")
        self.bar.setTabText(place, f"{word} •" if draft else word)
        self.bar.setTabToolTip(place, _("Enthält einen Entwurf") if draft else "")

    # Moving

    @property
    def tab(self) -> str:
        """Return the name of the tab in front."""
        return list(self.tabs)[self.bar.currentIndex()]

    def open_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self.bar.setCurrentIndex(list(self.tabs).index(name))

    def _tab_changed(self, place: int) -> None:
        name = list(self.tabs)[place]
        tab = self.tabs[name]
        self.stack.setCurrentWidget(tab)
        if self.viewed_phase is None or self._tab_of(self.viewed_phase) != name:
            self.viewed_phase = _PHASE_OF_TAB[name]
        self.stepper.set_viewed(self.viewed_phase)

    def _tab_of(self, phase: Phase) -> str:
        file = self.desk.the_file
        if phase is Phase.ACCESS:
            return INTAKE if file.members else HOUSEHOLD
        if phase is Phase.MONITORING:
            return SERVICES if file.facts.open_measures or file.facts.unanswered_referrals else TIMELINE
        return _TAB_OF_PHASE[phase]

    def open_phase(self, phase: Phase) -> None:
        """Bring the part of the file that belongs to `phase` to the front."""
        if self.desk.file is None:
            return
        self.viewed_phase = phase
        name = self._tab_of(phase)
        self.open_tab(name)
        self.stepper.set_viewed(phase)
        self.tabs[name].open_phase(phase)

    def go_to_next_step(self) -> None:
        """Go where the next step is done."""
        if self.desk.file is not None:
            now = [state.phase for state in self.desk.file.phases if state.status is PhaseStatus.NOW]
            self.open_phase(now[0] if now else Phase.CLOSURE)

    def step_phase(self, direction: int) -> None:
        phases = list(Phase)
        here = phases.index(self.viewed_phase) if self.viewed_phase else -1
        self.open_phase(phases[min(max(here + direction, 0), len(phases) - 1)])

    def _show_person(self, person_id: object) -> None:
        self.open_tab(HOUSEHOLD)
        tab = self.tabs[HOUSEHOLD]
        if isinstance(tab, HouseholdTab) and isinstance(person_id, UUID):
            tab.edit(person_id)

    def report_issue(self) -> None:
        """Begin a structural issue that was seen in this case."""
        if self._shows_the_wanted:
            request = IssueRequest(case_id=self.desk.case.id, commune=self.desk.case.commune)
            self.navigate.emit("structure", request)

    def _plan_measure(self) -> None:
        self.open_tab(PLAN)
        tab = self.tabs[PLAN]
        if isinstance(tab, PlanTab):
            tab.new_measure(None)

    # Saving, printing, keeping

    @property
    def _shows_the_wanted(self) -> bool:
        return self.desk.file is not None and self.desk.case_id == self._wanted

    def save(self) -> None:
        if self._shows_the_wanted:
            self.tabs[self.tab].save()

    def finish_step(self) -> None:
        if self._shows_the_wanted:
            self.tabs[self.tab].save(lambda: self.step_phase(1))

    def print_out(self) -> None:
        if self._wanted is not None:
            self.desk.drafts.flush()
            from kimdesk.ui.printing import PrintRequest  # late: its room brings the viewer of PDFs

            file = self.desk.file
            document = "integration-plan" if file is not None and file.goals else "contact-sheet"
            self.navigate.emit("print", PrintRequest(document=document, case_id=self._wanted))

    def leave(self) -> None:
        self.desk.drafts.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        self.desk.drafts.flush()
        super().hideEvent(event)

    def draft(self) -> Mapping[str, object] | None:
        return self.desk.drafts.waiting() or None

    def restore(self, draft: Mapping[str, object]) -> None:
        self.desk.drafts.bring_back(draft)
