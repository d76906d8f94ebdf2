"""From parts (a language, its blocks) to the bytes of a PDF: pages, letterhead, footer, properties."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from kimdesk.documents import style, wording
from kimdesk.documents.drawing import Colour
from kimdesk.documents.embedding import PdfFonts
from kimdesk.documents.flowables import (
    Block,
    Bookmarks,
    Column,
    Ink,
    Picture,
    Row,
    Rule,
    Space,
    Text,
    TextStyle,
    take,
)
from kimdesk.documents.fonts import FontBook
from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES, HandoutLanguage
from kimdesk.documents.letterhead import Letterhead, UnusableLogo
from kimdesk.documents.marks import Words, said
from kimdesk.documents.style import text_style
from kimdesk.documents.text import Typesetter, clean
from kimdesk.documents.wording import PROGRAM_TEXTS, HandoutTexts

# Pages as bytes, not as ASCII: smaller, and no slow loop in Python over every page.
rl_config.useA85 = 0

_NEARLY_EMPTY = 0.3
_LOGO_WIDTH, _LOGO_HEIGHT = 130.0, 46.0


@dataclass(frozen=True)
class Part:
    """The pages in one language; `beside_german` says that German stands in a second column."""

    language: HandoutLanguage
    beside_german: bool
    blocks: Sequence[Block]
    lacks_review: bool = False
    """Whether a translation on it has not been reviewed."""
    lacks_translation: bool = False
    """Whether fixed texts on it had to be printed in German."""

    @property
    def mirrored(self) -> bool:
        """Whether the whole page runs from right to left; beside German only its column does."""
        return self.language.right_to_left and not self.beside_german


class Press:
    """Prints one PDF document."""

    _FOOT_GAP = 10.0

    def __init__(
        self,
        fonts: FontBook,
        letterhead: Letterhead,
        today: date,
        *,
        title: str,
        language: HandoutLanguage,
        texts: HandoutTexts = PROGRAM_TEXTS,
        scale: float = 1.0,
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
        self.ink = Ink(Typesetter(fonts), PdfFonts(self._canvas), Bookmarks(), texts, scale, style.WIDTH)
        self._letterhead = letterhead
        self._today = today

    def ink_for(self, texts: HandoutTexts, scale: float) -> Ink:
        """Return what sets type in this file with the texts of `texts`, its sizes times `scale`."""
        return replace(self.ink, texts=texts, scale=self.ink.scale * scale)

    def pages_of(self, part: Part) -> int:
        """Return how many pages a part takes."""
        return len(self._paginate(part))

    def ends_on_a_nearly_empty_page(self, part: Part) -> bool:
        """Return whether a part has a last page with little on it."""
        pages = self._paginate(part)
        room = style.PAGE_HEIGHT - style.TOP - style.FOOT_BOTTOM
        return len(pages) > 1 and Column(pages[-1]).height_for(style.WIDTH) < _NEARLY_EMPTY * room

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
        whole = style.PAGE_HEIGHT - style.TOP - self._foot_height(part) - style.FOOT_BOTTOM
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

    def _foot_height(self, part: Part) -> float:
        return sum(self._pair_height(pair) for pair in self._foot_lines(part, 99, 99)) + self._FOOT_GAP

    def _foot(self, part: Part, number: int, count: int) -> None:
        """Draw date, page number and, where it is due, the lines about missing reviews and translations."""
        pairs = self._foot_lines(part, number, count)
        y = style.FOOT_BOTTOM + sum(self._pair_height(pair) for pair in pairs)
        for place, (first, second) in enumerate(pairs):
            if place == len(pairs) - 1:
                Rule(style.LINE).paint(self._canvas, style.MARGIN, y + 3, style.WIDTH)
            self._pair(first, second, y)
            y -= self._pair_height((first, second))

    def _foot_lines(self, part: Part, number: int, count: int) -> list[tuple[Text, Text]]:
        """Return pairs of texts for the left and the right margin."""
        german, own = HANDOUT_LANGUAGES[GERMAN], part.language
        # German stands where its column is, or opposite to where reading starts.
        own_first = not own.right_to_left
        lines: list[tuple[Text, Text]] = []
        notices = [
            (part.lacks_review, wording.NOT_REVIEWED),
            (part.lacks_translation, wording.MARKED_GERMAN),
        ]
        for due, message in notices:
            if due:
                pair = [self._notice(language, message) for language in (own, german)]
                if own.is_german:  # its own line says it; the other one speaks of translations
                    pair[1] = Text(self.ink, "", self._small(german))
                lines.append((pair[0], pair[1]) if own_first else (pair[1], pair[0]))
        issued = said(wording.ISSUED_ON, date=self._today)
        page = said(wording.PAGE_OF, page=number, pages=count)
        if part.beside_german:
            texts = [self._small_text(language, issued, page) for language in (own, german)]
        else:
            texts = [self._small_text(own, words) for words in (issued, page)]
        lines.append((texts[0], texts[1]) if own_first else (texts[1], texts[0]))
        return lines

    def _notice(self, language: HandoutLanguage, message: str) -> Text:
        if not self.ink.texts.wording(language).look_up(message).translated:
            return Text(self.ink, "", self._small(HANDOUT_LANGUAGES[GERMAN]))  # the German one stands opposite
        return self._small_text(language, message, colour=style.AMBER)

    def _small_text(self, language: HandoutLanguage, *words: Words, colour: Colour = style.QUIET) -> Text:
        """Return texts of the catalogue on one line, in German where there is no translation."""
        found = [self.ink.texts.wording(language).translation(each) for each in words]
        shown = language if all(each.translated for each in found) else HANDOUT_LANGUAGES[GERMAN]
        said_in = self.ink.texts.wording(shown)
        return Text(self.ink, "  ·  ".join(said_in.text(each) for each in words), self._small(shown, colour))

    def _pair_widths(self, left: Text, right: Text) -> tuple[float, float]:
        free = style.WIDTH - 12
        wanted = left.natural_width() + 1, right.natural_width() + 1
        if sum(wanted) > free:  # the longer one wraps; both do where that is not enough
            shorter, longer = sorted(wanted)
            if free - shorter >= 0.55 * longer:
                wanted = (shorter, free - shorter) if wanted[0] == shorter else (free - shorter, shorter)
            else:
                wanted = (free / 2, free / 2)
        return wanted

    def _pair_height(self, pair: tuple[Text, Text]) -> float:
        widths = self._pair_widths(*pair)
        return max(text.height_for(width) for text, width in zip(pair, widths, strict=True)) + 4

    def _pair(self, left: Text, right: Text, y: float) -> None:
        """Paint two short texts on one line, one at each margin."""
        widths = self._pair_widths(left, right)
        left.paint(self._canvas, style.MARGIN, y, widths[0])
        right.paint(self._canvas, style.PAGE_WIDTH - style.MARGIN - widths[1], y, widths[1])

    def _small(self, language: HandoutLanguage, colour: Colour = style.QUIET) -> TextStyle:
        size = 8 if self.ink.scale == 1 else 11
        return text_style(language.code, "rtl" if language.right_to_left else "ltr", size, colour=colour)


def _logo(data: bytes, *, right: bool) -> Picture:
    if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise UnusableLogo
    try:
        return Picture(data, width=_LOGO_WIDTH, height=_LOGO_HEIGHT, right=right)
    except (OSError, SyntaxError, ValueError) as problem:  # what Pillow raises for a damaged file
        raise UnusableLogo from problem
