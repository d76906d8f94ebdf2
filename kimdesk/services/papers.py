"""Fills documents from the office's settings and the case file, each with only the fields that belong on it.

Imported with the first page: the documents bring ReportLab.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from kimdesk.documents import catalogue
from kimdesk.documents.papers.appointment import AppointmentSlip, BringItem, BringList
from kimdesk.documents.papers.conference import ConferenceInvitation, ConferenceMinutes, ConferenceTask
from kimdesk.documents.papers.consent import Consent, Release, Withdrawal
from kimdesk.documents.papers.coordination import StructuralIssuePaper
from kimdesk.documents.papers.flyer import Flyer, Poster
from kimdesk.documents.papers.naturalisation_info import NaturalisationInfo
from kimdesk.documents.papers.note import Note
from kimdesk.documents.papers.paper import Paper
from kimdesk.documents.papers.plan import GoalAgreement, IntegrationPlan, PlanGoal, PlanStep
from kimdesk.documents.papers.privacy import AccessAnswer, PrivacyNotice
from kimdesk.documents.papers.referral import ReferralForm, RoutingSlip, Station
from kimdesk.documents.papers.residence_info import ResidenceInfo
from kimdesk.documents.papers.welcome import ContactSheet
from kimdesk.domain.conferences import Conference
from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.records import Goal, Person, Referral
from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import GoalLevel, label
from kimdesk.domain.work_vocabulary import ConsentKind, SharedField
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.i18n import _
from kimdesk.services.paper_orders import PaperOrder
from kimdesk.services.settings import HandoutSettings, Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a document may be filled from."""

    office: Office
    handouts: HandoutSettings
    retention_years: int
    today: date
    file: CaseFile | None = None
    issue: StructuralIssue | None = None

    @property
    def person(self) -> Person | None:
        """The client, if there is a case."""
        member = self.file.client if self.file is not None else None
        return member.person if member is not None else None

    @property
    def name(self) -> str:
        """The client's name, empty without a case."""
        return self.person.name if self.person is not None else ""

    @property
    def number(self) -> str:
        """The number of the case, empty without one."""
        return self.file.case.number if self.file is not None else ""

    @property
    def contact(self) -> str:
        """Whom to ask, with the telephone number."""
        return "\n".join(part for part in (self.office.person, self.office.phone) if part)


def make_paper(order: PaperOrder, sources: Sources) -> Paper:
    """Return the document of `order`, filled; what was written by hand takes the place of what the file says."""
    paper = _MAKERS[order.document](order, sources)
    filled: dict[str, Any] = dict(order.filled)
    for name in ("items", "bring"):
        if name in filled:
            filled[name] = tuple(BringItem(token) for token in filled[name])
    return replace(paper, **filled)  # type: ignore[type-var]  # every paper is a dataclass


def _hours(sources: Sources) -> dict[str, str]:
    by_language = dict(sources.handouts.opening_hours)
    if sources.office.opening_hours:
        by_language.setdefault("de", sources.office.opening_hours)
    return by_language


def _flyer(order: PaperOrder, sources: Sources) -> Paper:
    office = sources.office
    return Flyer(
        contact=office.person or office.unit,
        address=office.address,
        phone=office.phone,
        web=office.web,
        opening_hours=_hours(sources),
        about=sources.handouts.about,
    )


def _poster(order: PaperOrder, sources: Sources) -> Paper:
    office = sources.office
    return Poster(
        contact=office.unit or office.name,
        address=office.address,
        phone=office.phone,
        web=office.web,
        opening_hours=_hours(sources),
    )


def _contact_sheet(order: PaperOrder, sources: Sources) -> Paper:
    return ContactSheet(
        name=sources.name,
        case_number=sources.number,
        contact=sources.office.person,
        phone=sources.office.phone,
        opening_hours=_hours(sources),
        about=sources.handouts.about,
    )


def _appointment(order: PaperOrder, sources: Sources) -> Paper:
    booking = None
    if sources.file is not None:
        coming = [each for each in sources.file.work.interpreter_bookings if each.at.date() >= sources.today]
        booking = min(coming, key=lambda each: each.at, default=None)
    return AppointmentSlip(
        name=sources.name,
        on=booking.at.astimezone(OFFICE_ZONE).date() if booking else None,
        at=booking.at.astimezone(OFFICE_ZONE).time() if booking else None,
        place=sources.office.address,
        with_whom=sources.office.person,
        interpreter_comes=booking is not None,
        contact=sources.contact,
    )


def _goals(file: CaseFile | None) -> tuple[PlanGoal, ...]:
    """Return the outcome goals with their steps: what the assessment says of the person is not on the paper."""
    if file is None:
        return ()
    goals = [goal for goal in file.goals if goal.level is GoalLevel.OUTCOME] or list(file.goals)
    return tuple(_goal(goal, file) for goal in sorted(goals, key=lambda goal: goal.position))


def _goal(goal: Goal, file: CaseFile) -> PlanGoal:
    steps = tuple(
        PlanStep(
            {"de": measure.text},
            actor=measure.actor,
            provider=measure.provider,
            due_on=measure.due_on,
            state=measure.state,
        )
        for measure in file.measures
        if measure.goal_id == goal.id
    )
    measured = {"de": goal.measured_by} if goal.measured_by else {}
    return PlanGoal({"de": goal.text}, goal.life_area, measured, goal.due_on, goal.state, steps)


def _agreement(order: PaperOrder, sources: Sources) -> Paper:
    file = sources.file
    return GoalAgreement(
        name=sources.name,
        case_number=sources.number,
        agreed_on=file.case.agreed_on if file else None,
        review_on=file.case.review_on if file else None,
        goals=_goals(file),
        client_contribution={"de": file.case.client_contribution} if file and file.case.client_contribution else {},
        interpreter=file.case.interpreter if file else "",
    )


def _plan(order: PaperOrder, sources: Sources) -> Paper:
    return IntegrationPlan(
        name=sources.name,
        case_number=sources.number,
        goals=_goals(sources.file),
        next_talk_on=sources.file.case.review_on if sources.file else None,
        contact=sources.contact,
    )


def _slip(order: PaperOrder, sources: Sources) -> Paper:
    referrals = sources.file.referrals if sources.file is not None else ()
    stations = tuple(
        Station(
            each.receiver,
            concern={"de": each.reason} if each.reason else {},
            contact=each.contact_person,
            appointment_on=each.appointment_on,
            done_on=each.answered_on,
        )
        for each in referrals
    )
    return RoutingSlip(name=sources.name, case_number=sources.number, stations=stations, contact=sources.contact)


def _referral(order: PaperOrder, sources: Sources) -> Paper:
    office, person = sources.office, sources.person
    sender = "\n".join(part for part in (office.unit or office.name, office.person, office.phone) if part)
    found = _record(sources.file.referrals if sources.file else (), order.record_id)
    if found is None or person is None:
        return ReferralForm(sender=sender, name=sources.name)
    shared = set(found.shared) or {SharedField.NAME}

    def given(what: SharedField, value: str) -> str:
        return value if what in shared else ""

    return ReferralForm(
        sender=sender,
        receiver=found.receiver,
        name=given(SharedField.NAME, person.name),
        date_of_birth=person.date_of_birth if SharedField.DATE_OF_BIRTH in shared else None,
        phone=given(SharedField.PHONE, person.phone),
        languages=person.languages if SharedField.LANGUAGES in shared else (),
        reason={"de": found.reason} if found.reason else {},
        shared={"de": ", ".join(_(label(what)) for what in SharedField if what in shared)},
        release_basis=_basis(found, sources.file),
        appointment_on=found.appointment_on,
        contact_person=found.contact_person,
        answer_due_on=found.answer_due_on,
        we_stay_lead=found.we_stay_lead,
    )


def _basis(referral: Referral, file: CaseFile | None) -> str:
    consent = _record(file.work.consents if file else (), referral.consent_id) if referral.consent_id else None
    return f"{consent.recipient}, {consent.given_on:%d.%m.%Y}" if consent is not None else referral.release_basis


def _invitation(order: PaperOrder, sources: Sources) -> Paper:
    found = _record(sources.file.work.conferences if sources.file else (), order.record_id)
    if found is None:
        return ConferenceInvitation(contact=sources.contact)
    local = found.at.astimezone(OFFICE_ZONE)
    return ConferenceInvitation(
        held_on=local.date(),
        at=local.time(),
        place=found.place,
        topic={"de": found.occasion},
        participants=_invited(found),
        agenda={"de": "\n".join(f"- {point}" for point in found.agenda)} if found.agenda else {},
        contact=sources.contact,
    )


def _invited(conference: Conference) -> tuple[str, ...]:
    return tuple(", ".join(part for part in (each.organisation, each.name) if part) for each in conference.invitees)


def _minutes(order: PaperOrder, sources: Sources) -> Paper:
    found = _record(sources.file.work.conferences if sources.file else (), order.record_id)
    if found is None:
        return ConferenceMinutes(case_number=sources.number)
    return ConferenceMinutes(
        # An anonymised talk must not be traced back by the number of the case.
        case_number="" if found.anonymised else sources.number,
        held_on=found.at.astimezone(OFFICE_ZONE).date(),
        place=found.place,
        participants=_invited(found),
        discussed={"de": found.minutes} if found.minutes else {},
        agreed={"de": "\n".join(f"- {line}" for line in found.agreements)} if found.agreements else {},
        tasks=tuple(ConferenceTask({"de": task.text}, task.responsible, task.due_on) for task in found.tasks),
    )


def _consent(order: PaperOrder, sources: Sources) -> Paper:
    return Consent(
        name=sources.name,
        date_of_birth=sources.person.date_of_birth if sources.person else None,
        retention_years=sources.retention_years,
        interpreter=sources.file.case.interpreter if sources.file else "",
    )


def _release(order: PaperOrder, sources: Sources) -> Paper:
    releases = [each for each in sources.file.work.consents if each.kind is ConsentKind.RELEASE] if sources.file else []
    found = _record(releases, order.record_id) if order.record_id is not None else None
    blank = Release(name=sources.name, date_of_birth=sources.person.date_of_birth if sources.person else None)
    if found is None:
        return blank
    return replace(
        blank,
        recipient=found.recipient,
        purpose={"de": found.purpose} if found.purpose else {},
        data={"de": "\n".join(f"- {_(label(category))}" for category in found.categories)},
        valid_until=found.expires_on,
        interpreter=found.interpreter,
    )


def _withdrawal(order: PaperOrder, sources: Sources) -> Paper:
    consents = sources.file.work.consents if sources.file else ()
    found = _record(consents, order.record_id) if order.record_id is not None else None
    return Withdrawal(
        name=sources.name,
        date_of_birth=sources.person.date_of_birth if sources.person else None,
        consent=found is not None and found.kind is not ConsentKind.RELEASE,
        recipient=found.recipient if found is not None and found.kind is ConsentKind.RELEASE else "",
    )


def _notice(order: PaperOrder, sources: Sources) -> Paper:
    office = sources.office
    controller = "\n".join(part for part in (office.name, office.address, office.phone) if part)
    return PrivacyNotice(
        controller=controller, officer=sources.handouts.data_protection, retention_years=sources.retention_years
    )


def _answer(order: PaperOrder, sources: Sources) -> Paper:
    person, file = sources.person, sources.file
    protected = file is not None and file.case.address_protected
    return AccessAnswer(
        name=sources.name,
        address=person.address if person is not None and not protected else "",
        recipients=tuple(dict.fromkeys(each.receiver for each in file.referrals)) if file else (),
        retention_years=sources.retention_years,
    )


def _issue(order: PaperOrder, sources: Sources) -> Paper:
    issue = sources.issue
    if issue is None:
        return StructuralIssuePaper()
    return StructuralIssuePaper(
        title=issue.title,
        area=_(label(issue.life_area)) if issue.life_area else "",
        rung=_(label(issue.rung)),
        cases=str(len(issue.case_ids)),
        observed=issue.description,
        proposal=issue.proposal,
    )


def _record(records: Any, record_id: UUID | None) -> Any:
    """Return the record with this id, without one the newest; None if there is none."""
    known = list(records)
    if record_id is not None:
        return next((record for record in known if record.id == record_id), None)
    return known[0] if known else None


def _note(order: PaperOrder, sources: Sources) -> Paper:
    return Note(contact=sources.contact)


_MAKERS: dict[str, Callable[[PaperOrder, Sources], Paper]] = {
    catalogue.NOTE.name: _note,
    catalogue.FLYER.name: _flyer,
    catalogue.POSTER.name: _poster,
    catalogue.CONTACT_SHEET.name: _contact_sheet,
    catalogue.RESIDENCE_INFO.name: lambda _order, sources: ResidenceInfo(sources.contact, sources.handouts.about),
    catalogue.NATURALISATION_INFO.name: lambda _order, sources: NaturalisationInfo(
        sources.contact, sources.handouts.about
    ),
    catalogue.APPOINTMENT.name: _appointment,
    catalogue.BRING_LIST.name: lambda _order, sources: BringList(name=sources.name, contact=sources.contact),
    catalogue.GOAL_AGREEMENT.name: _agreement,
    catalogue.INTEGRATION_PLAN.name: _plan,
    catalogue.ROUTING_SLIP.name: _slip,
    catalogue.REFERRAL.name: _referral,
    catalogue.CONFERENCE_INVITATION.name: _invitation,
    catalogue.CONFERENCE_MINUTES.name: _minutes,
    catalogue.CONSENT.name: _consent,
    catalogue.RELEASE.name: _release,
    catalogue.WITHDRAWAL.name: _withdrawal,
    catalogue.PRIVACY_NOTICE.name: _notice,
    catalogue.ACCESS_ANSWER.name: _answer,
    catalogue.STRUCTURAL_ISSUE.name: _issue,
}
