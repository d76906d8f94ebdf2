"""Accesses, backups, the check and the log in the settings, worked as a user does."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.vault import SlotKind, open_vault
from kimdesk.services.vault_log import LogFilter, LogForm
from kimdesk.storage import KeyDerivation
from kimdesk.storage.vault.errors import SlotExpired, WrongPassphrase
from kimdesk.storage.vault.vault import Vault
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.access_card import end_of
from tests.services.support import add_cases
from tests.ui.conftest import Heard
from tests.ui.keys import click, press, type_text
from tests.ui.settings_support import Screen, texts

NEW_PASSPHRASE = "winter kachel orgel mohn ziegel tanne"
DEPUTY_PASSPHRASE = "nebel-zange-ufer-kelle-harfe-loewe"


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    return build_desk(vault, clock)


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, jobs: Jobs, messages: Messages) -> Screen:
    return Screen(desk, qtbot, jobs, messages)


# Backups


def test_a_backup_is_written_in_every_place_and_elsewhere(
    screen: Screen, desk: Desk, tmp_path: Path, heard: Heard
) -> None:
    screen.open("backup")
    section = screen.page.backup
    assert "noch keine Sicherung" in section.last_backup.text()
    screen.folder = tmp_path / "Stick"
    screen.folder.mkdir()
    click(section.choose_button)
    screen.wait()
    assert desk.backups.settings().second_place == screen.folder
    click(section.backup_button)
    screen.wait()
    assert section.last_backup.text() == "Letzte Sicherung: 20.11.2026, 09:30 (heute)"
    assert len(list(screen.folder.iterdir())) == 1
    assert section.table.model.rowCount() == 2
    elsewhere = screen.folder = tmp_path / "Netzlaufwerk"
    elsewhere.mkdir()
    click(section.elsewhere_button)
    screen.wait()
    assert len(list(elsewhere.iterdir())) == 1
    said = [text.partition(":")[0] for text in heard.texts]
    assert said.count("Die Sicherung ist geschrieben und geprüft") == 2


def test_a_place_that_is_not_there_is_said_and_the_other_is_written(
    screen: Screen, desk: Desk, tmp_path: Path, heard: Heard
) -> None:
    screen.open("backup")
    section = screen.page.backup
    stick = screen.folder = tmp_path / "Stick"
    stick.mkdir()
    click(section.choose_button)
    screen.wait()
    stick.rmdir()
    click(section.backup_button)
    screen.wait()
    assert any(text.startswith(f"{stick}: ") for text in heard.texts)
    assert desk.backups.last_at() == desk.clock.now()
    assert any("nicht erreichbar" in text for text in texts(section))


def test_a_backup_is_looked_into_checked_and_deleted(screen: Screen, desk: Desk, passphrase: str, heard: Heard) -> None:
    add_cases(desk, 2)
    desk.backups.back_up_now()
    screen.open("backup")
    section = screen.page.backup
    section.table.view.selectRow(0)
    click(section.verify_button)
    screen.wait()
    assert heard.texts[-1].endswith("vollständig und unversehrt.")
    click(section.look_button)
    type_text(section.secret.editor.line, "geraten-und-falsch")
    click(section.open_button)
    screen.wait()
    assert "falsch" in section.secret.error.text()
    section.secret.editor.set_value(passphrase)
    click(section.open_button)
    screen.wait()
    assert "2 Fälle" in section.contents.text()
    click(section.delete_button)
    click(section.confirm_deletion)
    screen.wait()
    assert desk.backups.list() == () and section.table.model.rowCount() == 0


def test_a_damaged_backup_is_found(screen: Screen, desk: Desk, heard: Heard) -> None:
    (outcome,) = desk.backups.back_up_now()
    assert outcome.backup is not None
    database = outcome.backup / "vault.db"
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    screen.open("backup")
    screen.page.backup.table.view.selectRow(0)
    click(screen.page.backup.verify_button)
    screen.wait()
    assert "beschädigt" in heard.texts[-1]


def test_the_plan_is_kept_and_an_impossible_one_is_not(screen: Screen, desk: Desk) -> None:
    screen.open("backup")
    section = screen.page.backup
    daily = section.form["daily"].editor
    daily.set_value(500)
    click(section.save_button)
    screen.wait()
    assert desk.backups.settings().daily == 7 and section.form["daily"].error.text()
    daily.set_value(9)
    click(section.save_button)
    screen.wait()
    assert desk.backups.settings().daily == 9


# The check


def test_the_vault_is_checked_in_words(screen: Screen, vault: Vault) -> None:
    screen.open("vault")
    click(screen.page.vault.check_button)
    screen.wait()
    shown = texts(screen.page.vault)
    assert "Alles in Ordnung." in shown and "Das Protokoll ist lückenlos" in shown
    keyslots = vault.folder / "keyslots.json"
    keyslots.write_bytes(keyslots.read_bytes() + b" ")
    click(screen.page.vault.check_button)
    screen.wait()
    shown = texts(screen.page.vault)
    assert "Alles in Ordnung." not in shown
    assert any(text.startswith("Nicht in Ordnung: Die Schlüsseldatei") for text in shown)


# Accesses


def add_deputy(screen: Screen, passphrase: str, *, ends_on: str = "") -> None:
    card = screen.page.keys.accesses
    click(card.add_button)
    card.name.editor.set_value("Frau Özdemir")
    card.ends_on.editor.line.setText(ends_on)
    card.choice.kind.set_value("own")
    card.choice.kind.chosen.emit("own")
    card.choice.own.editor.set_value(DEPUTY_PASSPHRASE)
    card.choice.repeat.editor.set_value(DEPUTY_PASSPHRASE)
    card.current.editor.set_value(passphrase)
    click(card.save_new)
    screen.wait()


def shown_accesses(screen: Screen) -> list[str]:
    model = screen.page.keys.accesses.table.model
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def choose(screen: Screen, name: str) -> None:
    screen.page.keys.accesses.table.view.selectRow(shown_accesses(screen).index(name))


def test_a_deputy_opens_the_vault_under_an_own_name_until_the_last_day(
    screen: Screen, vault: Vault, passphrase: str, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    screen.open("keys")
    add_deputy(screen, "geraten", ends_on="30.11.2026")
    assert "nicht die Passphrase" in screen.page.keys.accesses.current.error.text()
    add_deputy(screen, passphrase, ends_on="30.11.2026")
    assert "Frau Özdemir" in shown_accesses(screen)
    vault.close()
    clock.advance(timedelta(days=10))  # 30 November
    with open_vault(vault.folder, DEPUTY_PASSPHRASE, clock=clock, kdf=cheap_kdf) as opened:
        desk = build_desk(opened, clock)
        assert desk.vault.opened_by_deputy
        row = desk.log.page(LogFilter()).rows[0]
        assert (row.action, desk.log.access_names()[row.slot]) == ("unlock", "Vertretung: Frau Özdemir")
    clock.advance(timedelta(days=1))
    with pytest.raises(SlotExpired):
        open_vault(vault.folder, DEPUTY_PASSPHRASE, clock=clock, kdf=cheap_kdf)


def test_a_deputy_may_look_at_the_accesses_only(
    vault: Vault,
    passphrase: str,
    clock: FixedClock,
    cheap_kdf: KeyDerivation,
    qtbot: QtBot,
    jobs: Jobs,
    messages: Messages,
) -> None:
    build_desk(vault, clock).vault.add_deputy(DEPUTY_PASSPHRASE, label="Frau Özdemir")
    vault.close()
    with open_vault(vault.folder, DEPUTY_PASSPHRASE, clock=clock, kdf=cheap_kdf) as opened:
        screen = Screen(build_desk(opened, clock), qtbot, jobs, messages)
        screen.open("keys")
        card = screen.page.keys.accesses
        choose(screen, "Passphrase")
        buttons = (card.add_button, card.extend_button, card.remove_button, screen.page.keys.rotation.open_button)
        assert not any(button.isEnabled() for button in buttons)
        assert "Als Vertretung" in card.note.text()


def test_the_end_of_a_deputy_is_changed_with_both_passphrases(screen: Screen, desk: Desk, passphrase: str) -> None:
    screen.open("keys")
    add_deputy(screen, passphrase, ends_on="30.11.2026")
    card = screen.page.keys.accesses
    choose(screen, "Frau Özdemir")
    click(card.extend_button)
    type_text(card.new_end.editor.line, "15.01.2027")
    type_text(card.deputy_passphrase.editor.line, "etwas ganz anderes")
    card.current_for_end.editor.set_value(passphrase)
    click(card.save_end)
    screen.wait()
    assert "Passphrase dieses Zugangs" in card.deputy_passphrase.error.text()
    card.deputy_passphrase.editor.set_value(DEPUTY_PASSPHRASE)
    click(card.save_end)
    screen.wait()
    (deputy,) = [access for access in desk.vault.accesses() if access.kind is SlotKind.DEPUTY]
    assert deputy.expires_at == end_of(date(2027, 1, 15))


def test_removing_says_that_it_does_not_revoke_and_leads_to_what_does(
    screen: Screen, vault: Vault, passphrase: str, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    screen.open("keys")
    add_deputy(screen, passphrase)
    screen.desk.backups.back_up_now()
    card, rotation = screen.page.keys.accesses, screen.page.keys.rotation
    choose(screen, "Frau Özdemir")
    click(card.remove_button)
    assert "alte Kopie" in card.removal_text.text()
    assert "Frau Özdemir" in card.confirm_removal.text()
    click(card.revoke_button)
    screen.wait()
    assert "1 Zugang entziehen" in rotation.rotate_button.text()
    assert "1 alte Sicherung" in rotation.summary.text()
    rotation.current.editor.set_value("geraten")
    click(rotation.rotate_button)
    screen.wait()
    assert "nicht die Passphrase" in rotation.current.error.text()
    rotation.current.editor.set_value(passphrase)
    click(rotation.rotate_button)
    screen.wait()
    assert "Frau Özdemir" not in shown_accesses(screen)
    (backup,) = screen.desk.backups.list()
    vault.close()
    for folder in (vault.folder, backup.path):
        with pytest.raises(WrongPassphrase):
            open_vault(folder, DEPUTY_PASSPHRASE, clock=clock, kdf=cheap_kdf)
        open_vault(folder, passphrase, clock=clock, kdf=cheap_kdf).close()


def test_a_removed_access_opens_no_more(
    screen: Screen, vault: Vault, passphrase: str, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    screen.open("keys")
    add_deputy(screen, passphrase)
    card = screen.page.keys.accesses
    choose(screen, "Frau Özdemir")
    click(card.remove_button)
    card.current_for_removal.editor.set_value(passphrase)
    click(card.confirm_removal)
    screen.wait()
    assert "Frau Özdemir" not in shown_accesses(screen)
    vault.close()
    with pytest.raises(WrongPassphrase):
        open_vault(vault.folder, DEPUTY_PASSPHRASE, clock=clock, kdf=cheap_kdf)


# The passphrase


def change_passphrase(screen: Screen, current: str, new: str, repeat: str) -> None:
    card = screen.page.keys.passphrase
    if card.open_button.isVisibleTo(screen.page):
        click(card.open_button)
    for field, text in ((card.current, current), (card.new, new), (card.repeat, repeat)):
        field.editor.line.clear()
        type_text(field.editor.line, text)
    press(card.repeat.editor.line, Qt.Key.Key_Return)
    screen.wait()


def test_the_passphrase_is_changed(
    screen: Screen, passphrase: str, vault: Vault, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    screen.open("keys")
    change_passphrase(screen, passphrase, NEW_PASSPHRASE, NEW_PASSPHRASE)
    card = screen.page.keys.passphrase
    assert not card.current.isVisibleTo(screen.page)
    assert [field.editor.value() for field in (card.current, card.new, card.repeat)] == ["", "", ""]
    vault.close()
    open_vault(vault.folder, NEW_PASSPHRASE, clock=clock, kdf=cheap_kdf).close()


@pytest.mark.parametrize(
    ("current", "new", "repeat", "at", "words"),
    [
        ("geraten", NEW_PASSPHRASE, NEW_PASSPHRASE, "current", "nicht die Passphrase"),
        ("", NEW_PASSPHRASE, NEW_PASSPHRASE, "current", "füllen"),
        ("Apfel Brücke Segel Laterne", "sommer2026", "sommer2026", "new", "stärkere"),
        ("Apfel Brücke Segel Laterne", NEW_PASSPHRASE, NEW_PASSPHRASE + "x", "repeat", "nicht überein"),
    ],
)
def test_a_passphrase_that_cannot_be_is_said_at_its_field(
    screen: Screen, vault: Vault, passphrase: str, current: str, new: str, repeat: str, at: str, words: str
) -> None:
    screen.open("keys")
    change_passphrase(screen, current, new, repeat)
    card = screen.page.keys.passphrase
    assert words in card.form[at].error.text()
    assert card.form.values() == {"current": current, "new": new, "repeat": repeat}  # nothing typed is lost
    assert vault.opens_with(passphrase)


def test_a_suggestion_is_strong_and_passphrases_go_when_the_section_is_left(screen: Screen) -> None:
    screen.open("keys")
    card = screen.page.keys.passphrase
    click(card.open_button)
    click(card.suggest)
    assert card.strength.text() == "Stark." and card.new.editor.value().count("-") == 5
    screen.open("lock")
    assert card.new.editor.value() == ""
    assert screen.page.draft() is None


def test_a_new_sheet_is_shown_once_printed_and_its_words_open_the_vault(
    screen: Screen, vault: Vault, passphrase: str, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    screen.open("keys")
    card = screen.page.keys.recovery
    click(card.open_button)
    type_text(card.current.editor.line, passphrase)
    click(card.renew_button)
    screen.wait()
    sheet = card.view.sheet
    assert sheet is not None and set(sheet.words) | set(sheet.groups) <= set(texts(card))
    click(card.view.printer)
    assert screen.printed == [sheet]
    type_text(card.view.proof.editor.line, "falsch")
    click(card.view.finish)
    assert card.view.sheet is not None
    asked = int("".join(filter(str.isdigit, card.view.proof.label.text())))
    card.view.proof.editor.set_value(sheet.words[asked - 1].upper())
    click(card.view.finish)
    screen.wait()
    assert card.view.sheet is None and not set(sheet.words) & set(texts(card))
    vault.close()
    open_vault(vault.folder, " ".join(sheet.words), clock=clock, kdf=cheap_kdf).close()


def test_no_sheet_for_who_does_not_know_the_passphrase(screen: Screen) -> None:
    screen.open("keys")
    card = screen.page.keys.recovery
    click(card.open_button)
    type_text(card.current.editor.line, "geraten")
    click(card.renew_button)
    screen.wait()
    assert "nicht die Passphrase" in card.current.error.text()
    assert card.view.sheet is None


# What was typed


def test_what_was_typed_in_any_section_outlives_the_lock_and_no_passphrase_does(
    screen: Screen, desk: Desk, qtbot: QtBot, jobs: Jobs, messages: Messages
) -> None:
    for name in ("keys", "backup", "lock", "district"):
        screen.open(name)
    page = screen.page
    page.keys.accesses.open_new()
    type_text(page.keys.accesses.name.editor.line, "Frau Maier")
    type_text(page.keys.accesses.current.editor.line, "geheim und lang")
    page.backup.form["weekly"].editor.set_value(8)
    page.lock.minutes.editor.set_value(17)
    page.district.choice.editor.set_value("coesfeld")
    kept = json.loads(json.dumps(page.draft()))
    assert "geheim" not in json.dumps(kept)
    later = Screen(desk, qtbot, jobs, messages)
    later.page.restore(kept)
    for name in ("district", "lock", "backup", "keys"):
        later.open(name)
    assert later.page.keys.accesses.name.editor.value() == "Frau Maier"
    assert later.page.keys.accesses.name.isVisibleTo(later.page)
    assert later.page.backup.form["weekly"].editor.value() == 8
    assert later.page.lock.minutes.editor.value() == 17
    assert later.page.district.choice.editor.value() == "coesfeld"


# The log


def rows(screen: Screen) -> list[tuple[str, str]]:
    model = screen.page.log.table.model
    return [(model.data(model.index(row, 1)), model.data(model.index(row, 2))) for row in range(model.rowCount())]


def test_the_log_says_in_words_what_was_done_with_which_case(screen: Screen, desk: Desk) -> None:
    add_cases(desk, 2)
    desk.settings.set_idle_minutes(9)
    screen.open("log")
    assert rows(screen)[0] == ("Einstellung geändert", "Einstellung „Sperre“")
    assert ("angelegt", "Fall KIM-2026-002") in rows(screen)
    assert ("Tresor angelegt", "Tresor") in rows(screen)


def test_who_saw_a_case_is_answered_in_one_line_each(screen: Screen, desk: Desk) -> None:
    add_cases(desk, 2)
    (second,) = [case for case in desk.cases.list() if case.number.endswith("002")]
    desk.cases.file(second.id)
    screen.open("log")
    screen.page.focus_filter()
    type_text(screen.page.log.case.editor.line, "002")  # the ending of a number is enough
    press(screen.page.log.case.editor.line, Qt.Key.Key_Return)
    screen.wait()
    assert {subject for _action, subject in rows(screen)} == {"Fall KIM-2026-002"}
    viewers = screen.page.log.viewers
    assert viewers.isVisibleTo(screen.page) and viewers.model.rowCount() == 1
    line = [viewers.model.data(viewers.model.index(0, place)) for place in range(5)]
    assert line[0] == "Eigene Passphrase" and line[3] == "1"
    screen.page.log.case.editor.set_value("KIM-1999-001")
    press(screen.page.log.case.editor.line, Qt.Key.Key_Return)
    assert screen.page.log.case.error.text()


def test_the_log_is_narrowed_by_what_was_done_by_whom_and_when(
    screen: Screen, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    add_cases(desk, 1)
    screen.open("log")
    log = screen.page.log
    log.action.editor.set_value("doors")
    screen.wait()
    assert {action for action, _subject in rows(screen)} == {"entsperrt"}
    log.action.editor.set_value("")
    log.access.editor.set_value("")
    type_text(log.since.editor.line, "21.11.2026")
    press(log.since.editor.line, Qt.Key.Key_Return)
    screen.wait()
    assert rows(screen) == []


@pytest.mark.parametrize(("form", "ending"), [("csv", "csv"), ("json", "json")])
def test_the_log_is_handed_out_and_says_so_itself(
    screen: Screen, desk: Desk, tmp_path: Path, heard: Heard, form: str, ending: str
) -> None:
    add_cases(desk, 1)
    screen.open("log")
    screen.page.log.export(LogForm(form))  # nothing chosen
    screen.path = tmp_path / f"protokoll.{ending}"
    screen.page.log.export(LogForm(form))
    screen.wait()
    assert "angelegt" in screen.path.read_text("utf-8-sig") or "create" in screen.path.read_text("utf-8-sig")
    assert rows(screen)[0] == ("ausgegeben", "Protokoll")
    assert heard.texts[-1].endswith("nicht verschlüsselt.")


def test_a_broken_chain_raises_an_alarm_that_says_what_to_do(screen: Screen, vault: Vault, heard: Heard) -> None:
    screen.open("log")
    click(screen.page.log.verify_button)
    screen.wait()
    assert "vollständig" in heard.texts[-1] and not screen.page.log.alarm.isVisibleTo(screen.page)
    with vault.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_log_refuses_update")
        connection.exec_driver_sql("UPDATE audit_log SET action = 'view' WHERE number = 1")
    click(screen.page.log.verify_button)
    screen.wait()
    alarm = screen.page.log.alarm
    assert alarm.isVisibleTo(screen.page)
    assert "außerhalb des Programms verändert" in alarm.title.text() and "Was zu tun ist" in alarm.todo.text()
