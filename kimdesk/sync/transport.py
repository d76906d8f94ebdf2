"""The way over http(s)."""

from __future__ import annotations

import ipaddress
import json
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from kimdesk.foundation.clock import Clock, SystemClock
from kimdesk.sync.errors import CertificateRefused, CoordinatorUnreachable, DamagedFile, error_for_code
from kimdesk.sync.keys import DeviceIdentity
from kimdesk.sync.outbox import OutboxItem
from kimdesk.sync.paths import BUNDLES_PATH, ENROL_PATH, UPLOADS_PATH
from kimdesk.sync.trust import pinned_trust, system_trust
from kimdesk.sync.upload import upload_ticket

PIECE_BYTES = 8_192
FAILURES_WITHOUT_PROGRESS = 3
_MAX_ANSWER_BYTES = 65_536
T = TypeVar("T")


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds: for a connection, between two bytes, and for the whole exchange."""

    connect_seconds: float = 10.0
    silence_seconds: float = 20.0
    whole_seconds: float = 60.0


@dataclass(frozen=True)
class Device:
    """Who uploads: with this a large bundle goes piece by piece and continues where it stopped."""

    sender: str
    identity: DeviceIdentity = field(repr=False)


@dataclass(frozen=True)
class Download:
    """What was fetched so far, and the tag by which the server knows whether it is still the same."""

    content: bytes = field(repr=False)
    tag: str


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    tag: str


class HttpTransport:
    """Talks to the office's addresses, the first that answers wins.

    Trusts what the system trusts, or only `certificates` (SHA-256 hashes) where there are any; follows no redirect and
    keeps no cookies. `proxy` is the address of a proxy; without it proxies come from the environment (on Windows from
    the system's settings) unless `proxies_from_environment` is False. A loopback address never goes through one.
    With `device` a bundle larger than `piece_bytes` goes in pieces and continues at the offset the server has.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        *,
        proxies_from_environment: bool = True,
        proxy: str | None = None,
        timeouts: Timeouts | None = None,
        certificates: Sequence[bytes] = (),
        trust: ssl.SSLContext | None = None,
        device: Device | None = None,
        piece_bytes: int = PIECE_BYTES,
        clock: Clock | None = None,
    ) -> None:
        self._addresses = tuple(addresses)
        self._proxies = proxies_from_environment
        self._proxy = proxy
        self._timeouts = timeouts or Timeouts()
        self._trust = trust
        self._certificates = tuple(certificates)
        self._device = device
        self._piece = piece_bytes
        self._clock = clock or SystemClock()

    def deliver(self, item: OutboxItem) -> bytes | None:
        """Hand the sealed bundle over and return the office's receipt or notice.

        Raises `CoordinatorUnreachable` or the `SyncError` the office named.
        """
        device = self._device
        if device is None or len(item.sealed) <= self._piece:
            return self._at_any(lambda address: self._post(address + BUNDLES_PATH, item.sealed))
        return self._at_any(lambda address: self._upload(address + UPLOADS_PATH, device, item.sealed))

    def enrol(self, sender: str, answer: bytes) -> bytes | None:
        """Post the answer to an invitation and return the confirmation."""
        return self._at_any(lambda address: self._post(address + ENROL_PATH, answer, "application/json"))

    def download(self, path: str, *, limit: int, known: Download | None = None) -> Download | None:
        """Fetch what the office publishes at `path`; None where it is what is `known` already.

        A transfer that breaks off goes on where it stopped. Raises `DamagedFile` above `limit` bytes,
        `CoordinatorUnreachable` or the `SyncError` the office named.
        """
        return self._at_any(lambda address: self._download(address + path, limit, known))

    def _at_any(self, work: Callable[[str], T]) -> T:
        problem: CoordinatorUnreachable | None = None
        for address in self._addresses:
            try:
                return work(address.rstrip("/"))
            except CoordinatorUnreachable as error:
                problem = problem or error
        raise problem or CoordinatorUnreachable()

    def _post(self, url: str, content: bytes, media_type: str = "application/octet-stream") -> bytes:
        return _judge(self._exchange("POST", url, content=content, headers={"content-type": media_type}))

    def _upload(self, url: str, device: Device, sealed: bytes) -> bytes:
        offset, failures = 0, 0
        while True:
            try:
                ticket = upload_ticket(device.sender, sealed, device.identity, self._clock.now())
                answer = self._exchange("POST", url, content=ticket, headers={"content-type": "application/json"})
                while answer.status == 202:
                    upload, has = _place(answer.body, len(sealed))
                    failures = 0 if has > offset else failures
                    offset = has
                    piece = sealed[offset : offset + self._piece]
                    answer = self._exchange("PUT", f"{url}/{upload}?offset={offset}", content=piece)
                return _judge(answer)
            except CertificateRefused:
                raise
            except CoordinatorUnreachable:
                failures += 1
                if failures > FAILURES_WITHOUT_PROGRESS:
                    raise

    def _download(self, url: str, limit: int, known: Download | None) -> Download | None:
        content, tag, failures = b"", "", 0
        while True:
            headers = {} if known is None or content else {"if-none-match": known.tag}
            if content:
                headers = {"range": f"bytes={len(content)}-", "if-range": tag}
            so_far = bytearray(content)
            try:
                answer = self._exchange("GET", url, headers=headers, limit=limit, into=so_far, resumes=bool(content))
                match answer.status:
                    case 304:
                        return known
                    case 200 | 206:
                        return Download(bytes(so_far), answer.tag)
                _judge(answer)
                raise CoordinatorUnreachable()
            except _BrokenOff as broken:
                failures = failures + 1 if len(so_far) == len(content) else 1
                # Without a tag nobody can say whether the rest belongs to the same content: from the beginning then.
                content, tag = (bytes(so_far), broken.tag) if broken.tag else (b"", "")
                if failures > FAILURES_WITHOUT_PROGRESS:
                    raise CoordinatorUnreachable() from None

    def _exchange(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        limit: int = _MAX_ANSWER_BYTES,
        into: bytearray | None = None,
        resumes: bool = False,
    ) -> _Answer:
        """Do one request. With `into` a good answer's body goes there, and what breaks off raises `_BrokenOff`."""
        deadline = time.monotonic() + self._timeouts.whole_seconds
        silence = httpx.Timeout(self._timeouts.silence_seconds, connect=self._timeouts.connect_seconds)
        tag, target = "", into
        try:
            with (
                httpx.Client(
                    verify=self._context(),
                    trust_env=self._proxies and self._proxy is None and not _is_loopback(url),
                    proxy=None if _is_loopback(url) else self._proxy,
                    timeout=silence,
                    follow_redirects=False,
                ) as client,
                client.stream(
                    method, url, content=content, headers={"accept": "application/json", **(headers or {})}
                ) as response,
            ):
                body = bytearray()
                if target is not None and response.status_code in (200, 206):
                    if resumes and response.status_code == 200:
                        target.clear()
                    body, tag = target, response.headers.get("etag", "")
                for piece in response.iter_raw() if into is not None else response.iter_bytes():
                    body += piece
                    if len(body) > limit:
                        raise DamagedFile() if into is not None else CoordinatorUnreachable()
                    if into is None and time.monotonic() > deadline:
                        raise CoordinatorUnreachable()
                return _Answer(response.status_code, bytes(body), tag)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError, OSError, ValueError) as error:
            if _is_certificate_problem(error):
                raise CertificateRefused() from None
            if into is not None and not isinstance(error, (httpx.InvalidURL, ValueError)):
                raise _BrokenOff(tag) from None
            raise CoordinatorUnreachable() from None

    def _context(self) -> ssl.SSLContext:
        if self._trust is None:
            self._trust = pinned_trust(self._certificates) if self._certificates else system_trust()
        return self._trust


class _BrokenOff(Exception):
    """A download stopped in the middle."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag = tag


def _place(body: bytes, length: int) -> tuple[str, int]:
    """Return the upload's number and how much of it the server has."""
    try:
        value = json.loads(body)
        upload, offset = value["upload"], value["offset"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CoordinatorUnreachable() from None
    if not (isinstance(upload, str) and upload.isascii() and upload.isalnum() and type(offset) is int):
        raise CoordinatorUnreachable()
    if not 0 <= offset < length:
        raise CoordinatorUnreachable()
    return upload, offset


def _judge(answer: _Answer) -> bytes:
    """Return a signed answer (the receipt, or the notice of 409), or raise what the office named."""
    if answer.status in (200, 409):
        return answer.body
    if 400 <= answer.status < 500:
        try:
            code = json.loads(answer.body)["error"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise CoordinatorUnreachable() from None
        raise error_for_code(str(code))
    raise CoordinatorUnreachable()


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_certificate_problem(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
