"""Appointment slip and list of documents to bring."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from kimdesk.documents import style
from kimdesk.documents.calendar_code import appointment_code
from kimdesk.documents.catalogue import APPOINTMENT, BRING_LIST, DocumentKind
from kimdesk.documents.marks import H_, Day, Said, Words, said
from kimdesk.documents.papers import common
from kimdesk.documents.papers.residence_info import contact_panel
from kimdesk.documents.sheet import Entry, LocalText, Sheet


class BringItem(StrEnum):
    """Papers offices ask for most often *[own choice]*."""

    PASSPORT = "passport"
    RESIDENCE_PAPER = "residence_paper"
    REGISTRATION = "registration"
    BIRTH_CERTIFICATES = "birth_certificates"
    MARRIAGE_CERTIFICATE = "marriage_certificate"
    PHOTO = "photo"
    HEALTH_CARD = "health_card"
    TAX_NUMBER = "tax_number"
    PENSION_NUMBER = "pension_number"
    BANK_ACCOUNT = "bank_account"
    RENTAL_CONTRACT = "rental_contract"
    WORK_CONTRACT = "work_contract"
    PAYSLIPS = "payslips"
    DECISIONS = "decisions"
    LETTERS = "letters"
    CERTIFICATES = "certificates"
    LANGUAGE_CERTIFICATES = "language_certificates"
    SCHOOL_CONFIRMATION = "school_confirmation"
    VACCINATION = "vaccination"
    MEDICAL = "medical"
    CHILD_BENEFIT = "child_benefit"
    CONTRACTS = "contracts"


ITEMS: dict[BringItem, str] = {
    BringItem.PASSPORT: H_("Pass oder anderer Ausweis"),
    BringItem.RESIDENCE_PAPER: H_("Aufenthaltstitel, Duldung oder Aufenthaltsgestattung"),
    BringItem.REGISTRATION: H_("Meldebescheinigung"),
    BringItem.BIRTH_CERTIFICATES: H_("Geburtsurkunden, auch die der Kinder"),
    BringItem.MARRIAGE_CERTIFICATE: H_("Heiratsurkunde oder Scheidungsurteil"),
    BringItem.PHOTO: H_("Biometrisches Passfoto"),
    BringItem.HEALTH_CARD: H_("Krankenversicherungskarte"),
    BringItem.TAX_NUMBER: H_("Steuer-Identifikationsnummer"),
    BringItem.PENSION_NUMBER: H_("Rentenversicherungsnummer"),
    BringItem.BANK_ACCOUNT: H_("Kontonummer (IBAN)"),
    BringItem.RENTAL_CONTRACT: H_("Mietvertrag"),
    BringItem.WORK_CONTRACT: H_("Arbeitsvertrag oder Ausbildungsvertrag"),
    BringItem.PAYSLIPS: H_("Lohnabrechnungen der letzten 3 Monate"),
    BringItem.DECISIONS: H_("Bescheide vom Jobcenter, Sozialamt oder anderen Ämtern"),
    BringItem.LETTERS: H_("Briefe, die Sie nicht verstehen"),
    BringItem.CERTIFICATES: H_("Zeugnisse und Abschlüsse, auch aus dem Herkunftsland"),
    BringItem.LANGUAGE_CERTIFICATES: H_("Sprachzertifikate"),
    BringItem.SCHOOL_CONFIRMATION: H_("Schulbescheinigungen der Kinder"),
    BringItem.VACCINATION: H_("Impfausweise"),
    BringItem.MEDICAL: H_("Ärztliche Unterlagen, nur wenn Sie möchten"),
    BringItem.CHILD_BENEFIT: H_("Bescheid über Kindergeld"),
    BringItem.CONTRACTS: H_("Verträge und Rechnungen, zum Beispiel Handy oder Strom"),
}

_TITLE = H_("Ihr Termin")
_WHEN = H_("Wann")
_WHERE = H_("Wo")
_WITH = H_("Bei wem")
_TOPIC = H_("Worum es geht")
_BRING = H_("Bitte bringen Sie mit")
_INTERPRETER_COMES = H_("Eine Person, die dolmetscht, ist dabei.")
_FROM_TO = H_("{start} bis {end} Uhr")
_AT = H_("{start} Uhr")
_TO_CALENDAR = H_("Termin in den Kalender des Handys übernehmen")
_LIST_TITLE = H_("Unterlagen zum Mitbringen")
_LIST_LEAD = H_("Bitte bringen Sie diese Papiere mit. Fehlt etwas? Kommen Sie trotzdem.")
_KEEP_ORIGINALS = H_("Geben Sie Originale nicht ab. Zeigen Sie das Original und geben Sie eine Kopie.")
_FOR_DATE = H_("Für den Termin am {date}")


@dataclass(frozen=True)
class AppointmentSlip:
    """An appointment. The code for the telephone's calendar holds time and place and no name."""

    KIND: ClassVar[DocumentKind] = APPOINTMENT
    name: str = ""
    on: date | None = None
    at: time | None = None
    until: time | None = None
    place: str = ""
    with_whom: str = ""
    topic: LocalText = field(default_factory=dict)
    bring: tuple[BringItem, ...] = ()
    interpreter_comes: bool = False
    contact: str = ""

    @property
    def heading(self) -> Words:
        return _TITLE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_TITLE, subject=self.name)
        with sheet.panel():
            sheet.fact(_WHEN, Day(self.on) if self.on else None, self._clock())
            sheet.fact(_WHERE, self.place)
            sheet.fact(_WITH, self.with_whom)
        if any(self.topic.values()):
            sheet.fields(Entry(_TOPIC, self.topic))
        if self.interpreter_comes:
            sheet.text(_INTERPRETER_COMES, bold=True)
        if self.bring:
            sheet.heading(_BRING)
            sheet.choices(*((ITEMS[item], None) for item in self.bring))
        sheet.text(common.CALL_TO_CANCEL)
        if self.on is not None and self.at is not None:
            code = appointment_code(self.on, self.at, self.until, self.place.replace("\n", ", "))
            sheet.code(code, _TO_CALENDAR, size=96, link=False)
        contact_panel(sheet, self.contact)

    def _clock(self) -> Said | None:
        if self.at is None:
            return None
        if self.until is None:
            return said(_AT, start=self.at)
        return said(_FROM_TO, start=self.at, end=self.until)


@dataclass(frozen=True)
class BringList:
    """Papers to bring; `others` are typed by language, one line each."""

    KIND: ClassVar[DocumentKind] = BRING_LIST
    name: str = ""
    on: date | None = None
    items: tuple[BringItem, ...] = tuple(BringItem)
    others: LocalText = field(default_factory=dict)
    contact: str = ""

    @property
    def heading(self) -> Words:
        return _LIST_TITLE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_LIST_TITLE, subject=self.name)
        sheet.lead(_LIST_LEAD)
        if self.on is not None:
            sheet.text(said(_FOR_DATE, date=Day(self.on)), bold=True, size=12)
        sheet.choices(*((ITEMS[item], None) for item in self.items))
        sheet.entered(self.others)
        with sheet.panel(colour=style.AMBER, fill=style.AMBER_SOFT):
            sheet.text(_KEEP_ORIGINALS, after=0)
        contact_panel(sheet, self.contact)
