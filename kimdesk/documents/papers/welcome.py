"""The contact sheet of the welcome pack: who to ask, what was agreed, numbers for an emergency."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from kimdesk.documents import style
from kimdesk.documents.catalogue import CONTACT_SHEET, DocumentKind
from kimdesk.documents.marks import H_, Words
from kimdesk.documents.papers import common
from kimdesk.documents.sheet import Entry, LocalText, Marked, Sheet

_TITLE = H_("Willkommen")
_LEAD = H_("Bitte heben Sie dieses Blatt auf. Zeigen Sie es, wenn Sie Hilfe brauchen.")
_TODAY = H_("Das haben wir besprochen")
_NEXT = H_("Ihre nächsten Schritte")
_PLACES = H_("Wichtige Stellen in Ihrer Nähe")
# Übersetzung: Head of a column: an office or organisation.
_OFFICE = H_("Stelle")
_FOR = H_("Wofür")
_EMERGENCY = H_("Im Notfall")
_EMERGENCY_FREE = H_("Diese Anrufe kosten nichts.")
_NUMBERS = (
    ("110", H_("Polizei")),
    ("112", H_("Feuerwehr und Rettungsdienst")),
    ("116 117", H_("Ärztlicher Bereitschaftsdienst, wenn die Praxen geschlossen sind")),
    ("116 016", H_("Hilfetelefon Gewalt gegen Frauen, in vielen Sprachen")),
    ("116 111", H_("Nummer gegen Kummer für Kinder und Jugendliche")),
)


@dataclass(frozen=True)
class HelpPlace:
    """A place to turn to, as typed."""

    name: str
    phone: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class ContactSheet:
    """A contact sheet. `discussed` and `next_steps` come by language; without them there is room to write."""

    KIND: ClassVar[DocumentKind] = CONTACT_SHEET
    name: str = ""
    case_number: str = ""
    contact: str = ""
    phone: str = ""
    opening_hours: LocalText = field(default_factory=dict)
    discussed: LocalText = field(default_factory=dict)
    next_steps: LocalText = field(default_factory=dict)
    places: tuple[HelpPlace, ...] = ()
    about: LocalText = field(default_factory=dict)

    @property
    def heading(self) -> Words:
        return _TITLE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_TITLE)
        sheet.lead(_LEAD)
        sheet.fields(Entry(common.NAME, self.name, 2), Entry(common.CASE_NUMBER, self.case_number))
        sheet.fields(Entry(common.CONTACT, self.contact, 2), Entry(common.PHONE, self.phone))
        if any(self.opening_hours.values()):
            sheet.fields(Entry(common.OPENING_HOURS, self.opening_hours))
        sheet.entered(self.about)
        sheet.fields(Entry(_TODAY, self.discussed or None, lines=3))
        sheet.fields(Entry(_NEXT, self.next_steps or None, lines=3))
        sheet.text(common.ASK_FOR_INTERPRETER)
        sheet.heading(_PLACES)
        rows = [(place.name, place.phone, place.purpose) for place in self.places]
        sheet.table((_OFFICE, common.PHONE, _FOR), rows, (3, 2, 3), spare=0 if rows else 3)
        with sheet.panel(colour=style.AMBER, fill=style.AMBER_SOFT):
            sheet.text(_EMERGENCY, bold=True, size=12.5)
            for number, purpose in _NUMBERS:
                sheet.number(number, purpose)
            sheet.text(_EMERGENCY_FREE, size=9.5, colour=style.QUIET, after=0)


__all__ = ["ContactSheet", "HelpPlace", "Marked"]
