"""Makes documents as PDF in memory, and notes in the log whatever is printed or leaves the vault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from kimdesk.documents.catalogue import NOTE, OFFER_SHEET, DocumentKind
from kimdesk.documents.languages import page_languages
from kimdesk.documents.letterhead import Letterhead
from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.offers.model import Offer, OfferText
from kimdesk.offers.parts import Phone
from kimdesk.services.offers import OfferService
from kimdesk.services.settings import Office, SettingsService
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault

if TYPE_CHECKING:
    from kimdesk.documents.papers.offer_sheet import OfferSheet

_GERMAN = "de"


@dataclass(frozen=True, slots=True)
class NoteText:
    """A free note: title and text by language code; what a language lacks is shown in German."""

    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


class PdfNotWritten(KnownError):
    """The PDF file cannot be written; what was there before is still there."""

    default_message = N_(
        "Die Datei {path} lässt sich nicht schreiben. Bitte prüfen Sie Ordner, Rechte und freien Platz."
    )


@dataclass(frozen=True, slots=True)
class Printout:
    """A document ready to be printed, as PDF bytes, with what the log says about it."""

    document: str
    languages: tuple[str, ...]
    data: bytes = field(repr=False)
    offer_id: UUID | None = None
    case_id: UUID | None = None


class PrintService:
    """Turns offers and notes into PDF bytes.

    Making a `Printout` leaves no trace: it is a preview. Who prints it says so with `record_print`; `save` writes the
    one file that is wanted and records it as an export.
    """

    def __init__(self, vault: Vault, settings: SettingsService, offers: OfferService, clock: Clock) -> None:
        self._vault = vault
        self._settings = settings
        self._offers = offers
        self._clock = clock

    def documents(self) -> tuple[DocumentKind, ...]:
        """Return the documents the print page offers."""
        return (OFFER_SHEET, NOTE)

    def offer_sheet(
        self,
        offer_id: UUID,
        languages: Sequence[str],
        *,
        case_id: UUID | None = None,
        next_step: Mapping[str, str] | None = None,
    ) -> Printout:
        """Return the offer sheet, side by side with German where "de" is among `languages`.

        `next_step` is the case manager's own note by language. Raises `OfferNotFound` and what the documents raise
        (`UnknownHandoutLanguage`, `FontMissing`, …).
        """
        page_languages(languages)
        offer = self._offers.get(offer_id).offer
        office = self._settings.office()
        # ReportLab and its fonts are loaded where the first page is made, not when the program starts.
        from kimdesk.documents.printing import print_papers

        data = print_papers(
            [_sheet(offer, office, next_step or {})], languages, letterhead(office), self._clock.today()
        )
        return Printout(OFFER_SHEET.name, tuple(languages), data, offer_id, case_id)

    def note(self, note: NoteText, languages: Sequence[str], *, case_id: UUID | None = None) -> Printout:
        """Return a free note. Raises `RuleBroken` for an empty text and what the documents raise."""
        page_languages(languages)
        if not any(text.strip() for text in note.texts.values()):
            raise RuleBroken(
                N_("Die Mitteilung ist noch leer. Bitte schreiben Sie zuerst einen Text."), field_name="text"
            )
        office = self._settings.office()
        from kimdesk.documents.papers.note import Note  # as above: loaded with the first page
        from kimdesk.documents.printing import print_papers

        paper = Note(
            title=note.titles.get(_GERMAN, ""),
            title_by_language=note.titles,
            text_by_language=note.texts,
            contact=_contact(office),
        )
        data = print_papers([paper], languages, letterhead(office), self._clock.today())
        return Printout(NOTE.name, tuple(languages), data, None, case_id)

    def record_print(self, printout: Printout) -> None:
        """Note in the log that `printout` goes to a printer; call it before the first page does."""
        self._record(AuditAction.PRINT, printout)

    def save(self, printout: Printout, path: Path) -> None:
        """Note the export in the log and write `printout` to `path`, where it lies unencrypted.

        The log comes first: no file without a row, even if the program is killed in between. Raises `PdfNotWritten`;
        then a file of that name is as it was.
        """
        self._record(AuditAction.EXPORT, printout)
        try:
            write_atomically(path, printout.data)
        except OSError:
            raise PdfNotWritten(path=str(path)) from None

    def _record(self, action: AuditAction, printout: Printout) -> None:
        detail: dict[str, str | int | bool | None] = {
            "document": printout.document,
            "languages": "+".join(printout.languages),
        }
        # With a case, the row is the case's: whoever asks what left its file finds it there.
        kind, subject = "", ""
        if printout.case_id is not None:
            kind, subject = "case", str(printout.case_id)
            if printout.offer_id is not None:
                detail["offer"] = str(printout.offer_id)
        elif printout.offer_id is not None:
            kind, subject = "offer", str(printout.offer_id)
        with self._vault.unit_of_work() as unit:
            unit.record(AuditEntry(action, kind, subject, detail))
            unit.commit()


def letterhead(office: Office) -> Letterhead:
    """Return the head of a page for `office`."""
    lines = [line for line in (office.unit, *office.address.splitlines()) if line.strip()]
    contact = [part for part in (office.person, office.phone, office.email, office.web) if part]
    return Letterhead(
        office=office.name or N_("Kommunales Integrationsmanagement"),
        address=tuple(lines),
        contact=tuple(contact),
        logo=office.logo or None,
    )


def _contact(office: Office) -> str:
    return "\n".join(part for part in (office.person, office.phone) if part)


def _sheet(offer: Offer, office: Office, next_step: Mapping[str, str]) -> OfferSheet:
    """Return what of an offer belongs on paper."""
    from kimdesk.documents.papers.offer_sheet import OfferSheet  # as above: loaded with the first page

    facts, texts = offer.facts, offer.all_texts()
    hours = "\n".join(facts.opening_hours)
    return OfferSheet(
        title={language: text.title for language, text in texts.items()},
        provider=facts.provider,
        description={language: _description(text) for language, text in texts.items() if _description(text)},
        admission={language: text.access_requirements for language, text in texts.items() if text.access_requirements},
        address="\n".join(address.line() for address in facts.addresses),
        phone=", ".join(_phone(phone) for phone in facts.all_phones[:2]),
        email=facts.all_emails[0] if facts.all_emails else "",
        web=facts.all_web[0] if facts.all_web else "",
        opening_hours={_GERMAN: hours} if hours else {},
        by_appointment=facts.by_appointment,
        cost={_GERMAN: facts.cost_text} if facts.cost_text else {},
        languages_spoken=facts.all_languages,
        next_step=next_step,
        contact=_contact(office),
    )


def _phone(phone: Phone) -> str:
    return f"{phone.number} ({phone.label})" if phone.label else phone.number


_LINK = re.compile(r"\s*\((?:https?://|mailto:|tel:)[^)]*\)")


def _description(text: OfferText) -> str:
    """Return summary and text; a summary that only repeats how the text begins (Integreat) is not printed twice."""
    beginning = " ".join(text.summary.split()).rstrip("… .")
    if " ".join(_LINK.sub("", text.text).split()).startswith(beginning):
        return text.text
    return "\n\n".join(part for part in (text.summary, text.text) if part.strip())
