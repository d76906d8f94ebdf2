"""The phase rules of case management, as pure functions over what a case file holds.

Order and content of the phases: DOMAIN reference § 4 (concept of the Ennepe-Ruhr-Kreis, Kreis Warendorf).
What is required before a step is this project's reading of them and stands here only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kimdesk.domain.errors import CaseClosed, RuleBroken
from kimdesk.domain.vocabulary import AccessLevel, ClosureReason, IntakeOutcome, Phase, PhaseStatus
from kimdesk.foundation.errors import N_

SKIPPABLE = frozenset({Phase.AGREEMENT, Phase.REASSESSMENT})
"""Only these may be left out, with a reason: a client may work without a signed agreement, and a short case may
end before its first reassessment."""

_WITHOUT_CASE_MANAGEMENT = frozenset({Phase.ASSESSMENT, Phase.GOALS, Phase.AGREEMENT, Phase.REASSESSMENT})
_WITHOUT_REFERRAL = _WITHOUT_CASE_MANAGEMENT | {Phase.COORDINATION, Phase.MONITORING}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the phase rules need to know of a case file: dates and counts, no texts."""

    access_level: AccessLevel = AccessLevel.SELF
    intake_on: date | None = None
    outcome: IntakeOutcome | None = None
    consent_on: date | None = None
    persons: int = 0
    assessments: int = 0
    needs: int = 0
    outcome_goals: int = 0
    vague_outcome_goals: int = 0
    agreed_on: date | None = None
    measures: int = 0
    open_measures: int = 0
    contacts: int = 0
    referrals: int = 0
    unanswered_referrals: int = 0
    reassessments: int = 0
    reassessment_due_on: date | None = None
    closed_on: date | None = None
    closure_reason: ClosureReason | None = None
    latest_record_on: date | None = None
    skipped: Mapping[Phase, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhaseState:
    """One step of the phase stepper; `reason` says why it was skipped, `missing` what it still needs."""

    phase: Phase
    status: PhaseStatus
    reason: str = ""
    missing: tuple[str, ...] = ()


def is_needed(phase: Phase, outcome: IntakeOutcome | None) -> bool:
    """Return whether a case with this outcome of its intake goes through `phase`.

    Only case management has the full process; a referral is recorded and followed up, and a matter settled at the
    intake ends there (concept Ennepe-Ruhr, four outcomes).
    """
    match outcome:
        case IntakeOutcome.LITTLE_NEED | IntakeOutcome.SETTLED_DIRECTLY:
            return phase not in _WITHOUT_REFERRAL
        case IntakeOutcome.REFERRAL:
            return phase not in _WITHOUT_CASE_MANAGEMENT
        case IntakeOutcome.CASE_MANAGEMENT | None:
            return True


def missing_for(phase: Phase, facts: CaseFacts) -> tuple[str, ...]:
    """Return what `phase` still needs before it counts as done, as German source sentences; empty when done."""
    missing: list[str] = []
    match phase:
        case Phase.ACCESS:
            if facts.persons == 0:
                missing.append(N_("Tragen Sie mindestens eine Person ein."))
        case Phase.INTAKE:
            if facts.intake_on is None:
                missing.append(N_("Tragen Sie das Datum der Erstberatung ein."))
            if facts.consent_on is None:
                missing.append(N_("Halten Sie fest, wann die Person in die Beratung eingewilligt hat."))
            if facts.outcome is None:
                missing.append(N_("Wählen Sie das Ergebnis der Erstberatung."))
        case Phase.ASSESSMENT:
            if facts.assessments == 0:
                missing.append(N_("Beschreiben Sie mindestens einen Lebensbereich."))
        case Phase.GOALS:
            if facts.outcome_goals == 0:
                missing.append(N_("Vereinbaren Sie mindestens ein Ergebnisziel."))
            if facts.vague_outcome_goals:
                missing.append(N_("Ergänzen Sie bei jedem Ergebnisziel, woran Sie es messen und bis wann."))
        case Phase.AGREEMENT:
            if facts.agreed_on is None:
                missing.append(N_("Tragen Sie ein, wann die Zielvereinbarung geschlossen wurde."))
        case Phase.COORDINATION:
            if facts.outcome is IntakeOutcome.REFERRAL and facts.referrals == 0:
                missing.append(N_("Tragen Sie den Fallverweis ein."))
            elif facts.measures == 0 and facts.referrals == 0:
                missing.append(N_("Planen Sie mindestens eine Maßnahme oder einen Fallverweis."))
        case Phase.MONITORING:
            if facts.open_measures or facts.unanswered_referrals:
                missing.append(N_("Es laufen noch Maßnahmen oder Fallverweise ohne Antwort."))
            elif facts.contacts == 0 and facts.outcome is not IntakeOutcome.REFERRAL:
                missing.append(N_("Halten Sie mindestens einen Kontakt fest."))
        case Phase.REASSESSMENT:
            if facts.reassessments == 0:
                missing.append(N_("Sehen Sie die Lebensbereiche noch einmal gemeinsam an."))
        case Phase.CLOSURE:
            if facts.closed_on is None:
                missing.append(N_("Schließen Sie den Fall mit Grund und Datum ab."))
    return tuple(missing)


def phase_states(facts: CaseFacts) -> tuple[PhaseState, ...]:
    """Return the nine steps of the stepper in order; exactly one is `now` unless the case is closed.

    A case that ends at its intake (one-off consultation, referral) shows the phases it never needed as skipped.
    """
    if facts.closed_on is not None:
        return tuple(_closed_state(phase, facts) for phase in Phase)
    states: list[PhaseState] = []
    now_found = False
    for phase in Phase:
        missing = missing_for(phase, facts)
        if not missing:
            states.append(PhaseState(phase, PhaseStatus.DONE))
        elif phase in facts.skipped:
            states.append(PhaseState(phase, PhaseStatus.SKIPPED, facts.skipped[phase]))
        elif not is_needed(phase, facts.outcome):
            reason = N_("Nach dem Ergebnis der Erstberatung nicht nötig.")
            states.append(PhaseState(phase, PhaseStatus.SKIPPED, reason))
        elif not now_found:
            states.append(PhaseState(phase, PhaseStatus.NOW, missing=missing))
            now_found = True
        else:
            states.append(PhaseState(phase, PhaseStatus.OPEN, missing=missing))
    return tuple(states)


def _closed_state(phase: Phase, facts: CaseFacts) -> PhaseState:
    if phase is Phase.CLOSURE or not missing_for(phase, facts):
        return PhaseState(phase, PhaseStatus.DONE)
    reason = facts.skipped.get(phase, N_("Der Fall endete, bevor diese Phase nötig war."))
    return PhaseState(phase, PhaseStatus.SKIPPED, reason)


def phase_key(facts: CaseFacts) -> tuple[object, ...]:
    """Return all that `phase_states`, `current_phase` and `next_step` depend on: equal keys, equal answers.

    A list of thousands of cases has a few dozen different keys.
    """
    return (
        facts.closed_on is None,
        facts.persons == 0,
        facts.intake_on is None,
        facts.consent_on is None,
        facts.outcome,
        facts.assessments == 0,
        facts.outcome_goals == 0,
        facts.vague_outcome_goals == 0,
        facts.agreed_on is None,
        facts.measures == 0,
        facts.referrals == 0,
        facts.open_measures == 0 and facts.unanswered_referrals == 0,
        facts.contacts == 0,
        facts.reassessments == 0,
        tuple(facts.skipped.items()),
    )


def current_phase(facts: CaseFacts) -> Phase:
    """Return the phase the case is in; a closed case is in its closure."""
    for state in phase_states(facts):
        if state.status is PhaseStatus.NOW:
            return state.phase
    return Phase.CLOSURE


def next_step(facts: CaseFacts) -> str:
    """Return the next thing to do as a German source sentence, empty for a closed case."""
    if facts.closed_on is not None:
        return ""
    return missing_for(current_phase(facts), facts)[0]


def ensure_open(facts: CaseFacts) -> None:
    """Raise `CaseClosed` if the case takes no changes any more."""
    if facts.closed_on is not None:
        raise CaseClosed()


def ensure_outcome_allowed(level: AccessLevel, outcome: IntakeOutcome | None) -> None:
    """A notification of level 2 always gets the full process (concept Ennepe-Ruhr, procedure for level 2)."""
    if level is AccessLevel.NOTIFIED and outcome not in (None, IntakeOutcome.CASE_MANAGEMENT):
        raise RuleBroken(
            N_(
                "Eine Fallmeldung der Ebene 2 durchläuft immer das ganze Verfahren. "
                "Bitte wählen Sie „Fallmanagement aufgenommen“ oder ändern Sie die Ebene."
            ),
            field_name="outcome",
        )


def ensure_assessment_allowed(facts: CaseFacts) -> None:
    """An assessment needs an intake that led into case management."""
    ensure_open(facts)
    if facts.intake_on is None or facts.outcome is not IntakeOutcome.CASE_MANAGEMENT:
        raise RuleBroken(
            N_(
                "Ein Assessment setzt eine Erstberatung voraus, die ins Fallmanagement geführt hat. "
                "Bitte schließen Sie zuerst die Erstberatung ab."
            )
        )


def ensure_referral_allowed(facts: CaseFacts) -> None:
    """A referral needs an intake: "mere pointing elsewhere must be avoided" (Kreis Coesfeld)."""
    ensure_open(facts)
    if facts.intake_on is None:
        raise RuleBroken(N_("Ein Fallverweis setzt eine Erstberatung voraus. Bitte halten Sie sie zuerst fest."))


def ensure_goal_allowed(facts: CaseFacts) -> None:
    """Goals come out of an assessment."""
    ensure_open(facts)
    if facts.assessments == 0:
        raise RuleBroken(
            N_("Ziele entstehen aus dem Assessment. Bitte beschreiben Sie zuerst mindestens einen Lebensbereich.")
        )


def ensure_agreement_allowed(facts: CaseFacts, agreed_on: date) -> None:
    """An agreement needs at least one outcome goal, every one of them SMART, and no date before the intake."""
    ensure_open(facts)
    missing = missing_for(Phase.GOALS, facts)
    if missing:
        raise RuleBroken(missing[0], field_name="agreed_on")
    if facts.intake_on is not None and agreed_on < facts.intake_on:
        raise RuleBroken(
            N_("Die Zielvereinbarung kann nicht vor der Erstberatung liegen. Bitte prüfen Sie das Datum."),
            field_name="agreed_on",
        )


def ensure_reassessment_allowed(facts: CaseFacts) -> None:
    """A reassessment compares with an earlier assessment."""
    ensure_open(facts)
    if facts.assessments == 0:
        raise RuleBroken(
            N_("Ein Re-Assessment vergleicht mit einem Assessment. Bitte legen Sie zuerst ein Assessment an.")
        )


def ensure_may_skip(phase: Phase, reason: str) -> None:
    """Only phases in `SKIPPABLE` may be skipped, and only with a reason."""
    if phase not in SKIPPABLE:
        raise RuleBroken(N_("Diese Phase kann nicht ausgelassen werden."))
    if not reason.strip():
        raise RuleBroken(N_("Bitte geben Sie an, warum diese Phase entfällt."), field_name="reason")


def ensure_may_close(facts: CaseFacts, closed_on: date, reason: ClosureReason, today: date) -> None:
    """Check a closure: not in the future, not before intake or the latest record, reason fits the file."""
    ensure_open(facts)
    if closed_on > today:
        raise RuleBroken(
            N_("Das Abschlussdatum liegt in der Zukunft. Bitte prüfen Sie das Datum."), field_name="closed_on"
        )
    if facts.intake_on is None:
        raise RuleBroken(N_("Bitte halten Sie zuerst die Erstberatung fest."), field_name="closed_on")
    earliest = max(facts.intake_on, facts.latest_record_on or facts.intake_on)
    if closed_on < earliest:
        raise RuleBroken(
            N_("Das Abschlussdatum liegt vor dem letzten Eintrag im Fall. Bitte prüfen Sie das Datum."),
            field_name="closed_on",
        )
    if reason is ClosureReason.REFERRAL and facts.referrals == 0:
        raise RuleBroken(
            N_("Für den Abschluss durch Fallverweis fehlt der Fallverweis. Bitte tragen Sie ihn zuerst ein."),
            field_name="closure_reason",
        )
    if reason is ClosureReason.ONE_OFF_CONSULTATION:
        ensure_one_off(facts)
    if reason is ClosureReason.GOALS_REACHED and facts.outcome_goals == 0:
        raise RuleBroken(
            N_("Im Fall sind keine Ergebnisziele vereinbart. Bitte wählen Sie einen anderen Abschlussgrund."),
            field_name="closure_reason",
        )


def ensure_one_off(facts: CaseFacts) -> None:
    """A one-off consultation ends at its intake: level 1, no assessment, no measures."""
    if facts.access_level is AccessLevel.NOTIFIED or facts.assessments or facts.measures:
        raise RuleBroken(
            N_(
                "Eine Einmalberatung endet mit der Erstberatung. "
                "Dieser Fall geht darüber hinaus; bitte wählen Sie einen anderen Abschlussgrund."
            ),
            field_name="closure_reason",
        )
