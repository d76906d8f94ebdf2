"""The languages of handouts: how far their fixed texts are, reviewed translations, and the office's own texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES
from kimdesk.documents.review import ReviewState
from kimdesk.foundation.errors import KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.i18n import _, render_error
from kimdesk.services.changes import Written
from kimdesk.services.handout_texts import HandoutTextService, ImportedCatalogue
from kimdesk.services.settings import HandoutSettings, SettingsService
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.files import read_chosen
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import (
    Button,
    ChoiceField,
    Column,
    DataTable,
    Field,
    SectionCard,
    Text,
    TextArea,
    TextField,
    row,
)

_LARGEST_FILE = 1_100_000
Review = tuple[tuple[ReviewState, ...], tuple[ImportedCatalogue, ...]]


class LanguagesSection(Section):
    """The overview of the catalogues with what can be done to one, and below the office's own texts."""

    def __init__(
        self,
        texts: HandoutTextService,
        settings: SettingsService,
        jobs: Jobs,
        messages: Messages,
        choose_file: Callable[[QWidget, str, str], Path | None],
        choose_path: Callable[[QWidget, str, str, str], Path | None],
    ) -> None:
        super().__init__(jobs, messages)
        self._texts, self._settings = texts, settings
        self._choose_file, self._choose_path = choose_file, choose_path
        self._imported: dict[str, ImportedCatalogue] = {}
        self.own = OwnTexts(settings, jobs, messages)
        self._build()

    def _build(self) -> None:
        columns: list[Column[ReviewState]] = [
            Column(_("Sprache"), lambda state: _(HANDOUT_LANGUAGES[state.language].name), strong=True),
            Column(
                _("Eigener Name"),
                lambda state: HANDOUT_LANGUAGES[state.language].native_name,
                170,
                leave_below=620,
            ),
            Column(
                _("Übersetzt"),
                _share_translated,
                150,
                meaning=lambda state: Meaning.GOOD if state.complete else Meaning.ATTENTION,
            ),
            Column(
                _("Geprüft"),
                _share_reviewed,
                150,
                meaning=lambda state: Meaning.GOOD if state.all_reviewed else Meaning.ATTENTION,
                symbol=lambda state: Icon.CHECK if state.all_reviewed else Icon.ATTENTION,
            ),
            Column(_("Geprüft von"), self._reviewer, 190, leave_below=700),
        ]
        self.table: DataTable[ReviewState] = DataTable(columns, name=_("Sprachen der Ausdrucke"), filter_row=False)
        self.table.setMinimumHeight(240)
        self.table.selected.connect(lambda _state: self._show_actions())
        self.reviewer = Field(
            _("Geprüft von"),
            TextField(longest=120),
            help=_("Name oder Stelle. Steht nicht auf dem Blatt."),
        )
        self.import_button = Button(_("Geprüfte Texte übernehmen …"), symbol=Icon.IMPORT, on_click=self.take_in)
        self.export_button = Button(
            _("Zum Prüfen speichern …"), "quiet", symbol=Icon.EXPORT, on_click=self.save_for_review
        )
        self.remove_button = Button(_("Übernommene Texte entfernen"), "quiet", on_click=self.remove)
        self.error = Text("", "error", wrap=True)
        self.error.hide()
        card = SectionCard(_("Sprachen der Ausdrucke"))
        explained = _(
            "„Geprüft“ heißt: Jemand, der die Sprache als Muttersprache spricht, hat die festen Texte der Vordrucke "
            "gelesen. Auf Ausdrucken in einer ungeprüften Sprache steht, dass die Übersetzung noch nicht geprüft ist."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.table, 1)
        card.add(row(self.reviewer, None, space=Space.M))
        card.add(row(self.import_button, self.export_button, self.remove_button, None))
        card.add(self.error)
        self.body.addWidget(card)
        self.body.addWidget(self.own)
        self.body.addStretch(1)
        self._show_actions()

    def load(self) -> None:
        self.jobs.read(lambda: (self._texts.states(), self._texts.imported()), self._show, owner=self)
        self.own.load()

    def _show(self, review: Review) -> None:
        states, imported = review
        self._imported = {entry.language: entry for entry in imported}
        chosen = self.table.current()
        self.table.set_rows(list(states))
        if chosen is not None:
            self.table.choose(lambda state: state.language == chosen.language)
        self._show_actions()

    def _reviewer(self, state: ReviewState) -> str:
        entry = self._imported.get(state.language)
        return f"{entry.reviewed_by}, {entry.imported_on:%d.%m.%Y}" if entry is not None else ""

    def _language(self) -> str:
        """Return the code of the language chosen, empty for German and for none: German needs no translation."""
        state = self.table.current()
        return state.language if state is not None and state.language != GERMAN else ""

    def _show_actions(self) -> None:
        language = self._language()
        self.import_button.setEnabled(bool(language))
        self.export_button.setEnabled(bool(language))
        self.remove_button.setEnabled(language in self._imported)

    def _problem(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def take_in(self) -> None:
        """Ask for a .po file and keep its texts as reviewed."""
        language, reviewer = self._language(), self.reviewer.editor.value()
        self._problem("")
        path = self._choose_file(self, _("Geprüfte Texte übernehmen"), _("Übersetzungen (*.po)"))
        if path is None:
            return
        try:
            data = read_chosen(path, _LARGEST_FILE)
        except KnownError as error:
            self._problem(render_error(error))
            return
        self.jobs.write(
            lambda: self._texts.take_in(language, data, reviewer),
            self._taken,
            lambda error: self._problem(render_error(error)),
            owner=self,
        )

    def _taken(self, written: Written[int]) -> None:
        self.messages.good(_("Geprüfte Texte übernommen: {n}. Sie werden ab jetzt gedruckt.").format(n=written.value))

    def remove(self) -> None:
        """Print the program's own texts of the language again."""
        language = self._language()
        self.jobs.write(
            lambda: self._texts.remove(language),
            lambda _written: self.messages.good(_("Gedruckt werden wieder die Texte des Programms.")),
            owner=self,
        )

    def save_for_review(self) -> None:
        """Write a .po file with every text of the language, for somebody to read and correct. It names no person."""
        language = self._language()
        title = _("Texte zum Prüfen speichern")
        path = self._choose_path(self, title, f"vordrucke-{language}.po", _("Übersetzungen (*.po)"))
        if path is not None:
            self.jobs.read(lambda: self._texts.for_review(language), lambda data: self._write(path, data), owner=self)

    def _write(self, path: Path, data: bytes) -> None:
        try:
            write_atomically(path, data)
        except OSError:
            self._problem(_("Die Datei lässt sich nicht schreiben. Bitte prüfen Sie Ordner, Rechte und freien Platz."))
            return
        self.messages.good(_("Die Texte sind gespeichert: {name}").format(name=path.name))


class OwnTexts(QWidget):
    """The office's own texts on handouts, one language at a time."""

    def __init__(self, settings: SettingsService, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self._settings, self._jobs, self._messages = settings, jobs, messages
        self._stored = HandoutSettings()
        self._hours: dict[str, str] = {}
        self._about: dict[str, str] = {}
        self._shown = GERMAN
        options = [(code, _(language.name)) for code, language in HANDOUT_LANGUAGES.items()]
        self.language: Field[ChoiceField] = Field(_("Sprache"), ChoiceField(options, empty=None))
        self.language.editor.changed.connect(self._turn)
        self.hours = Field(_("Öffnungszeiten"), TextArea(lines=2))
        self.about = Field(
            _("Eigener Absatz"),
            TextArea(lines=3),
            help=_("Steht auf Flyer, Kontaktblatt und Informationen, zum Beispiel der Weg zu Ihnen."),
        )
        self.officer = Field(_("Datenschutzbeauftragte Person"), TextArea(lines=2))
        self.save_button = Button(_("Speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
        card = SectionCard(_("Eigene Texte auf Vordrucken"), actions=(self.save_button,))
        for field in (self.language, self.hours, self.about, self.officer):
            card.add(field)
        layout = row(card)
        self.setLayout(layout)

    def load(self) -> None:
        """Read what is stored, unless something was typed."""
        if not self.is_touched:
            self._jobs.read(self._settings.handouts, self._show, owner=self)

    @property
    def is_touched(self) -> bool:
        """Whether something was changed and not saved."""
        self._keep()
        return self._typed() != self._stored

    def _typed(self) -> HandoutSettings:
        return HandoutSettings(
            opening_hours={code: text for code, text in self._hours.items() if text},
            about={code: text for code, text in self._about.items() if text},
            data_protection=self.officer.editor.value(),
        )

    def _show(self, stored: HandoutSettings) -> None:
        self._stored = stored
        self._hours, self._about = dict(stored.opening_hours), dict(stored.about)
        self.officer.editor.set_value(stored.data_protection)
        self._show_language()

    def _keep(self) -> None:
        self._hours[self._shown] = self.hours.editor.value()
        self._about[self._shown] = self.about.editor.value()

    def _turn(self) -> None:
        self._keep()
        self._shown = str(self.language.editor.value() or GERMAN)
        self._show_language()

    def _show_language(self) -> None:
        self.hours.editor.set_value(self._hours.get(self._shown, ""))
        self.about.editor.set_value(self._about.get(self._shown, ""))

    def save(self) -> None:
        """Keep what was typed, in every language."""
        self._keep()
        typed = self._typed()
        self._jobs.write(
            lambda: self._settings.save_handouts(typed),
            lambda _written: self._saved(typed),
            lambda error: self.about.set_error(render_error(error)),
            owner=self,
        )

    def _saved(self, typed: HandoutSettings) -> None:
        self._stored = typed
        self._messages.good(_("Die eigenen Texte sind gespeichert."))


def _share_translated(state: ReviewState) -> str:
    return _("{n} von {of}").format(n=state.translated, of=state.texts)


def _share_reviewed(state: ReviewState) -> str:
    return _("{n} von {of}").format(n=state.reviewed, of=state.texts)
