"""Prints documents: one or several in one file, in the languages wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from kimdesk.documents import style
from kimdesk.documents.composer import Page
from kimdesk.documents.fonts import FontBook, installed_fonts
from kimdesk.documents.languages import HandoutLanguage, handout_language, page_languages
from kimdesk.documents.letterhead import Letterhead
from kimdesk.documents.papers.offer_sheet import OfferSheet
from kimdesk.documents.papers.paper import Paper
from kimdesk.documents.press import Part, Press
from kimdesk.documents.sheet import Sheet
from kimdesk.documents.wording import PAGE_OF, PROGRAM_TEXTS, HandoutTexts, OfficeTexts

_TIGHTER = 0.92

Progress = Callable[[int, int], None]
"""Told after each part: how many are laid out, of how many. It may raise to stop."""


@dataclass(frozen=True)
class PrintOptions:
    """How documents are printed. `large` is for low vision; `texts` the office's imported translations."""

    large: bool = False
    texts: HandoutTexts = PROGRAM_TEXTS
    fonts: FontBook | None = None
    """By default the machine's."""
    progress: Progress | None = None


def print_papers(
    papers: Sequence[Paper],
    languages: Sequence[str],
    letterhead: Letterhead,
    today: date,
    options: PrintOptions | None = None,
) -> bytes:
    """Return the PDF of `papers`, one after the other, pages counted through.

    Every document has a part for each language, side by side with German where ``"de"`` is among `languages` or the
    document has legal weight. The properties of the file name the office and the kind of the first document, never a
    person. Raises `UnknownHandoutLanguage`, `FontMissing`, `UnusableLogo`, and what a paper raises.
    """
    if not papers:
        raise ValueError("nothing to print")
    chosen = options or PrintOptions()
    orders = [(paper, part) for paper in papers for part in _parts(paper, languages)]
    first = orders[0][1][0]
    press = Press(
        chosen.fonts or installed_fonts(),
        letterhead,
        today,
        title=_title(papers[0], first, _texts_for(papers[0], chosen)),
        language=first,
        texts=chosen.texts,
        scale=style.LARGE_PRINT if chosen.large else 1.0,
    )
    parts = []
    for count, (paper, (language, beside_german)) in enumerate(orders, start=1):
        part = _composed(paper, language, beside_german, languages, press, chosen, 1.0)
        if not chosen.large and press.ends_on_a_nearly_empty_page(part):
            # A few lines alone on a last page: set a little smaller, they often fit before.
            tighter = _composed(paper, language, beside_german, languages, press, chosen, _TIGHTER)
            if press.pages_of(tighter) < press.pages_of(part):
                part = tighter
        parts.append(part)
        if chosen.progress is not None:
            chosen.progress(count, len(orders))
    return press.run(parts)


def _composed(
    paper: Paper,
    language: HandoutLanguage,
    beside_german: bool,
    languages: Sequence[str],
    press: Press,
    options: PrintOptions,
    scale: float,
) -> Part:
    ink = press.ink_for(_texts_for(paper, options), scale)
    page = Page(ink, language, beside_german=beside_german)
    others = [handout_language(code) for code in dict.fromkeys(languages)][1:] if paper.KIND.one_page_for_all else []
    sheet = Sheet(page, paper.KIND, others)
    paper.write(sheet)
    return Part(
        language,
        beside_german,
        sheet.blocks,
        lacks_review=page.main.lacks_review or _unreviewed_foot(page),
        lacks_translation=page.main.lacks_translation,
    )


def _parts(paper: Paper, languages: Sequence[str]) -> list[tuple[HandoutLanguage, bool]]:
    wanted = [code for code in languages if code in paper.KIND.languages] or ["de"]
    page_languages(languages)  # an unknown language is an error also where the document has fewer
    if paper.KIND.one_page_for_all:
        return [(handout_language(wanted[0]), False)]
    return page_languages(wanted, always_german=paper.KIND.legal)


def _texts_for(paper: Paper, options: PrintOptions) -> HandoutTexts:
    return OfficeTexts() if paper.KIND.for_offices else options.texts


def _title(paper: Paper, language: HandoutLanguage, texts: HandoutTexts) -> str:
    words = texts.wording(language)
    title = words.text(paper.heading)
    if isinstance(paper, OfferSheet) and (subject := paper.subject(words)):
        return f"{title}: {subject}"
    return title


def _unreviewed_foot(page: Page) -> bool:
    """Return whether the texts at the foot of every page are a translation nobody has reviewed."""
    found = page.main.words.look_up(PAGE_OF)
    return found.translated and not found.reviewed
