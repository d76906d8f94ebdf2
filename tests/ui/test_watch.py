"""What the system tells of the person's leaving: logind on a real bus, signals, and the messages of Windows."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QObject
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kimdesk.ui.watch import SystemWatch
from kimdesk.ui.watch.logind import LogindWatch
from kimdesk.ui.watch.windows_session import Leaving, WindowsSession, meaning_of
from tests.ui.system_bus import DAEMON, SystemBus, system_bus

needs_bus = pytest.mark.skipif(DAEMON is None, reason="needs dbus-daemon (Debian package dbus-daemon)")


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SystemBus]:
    """A bus with a logind that has given out nothing yet."""
    with system_bus(tmp_path) as bus:
        yield bus


def _watch(bus: SystemBus) -> LogindWatch:
    connection = QDBusConnection.connectToBus(bus.address, f"program-{id(bus)}")
    return LogindWatch(system=connection, session=connection)


@needs_bus
@pytest.mark.parametrize("word", ["sleep", "lock", "hint", "screensaver"])
def test_whatever_takes_the_person_away_asks_for_the_lock(qtbot: QtBot, bus: SystemBus, word: str) -> None:
    watch = _watch(bus)
    with qtbot.waitSignal(watch.lock_wanted):
        bus.tell(word)


@needs_bus
def test_a_shutdown_ends_the_program_and_waking_up_does_nothing(qtbot: QtBot, bus: SystemBus) -> None:
    watch = _watch(bus)
    locks: list[None] = []
    watch.lock_wanted.connect(lambda: locks.append(None))
    bus.tell("wake")
    bus.tell("foreign")  # another person's session on the same machine
    with qtbot.waitSignal(watch.session_ends):
        bus.tell("shutdown")
    assert locks == []


@needs_bus
def test_the_machine_waits_until_the_program_lets_it_go(qtbot: QtBot, bus: SystemBus) -> None:
    watch = _watch(bus)
    assert watch.holds_delay()
    assert bus.said.get(timeout=10) == "inhibited"
    assert bus.said.empty()
    watch.let_go()
    assert bus.said.get(timeout=10) == "released"


def test_without_a_bus_the_program_works_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    nowhere = QDBusConnection.connectToBus(f"unix:path={tmp_path / 'nobody'}", "nobody")
    watch = LogindWatch(system=nowhere, session=nowhere)
    assert not watch.holds_delay()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals of POSIX")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_a_session_that_ends_asks_the_program_to_end(qtbot: QtBot, number: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    watch = SystemWatch(window)
    with qtbot.waitSignal(watch.session_ends):
        os.kill(os.getpid(), getattr(signal, number))
    watch.stop()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize(
    ("message", "w_param", "meaning"),
    [
        (0x02B1, 0x7, Leaving.LOCK),  # WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK: Windows+L
        (0x02B1, 0x2, Leaving.LOCK),  # WTS_CONSOLE_DISCONNECT: another user takes the screen
        (0x02B1, 0x4, Leaving.LOCK),  # WTS_REMOTE_DISCONNECT
        (0x02B1, 0x6, Leaving.END),  # WTS_SESSION_LOGOFF
        (0x02B1, 0x8, None),  # WTS_SESSION_UNLOCK
        (0x0218, 0x4, Leaving.LOCK),  # WM_POWERBROADCAST, PBT_APMSUSPEND: the lid
        (0x0218, 0x12, None),  # PBT_APMRESUMEAUTOMATIC
        (0x0016, 1, Leaving.END),  # WM_ENDSESSION
        (0x0016, 0, None),  # called off
        (0x0100, 0x4C, None),  # a key
    ],
)
def test_the_messages_of_windows_are_read(message: int, w_param: int, meaning: Leaving | None) -> None:
    assert meaning_of(message, w_param) is meaning


def test_a_message_of_windows_is_heard_and_passed_on(qtbot: QtBot) -> None:
    owner = QObject()
    session = WindowsSession(0, owner)
    heard: list[str] = []
    session.lock_wanted.connect(lambda: heard.append("lock"))
    session.session_ends.connect(lambda: heard.append("end"))
    for number, w_param in ((0x02B1, 7), (0x0100, 7), (0x0016, 1)):
        told = wintypes.MSG()
        told.message, told.wParam = number, w_param
        kept_back = session.filter.nativeEventFilter(QByteArray(b"windows_generic_MSG"), ctypes.addressof(told))
        assert kept_back is False
    other = session.filter.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), 1)  # not looked into
    assert other is False
    assert heard == ["lock", "end"]
