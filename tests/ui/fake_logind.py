"""A logind of the tests, in a process of its own on a private bus. Started with the bus's address.

It gives out one delay lock and one session. On its standard input it takes ``sleep``, ``shutdown``, ``lock``,
``hint`` and ``screensaver``; on its standard output it says ``ready``, ``inhibited`` and ``released``.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QCoreApplication, QSocketNotifier
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusUnixFileDescriptor,
    QDBusVariant,
    QDBusVirtualObject,
)

ROOT = "/org/freedesktop/login1"
SESSION = f"{ROOT}/session/_31"


def say(word: str) -> None:
    """Tell the test."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


class Logind(QDBusVirtualObject):
    """Answers Inhibit, GetSession and the question for LockedHint."""

    def __init__(self, bus: QDBusConnection) -> None:
        super().__init__()
        self._bus = bus
        self._locked = False
        self._reading, self._writing = os.pipe()
        self._released = QSocketNotifier(self._reading, QSocketNotifier.Type.Read)
        self._released.activated.connect(lambda *_: self._end_of_pipe())

    def _end_of_pipe(self) -> None:
        self._released.setEnabled(False)
        say("released")

    def introspect(self, path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        match message.member():
            case "Inhibit":
                self._answer(message, QDBusUnixFileDescriptor(self._writing))
                os.close(self._writing)  # the message holds its own
                say("inhibited")
            case "GetSession":
                self._answer(message, QDBusObjectPath(SESSION))
            case "Get":
                self._answer(message, QDBusVariant(self._locked))
            case _:
                return False
        return True

    def _answer(self, message: QDBusMessage, value: object) -> None:
        reply = message.createReply()
        reply.setArguments([value])
        self._bus.send(reply)

    def _signal(self, path: str, interface: str, name: str, *arguments: object) -> None:
        signal = QDBusMessage.createSignal(path, interface, name)
        signal.setArguments(list(arguments))
        self._bus.send(signal)

    def tell(self, word: str) -> None:
        """Send the signal that `word` stands for."""
        manager = f"{ROOT.replace('/', '.')[1:]}.Manager"
        match word:
            case "sleep":
                self._signal(ROOT, manager, "PrepareForSleep", True)
            case "wake":
                self._signal(ROOT, manager, "PrepareForSleep", False)
            case "shutdown":
                self._signal(ROOT, manager, "PrepareForShutdown", True)
            case "lock":
                self._signal(SESSION, "org.freedesktop.login1.Session", "Lock")
            case "foreign":
                self._signal(f"{ROOT}/session/_32", "org.freedesktop.login1.Session", "Lock")
            case "hint":
                self._locked = True
                properties = "org.freedesktop.DBus.Properties"
                self._signal(SESSION, properties, "PropertiesChanged", "org.freedesktop.login1.Session", {}, [])
            case "screensaver":
                self._signal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", True)


def main(address: str) -> None:
    """Serve until the standard input ends."""
    application = QCoreApplication([])
    bus = QDBusConnection.connectToBus(address, "logind")
    logind = Logind(bus)
    bus.registerVirtualObject(ROOT, logind, QDBusConnection.VirtualObjectRegisterOption.SubPath)
    if not bus.registerService("org.freedesktop.login1"):
        sys.exit("the name is taken")
    orders = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def ordered() -> None:
        words = os.read(sys.stdin.fileno(), 1024).decode()
        if not words:
            application.quit()
        for word in words.split():
            logind.tell(word)

    orders.activated.connect(lambda *_: ordered())
    say("ready")
    application.exec()


if __name__ == "__main__":
    main(sys.argv[1])
