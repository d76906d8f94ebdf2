"""An invitation as a file and as the text in a QR code; the certificate it names; the issue's exact text."""

from __future__ import annotations

import json
import zlib
from base64 import b32encode
from dataclasses import replace
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.domain.issue_bands import CaseBand, band_of
from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.sync.bundle import BundleKind
from kimdesk.sync.enrolment import TEXT_PREFIX, invitation_text
from kimdesk.sync.issue import MAX_TEXT, MAX_TITLE
from kimdesk.sync.protocol import (
    DamagedFile,
    IssueRefused,
    SyncError,
    TooLarge,
    open_bundle,
    read_invitation,
    read_issue,
    seal_issue,
)
from kimdesk.sync.wire import sign_document
from tests.coordinator.issues import an_issue, sealed
from tests.sync.support import HEAD, NOW
from tests.sync.test_protocol import KEYS, an_invitation, device

PINNED = replace(an_invitation(), certificates=(b"\1" * 32, b"\2" * 32))


def test_the_text_of_an_invitation_is_the_invitation() -> None:
    data = PINNED.to_bytes(KEYS)
    text = invitation_text(data)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-")
    assert read_invitation(data) == read_invitation(text.encode()) == PINNED
    # Pasted from a mail: broken into lines, in small letters, with blanks.
    broken = "\n".join(text[place : place + 40].lower() + "  " for place in range(0, len(text), 40))
    assert read_invitation(broken.encode()) == PINNED


def test_it_fits_into_a_code_that_a_scanner_reads() -> None:
    longest = replace(PINNED, office="K" * 120, sender_name="L" * 120, addresses=("https://" + "a" * 90 + ".de",))
    code = segno.make(invitation_text(longest.to_bytes(KEYS)), error="l", micro=False)
    assert int(code.version) <= 32


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=\n ", max_size=80))
def test_a_text_that_is_cut_or_mistyped_is_refused(rest: str) -> None:
    with pytest.raises(SyncError):
        read_invitation((TEXT_PREFIX + rest).encode())


def test_a_text_that_unpacks_without_end_is_refused() -> None:
    bomb = TEXT_PREFIX.encode() + b32encode(zlib.compress(bytes(50_000_000), 9)[:10_000])
    with pytest.raises((DamagedFile, TooLarge)):
        read_invitation(bomb)


def test_an_invitation_from_before_certificates_stays_readable() -> None:
    body = json.loads(PINNED.to_bytes(KEYS))["body"]
    del body["certificates"]
    old = sign_document("kimdesk-invitation-1", body, KEYS.receipt_key)
    assert read_invitation(old) == replace(PINNED, certificates=())


def test_an_issue_opens_to_the_very_text_that_was_seen() -> None:
    laptop, issue = device(), an_issue()
    opened = open_bundle(sealed(laptop, issue, 4).sealed, KEYS)
    opened.verify(laptop.identity.public_key)
    assert (opened.kind, opened.content, opened.envelope.sequence) == (BundleKind.ISSUE, issue.canonical(), 4)
    assert read_issue(opened.content) == issue


def test_nothing_leaves_that_was_not_seen() -> None:
    laptop, issue = device(), an_issue()
    with pytest.raises(ValueError, match="shown"):
        seal_issue(
            issue,
            shown=an_issue("Anderes", issue=issue.issue).canonical(),
            identity=laptop.identity,
            sender=laptop.invitation.sender,
            card=laptop.invitation.card,
            sequence=1,
            chain_head=HEAD,
            created=NOW,
        )


def test_a_signature_for_one_kind_does_not_stand_under_the_other() -> None:
    laptop = device()
    bundle = open_bundle(sealed(laptop, an_issue(), 1).sealed, KEYS)
    with pytest.raises(SyncError):
        replace(bundle, kind=BundleKind.RELEASE).verify(laptop.identity.public_key)


CHANGES: list[dict[str, Any]] = [
    {"title": ""},
    {"title": "x" * (MAX_TITLE + 1)},
    {"title": "a\nb"},
    {"text": " "},
    {"text": "x" * (MAX_TEXT + 1)},
    {"text": "a\x07b"},
    {"proposal": None},
    {"kind": "rumour"},
    {"rung": "heaven"},
    {"state": 1},
    {"cases": 7},
    {"commune": "Lünen"},
    {"subregion": ""},
    {"life_areas": ["work", "work"]},
    {"life_areas": ["x"]},
    {"legal_domains": "sgb_ii"},
    {"observed_on": "2026-13-01"},
    {"observed_on": "20261102"},
    {"revision": 0},
    {"revision": True},
    {"issue": "1"},
    {"extra": 1},
]


@pytest.mark.parametrize("change", CHANGES, ids=[next(iter(change)) + str(n) for n, change in enumerate(CHANGES)])
def test_an_issue_in_another_form_is_refused(change: dict[str, Any]) -> None:
    value = {**json.loads(an_issue().canonical()), **change}
    with pytest.raises(IssueRefused):
        read_issue(canonical_bytes(value))


def test_another_spelling_of_the_same_issue_is_refused() -> None:
    value = json.loads(an_issue().canonical())
    with pytest.raises(IssueRefused):
        read_issue(json.dumps(value).encode())


def test_what_no_office_would_take_is_not_made() -> None:
    with pytest.raises(IssueRefused):
        replace(an_issue(), title="").canonical()


def test_cases_are_told_in_bands() -> None:
    assert [band_of(cases) for cases in (-1, 0, 1, 2, 3, 9, 10, 500)] == [
        CaseBand.NOT_STATED,
        CaseBand.NOT_STATED,
        CaseBand.UNDER_THREE,
        CaseBand.UNDER_THREE,
        CaseBand.THREE_TO_NINE,
        CaseBand.THREE_TO_NINE,
        CaseBand.TEN_OR_MORE,
        CaseBand.TEN_OR_MORE,
    ]
