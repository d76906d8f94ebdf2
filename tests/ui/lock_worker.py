"""A real process that opens a vault in a real window, types into a form, and waits with a question open.

Started by `test_lock_process` with the vault's folder; the passphrase comes as the first line of the standard input, a
second line presses Ctrl+L. It says ``typed`` once everything is as described.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from kimdesk.app import Program, make_application
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.preferences import Preferences
from kimdesk.services.vault import open_vault
from kimdesk.storage import Cost, KeyDerivation
from kimdesk.ui.consultation import ConsultationPage

CHEAPEST = Cost(1024 * 1024, 1)


def main(folder: Path, passphrase: str) -> None:
    """Open, type into a new consultation, ask a question that nobody answers, and say so."""
    application = make_application(Preferences())
    clock, kdf = SystemClock(), KeyDerivation(CHEAPEST, CHEAPEST, Cost(64 * 1024 * 1024, 3), calibrated=False)
    program = Program(folder, clock, kdf)
    program.enter(open_vault(folder, passphrase, clock=clock, kdf=kdf))
    session = program.session
    assert session is not None
    session.window.go("consultation")
    session.workshop.jobs.wait_idle()
    page = session.window.current_page()
    assert isinstance(page, ConsultationPage)
    editor = page.form.editor("concern")
    editor.set_value("Noch nicht gespeichertes Anliegen")
    editor.changed.emit()
    orders = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def press_the_keys() -> None:
        orders.setEnabled(False)
        question = application.activeModalWidget()
        assert question is not None
        QTest.keyClick(question.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    orders.activated.connect(lambda *_: press_the_keys())

    def say_so() -> None:
        sys.stdout.write("typed\n")
        sys.stdout.flush()

    def ask() -> None:
        QTimer.singleShot(0, say_so)
        QMessageBox.question(session.window, "Frage", "Wirklich?")

    QTimer.singleShot(0, ask)
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdin.readline().rstrip("\n"))
