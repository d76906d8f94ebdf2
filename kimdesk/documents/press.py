"""From parts (a language, its blocks) to the bytes of a PDF: pages, letterhead, footer, properties."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.pdfgen.canvas import Canvas

from kimdesk.documents import style, wording
from kimdesk.documents.embedding import PdfFonts
from kimdesk.documents.flowables import Block, Colour, Column, Ink, Picture, Row, Rule, Space, Text, TextStyle, take
from kimdesk.documents.fonts import FontBook
from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES, HandoutLanguage
from kimdesk.documents.letterhead import Letterhead, UnusableLogo
from kimdesk.documents.style import text_style
from kimdesk.documents.text import Typesetter, clean
from kimdesk.documents.wording import wording_for

_LOGO_WIDTH, _LOGO_HEIGHT = 130.0, 46.0


@dataclass(frozen=True)
class Part:
    """The pages in one language; `beside_german` says that German stands in a second column."""

    language: HandoutLanguage
    beside_german: bool
    blocks: Sequence[Block]

    @property
    def mirrored(self) -> bool:
        """Whether the whole page runs from right to left; beside German only its column does."""
        return self.language.right_to_left and not self.beside_german


class Press:
    """Prints one PDF document."""

    def __init__(
        self, fonts: FontBook, letterhead: Letterhead, today: date, *, title: str, language: HandoutLanguage
    ) -> None:
        """`title` goes into the properties of the file and must hold no personal data."""
        self._buffer = io.BytesIO()
        # Invariant: the same input gives the same bytes, and no clock time gets into the file.
        self._canvas = Canvas(
            self._buffer,
            pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT),
            pageCompression=1,
            invariant=1,
            pdfVersion=(1, 7),
            lang=language.code,
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(clean(letterhead.office))
        self._canvas.setDateFormatter(lambda *_: f"D:{today:%Y%m%d}")
        self._canvas.setSubject("")
        self._canvas.setKeywords("")
        self._canvas.setCreator("KIM Desk")
        self._canvas.setProducer("KIM Desk (ReportLab)")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self.ink = Ink(Typesetter(fonts), PdfFonts(self._canvas))
        self._letterhead = letterhead
        self._today = today

    def run(self, parts: Sequence[Part]) -> bytes:
        """Return the PDF; pages are counted through all parts. Raises `FontMissing` and `UnusableLogo`."""
        pages = [(part, blocks, number) for part in parts for number, blocks in enumerate(self._paginate(part))]
        for count, (part, blocks, number) in enumerate(pages, start=1):
            y = style.PAGE_HEIGHT - style.TOP
            head = self._running_head(part) if number else self._head(part)
            head.paint(self._canvas, style.MARGIN, y, style.WIDTH)
            y -= head.height_for(style.WIDTH)
            column = Column(blocks)
            column.paint(self._canvas, style.MARGIN, y, style.WIDTH)
            self._foot(part, count, len(pages))
            self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def _paginate(self, part: Part) -> list[list[Block]]:
        pages: list[list[Block]] = []
        rest = list(part.blocks)
        whole = style.PAGE_HEIGHT - style.TOP - style.BOTTOM
        full = whole - self._running_head(part).height_for(style.WIDTH)
        room = whole - self._head(part).height_for(style.WIDTH)
        while rest or not pages:
            fitting, rest = take(rest, style.WIDTH, room)
            if not fitting and rest and room == full:
                raise RuntimeError(f"a {type(rest[0]).__name__} is taller than a page")
            pages.append(fitting)
            room = full
            while rest and rest[0].separates:
                rest.pop(0)
        return pages

    def _head(self, part: Part) -> Block:
        """Return the letterhead: the office where reading starts, the logo opposite."""
        align: style.Align = "right" if part.mirrored else "left"
        office = Text(
            self.ink,
            clean(self._letterhead.office),
            text_style(GERMAN, "ltr", 12.5, bold=True, colour=style.TEAL, align=align, space_after=2),
        )
        small = text_style(GERMAN, "ltr", 8.5, colour=style.QUIET, align=align)
        separator = "  ·  "
        lines = [separator.join(clean(line) for line in group if line.strip()) for group in self._groups()]
        column = Column([office, *(Text(self.ink, line, small) for line in lines if line)])
        cells: list[tuple[Block, float]] = [(column, 3.0)]
        if self._letterhead.logo is not None:
            cells.append((_logo(self._letterhead.logo, right=not part.mirrored), 1.3))
        if part.mirrored:
            cells.reverse()
        return Column([Row(cells, gap=16, space_after=9), Rule(style.TEAL, thickness=1.4), Space(17)])

    def _running_head(self, part: Part) -> Block:
        """Return the line at the top of a following page: the office's name."""
        look = text_style(GERMAN, "ltr", 8.5, colour=style.QUIET, align="right" if part.mirrored else "left")
        office = Text(self.ink, clean(self._letterhead.office), look)
        office.space_after = 5
        return Column([office, Rule(style.LINE), Space(14)])

    def _groups(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self._letterhead.address, self._letterhead.contact

    def _foot(self, part: Part, number: int, count: int) -> None:
        """Draw date, page number and, where it is due, the line about the missing review."""
        languages = [HANDOUT_LANGUAGES[GERMAN], part.language] if part.beside_german else [part.language]
        y = style.BOTTOM - 8
        if not part.language.reviewed:
            notices = [HANDOUT_LANGUAGES[GERMAN], part.language]
            y = self._pair(
                [
                    Text(self.ink, self._say(lang, wording.NOT_REVIEWED), self._small(lang, style.AMBER))
                    for lang in notices
                ],
                y,
                swapped=not part.language.right_to_left,
            )
        rule = Rule(style.LINE)
        rule.paint(self._canvas, style.MARGIN, y, style.WIDTH)
        y -= 5
        if len(languages) == 1:
            languages = languages * 2
            texts = [self._issued(languages[0]), self._page(languages[0], number, count)]
        else:
            texts = [f"{self._issued(lang)}  ·  {self._page(lang, number, count)}" for lang in languages]
        lines = [Text(self.ink, text, self._small(lang)) for text, lang in zip(texts, languages, strict=True)]
        # Date where reading starts, page number opposite; beside German each column has its own.
        self._pair(lines, y, swapped=part.mirrored or (part.beside_german and not part.language.right_to_left))

    def _pair(self, texts: list[Text], y: float, *, swapped: bool) -> float:
        """Paint two short texts on one line, one at each margin; returns where the next line starts."""
        left, right = reversed(texts) if swapped else texts
        free = style.WIDTH - 12
        wanted = left.natural_width() + 1, right.natural_width() + 1
        if sum(wanted) > free:  # the longer one wraps; both do where that is not enough
            shorter, longer = sorted(wanted)
            if free - shorter >= 0.55 * longer:
                wanted = (shorter, free - shorter) if wanted[0] == shorter else (free - shorter, shorter)
            else:
                wanted = (free / 2, free / 2)
        left.paint(self._canvas, style.MARGIN, y, wanted[0])
        right.paint(self._canvas, style.PAGE_WIDTH - style.MARGIN - wanted[1], y, wanted[1])
        return y - max(left.height_for(wanted[0]), right.height_for(wanted[1])) - 4

    def _small(self, language: HandoutLanguage, colour: Colour = style.QUIET) -> TextStyle:
        return text_style(language.code, "rtl" if language.right_to_left else "ltr", 8, colour=colour)

    def _say(self, language: HandoutLanguage, message: str) -> str:
        return wording_for(language).text(message)

    def _issued(self, language: HandoutLanguage) -> str:
        words = wording_for(language)
        return words.text(wording.ISSUED_ON).format(date=f"\u2068{words.date(self._today)}\u2069")

    def _page(self, language: HandoutLanguage, number: int, count: int) -> str:
        return self._say(language, wording.PAGE_OF).format(page=number, pages=count)


def _logo(data: bytes, *, right: bool) -> Picture:
    if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise UnusableLogo
    try:
        return Picture(data, width=_LOGO_WIDTH, height=_LOGO_HEIGHT, right=right)
    except (OSError, SyntaxError, ValueError) as problem:  # what Pillow raises for a damaged file
        raise UnusableLogo from problem
