"""What is to be printed, as the page's fields say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from kimdesk.documents.catalogue import NOTE
from kimdesk.documents.languages import GERMAN
from kimdesk.services.prints import NoteText, Printout, PrintService


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A printout wanted. Texts come by language code."""

    document: str
    language: str
    beside_german: bool
    offer_id: UUID | None = None
    case_id: UUID | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    next_step: Mapping[str, str] = field(default_factory=dict)

    def languages(self) -> tuple[str, ...]:
        """Return the languages on the pages."""
        if self.language == GERMAN or not self.beside_german:
            return (self.language,)
        return (GERMAN, self.language)

    def is_complete(self) -> bool:
        """Return whether there is something to print."""
        if self.document == NOTE.name:
            return any(self.texts.get(code, "").strip() for code in self.languages())
        return self.offer_id is not None

    def make(self, prints: PrintService) -> Printout:
        """Return the printout; call it in the worker. Raises what the service raises."""
        shown = self.languages()
        if self.document == NOTE.name:
            note = NoteText(_only(self.titles, shown), _only(self.texts, shown))
            return prints.note(note, shown, case_id=self.case_id)
        assert self.offer_id is not None
        return prints.offer_sheet(self.offer_id, shown, case_id=self.case_id, next_step=_only(self.next_step, shown))


def _only(texts: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the texts of `languages`: what was typed for a language no longer chosen is not printed."""
    return {code: texts[code] for code in languages if texts.get(code, "").strip()}
