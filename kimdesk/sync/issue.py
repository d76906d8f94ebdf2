"""A structural issue or an offer gap on its way to the office: the exact text that leaves, and how it is read.

The text is canonical JSON, so that what the sender saw, what was signed and what the office shows are the same bytes.
A later revision of an issue replaces an earlier one at the office; the issue's own number stays.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from kimdesk.domain.issue_bands import CaseBand
from kimdesk.domain.vocabulary import LegalDomain, LifeArea
from kimdesk.domain.work_vocabulary import IssueKind, IssueState, Rung
from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.sync.bundle import MAX_SEQUENCE, BundleKind, Envelope, SealedBundle, pack
from kimdesk.sync.errors import DamagedFile, IssueRefused
from kimdesk.sync.keys import CoordinatorCard, DeviceIdentity
from kimdesk.sync.wire import Fields, check_format, parse_object

ISSUE_FORMAT = "kimdesk-issue-1"
MAX_TITLE = 200
MAX_TEXT = 4_000
MAX_REVISION = 9_999
MAX_TERMS = 10
_MAX_BYTES = 65_536
_NAMES = frozenset(
    {
        "format",
        "issue",
        "revision",
        "kind",
        "title",
        "text",
        "proposal",
        "life_areas",
        "legal_domains",
        "commune",
        "subregion",
        "rung",
        "state",
        "cases",
        "observed_on",
        "district",
    }
)
_AGS = re.compile(r"[0-9]{8}", re.ASCII)
_T = TypeVar("_T", LifeArea, LegalDomain)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueText:
    """What an issue says. `proposal` may be empty; `commune` (AGS) and `subregion` are None where it is everywhere.

    `observed_on` is the day it was last seen, `cases` a band, never a number. It holds no names; whether free text
    does, only the sender can see, which is why `seal_issue` wants the text that was shown.
    """

    issue: str
    revision: int
    kind: IssueKind
    title: str
    text: str
    proposal: str
    life_areas: tuple[LifeArea, ...]
    legal_domains: tuple[LegalDomain, ...]
    commune: str | None
    subregion: str | None
    rung: Rung
    state: IssueState
    cases: CaseBand
    observed_on: date
    district: str

    def canonical(self) -> bytes:
        """Return the one byte form; raises `IssueRefused` for what no office would take."""
        data = canonical_bytes(
            {
                "format": ISSUE_FORMAT,
                "issue": self.issue,
                "revision": self.revision,
                "kind": self.kind.value,
                "title": self.title,
                "text": self.text,
                "proposal": self.proposal,
                "life_areas": [area.value for area in self.life_areas],
                "legal_domains": [domain.value for domain in self.legal_domains],
                "commune": self.commune,
                "subregion": self.subregion,
                "rung": self.rung.value,
                "state": self.state.value,
                "cases": self.cases.value,
                "observed_on": self.observed_on.isoformat(),
                "district": self.district,
            }
        )
        read_issue(data)
        return data


def read_issue(data: bytes) -> IssueText:
    """Return the issue in `data`, which must be exactly what `IssueText.canonical` writes; raises `IssueRefused`."""
    try:
        value = parse_object(data, limit=_MAX_BYTES)
        check_format(value.get("format"), ISSUE_FORMAT)
        if canonical_bytes(value) != data:
            raise DamagedFile()
        return _issue(Fields.of(value, _NAMES))
    except (DamagedFile, ValueError, TypeError, RecursionError):
        raise IssueRefused() from None


def _issue(fields: Fields) -> IssueText:
    commune, subregion = fields.values["commune"], fields.values["subregion"]
    if commune is not None and not (isinstance(commune, str) and _AGS.fullmatch(commune)):
        raise DamagedFile()
    observed = fields.text("observed_on", limit=10)
    if date.fromisoformat(observed).isoformat() != observed:
        raise DamagedFile()
    return IssueText(
        issue=fields.identifier("issue"),
        revision=fields.number("revision", lowest=1, highest=MAX_REVISION),
        kind=IssueKind(fields.text("kind")),
        title=fields.text("title", limit=MAX_TITLE),
        text=_paragraphs(fields.values["text"], empty=False),
        proposal=_paragraphs(fields.values["proposal"], empty=True),
        life_areas=_terms(fields.values["life_areas"], LifeArea),
        legal_domains=_terms(fields.values["legal_domains"], LegalDomain),
        commune=commune,
        subregion=None if subregion is None else fields.text("subregion", limit=80),
        rung=Rung(fields.text("rung")),
        state=IssueState(fields.text("state")),
        cases=CaseBand(fields.text("cases")),
        observed_on=date.fromisoformat(observed),
        district=fields.text("district", limit=64),
    )


def _paragraphs(value: Any, *, empty: bool) -> str:
    """Return free text: line breaks, no other control or formatting characters than joiners and direction marks."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or (not empty and not value.strip()):
        raise DamagedFile()
    if any(character != "\n" and unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in value):
        raise DamagedFile()
    return value


def _terms(value: Any, kind: type[_T]) -> tuple[_T, ...]:
    if not isinstance(value, list) or len(value) > MAX_TERMS or len(set(map(json.dumps, value))) != len(value):
        raise DamagedFile()
    return tuple(kind(term) for term in value)


def seal_issue(
    issue: IssueText,
    *,
    shown: bytes,
    identity: DeviceIdentity,
    sender: str,
    card: CoordinatorCard,
    sequence: int,
    chain_head: str,
    created: datetime,
) -> SealedBundle:
    """Return `issue` as a sealed bundle. `shown` are the bytes the sender looked at and agreed to.

    `sequence` comes from the same series as releases. Raises `ValueError` unless `shown` is exactly what leaves.
    """
    content = issue.canonical()
    if content != shown:
        raise ValueError("what leaves is not what was shown")
    if not 1 <= sequence <= MAX_SEQUENCE:
        raise ValueError("sequence numbers run from 1")
    envelope = Envelope(sender, card.key_id, sequence, hashlib.sha256(content).hexdigest(), chain_head, created)
    Fields(envelope.to_body()).hash("head")
    return SealedBundle(sequence, pack(envelope, content, identity, card, BundleKind.ISSUE), envelope.content_hash)
