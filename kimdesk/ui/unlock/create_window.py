"""The assistant of the first start: name, passphrase, recovery sheet, district, place for backups."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.vault import NewVault
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.files import ask_for_folder
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.recovery_sheet import PrintSheet, print_recovery_sheet
from kimdesk.ui.unlock.brand import Threshold
from kimdesk.ui.unlock.passphrase_choice import PassphraseChoice
from kimdesk.ui.unlock.recovery_view import RecoveryView
from kimdesk.ui.unlock.unlock_window import Link
from kimdesk.ui.widgets import (
    Banner,
    Button,
    ChoiceField,
    Field,
    PhaseStepper,
    ProgressNote,
    SectionCard,
    Step,
    StepState,
    Text,
    TextField,
    row,
    size_within_screen,
)

NAME, PASSPHRASE, RECOVERY, DISTRICT, BACKUP = range(5)


class CreateWindow(Threshold):
    """Leads through the five steps; `created` carries what `create(name, passphrase)` returned, at the end.

    `suggest()` returns a generated passphrase. `arrange(made, district, place)` keeps the last two steps and writes the
    first backup; None for no second place. `abandoned` carries a vault whose window was closed before the end.
    """

    created = Signal(object)
    abandoned = Signal(object)

    def __init__(
        self,
        create: Callable[[str, str], NewVault],
        suggest: Callable[[], str],
        arrange: Callable[[NewVault, str, Path | None], object],
        jobs: Jobs,
        *,
        districts: Sequence[tuple[str, str]],
        district: str = "",
        suggested_name: str = "",
        cost: Callable[[NewVault], str] = lambda made: "",
        print_sheet: PrintSheet = print_recovery_sheet,
        choose_folder: Callable[[QWidget, str], Path | None] = ask_for_folder,
        links: Sequence[Link] = (),
        probe: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        super().__init__(is_demo=False, width=720)
        self._create, self._arrange, self._jobs, self._cost = create, arrange, jobs, cost
        self._choose_folder = choose_folder
        self._made: NewVault | None = None
        self._is_done = False
        self.place: Path | None = None
        self.stepper = PhaseStepper()
        self.banner = Banner("", Meaning.DANGER)
        self.banner.hide()
        self.middle.addWidget(self.stepper)
        self.middle.addWidget(self.banner)
        self._step_pages = (
            self._name_step(suggested_name, links),
            self._passphrase_step(suggest),
            self._recovery_step(print_sheet, probe),
            self._district_step(districts, district),
            self._backup_step(),
        )
        for page in self._step_pages:
            self.middle.addWidget(page)
        self.middle.addStretch(2)
        self.show_step(NAME)
        size_within_screen(self, 900, 730)

    # The steps

    def _name_step(self, suggested_name: str, links: Sequence[Link]) -> QWidget:
        self.name = Field(
            _("Name des Tresors"),
            TextField(longest=80),
            help=_("Zum Beispiel die Dienststelle. Er steht unverschlüsselt auf dem Laptop."),
            required=True,
        )
        self.name.editor.set_value(suggested_name)
        self.to_passphrase = Button(_("Weiter"), "primary", on_click=self._name_given)
        self.name.editor.line.returnPressed.connect(self._name_given)
        card = SectionCard(_("Ein Tresor für Ihre Fallakten"))
        explained = _(
            "KIM Desk legt alle Fallakten verschlüsselt auf diesem Laptop ab. Ohne Ihre Passphrase kann sie niemand "
            "lesen. Das Anlegen dauert fünf Minuten; halten Sie einen Drucker oder Stift und Papier bereit, und wenn "
            "möglich einen USB-Stick für Sicherungen."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.name)
        ways = [Button(word, "link", on_click=call) for word, call in links]
        card.add(row(*ways, None, self.to_passphrase))
        return card

    def _passphrase_step(self, suggest: Callable[[], str]) -> QWidget:
        self.choice = PassphraseChoice(suggest)
        self.choice.finished.connect(self._passphrase_given)
        self.make = Button(_("Tresor anlegen"), "primary", symbol=Icon.LOCK, on_click=self._passphrase_given)
        self._back = Button(_("Zurück"), "quiet", on_click=lambda: self.show_step(NAME))
        self.progress = ProgressNote()
        card = SectionCard(_("Passphrase"))
        explained = _(
            "Mit ihr öffnen Sie den Tresor jeden Tag. Schreiben Sie sie auf, bis Sie sie auswendig können, und "
            "vernichten Sie den Zettel dann."
        )
        measured = _(
            "Beim Anlegen misst das Programm, wie viel Rechenarbeit dieser Laptop in etwa einer Sekunde schafft. So "
            "viel verlangt es bei jedem Öffnen, von Ihnen wie von jemandem, der Passphrasen durchprobiert."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.choice)
        card.add(Text(measured, "meta", wrap=True))
        card.add(row(self._back, None, self.progress, self.make))
        return card

    def _recovery_step(self, print_sheet: PrintSheet, probe: Callable[[int], int]) -> QWidget:
        self.recovery = RecoveryView(print_sheet, probe=probe)
        self.recovery.confirmed.connect(self._sheet_is_safe)
        self.cost_line = Text("", "meta", wrap=True)
        card = SectionCard(_("Wiederherstellungsblatt"))
        card.add(self.recovery)
        card.add(self.cost_line)
        return card

    def _district_step(self, districts: Sequence[tuple[str, str]], district: str) -> QWidget:
        self.district = Field(_("Kreis"), ChoiceField(list(districts), empty=None))
        self.district.editor.set_value(district or districts[0][0])
        self.to_backup = Button(_("Weiter"), "primary", on_click=lambda: self.show_step(BACKUP))
        card = SectionCard(_("Ihr Kreis"))
        explained = _(
            "Er bestimmt, welche Kommunen und Behörden zur Wahl stehen, wie Dinge heißen und wie lange Akten bleiben. "
            "Sie können ihn später in den Einstellungen ändern."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.district)
        card.add(row(None, self.to_backup))
        return card

    def _backup_step(self) -> QWidget:
        self.place_line = Text(_("Noch kein zweiter Ort gewählt."), "strong", wrap=True)
        self.place_button = Button(_("Ordner wählen …"), symbol=Icon.SAVE, on_click=self._choose_place)
        self.to_district = Button(_("Zurück"), "quiet", on_click=lambda: self.show_step(DISTRICT))
        self.finish = Button(_("Fertig"), "primary", symbol=Icon.CHECK, on_click=self._arrange_all)
        self.last_progress = ProgressNote()
        card = SectionCard(_("Sicherungen"))
        explained = _(
            "KIM Desk sichert jeden Tag verschlüsselt, zuerst im Ordner des Tresors. Das hilft nicht, wenn der Laptop "
            "gestohlen wird: Wählen Sie dafür einen zweiten Ort, einen USB-Stick oder ein Netzlaufwerk. Fehlt er an "
            "einem Tag, wird die Sicherung nachgeholt, sobald er wieder da ist."
        )
        card.add(Text(explained, "muted", wrap=True))
        chosen = row(self.place_button, self.place_line)
        chosen.setStretch(1, 1)
        card.add(chosen)
        card.add(row(self.to_district, None, self.last_progress, self.finish))
        return card

    def show_step(self, number: int) -> None:
        """Show the step `NAME`, `PASSPHRASE`, `RECOVERY`, `DISTRICT` or `BACKUP`."""
        titles = (_("Name"), _("Passphrase"), _("Wiederherstellung"), _("Kreis"), _("Sicherung"))
        states = [
            StepState.DONE if place < number else StepState.NOW if place == number else StepState.OPEN
            for place in range(len(titles))
        ]
        self.stepper.set_steps([Step(str(place), title, states[place]) for place, title in enumerate(titles)])
        self.stepper.setEnabled(False)
        self.step_number = number
        self.banner.hide()
        for place, page in enumerate(self._step_pages):
            page.setVisible(place == number)
        first: tuple[QWidget, ...] = (self.name, self.choice, self.recovery, self.district, self.place_button)
        first[number].setFocus()
        if number == NAME:
            self.name.editor.line.selectAll()  # typing replaces the suggestion

    # What the user does

    def _name_given(self) -> None:
        if self.name.check():
            self.show_step(PASSPHRASE)

    def _passphrase_given(self) -> None:
        passphrase = self.choice.take()
        if passphrase is None or not self.make.isEnabled():
            return
        name = self.name.editor.value()
        self.banner.hide()
        self.make.set_busy(True)
        self._back.set_busy(True)
        self.progress.start(_("Der Tresor wird angelegt …"))
        self._jobs.read(
            lambda: self._create(name, passphrase),
            self._show_recovery,
            self._refused,
            owner=self,
            always=self._made_or_not,
        )

    def _made_or_not(self) -> None:
        self.progress.stop()
        self.make.set_busy(False)
        self._back.set_busy(False)

    def _refused(self, error: KnownError) -> None:
        self.banner.set_text(render_error(error))
        self.banner.show()

    def _show_recovery(self, made: NewVault) -> None:
        self._made = made
        self.choice.clear()
        self.recovery.show_sheet(made.recovery_sheet)
        self.cost_line.setText(self._cost(made))
        self.show_step(RECOVERY)

    def _sheet_is_safe(self) -> None:
        self.recovery.put_away()
        self.show_step(DISTRICT)

    def _choose_place(self) -> None:
        place = self._choose_folder(self, _("Wohin sollen die Sicherungen?"))
        if place is not None:
            self.place = place
            self.place_line.setText(str(place))
            self.finish.setFocus()

    def _arrange_all(self) -> None:
        made, district, place = self._made, str(self.district.editor.value()), self.place
        if made is None:
            return
        self.finish.set_busy(True)
        self.to_district.set_busy(True)
        self.last_progress.start(_("Die erste Sicherung wird geschrieben und geprüft …"))
        self._jobs.read(
            lambda: self._arrange(made, district, place),
            lambda _nothing: self._done(made),
            self._refused,
            owner=self,
            always=self._arranged_or_not,
        )

    def _arranged_or_not(self) -> None:
        self.last_progress.stop()
        self.finish.set_busy(False)
        self.to_district.set_busy(False)

    def _done(self, made: NewVault) -> None:
        self._is_done = True
        self.created.emit(made)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self._made is not None and not self._is_done:
            self._is_done = True
            self.abandoned.emit(self._made)
