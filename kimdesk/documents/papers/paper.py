"""What every document has in common."""

from __future__ import annotations

from typing import ClassVar, Protocol

from kimdesk.documents.catalogue import DocumentKind
from kimdesk.documents.marks import Words
from kimdesk.documents.sheet import Sheet


class Paper(Protocol):
    """An input of a document that knows how it is written on a sheet."""

    KIND: ClassVar[DocumentKind]

    @property
    def heading(self) -> Words:
        """The document's title, for the bookmarks and properties of the file; it names no person."""

    def write(self, sheet: Sheet) -> None:
        """Write the document on `sheet`."""
