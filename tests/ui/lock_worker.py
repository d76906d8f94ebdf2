"""A real process that opens a vault in a real window, types something, and locks. Started by `test_lock_process`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from kimdesk.app import Program, make_application
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.preferences import Preferences
from kimdesk.services.vault import open_vault
from kimdesk.ui.consultation import ConsultationPage


def main(folder: Path, passphrase: str) -> None:
    """Open, type into a new consultation, say so, and lock as Ctrl+L does."""
    application = make_application(Preferences())
    clock = SystemClock()
    program = Program(folder, clock)
    program.enter(open_vault(folder, passphrase, clock=clock))
    session = program.session
    assert session is not None
    session.window.go("consultation")
    session.workshop.jobs.wait_idle()
    page = session.window.current_page()
    assert isinstance(page, ConsultationPage)
    editor = page.form.editor("concern")
    editor.set_value("Noch nicht gespeichertes Anliegen")
    editor.changed.emit()
    sys.stdout.write("typed\n")
    sys.stdout.flush()
    QTimer.singleShot(0, session.window.lock)
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
