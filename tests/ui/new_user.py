"""The first weeks of a new user, through the real windows: create, forget, recover, deputy, restore, revoke.

Every step works the widgets a person works. `look(window, name)` is called where something is worth seeing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from kimdesk.app import Dialogs, Program, Session
from kimdesk.foundation.clock import Clock
from kimdesk.services.vault import RecoverySheet
from kimdesk.storage import KeyDerivation
from kimdesk.ui.settings import SettingsPage
from kimdesk.ui.unlock import CreateWindow, DoorDialogs, RecoverWindow, RestoreWindow, UnlockWindow
from tests.ui.keys import click

_PATIENCE_MILLISECONDS = 60_000
DEPUTY = "Frau Özdemir"
DEPUTY_PASSPHRASE = "nebel-zange-ufer-kelle-harfe-loewe"


@dataclass
class NewUser:
    """One laptop: a folder, the sheet in the drawer, the stick in the pocket."""

    folder: Path
    stick: Path
    clock: Clock
    kdf: KeyDerivation
    look: Callable[[QWidget, str], object] = lambda window, name: None
    drawer: list[RecoverySheet] = field(default_factory=list)
    program: Program | None = None

    def start(self) -> QWidget:
        """Start the program; return the window that stands before the desk."""

        def printed(sheet: RecoverySheet, _parent: QWidget | None) -> bool:
            self.drawer.append(sheet)
            return True

        door = DoorDialogs(choose_folder=lambda _parent, _title: self.stick, print_sheet=printed)
        self.program = Program(self.folder, self.clock, self.kdf, Dialogs(door=door))
        self.program.begin()
        return self.threshold()

    def threshold(self) -> QWidget:
        """Return the window before the desk."""
        assert self.program is not None and self.program.threshold is not None
        return self.program.threshold

    def desk(self) -> Session:
        """Wait for the desk and return it."""
        program = self.program
        assert program is not None
        self.wait()
        assert program.session is not None, "the desk is not there"
        self.wait()
        return program.session

    def wait(self) -> None:
        """Wait until nothing is under way any more."""
        assert self.program is not None
        for _round in range(3):
            assert self.program.workshop.jobs.wait_idle(_PATIENCE_MILLISECONDS)
        QApplication.processEvents()

    def quit(self) -> None:
        """Close the window as at the end of the day."""
        assert self.program is not None
        if self.program.session is not None:
            self.program.session.window.close()
            self.program.session.window.deleteLater()
        else:
            self.program.workshop.close()
            self.program.door.close()
        QApplication.processEvents()

    # The steps

    def create(self, name: str) -> str:
        """Go through the assistant; return the passphrase, which is about to be forgotten."""
        window = self.start()
        assert isinstance(window, CreateWindow)
        self.look(window, "1 Name")
        window.name.editor.set_value(name)
        click(window.to_passphrase)
        self.look(window, "2 Passphrase")
        passphrase = window.choice.suggestion.text()
        window.choice.repeat.editor.set_value(passphrase)
        click(window.make)
        self.wait()
        self.look(window, "3 Blatt")
        click(window.recovery.printer)
        self.prove(window)
        self.look(window, "4 Kreis")
        click(window.to_backup)
        click(window.place_button)
        self.look(window, "5 Sicherung")
        click(window.finish)
        self.desk()
        return passphrase

    def prove(self, window: CreateWindow | RecoverWindow) -> None:
        """Read the word that is asked for from the printed sheet."""
        view = window.recovery
        number = int("".join(filter(str.isdigit, view.proof.label.text())))
        view.proof.editor.set_value(self.drawer[-1].words[number - 1])
        click(view.finish)

    def unlock(self, passphrase: str) -> str:
        """Try a passphrase; return what the window says, empty where the desk opens."""
        window = self.start()
        assert isinstance(window, UnlockWindow)
        window.passphrase.editor.set_value(passphrase)
        click(window.open_button)
        self.wait()
        assert self.program is not None
        if self.program.session is not None:
            self.wait()
            return ""
        self.look(window, "Abgewiesen")
        said = window.passphrase.error.text() or window.banner.text.text() or window.alarm.title.text()
        self.quit()
        return said

    def recover(self) -> str:
        """Open with the sheet from the drawer; return the new passphrase."""
        window = self.start()
        assert isinstance(window, UnlockWindow)
        click(window.recovery_link)
        window.recovery.editor.set_value(" ".join(self.drawer[-1].words))
        self.look(window, "6 Wiederherstellung")
        click(window.open_button)
        self.wait()
        recovering = self.threshold()
        assert isinstance(recovering, RecoverWindow)
        self.look(recovering, "7 Neue Passphrase")
        passphrase = recovering.choice.suggestion.text()
        recovering.choice.repeat.editor.set_value(passphrase)
        click(recovering.set_button)
        self.wait()
        click(recovering.recovery.printer)
        self.look(recovering, "8 Neues Blatt")
        self.prove(recovering)
        self.desk()
        return passphrase

    def settings(self, section: str) -> SettingsPage:
        """Go to a section of the settings."""
        session = self.desk()
        session.window.go("settings", section)
        self.wait()
        page = session.window.current_page()
        assert isinstance(page, SettingsPage)
        return page

    def add_deputy(self, passphrase: str) -> None:
        """Set a deputy up, who types a passphrase of their own."""
        page = self.settings("keys")
        card = page.keys.accesses
        click(card.add_button)
        card.name.editor.set_value(DEPUTY)
        card.choice.kind.set_value("own")
        card.choice.kind.chosen.emit("own")
        for editor in (card.choice.own.editor, card.choice.repeat.editor):
            editor.set_value(DEPUTY_PASSPHRASE)
        card.current.editor.set_value(passphrase)
        self.look(page.window(), "9 Vertretung")
        click(card.save_new)
        self.wait()

    def back_up(self) -> None:
        """Back up by hand, here and on the stick."""
        page = self.settings("backup")
        click(page.backup.backup_button)
        self.wait()
        self.look(page.window(), "10 Sicherung")

    def restore(self, secret: str) -> str:
        """Bring the newest backup of the stick onto this empty laptop; return what the preview said."""
        window = self.start()
        assert isinstance(window, CreateWindow)
        assert self.program is not None
        self.program.door._go_to_restore()  # the quiet link at the foot of the first step
        restoring = self.threshold()
        assert isinstance(restoring, RestoreWindow)
        click(restoring.folder_button)
        self.wait()
        restoring.secret.editor.set_value(secret)
        click(restoring.look_button)
        self.wait()
        self.look(restoring, "11 Vorschau")
        said = restoring.summary.text()
        click(restoring.restore_button)
        self.wait()
        self.look(self.threshold(), "12 Wiederhergestellt")
        self.quit()
        return said

    def revoke_deputy(self, passphrase: str) -> None:
        """Take the deputy's access away for good."""
        page = self.settings("keys")
        card, rotation = page.keys.accesses, page.keys.rotation
        model = card.table.model
        names = [model.data(model.index(place, 0)) for place in range(model.rowCount())]
        card.table.view.selectRow(names.index(DEPUTY))
        click(card.remove_button)
        self.look(page.window(), "13 Entfernen")
        click(card.revoke_button)
        self.wait()
        rotation.current.editor.set_value(passphrase)
        self.look(page.window(), "14 Schluessel wechseln")
        click(rotation.rotate_button)
        self.wait()
        self.look(page.window(), "15 Entzogen")

    def log(self) -> list[str]:
        """Return who stands in the log, newest first."""
        page = self.settings("log")
        self.look(page.window(), "16 Protokoll")
        model = page.log.table.model
        return [model.data(model.index(place, 3)) for place in range(model.rowCount())]
