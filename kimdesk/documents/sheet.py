"""What a document is written with: headings, paragraphs, fields, lists, tables and signatures, in all columns at once.

A document says what stands on its pages once; the sheet sets it in the languages of the part, level with each other.
Texts of the catalogue that have no translation are printed in German over the whole width, after a mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time

from kimdesk.documents import style, wording
from kimdesk.documents.boxes import Bar, Boxes, Table
from kimdesk.documents.catalogue import DocumentKind
from kimdesk.documents.composer import Page, Side
from kimdesk.documents.drawing import Colour
from kimdesk.documents.flowables import Block, Column, NewPage, Panel, QrCode, Row, Rule, Space
from kimdesk.documents.languages import GERMAN, HandoutLanguage
from kimdesk.documents.marks import Day, Said, Words

LocalText = Mapping[str, str]
"""A text by language code, German under ``"de"``; an empty mapping leaves the field out."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A value that is a text of the catalogue and no text as typed."""

    words: Words


Value = str | date | time | Day | Said | Marked | LocalText | None
"""What stands in a field: as typed, a day or a time, a text of the catalogue, one by language, or room to write."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a form. `share` is its part of the row; `lines` the room for writing where the value is empty."""

    label: Words
    value: Value = None
    share: float = 1.0
    lines: int = 1


class Sheet:
    """The pages of one document in one part."""

    def __init__(self, page: Page, kind: DocumentKind, others: Sequence[HandoutLanguage] = ()) -> None:
        """`others` are the further languages of a document that has all of them on one page."""
        self.page = page
        self.blocks: list[Block] = []
        self._kind = kind
        self._others = list(others)
        self._scale = page.main.ink.scale

    @property
    def language(self) -> HandoutLanguage:
        """The language of the part."""
        return self.page.main.language

    @property
    def sides(self) -> list[Side]:
        """The columns from left to right."""
        return self.page.sides

    # Texts of the catalogue.

    def title(self, words: Words, *, subject: str = "") -> None:
        """Write the title of the document; `subject` is a name or a number below it, as typed."""
        size = 17 if self.page.bilingual else 22
        self.blocks += self.page.names()
        self._say(words, size, bold=True, space_after=3, keep=True, outline=0)
        if subject.strip():
            cells: list[Block] = [side.neutral(subject, 12) for side in self.sides[:1]]
            self.blocks.append(Column(cells, space_after=4))
        self.gap(7)
        if self._kind.legal and self.page.bilingual:
            self._legal_notice()

    def _legal_notice(self) -> None:
        """Say that the German text governs, and what an unreviewed translation may be used for."""
        with self.panel(colour=style.AMBER, fill=style.AMBER_SOFT):
            self.text(wording.GERMAN_GOVERNS, after=2)
            if not self.page.main.words.look_up(wording.GERMAN_GOVERNS).reviewed:
                self.text(wording.ONLY_WITH_INTERPRETER, bold=True, after=0)

    def lead(self, words: Words) -> None:
        """Write the sentence below the title, a little larger."""
        self._say(words, 12, space_after=9)

    def heading(self, words: Words) -> None:
        """Write the heading of a section; it stays with what follows."""
        self.gap(7)
        self._say(words, 12.5, bold=True, colour=style.TEAL, space_after=4, keep=True, outline=1)

    def text(
        self,
        words: Words,
        *,
        bold: bool = False,
        size: float = style.BODY,
        colour: Colour = style.INK,
        after: float = 5,
    ) -> None:
        """Write a paragraph."""
        self._say(words, size, bold=bold, colour=colour, space_after=after)

    def bullets(self, *items: Words) -> None:
        """Write a list."""
        for item in items:
            self._say(item, style.BODY, marker="•", space_after=2.5)
        self.gap(3)

    def steps(self, *items: Words) -> None:
        """Write a numbered list."""
        for number, item in enumerate(items, start=1):
            self._say(item, style.BODY, marker=f"{number}.", space_after=2.5)
        self.gap(3)

    def choices(self, *items: tuple[Words, bool | None]) -> None:
        """Write boxes to tick; a box is ticked where the second value is true."""
        for words, ticked in items:
            self._say(words, style.BODY, marker="☑" if ticked else "☐", space_after=4)
        self.gap(2)

    def _say(
        self,
        words: Words,
        size: float,
        *,
        bold: bool = False,
        colour: Colour = style.INK,
        marker: str = "",
        space_after: float = 0,
        keep: bool = False,
        outline: int | None = None,
    ) -> None:
        found = [side.say(words) for side in self.sides]
        if not all(translation.translated for translation in found):
            # Nothing for a column of its own: German over the whole width, marked.
            german = self.page.main.german_instead(
                words, size, bold=bold, colour=colour, marker=marker, space_after=space_after, keep_with_next=keep,
                outline=outline,
            )  # fmt: skip
            self.blocks.append(german)
            return
        cells = [
            side.line(
                translation.text,
                size,
                bold=bold,
                colour=colour,
                marker=marker,
                keep_with_next=keep,
                outline=outline if side is self.page.main else None,
            )
            for side, translation in zip(self.sides, found, strict=True)
        ]
        block = self.page.beside(cells)
        block.keep_with_next = keep
        self.blocks.append(block)
        self.gap(space_after, keep=keep)

    # What was typed.

    def entered(self, texts: LocalText | str, *, size: float = style.BODY, after: float = 6) -> None:
        """Write paragraphs somebody typed, in the languages there are; what is missing is said."""
        by_language = {GERMAN: texts} if isinstance(texts, str) else texts
        if not any(text.strip() for text in by_language.values()):
            return
        self.blocks += self.page.prose(by_language, size)
        self.gap(after)

    def typed(self, text: str, size: float = style.BODY, *, bold: bool = False, after: float = 4) -> None:
        """Write a text as typed over the whole width: a name, an address, a note in whatever language."""
        if text.strip():
            self.blocks.append(Column([self.page.main.neutral(text, size, bold=bold)], space_after=after))

    # Forms.

    def fields(self, *entries: Entry) -> None:
        """Write fields beside each other: label above, value or room for writing below."""
        cells = [(self._field(entry), entry.share) for entry in entries]
        if self.page.mirrored:
            cells.reverse()
        self.blocks.append(Boxes(cells, gap=8, line=style.LINE, padding=6, space_after=7))

    def _field(self, entry: Entry) -> Block:
        blocks: list[Block] = list(self._labels(entry.label))
        shown = self._value(entry.value)
        blocks += shown or [Space(15.0 * self._scale * entry.lines)]
        return Column(blocks)

    def _labels(self, words: Words) -> Iterator[Block]:
        main = self.page.main
        yield main.small(words, bold=True, colour=style.TEAL)
        for side in self.sides:
            if side is not main and main.say(words).translated:
                yield side.small(words, colour=style.QUIET)

    def _value(self, value: Value) -> list[Block]:
        main = self.page.main
        match value:
            case None:
                return []
            case Marked(words):
                return [side.line(side.say(words).text, style.BODY) for side in self._distinct()]
            case Day() | date() | time():
                return [side.line(side.words.place(value), style.BODY, bold=True) for side in self._distinct()]
            case str():
                return [main.neutral(value, 11)] if value.strip() else []
            case Mapping():
                # What was typed into a form is German as a rule: a note in every field would hide what matters.
                return self.page.prose(value, style.BODY, with_note=False) if any(value.values()) else []
            case Said():
                return [side.line(side.say(value).text, style.BODY) for side in self._distinct()]

    def _distinct(self) -> list[Side]:
        """Return the sides in reading order: the part's own language first."""
        return [self.page.main, *(side for side in self.sides if side is not self.page.main)]

    def table(
        self,
        heads: Sequence[Words],
        rows: Sequence[Sequence[Value]],
        shares: Sequence[float],
        *,
        spare: int = 0,
    ) -> None:
        """Write a table; its head is repeated on every page. `spare` rows are left empty to write in by hand."""
        head: list[Block] = [Column(list(self._labels(words))) for words in heads]
        body: list[list[Block]] = [[Column(self._value(cell)) for cell in row] for row in rows]
        body += [[Space(20 * self._scale) for _ in heads] for _ in range(spare)]
        widths = list(shares)
        if self.page.mirrored:
            head.reverse()
            widths.reverse()
            for row in body:
                row.reverse()
        self.blocks.append(Table(head, body, widths, line=style.LINE, fill=style.TEAL_SOFT, space_after=10))

    def signatures(self, *labels: Words) -> None:
        """Write lines to sign on, two beside each other, on one page."""
        lines = [
            Column([Space(34 * self._scale), Rule(style.QUIET, space_after=3), *self._labels(words)])
            for words in labels
        ]
        rows: list[Block] = []
        for start in range(0, len(lines), 2):
            pair: list[Block] = [*lines[start : start + 2]]
            if len(pair) == 1:
                pair.append(Space(0))
            if self.page.mirrored:
                pair.reverse()
            rows.append(Row([(cell, 1) for cell in pair], gap=style.GUTTER, space_after=4))
        for row in rows:
            row.keep_with_next = row is not rows[-1]
        if self.blocks:  # a signature never stands alone on a page: what is signed goes with it
            self.blocks[-1].keep_with_next = True
        self.blocks += rows

    def number(self, number: str, words: Words) -> None:
        """Write a telephone number, large, and what it is for."""
        cells: list[tuple[Block, float]] = [
            (self.page.main.neutral(number, 12, bold=True), 1.1),
            (Column([side.line(side.say(words).text, 9.5) for side in self._distinct()]), 6),
        ]
        if self.page.mirrored:
            cells.reverse()
        self.blocks.append(Row(cells, gap=10, space_after=4))

    def fact(self, label: Words, *values: Value) -> None:
        """Write a fact in large type under its label; empty ones leave room to write."""
        self.blocks += self._labels(label)
        shown = [value for value in values if value is not None and value != ""]
        if not shown:
            self.gap(22 * self._scale)
        for value in shown:
            match value:
                case str():
                    self.blocks.append(self.page.main.neutral(value, 14, bold=True))
                case Day():
                    self.blocks += [side.line(side.words.place(value), 14, bold=True) for side in self._distinct()]
                case _:
                    self.blocks += [
                        side.line(side.say(value).text, 14, bold=True)
                        for side in self._distinct()
                        if isinstance(value, Said)
                    ]
        self.gap(6)

    def bars(self, values: Sequence[tuple[str, float]]) -> None:
        """Write a picture: a bar for each value, with its label and number."""
        largest = max((value for _label, value in values), default=0)
        for label, value in values:
            share = value / largest if largest > 0 else 0
            cells: list[tuple[Block, float]] = [
                (self.page.main.neutral(label, 9.5), 3),
                (Bar(share, height=10 * self._scale, colour=style.TEAL), 5),
                (self.page.main.neutral(f"{value:g}".replace(".", ","), 9.5, bold=True), 1),
            ]
            self.blocks.append(Row(cells[::-1] if self.page.mirrored else cells, gap=10, space_after=3))
        self.gap(6)

    def section(self, title: str) -> None:
        """Write a heading as stored, in German."""
        self.gap(6)
        look = self.page.main.neutral(title, 11.5, bold=True)
        self.blocks.append(Column([look], space_after=4))
        self.blocks[-1].keep_with_next = True

    def new_page(self) -> None:
        """Start a new page."""
        self.blocks.append(NewPage())

    # Several languages on one page.

    def every_language(self) -> list[Side]:
        """Return the languages that share the page."""
        ink = self.page.main.ink
        return [self.page.main, *(Side(ink, language) for language in self._others)]

    def banner(self, side: Side, title: Words, line: Words) -> None:
        """Write a title and a line in one of the languages that share the page; nothing without a translation."""
        found = side.say(title)
        if not found.translated:
            return
        size = 30 if len(self._others) < 3 else 22 if len(self._others) < 6 else 15
        block = [
            side.line(found.text, size, bold=True, colour=style.TEAL, keep_with_next=True),
            side.line(side.say(line).text, size * 0.5),
        ]
        self.blocks.append(Column(block, space_after=size * 0.6))

    # Frames.

    @contextmanager
    def panel(self, *, colour: Colour = style.TEAL, fill: Colour = style.TEAL_SOFT) -> Iterator[None]:
        """Put what is written inside into a softly coloured box."""
        outside, self.blocks = self.blocks, []
        try:
            yield
        finally:
            inside, self.blocks = self.blocks, outside
        while inside and inside[-1].separates:
            inside.pop()
        if inside:
            content = Column(inside)
            self.blocks.append(Panel(content, fill=fill, bar=colour, bar_right=self.page.mirrored, space_after=9))

    def code(self, content: str, caption: Words, *, size: float = 74.0, link: bool = True) -> None:
        """Write a QR code with its caption beside it."""
        main = self.page.main
        picture = QrCode(content, size=size * self._scale, right=self.page.mirrored, colour=style.INK, link=link)
        words = Column(
            [
                Space(size * 0.3),
                *(side.line(side.say(caption).text, 9.5, colour=style.QUIET) for side in self._distinct()),
            ]
        )
        cells: list[tuple[Block, float]] = [(picture, size * self._scale), (words, main.ink.width - size * self._scale)]
        if self.page.mirrored:
            cells.reverse()
        self.blocks.append(Row(cells, gap=12, space_after=8))

    def gap(self, height: float, *, keep: bool = False) -> None:
        """Leave room; beside German the line between the columns runs through it."""
        if height:
            space = self.page.space(height)
            space.keep_with_next = keep
            self.blocks.append(space)
