"""Texts of legal weight: consent, release from confidentiality, withdrawal. Always bilingual; the German text governs.

Art. 6 (1) a, 7 and 9 (2) a GDPR; § 203 StGB. A release is given for one recipient (DOMAIN.md § 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from kimdesk.documents.catalogue import CONSENT, RELEASE, WITHDRAWAL, DocumentKind
from kimdesk.documents.marks import H_, Counted, Words, said
from kimdesk.documents.papers import common
from kimdesk.documents.sheet import Entry, LocalText, Sheet

_CONSENT = H_("Einwilligung in das Fallmanagement und die Verarbeitung meiner Daten")
_WHAT = H_("Worum es geht")
# Übersetzung: From here on the client speaks ("I", "my").
_WHAT_TEXT = H_(
    "Ich möchte am Fallmanagement des Kommunalen Integrationsmanagements (KIM) teilnehmen. Dafür darf das "
    "Fallmanagement Daten über mich und meine Familie erheben, speichern und nutzen."
)
DATA = H_("Welche Daten")
DATA_LIST = (
    H_("Name, Geburtsdatum, Anschrift, Telefon, Sprachen und Familie"),
    H_("Staatsangehörigkeit, Einreise und Aufenthaltsstatus"),
    H_("Schule, Ausbildung, Arbeit, Wohnen, Einkommen und Leistungen"),
    H_("was wir besprechen, planen und vereinbaren"),
)
_SPECIAL = H_(
    "Ich willige auch in die Verarbeitung besonders geschützter Daten ein, wenn ich davon erzähle, zum Beispiel über "
    "Gesundheit, Religion, Weltanschauung oder ethnische Herkunft (Art. 9 DSGVO)."
)
_PURPOSE = H_("Wofür")
_PURPOSE_TEXT = H_(
    "Nur für meine Beratung, Planung und Begleitung. An die Koordinierende Stelle gehen nur zusammengefasste Zahlen "
    "ohne "
    "Namen."
)
_WHO_SEES = H_("Wer die Daten sieht")
_WHO_SEES_TEXT = H_(
    "Das Fallmanagement und seine Vertretung. Andere Stellen bekommen Daten nur, wenn ich es für diese Stelle erlaube "
    "oder ein Gesetz es verlangt."
)
_HOW_LONG = H_("Wie lange")
_HOW_LONG_TEXT = H_(
    "Die Daten werden {period} nach dem Ende der Begleitung gelöscht, außer ein Gesetz verlangt eine längere "
    "Aufbewahrung."
)
_FREE_WILL = H_("Freiwillig und widerruflich")
_FREE_WILL_TEXT = H_(
    "Die Einwilligung ist freiwillig. Wenn ich nicht einwillige, entstehen mir dadurch keine Nachteile bei Behörden."
)
_WITHOUT = H_(
    "Ohne diese Daten kann das Fallmanagement mich nicht begleiten. Eine allgemeine Auskunft bekomme ich trotzdem."
)
REVOCABLE = H_(
    "Ich kann die Einwilligung jederzeit ganz oder teilweise widerrufen, ohne einen Grund zu nennen. Der Widerruf gilt "
    "für die Zukunft. Was bis dahin geschehen ist, bleibt rechtmäßig."
)
_DECLARATION = H_("Ich willige ein.")
_NOTICE_RECEIVED = H_("Ich habe die Information zum Datenschutz bekommen.")

_RELEASE = H_("Entbindung von der Schweigepflicht")
_RELEASE_TEXT = H_("Ich entbinde das Fallmanagement von der Schweigepflicht gegenüber dieser Stelle oder Person:")
_RECIPIENT = H_("Stelle oder Person")
_RELEASE_PURPOSE = H_("Zweck")
_RELEASE_DATA = H_("Diese Angaben dürfen weitergegeben werden")
_VALID_UNTIL = H_("Gültig bis")
_BOTH_WAYS = H_("Die genannte Stelle oder Person darf auch dem Fallmanagement Auskunft zu diesem Zweck geben.")
_NOTHING_ELSE = H_("Alles andere bleibt vertraulich. Für jede Stelle gibt es ein eigenes Blatt.")
_RELEASE_FREE = H_(
    "Diese Erklärung ist freiwillig. Ich kann sie jederzeit für die Zukunft widerrufen, ohne einen Grund zu nennen."
)

_WITHDRAWAL = H_("Widerruf")
_WITHDRAWAL_LEAD = H_("Kreuzen Sie an, was Sie widerrufen. Einen Grund müssen Sie nicht nennen.")
_WITHDRAW_CONSENT = H_("Ich widerrufe meine Einwilligung in das Fallmanagement und die Verarbeitung meiner Daten.")
_WITHDRAW_SPECIAL = H_("Ich widerrufe meine Einwilligung nur für die besonders geschützten Daten (Art. 9 DSGVO).")
_WITHDRAW_RELEASE = H_("Ich widerrufe die Entbindung von der Schweigepflicht gegenüber:")
_ERASE = H_("Ich möchte, dass meine Daten gelöscht werden, soweit kein Gesetz ihre Aufbewahrung verlangt.")
_WITHDRAWAL_EFFECT = H_(
    "Der Widerruf gilt für die Zukunft. Ohne Einwilligung endet die Begleitung durch das Fallmanagement."
)
# Übersetzung: For the office: when the sheet was received, and by whom.
_RECEIVED_ON = H_("Eingegangen am")
_RECEIVED_BY = H_("Angenommen von")


@dataclass(frozen=True)
class Consent:
    """The consent to sign. `special_data` is what the client chose already; None leaves both boxes empty."""

    KIND: ClassVar[DocumentKind] = CONSENT
    name: str = ""
    date_of_birth: date | None = None
    retention_years: int = 3
    special_data: bool | None = None
    interpreter: str = ""

    @property
    def heading(self) -> Words:
        return _CONSENT

    def write(self, sheet: Sheet) -> None:
        sheet.title(_CONSENT)
        sheet.fields(Entry(common.NAME, self.name, 2), Entry(common.DATE_OF_BIRTH, self.date_of_birth))
        sheet.heading(_WHAT)
        sheet.text(_WHAT_TEXT)
        sheet.heading(DATA)
        sheet.bullets(*DATA_LIST)
        sheet.heading(_PURPOSE)
        sheet.text(_PURPOSE_TEXT)
        sheet.heading(_WHO_SEES)
        sheet.text(_WHO_SEES_TEXT)
        sheet.heading(_HOW_LONG)
        sheet.text(said(_HOW_LONG_TEXT, period=Counted(common.YEARS, self.retention_years)))
        sheet.heading(_FREE_WILL)
        sheet.text(_FREE_WILL_TEXT)
        sheet.text(REVOCABLE)
        sheet.text(_WITHOUT)
        with sheet.panel():
            sheet.text(_DECLARATION, bold=True, size=12)
            sheet.text(_SPECIAL)
            sheet.choices((common.YES, self.special_data is True), (common.NO, self.special_data is False))
            sheet.text(_NOTICE_RECEIVED)
            sheet.text(common.EXPLAINED, after=0)
        _sign(sheet, self.interpreter)


@dataclass(frozen=True)
class Release:
    """A release from confidentiality for one recipient."""

    KIND: ClassVar[DocumentKind] = RELEASE
    name: str = ""
    date_of_birth: date | None = None
    recipient: str = ""
    purpose: LocalText = field(default_factory=dict)
    data: LocalText = field(default_factory=dict)
    valid_until: date | None = None
    both_ways: bool = False
    interpreter: str = ""

    @property
    def heading(self) -> Words:
        return _RELEASE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_RELEASE)
        sheet.fields(Entry(common.NAME, self.name, 2), Entry(common.DATE_OF_BIRTH, self.date_of_birth))
        sheet.text(_RELEASE_TEXT, bold=True)
        sheet.fields(Entry(_RECIPIENT, self.recipient, lines=2))
        sheet.fields(Entry(_RELEASE_PURPOSE, self.purpose or None, 2, lines=2), Entry(_VALID_UNTIL, self.valid_until))
        sheet.fields(Entry(_RELEASE_DATA, self.data or None, lines=3))
        sheet.choices((_BOTH_WAYS, self.both_ways))
        sheet.text(_NOTHING_ELSE)
        sheet.text(_RELEASE_FREE)
        sheet.text(common.EXPLAINED)
        _sign(sheet, self.interpreter)


@dataclass(frozen=True)
class Withdrawal:
    """The form to withdraw a consent or a release; `recipient` names whose release."""

    KIND: ClassVar[DocumentKind] = WITHDRAWAL
    name: str = ""
    date_of_birth: date | None = None
    consent: bool = False
    recipient: str = ""

    @property
    def heading(self) -> Words:
        return _WITHDRAWAL

    def write(self, sheet: Sheet) -> None:
        sheet.title(_WITHDRAWAL)
        sheet.lead(_WITHDRAWAL_LEAD)
        sheet.fields(Entry(common.NAME, self.name, 2), Entry(common.DATE_OF_BIRTH, self.date_of_birth))
        sheet.choices(
            (_WITHDRAW_CONSENT, self.consent), (_WITHDRAW_SPECIAL, None), (_WITHDRAW_RELEASE, bool(self.recipient))
        )
        sheet.fields(Entry(_RECIPIENT, self.recipient))
        sheet.choices((_ERASE, None))
        sheet.text(_WITHDRAWAL_EFFECT)
        sheet.signatures(common.PLACE_AND_DATE, common.CLIENT_SIGNATURE)
        sheet.gap(10)
        sheet.fields(Entry(_RECEIVED_ON), Entry(_RECEIVED_BY, share=2))


def _sign(sheet: Sheet, interpreter: str) -> None:
    sheet.fields(Entry(common.INTERPRETER, interpreter))
    sheet.signatures(
        common.PLACE_AND_DATE, common.CLIENT_SIGNATURE, common.GUARDIAN_SIGNATURE, common.INTERPRETER_SIGNATURE
    )
