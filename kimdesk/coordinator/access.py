"""Who may see the dashboard: login with a limit on failures, sessions, tokens that bind a form to its reader."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import deque
from datetime import datetime, timedelta

from sqlalchemy import Engine

from kimdesk.coordinator import people
from kimdesk.coordinator.database import reading
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.people import User
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError

SESSION_LENGTH = timedelta(hours=10)
SESSION_IDLE = timedelta(minutes=30)
_NOTED_EVERY = timedelta(minutes=1)
FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_PER_ADDRESS = 5
FAILURES_PER_USER = 30
_MAX_TRACKED = 10_000


class LoginRefused(KnownError):
    """Name or passphrase is wrong; which of them is not said."""

    default_message = N_("Name oder Passphrase stimmt nicht. Bitte versuchen Sie es noch einmal.")


class TooManyAttempts(KnownError):
    """Too many failures lately."""

    default_message = N_("Zu viele Fehlversuche. Bitte warten Sie eine Viertelstunde und versuchen Sie es dann wieder.")


class FailureLimit:
    """Remembers failures for a while, in memory: at most `most` per key within the window."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._failures: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def reached(self, key: str) -> bool:
        """Return whether `key` has used up its failures."""
        with self._lock:
            return len(self._recent(key)) >= self._most

    def count(self, key: str) -> None:
        """Count one failure."""
        with self._lock:
            if len(self._failures) >= _MAX_TRACKED:
                for other in list(self._failures):
                    self._recent(other)
            self._failures.setdefault(key, deque(maxlen=self._most)).append(self._clock.now())

    def forget(self, key: str) -> None:
        """Forget the failures of `key` after a success."""
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str) -> deque[datetime]:
        moments = self._failures.get(key)
        if moments is None:
            return deque()
        while moments and moments[0] <= self._clock.now() - FAILURE_WINDOW:
            moments.popleft()
        if not moments:
            del self._failures[key]
        return moments


class Access:
    """Login, sessions and form tokens."""

    def __init__(self, engine: Engine, form_secret: bytes, hasher: PassphraseHasher, clock: Clock) -> None:
        self._engine = engine
        self._secret = form_secret
        self._hasher = hasher
        self._clock = clock
        self._by_address = FailureLimit(clock, FAILURES_PER_ADDRESS)
        self._by_user = FailureLimit(clock, FAILURES_PER_USER)

    def login(self, name: str, passphrase: str, address: str) -> str:
        """Return the token of a new session. Raises `LoginRefused` or `TooManyAttempts`."""
        if self._by_address.reached(address) or self._by_user.reached(name):
            raise TooManyAttempts()
        with reading(self._engine) as connection:
            encoded = people.password_hash_of(connection, name)
        if not self._hasher.check(passphrase, encoded):
            self._by_address.count(address)
            if encoded is not None:
                self._by_user.count(name)
            raise LoginRefused()
        self._by_address.forget(address)
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        with self._engine.begin() as connection:
            people.end_old_sessions(connection, started_before=now - SESSION_LENGTH)
            people.add_session(connection, _token_hash(token), user=name, at=now)
            people.note(connection, "login", actor=name, at=now)
        return token

    def user_of(self, token: str | None) -> User | None:
        """Return the user of a session, None if there is none or it has ended."""
        if not token:
            return None
        now = self._clock.now()
        with reading(self._engine) as connection:
            found = people.session_user(
                connection, _token_hash(token), started_after=now - SESSION_LENGTH, seen_after=now - SESSION_IDLE
            )
        if found is None:
            return None
        user, seen_at = found
        if now - seen_at >= _NOTED_EVERY:
            with self._engine.begin() as connection:
                people.touch_session(connection, _token_hash(token), now)
        return user

    def logout(self, token: str) -> None:
        """End a session."""
        with self._engine.begin() as connection:
            people.end_session(connection, _token_hash(token))

    def form_token(self, cookie: str) -> str:
        """Return the token that stands in the forms of a page shown to the bearer of `cookie`."""
        return hmac.digest(self._secret, b"form\0" + cookie.encode("utf-8"), "sha256").hex()

    def form_is_ours(self, cookie: str | None, token: str | None) -> bool:
        """Return whether a form that came in was shown to the bearer of `cookie`."""
        if not cookie or not token:
            return False
        return hmac.compare_digest(self.form_token(cookie).encode(), token.encode("utf-8", "replace"))


def new_form_cookie() -> str:
    """Return the random cookie that binds the login form to its reader."""
    return secrets.token_urlsafe(32)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
