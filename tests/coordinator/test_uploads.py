"""Transfers that break off: they go on at the byte the office has, and count once."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from kimdesk.coordinator import commands
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.tables import uploads
from kimdesk.coordinator.uploads import KEPT, MOST_PER_LAPTOP
from kimdesk.sync.outbox import OutboxItem
from kimdesk.sync.protocol import UPLOADS_PATH, BadSignature, CoordinatorBusy, DamagedFile, HeldBack, upload_ticket
from kimdesk.sync.transport import Device as Uploader
from kimdesk.sync.transport import HttpTransport
from tests.coordinator.conftest import Office
from tests.coordinator.test_receiving import counted
from tests.sync.support import Device, a_release

LUENEN = "Fallmanagement Lünen"


def in_pieces(office: Office, laptop: Device, piece_bytes: int = 512) -> HttpTransport:
    uploader = Uploader(laptop.invitation.sender, laptop.identity)
    return HttpTransport([office.server.url], device=uploader, piece_bytes=piece_bytes, clock=office.clock)


def begin(office: Office, laptop: Device, item: OutboxItem) -> httpx.Response:
    ticket = upload_ticket(laptop.invitation.sender, item.sealed, laptop.identity, office.clock.now())
    return httpx.post(office.server.url + UPLOADS_PATH, content=ticket, trust_env=False)


def put(office: Office, upload: str, offset: int, piece: bytes) -> httpx.Response:
    url = f"{office.server.url}{UPLOADS_PATH}/{upload}?offset={offset}"
    return httpx.put(url, content=piece, trust_env=False)


def kept(office: Office) -> list[bytes]:
    """Return what the office keeps of unfinished and finished uploads."""
    engine = open_database(open_office(office.folder).database_url)
    with engine.begin() as connection:
        found = [bytes(content) for content in connection.execute(select(uploads.c.content)).scalars()]
    engine.dispose()
    return found


def test_a_bundle_in_pieces_counts_as_one(office: Office) -> None:
    laptop = office.device()
    item = laptop.queue(a_release(), 1)
    assert len(item.sealed) > 3 * 512
    assert laptop.sender(in_pieces(office, laptop)).send_pending().done
    assert counted(office) == [(LUENEN, 1)]
    # Nothing that its key could open stays behind.
    assert kept(office) == [b""]
    # Said again after a lost answer it costs one request and gives the same receipt.
    assert begin(office, laptop, item).content == laptop.outbox.receipts[1]
    assert office.transport.deliver(item) == laptop.outbox.receipts[1]


def test_it_goes_on_where_the_office_is(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    upload = begin(office, laptop, item).json()["upload"]
    assert put(office, upload, 0, item.sealed[:700]).json() == {"upload": upload, "offset": 700}
    for wrong in (0, 699, 701, 5_000):
        answer = put(office, upload, wrong, item.sealed[wrong:])
        assert (answer.status_code, answer.json()["offset"]) == (412, 700)
    assert begin(office, laptop, item).json() == {"upload": upload, "offset": 700}
    assert put(office, upload, 700, item.sealed[700:]).status_code == 200
    assert counted(office) == [(LUENEN, 1)]


def test_what_came_before_the_connection_broke_is_not_sent_again(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    upload = begin(office, laptop, item).json()["upload"]
    address = urlsplit(office.server.url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as line:
        head = f"PUT {UPLOADS_PATH}/{upload}?offset=0 HTTP/1.1\r\nHost: x\r\nContent-Length: {len(item.sealed)}\r\n\r\n"
        line.sendall(head.encode() + item.sealed[:900])
    wait_for(lambda: begin(office, laptop, item).json()["offset"] == 900)
    assert put(office, upload, 900, item.sealed[900:]).status_code == 200
    assert counted(office) == [(LUENEN, 1)]


def wait_for(holds: Callable[[], bool]) -> None:
    """Ask until it holds; the office notices a broken connection when it next looks at it."""
    for _ in range(200):
        if holds():
            return
    raise AssertionError("it never came to be")


def test_only_a_laptop_that_has_joined_gets_room(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    stranger = Device(office.invite("Andere"), office.clock)
    assert begin(office, stranger, item).json()["error"] == "unknown_sender"
    stranger.invitation = laptop.invitation
    assert begin(office, stranger, item).json()["error"] == BadSignature.code
    commands.revoke(office.folder, LUENEN, clock=office.clock)
    assert begin(office, laptop, item).json()["error"] == "revoked"


def test_other_bytes_than_were_announced_are_let_go_of(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    upload = begin(office, laptop, item).json()["upload"]
    answer = put(office, upload, 0, bytes(len(item.sealed)))
    assert (answer.status_code, answer.json()["error"]) == (400, DamagedFile.code)
    assert kept(office) == []
    assert put(office, upload, 0, item.sealed).status_code == 404
    assert laptop.sender(in_pieces(office, laptop)).send_pending().done


def test_more_bytes_than_were_announced_are_refused(office: Office) -> None:
    laptop = office.device()
    item = laptop.seal(a_release(), 1)
    upload = begin(office, laptop, item).json()["upload"]
    assert put(office, upload, 0, item.sealed + b"x").status_code == 400
    assert put(office, upload, 0, bytes(70_000)).status_code == 413
    assert put(office, upload, 0, item.sealed).status_code == 200


def test_a_conflict_in_pieces_is_held_back(office: Office) -> None:
    laptop = office.device()
    office.transport.deliver(laptop.seal(a_release(), 1))
    laptop.queue(a_release(55, seed=5), 1)
    assert isinstance(laptop.sender(in_pieces(office, laptop)).send_pending().problem, HeldBack)
    assert counted(office) == [(LUENEN, 1)]


def test_a_laptop_has_room_for_some_uploads_and_they_end(office: Office) -> None:
    laptop = office.device()
    items = [laptop.seal(a_release(), number) for number in range(1, MOST_PER_LAPTOP + 2)]
    for item in items[:-1]:
        assert begin(office, laptop, item).status_code == 202
    busy = begin(office, laptop, items[-1])
    assert (busy.status_code, busy.json()["error"]) == (429, CoordinatorBusy.code)
    office.clock.advance(KEPT + timedelta(hours=1))
    assert begin(office, laptop, items[-1]).status_code == 202
    assert len(kept(office)) == 1


@pytest.mark.parametrize("piece_bytes", [1_000, 1_024, 100_000])
def test_any_size_of_pieces_arrives(office: Office, piece_bytes: int) -> None:
    laptop = office.device()
    assert in_pieces(office, laptop, piece_bytes).deliver(laptop.seal(a_release(), 1)) is not None
    assert counted(office) == [(LUENEN, 1)]
