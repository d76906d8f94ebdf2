"""Going from one office to another: the referral with its answer, and the routing slip that travels with the client."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from kimdesk.documents.catalogue import REFERRAL, ROUTING_SLIP, DocumentKind
from kimdesk.documents.marks import H_, Words, said
from kimdesk.documents.papers import common
from kimdesk.documents.sheet import Entry, LocalText, Sheet

_REFERRAL = H_("Fallverweis und Übergabe")
_REFERRAL_LEAD = H_("Mit diesem Blatt übergeben wir ein Anliegen an eine andere Stelle und bitten um Rückmeldung.")
# Übersetzung: The office that hands the case on, and the one that receives it.
_FROM = H_("Von")
_TO = H_("An")
_ABOUT = H_("Für wen")
_REASON = H_("Anlass und Ziel")
_SHARED = H_("Diese Angaben geben wir weiter")
_BASIS = H_("Grundlage (Schweigepflichtentbindung)")
_APPOINTMENT = H_("Termin")
_CONTACT_THERE = H_("Ansprechperson dort")
_WE_STAY = H_("Das Fallmanagement bleibt Ihre Ansprechperson, bis alles geklärt ist.")
_THEY_LEAD = H_("Nach der Übernahme ist die neue Stelle Ihre Ansprechperson. Wir fragen nach, ob alles geklappt hat.")
_ANSWER = H_("Rückmeldung der aufnehmenden Stelle")
_ANSWER_BY = H_("Bitte bis {date} an uns zurück.")
_ACCEPTED = H_("Wir übernehmen.")
_DECLINED = H_("Wir können nicht übernehmen.")
_NO_SHOW = H_("Die Person ist nicht erschienen.")
_SLIP = H_("Laufzettel")
_SLIP_LEAD = H_("Bitte nehmen Sie dieses Blatt zu jeder Stelle mit.")
_SLIP_FOR_OFFICES = H_("An die Stellen: Bitte tragen Sie kurz ein, was erledigt wurde und was noch fehlt.")
_STATION = H_("Stelle")
_CONCERN = H_("Anliegen")
_DONE_ON = H_("Erledigt am")


@dataclass(frozen=True)
class ReferralForm:
    """A referral. `shared` names what is passed on, as the release allows; nothing else of the file is on it."""

    KIND: ClassVar[DocumentKind] = REFERRAL
    sender: str = ""
    receiver: str = ""
    name: str = ""
    date_of_birth: date | None = None
    phone: str = ""
    languages: tuple[str, ...] = ()
    reason: LocalText = field(default_factory=dict)
    shared: LocalText = field(default_factory=dict)
    release_basis: str = ""
    appointment_on: date | None = None
    contact_person: str = ""
    answer_due_on: date | None = None
    we_stay_lead: bool = True

    @property
    def heading(self) -> Words:
        return _REFERRAL

    def write(self, sheet: Sheet) -> None:
        sheet.title(_REFERRAL)
        sheet.lead(_REFERRAL_LEAD)
        sheet.fields(Entry(_FROM, self.sender, lines=2), Entry(_TO, self.receiver, lines=2))
        sheet.fields(
            Entry(_ABOUT, self.name, 2),
            Entry(common.DATE_OF_BIRTH, self.date_of_birth),
            Entry(common.PHONE, self.phone),
        )
        names = ", ".join(sheet.page.main.words.language_name(code) for code in self.languages)
        sheet.fields(Entry(common.LANGUAGE, names), Entry(_BASIS, self.release_basis, 2))
        sheet.fields(Entry(_REASON, self.reason or None, lines=3))
        sheet.fields(Entry(_SHARED, self.shared or None, lines=3))
        sheet.fields(Entry(_APPOINTMENT, self.appointment_on), Entry(_CONTACT_THERE, self.contact_person, 2))
        sheet.text(_WE_STAY if self.we_stay_lead else _THEY_LEAD)
        sheet.signatures(common.PLACE_AND_DATE, common.OFFICE_SIGNATURE)
        sheet.heading(_ANSWER)
        sheet.choices((_ACCEPTED, None), (_DECLINED, None), (_NO_SHOW, None))
        sheet.fields(Entry(common.RESULT, lines=3))
        if self.answer_due_on is not None:
            sheet.text(said(_ANSWER_BY, date=self.answer_due_on), bold=True)


@dataclass(frozen=True)
class Station:
    """An office the client goes to."""

    name: str
    concern: LocalText = field(default_factory=dict)
    contact: str = ""
    appointment_on: date | None = None
    done_on: date | None = None
    result: LocalText = field(default_factory=dict)


@dataclass(frozen=True)
class RoutingSlip:
    """A slip for the way through several offices."""

    KIND: ClassVar[DocumentKind] = ROUTING_SLIP
    name: str = ""
    case_number: str = ""
    stations: tuple[Station, ...] = ()
    contact: str = ""

    @property
    def heading(self) -> Words:
        return _SLIP

    def write(self, sheet: Sheet) -> None:
        sheet.title(_SLIP)
        sheet.lead(_SLIP_LEAD)
        sheet.fields(Entry(common.NAME, self.name, 2), Entry(common.CASE_NUMBER, self.case_number))
        sheet.text(_SLIP_FOR_OFFICES)
        rows = [
            [f"{stop.name}\n{stop.contact}".strip(), stop.concern, stop.appointment_on, stop.done_on, stop.result]
            for stop in self.stations
        ]
        heads = (_STATION, _CONCERN, _APPOINTMENT, _DONE_ON, common.RESULT)
        sheet.table(heads, rows, (3, 2.6, 2, 2, 3), spare=max(2, 5 - len(rows)))
        sheet.fields(Entry(common.CONTACT, self.contact))
