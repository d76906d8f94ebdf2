"""How much one address may ask in a minute, so that a broken or hostile client does not take the service from others."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from kimdesk.foundation.clock import Clock

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

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self._most = per_minute
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, address: str) -> bool:
        """Count a request; return False if the address has to wait."""
        now = self._clock.now().timestamp()
        with self._lock:
            if len(self._buckets) >= _MOST_TRACKED:
                self._forget_full(now)
            left, before = self._buckets.get(address, (float(self._most), now))
            # A clock set back must not lock anybody out.
            left = min(float(self._most), left + max(0.0, now - before) * self._most / 60)
            allowed = left >= 1
            self._buckets[address] = (left - 1 if allowed else left, now)
            return allowed

    def _forget_full(self, now: float) -> None:
        for address, (left, before) in list(self._buckets.items()):
            if left + (now - before) * self._most / 60 >= self._most:
                del self._buckets[address]
        if len(self._buckets) >= _MOST_TRACKED:
            self._buckets.clear()
