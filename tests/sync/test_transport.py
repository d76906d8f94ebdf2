"""The way over http against servers that misbehave: every trouble leaves the release queued."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.outbox import OutboxItem
from kimdesk.sync.protocol import (
    CertificateRefused,
    CoordinatorKeys,
    CoordinatorUnreachable,
    SyncError,
    UnknownSender,
    error_for_code,
)
from kimdesk.sync.transport import HttpTransport, Timeouts
from tests.sync.support import NOW, Device, a_release, make_certificate
from tests.sync.test_protocol import an_invitation


def answer(status: str, body: bytes = b"{}", *headers: str) -> bytes:
    """Return an HTTP answer as it stands on the wire."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@contextmanager
def server_that_says(reply: bytes, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Serve one fixed answer to everyone; yield the address and the requests that came."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                try:
                    if context is not None:
                        connection = context.wrap_socket(connection, server_side=True)
                    with connection:
                        requests.append(read_request(connection))
                        connection.sendall(reply)
                except OSError:
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        scheme = "http" if context is None else "https"
        try:
            yield f"{scheme}://127.0.0.1:{listening.getsockname()[1]}", requests
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def read_request(connection: socket.socket) -> bytes:
    """Return a whole request, whose length its head names."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return data
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        piece = connection.recv(65_536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


@pytest.fixture(scope="module")
def item() -> OutboxItem:
    keys = CoordinatorKeys.generate()
    return Device(an_invitation(keys).to_bytes(keys), FixedClock(NOW)).seal(a_release(), 1)


MISBEHAVIOUR = {
    "server error": answer("500 Internal Server Error"),
    "busy": answer("503 Service Unavailable"),
    "redirect": answer("307 Temporary Redirect", b"", "Location: http://127.0.0.1:9/"),
    "not found": answer("404 Not Found", b"<h1>Not Found</h1>"),
    "odd refusal": answer("400 Bad Request", b'{"error": "something new"}'),
    "refusal without a code": answer("400 Bad Request", b"[]"),
    "nothing": b"",
    "no http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "reset in the body": answer("200 OK", b"x" * 1_000)[:200],
    "endless": answer("200 OK", b"x" * 200_000),
}


@pytest.mark.parametrize("reply", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR.keys())
def test_an_answer_that_is_none_counts_as_unreachable(item: OutboxItem, reply: bytes) -> None:
    with server_that_says(reply) as (url, requests):
        with pytest.raises(CoordinatorUnreachable):
            HttpTransport([url]).deliver(item)
        assert len(requests) == 1


def test_a_named_refusal_is_told(item: OutboxItem) -> None:
    refusal = answer("403 Forbidden", b'{"error": "unknown_sender"}')
    with server_that_says(refusal) as (url, _), pytest.raises(UnknownSender):
        HttpTransport([url]).deliver(item)


def test_what_is_sent_is_the_sealed_release_and_nothing_about_the_laptop(item: OutboxItem) -> None:
    with server_that_says(answer("200 OK")) as (url, requests):
        HttpTransport([url]).deliver(item)
    head, body = requests[0].split(b"\r\n\r\n", 1)
    assert body == item.sealed
    assert b"POST /api/v1/bundles HTTP/1.1" in head
    assert socket.gethostname().encode() not in head
    assert b"cookie" not in head.lower()


def test_a_server_that_says_nothing_is_given_up(item: OutboxItem) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        timeouts = Timeouts(connect_seconds=5, silence_seconds=0.05, whole_seconds=5)
        with pytest.raises(CoordinatorUnreachable):
            HttpTransport([f"http://127.0.0.1:{silent.getsockname()[1]}"], timeouts=timeouts).deliver(item)


@pytest.mark.parametrize("address", ["http://", "http://[", "nonsense", "http://a b/", "http://127.0.0.1:99999"])
def test_an_address_that_is_none_counts_as_unreachable(item: OutboxItem, address: str) -> None:
    with pytest.raises(CoordinatorUnreachable):
        HttpTransport([address]).deliver(item)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def test_a_certificate_nobody_vouches_for_is_refused_and_says_so(item: OutboxItem, certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with server_that_says(answer("200 OK"), context) as (url, requests):
        with pytest.raises(CertificateRefused):
            HttpTransport([url]).deliver(item)
        assert requests == []
        trust = ssl.create_default_context(cafile=certificate / "cert.pem")
        assert HttpTransport([url], trust=trust).deliver(item) == b"{}"


def test_every_error_that_travels_comes_back_as_itself() -> None:
    for kind in SyncError.__subclasses__():
        if kind.code not in ("unreachable", "folder", "folder_unreadable"):
            assert type(error_for_code(kind.code)) is kind
    assert type(error_for_code("certificate")) is CoordinatorUnreachable
