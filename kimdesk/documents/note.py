"""The free note: a text the case manager wrote, on the office's paper, in the client's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kimdesk.documents import style
from kimdesk.documents.composer import Page, Side
from kimdesk.documents.flowables import Block, Column, Panel, Space
from kimdesk.documents.fonts import FontBook, installed_fonts
from kimdesk.documents.languages import GERMAN, page_languages
from kimdesk.documents.letterhead import Letterhead
from kimdesk.documents.press import Part, Press
from kimdesk.documents.wording import H_, wording_for
from kimdesk.foundation.errors import N_, KnownError

_NOTE = H_("Mitteilung")
_CONTACT = H_("Ihre Ansprechperson")


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

    title: str = ""
    text_by_language: Mapping[str, str] = field(default_factory=dict)
    title_by_language: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    """The person to ask, with telephone number if there is one; lines separated by newlines."""


def render_note(
    note: Note,
    languages: Sequence[str],
    letterhead: Letterhead,
    today: date,
    *,
    fonts: FontBook | None = None,
) -> bytes:
    """Return the PDF of `note`: pages per language, side by side with German where ``"de"`` is among `languages`.

    The properties of the file name the office and the kind of document, never title or text of the note: both may
    be about a person. Raises `UnknownHandoutLanguage`, `HandoutTextsMissing`, `FontMissing`, `UnusableLogo` and
    `NoteTooLong`.
    """
    texts = (*note.text_by_language.values(), *note.title_by_language.values(), note.title)
    if max(len(text) for text in texts) > MAXIMUM_CHARACTERS:
        raise NoteTooLong(limit=MAXIMUM_CHARACTERS)
    parts = page_languages(languages)
    first = parts[0][0]
    kind = wording_for(first).text(_NOTE)
    press = Press(fonts or installed_fonts(), letterhead, today, title=kind, language=first)
    return press.run(
        [
            Part(language, beside_german, _blocks(note, Page(press.ink, language, beside_german=beside_german)))
            for language, beside_german in parts
        ]
    )


def _blocks(note: Note, page: Page) -> list[Block]:
    titles = {**note.title_by_language, GERMAN: note.title_by_language.get(GERMAN, note.title)}
    heads = [Column(_head(side, titles, 17 if page.bilingual else 22)) for side in page.sides]
    blocks = [*page.names(), page.beside(heads), page.beside([Space(10) for _ in page.sides])]
    columns = [side.prose(note.text_by_language, 11.5) for side in page.sides]
    if len({len(column) for column in columns}) == 1:
        # As many paragraphs in both languages: each stays level with its translation.
        for level in zip(*columns, strict=True):
            blocks += [page.beside(list(level)), page.beside([Space(level[0].space_after) for _ in page.sides])]
    else:
        blocks.append(page.beside([Column(column) for column in columns]))
    if note.contact.strip():
        cells = [Column([side.label(_CONTACT), side.neutral(note.contact, 12)]) for side in page.sides]
        panel = Panel(page.beside(cells), fill=style.TEAL_SOFT, bar=style.TEAL, bar_right=page.mirrored)
        blocks += [Space(20), panel]
    return blocks


def _head(side: Side, titles: Mapping[str, str], size: float) -> list[Block]:
    kicker = side.line(side.words.text(_NOTE), 10.5, colour=style.TEAL, bold=True, space_after=2)
    return [kicker, *side.title(titles, size)]
