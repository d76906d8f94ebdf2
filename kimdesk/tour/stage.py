"""What every step of the tour uses: the running program, its pictures, waiting, answering the system's dialogs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import (
    QDeadlineTimer,
    QEventLoop,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from kimdesk.app import Dialogs, Program, Session, make_application
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.preferences import Preferences
from kimdesk.tour.hands import TourFailed
from kimdesk.ui.design import Meaning
from kimdesk.ui.frame import MainWindow
from kimdesk.ui.messages import Message
from kimdesk.ui.page import Page

T = TypeVar("T")
_log = logging.getLogger(__name__)
PATIENCE_MILLISECONDS = 30_000


def _hear_qt(kind: QtMsgType, _place: QMessageLogContext, text: str) -> None:
    """Pass on what Qt says, but for the offscreen platform's remarks on the window manager it has not."""
    if not text.startswith("This plugin does not support"):
        _log.log(logging.ERROR if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg) else logging.WARNING, text)


class Stage:
    """Runs steps, notes their facts and keeps their pictures in `out`."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._clock = SystemClock()
        self._steps: list[dict[str, Any]] = []
        self._pictures = 0
        self._troubles: list[str] = []
        self._export_to: Path | None = None
        self._read_from: Path | None = None
        qInstallMessageHandler(_hear_qt)
        make_application(Preferences(language="de", appearance="light"))

    def _dialogs(self) -> Dialogs:
        """Answer the system's dialogs with the paths the running step wants."""
        return Dialogs(
            choose_path=lambda _parent, _name: self._export_to,
            choose_file=lambda _parent, _title, _kinds: self._read_from,
        )

    @contextmanager
    def _step(self, name: str) -> Iterator[dict[str, Any]]:
        """Note name, facts and seconds of a step; errors the window told the user fail it."""
        began = time.monotonic()
        facts: dict[str, Any] = {}
        yield facts
        if self._troubles:
            raise TourFailed(f"{name}: {self._troubles[0]}")
        self._steps.append({"step": name, "seconds": round(time.monotonic() - began, 2), **facts})

    def _heard(self, message: Message) -> None:
        if message.meaning is Meaning.DANGER:
            self._troubles.append(message.text)

    def _go(self, session: Session, page_id: str, argument: object = None) -> Page:
        session.window.go(page_id, argument)
        self._settle(session)
        return session.window.current_page()

    def _ask(self, session: Session, question: Callable[[], T]) -> T:
        """Return the answer of a service, asked in the database thread as the window does."""
        return session.workshop.thread.submit(question).result()

    def _settle(self, session: Session) -> None:
        """Let everything that is under way come to its end."""
        QApplication.processEvents()
        if not session.workshop.jobs.wait_idle(PATIENCE_MILLISECONDS):
            raise TourFailed("Das Fenster kommt nicht zur Ruhe.")
        QApplication.processEvents()

    def _wait(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = QDeadlineTimer(PATIENCE_MILLISECONDS)
        while not condition():
            if deadline.hasExpired():
                raise TourFailed(complaint)
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()

    def _picture(self, window: QWidget, name: str) -> None:
        QApplication.processEvents()
        if isinstance(window, MainWindow) and (toast := window.message_area.toast()) is not None:
            toast.close()  # it would go by itself some seconds later
            QApplication.processEvents()
        self._pictures += 1
        path = self._out / f"{self._pictures:02d}-{name}.png"
        if not window.grab().save(str(path)):
            raise TourFailed(f"Das Bild {path.name} lässt sich nicht schreiben.")


def session_of(program: Program) -> Session:
    """Return the program's open desk."""
    if program.session is None:
        raise TourFailed("Es ist kein Tresor geöffnet.")
    return program.session
