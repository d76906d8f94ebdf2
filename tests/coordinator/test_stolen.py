"""What a thief of the office's database gets: figures it shows anyway, and nothing to get in with."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select

from kimdesk.coordinator import tables
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.office import open_office
from kimdesk.sync.enrolment import answer_invitation, read_invitation
from kimdesk.sync.protocol import DeviceIdentity, InvitationUnknown
from tests.coordinator.browsing import log_in
from tests.coordinator.conftest import Office
from tests.coordinator.test_uploads import begin, put
from tests.sync.support import a_release


def everything(office: Office) -> list[object]:
    """Return every value in every column of the database."""
    engine = open_database(open_office(office.folder).database_url)
    values: list[object] = []
    with engine.begin() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                values.extend(bytes(value) if isinstance(value, memoryview) else value for value in row)
    engine.dispose()
    return values


def raw_bytes(office: Office, tmp_path: Path) -> bytes:
    """Return the database's files, or the values of a database elsewhere."""
    if open_office(office.folder).database_url.startswith("sqlite"):
        files = [path for path in office.folder.iterdir() if path.name.startswith("coordinator.db")]
        return b"".join(path.read_bytes() for path in files)
    return b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in everything(office))


def test_a_stolen_database_holds_no_release_that_is_not_shown(office: Office, tmp_path: Path) -> None:
    laptop = office.device()
    office.transport.deliver(laptop.seal(a_release(40), 1))
    conflicting = a_release(70, seed=8)
    office.transport.deliver(laptop.seal(conflicting, 1))
    half, refused = laptop.seal(a_release(50, seed=2), 2), laptop.seal(a_release(60, seed=3, district="coesfeld"), 3)
    upload = begin(office, laptop, half).json()["upload"]
    put(office, upload, 0, half.sealed[:1_000])
    upload = begin(office, laptop, refused).json()["upload"]
    assert put(office, upload, 0, refused.sealed).status_code == 400
    stolen = raw_bytes(office, tmp_path)
    assert a_release(40).canonical_tables() in stolen, "the search finds what is there"
    for hidden in (conflicting, a_release(50, seed=2), a_release(60, seed=3, district="coesfeld")):
        assert hidden.canonical_tables() not in stolen
    # What is half there is sealed, and the key lies elsewhere; what was refused is gone.
    assert not any(isinstance(value, bytes) and refused.sealed[100:400] in value for value in everything(office))
    secret = open_office(office.folder).keys.sealing_secret
    assert secret not in stolen and secret.hex().encode() not in stolen


def test_nobody_gets_in_with_what_a_stolen_database_holds(office: Office, tmp_path: Path) -> None:
    data = office.invite("Bönen")
    invitation = read_invitation(data)
    with office.browser() as browser:
        log_in(office, browser)
        session = browser.cookies["kimdesk-session"]
        assert browser.get("/").status_code == 200
    stolen = raw_bytes(office, tmp_path)
    for secret in (session, office.passphrase, open_office(office.folder).form_secret.hex()):
        assert secret.encode() not in stolen
    for form in (invitation.token, base64.b64encode(invitation.token), invitation.token.hex().encode()):
        assert form not in stolen
    assert hashlib.sha256(session.encode()).hexdigest().encode() in stolen, "the search finds what is there"
    # The public half of the token checks an answer and cannot make one.
    assert invitation.verifier in stolen
    forged = answer_invitation(
        type(invitation)(**{**vars(invitation), "token": invitation.verifier}),
        DeviceIdentity.generate(),
        office.clock.now(),
    )
    with pytest.raises(InvitationUnknown):
        office.transport.enrol(invitation.sender, forged)
    # A hash of a session is no session.
    with office.browser() as browser:
        browser.cookies.set("kimdesk-session", hashlib.sha256(session.encode()).hexdigest())
        assert browser.get("/").status_code == 303
