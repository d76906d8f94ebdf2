"""How much one address may ask in a minute, so that a broken or hostile client takes the service from nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_MOST_TRACKED = 10_000


@dataclass(frozen=True)
class Rates:
    """Requests per minute and address. A whole town hall may stand behind one address."""

    laptops: int = 600
    enrolments: int = 60
    pages: int = 300
    logins: int = 60


class RateLimit:
    """A bucket per address that fills evenly: at most `per_minute` at once and in a minute. In memory."""

    def __init__(self, per_minute: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = float(per_minute)
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, address: str) -> bool:
        """Count a request; return False if the address has to wait."""
        now = self._seconds()
        with self._lock:
            if len(self._buckets) >= _MOST_TRACKED:
                self._forget_full(now)
            left, before = self._buckets.get(address, (self._most, now))
            left = min(self._most, left + (now - before) * self._most / 60)
            allowed = left >= 1
            self._buckets[address] = (left - 1 if allowed else left, now)
            return allowed

    def _forget_full(self, now: float) -> None:
        for address, (left, before) in list(self._buckets.items()):
            if left + (now - before) * self._most / 60 >= self._most:
                del self._buckets[address]
        if len(self._buckets) >= _MOST_TRACKED:
            self._buckets.clear()


class RateLimits:
    """The limit of each kind of request."""

    def __init__(self, rates: Rates | None = None) -> None:
        rates = rates or Rates()
        self._laptops = RateLimit(rates.laptops)
        self._enrolments = RateLimit(rates.enrolments)
        self._pages = RateLimit(rates.pages)
        self._logins = RateLimit(rates.logins)

    def take(self, method: str, path: str, address: str) -> bool:
        """Count a request; return False if the address has to wait. Files of the pages' looks are free."""
        if path.startswith("/static/"):
            return True
        if path.startswith("/api/"):
            return (self._enrolments if path.endswith("/enrol") else self._laptops).take(address)
        return (self._logins if path == "/login" and method == "POST" else self._pages).take(address)
