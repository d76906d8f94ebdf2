"""The database thread: one piece of work after the other, and an end that does not wait for ever."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from functools import partial

import pytest

from kimdesk.storage import AuditAction, AuditEntry, DatabaseThread, Vault

_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_work_runs_in_order_in_one_other_thread() -> None:
    thread = DatabaseThread()
    seen: list[int] = []

    def work(number: int) -> int:
        seen.append(number)
        return threading.get_ident()

    futures = [thread.submit(partial(work, number)) for number in range(20)]
    idents = {future.result(timeout=10) for future in futures}
    assert seen == list(range(20))
    assert len(idents) == 1 and threading.get_ident() not in idents
    assert thread.close()


def test_an_error_stays_with_its_own_piece_of_work() -> None:
    thread = DatabaseThread()
    failing = thread.submit(lambda: 1 // 0)
    fine = thread.submit(lambda: 7)
    with pytest.raises(ZeroDivisionError):
        failing.result(timeout=10)
    assert fine.result(timeout=10) == 7
    assert thread.close()


def test_closing_drops_what_is_queued_and_takes_nothing_more() -> None:
    thread = DatabaseThread()
    begun, go_on = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        go_on.wait(10)
        return "done"

    running, queued = thread.submit(work), thread.submit(lambda: "never")
    assert begun.wait(10)
    assert not thread.close(grace_seconds=0)
    go_on.set()
    assert thread.close()
    assert running.result() == "done"
    with pytest.raises(CancelledError):
        queued.result()
    with pytest.raises(RuntimeError):
        thread.submit(lambda: None)


def test_an_endless_statement_is_stopped_and_its_unit_rolls_back(vault: Vault) -> None:
    thread = DatabaseThread()
    begun = threading.Event()

    def work() -> None:
        with vault.unit_of_work() as uow:
            uow.change_setting("half", 1)
            uow.record(AuditEntry(AuditAction.SETTINGS))
            begun.set()
            uow.connection.exec_driver_sql(_ENDLESS).scalar_one()
            uow.commit()

    running = thread.submit(work)
    assert begun.wait(10)
    assert thread.close(vault.interrupt, grace_seconds=5)
    assert running.exception() is not None
    assert vault.setting("half") is None
