"""The guards between Python and Qt (decision 061)."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import pytest
from PySide6.QtCore import QObject, Signal

from kimdesk.ui.binding import GarbageInWindowThread, keep_true_alive


class _Sender(QObject):
    sent = Signal(int)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True cannot die from Python 3.12 on")
def test_signals_cannot_use_up_the_references_of_true() -> None:
    sender = _Sender()
    for number in range(5000):
        sender.sent.emit(number)
    assert sys.getrefcount(True) > 1 << 39


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None cannot die from Python 3.12 on")
def test_slots_and_empty_answers_cannot_use_up_the_references_of_none() -> None:
    sender = _Sender()
    sender.sent.connect(lambda _number: None)
    for number in range(5000):
        sender.sent.emit(number)
        assert sender.parent() is None
    assert sys.getrefcount(None) > 1 << 39


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True cannot die from Python 3.12 on")
def test_the_guard_is_put_in_force_once() -> None:
    before = sys.getrefcount(True)
    keep_true_alive()
    assert sys.getrefcount(True) < before + 1000


def test_a_worker_that_allocates_collects_no_cycles() -> None:
    class Knot:
        """Refers to itself."""

    assert not gc.isenabled(), "the fixture `garbage` switches automatic collection off"
    knot = Knot()
    knot.itself = knot  # type: ignore[attr-defined] # a cycle is the point
    died = weakref.ref(knot)
    del knot
    worker = threading.Thread(target=lambda: [[number] for number in range(200_000)])
    worker.start()
    worker.join()
    assert died() is not None


def test_cycles_are_collected_in_the_windows_thread_when_due() -> None:
    class Knot:
        """Refers to itself."""

    garbage = GarbageInWindowThread()
    keep = [[number] for number in range(2000)]
    knot = Knot()
    knot.itself = knot  # type: ignore[attr-defined] # a cycle is the point
    died = weakref.ref(knot)
    del knot
    garbage.collect_what_is_due()
    gc.collect()
    assert died() is None
    assert keep
