"""The way over http(s)."""

from __future__ import annotations

import ipaddress
import json
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from kimdesk.sync.errors import CertificateRefused, CoordinatorUnreachable, error_for_code
from kimdesk.sync.outbox import OutboxItem
from kimdesk.sync.paths import ENROL_PATH, RELEASES_PATH

_MAX_ANSWER_BYTES = 65_536


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds: for a connection, between two bytes, and for the whole exchange."""

    connect_seconds: float = 10.0
    silence_seconds: float = 20.0
    whole_seconds: float = 60.0


class HttpTransport:
    """Posts to the office's addresses, the first that answers wins.

    Trusts what the system trusts, follows no redirect and keeps no cookies. Proxies come from the environment
    (on Windows from the system's settings) unless switched off; a loopback address never goes through one.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        *,
        proxies_from_environment: bool = True,
        timeouts: Timeouts | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._addresses = tuple(addresses)
        self._proxies = proxies_from_environment
        self._timeouts = timeouts or Timeouts()
        self._trust = trust

    def deliver(self, item: OutboxItem) -> bytes | None:
        """Post the sealed release and return the office's receipt or notice.

        Raises `CoordinatorUnreachable` or the `SyncError` the office named.
        """
        return self._post(RELEASES_PATH, item.sealed, "application/octet-stream")

    def enrol(self, sender: str, answer: bytes) -> bytes | None:
        """Post the answer to an invitation and return the confirmation."""
        return self._post(ENROL_PATH, answer, "application/json")

    def _post(self, path: str, content: bytes, media_type: str) -> bytes:
        problem: CoordinatorUnreachable | None = None
        for address in self._addresses:
            try:
                return self._post_to(address.rstrip("/") + path, content, media_type)
            except CoordinatorUnreachable as error:
                problem = problem or error
        raise problem or CoordinatorUnreachable()

    def _post_to(self, url: str, content: bytes, media_type: str) -> bytes:
        deadline = time.monotonic() + self._timeouts.whole_seconds
        timeout = httpx.Timeout(self._timeouts.silence_seconds, connect=self._timeouts.connect_seconds)
        try:
            with httpx.Client(
                verify=self._trust or ssl.create_default_context(),
                trust_env=self._proxies and not _is_loopback(url),
                timeout=timeout,
                follow_redirects=False,
            ) as client:
                headers = {"content-type": media_type, "accept": "application/json"}
                with client.stream("POST", url, content=content, headers=headers) as response:
                    body = bytearray()
                    for piece in response.iter_bytes():
                        body += piece
                        if len(body) > _MAX_ANSWER_BYTES or time.monotonic() > deadline:
                            raise CoordinatorUnreachable()
                    status = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError, OSError, ValueError) as error:
            if _is_certificate_problem(error):
                raise CertificateRefused() from None
            raise CoordinatorUnreachable() from None
        return _judge(status, bytes(body))


def _judge(status: int, body: bytes) -> bytes:
    """Return a signed answer (the receipt, or the notice of 409), or raise what the office named."""
    if status in (200, 409):
        return body
    if 400 <= status < 500:
        try:
            code = json.loads(body)["error"]
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
