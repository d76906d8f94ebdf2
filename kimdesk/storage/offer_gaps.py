"""Gaps in the offers: recorded once each, derived from referrals and measures as they are saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from kimdesk.domain.records import Measure, Referral
from kimdesk.domain.vocabulary import LifeArea, MeasureState, ReferralResult, Relation
from kimdesk.offers.gaps import Gap, GapKind, GapSubject
from kimdesk.storage.tables.cases import case_members, cases, persons
from kimdesk.storage.tables.offers import offer_gaps, offer_life_areas, offers
from kimdesk.storage.unit_of_work import read_setting

CARE_SETTING = "offer_care"
WAITING_LIMIT_WEEKS = 12


@dataclass(frozen=True, slots=True)
class GapSpan:
    """Which gaps are asked for: from `first` to `last`, of one kind or life area where given."""

    first: date
    last: date
    kind: GapKind | None = None
    life_area: LifeArea | None = None


def record(connection: sa.Connection, gap: Gap, moment: datetime, origin_key: str | None = None) -> None:
    """Write a gap; one that came from the same origin before is replaced."""
    subject = gap.subject
    values = {
        "kind": gap.kind,
        "noticed_on": gap.noticed_on,
        "recorded_at": moment,
        "life_area": subject.life_area,
        "commune": subject.commune,
        "status": subject.status,
        "language": subject.language,
        "waiting_weeks": gap.waiting_weeks,
        "offer_id": gap.offer_id,
        "case_id": gap.case_id,
    }
    statement = insert(offer_gaps).values(id=gap.id, origin_key=origin_key, **values)
    if origin_key is not None:
        values.pop("noticed_on")
        statement = statement.on_conflict_do_update(index_elements=[offer_gaps.c.origin_key], set_=values)
    connection.execute(statement)


def forget(connection: sa.Connection, gap_id: UUID) -> bool:
    """Delete a gap recorded by mistake; return whether there was one."""
    return connection.execute(offer_gaps.delete().where(offer_gaps.c.id == gap_id)).rowcount > 0


def gaps_in(connection: sa.Connection, span: GapSpan) -> tuple[Gap, ...]:
    """Return the gaps of a span, the latest first."""
    query = sa.select(offer_gaps).where(offer_gaps.c.noticed_on.between(span.first, span.last))
    if span.kind is not None:
        query = query.where(offer_gaps.c.kind == span.kind)
    if span.life_area is not None:
        query = query.where(offer_gaps.c.life_area == span.life_area)
    rows = connection.execute(query.order_by(offer_gaps.c.noticed_on.desc(), offer_gaps.c.recorded_at.desc()))
    return tuple(
        Gap(
            row.id,
            row.kind,
            row.noticed_on,
            GapSubject(row.life_area, row.commune, row.status, row.language),
            row.waiting_weeks,
            row.offer_id,
            row.case_id,
        )
        for row in rows
    )


def subject_of_case(connection: sa.Connection, case_id: UUID) -> GapSubject:
    """Return commune, status and language of a case's client."""
    client = (case_members.c.case_id == cases.c.id) & (case_members.c.relation == Relation.CLIENT)
    query = (
        sa.select(cases.c.commune, cases.c.language, persons.c.residence_status)
        .outerjoin(case_members, client)
        .outerjoin(persons, persons.c.id == case_members.c.person_id)
        .where(cases.c.id == case_id)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return GapSubject() if row is None else GapSubject(None, row.commune, row.residence_status, row.language)


def note_referral(connection: sa.Connection, referral: Referral, today: date, moment: datetime) -> None:
    """Keep the gaps of a referral: declined by the receiver, or an offer one waits too long for.

    Called with every save of it, so that a corrected result takes the gap back.
    """
    declined = referral.result is ReferralResult.DECLINED
    _keep(connection, GapKind.REFERRAL, declined, referral, referral.answered_on or today, moment)
    open_ended = referral.result not in (ReferralResult.ACCEPTED, ReferralResult.COMPLETED)
    _keep(connection, GapKind.WAITING, open_ended, referral, referral.sent_on, moment)


def note_measure(connection: sa.Connection, measure: Measure, today: date, moment: datetime) -> None:
    """Keep the gap of a measure planned with an offer one waits too long for, until it has begun."""
    waits = measure.state in (MeasureState.PLANNED, MeasureState.REQUESTED)
    _keep(connection, GapKind.WAITING, waits, measure, measure.requested_on or today, moment)


def forget_origin(connection: sa.Connection, record_id: UUID) -> None:
    """Delete the gaps of a referral or measure that is deleted."""
    keys = [_key(kind, record_id) for kind in GapKind]
    connection.execute(offer_gaps.delete().where(offer_gaps.c.origin_key.in_(keys)))


def _keep(
    connection: sa.Connection, kind: GapKind, holds: bool, origin: Referral | Measure, day: date, moment: datetime
) -> None:
    key = _key(kind, origin.id)
    weeks = _waiting(connection, origin.offer_id)
    if kind is GapKind.WAITING:
        limit = int(read_setting(connection, CARE_SETTING, {}).get("waiting_limit_weeks", WAITING_LIMIT_WEEKS))
        holds = holds and weeks is not None and 0 < limit < weeks
    if not holds:
        connection.execute(offer_gaps.delete().where(offer_gaps.c.origin_key == key))
        return
    case = subject_of_case(connection, origin.case_id)
    subject = GapSubject(_life_area(connection, origin.offer_id), case.commune, case.status, case.language)
    offer_id = origin.offer_id if _is_there(connection, origin.offer_id) else None
    record(connection, Gap(uuid4(), kind, day, subject, weeks, offer_id, origin.case_id), moment, key)


def _key(kind: GapKind, record_id: UUID) -> str:
    return f"{kind.value}:{record_id.hex}"


def _waiting(connection: sa.Connection, offer_id: UUID | None) -> int | None:
    query = sa.select(offers.c.waiting_weeks).where(offers.c.id == offer_id)
    found: int | None = connection.execute(query).scalar_one_or_none() if offer_id is not None else None
    return found


def _is_there(connection: sa.Connection, offer_id: UUID | None) -> bool:
    query = sa.select(sa.literal(1)).where(offers.c.id == offer_id)
    return offer_id is not None and connection.execute(query).first() is not None


def _life_area(connection: sa.Connection, offer_id: UUID | None) -> LifeArea | None:
    """Return the offer's life area where it has exactly one or a first by name; None without an offer."""
    if offer_id is None:
        return None
    query = sa.select(offer_life_areas.c.life_area).where(offer_life_areas.c.offer_id == offer_id)
    found = sorted(connection.execute(query).scalars())
    return LifeArea(found[0]) if found else None
