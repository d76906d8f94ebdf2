"""The languages handouts are printed in, and whether somebody who speaks them has read the fixed texts."""

from __future__ import annotations

from kimdesk.documents.languages import HANDOUT_LANGUAGES, HandoutLanguage
from kimdesk.documents.review import review_state
from kimdesk.i18n import _
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import Column, DataTable, SectionCard, Text


class LanguagesSection(Section):
    """A list to read; languages come with the program."""

    def __init__(self, jobs: Jobs, messages: Messages) -> None:
        super().__init__(jobs, messages)
        columns: list[Column[HandoutLanguage]] = [
            Column(_("Sprache"), lambda language: _(language.name), strong=True),
            Column(_("Eigener Name"), lambda language: language.native_name, 200, leave_below=480),
            Column(
                _("Schreibrichtung"),
                lambda language: _("von rechts nach links") if language.right_to_left else _("von links nach rechts"),
                190,
                leave_below=620,
            ),
            Column(
                _("Feste Texte"),
                lambda language: _("geprüft") if _is_reviewed(language) else _("noch nicht geprüft"),
                190,
                meaning=lambda language: Meaning.GOOD if _is_reviewed(language) else Meaning.ATTENTION,
                symbol=lambda language: Icon.CHECK if _is_reviewed(language) else Icon.ATTENTION,
            ),
        ]
        self.table: DataTable[HandoutLanguage] = DataTable(columns, name=_("Sprachen der Ausdrucke"), filter_row=False)
        card = SectionCard(_("Sprachen der Ausdrucke"))
        explained = _(
            "„Geprüft“ heißt: Jemand, der die Sprache als Muttersprache spricht, hat die festen Texte der Vordrucke "
            "gelesen. Auf Ausdrucken in einer ungeprüften Sprache steht, dass die Übersetzung noch nicht geprüft ist."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.table, 1)
        self.body.addWidget(card, 1)

    def load(self) -> None:
        self.table.set_rows(list(HANDOUT_LANGUAGES.values()))


def _is_reviewed(language: HandoutLanguage) -> bool:
    return review_state(language.code).all_reviewed
