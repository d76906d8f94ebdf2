"""Working together in the demonstration vault: releases, helpers, conferences, a checklist, issues, notifications.

Written through the services, so that every rule holds. Nothing here changes a figure of a year or a date of this week.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from kimdesk.domain.checklists import Checklist, ItemEntry
from kimdesk.domain.conferences import Conference, ConferenceTask, Invitee
from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.network import Consent, Helper, InterpreterBooking, Notification
from kimdesk.domain.vocabulary import AccessPath, LegalDomain, LifeArea, Phase, ResidenceStatus, Urgency
from kimdesk.domain.work_vocabulary import (
    Attendance,
    ChecklistKind,
    Complexity,
    ConferenceLevel,
    ConferenceState,
    DataCategory,
    HelperRole,
    InterpreterState,
    IssueKind,
    IssueState,
    ItemState,
    Rung,
)
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.services.cases import CaseService
from kimdesk.services.desk import Desk

_AT_WORK = frozenset({Phase.COORDINATION, Phase.MONITORING})
_USUAL = (DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.CONCERN, DataCategory.PLAN)


def add_cooperation(desk: Desk) -> None:
    """Add what several services do together to a few running cases of a new demo vault."""
    cases, today = desk.cases, desk.clock.today()
    at_work = [summary for summary in cases.list() if summary.phase in _AT_WORK]
    chosen = sorted(at_work, key=lambda summary: summary.number)[-3:]
    if len(chosen) == 3:
        _conference(cases, chosen[0].id, today, ahead=True)
        _conference(cases, chosen[1].id, today, ahead=False)
        _helpers(cases, chosen[2].id, today)
    _checklist(cases, today)
    _notifications(cases, today)
    _issues(desk, [summary.id for summary in chosen], today)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), OFFICE_ZONE)


def _conference(cases: CaseService, case_id: UUID, today: date, *, ahead: bool) -> None:
    opened = cases.file(case_id).case.opened_on
    given = max(opened, today - timedelta(days=40))
    invitees = []
    for organisation in ("Jobcenter Kreis Unna", "Jugendmigrationsdienst"):
        consent = Consent(
            case_id=case_id,
            recipient=organisation,
            purpose="Gemeinsame Planung der nächsten Schritte",
            categories=_USUAL,
            given_on=given,
            expires_on=given + timedelta(days=365),
        )
        cases.save_consent(consent)
        attendance = Attendance.INVITED if ahead else Attendance.CAME
        invitees.append(Invitee(organisation=organisation, consent_id=consent.id, attendance=attendance))
    day = today + timedelta(days=19) if ahead else max(opened, today - timedelta(days=20))
    cases.save_conference(
        Conference(
            case_id=case_id,
            level=ConferenceLevel.TOWN,
            at=_at(day, 9 if ahead else 0),
            place="Rathaus, Besprechungsraum",
            occasion="Wer übernimmt was bis zum Sommer?",
            agenda=("Stand der Maßnahmen", "Kurs und Kinderbetreuung", "Nächste Schritte"),
            state=ConferenceState.INVITED if ahead else ConferenceState.HELD,
            invitees=tuple(invitees),
            agreements=() if ahead else ("Das Jobcenter klärt die Fahrtkosten.", "Der JMD begleitet zur Schule."),
            tasks=() if ahead else (ConferenceTask(text="Fahrtkosten klären", responsible="Jobcenter"),),
            minutes="" if ahead else "Alle Eingeladenen waren da. Die Person war einverstanden.",
        )
    )


def _helpers(cases: CaseService, case_id: UUID, today: date) -> None:
    opened = cases.file(case_id).case.opened_on
    cases.save_helper(
        Helper(
            case_id=case_id,
            name="Jobcenter Kreis Unna",
            role=HelperRole.CASE_MANAGEMENT,
            legal_domain=LegalDomain.SGB_II,
            since=opened,
            division_of_labour="Jobcenter: Leistungen und Arbeit. Fallmanagement: Wohnen, Schule, Aufenthalt.",
        )
    )
    cases.save_helper(
        Helper(case_id=case_id, name="Jugendmigrationsdienst", legal_domain=LegalDomain.JMD, since=opened)
    )
    cases.save_interpreter_booking(
        InterpreterBooking(
            case_id=case_id,
            at=_at(today + timedelta(days=16), 14),
            language="ar",
            service="Sprachmittlungspool",
            occasion="Gemeinsamer Blick auf die Lebensbereiche",
        )
    )
    cases.save_interpreter_booking(
        InterpreterBooking(
            case_id=case_id,
            at=_at(max(opened, today - timedelta(days=30)), 0),
            language="ar",
            service="Sprachmittlungspool",
            occasion="Erstgespräch",
            state=InterpreterState.CAME,
            minutes=75,
        )
    )


def _checklist(cases: CaseService, today: date) -> None:
    """Begin § 25b for somebody whose title under § 104c is running."""
    for summary in cases.list():
        client = cases.file(summary.id).client
        if client is None or client.person.residence_status is not ResidenceStatus.OPPORTUNITY_RESIDENCE:
            continue
        entries = (
            ItemEntry(item="title", state=ItemState.STATED_MET, proof="Aufenthaltstitel liegt vor"),
            ItemEntry(item="stay", state=ItemState.STATED_MET),
            ItemEntry(item="language", state=ItemState.PROOF_MISSING, note="Prüfung A2 ist angemeldet"),
            ItemEntry(item="livelihood", state=ItemState.UNCLEAR),
        )
        cases.save_checklist(
            Checklist(
                case_id=summary.id,
                person_id=client.person.id,
                kind=ChecklistKind.SECTION_25B,
                begun_on=today,
                entries=entries,
            )
        )
        return


def _notifications(cases: CaseService, today: date) -> None:
    cases.save_notification(
        Notification(
            received_on=today,
            notifier="Jugendamt, Allgemeiner Sozialer Dienst",
            access_path=AccessPath.YOUTH_WELFARE,
            contact_person="Bezirk Mitte",
            given_name="Meriem",
            family_name="Belkacemi",
            language="ar",
            commune="05978024",
            concern="Zwei Kinder ohne Schulplatz, Zuständigkeit zwischen Jugendamt und Jobcenter ungeklärt.",
            complexity=(Complexity.COMPETENCES, Complexity.STRUCTURE),
            urgency=Urgency.HIGH,
            person_knows=True,
            released_on=today,
            released_categories=(DataCategory.PLAN,),
        )
    )
    settled = Notification(
        received_on=today - timedelta(days=30),
        notifier="Jobcenter Kreis Unna",
        access_path=AccessPath.JOBCENTRE_EMPLOYMENT_AGENCY,
        given_name="Davit",
        family_name="Kvaratskhelia",
        concern="Sucht einen Kurs am Abend.",
    )
    cases.save_notification(settled)
    cases.decline_notification(settled.id)
    cases.answer_notification(settled.id, today - timedelta(days=21), "")


_ISSUES = (
    (
        IssueKind.OFFER_GAP,
        "Integrationskurs mit Kinderbetreuung fehlt",
        "Eltern kleiner Kinder warten neun Monate, weil kein Kurs eine Betreuung hat.",
        "Einen Kurs je Halbjahr im Familienzentrum anbieten.",
        LifeArea.LANGUAGE,
        None,
        (Rung.COLLECTED,),
    ),
    (
        IssueKind.PROCEDURE,
        "Bescheide kommen ohne verständliche Begründung",
        "Viele verstehen nicht, was fehlt, und versäumen Fristen.",
        "Ein Beiblatt in einfacher Sprache.",
        LifeArea.FINANCIAL_SECURITY,
        LegalDomain.SGB_II,
        (Rung.COLLECTED, Rung.DISTRICT_GROUP),
    ),
    (
        IssueKind.GOOD_PRACTICE,
        "Gemeinsame Sprechstunde mit dem Jobcenter",
        "Einmal im Monat sitzen beide an einem Tisch. Rückfragen erledigen sich sofort.",
        "",
        LifeArea.WORK,
        None,
        (Rung.COLLECTED, Rung.COMMUNE_GROUP),
    ),
)


def _issues(desk: Desk, case_ids: Sequence[UUID], today: date) -> None:
    for number, (kind, title, description, proposal, area, domain, way) in enumerate(_ISSUES):
        issue = StructuralIssue(
            kind=kind,
            title=title,
            description=description,
            proposal=proposal,
            life_area=area,
            legal_domain=domain,
            commune="05978024",
            noticed_on=today - timedelta(days=60 + number),
            case_ids=tuple(case_ids[: 3 - number]),
        )
        desk.issues.save_issue(issue)
        for step, rung in enumerate(way[1:], start=1):
            moved_on = today - timedelta(days=40 - step)
            desk.issues.move_issue(issue.id, rung, IssueState.OPEN, moved_on, "In der Sitzung vorgestellt.")
