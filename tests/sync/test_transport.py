"""The way over http against servers that misbehave: every trouble leaves the release queued."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.outbox import OutboxItem
from kimdesk.sync.protocol import (
    CertificateRefused,
    CoordinatorKeys,
    CoordinatorUnreachable,
    DamagedFile,
    SyncError,
    UnknownSender,
    certificate_hash,
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
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
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
    # Those of the offer directory arise where it is read, on the laptop, and are never sent.
    sent = [kind for kind in SyncError.__subclasses__() if kind.__module__ == SyncError.__module__]
    assert len(sent) > 10
    for kind in sent:
        if kind.code not in ("unreachable", "folder", "folder_unreadable"):
            assert type(error_for_code(kind.code)) is kind
    assert type(error_for_code("certificate")) is CoordinatorUnreachable


# Pinned certificates and proxies


def test_a_pinned_certificate_is_believed_and_no_other(item: OutboxItem, certificate: Path, tmp_path: Path) -> None:
    pinned = certificate_hash((certificate / "cert.pem").read_text(encoding="ascii"))
    other = certificate_hash((make_certificate(tmp_path) / "cert.pem").read_text(encoding="ascii"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with server_that_says(answer("200 OK"), context) as (url, requests):
        with pytest.raises(CertificateRefused):
            HttpTransport([url], certificates=[other]).deliver(item)
        assert not any(requests), "nothing was said before the certificate was looked at"
        # By name, too, which the certificate does not hold: the office said which certificate is its own.
        by_name = url.replace("127.0.0.1", "localhost")
        for address in (url, by_name):
            assert HttpTransport([address], certificates=[other, pinned]).deliver(item) == b"{}"
    assert len([request for request in requests if request]) == 2


@pytest.mark.parametrize("text", ["", "nothing", "-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----"])
def test_a_certificate_that_is_none_is_not_pinned(text: str) -> None:
    with pytest.raises(DamagedFile):
        certificate_hash(text)


def test_a_proxy_is_asked_and_loopback_never_goes_through_one(
    item: OutboxItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server_that_says(answer("200 OK", b"proxied")) as (proxy, requests):
        far = "http://ki.example.org"
        assert HttpTransport([far], proxy=proxy).deliver(item) == b"proxied"
        assert requests[0].startswith(b"POST http://ki.example.org/api/v1/bundles HTTP/1.1")
        with server_that_says(answer("200 OK", b"direct")) as (near, _):
            assert HttpTransport([near], proxy=proxy).deliver(item) == b"direct"
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.setenv("NO_PROXY", "")
        assert HttpTransport([far]).deliver(item) == b"proxied"
        with pytest.raises(CoordinatorUnreachable):
            HttpTransport(["http://127.0.0.1:9"], proxies_from_environment=False).deliver(item)


def test_https_goes_through_a_proxy_as_a_tunnel(item: OutboxItem) -> None:
    with server_that_says(answer("403 Forbidden", b"no")) as (proxy, requests):
        with pytest.raises(CoordinatorUnreachable):
            HttpTransport(["https://ki.example.org"], proxy=proxy, certificates=[bytes(32)]).deliver(item)
        assert requests[0].startswith(b"CONNECT ki.example.org:443 HTTP/1.1")


# Downloads that go on


CONTENT = bytes(range(256)) * 40


@contextmanager
def server_that_breaks_off(tags: list[str], after: int = 3_000) -> Iterator[tuple[str, list[str]]]:
    """Serve `CONTENT` with `tags` one after another, and break off after so many bytes of an answer."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    head = read_head(connection)
                    wanted = re.search(r"range: bytes=(\d+)-", head, re.IGNORECASE)
                    tag = tags[min(len(asked), len(tags) - 1)]
                    resumes = wanted is not None and f"if-range: {tag}".lower() in head.lower()
                    start = int(wanted.group(1)) if wanted is not None and resumes else 0
                    asked.append(f"{start}")
                    rest = CONTENT[start:]
                    status = "206 Partial Content" if start else "200 OK"
                    reply = f"HTTP/1.1 {status}\r\nContent-Length: {len(rest)}\r\nETag: {tag}\r\n\r\n".encode()
                    connection.sendall(reply + rest[:after])

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def read_head(connection: socket.socket) -> str:
    """Return the head of a request without a body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    return data.decode("latin-1")


def test_a_download_goes_on_where_it_broke_off() -> None:
    with server_that_breaks_off(['"one"']) as (url, asked):
        found = HttpTransport([url]).download("/api/v1/offers", limit=100_000)
    assert found is not None and (found.content, found.tag) == (CONTENT, '"one"')
    assert asked == ["0", "3000", "6000", "9000"]


def test_a_download_begins_again_when_something_else_was_published_meanwhile() -> None:
    with server_that_breaks_off(['"one"', '"two"']) as (url, asked):
        found = HttpTransport([url]).download("/api/v1/offers", limit=100_000)
    assert found is not None and (found.content, found.tag) == (CONTENT, '"two"')
    assert asked[:3] == ["0", "0", "3000"]


def test_a_download_that_does_not_come_on_is_given_up() -> None:
    with (
        server_that_breaks_off(['"one"'], after=0) as (url, asked),
        pytest.raises(CoordinatorUnreachable),
    ):
        HttpTransport([url]).download("/api/v1/offers", limit=100_000)
    assert len(asked) == 4


def test_a_download_without_end_is_refused() -> None:
    with server_that_breaks_off(['"one"']) as (url, _), pytest.raises(DamagedFile):
        HttpTransport([url]).download("/api/v1/offers", limit=5_000)
