"""The settings page on a real vault, shared by its tests."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kimdesk.services.desk import Desk
from kimdesk.services.vault import RecoverySheet
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings import SettingsPage


class Screen:
    """The page with what a frame, file dialogs and a printer do for it."""

    def __init__(self, desk: Desk, qtbot: QtBot, jobs: Jobs, messages: Messages) -> None:
        self.desk, self.jobs = desk, jobs
        self.file: Path | None = None
        self.folder: Path | None = None
        self.path: Path | None = None
        self.printed: list[RecoverySheet] = []
        self.page = SettingsPage(
            desk.settings,
            desk.handout_texts,
            desk.vault,
            desk.backups,
            desk.log,
            desk.pushes,
            jobs,
            messages,
            desk.clock,
            choose_file=lambda _parent, _title, _kinds: self.file,
            choose_folder=lambda _parent, _title: self.folder,
            choose_path=lambda _parent, _title, _name, _kinds: self.path,
            print_sheet=self._print,
        )
        jobs.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.resize(1130, 640)
        self.page.show()
        self.page.activate()
        self.wait()

    def _print(self, sheet: RecoverySheet, _parent: QWidget | None) -> bool:
        self.printed.append(sheet)
        return True

    def wait(self) -> None:
        for _round in range(3):  # an answer may start the next read
            assert self.jobs.wait_idle()
            assert self.page.coordinator.courier.wait_idle()
        QApplication.processEvents()

    def open(self, section: str) -> None:
        self.page.show_section(section)
        self.wait()


def texts(widget: QWidget) -> list[str]:
    """Return every text that can be seen."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()]
