"""A unit of work happens as a whole or not at all, and the log keeps what was done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from kimdesk.foundation.clock import FixedClock
from kimdesk.storage import AuditAction, AuditEntry, Vault, check_vault, read_log
from kimdesk.storage.audit import ChainBroken
from kimdesk.storage.tables.log import audit_log, meta
from kimdesk.storage.vault.anchor import Head


def test_nothing_stays_without_commit(vault: Vault) -> None:
    with vault.unit_of_work() as uow:
        uow.change_setting("office", "Amt")
        uow.record(AuditEntry(AuditAction.SETTINGS))
        assert uow.setting("office") == "Amt"
    assert vault.setting("office") is None
    with vault.reader() as connection:
        assert "settings" not in [row.action for row in read_log(connection)]


def test_nothing_stays_of_a_unit_that_fails(vault: Vault) -> None:
    with pytest.raises(ZeroDivisionError), vault.unit_of_work() as uow:
        uow.change_setting("office", "Amt")
        uow.change_setting("figure", 1 // 0)
        uow.commit()
    assert vault.setting("office") is None
    with vault.unit_of_work() as uow:
        uow.change_setting("office", "Amt")
        uow.commit()
    assert vault.setting("office") == "Amt"


def test_settings_hold_json_and_forget_on_none(vault: Vault) -> None:
    value = {"name": "Stadt Unna", "phones": ["02303 1", "02303 2"], "branch": None, "open": True}
    with vault.unit_of_work() as uow:
        uow.change_setting("office", {"name": "alt"})
        uow.change_setting("office", value)
        uow.commit()
    assert vault.setting("office") == value
    with vault.unit_of_work() as uow:
        uow.change_setting("office", None)
        uow.commit()
    assert vault.setting("office", "leer") == "leer"


def test_an_error_of_the_database_quotes_no_values(vault: Vault) -> None:
    with pytest.raises(sa.exc.IntegrityError) as error, vault.unit_of_work() as uow:
        for _ in range(2):
            uow.connection.execute(meta.insert().values(key="Mariam Haddad", value="Mariam Haddad"))
    assert "Mariam" not in str(error.value) + repr(error.value) + str(error.value.__cause__)


def test_the_log_says_who_did_what_with_which_case(vault: Vault, clock: FixedClock) -> None:
    case_id = uuid4()
    detail: dict[str, str | int | bool | None] = {"document": "offer-sheet", "language": "ar", "n": 2}
    with vault.unit_of_work() as uow:
        uow.record(AuditEntry(AuditAction.VIEW, "case", case_id))
        uow.commit()
    clock.advance(timedelta(minutes=5))
    with vault.unit_of_work() as uow:
        uow.record(AuditEntry(AuditAction.PRINT, "case", case_id, detail))
        uow.record(AuditEntry(AuditAction.VIEW, "case", uuid4()))
        uow.commit()
    with vault.reader() as connection:
        rows = read_log(connection, subject_kind="case", subject_id=case_id)
    assert [(row.action, row.at, row.slot) for row in rows] == [
        ("print", clock.now(), vault.slot_id),
        ("view", clock.now() - timedelta(minutes=5), vault.slot_id),
    ]
    assert rows[0].detail == detail
    assert vault.anchor().head.number == rows[0].number + 1


@pytest.mark.parametrize("text", ["Mariam Haddad", "Öztürk", "a\nb", "x" * 65, "m@example.org"])
def test_the_log_takes_ids_and_codes_only(text: str) -> None:
    with pytest.raises(ValueError, match="ids and codes"):
        AuditEntry(AuditAction.VIEW, "case", text)
    with pytest.raises(ValueError, match="ids and codes"):
        AuditEntry(AuditAction.VIEW, "case", detail={"note": text})


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET slot = 'x'", "DELETE FROM audit_log"])
def test_the_log_cannot_be_changed(vault: Vault, statement: str) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), vault.unit_of_work() as uow:
        uow.connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("forgery", "first_wrong"),
    [
        ("UPDATE audit_log SET subject_id = 'x' WHERE number = 3", 3),
        ("UPDATE audit_log SET at = '2020-01-01 00:00:00.000000' WHERE number = 4", 4),
        ("DELETE FROM audit_log WHERE number = 3", 4),
        ("UPDATE audit_log SET number = 99 WHERE number = 5", 99),
    ],
)
def test_a_row_changed_past_the_program_breaks_the_chain(vault: Vault, forgery: str, first_wrong: int) -> None:
    for _ in range(3):
        with vault.unit_of_work() as uow:
            uow.record(AuditEntry(AuditAction.VIEW, "case", uuid4()))
            uow.commit()
    with vault.unit_of_work() as uow:
        uow.connection.exec_driver_sql("DROP TRIGGER audit_log_refuses_update")
        uow.connection.exec_driver_sql("DROP TRIGGER audit_log_refuses_delete")
        uow.connection.exec_driver_sql(forgery)
        uow.commit()
    with vault.reader() as connection, pytest.raises(ChainBroken) as broken:
        vault.chain.verify(connection)
    assert broken.value.number == first_wrong
    assert "audit_chain" in {finding.check.value for finding in check_vault(vault) if not finding.is_good}


def test_a_row_of_another_history_breaks_the_chain_after_it(vault: Vault) -> None:
    with vault.unit_of_work() as uow:
        head = vault.chain.append(uow.connection, [AuditEntry(AuditAction.VIEW, "case", "1")], at=uow.moment, slot="s")
        other = uow.connection.execute(sa.select(audit_log).where(audit_log.c.number == head.number)).one()
    for _ in range(2):
        with vault.unit_of_work() as uow:
            uow.record(AuditEntry(AuditAction.VIEW, "case", "2"))
            uow.commit()
    with vault.reader() as connection:
        last = vault.chain.verify(connection)
        with pytest.raises(ChainBroken):
            vault.chain.verify(connection, anchor=Head(last.number, bytes(32)))
    with vault.unit_of_work() as uow:
        uow.connection.exec_driver_sql("DROP TRIGGER audit_log_refuses_update")
        uow.connection.execute(audit_log.update().where(audit_log.c.number == other.number).values(**other._mapping))
        uow.commit()
    with vault.reader() as connection, pytest.raises(ChainBroken) as broken:
        vault.chain.verify(connection)
    assert broken.value.number == other.number + 1


def test_a_removed_end_of_the_chain_shows_against_the_anchor(vault: Vault) -> None:
    with vault.unit_of_work() as uow:
        uow.record(AuditEntry(AuditAction.VIEW, "case", uuid4()))
        uow.commit()
    with vault.unit_of_work() as uow:
        uow.connection.exec_driver_sql("DROP TRIGGER audit_log_refuses_delete")
        uow.connection.execute(audit_log.delete().where(audit_log.c.number >= 3))
        uow.commit()
    with vault.reader() as connection:
        vault.chain.verify(connection)
    assert [finding.check.value for finding in check_vault(vault) if not finding.is_good] == ["anchor"]


def test_a_reader_sees_one_state_and_leaves_none(vault: Vault) -> None:
    with vault.reader() as connection:
        connection.execute(meta.insert().values(key="slip", value=1))
    assert vault.setting("slip") is None


def test_a_reader_inside_a_unit_of_work_is_a_bug_at_once_and_not_a_wait(vault: Vault) -> None:
    with pytest.raises(RuntimeError, match="already open"), vault.unit_of_work() as uow:
        uow.change_setting("office", "Amt")
        vault.setting("office")
    with pytest.raises(RuntimeError, match="already open"), vault.unit_of_work(), vault.unit_of_work():
        pass
    with pytest.raises(RuntimeError, match="already open"), vault.reader(), vault.reader():
        pass
    with pytest.raises(RuntimeError, match="already open"), vault.reader(), vault.unit_of_work():
        pass
    # The vault goes on as if nothing had been tried.
    assert vault.setting("office") is None
    with vault.unit_of_work() as uow:
        uow.change_setting("office", "Amt")
        uow.commit()
    assert vault.setting("office") == "Amt"


def test_another_thread_waits_for_its_turn(vault: Vault) -> None:
    with ThreadPoolExecutor(1) as other:
        with vault.unit_of_work() as uow:
            uow.change_setting("office", "Amt")
            waiting = other.submit(vault.setting, "office")
            assert not waiting.done()
            uow.commit()
        assert waiting.result(timeout=10) == "Amt"
