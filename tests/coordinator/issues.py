"""Structural issues as a laptop sends them."""

from __future__ import annotations

import uuid
from datetime import date

from kimdesk.domain.issue_bands import CaseBand
from kimdesk.domain.vocabulary import LifeArea
from kimdesk.domain.work_vocabulary import IssueKind, IssueState, Rung
from kimdesk.sync.outbox import OutboxItem, OutboxState
from kimdesk.sync.protocol import IssueText, seal_issue
from tests.sync.support import HEAD, Device


def an_issue(
    title: str = "Wartezeit in der Ausländerbehörde",
    *,
    issue: str | None = None,
    revision: int = 1,
    kind: IssueKind = IssueKind.PROCEDURE,
    rung: Rung = Rung.COLLECTED,
    state: IssueState = IssueState.OPEN,
    district: str = "unna",
    text: str = "Termine zur Verlängerung gibt es erst nach Ablauf des Titels.\nDie Arbeit ruht dann.",
) -> IssueText:
    """Return an issue."""
    return IssueText(
        issue=issue or str(uuid.uuid4()),
        revision=revision,
        kind=kind,
        title=title,
        text=text,
        proposal="Fiktionsbescheinigung ohne Termin ausstellen.",
        life_areas=(LifeArea.RESIDENCE_LAW,),
        legal_domains=(),
        commune="05978024",
        subregion=None,
        rung=rung,
        state=state,
        cases=CaseBand.THREE_TO_NINE,
        observed_on=date(2026, 11, 2),
        district=district,
    )


def sealed(device: Device, issue: IssueText, sequence: int) -> OutboxItem:
    """Return an issue sealed by a laptop whose user saw it."""
    bundle = seal_issue(
        issue,
        shown=issue.canonical(),
        identity=device.identity,
        sender=device.invitation.sender,
        card=device.invitation.card,
        sequence=sequence,
        chain_head=HEAD,
        created=device.clock.now(),
    )
    return OutboxItem(sequence, bundle.sealed, bundle.content_hash, device.clock.now(), 0, None, OutboxState.WAITING)
