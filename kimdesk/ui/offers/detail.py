"""One offer with all its facts, in the language chosen, everything to be copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from kimdesk.documents.languages import HANDOUT_LANGUAGES
from kimdesk.domain.vocabulary import label
from kimdesk.i18n import _, is_right_to_left
from kimdesk.i18n.formats import moment, number, short_date
from kimdesk.offers.model import Offer, OfferFacts, OfferText
from kimdesk.services.offers import OfferView
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.messages import Messages
from kimdesk.ui.offers.words import ages, language_name, status_word
from kimdesk.ui.widgets import (
    Badge,
    Button,
    ChoiceField,
    IconButton,
    IconMark,
    Line,
    Panel,
    Scroll,
    Text,
    column,
    describe,
    put,
    row,
)


@dataclass(frozen=True, slots=True)
class _Fact:
    """A line of facts: sign, what it is, the values, and whether each has a button that copies it."""

    symbol: Icon
    word: str
    values: Sequence[str]
    copied: bool = False


class OfferDetail(QFrame):
    """Shows an offer. `print_wanted(UUID, language)`, `remember_wanted(UUID)`, `begin_wanted` with "referral" or
    "measure", `closed` on Esc or the arrow back."""

    print_wanted = Signal(object, str)
    remember_wanted = Signal(object)
    begin_wanted = Signal(str)
    closed = Signal()

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        put(self, role="card")
        self._messages = messages
        self._view: OfferView | None = None
        self._commune_names: dict[str, str] = {}
        self.title = Text("", "section", wrap=True, selectable=True)
        self.provider = Text("", "muted", wrap=True, selectable=True)
        self.back = IconButton(Icon.BACK, _("Zurück zu den Treffern"), self.closed.emit)
        self.back.hide()
        self.print = Button(_("Drucken"), "primary", symbol=Icon.PRINT, on_click=self._print)
        self.remember = Button(_("Für Fall merken"), symbol=Icon.PIN, on_click=self._remember)
        self.refer = Button(
            _("Verweisen"), "quiet", symbol=Icon.SEND, on_click=lambda: self.begin_wanted.emit("referral")
        )
        self.plan = Button(
            _("Als Maßnahme"), "quiet", symbol=Icon.TASKS, on_click=lambda: self.begin_wanted.emit("measure")
        )
        self.misfit = Badge("", Meaning.ATTENTION)
        self.open_now = Text("", "strong", wrap=True)
        self.copy_contact = Button(_("Kontakt kopieren"), "quiet", symbol=Icon.COPY, on_click=self._copy_contact)
        self.set_for_case(False)
        self.languages = ChoiceField(empty=None)
        self.languages.combo.setMinimumContentsLength(18)
        self.languages.set_names(_("Sprache des Textes"), "")
        self.languages.finished.connect(self._show_text)
        self.language_row = Panel("page", row(Text(_("Text auf"), "meta"), self.languages, None))
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(Space.L, Space.M, Space.M, Space.L)
        self._column.setSpacing(Space.M)
        self._below = QWidget()
        self._column.addLayout(column(self.title, self.provider, self.misfit, self.open_now, space=2))
        self._column.addWidget(self.language_row)
        self._column.addWidget(self._below, 1)
        self.text_area = Scroll(self._content)
        self.text_area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll a long text
        describe(self.text_area, _("Angebot"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        head = row(self.back, self.print, self.remember, None)
        head.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        layout.addLayout(head)
        self.second_row = row(self.refer, self.plan, self.copy_contact, None)
        self.second_row.setContentsMargins(Space.L, 0, Space.M, Space.S)
        layout.addLayout(self.second_row)
        layout.addWidget(Line())
        layout.addWidget(self.text_area, 1)

    def add_foot(self, widget: QWidget) -> None:
        """Put a widget below everything that is said about an offer."""
        self._column.addWidget(widget)

    def set_communes(self, names: dict[str, str]) -> None:
        """Know the names of the communes by AGS."""
        self._commune_names = names

    def set_for_case(self, open_case: bool) -> None:
        """Offer to begin something with the offer where there is an open case to begin it in."""
        self.refer.setVisible(open_case)
        self.plan.setVisible(open_case)

    def offer(self) -> Offer | None:
        """Return the offer shown."""
        return self._view.offer if self._view is not None else None

    def _refer(self) -> None:
        self.begin_wanted.emit("referral")

    def _plan(self) -> None:
        self.begin_wanted.emit("measure")

    def _copy_contact(self) -> None:
        if self._view is not None:
            QGuiApplication.clipboard().setText(contact_lines(self._view.offer))
            self._messages.info(_("Die Kontaktdaten sind kopiert."))

    def show_offer(self, view: OfferView, misfit: str = "", open_now: str = "") -> None:
        """Show an offer, in the language chosen before if there is a text in it, and why it does not suit."""
        for label_of_state, words in ((self.misfit, misfit), (self.open_now, open_now)):
            label_of_state.setText(words)
            label_of_state.setVisible(bool(words))
        before = self._language()
        self._view = view
        codes = view.offer.languages_written()
        self.languages.set_options([(code, _chip(code)) for code in codes])
        self.languages.set_value(before if before in codes else codes[0])
        self.language_row.setVisible(len(codes) > 1)
        self._show_text()
        self.text_area.verticalScrollBar().setValue(0)

    def offer_id(self) -> UUID | None:
        """Return the id of the offer shown."""
        return self._view.offer.id if self._view is not None else None

    def _language(self) -> str:
        return self.languages.value() or ""

    def _print(self) -> None:
        if self._view is not None:
            self.print_wanted.emit(self._view.offer.id, self._language())

    def _remember(self) -> None:
        if self._view is not None:
            self.remember_wanted.emit(self._view.offer.id)

    def _show_text(self) -> None:
        """Build what is below title and languages anew."""
        view = self._view
        if view is None:
            return
        code, text = view.offer.text_in(self._language())
        self.title.setText(text.title)
        _turn(self.title, code)
        self.provider.setText(view.offer.facts.provider)
        self.provider.setVisible(bool(view.offer.facts.provider))
        describe(self, text.title, _("Angebot"))
        below = QWidget()
        content = column(space=Space.M)
        below.setLayout(content)
        if word := status_word(view.offer.facts.status):
            content.addWidget(Badge(word, Meaning.ATTENTION))
        for fact in _contact_facts(view.offer.facts):
            content.addLayout(self._fact(fact))
        content.addWidget(Line())
        for paragraph in _paragraphs(text):
            label_of_text = Text(paragraph, wrap=True, selectable=True)
            _turn(label_of_text, code)
            content.addWidget(label_of_text)
        if text.access_requirements:
            content.addLayout(self._fact(_Fact(Icon.PEOPLE, _("Voraussetzungen"), [text.access_requirements])))
        for fact in _further_facts(view.offer.facts, self._commune_names):
            content.addLayout(self._fact(fact))
        content.addWidget(Text(_state(view), "meta", wrap=True))
        content.addStretch(1)
        self._column.replaceWidget(self._below, below)
        self._below.hide()
        self._below.deleteLater()
        self._below = below

    def _fact(self, fact: _Fact) -> QVBoxLayout:
        lines = column(Text(fact.word, "meta"), space=0)
        for value in fact.values:
            shown = Text(value, wrap=True, selectable=True)
            shown.setAccessibleName(f"{fact.word}: {value}")
            line = row(shown)
            line.setStretch(0, 1)
            if fact.copied:
                word = _("{text} kopieren").format(text=value)
                line.addWidget(IconButton(Icon.COPY, word, self._copier(value)), 0, Qt.AlignmentFlag.AlignTop)
            lines.addLayout(line)
        across = row(space=Space.M)
        across.addWidget(IconMark(fact.symbol), 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(lines, 1)
        return column(across)

    def _copier(self, value: str) -> Callable[[], None]:
        def copy() -> None:
            QGuiApplication.clipboard().setText(value)
            self._messages.info(_("Kopiert: {text}").format(text=value))

        return copy

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def contact_lines(offer: Offer) -> str:
    """Return name, provider and every way to reach an offer, one per line."""
    facts = offer.facts
    phones = [f"{phone.number} ({phone.label})" if phone.label else phone.number for phone in facts.all_phones]
    addresses = [address.line() for address in facts.addresses]
    lines = (offer.title, facts.provider, *addresses, *phones, *facts.all_emails, *facts.all_web, *facts.opening_hours)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _chip(code: str) -> str:
    name, known = language_name(code), HANDOUT_LANGUAGES.get(code)
    return f"{name} · {known.native_name}" if known is not None and known.native_name != name else name


def _turn(text: QLabel, language: str) -> None:
    """Let a text run the way its language does."""
    right = is_right_to_left(language)
    text.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)


def _paragraphs(text: OfferText) -> list[str]:
    return [part.strip() for part in (text.text or text.summary).split("\n\n") if part.strip()]


def _contact_facts(facts: OfferFacts) -> Iterator[_Fact]:
    """Yield what one needs to get there or call."""
    phones = [f"{phone.number} ({phone.label})" if phone.label else phone.number for phone in facts.all_phones]
    for symbol, word, values, copied in (
        (Icon.PHONE, _("Telefon"), phones, True),
        (Icon.MAIL, _("E-Mail"), facts.all_emails, True),
        (Icon.WEB, _("Internet"), facts.all_web, True),
        (Icon.PLACE, _("Adresse"), [address.line() for address in facts.addresses], True),
        (Icon.CLOCK, _("Öffnungszeiten"), facts.opening_hours, False),
    ):
        if found := [value for value in values if value]:
            yield _Fact(symbol, word, found, copied)
    if facts.by_appointment:
        yield _Fact(Icon.CALENDAR, _("Termin"), [_("nur nach Vereinbarung")])
    if facts.all_languages:
        yield _Fact(
            Icon.LANGUAGE, _("Sprachen vor Ort"), [", ".join(language_name(code) for code in facts.all_languages)]
        )


def _further_facts(facts: OfferFacts, communes: dict[str, str]) -> Iterator[_Fact]:
    """Yield the rest, only what is known."""
    childcare = {True: _("ja"), False: _("nein"), None: ""}[facts.childcare]
    for symbol, word, value in (
        (Icon.INFO, _("Kosten"), facts.cost_text),
        (Icon.TALK, _("Sprachmittlung"), facts.interpreting),
        (Icon.NOTE, _("Anmeldung"), facts.application),
        (Icon.DOCUMENTS, _("Mitzubringen"), ", ".join(facts.required_documents)),
        (Icon.PERSON, _("Alter"), ages(facts)),
        (Icon.SHIELD, _("Aufenthaltsstatus"), ", ".join(_(label(status)) for status in facts.admitted_statuses)),
        (Icon.TASKS, _("Lebensbereiche"), ", ".join(_(label(area)) for area in facts.life_areas)),
        (Icon.BOOK, _("Rechtskreise"), ", ".join(_(label(domain)) for domain in facts.legal_domains)),
        (Icon.PLACE, _("Gilt für"), ", ".join(communes.get(ags, ags) for ags in facts.all_communes)),
        (Icon.PEOPLE, _("Plätze"), "" if facts.places is None else number(facts.places)),
        (Icon.WAIT, _("Wartezeit"), facts.waiting_time),
        (Icon.HOUSEHOLD, _("Kinderbetreuung"), childcare),
        (Icon.PLACE, _("Barrierefreiheit"), facts.accessibility_text),
        (Icon.CALENDAR, _("Förderung bis"), short_date(facts.funding_end)),
    ):
        if value:
            yield _Fact(symbol, word, [value])


def _state(view: OfferView) -> str:
    """Return how fresh the facts are."""
    verified = view.offer.facts.last_verified
    if verified is not None:
        first = _("Zuletzt geprüft am {day}.").format(day=short_date(verified))
    else:
        first = _("Wann die Angaben zuletzt geprüft wurden, ist nicht bekannt.")
    return f"{first} " + _("Im Verzeichnis geändert am {moment}.").format(moment=moment(view.changed_at))
