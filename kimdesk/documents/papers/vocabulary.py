"""The words of the case file in the languages of the handouts; the same German words as on the screen where it fits."""

from __future__ import annotations

from kimdesk.documents.marks import H_
from kimdesk.domain.vocabulary import Actor, GoalState, LifeArea, MeasureState

LIFE_AREAS: dict[LifeArea, str] = {
    LifeArea.RESIDENCE_LAW: H_("Aufenthalt"),
    LifeArea.ORIENTATION: H_("Orientierung"),
    LifeArea.LANGUAGE: H_("Sprache"),
    LifeArea.WORK: H_("Arbeit"),
    LifeArea.VOCATIONAL_TRAINING: H_("Ausbildung"),
    LifeArea.EDUCATION: H_("Bildung und Qualifizierung"),
    LifeArea.SCHOOL: H_("Schule"),
    LifeArea.CHILDCARE: H_("Kinderbetreuung"),
    LifeArea.HOUSING: H_("Wohnen"),
    LifeArea.HEALTH: H_("Gesundheit"),
    LifeArea.ADDICTION: H_("Sucht"),
    LifeArea.DEBTS: H_("Schulden"),
    LifeArea.PREGNANCY_CONFLICT: H_("Schwangerschaft"),
    LifeArea.FAMILY: H_("Familie"),
    LifeArea.FINANCIAL_SECURITY: H_("Lebensunterhalt"),
    LifeArea.SOCIAL_PARTICIPATION: H_("Soziale Teilhabe"),
    LifeArea.CARE_DISABILITY: H_("Pflege und Behinderung"),
    LifeArea.DISCRIMINATION: H_("Diskriminierung"),
}

# Übersetzung: Who does a step: the client ("you"), the case management, both together, or another office.
ACTORS: dict[Actor, str] = {
    # Übersetzung: "You" (the client) do this step.
    Actor.CLIENT: H_("Sie"),
    Actor.CASE_MANAGER: H_("Fallmanagement"),
    # Übersetzung: The client and the case management do this step together.
    Actor.TOGETHER: H_("gemeinsam"),
    Actor.PROVIDER: H_("andere Stelle"),
}

# The state of a step of the plan.
MEASURE_STATES: dict[MeasureState, str] = {
    MeasureState.PLANNED: H_("geplant"),
    MeasureState.REQUESTED: H_("beantragt"),
    # Übersetzung: A step that is under way.
    MeasureState.RUNNING: H_("läuft"),
    MeasureState.DONE: H_("erledigt"),
    MeasureState.FAILED: H_("hat nicht geklappt"),
}

# The state of a goal.
GOAL_STATES: dict[GoalState, str] = {
    # Übersetzung: A goal not yet reached.
    GoalState.OPEN: H_("offen"),
    GoalState.REACHED: H_("erreicht"),
    GoalState.PARTLY_REACHED: H_("teilweise erreicht"),
    # Übersetzung: A goal that is no longer pursued.
    GoalState.DROPPED: H_("nicht weiter verfolgt"),
}
