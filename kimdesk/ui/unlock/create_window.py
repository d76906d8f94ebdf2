"""The assistant of the first start: name, passphrase, recovery key."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.unlock.brand import Threshold
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.unlock.strength import STRONG_FROM, WEAK_BELOW, estimate_bits
from kimdesk.ui.unlock.unlock_window import Link
from kimdesk.ui.widgets import (
    Banner,
    Button,
    ChoiceChips,
    Field,
    IconButton,
    Panel,
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

_SUGGESTED, _OWN = "suggested", "own"
_GROUPS_IN_A_ROW = 3


class MadeVault(Protocol):
    """What making a vault returns: the recovery key is shown once and kept nowhere."""

    @property
    def recovery_key(self) -> str: ...


class CreateWindow(Threshold):
    """Leads through the three steps; `created` carries what `create(name, passphrase)` returned, once the recovery
    key is confirmed. `suggest()` returns a generated passphrase, `print_recovery(name, key)` prints the sheet.
    `probe(groups)` picks the group of the key asked for (0-based).
    """

    created = Signal(object)

    def __init__(
        self,
        create: Callable[[str, str], MadeVault],
        suggest: Callable[[], str],
        jobs: Jobs,
        *,
        suggested_name: str = "",
        print_recovery: Callable[[str, str], object] | None = None,
        links: Sequence[Link] = (),
        probe: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        super().__init__(is_demo=False, width=640)
        self._create, self._suggest, self._jobs, self._probe = create, suggest, jobs, probe
        self._print_recovery = print_recovery
        self._made: MadeVault | None = None
        self._asked = 0
        self.stepper = PhaseStepper()
        self.banner = Banner("", Meaning.DANGER)
        self.banner.hide()
        self.middle.addWidget(self.stepper)
        self.middle.addWidget(self.banner)
        self._step_pages = (self._name_step(suggested_name, links), self._passphrase_step(), self._recovery_step())
        for page in self._step_pages:
            self.middle.addWidget(page)
        self.middle.addStretch(2)
        self.new_suggestion()
        self.show_step(0)
        size_within_screen(self, 860, 680)

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
        card.add(
            Text(
                _(
                    "KIM Desk legt alle Fallakten verschlüsselt auf diesem Laptop ab. Ohne Ihre Passphrase kann sie "
                    "niemand lesen. Das Anlegen dauert zwei Minuten; halten Sie Stift und Papier oder einen Drucker "
                    "bereit."
                ),
                "muted",
                wrap=True,
            )
        )
        card.add(self.name)
        ways = [Button(word, "link", on_click=call) for word, call in links]
        card.add(row(*ways, None, self.to_passphrase))
        return card

    def _passphrase_step(self) -> QWidget:
        self.kind = ChoiceChips([(_SUGGESTED, _("Vorschlag")), (_OWN, _("Eigene Passphrase"))], required=True)
        self.kind.set_value(_SUGGESTED)
        self.kind.chosen.connect(lambda _value: self._show_kind())
        self.suggestion = Text("", "section", wrap=True, selectable=True)
        words = row(space=Space.S, margin=Space.M)
        words.addWidget(self.suggestion, 1)
        words.addWidget(IconButton(Icon.REFRESH, _("Anderer Vorschlag"), self.new_suggestion))
        self.suggestion_box = Panel("well", words)
        self.own = Field(_("Passphrase"), PassphraseField(), help=_("Am besten sechs Wörter ohne Zusammenhang."))
        self.strength = Text("", "meta", wrap=True)
        self.repeat = Field(_("Passphrase zur Probe eingeben"), PassphraseField())
        self.own.editor.changed.connect(self._show_strength)
        self.repeat.editor.finished.connect(self._passphrase_given)
        self.make = Button(_("Tresor anlegen"), "primary", symbol=Icon.LOCK, on_click=self._passphrase_given)
        self._back = Button(_("Zurück"), "quiet", on_click=lambda: self.show_step(0))
        self.progress = ProgressNote()
        card = SectionCard(_("Passphrase"))
        card.add(
            Text(
                _("Mit ihr öffnen Sie den Tresor jeden Tag. Schreiben Sie sie auf, bis Sie sie auswendig können."),
                "muted",
                wrap=True,
            )
        )
        card.add(self.kind)
        card.add(self.suggestion_box)
        card.add(self.own)
        card.add(self.strength)
        card.add(self.repeat)
        card.add(row(self._back, None, self.progress, self.make))
        self._show_kind()
        return card

    def _recovery_step(self) -> QWidget:
        self._groups = QGridLayout()
        self._groups.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._groups.setHorizontalSpacing(Space.XL)
        self._groups.setVerticalSpacing(Space.S)
        self.printer = Button(_("Drucken"), symbol=Icon.PRINT, on_click=self._print)
        self.printer.setVisible(self._print_recovery is not None)
        self.proof = Field(_("Zur Probe"), TextField())
        self.proof.editor.line.returnPressed.connect(self._confirm)
        self.finish = Button(_("Fertig"), "primary", symbol=Icon.CHECK, on_click=self._confirm)
        card = SectionCard(_("Wiederherstellungsschlüssel"), actions=(self.printer,))
        card.add(
            Banner(
                _(
                    "Er wird nur jetzt gezeigt. Drucken Sie ihn aus oder schreiben Sie ihn ab, und bewahren Sie ihn "
                    "getrennt vom Laptop auf. Ohne Passphrase und ohne diesen Schlüssel sind die Akten verloren."
                ),
                Meaning.ATTENTION,
            )
        )
        card.add(Panel("well", self._groups))
        card.add(self.proof)
        card.add(row(None, self.finish))
        return card

    def show_step(self, number: int) -> None:
        """Show step 0 (name), 1 (passphrase) or 2 (recovery key)."""
        titles = (_("Name"), _("Passphrase"), _("Wiederherstellung"))
        states = [
            StepState.DONE if place < number else StepState.NOW if place == number else StepState.OPEN
            for place in range(len(titles))
        ]
        self.stepper.set_steps([Step(str(place), title, states[place]) for place, title in enumerate(titles)])
        self.stepper.setEnabled(False)
        self.step_number = number
        for place, page in enumerate(self._step_pages):
            page.setVisible(place == number)
        (self.name, self.repeat, self.proof)[number].setFocus()
        if number == 0:
            self.name.editor.line.selectAll()  # typing replaces the suggestion

    def new_suggestion(self) -> None:
        """Show another generated passphrase."""
        self.suggestion.setText(self._suggest())

    def _show_kind(self) -> None:
        own = self.kind.value() == _OWN
        self.suggestion_box.setVisible(not own)
        self.own.setVisible(own)
        self.strength.setVisible(own)
        self._show_strength()
        self.repeat.editor.clear()
        self.repeat.set_error("")

    def _show_strength(self) -> None:
        bits = estimate_bits(self.own.editor.value())
        if not self.own.editor.value():
            self.strength.setText("")
            self.strength.set_meaning(None)
        elif bits < WEAK_BELOW:
            self.strength.setText(_("Schwach: Sie wäre zu erraten. Fügen Sie Wörter hinzu, die nicht zusammengehören."))
            self.strength.set_meaning(Meaning.DANGER)
        elif bits < STRONG_FROM:
            self.strength.setText(_("Brauchbar: Ein Wort mehr macht sie stark."))
            self.strength.set_meaning(Meaning.ATTENTION)
        else:
            self.strength.setText(_("Stark."))
            self.strength.set_meaning(Meaning.GOOD)

    # What the user does

    def _name_given(self) -> None:
        if self.name.check():
            self.show_step(1)

    def _passphrase(self) -> str:
        return self.own.editor.value() if self.kind.value() == _OWN else self.suggestion.text()

    def _passphrase_given(self) -> None:
        passphrase = self._passphrase()
        if self.kind.value() == _OWN and estimate_bits(passphrase) < WEAK_BELOW:
            self.own.set_error(_("Bitte wählen Sie eine stärkere Passphrase oder nehmen Sie den Vorschlag."))
            self.own.setFocus()
            return
        if self.repeat.editor.value() != passphrase:
            self.repeat.set_error(_("Das stimmt nicht überein. Bitte geben Sie die Passphrase noch einmal ein."))
            self.repeat.setFocus()
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

    def _show_recovery(self, made: MadeVault) -> None:
        self._made = made
        for editor in (self.own.editor, self.repeat.editor):
            editor.clear()
        self.suggestion.setText("")
        groups = made.recovery_key.split("-")
        self._asked = self._probe(len(groups))
        for place, group in enumerate(groups):
            number = Text(f"{place + 1}.", "meta")
            letters = Text(group, "section", selectable=True)
            cell = row(number, letters, None, space=Space.S)
            self._groups.addLayout(cell, place // _GROUPS_IN_A_ROW, place % _GROUPS_IN_A_ROW)
        self.proof.set_label(_("Zur Probe: Wie lautet die {number}. Gruppe?").format(number=self._asked + 1))
        self.show_step(2)

    def _print(self) -> None:
        if self._print_recovery is not None and self._made is not None:
            self._print_recovery(self.name.editor.value(), self._made.recovery_key)

    def _confirm(self) -> None:
        if self._made is None:
            return
        wanted = self._made.recovery_key.split("-")[self._asked]
        typed = self.proof.editor.value().upper().replace("O", "0").replace("I", "1").replace("L", "1")
        if typed != wanted:
            self.proof.set_error(_("Das ist nicht die gesuchte Gruppe. Bitte sehen Sie auf Ihrem Blatt nach."))
            self.proof.setFocus()
            return
        self.created.emit(self._made)
