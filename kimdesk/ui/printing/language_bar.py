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

# Two of a kind: what stands in brackets tells them apart.
_ONE_OF_SEVERAL = frozenset({"fa_AF", "ku", "ckb"})


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
        for code, language in HANDOUT_LANGUAGES.items():
            self.chips.chip(code).setToolTip(language.native_name)
        self.beside_german = CheckField(_("Zweisprachig mit Deutsch"))
        self.beside_german.set_value(True)
        self.beside_german.finished.connect(self._tell)
        self.large = CheckField(_("Großdruck"))
        self.large.finished.connect(self.changed)
        self.several = CheckField(_("Weitere Sprachen"))
        self.several.finished.connect(self._show_further)
        self.further = ChoiceChips([(code, _name(code)) for code in HANDOUT_LANGUAGES], several=True, space=Space.XS)
        self.further.set_names(_("Weitere Sprachen des Ausdrucks"), "")
        self.further.chosen.connect(lambda _codes: self._tell())
        self.further.hide()
        self.review = Badge(_("Feste Texte noch nicht muttersprachlich geprüft"), Meaning.ATTENTION)
        self.missing_text = Text("", "meta", elide=True)
        below = row(self.beside_german, self.several, self.large, self.review, self.missing_text)
        below.setStretch(4, 1)
        self.setLayout(column(self.chips, self.further, below, space=Space.XS))
        self._show_state()

    def code(self) -> str:
        """Return the language chosen."""
        return str(self.chips.value() or GERMAN)

    def codes_further(self) -> tuple[str, ...]:
        """Return the further languages wanted, each with pages of its own."""
        return tuple(self.further.values()) if self.several.value() else ()

    def _show_further(self) -> None:
        self.further.setVisible(self.several.value())
        self._tell()

    def choose(self, code: str, *, by_hand: bool = True) -> None:
        """Choose a language; tells."""
        self.chosen_by_hand = by_hand
        self.chips.set_value(code)
        self._tell()

    def _tell(self) -> None:
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        self.beside_german.entry.setEnabled({self.code(), *self.codes_further()} != {GERMAN})
        shown = {self.code(), *self.codes_further()}
        self.review.setVisible(not all(review_state(code).all_reviewed for code in shown))

    def say_what_is_missing(self, offer: Offer | None) -> None:
        """Point out that `offer` has no text in the language chosen."""
        lacks = offer is not None and self.code() not in (GERMAN, *offer.languages_written())
        sentence = _("Für dieses Angebot gibt es noch keinen Text auf {language}.")
        self.missing_text.setText(sentence.format(language=_(HANDOUT_LANGUAGES[self.code()].name)) if lacks else "")


def _name(code: str) -> str:
    """Return what a chip says: the name in the user's language, short; the chip's tip has the native one."""
    name = _(HANDOUT_LANGUAGES[code].name)
    if code in _ONE_OF_SEVERAL:
        return name.partition("(")[2].rstrip(")")
    return name.partition(" (")[0]
