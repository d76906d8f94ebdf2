"""The offer sheet: one offer on paper, in the client's language, with the next step the case manager agreed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kimdesk.documents import style
from kimdesk.documents.composer import Page, Side
from kimdesk.documents.flowables import Block, Column, Panel, QrCode, Row, Rule, Space
from kimdesk.documents.fonts import FontBook, installed_fonts
from kimdesk.documents.languages import page_languages
from kimdesk.documents.letterhead import Letterhead
from kimdesk.documents.press import Part, Press
from kimdesk.documents.wording import H_, best_text, wording_for

LocalText = Mapping[str, str]
"""A text by language code, German under ``"de"``; an empty mapping leaves the field out."""

_OFFER = H_("Angebot")
_PROVIDER = H_("Anbieter")
_DESCRIPTION = H_("Was Sie dort bekommen")
_ADMISSION = H_("Für wen ist das Angebot?")
_ADDRESS = H_("Adresse")
_PHONE = H_("Telefon")
_EMAIL = H_("E-Mail")
_WEB = H_("Internet")
_HOURS = H_("Öffnungszeiten")
_COST = H_("Kosten")
_LANGUAGES = H_("Sprachen vor Ort")
_NEXT_STEP = H_("Ihr nächster Schritt")
_CONTACT = H_("Ihre Ansprechperson")
_SCAN = H_("Mit dem Handy scannen")
_ASK_FIRST = H_("Bitte fragen Sie vor Ihrem Besuch, ob diese Angaben noch stimmen.")

_QR_SIZE = 68.0


@dataclass(frozen=True)
class OfferSheet:
    """What is printed about an offer. Texts come by language; the rest is the same in every language."""

    title: LocalText
    provider: str = ""
    description: LocalText = field(default_factory=dict)
    admission: LocalText = field(default_factory=dict)
    """Who it is for and what one has to bring or fulfil."""
    address: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    opening_hours: LocalText = field(default_factory=dict)
    cost: LocalText = field(default_factory=dict)
    languages_spoken: tuple[str, ...] = ()
    """Language codes; anything else is printed as it stands."""
    next_step: LocalText = field(default_factory=dict)
    """The case manager's note: what to do next, an appointment."""
    contact: str = ""
    """The person to ask for, with telephone number if there is one; lines separated by newlines."""


def render_offer_sheet(
    sheet: OfferSheet,
    languages: Sequence[str],
    letterhead: Letterhead,
    today: date,
    *,
    fonts: FontBook | None = None,
) -> bytes:
    """Return the PDF of `sheet`: pages per language, side by side with German where ``"de"`` is among `languages`.

    `fonts` is by default the machine's font book. Raises `UnknownHandoutLanguage`, `HandoutTextsMissing`,
    `FontMissing` and `UnusableLogo`.
    """
    parts = page_languages(languages)
    first = parts[0][0]
    press = Press(
        fonts or installed_fonts(),
        letterhead,
        today,
        title=wording_for(first).text(_OFFER) + _subject(sheet.title, first.code),
        language=first,
    )
    return press.run(
        [
            Part(language, beside_german, _blocks(sheet, Page(press.ink, language, beside_german=beside_german)))
            for language, beside_german in parts
        ]
    )


def _subject(title: LocalText, language: str) -> str:
    found = best_text(title, language)
    return f": {' '.join(found.text.split())}" if found else ""


def _blocks(sheet: OfferSheet, page: Page) -> list[Block]:
    blocks = [*page.names(), *_heading(sheet, page), Space(14)]
    blocks += _next_step(sheet, page)

    def per_side(make: Callable[[Side], list[Block]]) -> list[list[Block]]:
        return [make(side) for side in page.sides]

    def same(text: str, *, size: float = 11, bold: bool = False, link: str = "") -> list[list[Block]]:
        return per_side(lambda side: [side.neutral(text, size, bold=bold, link=link)] if text.strip() else [])

    def prose(texts: LocalText) -> list[list[Block]]:
        return per_side(lambda side: side.prose(texts))

    blocks += page.field(_DESCRIPTION, prose(sheet.description))
    blocks += page.field(_ADMISSION, prose(sheet.admission))
    blocks += page.field(_ADDRESS, same(sheet.address))
    blocks += page.field(_PHONE, same(sheet.phone, size=14, bold=True, link=_phone_link(sheet.phone)))
    blocks += page.field(_EMAIL, same(sheet.email, link=f"mailto:{sheet.email.strip()}"))
    blocks += page.field(_WEB, same(sheet.web, link=_web_link(sheet.web)))
    blocks += page.field(_HOURS, prose(sheet.opening_hours))
    blocks += page.field(_COST, prose(sheet.cost))
    blocks += page.field(_LANGUAGES, per_side(lambda side: _spoken(sheet.languages_spoken, side)))
    if page.bilingual and sheet.web.strip():
        blocks += [_qr_row(sheet.web, page)]
    blocks += [] if page.bilingual else [Rule(style.LINE, space_after=6)]
    blocks += [page.beside([side.line(side.words.text(_ASK_FIRST), 9, colour=style.QUIET) for side in page.sides])]
    return blocks


def _heading(sheet: OfferSheet, page: Page) -> list[Block]:
    """Return kicker, title and provider; on pages in one language with the QR code opposite."""
    cells = []
    for side in page.sides:
        size = 17 if page.bilingual else 23
        cell: list[Block] = [side.line(side.words.text(_OFFER), 10.5, colour=style.TEAL, bold=True, space_after=2)]
        cell += side.title(sheet.title, size)
        if sheet.provider.strip():
            cell.append(side.neutral(sheet.provider, 12))
        cells.append(Column(cell))
    if page.bilingual or not sheet.web.strip():
        return [page.beside(cells)]
    side = page.main
    code = Column(
        [
            QrCode(_web_link(sheet.web), size=_QR_SIZE, right=not page.mirrored, colour=style.INK),
            Space(3),
            side.line(side.words.text(_SCAN), 7.5, colour=style.QUIET, align="left" if page.mirrored else "right"),
        ]
    )
    row: list[tuple[Block, float]] = [(cells[0], 4.0), (code, 1.0)]
    if page.mirrored:
        row.reverse()
    return [Row(row, gap=18)]


def _next_step(sheet: OfferSheet, page: Page) -> list[Block]:
    """Return the panel with what the client does next and whom to ask for."""
    cells = []
    for side in page.sides:
        cell: list[Block] = []
        if step := side.prose(sheet.next_step, 12):
            cell += [side.label(_NEXT_STEP), *step]
        if sheet.contact.strip():
            cell += [Space(8)] if cell else []
            cell += [side.label(_CONTACT), side.neutral(sheet.contact, 12)]
        cells.append(Column(cell))
    if not any(cell.blocks for cell in cells):
        return []
    content = page.beside(cells)
    return [Panel(content, fill=style.TEAL_SOFT, bar=style.TEAL, bar_right=page.mirrored, space_after=18)]


def _qr_row(web: str, page: Page) -> Block:
    cells: list[Block] = []
    for side in page.sides:
        caption = side.line(side.words.text(_SCAN), 8, colour=style.QUIET)
        code = QrCode(_web_link(web), size=_QR_SIZE, right=side.align == "right", colour=style.INK)
        cells.append(Column([code, Space(3), caption, Space(10)] if side is page.main else []))
    return page.beside(cells)


def _spoken(codes: Sequence[str], side: Side) -> list[Block]:
    names = [side.words.language_name(code.strip()) for code in codes if code.strip()]
    if not names:
        return []
    separator = "، " if side.language.code in ("ar", "fa") else ", "
    return [side.line(separator.join(names))]


def _phone_link(phone: str) -> str:
    """Return a ``tel:`` address for the first number in `phone`, or nothing."""
    digits = "".join(char for char in phone.split(",")[0].replace("(0)", "") if char.isdigit() or char == "+")
    return f"tel:{digits}" if len(digits) >= 3 else ""


def _web_link(web: str) -> str:
    address = web.strip()
    return address if "://" in address or not address else f"https://{address}"
