"""What another page may ask the print page to print."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """Print a document, for a case or for nobody in particular; `record_id` is a referral, a conference or a release.

    `language` is the code the handout is wanted in; where it is empty, the client's language is proposed.
    """

    document: str = "offer-sheet"
    offer_id: UUID | None = None
    case_id: UUID | None = None
    record_id: UUID | None = None
    language: str = ""
