"""Everything before the desk: which window stands there, and how one leads to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.i18n.formats import moment, number, short_date
from kimdesk.services.entrance import Entrance
from kimdesk.services.settings import DEFAULT_PROFILE
from kimdesk.services.vault import NewVault, SlotKind, VaultInfo, may_open_all_the_same, suggest_passphrase
from kimdesk.services.vault_backups import Restored
from kimdesk.ui.files import ask_for_folder
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.recovery_sheet import PrintSheet, print_recovery_sheet
from kimdesk.ui.unlock.create_window import CreateWindow
from kimdesk.ui.unlock.recover_window import RecoverWindow
from kimdesk.ui.unlock.restore_window import RestoreWindow
from kimdesk.ui.unlock.unlock_window import UnlockWindow


@dataclass(frozen=True)
class DoorDialogs:
    """What asks and prints; tests hand in their own."""

    choose_folder: Callable[[QWidget, str], Path | None] = ask_for_folder
    print_sheet: PrintSheet = print_recovery_sheet


class Door(QObject):
    """`entered` carries the vault once it is open and has a passphrase again. `window` is what stands there."""

    entered = Signal(object)

    def __init__(self, entrance: Entrance, jobs: Jobs, dialogs: DoorDialogs | None = None) -> None:
        super().__init__()
        self._entrance, self._jobs = entrance, jobs
        self._dialogs = dialogs or DoorDialogs()
        self.window: QWidget | None = None

    def begin(self, notice: str = "", *, warning: str = "") -> None:
        """Show the unlock window of the vault in the folder, with what happened before, or the assistant."""
        if not self._entrance.has_vault():
            self._show(self._create_window())
            return
        window = self._unlock_window(notice)
        if warning:
            window.say(warning)
        self._show(window)

    def close(self) -> None:
        """Take the window away."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None

    def _show(self, window: QWidget) -> None:
        before, self.window = self.window, window
        window.show()
        if before is not None:
            before.close()
            before.deleteLater()

    # Opening

    def _unlock_window(self, notice: str) -> UnlockWindow:
        entrance = self._entrance
        problem: KnownError | None = None
        info: VaultInfo | None = None
        try:
            info = entrance.describe()
        except KnownError as error:
            problem = error
        last = entrance.last_backup_at()
        window = UnlockWindow(
            info.name if info is not None else entrance.folder.name,
            lambda secret, despite_alarm: entrance.open(secret, despite_alarm=despite_alarm),
            self._jobs,
            demo_passphrase=info.demo_passphrase if info is not None else None,
            seconds_to_wait=info.seconds_to_wait if info is not None else 0,
            last_backup=_("Letzte Sicherung: {when}").format(when=moment(last))
            if last
            else _("Noch keine Sicherung auf diesem Laptop."),
            problem=problem,
            may_override=may_open_all_the_same,
            deputies=self._deputy_lines(info),
            notice=notice,
            links=((_("Sicherung wiederherstellen"), self._go_to_restore),),
        )
        window.unlocked.connect(self._opened)
        return window

    def _deputy_lines(self, info: VaultInfo | None) -> list[str]:
        lines = []
        for kind, label, ends in info.accesses if info is not None else ():
            if kind is not SlotKind.DEPUTY:
                continue
            if ends is None:
                lines.append(_("{name}, ohne Ende").format(name=label))
                continue
            words = _("{name}, abgelaufen am {day}") if ends <= self._entrance.clock.now() else _("{name}, bis {day}")
            lines.append(words.format(name=label, day=short_date(ends.astimezone(OFFICE_ZONE).date())))
        return lines

    def _opened(self, vault: Any) -> None:
        if not self._entrance.must_be_recovered(vault):
            self.entered.emit(vault)
            return
        window = RecoverWindow(
            lambda passphrase: self._entrance.recover(vault, passphrase),
            suggest_passphrase,
            self._jobs,
            print_sheet=self._dialogs.print_sheet,
        )
        window.done.connect(lambda: self.entered.emit(vault))
        window.abandoned.connect(lambda: vault.close())
        self._show(window)

    # Making

    def _create_window(self) -> CreateWindow:
        window = CreateWindow(
            self._entrance.make,
            suggest_passphrase,
            self._entrance.arrange,
            self._jobs,
            districts=self._entrance.districts(),
            district=DEFAULT_PROFILE,
            suggested_name=_("Fallakten"),
            cost=self._cost_words,
            print_sheet=self._dialogs.print_sheet,
            choose_folder=self._dialogs.choose_folder,
            links=((_("Sicherung wiederherstellen"), self._go_to_restore),),
        )
        window.created.connect(lambda made: self.entered.emit(made.vault))
        window.abandoned.connect(lambda made: made.vault.close())
        return window

    def _cost_words(self, made: NewVault) -> str:
        memory, passes = self._entrance.cost_of(made)
        return _("So viel verlangt jedes Öffnen: {memory} MB Arbeitsspeicher, {passes} Durchgänge.").format(
            memory=number(memory), passes=number(passes)
        )

    # Bringing back

    def _go_to_restore(self) -> None:
        entrance = self._entrance
        name = ""
        if entrance.has_vault():
            try:
                name = entrance.describe().name
            except KnownError:
                name = entrance.folder.name
        window = RestoreWindow(
            entrance.backups_in,
            entrance.preview,
            entrance.restore,
            self._jobs,
            replaces=name,
            look_first=entrance.folder if name else None,
            choose_folder=self._dialogs.choose_folder,
        )
        window.left.connect(lambda: self.begin())
        window.restored.connect(self._restored)
        self._show(window)

    def _restored(self, restored: Restored) -> None:
        notice = _("Die Sicherung ist wiederhergestellt. Sie öffnet sich mit den Passphrasen von damals.")
        if restored.kept_aside is not None:
            kept = _("Der bisherige Tresor liegt im Ordner {folder}.").format(folder=restored.kept_aside.name)
            notice = f"{notice} {kept}"
        self.begin(notice)
