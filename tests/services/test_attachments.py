"""Files kept with a case: found again byte for byte, refused with a reason, never outside by themselves."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.domain.attachments import (
    LARGEST_BYTES,
    LONGEST_NAME,
    MOST_IN_A_CASE,
    AttachmentKind,
    checked_name,
    kind_of,
)
from kimdesk.domain.errors import CaseClosed, CaseNotFound, RuleBroken
from kimdesk.reporting.classify import Period
from kimdesk.services.attachments import AttachmentNotWritten
from kimdesk.services.case_base import RecordGone
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import Vault
from tests.services.support import add_cases

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture
def case_id(desk: Desk) -> UUID:
    """An open case."""
    add_cases(desk, 2)
    return next(case.id for case in desk.cases.list() if case.closed_on is None)


def test_a_file_comes_back_byte_for_byte(desk: Desk, vault: Vault, case_id: UUID) -> None:
    added = desk.attachments.add(case_id, "Bescheid Müller.pdf", PDF, note=" vom Jobcenter ").value
    again = build_desk(vault, desk.clock).attachments
    assert again.list(case_id) == (added,)
    assert (added.name, added.note, added.kind) == ("Bescheid Müller.pdf", "vom Jobcenter", AttachmentKind.PDF)
    assert again.open(added.id).data == PDF


def test_the_same_file_is_not_kept_twice_and_the_first_is_named(desk: Desk, case_id: UUID) -> None:
    desk.attachments.add(case_id, "a.pdf", PDF)
    with pytest.raises(RuleBroken) as refused:
        desk.attachments.add(case_id, "b.pdf", PDF)
    assert refused.value.parameters == {"name": "a.pdf"}
    assert len(desk.attachments.list(case_id)) == 1


@pytest.mark.parametrize("data", [b"", b"x" * (LARGEST_BYTES + 1)], ids=["empty", "too large"])
def test_what_is_empty_or_too_large_is_refused(desk: Desk, case_id: UUID, data: bytes) -> None:
    with pytest.raises(RuleBroken):
        desk.attachments.add(case_id, "a.pdf", data)
    assert desk.attachments.list(case_id) == ()


def test_a_case_takes_no_end_of_files(desk: Desk, case_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kimdesk.services.attachments.MOST_IN_A_CASE", 2)
    for number in range(2):
        desk.attachments.add(case_id, "a.txt", b"%d" % number)
    with pytest.raises(RuleBroken, match="schon"):
        desk.attachments.add(case_id, "a.txt", b"zu viel")
    assert MOST_IN_A_CASE >= 100


def test_a_closed_case_takes_no_file_but_shows_those_it_has(desk: Desk, case_id: UUID) -> None:
    closed = next(
        entry for entry in desk.figures.cases_behind("one_off_consultations", Period.whole_year(2026))
    ).case_id
    with pytest.raises(CaseClosed):
        desk.attachments.add(closed, "a.pdf", PDF)
    with pytest.raises(CaseNotFound):
        desk.attachments.add(uuid4(), "a.pdf", PDF)


def test_removing_can_be_undone(desk: Desk, case_id: UUID) -> None:
    added = desk.attachments.add(case_id, "a.pdf", PDF).value
    removed = desk.attachments.remove(added.id).value
    assert desk.attachments.list(case_id) == ()
    with pytest.raises(RecordGone):
        desk.attachments.open(added.id)
    desk.attachments.bring_back(removed)
    assert desk.attachments.open(added.id).data == PDF


def test_saving_elsewhere_writes_the_file_and_a_row_and_leaves_an_old_one_if_it_fails(
    desk: Desk, case_id: UUID, tmp_path: Path
) -> None:
    added = desk.attachments.add(case_id, "a.pdf", PDF).value
    desk.attachments.save(added.id, tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == PDF
    assert [row.action for row in desk.vault.log(limit=1)] == ["export"]
    with pytest.raises(AttachmentNotWritten):
        desk.attachments.save(added.id, tmp_path / "fehlt" / "a.pdf")


def test_no_name_of_a_file_is_in_the_log(desk: Desk, case_id: UUID) -> None:
    added = desk.attachments.add(case_id, "Attest Yasmin Al-Khatib.pdf", PDF).value
    desk.attachments.describe(added.id, name="Attest Yasmin.pdf", note="Yasmin")
    desk.attachments.open(added.id)
    assert not any("Yasmin" in str(row) for row in desk.vault.log(limit=100))


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_every_system_takes(name: str) -> None:
    plain = checked_name(name)
    assert 0 < len(plain) <= LONGEST_NAME
    assert not set('<>:"/\\|?*\x00\u202e') & set(plain)
    assert plain == plain.strip(" .") and checked_name(plain) == plain


def test_names_lose_their_folders_and_their_disguise() -> None:
    assert checked_name("C:\\Users\\kim\\Scan 1.pdf") == "Scan 1.pdf"
    assert checked_name("../../etc/passwd") == "passwd"
    assert checked_name("Foto\u202egpj.exe") == "Fotogpj.exe"
    assert checked_name("\u202e...") == "Dokument"
    assert checked_name("n" * 200 + ".pdf").endswith("nnn.pdf")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, AttachmentKind.PDF),
        (b"\x89PNG\r\n\x1a\n...", AttachmentKind.PICTURE),
        (b"\xff\xd8\xff\xe0", AttachmentKind.PICTURE),
        ("Grüße".encode(), AttachmentKind.TEXT),
        ("Grüße".encode("latin-1"), AttachmentKind.OTHER),
        (b"PK\x03\x04\0\0", AttachmentKind.OTHER),
        (b"<svg>", AttachmentKind.TEXT),
    ],
)
def test_the_content_says_what_a_file_is(data: bytes, kind: AttachmentKind) -> None:
    assert kind_of(data) is kind
