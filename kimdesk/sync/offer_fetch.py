"""Fetches the office's offer directory over http(s), whole or not at all."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence

import httpx

from kimdesk.sync.errors import CertificateRefused, CoordinatorUnreachable, TooLarge
from kimdesk.sync.offer_feed import MAX_FEED_BYTES
from kimdesk.sync.paths import OFFERS_PATH
from kimdesk.sync.transport import Timeouts, is_certificate_problem, is_loopback


def fetch_directory(addresses: Sequence[str], timeouts: Timeouts | None = None) -> bytes | None:
    """Return the directory of the first address that answers, None where the office has published none.

    Raises `CoordinatorUnreachable`, `CertificateRefused`, `TooLarge`.
    """
    problem: CoordinatorUnreachable | CertificateRefused | None = None
    for address in addresses:
        try:
            return _fetch(address.rstrip("/") + OFFERS_PATH, timeouts or Timeouts(whole_seconds=300.0))
        except (CoordinatorUnreachable, CertificateRefused) as error:
            problem = problem or error
    raise problem or CoordinatorUnreachable()


def _fetch(url: str, timeouts: Timeouts) -> bytes | None:
    deadline = time.monotonic() + timeouts.whole_seconds
    timeout = httpx.Timeout(timeouts.silence_seconds, connect=timeouts.connect_seconds)
    body = bytearray()
    try:
        with (
            httpx.Client(trust_env=not is_loopback(url), timeout=timeout, follow_redirects=False) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code == httpx.codes.NOT_FOUND:
                return None
            if response.status_code != httpx.codes.OK:
                raise CoordinatorUnreachable()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_FEED_BYTES:
                    raise TooLarge()
                if time.monotonic() > deadline:
                    raise CoordinatorUnreachable()
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError, OSError, ValueError) as error:
        if is_certificate_problem(error):
            raise CertificateRefused() from None
        raise CoordinatorUnreachable() from None
    return bytes(body)
