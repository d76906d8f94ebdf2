"""Makes documents as PDF in memory, and notes in the log whatever is printed or leaves the vault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kimdesk.documents.catalogue import (
    CONFERENCE_INVITATION,
    CONFERENCE_MINUTES,
    DOCUMENTS,
    INDICATOR_REPORT,
    NOTE,
    OFFER_SHEET,
    REFERRAL,
    RELEASE,
    STRUCTURAL_ISSUE,
    WITHDRAWAL,
    DocumentKind,
    document_kind,
)
from kimdesk.documents.languages import page_languages
from kimdesk.documents.letterhead import Letterhead
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.issues import StructuralIssue
from kimdesk.domain.views import CaseFile
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import write_atomically
from kimdesk.offers.model import Offer, OfferText
from kimdesk.offers.parts import Phone
from kimdesk.services.handout_texts import HandoutTextService
from kimdesk.services.offers import OfferService
from kimdesk.services.paper_orders import PaperOrder
from kimdesk.services.settings import Office, SettingsService
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault

if TYPE_CHECKING:
    from kimdesk.documents.papers.coordination import IndicatorReport
    from kimdesk.documents.papers.offer_sheet import OfferSheet
    from kimdesk.documents.papers.paper import Paper
    from kimdesk.services.papers import Sources

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
    """Turns offers, notes and what a case file holds into PDF bytes.

    Making a `Printout` leaves no trace: it is a preview. Who prints it says so with `record_print`; `save` writes the
    one file that is wanted and records it as an export.
    """

    def __init__(
        self,
        vault: Vault,
        settings: SettingsService,
        offers: OfferService,
        clock: Clock,
        *,
        texts: HandoutTextService,
        file_of: Callable[[UUID], CaseFile],
        issues: Callable[[], Sequence[StructuralIssue]] = tuple,
    ) -> None:
        """`texts` holds reviewed translations, `file_of` returns the file of a case, `issues` structural issues."""
        self._vault = vault
        self._settings = settings
        self._offers = offers
        self._clock = clock
        self._file_of = file_of
        self._issues = issues
        self._texts = texts

    def documents(self) -> tuple[DocumentKind, ...]:
        """Return the documents of the print centre. The indicator report is printed where its figures are shown."""
        return tuple(kind for kind in DOCUMENTS.values() if kind is not INDICATOR_REPORT)

    def records(self, document: str, case_id: UUID) -> tuple[tuple[UUID, str], ...]:
        """Return what of a case a document can be about (a referral, a conference, a release), newest first, with words
        to choose by; empty where there is nothing to choose."""
        file = self._file_of(case_id)
        match document:
            case REFERRAL.name:
                return tuple((each.id, f"{each.receiver} ({each.sent_on:%d.%m.%Y})") for each in file.referrals)
            case CONFERENCE_INVITATION.name | CONFERENCE_MINUTES.name:
                return tuple((each.id, f"{each.at:%d.%m.%Y}: {each.occasion}") for each in file.work.conferences)
            case RELEASE.name | WITHDRAWAL.name:
                return tuple(
                    (each.id, f"{each.recipient} ({each.given_on:%d.%m.%Y})")
                    for each in file.work.consents
                    if each.recipient
                )
            case _:
                return ()

    def offer_sheet(
        self,
        offer_id: UUID,
        languages: Sequence[str],
        *,
        case_id: UUID | None = None,
        next_step: Mapping[str, str] | None = None,
        large: bool = False,
    ) -> Printout:
        """Return the offer sheet, side by side with German where "de" is among `languages`.

        `next_step` is the case manager's own note by language. Raises `OfferNotFound` and what the documents raise
        (`UnknownHandoutLanguage`, `FontMissing`, …).
        """
        filled = {"next_step": dict(next_step)} if next_step else {}
        order = PaperOrder(document=OFFER_SHEET.name, offer_id=offer_id, case_id=case_id, filled=filled)
        return self.papers([order], languages, large=large)

    def note(
        self, note: NoteText, languages: Sequence[str], *, case_id: UUID | None = None, large: bool = False
    ) -> Printout:
        """Return a free note. Raises `RuleBroken` for an empty text and what the documents raise."""
        filled = {"title_by_language": dict(note.titles), "text_by_language": dict(note.texts)}
        order = PaperOrder(document=NOTE.name, case_id=case_id, filled=filled)
        return self.papers([order], languages, large=large)

    def papers(
        self,
        orders: Sequence[PaperOrder],
        languages: Sequence[str],
        *,
        large: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Printout:
        """Return one or several documents in one file, filled from the office's settings, the case and what was typed.

        `large` is type for low vision; `progress` is told how many parts are laid out, and stops the work by raising.
        Raises `UnknownDocument`, `CaseNotFound`, `OfferNotFound` and what the documents raise.
        """
        page_languages(languages)
        for order in orders:
            document_kind(order.document)
        case_ids = {order.case_id for order in orders if order.case_id is not None}
        if len(case_ids) > 1:
            raise ValueError("the documents of one file are about one case")
        case_id = next(iter(case_ids), None)
        sources = self._sources(case_id)
        # ReportLab and its fonts are loaded where the first page is made, not when the program starts.
        from kimdesk.documents.printing import PrintOptions, print_papers

        data = print_papers(
            [self._paper(order, sources) for order in orders],
            languages,
            letterhead(sources.office),
            self._clock.today(),
            PrintOptions(large=large, texts=self._texts.texts(), progress=progress),
        )
        document = "+".join(order.document for order in orders)
        offer_id = next((order.offer_id for order in orders if order.offer_id is not None), None)
        return Printout(document, tuple(languages), data, offer_id, case_id)

    def indicator_report(self, report: IndicatorReport, language: str) -> Printout:
        """Return the indicator report in German or English; `report` is filled by whoever computed the figures."""
        from kimdesk.documents.printing import print_papers  # as above: loaded with the first page

        data = print_papers([report], [language], letterhead(self._settings.office()), self._clock.today())
        return Printout(INDICATOR_REPORT.name, (language,), data)

    def _sources(self, case_id: UUID | None) -> Sources:
        from kimdesk.services.papers import Sources  # as above: it brings the documents

        return Sources(
            office=self._settings.office(),
            handouts=self._settings.handouts(),
            retention_years=self._settings.profile().retention.years,
            today=self._clock.today(),
            file=self._file_of(case_id) if case_id is not None else None,
        )

    def _paper(self, order: PaperOrder, sources: Sources) -> Paper:
        from kimdesk.services.papers import make_paper  # as above

        if order.document == STRUCTURAL_ISSUE.name and order.record_id is not None:
            found = next((each for each in self._issues() if each.id == order.record_id), None)
            return make_paper(order, replace(sources, issue=found))
        if order.document == NOTE.name:
            texts = order.filled.get("text_by_language")
            if not isinstance(texts, Mapping) or not any(text.strip() for text in texts.values()):
                raise RuleBroken(
                    N_("Die Mitteilung ist noch leer. Bitte schreiben Sie zuerst einen Text."), field_name="text"
                )
        if order.document == OFFER_SHEET.name:
            if order.offer_id is None:
                raise RuleBroken(N_("Bitte wählen Sie zuerst ein Angebot."), field_name="offer")
            offer = self._offers.get(order.offer_id).offer
            filled: dict[str, Any] = dict(order.filled)
            return replace(_sheet(offer, sources.office, {}), **filled)
        return make_paper(order, sources)

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
