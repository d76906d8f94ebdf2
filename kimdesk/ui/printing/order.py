"""What is to be printed, as the page's fields say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from kimdesk.documents.catalogue import NOTE, OFFER_SHEET
from kimdesk.documents.languages import GERMAN
from kimdesk.services.paper_orders import Filled, PaperOrder
from kimdesk.services.prints import Printout, PrintService


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A printout wanted. Texts come by language code; `pack` are documents put aside, printed before this one.

    A pack is printed without the document that is shown now: that one is put aside first.
    """

    document: str
    language: str
    beside_german: bool
    further: tuple[str, ...] = ()
    """More languages, each with pages of its own."""
    large: bool = False
    offer_id: UUID | None = None
    case_id: UUID | None = None
    record_id: UUID | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    next_step: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, Filled] = field(default_factory=dict)
    pack: tuple[PaperOrder, ...] = ()

    def languages(self) -> tuple[str, ...]:
        """Return the languages on the pages."""
        foreign = [code for code in dict.fromkeys((self.language, *self.further)) if code != GERMAN]
        if not foreign:
            return (GERMAN,)
        german = (GERMAN,) if self.beside_german or self.language == GERMAN else ()
        return (*german, *foreign)

    def is_complete(self) -> bool:
        """Return whether there is something to print."""
        return bool(self.pack) or self.has_document()

    def has_document(self) -> bool:
        """Return whether the document shown has what it is about."""
        if self.document == NOTE.name:
            return any(self.texts.get(code, "").strip() for code in self.languages())
        return self.document != OFFER_SHEET.name or self.offer_id is not None

    def paper(self) -> PaperOrder:
        """Return the document shown, for printing or to be put aside."""
        shown = self.languages()
        filled = dict(self.filled)
        if self.document == NOTE.name:
            filled = {"title_by_language": _only(self.titles, shown), "text_by_language": _only(self.texts, shown)}
        elif self.document == OFFER_SHEET.name:
            filled = {"next_step": step} if (step := _only(self.next_step, shown)) else {}
        return PaperOrder(
            document=self.document,
            case_id=self.case_id,
            offer_id=self.offer_id if self.document == OFFER_SHEET.name else None,
            record_id=self.record_id,
            filled=filled,
        )

    def make(self, prints: PrintService, progress: Callable[[int, int], None] | None = None) -> Printout:
        """Return the printout; call it in the worker. Raises what the service raises."""
        papers = self.pack or (self.paper(),)
        return prints.papers(papers, self.languages(), large=self.large, progress=progress)


def _only(texts: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the texts of `languages`: what was typed for a language no longer chosen is not printed."""
    return {code: texts[code] for code in languages if texts.get(code, "").strip()}
