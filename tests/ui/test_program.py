"""The whole program in one process: what the lock and the end of the window do to dialogs, drafts, work and vault."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from kimdesk import app
from kimdesk.app import Program, Session
from kimdesk.foundation.clock import FixedClock
from kimdesk.services import entrance
from kimdesk.services.changes import Written
from kimdesk.services.desk import build_desk
from kimdesk.storage import AuditAction, KeyDerivation, Vault, create_vault, unlock
from kimdesk.storage.vault import opening
from kimdesk.ui.consultation import ConsultationPage
from kimdesk.ui.frame.bug_dialog import BugDialog
from kimdesk.ui.offers import OffersPage
from kimdesk.ui.page import Page
from kimdesk.ui.printing import PrintPage
from kimdesk.ui.unlock import UnlockWindow

TYPED = "Noch nicht gespeichertes Anliegen von Frau Haddad"


class House:
    """A closed vault, the program on it, and every process the program asked to be replaced by."""

    def __init__(self, folder: Path, passphrase: str, clock: FixedClock, kdf: KeyDerivation) -> None:
        self.folder, self.passphrase, self.clock, self.kdf = folder, passphrase, clock, kdf
        self.replaced: list[list[str]] = []
        self.program = Program(folder, clock, kdf)

    def enter(self) -> Session:
        self.program.enter(self.open())
        session = self.program.session
        assert session is not None
        assert session.workshop.jobs.wait_idle()
        return session

    def open(self) -> Vault:
        return unlock(self.folder, self.passphrase, clock=self.clock, kdf=self.kdf)

    def kept(self) -> list[Mapping[str, object]]:
        """Return the drafts in the vault, which is free again."""
        with self.open() as vault:
            cases = build_desk(vault, self.clock).cases
            return [draft for key in cases.drafts() if (draft := cases.load_draft(key))]

    def log(self) -> list[str]:
        with self.open() as vault:
            return [row.action for row in build_desk(vault, self.clock).vault.log()]


@pytest.fixture
def house(
    tmp_path: Path,
    passphrase: str,
    clock: FixedClock,
    cheap_kdf: KeyDerivation,
    monkeypatch: pytest.MonkeyPatch,
    qapp: QApplication,
) -> Iterator[House]:
    """A house whose last step, which would end the test run, is noted instead of done."""
    folder = tmp_path / "Tresor"
    with create_vault(folder, passphrase, name="Fallakten", clock=clock, kdf=cheap_kdf).vault as vault:
        build_desk(vault, clock).offers.install_directory()
    house = House(folder, passphrase, clock, cheap_kdf)
    monkeypatch.setattr(app, "replace_process", lambda argv: house.replaced.append(list(argv)))
    yield house
    if house.program.session is not None:
        house.program.session.window.close()
        house.program.session.window.deleteLater()
    else:
        house.program.workshop.close()
    if house.program.threshold is not None:
        house.program.threshold.deleteLater()


def write_something(session: Session) -> None:
    session.window.go("consultation")
    page = session.window.current_page()
    assert isinstance(page, ConsultationPage)
    assert session.workshop.jobs.wait_idle()
    editor = page.form.editor("concern")
    editor.set_value(TYPED)
    editor.changed.emit()


def open_import(session: Session) -> QWidget:
    session.window.go("offers")
    page = session.window.current_page()
    assert isinstance(page, OffersPage)
    page.start_import()
    assert page.import_dialog is not None
    return page.import_dialog


def open_picker(session: Session) -> QWidget:
    session.window.go("print")
    page = session.window.current_page()
    assert isinstance(page, PrintPage)
    page.choose_offer()
    assert page.picker is not None
    return page.picker


def time_runs_out(session: Session) -> None:
    lock = session.window.idle_lock
    lock._now = lambda: lock._last + lock.timeout_seconds  # the clock of an unattended desk
    lock.tick()


def assert_locked(house: House, session: Session) -> None:
    assert house.replaced == [[sys.executable, "-m", "kimdesk", "run", "--vault", str(house.folder)]]
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert shown == [session.window]
    centre = session.window.centralWidget()
    assert centre is not None and not centre.isVisible()
    assert [draft.get("concern") for draft in house.kept()] == [TYPED]
    assert house.log()[:2] == ["unlock", "unlock"] and "lock" in house.log()


@pytest.mark.parametrize("open_dialog", [open_import, open_picker])
def test_an_unattended_desk_locks_whatever_dialog_is_open(
    house: House, open_dialog: Callable[[Session], QWidget]
) -> None:
    session = house.enter()
    write_something(session)
    assert open_dialog(session).isVisible()
    time_runs_out(session)
    assert_locked(house, session)


def test_a_question_that_waits_for_an_answer_does_not_hold_up_the_lock(house: House) -> None:
    session = house.enter()
    write_something(session)
    box = QMessageBox(QMessageBox.Icon.Question, "Frage", "Wirklich?", parent=session.window)
    locked_while_asking: list[bool] = []

    def lock() -> None:
        time_runs_out(session)
        locked_while_asking.append(bool(house.replaced))

    QTimer.singleShot(0, lock)
    box.exec()
    assert locked_while_asking == [True]
    assert_locked(house, session)


@pytest.mark.expects_log
def test_the_lock_is_not_held_up_by_a_page_that_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    session = house.enter()
    write_something(session)
    session.window.stash_drafts()
    monkeypatch.setattr(ConsultationPage, "draft", fail_with_a_name)
    session.window.lock()
    assert_locked(house, session)


def fail_with_a_name(*_: object, **__: object) -> None:
    raise ValueError("Mariam Haddad")


@pytest.mark.expects_log
def test_a_draft_that_cannot_be_read_does_not_keep_anybody_out_and_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_something(house.enter())
    first = house.program.session
    assert first is not None
    first.window.close()
    monkeypatch.setattr(ConsultationPage, "restore", fail_with_a_name)
    later = House(house.folder, house.passphrase, house.clock, house.kdf)
    session = later.enter()
    assert session.window.isVisible()
    session.window.close()
    assert [draft.get("concern") for draft in house.kept()] == [TYPED]


def test_closing_the_window_seals_the_vault_and_keeps_the_draft(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    session = house.enter()
    write_something(session)
    session.window.close()
    assert house.replaced == []
    assert not (house.folder / "vault.db-wal").exists()

    def never(*_: object) -> None:
        raise AssertionError("a sealed vault needs no look at every page")

    monkeypatch.setattr("kimdesk.storage.vault.file_check.FileCheck._check_every_page", never)
    assert [draft.get("concern") for draft in house.kept()] == [TYPED]
    assert house.log().count(AuditAction.LOCK) == 1


def test_closing_waits_for_what_was_saved_before(house: House) -> None:
    session = house.enter()
    begun, go_on = threading.Event(), threading.Event()

    def long_work() -> None:
        begun.set()
        go_on.wait(10)

    read: list[None] = []
    session.workshop.jobs.write(long_work)
    session.workshop.jobs.write(lambda: session.desk.settings.set_idle_minutes(7))
    session.workshop.jobs.read(lambda: read.append(None))
    assert begun.wait(10)
    threading.Timer(0.05, go_on.set).start()
    session.window.close()
    with house.open() as vault:
        assert build_desk(vault, house.clock).settings.idle_minutes() == 7
    assert read == []


def test_closing_does_not_wait_for_ever(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_LEAVING_SECONDS", 0.01)
    session = house.enter()
    begun, go_on = threading.Event(), threading.Event()

    def endless() -> Written[None]:
        begun.set()
        go_on.wait(30)
        return session.desk.settings.set_idle_minutes(7)

    session.workshop.jobs.write(endless)
    assert begun.wait(10)
    session.window.close()
    session.workshop.thread._executor.shutdown(wait=False)
    with house.open() as vault:
        assert build_desk(vault, house.clock).settings.idle_minutes() == 5
    go_on.set()


@pytest.mark.expects_log
def test_a_desk_that_cannot_be_built_lets_go_of_the_vault(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_read_start", fail_with_a_name)
    house.program.begin()
    with pytest.raises(ValueError, match="Mariam"):
        house.program.enter(house.open())
    house.open().close()


@pytest.mark.expects_log
def test_a_bug_before_the_desk_is_shown_without_what_it_quotes(
    house: House, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(entrance, "open_vault", fail_with_a_name)
    house.program.begin()
    window = house.program.threshold
    assert isinstance(window, UnlockWindow)
    window.passphrase.editor.set_value(house.passphrase)
    window.open_button.click()
    assert house.program.workshop.jobs.wait_idle()
    (dialog,) = window.findChildren(BugDialog)
    assert dialog.isVisible()
    assert "ValueError" in dialog.description and "Haddad" not in dialog.description


def test_a_damaged_vault_gets_one_sentence_and_stays_as_it_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 20)  # a small vault on a machine that is not busy
    database = house.folder / "vault.db"
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    before = files_of(house.folder)
    house.program.begin()
    window = house.program.threshold
    assert isinstance(window, UnlockWindow)
    window.passphrase.editor.set_value(house.passphrase)
    window.open_button.click()
    assert house.program.workshop.jobs.wait_idle()
    assert window.alarm.isVisible()
    assert window.alarm.title.text() == "Der Tresor ist beschädigt"
    assert "letzte Sicherung" in window.alarm.todo.text()
    assert house.program.session is None
    assert files_of(house.folder) == before


def test_a_vault_without_readable_keyslots_says_so_and_asks_for_nothing(house: House) -> None:
    for name in ("keyslots.json", "keyslots.json.bak"):
        (house.folder / name).write_text("{", encoding="utf-8")
    before = files_of(house.folder)
    house.program.begin()
    window = house.program.threshold
    assert isinstance(window, UnlockWindow)
    assert window.alarm.isVisible() and "beschädigt" in window.alarm.title.text()
    assert not window.open_button.isVisible()
    assert files_of(house.folder) == before


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "vault.lock"
    }


def test_no_page_tells_a_name_in_the_window_s_title(house: House) -> None:
    session = house.enter()
    write_something(session)
    for page_id in ("home", "cases", "case", "consultation", "offers", "print", "figures", "settings"):
        session.window.go(page_id)
        assert session.workshop.jobs.wait_idle()
        assert isinstance(session.window.current_page(), Page)
        assert "Haddad" not in session.window.windowTitle()


@pytest.mark.expects_log
def test_a_desk_whose_check_finds_something_is_closed_and_starts_anew_with_the_check_first(
    house: House, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0)  # as with a large vault
    with house.open() as vault, vault.reader() as connection:
        root = "SELECT rootpage FROM sqlite_master WHERE name = 'goals'"
        place = 4096 * (connection.exec_driver_sql(root).scalar_one() - 1) + 2000
    database = house.folder / "vault.db"
    content = bytearray(database.read_bytes())
    content[place] ^= 1
    database.write_bytes(content)
    anchor = (house.folder / "anchor.json").read_bytes()
    house.program.enter(unlock(house.folder, house.passphrase, clock=house.clock, kdf=house.kdf, check_beside=True))
    qtbot.waitUntil(lambda: bool(house.replaced), timeout=20_000)
    assert house.replaced == [[sys.executable, "-m", "kimdesk", "run", "--vault", str(house.folder), "--check-first"]]
    assert database.read_bytes() == content and (house.folder / "anchor.json").read_bytes() == anchor

    anew = Program(house.folder, house.clock, house.kdf, check_first=True)
    anew.begin()
    window = anew.threshold
    assert isinstance(window, UnlockWindow)
    assert "zuerst ganz geprüft" in window.banner.text.text()
    window.passphrase.editor.set_value(house.passphrase)
    window.open_button.click()
    assert anew.workshop.jobs.wait_idle()
    assert "beschädigt" in window.alarm.title.text() and anew.session is None
    anew.workshop.close()
    window.close()
    window.deleteLater()
