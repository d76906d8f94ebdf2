"""The languages of a handout: one chip each, beside German or alone, and what has to be known about them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES
from kimdesk.documents.review import review_state
from kimdesk.i18n import _
from kimdesk.offers.model import Offer
from kimdesk.ui.design import Meaning, Space
from kimdesk.ui.widgets import Badge, CheckField, ChoiceChips, Text, column, row


class LanguageBar(QWidget):
    """`changed` when the pages need other languages; `chosen_by_hand` tells whether the user chose the language."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chosen_by_hand = False
        self.chips = ChoiceChips([(code, _name(code)) for code in HANDOUT_LANGUAGES], required=True, space=Space.XS)
        self.chips.set_names(_("Sprache des Ausdrucks"), "")
        self.chips.set_value(GERMAN)
        self.chips.chosen.connect(lambda _code: self.choose(self.code()))
        self.beside_german = CheckField(_("Zweisprachig mit Deutsch"))
        self.beside_german.set_value(True)
        self.beside_german.finished.connect(self._tell)
        self.review = Badge(_("Feste Texte noch nicht muttersprachlich geprüft"), Meaning.ATTENTION)
        self.missing_text = Text("", "meta", elide=True)
        below = row(self.beside_german, self.review, self.missing_text)
        below.setStretch(2, 1)
        self.setLayout(column(self.chips, below, space=Space.XS))
        self._show_state()

    def code(self) -> str:
        """Return the language chosen."""
        return str(self.chips.value() or GERMAN)

    def choose(self, code: str, *, by_hand: bool = True) -> None:
        """Choose a language; tells."""
        self.chosen_by_hand = by_hand
        self.chips.set_value(code)
        self._tell()

    def _tell(self) -> None:
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        self.beside_german.entry.setEnabled(self.code() != GERMAN)
        self.review.setVisible(not review_state(self.code()).all_reviewed)

    def say_what_is_missing(self, offer: Offer | None) -> None:
        """Point out that `offer` has no text in the language chosen."""
        lacks = offer is not None and self.code() not in (GERMAN, *offer.languages_written())
        sentence = _("Für dieses Angebot gibt es noch keinen Text auf {language}.")
        self.missing_text.setText(sentence.format(language=_(HANDOUT_LANGUAGES[self.code()].name)) if lacks else "")


def _name(code: str) -> str:
    """Return what a chip says: both names, or only the native one where every reader knows it by its letters."""
    language = HANDOUT_LANGUAGES[code]
    if language.script == "Latn":
        return language.native_name
    german = _(language.name).partition(" (")[0] if code != "fa_AF" else "Dari"  # short: many chips
    return f"{german} · {language.native_name}"
