"""The free note: a text the case manager wrote, on the office's paper, in the client's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from kimdesk.documents import style
from kimdesk.documents.catalogue import NOTE, DocumentKind
from kimdesk.documents.composer import Page, Side
from kimdesk.documents.flowables import Block, Column
from kimdesk.documents.languages import GERMAN
from kimdesk.documents.marks import H_, Words
from kimdesk.documents.papers.residence_info import contact_panel
from kimdesk.documents.sheet import Sheet
from kimdesk.foundation.errors import N_, KnownError

# Übersetzung: A short written message from the case management to a client.
_NOTE = H_("Mitteilung")


MAXIMUM_CHARACTERS = 50_000
"""About twenty pages; laying out a file somebody chose by mistake would take minutes."""


class NoteTooLong(KnownError):
    """The text is longer than any handout."""

    default_message = N_("Der Text ist länger als erlaubt ({limit} Zeichen).")


@dataclass(frozen=True)
class Note:
    """A note. `title` is German; `title_by_language` has it in other languages; texts come by language code.

    In a text a line is a paragraph, an empty line makes a gap, a line that starts with "- " is a bullet.
    """

    KIND: ClassVar[DocumentKind] = NOTE
    title: str = ""
    text_by_language: Mapping[str, str] = field(default_factory=dict)
    title_by_language: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    """The person to ask, with telephone number if there is one; lines separated by newlines."""

    @property
    def heading(self) -> Words:
        return _NOTE

    def check(self) -> None:
        """Raise `NoteTooLong` for a text longer than any handout."""
        texts = (*self.text_by_language.values(), *self.title_by_language.values(), self.title)
        if max(len(text) for text in texts) > MAXIMUM_CHARACTERS:
            raise NoteTooLong(limit=MAXIMUM_CHARACTERS)

    def write(self, sheet: Sheet) -> None:
        self.check()
        page = sheet.page
        titles = {**self.title_by_language, GERMAN: self.title_by_language.get(GERMAN, self.title)}
        heads = [Column(_head(side, titles, 17 if page.bilingual else 22, page)) for side in page.sides]
        sheet.blocks += [*page.names(), page.beside(heads)]
        sheet.gap(10)
        sheet.entered(self.text_by_language, size=11.5)
        sheet.gap(8)
        contact_panel(sheet, self.contact)


def _head(side: Side, titles: Mapping[str, str], size: float, page: Page) -> list[Block]:
    outline = 0 if side is page.main else None
    kicker = side.line(
        side.say(_NOTE).text, 10.5, colour=style.TEAL, bold=True, space_after=2, keep_with_next=True, outline=outline
    )
    return [kicker, *side.title(titles, size)]
