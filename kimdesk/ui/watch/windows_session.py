"""What Windows tells a window: session locked or left, machine going to sleep, session ending.

WM_WTSSESSION_CHANGE comes only after WTSRegisterSessionNotification; WM_POWERBROADCAST and WM_ENDSESSION come to every
top-level window (Microsoft, "Windows App Development", pages of these messages). Not yet tried on Windows: the
messages are read as the headers define them, and the tests feed such messages in; nobody has closed a lid yet.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from ctypes import wintypes
from enum import Enum

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Signal

_log = logging.getLogger(__name__)
_WM_ENDSESSION = 0x0016
_WM_POWERBROADCAST, _WM_WTSSESSION_CHANGE = 0x0218, 0x02B1
_PBT_APMSUSPEND = 0x0004
_WTS_CONSOLE_DISCONNECT, _WTS_REMOTE_DISCONNECT, _WTS_SESSION_LOGOFF, _WTS_SESSION_LOCK = 0x2, 0x4, 0x6, 0x7
_NOTIFY_FOR_THIS_SESSION = 0
_MESSAGE_KIND = QByteArray(b"windows_generic_MSG")


class Leaving(Enum):
    """What a message means for the desk."""

    LOCK = "lock"
    END = "end"


def meaning_of(message: int, w_param: int) -> Leaving | None:
    """Return what a window message means, None for nothing to us."""
    if message == _WM_WTSSESSION_CHANGE:
        if w_param == _WTS_SESSION_LOGOFF:
            return Leaving.END
        locked = (_WTS_SESSION_LOCK, _WTS_CONSOLE_DISCONNECT, _WTS_REMOTE_DISCONNECT)
        return Leaving.LOCK if w_param in locked else None
    if message == _WM_POWERBROADCAST:
        return Leaving.LOCK if w_param == _PBT_APMSUSPEND else None
    if message == _WM_ENDSESSION:  # with 0 another program has called the end off
        return Leaving.END if w_param else None
    return None


class _Filter(QAbstractNativeEventFilter):
    """Sees every message of the program's windows before Qt does, and keeps none back."""

    def __init__(self, owner: WindowsSession) -> None:
        super().__init__()
        self._owner = owner

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        if kind == _MESSAGE_KIND and message:
            told = wintypes.MSG.from_address(int(message))
            self._owner.heard(int(told.message), int(told.wParam or 0))
        return False


class WindowsSession(QObject):
    """`lock_wanted` and `session_ends`, as `SystemWatch` says. `window` is the handle of the main window."""

    lock_wanted = Signal()
    session_ends = Signal()

    def __init__(self, window: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.filter = _Filter(self)
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self.filter)
        if sys.platform == "win32":
            library = ctypes.WinDLL("wtsapi32", use_last_error=True)
            library.WTSRegisterSessionNotification.argtypes = (wintypes.HWND, wintypes.DWORD)
            library.WTSRegisterSessionNotification.restype = wintypes.BOOL
            if not library.WTSRegisterSessionNotification(window, _NOTIFY_FOR_THIS_SESSION):
                _log.info("the session does not tell of its lock (%s)", ctypes.get_last_error())

    def heard(self, message: int, w_param: int) -> None:
        """A window message has come."""
        match meaning_of(message, w_param):
            case Leaving.LOCK:
                self.lock_wanted.emit()
            case Leaving.END:
                self.session_ends.emit()
            case None:
                pass
