"""A new passphrase: a generated one or one's own with its strength, and typed once more as a proof."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.unlock.strength import STRONG_FROM, WEAK_BELOW, estimate_bits
from kimdesk.ui.widgets import ChoiceChips, Field, IconButton, Panel, Text, column, row

_SUGGESTED, _OWN = "suggested", "own"


def strength_words(passphrase: str) -> tuple[str, Meaning | None]:
    """Return what to say of the strength of a passphrase of one's own, and what it means."""
    if not passphrase:
        return "", None
    bits = estimate_bits(passphrase)
    if bits < WEAK_BELOW:
        weak = _("Schwach: Sie wäre zu erraten. Fügen Sie Wörter hinzu, die nicht zusammengehören.")
        return weak, Meaning.DANGER
    if bits < STRONG_FROM:
        return _("Brauchbar: Ein Wort mehr macht sie stark."), Meaning.ATTENTION
    return _("Stark."), Meaning.GOOD


class PassphraseChoice(QWidget):
    """`finished` when Enter is pressed in the last field; `take` returns what was chosen, or shows what is wrong."""

    finished = Signal()

    def __init__(self, suggest: Callable[[], str]) -> None:
        super().__init__()
        self._suggest = suggest
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
        self.repeat.editor.finished.connect(self.finished)
        self.setLayout(column(self.kind, self.suggestion_box, self.own, self.strength, self.repeat))
        self.setFocusProxy(self.repeat)
        self.new_suggestion()
        self._show_kind()

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
        text, meaning = strength_words(self.own.editor.value())
        self.strength.setText(text)
        self.strength.set_meaning(meaning)

    def take(self) -> str | None:
        """Return the passphrase, or None after showing at its field what is wrong."""
        own = self.kind.value() == _OWN
        passphrase = self.own.editor.value() if own else self.suggestion.text()
        if own and estimate_bits(passphrase) < WEAK_BELOW:
            self.own.set_error(_("Bitte wählen Sie eine stärkere Passphrase oder nehmen Sie den Vorschlag."))
            self.own.setFocus()
            return None
        if self.repeat.editor.value() != passphrase:
            self.repeat.set_error(_("Das stimmt nicht überein. Bitte geben Sie die Passphrase noch einmal ein."))
            self.repeat.setFocus()
            return None
        return passphrase

    def clear(self) -> None:
        """Put what was chosen away."""
        for editor in (self.own.editor, self.repeat.editor):
            editor.clear()
        self.suggestion.setText("")
