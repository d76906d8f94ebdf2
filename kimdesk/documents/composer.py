"""Sets texts for the pages of one part: the right direction, isolates, the note about a missing translation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kimdesk.documents import style
from kimdesk.documents.bidi import resolve
from kimdesk.documents.flowables import Block, Colour, Column, Ink, Row, Rule, Space, Text
from kimdesk.documents.isolation import protect
from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES, HandoutLanguage
from kimdesk.documents.style import text_style
from kimdesk.documents.text import clean
from kimdesk.documents.wording import Found, best_text, wording_for
from kimdesk.i18n import is_right_to_left

_BULLET = re.compile(r"^\s*[-–•*·‣]\s+")
_PARAGRAPH_GAP, _LINE_GAP = 6.0, 1.5


class Side:
    """One column of text on a page: its language and the side lines start on."""

    def __init__(self, ink: Ink, language: HandoutLanguage, *, beside: bool = False) -> None:
        """`beside` says that the same text stands in German in the other column."""
        self.ink = ink
        self.language = language
        self.words = wording_for(language)
        self._beside = beside
        self.align: style.Align = "right" if language.right_to_left else "left"

    def line(
        self,
        text: str,
        size: float = style.BODY,
        *,
        colour: Colour = style.INK,
        bold: bool = False,
        space_after: float = 0,
        align: style.Align = "start",
        keep_with_next: bool = False,
    ) -> Text:
        """Return a text in the language of the side, one paragraph."""
        return self._text(
            text,
            self.language.code,
            size,
            colour,
            bold=bold,
            space_after=space_after,
            align=align,
            keep_with_next=keep_with_next,
        )

    def neutral(self, text: str, size: float = style.BODY, *, bold: bool = False, link: str = "") -> Block:
        """Return an address, a number or a name: its own direction, at the side where lines start."""
        look = text_style(GERMAN, "auto", size, bold=bold, align=self.align)
        lines = [clean(line) for line in text.splitlines()]
        kept = [protect(line, right_to_left=resolve(line, "auto")[0] == 1) for line in lines if line]
        return Column([Text(self.ink, line, look, link=link) for line in kept])

    def label(self, message: str, *, beside_size: float = 0) -> Text:
        """Return the small heading of a field; `message` is marked with `H_`."""
        look = text_style(
            self.language.code,
            "rtl" if self.language.right_to_left else "ltr",
            style.LABEL,
            colour=style.TEAL,
            bold=True,
            space_after=1,
            keep_with_next=True,
            beside_size=beside_size,
        )
        return Text(self.ink, self.words.text(message), look)

    def title(self, texts: Mapping[str, str], size: float) -> list[Block]:
        """Return a title in the best language there is, with the note where it is not the page's own."""
        found = best_text(texts, self.language.code)
        if found is None:
            return []
        heading = self._text(
            found.text, found.language, size, style.INK, align=self.align, bold=True, space_after=4, keep_with_next=True
        )
        return [heading, *self._note(found)]

    def prose(self, texts: Mapping[str, str], size: float = style.BODY) -> list[Block]:
        """Return the paragraphs and bullets of a text in the best language there is.

        Beside the German column a missing translation is only noted: the German text stands next to it.
        """
        found = best_text(texts, self.language.code)
        if found is None:
            return []
        if found.note and self._beside and found.language == GERMAN:
            return self._note(found)
        return self._note(found) + self.paragraphs(found.text, found.language, size)

    def paragraphs(self, text: str, language: str, size: float) -> list[Block]:
        """Return the blocks of `text`: a line is a paragraph, an empty line a gap, "- " starts a bullet."""
        blocks: list[Block] = []
        for raw in text.replace("\r\n", "\n").split("\n"):
            line = clean(_BULLET.sub("", raw))
            if not line:
                if blocks:
                    blocks[-1].space_after = _PARAGRAPH_GAP
                continue
            bullet = _BULLET.match(raw) is not None
            blocks.append(self._text(line, language, size, style.INK, bullet=bullet, space_after=_LINE_GAP))
        if blocks:
            blocks[-1].space_after = 0
        return blocks

    def _note(self, found: Found) -> list[Block]:
        if not found.note:
            return []
        return [
            self.line(
                self.words.text(found.note), 9, colour=style.AMBER, bold=True, space_after=2.0, keep_with_next=True
            )
        ]

    def _text(
        self,
        text: str,
        language: str,
        size: float,
        colour: Colour,
        *,
        align: style.Align = "start",
        bold: bool = False,
        bullet: bool = False,
        space_after: float = 0,
        keep_with_next: bool = False,
    ) -> Text:
        to_left = is_right_to_left(language)
        look = text_style(
            language,
            "rtl" if to_left else "ltr",
            size,
            colour=colour,
            bold=bold,
            bullet=bullet,
            align=align,
            space_after=space_after,
            keep_with_next=keep_with_next,
        )
        return Text(self.ink, protect(clean(text), right_to_left=to_left), look)


class Page:
    """The columns of a part, in reading order from left to right."""

    LABEL_SHARE = 0.27

    def __init__(self, ink: Ink, language: HandoutLanguage, *, beside_german: bool) -> None:
        self.main = Side(ink, language, beside=beside_german)
        self.sides = [self.main]
        self.mirrored = language.right_to_left
        if beside_german:
            self.sides.append(Side(ink, HANDOUT_LANGUAGES[GERMAN]))
            if self.mirrored:
                self.sides.reverse()

    @property
    def bilingual(self) -> bool:
        """Whether German stands in a second column."""
        return len(self.sides) > 1

    def beside(self, cells: Sequence[Block], *, space_after: float = 0) -> Block:
        """Return the cells, one per side, level with each other."""
        if len(cells) == 1:
            return Column(cells, space_after=space_after)
        return Row([(cell, 1) for cell in cells], gap=style.GUTTER, line=style.LINE, space_after=space_after)

    def names(self) -> list[Block]:
        """Return the line that names the languages of the columns; nothing on pages in one language."""
        if not self.bilingual:
            return []
        cells = [side.line(side.language.native_name, 9.5, colour=style.QUIET, bold=True) for side in self.sides]
        return [self.beside(cells, space_after=0), _gap(self, 6)]

    def field(self, label: str, contents: Sequence[Sequence[Block]], *, size: float = style.BODY) -> list[Block]:
        """Return a field with its label, `contents` being the blocks of each side; nothing if all are empty.

        `size` is the size of the first line of `contents`, for the label beside it.
        """
        if not any(contents):
            return []
        if self.bilingual:
            cells = [
                Column([side.label(label), *blocks]) if blocks else Space(0)
                for side, blocks in zip(self.sides, contents, strict=True)
            ]
            return [self.beside(cells), _gap(self, 9)]
        row: list[tuple[Block, float]] = [
            (self.main.label(label, beside_size=size), self.LABEL_SHARE),
            (Column(contents[0]), 1 - self.LABEL_SHARE),
        ]
        if self.mirrored:
            row.reverse()
        return [Rule(style.LINE, space_after=4), Row(row, gap=14, space_after=5)]


def _gap(page: Page, height: float) -> Block:
    """Return empty height through which the line between the columns runs on."""
    return page.beside([Space(height) for _ in page.sides])
