"""What a Linux system tells over D-Bus: sleep and shutdown by logind, the locked screen by logind or a screen saver.

Interfaces: https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html (Manager, Session),
https://systemd.io/INHIBITOR_LOCKS/, and the ActiveChanged signal that the screen savers share.
"""

from __future__ import annotations

import logging
import os
from typing import cast

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBus,
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusUnixFileDescriptor,
    QDBusVariant,
)

from kimdesk.i18n import _

_log = logging.getLogger(__name__)
_LOGIND = "org.freedesktop.login1"
_MANAGER_PATH = "/org/freedesktop/login1"
_MANAGER = "org.freedesktop.login1.Manager"
_SESSION = "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_SCREEN_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)

_LONGEST_WAIT_MILLISECONDS = 300


def _slot(signature: str) -> bytes:
    return cast(bytes, SLOT(signature))  # PySide asks for the str that SLOT returns; its stub says bytes


class LogindWatch(QObject):
    """`lock_wanted` before sleep and when the screen is locked, `session_ends` before shutdown.

    It holds a delay lock: logind waits up to five seconds (its default) for the vault to be closed before the machine
    sleeps. The lock is a file descriptor that the replaced process no longer has, so replacing lets the machine go.
    """

    lock_wanted = Signal()
    session_ends = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        system: QDBusConnection | None = None,
        session: QDBusConnection | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = ""
        self._delay: QDBusUnixFileDescriptor | None = None
        self._system = system if system is not None else QDBusConnection.systemBus()
        self._session = session if session is not None else QDBusConnection.sessionBus()
        if self._system.isConnected():
            self._listen_to_logind()
        else:
            _log.info("no system bus: sleep is noticed afterwards, by the idle time")
        if self._session.isConnected():
            for interface in _SCREEN_SAVERS:
                self._session.connect("", "", interface, "ActiveChanged", self, _slot("screen_saver_changed(bool)"))

    def holds_delay(self) -> bool:
        """Return whether logind waits for this program before the machine sleeps."""
        return self._delay is not None

    def let_go(self) -> None:
        """Let the machine sleep or shut down now. Whoever replaces or ends the process need not call it."""
        self._delay = None

    def _listen_to_logind(self) -> None:
        for name, slot in (("PrepareForSleep", "sleep_comes(bool)"), ("PrepareForShutdown", "shutdown_comes(bool)")):
            self._system.connect(_LOGIND, _MANAGER_PATH, _MANAGER, name, self, _slot(slot))
        why = _("Die Fallakten werden verschlossen.")
        delay = self._ask(_MANAGER_PATH, _MANAGER, "Inhibit", "sleep:shutdown", "KIM Desk", why, "delay")
        if isinstance(delay, QDBusUnixFileDescriptor):
            self._delay = delay
        path = self._ask(_MANAGER_PATH, _MANAGER, "GetSession", os.environ.get("XDG_SESSION_ID") or "auto")
        if isinstance(path, QDBusObjectPath):
            self._path = path.path()
            self._system.connect(_LOGIND, self._path, _SESSION, "Lock", self, _slot("session_is_locked()"))
            self._system.connect(
                _LOGIND, self._path, _PROPERTIES, "PropertiesChanged", self, _slot("session_changed()")
            )

    def _ask(self, path: str, interface: str, method: str, *arguments: str) -> object:
        """Return the one value logind answers, None for an error or none. It answers in under a millisecond."""
        message = QDBusMessage.createMethodCall(_LOGIND, path, interface, method)
        message.setArguments(list(arguments))
        reply = self._system.call(message, QDBus.CallMode.Block, _LONGEST_WAIT_MILLISECONDS)
        if reply.type() is not QDBusMessage.MessageType.ReplyMessage:
            _log.info("logind does not answer %s: %s", method, reply.errorName())
            return None
        values: list[object] = reply.arguments()
        return values[0] if values else None

    @Slot(bool)
    def sleep_comes(self, begins: bool) -> None:
        """PrepareForSleep: before the sleep with true, after it with false."""
        if begins:
            self.lock_wanted.emit()

    @Slot(bool)
    def shutdown_comes(self, begins: bool) -> None:
        """PrepareForShutdown: with false it was called off."""
        if begins:
            self.session_ends.emit()

    @Slot()
    def session_is_locked(self) -> None:
        """Lock: asked for by ``loginctl lock-session`` and by desktops."""
        self.lock_wanted.emit()

    @Slot()
    def session_changed(self) -> None:
        """PropertiesChanged: perhaps LockedHint, which desktops set that lock the screen on their own."""
        hint = self._ask(self._path, _PROPERTIES, "Get", _SESSION, "LockedHint")
        if isinstance(hint, QDBusVariant) and hint.variant() is True:
            self.lock_wanted.emit()

    @Slot(bool)
    def screen_saver_changed(self, active: bool) -> None:
        """ActiveChanged of a screen saver."""
        if active:
            self.lock_wanted.emit()
