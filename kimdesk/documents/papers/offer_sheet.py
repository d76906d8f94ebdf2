"""The offer sheet: one offer on paper, in the client's language, with the next step the case manager agreed on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from kimdesk.documents import style
from kimdesk.documents.catalogue import OFFER_SHEET, DocumentKind
from kimdesk.documents.composer import Page, Side
from kimdesk.documents.flowables import Block, Column, Panel, QrCode, Row, Rule, Space
from kimdesk.documents.languages import GERMAN
from kimdesk.documents.marks import H_, Words
from kimdesk.documents.papers import common
from kimdesk.documents.sheet import LocalText, Sheet
from kimdesk.documents.wording import COMMAS, Wording, best_text

_OFFER = H_("Angebot")
_PROVIDER = H_("Anbieter")
_DESCRIPTION = H_("Was Sie dort bekommen")
_ADMISSION = H_("Für wen ist das Angebot?")
_COST = H_("Kosten")
_FREE = H_("kostenfrei")
_BY_APPOINTMENT = H_("Nur mit Termin. Bitte vereinbaren Sie vorher einen Termin.")
_WORDS_FOR_FREE = frozenset({"kostenfrei", "kostenlos", "gebührenfrei"})
_LANGUAGES = H_("Sprachen vor Ort")
_NEXT_STEP = H_("Ihr nächster Schritt")
_ASK_FIRST = H_("Bitte fragen Sie vor Ihrem Besuch, ob diese Angaben noch stimmen.")

_QR_SIZE, _PHONE_SIZE = 68.0, 13.5
_QR_LIMIT = 300  # bytes; beyond, the squares get too small


@dataclass(frozen=True)
class OfferSheet:
    """What is printed about an offer. Texts come by language; the rest is the same in every language."""

    KIND: ClassVar[DocumentKind] = OFFER_SHEET
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
    by_appointment: bool = False
    cost: LocalText = field(default_factory=dict)
    languages_spoken: tuple[str, ...] = ()
    """Language codes; anything else is printed as it stands."""
    next_step: LocalText = field(default_factory=dict)
    """The case manager's note: what to do next, an appointment."""
    contact: str = ""
    """The person to ask for, with telephone number if there is one; lines separated by newlines."""

    @property
    def heading(self) -> Words:
        return _OFFER

    def subject(self, words: Wording) -> str:
        """Return the offer's name for the properties of the file: it is about no person."""
        found = best_text(self.title, words.language.code)
        return " ".join(found.text.split()) if found else ""

    def write(self, sheet: Sheet) -> None:
        sheet.blocks += _blocks(self, sheet.page)


def _blocks(sheet: OfferSheet, page: Page) -> list[Block]:
    blocks: list[Block] = [*page.names(), *_heading(sheet, page), Space(11)]
    blocks += _next_step(sheet, page)

    def per_side(make: Callable[[Side], list[Block]]) -> list[list[Block]]:
        return [make(side) for side in page.sides]

    blocks += page.wide_field(_DESCRIPTION, sheet.description)
    blocks += page.wide_field(_ADMISSION, sheet.admission)
    if page.bilingual:
        blocks += _contact_band(sheet, page)
    else:
        for label, text, size, bold, link in _facts(sheet):
            blocks += page.field(label, [[page.main.neutral(text, size, bold=bold, link=link)]], size=size)
    blocks += page.field(common.OPENING_HOURS, per_side(lambda side: _hours(sheet, side)))
    blocks += page.field(_COST, per_side(lambda side: _cost(sheet, side)))
    blocks += page.field(_LANGUAGES, per_side(lambda side: _spoken(sheet.languages_spoken, side)))
    blocks += [] if page.bilingual else [Rule(style.LINE, space_after=5)]
    blocks += [page.beside([side.line(side.say(_ASK_FIRST).text, 9, colour=style.QUIET) for side in page.sides])]
    return blocks


def _hours(sheet: OfferSheet, side: Side) -> list[Block]:
    appointment = [side.line(side.say(_BY_APPOINTMENT).text)] if sheet.by_appointment else []
    return [*side.prose(sheet.opening_hours), *appointment]


def _cost(sheet: OfferSheet, side: Side) -> list[Block]:
    """Return the cost; the one word that says most of it is known in every language."""
    if sheet.cost.get(GERMAN, "").strip().casefold() in _WORDS_FOR_FREE:
        return [side.line(side.say(_FREE).text)]
    return side.prose(sheet.cost)


def _heading(sheet: OfferSheet, page: Page) -> list[Block]:
    """Return kicker, title and provider; on pages in one language with the QR code opposite."""
    cells = []
    for side in page.sides:
        size = 16 if page.bilingual else 22
        cell: list[Block] = [side.line(side.say(_OFFER).text, 10.5, colour=style.TEAL, bold=True, space_after=2)]
        cell += side.title(sheet.title, size, outline=0 if side is page.main else None)
        if sheet.provider.strip():
            cell.append(side.neutral(sheet.provider, 12))
        cells.append(Column(cell))
    if page.bilingual or not _fits_code(sheet.web):
        return [page.beside(cells)]
    row: list[tuple[Block, float]] = [(cells[0], 4.0), (_code(sheet.web, page), 1.0)]
    if page.mirrored:
        row.reverse()
    return [Row(row, gap=18)]


def _next_step(sheet: OfferSheet, page: Page) -> list[Block]:
    """Return the panel with what the client does next and whom to ask for."""
    cells = []
    for side in page.sides:
        cell: list[Block] = []
        if step := side.prose(sheet.next_step, 11.5):
            cell += [side.label(_NEXT_STEP), *step]
        if sheet.contact.strip():
            cell += [Space(8)] if cell else []
            cell += [side.label(common.CONTACT), side.neutral(sheet.contact, 11.5)]
        cells.append(Column(cell))
    if not any(cell.blocks for cell in cells):
        return []
    content = page.beside(cells)
    return [Panel(content, fill=style.TEAL_SOFT, bar=style.TEAL, bar_right=page.mirrored, space_after=13)]


def _facts(sheet: OfferSheet) -> list[tuple[str, str, float, bool, str]]:
    """Return what is the same in every language: label, text, size, weight, link; empty ones left out."""
    facts = [
        (common.ADDRESS, sheet.address, style.BODY, False, ""),
        (common.PHONE, sheet.phone, _PHONE_SIZE, True, _phone_link(sheet.phone)),
        (common.EMAIL, sheet.email, style.BODY, False, _mail_link(sheet.email)),
        (common.WEB, sheet.web, style.BODY, False, _web_link(sheet.web)),
    ]
    return [fact for fact in facts if fact[1].strip()]


def _contact_band(sheet: OfferSheet, page: Page) -> list[Block]:
    """Return address, numbers and QR code for both columns at once, each label in both languages."""
    german = next(side for side in page.sides if side is not page.main)
    rows: list[Block] = []
    for label, text, size, bold, link in _facts(sheet):
        labels = Column(
            [
                page.main.label(label, beside_size=size),
                german.line(german.say(label).text, 8, colour=style.QUIET, align=page.main.align),
            ]
        )
        cells: list[tuple[Block, float]] = [(labels, 3), (page.main.neutral(text, size, bold=bold, link=link), 6)]
        rows.append(Row(cells[::-1] if page.mirrored else cells, gap=14, space_after=5))
    if not rows:
        return []
    band: list[tuple[Block, float]] = [(Column(rows), 5)]
    if _fits_code(sheet.web):
        band.append((_code(sheet.web, page), 1))
    if page.mirrored:
        band.reverse()
    return [Rule(style.LINE, space_after=7), Row(band, gap=18, space_after=7), Rule(style.LINE, space_after=9)]


def _code(web: str, page: Page) -> Block:
    """Return the QR code with its caption, at the side where lines end."""
    align: style.Align = "left" if page.mirrored else "right"
    return Column(
        [
            QrCode(_web_link(web), size=_QR_SIZE, right=not page.mirrored, colour=style.INK),
            Space(3),
            page.main.line(page.main.say(common.SCAN).text, 7.5, colour=style.QUIET, align=align),
        ]
    )


def _spoken(codes: Sequence[str], side: Side) -> list[Block]:
    names = [side.words.language_name(code.strip()) for code in codes if code.strip()]
    if not names:
        return []
    return [side.line(f"{COMMAS.get(side.language.script, ',')} ".join(names))]


def _phone_link(phone: str) -> str:
    """Return a ``tel:`` address for the first number in `phone`, or nothing."""
    digits = "".join(char for char in phone.split(",")[0].replace("(0)", "") if char.isdigit() or char == "+")
    return f"tel:{digits}" if len(digits) >= 3 else ""


def _mail_link(email: str) -> str:
    """Return a ``mailto:`` address for the first address in `email`, or nothing."""
    address = next((part for part in re.split(r"[\s,;]+", email) if "@" in part), "")
    return f"mailto:{address}" if address else ""


def _web_link(web: str) -> str:
    """Return the first address in `web` with its scheme, or nothing."""
    address = next(iter(re.split(r"[\s,;]+", web.strip())), "")
    return address if "://" in address or not address else f"https://{address}"


def _fits_code(web: str) -> bool:
    """Return whether there is an address and a telephone can read the code of it at its size."""
    return 0 < len(_web_link(web).encode("utf-8")) <= _QR_LIMIT
