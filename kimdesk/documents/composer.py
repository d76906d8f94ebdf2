"""Sets texts for the pages of one part: the right direction, isolates, the note about a missing translation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kimdesk.documents import style
from kimdesk.documents.bidi import resolve
from kimdesk.documents.drawing import Colour
from kimdesk.documents.flowables import Block, Column, Ink, Row, Rule, Space, Text
from kimdesk.documents.isolation import protect
from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES, HandoutLanguage
from kimdesk.documents.marks import Words
from kimdesk.documents.style import text_style
from kimdesk.documents.text import clean
from kimdesk.documents.wording import GERMAN_MARK, Found, Translation, best_text
from kimdesk.i18n import is_right_to_left

_BULLET = re.compile(r"^\s*(?:([-–•*·‣])\s+|(\d{1,2}[.)])\s+(?=\D))")
_PARAGRAPH_GAP, _LINE_GAP = 6.0, 1.5
_LONGEST_HEADING = 70


class Side:
    """One column of text on a page: its language and the side lines start on."""

    def __init__(self, ink: Ink, language: HandoutLanguage, *, beside: bool = False) -> None:
        """`beside` says that the same text stands in German in the other column."""
        self.ink = ink
        self.language = language
        self.words = ink.texts.wording(language)
        self._beside = beside
        self.align: style.Align = "right" if language.right_to_left else "left"
        self.lacks_translation = False
        """Whether a fixed text used so far had no translation."""
        self.lacks_review = False
        """Whether a translation used so far has not been reviewed."""

    def say(self, words: Words) -> Translation:
        """Return a text of the catalogue; remembers what is missing."""
        found = self.words.translation(words)
        self.lacks_translation |= not found.translated
        self.lacks_review |= found.translated and not found.reviewed
        return found

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
        marker: str = "",
        outline: int | None = None,
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
            marker=marker,
            outline=outline,
        )

    def german_instead(
        self,
        words: Words,
        size: float,
        *,
        colour: Colour = style.INK,
        bold: bool = False,
        space_after: float = 0,
        keep_with_next: bool = False,
        marker: str = "",
        outline: int | None = None,
    ) -> Text:
        """Return the German text, marked, in the place of a translation there is not."""
        german = self.ink.texts.wording(HANDOUT_LANGUAGES[GERMAN]).text(words)
        return self._text(
            f"{GERMAN_MARK} {german}",
            GERMAN,
            size,
            colour,
            bold=bold,
            space_after=space_after,
            align=self.align,
            keep_with_next=keep_with_next,
            marker=marker,
            outline=outline,
        )

    def neutral(self, text: str, size: float = style.BODY, *, bold: bool = False, link: str = "") -> Block:
        """Return an address, a number or a name: its own direction, at the side where lines start."""
        look = text_style(GERMAN, "auto", size * self.ink.scale, bold=bold, align=self.align)
        lines = [clean(line) for line in text.splitlines()]
        kept = [protect(line, right_to_left=resolve(line, "auto")[0] == 1) for line in lines if line]
        return Column([Text(self.ink, line, look, link=link) for line in kept])

    def label(self, message: str, *, beside_size: float = 0) -> Text:
        """Return the small heading of a field; `message` is marked with `H_`."""
        found = self.say(message)
        to_left = self.language.right_to_left and found.translated
        look = text_style(
            self.language.code if found.translated else GERMAN,
            "rtl" if to_left else "ltr",
            style.LABEL * self.ink.scale,
            colour=style.TEAL,
            bold=True,
            space_after=1,
            keep_with_next=True,
            beside_size=beside_size * self.ink.scale,
            align=self.align,
        )
        return Text(self.ink, found.text if found.translated else f"{GERMAN_MARK} {found.text}", look)

    def small(self, words: Words, *, bold: bool = False, colour: Colour = style.QUIET) -> Text:
        """Return a label in small type, in German with its mark where there is no translation."""
        found = self.say(words)
        if not found.translated:
            return self.german_instead(words, style.SMALL, bold=bold, colour=colour)
        return self.line(found.text, style.SMALL, bold=bold, colour=colour)

    def title(self, texts: Mapping[str, str], size: float, *, outline: int | None = None) -> list[Block]:
        """Return a title in the best language there is, with the note where it is not the page's own."""
        found = best_text(texts, self.language.code)
        if found is None:
            return []
        heading = self._text(
            found.text,
            found.language,
            size,
            style.INK,
            align=self.align,
            bold=True,
            space_after=4,
            keep_with_next=True,
            outline=outline,
        )
        return [heading, *self.note(found)]

    def prose(self, texts: Mapping[str, str], size: float = style.BODY) -> list[Block]:
        """Return the paragraphs and bullets of a text in the best language there is.

        Beside the German column a missing translation is only noted: the German text stands next to it.
        """
        found = best_text(texts, self.language.code)
        if found is None:
            return []
        if found.note and self._beside and found.language == GERMAN:
            return self.note(found)
        return self.note(found) + self.paragraphs(found.text, found.language, size)

    def paragraphs(self, text: str, language: str, size: float) -> list[Block]:
        """Return the blocks of `text`: a line is a paragraph, an empty line a gap, "- " starts a bullet.

        A short line without a full stop before another one is a heading and stays with it.
        """
        lines = text.replace("\r\n", "\n").split("\n")
        blocks: list[Block] = []
        for place, raw in enumerate(lines):
            found = _BULLET.match(raw)
            line = clean(_BULLET.sub("", raw))
            if not line:
                if blocks:
                    blocks[-1].space_after = _PARAGRAPH_GAP
                continue
            marker = "" if found is None else "•" if found.group(1) else found.group(2)
            heads = not marker and _is_heading(line, lines[place + 1 :])
            blocks.append(
                self._text(line, language, size, style.INK, marker=marker, space_after=_LINE_GAP, keep_with_next=heads)
            )
        if blocks:
            blocks[-1].space_after = 0
            blocks[-1].keep_with_next = False
        return blocks

    def note(self, found: Found) -> list[Block]:
        """Return the line that says in which language a text is, where it is not the side's own."""
        if not found.note:
            return []
        said = self.say(found.note)
        text = said.text if said.translated else ""
        if not text:
            return []
        return [self.line(text, 9, colour=style.AMBER, bold=True, space_after=2.0, keep_with_next=True)]

    def _text(
        self,
        text: str,
        language: str,
        size: float,
        colour: Colour,
        *,
        align: style.Align = "start",
        bold: bool = False,
        marker: str = "",
        space_after: float = 0,
        keep_with_next: bool = False,
        outline: int | None = None,
    ) -> Text:
        to_left = is_right_to_left(language)
        look = text_style(
            language,
            "rtl" if to_left else "ltr",
            size * self.ink.scale,
            colour=colour,
            bold=bold,
            marker=marker,
            align=align,
            space_after=space_after,
            keep_with_next=keep_with_next,
            outline=outline,
        )
        return Text(self.ink, protect(clean(text), right_to_left=to_left), look)


def _is_heading(line: str, following: Sequence[str]) -> bool:
    """Return whether a line of an imported text is a heading by its looks: short, no stop, more text below."""
    if len(line) > _LONGEST_HEADING or line[-1] in ".!?:;,…،؟۔።":
        # A line that ends in a colon leads to the next one all the same.
        return line[-1] in ":፡" and bool(following)
    below = next((after.strip() for after in following[:2] if after.strip()), "")
    # In a list without signs every line looks like a heading: only what stands above running text or bullets is one.
    return len(below) > _LONGEST_HEADING or _BULLET.match(below) is not None


class Page:
    """The columns of a part, in reading order from left to right."""

    LABEL_SHARE = 0.27

    def __init__(self, ink: Ink, language: HandoutLanguage, *, beside_german: bool) -> None:
        self.main = Side(ink, language, beside=beside_german)
        self.sides = [self.main]
        self.mirrored = language.right_to_left
        self._stacked = ink.scale > 1
        if beside_german:
            self.sides.append(Side(ink, HANDOUT_LANGUAGES[GERMAN]))
            if self.mirrored and not self._stacked:
                self.sides.reverse()

    @property
    def bilingual(self) -> bool:
        """Whether German stands in a second column."""
        return len(self.sides) > 1

    def beside(self, cells: Sequence[Block], *, space_after: float = 0) -> Block:
        """Return the cells, one per side, level with each other; in large print below each other."""
        if len(cells) == 1:
            cells[0].space_after = max(cells[0].space_after, space_after)
            return cells[0]
        if self._stacked:
            return Column(cells, space_after=space_after)
        return Row([(cell, 1) for cell in cells], gap=style.GUTTER, line=style.LINE, space_after=space_after)

    def names(self) -> list[Block]:
        """Return the line that names the languages of the columns; nothing on pages in one language."""
        if not self.bilingual or self._stacked:
            return []
        cells = [side.line(side.language.native_name, 9.5, colour=style.QUIET, bold=True) for side in self.sides]
        return [self.beside(cells, space_after=0), self.space(6)]

    def space(self, height: float) -> Block:
        """Return empty height through which the line between the columns runs on."""
        if self._stacked:
            return Space(height)
        return self.beside([Space(height) for _ in self.sides])

    def prose(self, texts: Mapping[str, str], size: float = style.BODY, *, with_note: bool = True) -> list[Block]:
        """Return a text somebody wrote, level paragraph by paragraph where both columns have as many.

        A text that is missing in the part's language stands once, over the whole width, under a note.
        """
        found = best_text(texts, self.main.language.code)
        if found is None:
            return []
        if not self.bilingual or found.note:
            note = self.main.note(found) if with_note else []
            return note + self.main.paragraphs(found.text, found.language, size)
        columns = [side.prose(texts, size) for side in self.sides]
        if len({len(column) for column in columns}) > 1:
            return [self.beside([Column(column) for column in columns])]
        blocks: list[Block] = []
        for level in zip(*columns, strict=True):
            row = self.beside(list(level))
            row.keep_with_next = any(block.keep_with_next for block in level)
            blocks += [row, self.space(max(block.space_after for block in level))]
            blocks[-1].keep_with_next = row.keep_with_next
        return blocks

    def field(self, label: str, contents: Sequence[Sequence[Block]], *, size: float = style.BODY) -> list[Block]:
        """Return a field with its label, `contents` being the blocks of each side; nothing if all are empty.

        `size` is the size of the first line of `contents`, for the label beside it.
        """
        if not any(contents):
            return []
        if self.bilingual or self._stacked:
            cells = [
                Column([side.label(label), *blocks]) if blocks else Space(0)
                for side, blocks in zip(self.sides, contents, strict=True)
            ]
            return [self.beside(cells), self.space(9)]
        row: list[tuple[Block, float]] = [
            (self.main.label(label, beside_size=size), self.LABEL_SHARE),
            (Column(contents[0]), 1 - self.LABEL_SHARE),
        ]
        if self.mirrored:
            row.reverse()
        return [Rule(style.LINE, space_after=4), Row(row, gap=14, space_after=5)]

    def wide_field(self, label: str, texts: Mapping[str, str], size: float = style.BODY) -> list[Block]:
        """Return a field with a long text: side by side where both languages have it, else over the whole width."""
        found = best_text(texts, self.main.language.code)
        if found is None:
            return []
        if self.bilingual and found.note:
            labels = self.beside([side.label(label) for side in self.sides])
            labels.keep_with_next = True
            return [labels, *self.prose(texts, size), self.space(9)]
        return self.field(label, [side.prose(texts, size) for side in self.sides], size=size)
