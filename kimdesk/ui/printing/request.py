"""What another page may ask the print page to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

DocumentName = Literal["offer-sheet", "note"]


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """Print an offer or a note, for a case or for nobody in particular.

    `language` is the code the handout is wanted in; where it is empty, the client's language is proposed.
    """

    document: DocumentName = "offer-sheet"
    offer_id: UUID | None = None
    case_id: UUID | None = None
    language: str = ""
