"""The frame: from page to page, search, messages, context panel, drafts, lock."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.ui.design import Icon
from kimdesk.ui.frame import BugDialog, IdleLock, MainWindow, SearchHit
from kimdesk.ui.frame.main_window import Drafts
from kimdesk.ui.help import ManualWindow
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page, PageFactory
from kimdesk.ui.widgets import Text
from tests.ui.keys import ALT, CONTROL, SHIFT, click, press, type_text


class _Page(Page):
    """A page that notes what the frame does with it."""

    manual_page = "entsperren"

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word
        self.happened: list[object] = []
        self.line = QLineEdit()
        self.body.addWidget(self.line)
        self.line.textEdited.connect(lambda _text: self.draft_changed.emit())

    @property
    def title(self) -> str:
        return self.word

    def activate(self, argument: object = None) -> None:
        self.happened.append(("activate", argument))

    def leave(self) -> None:
        self.happened.append("leave")

    def refresh(self, areas: frozenset[str]) -> None:
        self.happened.append(("refresh", sorted(areas)))

    def save(self) -> None:
        self.happened.append("save")

    def step_phase(self, direction: int) -> None:
        self.happened.append(("phase", direction))

    def draft(self) -> Mapping[str, object] | None:
        return {"line": self.line.text()} if self.line.text() else None

    def restore(self, draft: Mapping[str, object]) -> None:
        self.line.setText(str(draft["line"]))


class Desk:
    """A window with two areas and a case file, and what it told."""

    def __init__(self, jobs: Jobs, messages: Messages, *, is_demo: bool = False) -> None:
        self.built: list[str] = []
        self.stashed: list[Drafts] = []
        self.locks = 0
        self.jobs, self.messages = jobs, messages
        self.window = MainWindow(
            [
                PageFactory("home", "Heute", Icon.HOME, lambda: self._build("Heute")),
                PageFactory("cases", "Fälle", Icon.CASES, lambda: self._build("Fälle")),
                PageFactory(
                    "case", "Fall", Icon.CASE, lambda: self._build("Fall"), in_navigation=False, area_of="cases"
                ),
            ],
            jobs,
            messages,
            search=lambda text: [SearchHit(f"Treffer {text}", "Fall", "case", "id-1")],
            consultation=("case", "new"),
            stash=self.stashed.append,
            is_demo=is_demo,
        )
        self.window.lock_requested.connect(self._locked)

    def _build(self, word: str) -> Page:
        self.built.append(word)
        return _Page(word)

    def _locked(self) -> None:
        self.locks += 1

    def page(self, page_id: str) -> _Page:
        page = self.window.page(page_id)
        assert isinstance(page, _Page)
        return page


@pytest.fixture
def desk(qtbot: QtBot, jobs: Jobs, messages: Messages) -> Desk:
    """The window, shown at the size of a town hall's laptop."""
    desk = Desk(jobs, messages)
    qtbot.addWidget(desk.window)
    desk.window.resize(1366, 740)
    with qtbot.waitExposed(desk.window):
        desk.window.show()
    return desk


def test_it_opens_at_the_first_area_and_builds_no_other(desk: Desk) -> None:
    assert desk.built == ["Heute"]
    assert desk.window.current_page_id() == "home"
    assert desk.page("home").happened == [("activate", None)]
    assert desk.window.windowTitle() == "Heute – KIM Desk"


def test_it_fits_a_small_laptop(desk: Desk) -> None:
    assert desk.window.minimumSizeHint().width() <= 1366
    assert desk.window.minimumSizeHint().height() <= 700
    assert (desk.window.width(), desk.window.height()) == (1366, 740)


def test_the_focus_starts_in_the_page(desk: Desk, qapp: QApplication) -> None:
    assert desk.window.focusWidget() is desk.page("home")


def test_going_on_leaves_one_page_and_wakes_the_other(desk: Desk) -> None:
    desk.window.go("case", "id-7")
    assert desk.page("home").happened[-1] == "leave"
    assert desk.page("case").happened == [("activate", "id-7")]
    entries = desk.window.navigation.entries
    assert entries["cases"].isChecked()
    assert not entries["home"].isChecked()


def test_a_page_can_send_the_user_on(desk: Desk) -> None:
    desk.page("home").navigate.emit("case", 3)
    assert desk.window.current_page_id() == "case"


def test_areas_are_reached_by_click_and_by_key(desk: Desk, qtbot: QtBot) -> None:
    click(desk.window.navigation.entries["cases"])
    assert desk.window.current_page_id() == "cases"
    press(desk.window, Qt.Key.Key_1, CONTROL)
    assert desk.window.current_page_id() == "home"
    assert desk.window.navigation.entries["home"].isChecked()


def test_keys_reach_the_page_in_front(desk: Desk, qtbot: QtBot) -> None:
    press(desk.window, Qt.Key.Key_S, CONTROL)
    press(desk.window, Qt.Key.Key_Right, ALT)
    assert desk.page("home").happened[1:] == ["save", ("phase", 1)]


def test_a_consultation_begins_with_one_key(desk: Desk, qtbot: QtBot) -> None:
    press(desk.window, Qt.Key.Key_N, CONTROL)
    assert desk.page("case").happened == [("activate", "new")]


def test_search_leads_to_what_was_found(desk: Desk, qtbot: QtBot) -> None:
    press(desk.window, Qt.Key.Key_K, CONTROL)
    box = desk.window.top_bar.search
    assert box is not None
    assert box.hasFocus()
    type_text(box, "Rah")
    qtbot.waitUntil(lambda: len(box.hits()) == 1)
    row = box.list.itemWidget(box.list.item(0))
    assert box.list.viewport().rect().contains(row.geometry())
    press(box, Qt.Key.Key_Down)
    press(box.list, Qt.Key.Key_Return)
    assert desk.window.current_page_id() == "case"
    assert desk.page("case").happened == [("activate", "id-1")]
    assert box.text() == ""


def test_tab_follows_what_stands_there_now_not_when_it_was_made(desk: Desk, qtbot: QtBot) -> None:
    page = desk.page("home")
    last, first = QLineEdit(), QLineEdit()
    page.body.addWidget(last)
    page.body.insertWidget(0, first)  # as a list that is filled again
    hidden = QLineEdit()
    page.body.insertWidget(1, hidden)
    hidden.hide()
    qtbot.waitUntil(last.isVisible)
    page.setFocus()
    for expected in (first, page.line, last):
        press(desk.window, Qt.Key.Key_Tab)
        assert desk.window.focusWidget() is expected
    press(desk.window, Qt.Key.Key_Tab, SHIFT)
    assert desk.window.focusWidget() is page.line
    reached = []
    for _turn in range(12):
        press(desk.window, Qt.Key.Key_Tab)
        reached.append(desk.window.focusWidget())
    assert desk.window.top_bar.search in reached  # the way leads round through the frame
    assert first in reached


def test_escape_leaves_the_search(desk: Desk, qtbot: QtBot) -> None:
    box = desk.window.top_bar.search
    assert box is not None
    type_text(box, "Rah")
    qtbot.waitUntil(lambda: box.list.isVisible())
    press(box, Qt.Key.Key_Escape)
    assert not box.list.isVisible()


def test_a_write_refreshes_the_page_in_front_only(desk: Desk) -> None:
    desk.window.go("cases")
    desk.jobs.write(lambda: None, touches={"cases"})
    assert desk.jobs.wait_idle()
    assert desk.page("cases").happened[-1] == ("refresh", ["cases"])
    assert desk.page("home").happened[-1] == "leave"


def test_errors_stay_and_good_news_float(desk: Desk) -> None:
    desk.messages.error("Der Datenträger ist voll.")
    desk.messages.error("Der Datenträger ist voll.")
    assert [banner.text.text() for banner in desk.window.message_area.banners()] == ["Der Datenträger ist voll."]
    undone: list[bool] = []
    desk.messages.good("Gespeichert.", undo=lambda: undone.append(True))
    toast = desk.window.message_area.toast()
    assert toast is not None
    assert toast.isVisible()
    assert toast.undo is not None
    toast.undo.click()
    assert undone == [True]
    assert desk.window.message_area.toast() is None
    desk.window.message_area.banners()[0].close_banner()
    assert not desk.window.message_area.isVisible()


def test_good_news_float_above_the_page_one_is_led_to(desk: Desk) -> None:
    desk.window.go("cases")
    desk.window.go("home")
    desk.messages.good("Gespeichert.")
    desk.window.go("cases")
    toast = desk.window.message_area.toast()
    assert toast is not None
    assert desk.window.work.childAt(toast.geometry().center()) in (toast, *toast.findChildren(QWidget))


def test_a_bug_opens_one_dialog_that_can_be_copied(desk: Desk, qapp: QApplication) -> None:
    desk.messages.bug_happened.emit("KeyError\n  cases.py:12 open")
    desk.messages.bug_happened.emit("KeyError\n  cases.py:12 open")
    dialogs = desk.window.findChildren(BugDialog)
    assert len(dialogs) == 1
    dialogs[0].copy.click()
    assert qapp.clipboard().text() == "KeyError\n  cases.py:12 open"
    assert not dialogs[0].isModal()


def test_the_context_panel_belongs_to_its_page(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    desk.page("home").show_context.emit("Fall", Text("Frist"))
    assert window.context.isVisible()
    window.go("cases")
    assert not window.context.isVisible()
    window.go("home")
    assert window.context.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert not window.context.isVisible()
    window.top_bar.context.click()
    assert window.context.isVisible()
    desk.page("home").show_context.emit("", None)
    assert not window.context.isVisible()


def test_what_was_typed_is_stashed_before_the_lock_which_nothing_refuses(desk: Desk, qtbot: QtBot) -> None:
    type_text(desk.page("home").line, "angefangen")
    desk.messages.bug_happened.emit("KeyError")
    press(desk.window, Qt.Key.Key_L, CONTROL)
    assert desk.stashed == [{"home": {"line": "angefangen"}}]
    assert desk.locks == 1
    assert not desk.page("home").line.isVisible(), "nothing of the desk is left on the screen"
    assert not [dialog for dialog in desk.window.findChildren(BugDialog) if dialog.isVisible()]
    desk.window.lock()
    desk.window.go("cases")
    assert desk.locks == 1
    assert desk.window.current_page_id() == "home"


def test_drafts_come_back_after_the_lock(desk: Desk) -> None:
    desk.window.restore_drafts({"cases": {"line": "angefangen"}, "gone": {"line": "x"}})
    assert desk.page("cases").line.text() == "angefangen"


def test_drafts_are_stashed_on_closing(desk: Desk, qtbot: QtBot) -> None:
    desk.page("home").line.setText("angefangen")
    desk.window.close()
    assert desk.stashed == [{"home": {"line": "angefangen"}}]


def test_the_state_of_pushes_is_said_in_words(desk: Desk) -> None:
    push = desk.window.top_bar.push
    assert not push.isVisible()
    desk.window.set_push_state(3)
    assert push.isVisible()
    assert push.text() == "3 wartend"
    desk.window.set_push_state(0)
    assert push.text() == "Alles übertragen"


def test_every_demo_window_says_so(qtbot: QtBot, jobs: Jobs, messages: Messages) -> None:
    desk = Desk(jobs, messages, is_demo=True)
    qtbot.addWidget(desk.window)
    with qtbot.waitExposed(desk.window):
        desk.window.show()
    shown = [label.text() for label in desk.window.findChildren(Text) if label.isVisible()]
    assert "Demo – keine echten Daten" in shown
    assert "Demo – keine echten Daten" in desk.window.windowTitle()


def test_f1_opens_the_manual_at_the_pages_page(desk: Desk, qtbot: QtBot) -> None:
    press(desk.window, Qt.Key.Key_F1)
    manual = desk.window.manual()
    assert manual is not None
    qtbot.addWidget(manual)
    assert manual.page_name == "entsperren"
    assert "Wiederherstellung" in manual.browser.toPlainText()


def test_the_manual_knows_no_page_outside_its_folder(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("# Anfang\n\n[weiter](zweite.md) [fort](https://example.org/)", encoding="utf-8")
    (tmp_path / "zweite.md").write_text("# Zweite Seite", encoding="utf-8")
    manual = ManualWindow(folder=tmp_path)
    qtbot.addWidget(manual)
    manual.open_page("../geheim")
    assert manual.page_name == "index"
    manual.browser.anchorClicked.emit("https://example.org/fremd.md")
    assert manual.page_name == "index"
    manual.browser.anchorClicked.emit("zweite.md")
    assert manual.page_name == "zweite"
    assert manual.contents.currentItem().text() == "Zweite Seite"


class _Seconds:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _idle(qtbot: QtBot) -> tuple[IdleLock, _Seconds, list[object]]:
    seconds = _Seconds()
    lock = IdleLock(300, seconds_now=seconds)
    told: list[object] = []
    lock.warned.connect(lambda left: told.append(left))
    lock.resumed.connect(lambda: told.append("resumed"))
    lock.lock_requested.connect(lambda: told.append("lock"))
    return lock, seconds, told


def test_the_idle_lock_warns_for_half_a_minute_and_locks_once(qtbot: QtBot) -> None:
    lock, seconds, told = _idle(qtbot)
    for moment in (0, 269, 270, 299, 300, 301):
        seconds.now = moment
        lock.tick()
    assert told == [30, 1, "lock"]


def test_someone_who_comes_back_in_time_is_not_locked_out(qtbot: QtBot) -> None:
    lock, seconds, told = _idle(qtbot)
    seconds.now = 280
    lock.tick()
    lock.note_activity()
    seconds.now = 560
    lock.tick()
    assert told == [20, "resumed", 20]


def test_a_sleeping_laptop_locks_when_it_wakes(qtbot: QtBot) -> None:
    lock, seconds, told = _idle(qtbot)
    seconds.now = 4000
    lock.tick()
    assert told == ["lock"]


def test_the_key_that_wakes_the_laptop_does_not_save_it_from_the_lock(qtbot: QtBot) -> None:
    lock, seconds, told = _idle(qtbot)
    lock.start()
    seconds.now = 7200
    lock.note_activity()
    lock.note_activity()
    assert told == ["lock"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the monotonic clock goes on in suspend")
def test_sleep_counts_as_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    awake_and_asleep = {time.CLOCK_BOOTTIME: 1000.0}
    monkeypatch.setattr(time, "clock_gettime", awake_and_asleep.__getitem__)
    lock = IdleLock(300)
    awake_and_asleep[time.CLOCK_BOOTTIME] += 299
    assert lock.seconds_left() == 1


def test_keys_in_the_window_count_as_activity(desk: Desk, qtbot: QtBot) -> None:
    seconds = _Seconds()
    lock = IdleLock(300, seconds_now=seconds, parent=desk.window)
    lock.start()
    seconds.now = 200
    handle = desk.window.windowHandle()
    assert handle is not None
    press(handle, Qt.Key.Key_A)
    assert lock.seconds_left() == 300
    lock.stop()


def test_the_warning_counts_down_and_goes_when_someone_is_back(desk: Desk) -> None:
    window = desk.window
    window.idle_lock.warned.emit(30)
    window.idle_lock.warned.emit(29)
    banners = window.message_area.banners()
    assert len(banners) == 1
    assert "29" in banners[0].text.text()
    window.idle_lock.resumed.emit()
    assert window.message_area.banners() == []


def test_the_time_to_the_lock_ticks_only_in_the_last_minute(desk: Desk) -> None:
    bar = desk.window.top_bar
    shown = []
    for seconds in (300, 299, 241, 240, 61, 60, 59, 5):
        bar.show_seconds_to_lock(seconds)
        shown.append(bar.lock.text().removeprefix("Sperren · "))
    assert shown == ["5 min", "5 min", "5 min", "4 min", "2 min", "1:00", "0:59", "0:05"]
