"""Work off the window's thread: results, errors, bugs, changes, dead owners."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.ui.design import Meaning
from kimdesk.ui.jobs import Jobs, areas_of
from kimdesk.ui.messages import Messages
from tests.ui.conftest import Heard


class _DiskFull(KnownError):
    default_message = N_("Der Datenträger ist voll. Bitte schaffen Sie Platz.")


class _Area(StrEnum):
    CASES = "cases"


class _Result:
    changes = frozenset({_Area.CASES})


def _raise(error: Exception) -> None:
    raise error


def test_work_runs_elsewhere_and_its_result_comes_back_to_the_window(jobs: Jobs) -> None:
    threads: list[object] = []
    window_thread = QThread.currentThread()

    def then(name: str) -> None:
        threads.extend((name, QThread.currentThread() is window_thread))

    jobs.read(lambda: threading.current_thread().name, then)
    assert threads == []
    assert jobs.wait_idle()
    assert threads[0] != threading.current_thread().name
    assert threads[1] is True


def test_a_known_error_becomes_its_sentence(jobs: Jobs, heard: Heard) -> None:
    jobs.read(lambda: _raise(_DiskFull()))
    assert jobs.wait_idle()
    assert heard.texts == ["Der Datenträger ist voll. Bitte schaffen Sie Platz."]
    assert heard.messages[0].meaning is Meaning.DANGER
    assert heard.bugs == []


def test_a_known_error_goes_to_the_one_who_asked_for_it(jobs: Jobs, heard: Heard) -> None:
    refused: list[KnownError] = []
    jobs.read(lambda: _raise(_DiskFull()), failed=refused.append)
    assert jobs.wait_idle()
    assert isinstance(refused[0], _DiskFull)
    assert heard.texts == []


@pytest.mark.expects_log
def test_a_bug_is_described_without_what_it_was_about(jobs: Jobs, heard: Heard) -> None:
    jobs.write(lambda: _raise(ValueError("Ahmad Rahimi")))
    assert jobs.wait_idle()
    assert len(heard.bugs) == 1
    assert "ValueError" in heard.bugs[0]
    assert "Rahimi" not in heard.bugs[0]


@pytest.mark.expects_log
def test_a_bug_in_the_answer_does_not_stop_the_next_one(jobs: Jobs, heard: Heard) -> None:
    got: list[int] = []
    jobs.read(lambda: 1, lambda _one: _raise(KeyError("x")))
    jobs.read(lambda: 2, got.append)
    assert jobs.wait_idle()
    assert got == [2]
    assert len(heard.bugs) == 1


def test_the_end_is_told_whatever_happens(jobs: Jobs, heard: Heard) -> None:
    ended: list[str] = []
    jobs.write(lambda: 1, always=lambda: ended.append("well"))
    jobs.write(lambda: _raise(_DiskFull()), always=lambda: ended.append("refused"))
    assert jobs.wait_idle()
    assert ended == ["well", "refused"]


def test_a_write_tells_the_areas_it_touched(jobs: Jobs) -> None:
    told: list[frozenset[str]] = []
    jobs.changed.connect(told.append)
    jobs.read(lambda: _Result())
    jobs.write(lambda: _Result(), touches={"follow_ups"})
    jobs.write(lambda: None)
    assert jobs.wait_idle()
    assert told == [frozenset({"cases", "follow_ups"})]


def test_a_write_that_failed_tells_no_change(jobs: Jobs) -> None:
    told: list[frozenset[str]] = []
    jobs.changed.connect(told.append)
    jobs.write(lambda: _raise(_DiskFull()), touches={"cases"})
    assert jobs.wait_idle()
    assert told == []


def test_areas_are_read_from_sets_and_attributes() -> None:
    assert areas_of({"offers"}) == {"offers"}
    assert areas_of(_Result()) == {"cases"}
    assert areas_of("cases") == frozenset()


def test_nothing_is_delivered_to_a_widget_that_is_gone(jobs: Jobs, qtbot: QtBot) -> None:
    got: list[int] = []
    owner = QWidget()
    gate = threading.Event()
    jobs.read(lambda: gate.wait(5) and 1 or 0, got.append, owner=owner, always=lambda: got.append(0))
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    assert jobs.wait_idle()
    assert got == []


def test_an_error_of_a_write_is_told_even_if_its_widget_is_gone(jobs: Jobs, heard: Heard, qtbot: QtBot) -> None:
    owner = QObject()
    gate = threading.Event()

    def work() -> None:
        gate.wait(5)
        raise _DiskFull

    jobs.write(work, owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    assert jobs.wait_idle()
    assert len(heard.texts) == 1


def test_only_the_latest_answer_of_a_search_arrives(jobs: Jobs) -> None:
    got: list[str] = []
    gate = threading.Event()
    jobs.read(lambda: gate.wait(5))
    for text in ("S", "Sp", "Spr"):
        jobs.read(text.strip, got.append, latest="search")
    gate.set()
    assert jobs.wait_idle()
    assert got == ["Spr"]


def test_long_work_is_shown_and_its_end_too(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    shown: list[bool] = []
    jobs.waiting.connect(shown.append)
    with qtbot.waitSignal(jobs.waiting):
        jobs.read(lambda: gate.wait(5))
    gate.set()
    assert jobs.wait_idle()
    assert shown == [True, False]


def test_work_handed_in_while_an_answer_is_given_is_waited_for(jobs: Jobs) -> None:
    got: list[int] = []
    jobs.read(lambda: 1, lambda one: jobs.read(lambda: one + 1, got.append))
    assert jobs.wait_idle()
    assert got == [2]


def test_after_closing_nothing_more_is_taken(qtbot: QtBot, messages: Messages) -> None:
    with ThreadPoolExecutor(1) as executor:
        jobs = Jobs(executor, messages)
        jobs.close()
        got: list[int] = []
        jobs.read(lambda: 1, got.append)
        assert jobs.is_idle()
    assert got == []
