"""What can be written into a document by hand, in the print centre or from the command line.

Everything else comes from the office's settings and, for documents of a case, from its file; what is written by hand
takes the place of what the file says. Importing this loads neither ReportLab nor a font.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kimdesk.documents import catalogue
from kimdesk.foundation.errors import N_


class BlankKind(StrEnum):
    """How a blank is filled."""

    LINE = "line"
    LINES = "lines"
    TEXT = "text"
    """A text in each language of the page."""
    DATE = "date"
    TIME = "time"
    TICK = "tick"
    ITEMS = "items"
    """A choice of papers to bring."""


@dataclass(frozen=True)
class Blank:
    """A blank by the name of the document's field, with its German label."""

    name: str
    label: str
    kind: BlankKind


_TOPIC = Blank("topic", N_("Thema"), BlankKind.TEXT)
_PLACE = Blank("place", N_("Ort"), BlankKind.LINES)
_INTERPRETER = Blank("interpreter", N_("Sprachmittlung durch"), BlankKind.LINE)
_RECIPIENT = Blank("recipient", N_("Stelle oder Person"), BlankKind.LINES)
_HELD_ON = Blank("held_on", N_("Datum"), BlankKind.DATE)
_ITEMS = Blank("items", N_("Unterlagen"), BlankKind.ITEMS)

BLANKS: dict[str, tuple[Blank, ...]] = {
    catalogue.CONTACT_SHEET.name: (
        Blank("discussed", N_("Besprochen"), BlankKind.TEXT),
        Blank("next_steps", N_("Nächste Schritte"), BlankKind.TEXT),
    ),
    catalogue.APPOINTMENT.name: (
        Blank("on", N_("Datum"), BlankKind.DATE),
        Blank("at", N_("Beginn"), BlankKind.TIME),
        Blank("until", N_("Ende"), BlankKind.TIME),
        _PLACE,
        Blank("with_whom", N_("Bei wem"), BlankKind.LINE),
        _TOPIC,
        Blank("bring", N_("Mitbringen"), BlankKind.ITEMS),
        Blank("interpreter_comes", N_("Sprachmittlung ist dabei"), BlankKind.TICK),
    ),
    catalogue.BRING_LIST.name: (
        Blank("on", N_("Datum"), BlankKind.DATE),
        _ITEMS,
        Blank("others", N_("Weitere Unterlagen"), BlankKind.TEXT),
    ),
    catalogue.GOAL_AGREEMENT.name: (
        Blank("client_contribution", N_("Beitrag der ratsuchenden Person"), BlankKind.TEXT),
        _INTERPRETER,
    ),
    catalogue.REFERRAL.name: (
        Blank("receiver", N_("Empfänger"), BlankKind.LINES),
        Blank("reason", N_("Anlass und Ziel"), BlankKind.TEXT),
        Blank("appointment_on", N_("Termin"), BlankKind.DATE),
        Blank("contact_person", N_("Ansprechperson dort"), BlankKind.LINE),
        Blank("answer_due_on", N_("Antwort bis"), BlankKind.DATE),
    ),
    catalogue.CONFERENCE_INVITATION.name: (
        _RECIPIENT,
        _HELD_ON,
        Blank("at", N_("Beginn"), BlankKind.TIME),
        _PLACE,
        _TOPIC,
        Blank("agenda", N_("Ablauf"), BlankKind.TEXT),
        Blank("reply_by", N_("Antwort bis"), BlankKind.DATE),
    ),
    catalogue.CONFERENCE_MINUTES.name: (
        _HELD_ON,
        _PLACE,
        Blank("discussed", N_("Besprochen"), BlankKind.TEXT),
        Blank("agreed", N_("Vereinbart"), BlankKind.TEXT),
        Blank("next_on", N_("Nächster Termin"), BlankKind.DATE),
    ),
    catalogue.CONSENT.name: (_INTERPRETER,),
    catalogue.RELEASE.name: (
        _RECIPIENT,
        Blank("purpose", N_("Zweck"), BlankKind.TEXT),
        Blank("data", N_("Angaben"), BlankKind.TEXT),
        Blank("valid_until", N_("Gültig bis"), BlankKind.DATE),
        Blank("both_ways", N_("Auskunft in beide Richtungen"), BlankKind.TICK),
        _INTERPRETER,
    ),
    catalogue.WITHDRAWAL.name: (_RECIPIENT,),
    catalogue.PRIVACY_NOTICE.name: (Blank("officer", N_("Datenschutzbeauftragte Person"), BlankKind.LINES),),
    catalogue.ACCESS_ANSWER.name: (Blank("requested_on", N_("Auskunft verlangt am"), BlankKind.DATE),),
    catalogue.STRUCTURAL_ISSUE.name: (
        Blank("title", N_("Thema"), BlankKind.LINE),
        Blank("observed", N_("Was wir beobachten"), BlankKind.LINES),
        Blank("consequence", N_("Folgen für die Ratsuchenden"), BlankKind.LINES),
        Blank("tried", N_("Was schon versucht wurde"), BlankKind.LINES),
        Blank("proposal", N_("Vorschlag"), BlankKind.LINES),
    ),
}

BRING_ITEMS: dict[str, str] = {
    "passport": N_("Pass oder anderer Ausweis"),
    "residence_paper": N_("Aufenthaltstitel, Duldung oder Aufenthaltsgestattung"),
    "registration": N_("Meldebescheinigung"),
    "birth_certificates": N_("Geburtsurkunden"),
    "marriage_certificate": N_("Heiratsurkunde oder Scheidungsurteil"),
    "photo": N_("Passfoto"),
    "health_card": N_("Krankenversicherungskarte"),
    "tax_number": N_("Steuer-Identifikationsnummer"),
    "pension_number": N_("Rentenversicherungsnummer"),
    "bank_account": N_("Kontonummer (IBAN)"),
    "rental_contract": N_("Mietvertrag"),
    "work_contract": N_("Arbeits- oder Ausbildungsvertrag"),
    "payslips": N_("Lohnabrechnungen"),
    "decisions": N_("Bescheide"),
    "letters": N_("Unverstandene Briefe"),
    "certificates": N_("Zeugnisse"),
    "language_certificates": N_("Sprachzertifikate"),
    "school_confirmation": N_("Schulbescheinigungen"),
    "vaccination": N_("Impfausweise"),
    "medical": N_("Ärztliche Unterlagen"),
    "child_benefit": N_("Kindergeldbescheid"),
    "contracts": N_("Verträge und Rechnungen"),
}
"""The papers to bring by their token, with the word the print centre shows."""


def blanks_of(document: str) -> tuple[Blank, ...]:
    """Return what can be written by hand into the document of this name."""
    return BLANKS.get(document, ())
