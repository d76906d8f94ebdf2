"""What stands before the desk: unlocking, waiting, recovery, the first start."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.word_list import german_words
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.unlock import UnlockWindow, estimate_bits
from kimdesk.ui.unlock.passphrase_field import caps_lock_guess
from kimdesk.ui.unlock.strength import STRONG_FROM, WEAK_BELOW
from kimdesk.ui.widgets import Text
from tests.ui.keys import press, type_text


class _Wrong(KnownError):
    default_message = N_("Die Passphrase ist falsch.")

    def __init__(self, seconds: int = 0) -> None:
        self.seconds = seconds
        super().__init__()


class _Altered(KnownError):
    default_message = N_("Der Tresor wurde außerhalb des Programms verändert.")


class _Damaged(KnownError):
    default_message = N_("Der Tresor ist beschädigt. Bitte stellen Sie eine Sicherung wieder her.")


class _Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Vault:
    """A door with one key, that notes what was tried."""

    def __init__(self) -> None:
        self.tried: list[tuple[str, bool]] = []
        self.seconds = 0
        self.altered = False

    def open_with(self, secret: str, despite_alarm: bool) -> object:
        self.tried.append((secret, despite_alarm))
        if secret not in ("richtig", "7HPK-22CD"):
            raise _Wrong(self.seconds)
        if self.altered and not despite_alarm:
            raise _Altered
        return "open"


def _window(
    qtbot: QtBot,
    jobs: Jobs,
    vault: Vault,
    *,
    demo_passphrase: str | None = None,
    problem: KnownError | None = None,
    seconds_to_wait: int = 0,
    seconds: _Seconds | None = None,
    deputies: tuple[str, ...] = (),
) -> UnlockWindow:
    window = UnlockWindow(
        "Stadt Lünen",
        vault.open_with,
        jobs,
        demo_passphrase=demo_passphrase,
        problem=problem,
        seconds_to_wait=seconds_to_wait,
        may_override=lambda error: isinstance(error, _Altered),
        seconds_now=seconds or _Seconds(),
        deputies=deputies,
    )
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def _type(qtbot: QtBot, window: UnlockWindow, text: str) -> None:
    type_text(window.passphrase.editor.line, text)
    press(window.passphrase.editor.line, Qt.Key.Key_Return)


def test_the_right_passphrase_opens_and_leaves_the_window(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault())
    with qtbot.waitSignal(window.unlocked) as opened:
        _type(qtbot, window, "richtig")
    assert opened.args == ["open"]
    assert window.passphrase.editor.value() == ""


def test_the_window_can_be_used_while_the_key_is_derived(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()

    def slow(secret: str, despite_alarm: bool) -> object:
        gate.wait(5)
        return "open"

    window = UnlockWindow("Stadt Lünen", slow, jobs)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    _type(qtbot, window, "x")
    assert not window.open_button.isEnabled()
    qtbot.waitUntil(window.progress.isVisible)
    _type(qtbot, window, "y")
    with qtbot.waitSignal(window.unlocked):
        gate.set()


def test_a_wrong_passphrase_is_said_and_nothing_is_lost(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault())
    _type(qtbot, window, "falsch")
    assert jobs.wait_idle()
    assert window.passphrase.error.text() == "Die Passphrase ist falsch."
    assert window.passphrase.error.isVisible()
    assert window.passphrase.editor.line.hasSelectedText()
    assert window.open_button.isEnabled()


def test_the_growing_delay_counts_down(qtbot: QtBot, jobs: Jobs) -> None:
    vault, seconds = Vault(), _Seconds()
    vault.seconds = 8
    window = _window(qtbot, jobs, vault, seconds=seconds)
    _type(qtbot, window, "falsch")
    assert jobs.wait_idle()
    assert not window.open_button.isEnabled()
    assert "8 s" in window.open_button.text()
    seconds.now += 5
    window.tick()
    assert "3 s" in window.open_button.text()
    press(window.passphrase.editor.line, Qt.Key.Key_Return)
    assert len(vault.tried) == 1
    seconds.now += 3
    window.tick()
    assert window.open_button.isEnabled()
    assert window.open_button.text() == "Entsperren"


def test_a_delay_from_before_goes_on(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault(), seconds_to_wait=30)
    assert not window.open_button.isEnabled()


def test_an_empty_field_is_not_tried(qtbot: QtBot, jobs: Jobs) -> None:
    vault = Vault()
    window = _window(qtbot, jobs, vault)
    window.open_button.click()
    assert vault.tried == []
    assert window.passphrase.error.isVisible()


def test_the_recovery_key_opens_too(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault())
    window.recovery_link.click()
    assert window.recovery.isVisible()
    assert not window.passphrase.isVisible()
    type_text(window.recovery.editor.area, "7HPK-22CD")
    with qtbot.waitSignal(window.unlocked):
        window.open_button.click()
    window.passphrase_link.click()
    assert window.passphrase.isVisible()


def test_the_demo_shows_its_passphrase_and_fills_it_in(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault(), demo_passphrase="richtig")
    shown = [label.text() for label in window.findChildren(Text) if label.isVisible()]
    assert "richtig" in shown
    assert "Demo – keine echten Daten" in shown
    window.fill_button.click()
    with qtbot.waitSignal(window.unlocked):
        window.open_button.click()


def test_a_vault_that_cannot_be_opened_says_why_and_asks_for_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault(), problem=_Damaged())
    assert window.banner.isVisible()
    assert "Sicherung" in window.banner.text.text()
    assert not [line for line in window.findChildren(QLineEdit) if line.isVisible()]
    assert not window.recovery_link.isVisible()


def test_an_alarm_can_be_overridden_on_purpose(qtbot: QtBot, jobs: Jobs) -> None:
    vault = Vault()
    vault.altered = True
    window = _window(qtbot, jobs, vault)
    _type(qtbot, window, "richtig")
    assert jobs.wait_idle()
    assert window.banner.isVisible()
    assert window.override.isVisible()
    with qtbot.waitSignal(window.unlocked):
        window.override.click()
    assert vault.tried == [("richtig", False), ("richtig", True)]


def test_the_passphrase_is_hidden_until_shown(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault())
    editor = window.passphrase.editor
    assert not editor.is_shown()
    editor.show_text(True)
    assert editor.is_shown()
    assert editor.draft() is None


@pytest.mark.parametrize(
    ("text", "shift", "on"),
    [
        ("a", False, False),
        ("A", False, True),
        ("a", True, True),
        ("A", True, False),
        ("7", True, None),
    ],
)
def test_the_caps_lock_shows_in_what_is_typed(text: str, shift: bool, on: bool | None) -> None:
    assert caps_lock_guess(text, shift) is on


def test_the_caps_lock_is_said(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault())
    window.passphrase.editor.caps_lock_changed.emit(True)
    assert window.passphrase.help.isVisible()
    assert "Feststelltaste" in window.passphrase.help.text()
    window.passphrase.editor.caps_lock_changed.emit(False)
    assert not window.passphrase.help.isVisible()


def test_strength_errs_on_the_low_side() -> None:
    assert estimate_bits("wolke-hebel-fichte-anker-zunge-pfad") >= STRONG_FROM
    for weak in (
        "",
        "passwort",
        "Sommer2024!",
        "aaaaaaaaaaaaaaaaaaaa",
        "12345678901234567890",
        "Lünen-Lünen-Lünen-Lünen",
    ):
        assert estimate_bits(weak) < WEAK_BELOW, weak


KEY = "7J0Y-50E9-SPWA-J6XT-T92W-NFRH-0G6G-QZ7D-7ZNW"


def test_a_scanned_key_opens_at_once_and_a_new_line_between_words_does_not(qtbot: QtBot, jobs: Jobs) -> None:
    vault = Vault()
    window = _window(qtbot, jobs, vault)
    window.recovery_link.click()
    type_text(window.recovery.editor.area, "anker moos")
    press(window.recovery.editor.area, Qt.Key.Key_Return)
    assert jobs.wait_idle() and vault.tried == []
    window.recovery.editor.area.clear()
    type_text(window.recovery.editor.area, KEY)
    press(window.recovery.editor.area, Qt.Key.Key_Return)
    assert jobs.wait_idle()
    assert [secret.strip() for secret, _despite in vault.tried] == [KEY]


def test_a_word_that_cannot_be_on_the_sheet_is_named(qtbot: QtBot, jobs: Jobs) -> None:
    window = _window(qtbot, jobs, Vault())
    window.recovery_link.click()
    words = list(german_words()[:14])
    words[2], words[6] = "xyxyx", "qwqw"
    window.recovery.editor.set_value(" ".join(words))
    window.open_button.click()
    assert jobs.wait_idle()
    assert window.recovery.error.text().endswith("3., 7.")


def test_a_deputy_sees_whom_the_way_in_is_for_and_until_when(qtbot: QtBot, jobs: Jobs) -> None:
    assert not _window(qtbot, jobs, Vault()).deputy_link.isVisible()
    window = _window(qtbot, jobs, Vault(), deputies=("Frau Özdemir, abgelaufen am 01.11.2026",))
    window.deputy_link.click()
    assert window.passphrase.label.text() == "Passphrase der Vertretung"
    assert window.deputy_lines.isVisible() and "abgelaufen" in window.deputy_lines.text()
    with qtbot.waitSignal(window.unlocked):
        _type(qtbot, window, "richtig")
