"""What every test of the window needs: the design in force, a worker, messages that can be read back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimdesk.ui import design
from kimdesk.ui.binding import GarbageInWindowThread
from kimdesk.ui.design import Appearance, Scheme
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Message, Messages


@pytest.fixture(scope="session")
def garbage(qapp: QApplication) -> GarbageInWindowThread:
    """Cycles are collected as in the program: never by the interpreter itself, which can hang in Qt's destructors."""
    return GarbageInWindowThread()


@pytest.fixture(scope="session", autouse=True)
def designed(qapp: QApplication) -> None:
    """The light design at 100 %."""
    design.apply(qapp, Appearance(Scheme.LIGHT))


@pytest.fixture(autouse=True)
def collected(garbage: GarbageInWindowThread) -> Iterator[None]:
    """Between two tests, where Qt holds nothing, collect what is due."""
    yield
    garbage.collect_what_is_due()


class Heard:
    """Collects what was said."""

    def __init__(self, messages: Messages) -> None:
        self.messages: list[Message] = []
        self.bugs: list[str] = []
        messages.said.connect(self.messages.append)
        messages.bug_happened.connect(self.bugs.append)

    @property
    def texts(self) -> list[str]:
        """The sentences, oldest first."""
        return [message.text for message in self.messages]


@pytest.fixture
def messages(qapp: QApplication) -> Messages:
    """The channel of messages."""
    return Messages()


@pytest.fixture
def heard(messages: Messages) -> Heard:
    """What was said over `messages`."""
    return Heard(messages)


@pytest.fixture
def jobs(qtbot: QtBot, messages: Messages) -> Iterator[Jobs]:
    """Jobs on a real worker thread; nothing is left running after the test."""
    executor = ThreadPoolExecutor(max_workers=1)
    jobs = Jobs(executor, messages)
    yield jobs
    assert jobs.wait_idle()
    jobs.close()
    executor.shutdown()
