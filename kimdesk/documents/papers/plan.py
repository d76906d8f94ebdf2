"""What client and case management agreed on: the goal agreement to sign, and the integration plan to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from kimdesk.documents.catalogue import GOAL_AGREEMENT, INTEGRATION_PLAN, DocumentKind
from kimdesk.documents.marks import H_, Words, said
from kimdesk.documents.papers import common
from kimdesk.documents.papers.vocabulary import ACTORS, GOAL_STATES, LIFE_AREAS, MEASURE_STATES
from kimdesk.documents.sheet import Entry, LocalText, Marked, Sheet
from kimdesk.domain.vocabulary import Actor, GoalState, LifeArea, MeasureState

_AGREEMENT = H_("Zielvereinbarung")
_AGREEMENT_LEAD = H_("Das haben wir gemeinsam vereinbart. Beide Seiten wollen ihren Teil tun.")
_AGREEMENT_VOLUNTARY = H_(
    "Diese Vereinbarung ist freiwillig. Sie können sie jederzeit ändern oder beenden. Auf Leistungen, die Ihnen "
    "zustehen, hat das keinen Einfluss."
)
_GOAL = H_("Ziel {number}")
# Übersetzung: Above a sentence that says how one can see that a goal is reached.
_MEASURED_BY = H_("Daran merken wir, dass das Ziel erreicht ist")
_STEP = H_("Schritt")
# Übersetzung: Head of a column: whether something is planned, under way or done.
_STATE = H_("Stand")
_YOUR_PART = H_("Ihr Beitrag")
_OUR_PART = H_("Unser Beitrag")
_OUR_PART_TEXT = H_(
    "Wir begleiten Sie, stellen Kontakte her, erklären Ihnen Briefe und fragen nach, was daraus geworden ist."
)
_REVIEW = H_("Am {date} sprechen wir wieder über diese Ziele.")
_PLAN = H_("Integrationsplan")
_PLAN_LEAD = H_("Das sind Ihre Ziele und Schritte. Der Plan kann sich ändern.")
_NEXT_TALK = H_("Nächstes Gespräch")
_NO_GOALS = H_("Es sind noch keine Ziele vereinbart.")


@dataclass(frozen=True)
class PlanStep:
    """A step towards a goal. `text` comes by language, German at least."""

    text: LocalText
    actor: Actor = Actor.TOGETHER
    provider: str = ""
    due_on: date | None = None
    state: MeasureState = MeasureState.PLANNED


@dataclass(frozen=True)
class PlanGoal:
    """A goal with its steps."""

    text: LocalText
    area: LifeArea | None = None
    measured_by: LocalText = field(default_factory=dict)
    due_on: date | None = None
    state: GoalState = GoalState.OPEN
    steps: tuple[PlanStep, ...] = ()


@dataclass(frozen=True)
class GoalAgreement:
    """The agreement to sign. Nothing of the assessment belongs on it."""

    KIND: ClassVar[DocumentKind] = GOAL_AGREEMENT
    name: str = ""
    case_number: str = ""
    agreed_on: date | None = None
    review_on: date | None = None
    goals: tuple[PlanGoal, ...] = ()
    client_contribution: LocalText = field(default_factory=dict)
    interpreter: str = ""

    @property
    def heading(self) -> Words:
        return _AGREEMENT

    def write(self, sheet: Sheet) -> None:
        sheet.title(_AGREEMENT)
        sheet.lead(_AGREEMENT_LEAD)
        sheet.fields(
            Entry(common.NAME, self.name, 2),
            Entry(common.CASE_NUMBER, self.case_number),
            Entry(common.DATE, self.agreed_on),
        )
        for number, goal in enumerate(self.goals or (PlanGoal({}),), start=1):
            _write_goal(sheet, goal, number, with_state=False)
        sheet.fields(Entry(_YOUR_PART, self.client_contribution or None, lines=2))
        sheet.heading(_OUR_PART)
        sheet.text(_OUR_PART_TEXT)
        if self.review_on is not None:
            sheet.text(said(_REVIEW, date=self.review_on), bold=True)
        sheet.text(_AGREEMENT_VOLUNTARY)
        sheet.text(common.EXPLAINED)
        sheet.fields(Entry(common.INTERPRETER, self.interpreter))
        sheet.signatures(
            common.PLACE_AND_DATE, common.CLIENT_SIGNATURE, common.OFFICE_SIGNATURE, common.INTERPRETER_SIGNATURE
        )


@dataclass(frozen=True)
class IntegrationPlan:
    """The plan as it stands on a day, to take along."""

    KIND: ClassVar[DocumentKind] = INTEGRATION_PLAN
    name: str = ""
    case_number: str = ""
    goals: tuple[PlanGoal, ...] = ()
    next_talk_on: date | None = None
    contact: str = ""

    @property
    def heading(self) -> Words:
        return _PLAN

    def write(self, sheet: Sheet) -> None:
        sheet.title(_PLAN)
        sheet.lead(_PLAN_LEAD)
        sheet.fields(Entry(common.NAME, self.name, 2), Entry(common.CASE_NUMBER, self.case_number))
        if not self.goals:
            sheet.text(_NO_GOALS)
        for number, goal in enumerate(self.goals, start=1):
            _write_goal(sheet, goal, number, with_state=True)
        sheet.fields(Entry(_NEXT_TALK, self.next_talk_on), Entry(common.CONTACT, self.contact))


def _write_goal(sheet: Sheet, goal: PlanGoal, number: int, *, with_state: bool) -> None:
    sheet.heading(said(_GOAL, number=number))
    sheet.entered(goal.text, size=12)
    facts = [Entry(LIFE_AREA, Marked(LIFE_AREAS[goal.area]) if goal.area else None), Entry(common.BY_WHEN, goal.due_on)]
    if with_state:
        facts.append(Entry(_STATE, Marked(GOAL_STATES[goal.state])))
    sheet.fields(*facts)
    if any(goal.measured_by.values()) or not with_state:
        sheet.fields(Entry(_MEASURED_BY, goal.measured_by or None))
    heads: tuple[Words, ...] = (_STEP, common.WHO, common.BY_WHEN)
    shares = [5.0, 2.4, 2.4]
    rows = [[step.text, step.provider or Marked(ACTORS[step.actor]), step.due_on] for step in goal.steps]
    if with_state:
        heads = (*heads, _STATE)
        shares.append(2.2)
        rows = [[*row, Marked(MEASURE_STATES[step.state])] for row, step in zip(rows, goal.steps, strict=True)]
    if rows or not with_state:
        sheet.table(heads, rows, shares, spare=0 if rows else 3)


# Übersetzung: Label above words such as housing, school, health.
LIFE_AREA = H_("Lebensbereich")
