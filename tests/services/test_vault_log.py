"""Who saw this case: the log asked, summed up and handed out."""

from __future__ import annotations

import csv
import json
from datetime import timedelta

from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import AuditAction, open_vault
from kimdesk.services.vault_log import LogFilter, LogForm
from kimdesk.storage import KeyDerivation, Vault
from kimdesk.storage.vault.errors import AnchorAlarm
from tests.services.support import add_cases

DEPUTY = "Kompass Regen Birne Tinte"


def test_who_saw_a_case_is_told_by_name(
    desk: Desk, vault: Vault, clock: FixedClock, cheap_kdf: KeyDerivation, passphrase: str
) -> None:
    add_cases(desk, 3)
    first, second = (row.id for row in desk.cases.list())
    desk.vault.add_deputy(DEPUTY, label="Vertretung 1")
    desk.close()
    clock.advance(timedelta(days=1))
    deputys = build_desk(open_vault(vault.folder, DEPUTY, clock=clock, kdf=cheap_kdf), clock)
    deputys.cases.file(first)
    clock.advance(timedelta(hours=2))
    deputys.cases.file(first)
    deputys.close()
    desk = build_desk(open_vault(vault.folder, passphrase, clock=clock, kdf=cheap_kdf), clock)
    seen = {viewer.name: (viewer.views, viewer.changes) for viewer in desk.log.viewers(str(first))}
    assert seen["Vertretung: Vertretung 1"] == (2, 0)
    assert seen["Eigene Passphrase"][1] >= 1
    assert "Vertretung: Vertretung 1" not in {viewer.name for viewer in desk.log.viewers(str(second))}
    desk.close()


def test_the_filters_narrow_and_pages_follow_each_other(desk: Desk, clock: FixedClock) -> None:
    add_cases(desk, 3)
    case_id = str(desk.cases.list()[0].id)
    clock.advance(timedelta(days=3))
    for _ in range(5):
        clock.advance(timedelta(hours=1))
        desk.cases.file(desk.cases.list()[0].id)
    views = LogFilter(case_id=case_id, actions=frozenset({AuditAction.VIEW}))
    page = desk.log.page(views, limit=2)
    assert (len(page.rows), page.total) == (2, 5)
    numbers = [row.number for row in page.rows]
    while page.next_before is not None:
        page = desk.log.page(views, before=page.next_before, limit=2)
        numbers += [row.number for row in page.rows]
    assert len(numbers) == 5 and numbers == sorted(numbers, reverse=True)
    today = clock.today()
    assert desk.log.page(LogFilter(since=today, until=today)).total == 5
    assert desk.log.page(LogFilter(until=today - timedelta(days=1), actions=views.actions)).total == 0
    assert desk.log.page(LogFilter(slot="0" * 32)).total == 0
    everything = desk.log.page(LogFilter(), limit=10_000)
    assert everything.total == len(everything.rows) and everything.next_before is None
    assert set(desk.log.actions_in_use()) >= {AuditAction.VAULT_CREATED, AuditAction.VIEW}


def test_days_are_those_of_the_office(desk: Desk, vault: Vault, clock: FixedClock) -> None:
    """Half past midnight in Unna is the evening before in UTC."""
    clock.advance(timedelta(hours=15))
    assert clock.now().date() != clock.today()
    desk.vault.record_lock()
    lock = frozenset({AuditAction.LOCK})
    assert desk.log.page(LogFilter(actions=lock, since=clock.today())).total == 1
    assert desk.log.page(LogFilter(actions=lock, until=clock.today() - timedelta(days=1))).total == 0


def test_what_is_handed_out_runs_no_formula_and_is_in_the_log(desk: Desk, passphrase: str) -> None:
    add_cases(desk, 2)
    desk.vault.add_deputy(DEPUTY, label="=1+1")
    desk.vault.remove_access(next(access.id for access in desk.vault.accesses() if access.label))
    case_id = str(desk.cases.list()[0].id)
    narrow = LogFilter(case_id=case_id)
    before = desk.log.page(narrow).total
    written = desk.log.export(narrow, LogForm.CSV).value.decode("utf-8-sig")
    rows = list(csv.reader(written.splitlines(), delimiter=";"))
    assert len(rows) == before + 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert desk.log.page(narrow).total == before + 1
    content = json.loads(desk.log.export(LogFilter(), LogForm.JSON).value)
    assert [row["number"] for row in content] == sorted(row["number"] for row in content)
    assert {row["access"] for row in content} == {"Eigene Passphrase"}


def test_a_broken_chain_is_found_by_asking(desk: Desk, vault: Vault) -> None:
    add_cases(desk, 1)
    assert desk.log.verify() is None
    connection = vault.fresh_connection()
    connection.execute("DROP TRIGGER IF EXISTS audit_log_is_append_only")
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
    ).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("UPDATE audit_log SET action = 'view' WHERE number = 1")
    connection.close()
    alarm = desk.log.verify()
    assert isinstance(alarm, AnchorAlarm) and alarm.message == AnchorAlarm.DIFFERS
