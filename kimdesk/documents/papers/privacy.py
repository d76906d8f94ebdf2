"""Data protection on paper: the information under Art. 13 GDPR and the answer under Art. 15."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kimdesk.documents.catalogue import ACCESS_ANSWER, PRIVACY_NOTICE, DocumentKind
from kimdesk.documents.marks import H_, Counted, Words, said
from kimdesk.documents.papers import common
from kimdesk.documents.papers.consent import DATA, DATA_LIST
from kimdesk.documents.sheet import Entry, Sheet

SUPERVISORY_AUTHORITY = (
    "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen\n"
    "Kavalleriestraße 2–4, 40213 Düsseldorf"
)

_NOTICE = H_("Information zum Datenschutz (Art. 13 DSGVO)")
_CONTROLLER = H_("Wer ist verantwortlich?")
_OFFICER = H_("Datenschutzbeauftragte Person")
_WHY = H_("Wofür und auf welcher Grundlage?")
_WHY_TEXT = H_(
    "Wir verarbeiten Ihre Daten, um Sie zu beraten und zu begleiten. Grundlage ist Ihre Einwilligung (Art. 6 Abs. 1 "
    "Buchst. a und Art. 9 Abs. 2 Buchst. a DSGVO)."
)
_RECIPIENTS = H_("Wer bekommt Daten?")
_RECIPIENTS_TEXT = H_(
    "Das Fallmanagement und seine Vertretung. Andere Stellen nur, wenn Sie es für diese Stelle erlauben oder ein "
    "Gesetz "
    "es verlangt. An die Koordinierende Stelle gehen nur zusammengefasste Zahlen ohne Namen."
)
_STORED = H_(
    "Ihre Daten liegen verschlüsselt auf dem Dienstgerät des Fallmanagements. Sie gehen nicht in Länder außerhalb "
    "der EU."
)
_HOW_LONG = H_("Wie lange speichern wir die Daten?")
_HOW_LONG_TEXT = H_(
    "Bis {period} nach dem Ende der Begleitung. Danach werden sie gelöscht, außer ein Gesetz verlangt mehr."
)
_MUST_YOU = H_("Müssen Sie Daten angeben?")
_MUST_YOU_TEXT = H_(
    "Nein, alles ist freiwillig. Ohne Daten können wir Sie aber nicht begleiten. Kein Computer entscheidet über Sie."
)
_RIGHTS = H_("Ihre Rechte")
_RIGHTS_LIST = (
    H_("Auskunft: Sie können erfahren, welche Daten wir über Sie haben (Art. 15)."),
    H_("Berichtigung: Falsche Daten müssen wir ändern (Art. 16)."),
    H_("Löschung: Sie können verlangen, dass wir Daten löschen (Art. 17)."),
    H_("Einschränkung: Sie können verlangen, dass wir Daten vorläufig nicht nutzen (Art. 18)."),
    H_("Mitnahme: Sie können Ihre Daten in einem gängigen Dateiformat bekommen (Art. 20)."),
    H_("Widerspruch: Aus Gründen Ihrer besonderen Situation können Sie widersprechen (Art. 21)."),
    H_("Widerruf: Sie können Ihre Einwilligung jederzeit für die Zukunft widerrufen (Art. 7 Abs. 3)."),
)
_COMPLAINT = H_("Sie können sich bei der Aufsichtsbehörde beschweren:")

_ANSWER = H_("Auskunft über Ihre Daten (Art. 15 DSGVO)")
_ANSWER_ASKED = H_("Sie haben am {date} Auskunft über Ihre Daten verlangt. Hier ist unsere Antwort.")
_ANSWER_LEAD = H_("Sie haben Auskunft über Ihre Daten verlangt. Hier ist unsere Antwort.")
_ANSWER_GERMAN = H_("Die Daten selbst stehen so auf den Seiten, wie sie gespeichert sind. Wir erklären sie Ihnen gern.")
_REDACTED = H_("Angaben über andere Personen sind ausgelassen, damit deren Rechte gewahrt bleiben.")
_ORIGIN = H_("Woher die Daten kommen")
_ORIGIN_TEXT = H_("Von Ihnen selbst und von Stellen, denen Sie das erlaubt haben.")
_GIVEN_TO = H_("Diese Stellen haben Daten über Sie bekommen")
_NOBODY = H_("Keine anderen Stellen.")
_YOUR_DATA = H_("Ihre gespeicherten Daten")
_FIELD = H_("Angabe")
_CONTENT = H_("Inhalt")


@dataclass(frozen=True)
class PrivacyNotice:
    """The notice under Art. 13. `controller` and `officer` are lines as typed."""

    KIND: ClassVar[DocumentKind] = PRIVACY_NOTICE
    controller: str = ""
    officer: str = ""
    retention_years: int = 3

    @property
    def heading(self) -> Words:
        return _NOTICE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_NOTICE)
        sheet.fields(Entry(_CONTROLLER, self.controller, lines=3), Entry(_OFFICER, self.officer, lines=3))
        sheet.heading(_WHY)
        sheet.text(_WHY_TEXT)
        sheet.heading(DATA)
        sheet.bullets(*DATA_LIST)
        sheet.heading(_RECIPIENTS)
        sheet.text(_RECIPIENTS_TEXT)
        sheet.text(_STORED)
        sheet.heading(_HOW_LONG)
        sheet.text(said(_HOW_LONG_TEXT, period=Counted(common.YEARS, self.retention_years)))
        sheet.heading(_MUST_YOU)
        sheet.text(_MUST_YOU_TEXT)
        sheet.heading(_RIGHTS)
        sheet.bullets(*_RIGHTS_LIST)
        sheet.text(_COMPLAINT)
        sheet.typed(SUPERVISORY_AUTHORITY)


@dataclass(frozen=True)
class AnswerSection:
    """A part of the data: a German title and pairs of label and content, all as stored."""

    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AccessAnswer:
    """The answer to one person: the letter and, where `sections` are given, the data itself."""

    KIND: ClassVar[DocumentKind] = ACCESS_ANSWER
    name: str = ""
    address: str = ""
    requested_on: date | None = None
    recipients: tuple[str, ...] = ()
    retention_years: int = 3
    redacted: bool = True
    sections: tuple[AnswerSection, ...] = ()

    @property
    def heading(self) -> Words:
        return _ANSWER

    def write(self, sheet: Sheet) -> None:
        sheet.typed(f"{self.name}\n{self.address}", 11, after=18)
        sheet.title(_ANSWER)
        sheet.lead(said(_ANSWER_ASKED, date=self.requested_on) if self.requested_on else _ANSWER_LEAD)
        sheet.heading(_WHY)
        sheet.text(_WHY_TEXT)
        sheet.heading(DATA)
        sheet.bullets(*DATA_LIST)
        sheet.heading(_ORIGIN)
        sheet.text(_ORIGIN_TEXT)
        sheet.heading(_GIVEN_TO)
        if self.recipients:
            sheet.typed("\n".join(self.recipients))
        else:
            sheet.text(_NOBODY)
        sheet.heading(_HOW_LONG)
        sheet.text(said(_HOW_LONG_TEXT, period=Counted(common.YEARS, self.retention_years)))
        sheet.heading(_RIGHTS)
        sheet.bullets(*_RIGHTS_LIST)
        sheet.text(_COMPLAINT)
        sheet.typed(SUPERVISORY_AUTHORITY)
        sheet.signatures(common.PLACE_AND_DATE, common.OFFICE_SIGNATURE)
        if self.sections:
            sheet.new_page()
            sheet.heading(_YOUR_DATA)
            sheet.text(_ANSWER_GERMAN)
            if self.redacted:
                sheet.text(_REDACTED)
            for section in self.sections:
                sheet.section(section.title)
                sheet.table((_FIELD, _CONTENT), section.entries, (2, 5))
