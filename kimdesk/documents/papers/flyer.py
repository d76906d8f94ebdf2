"""Flyer and poster: what case management is and how to find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from kimdesk.documents import style
from kimdesk.documents.catalogue import FLYER, POSTER, DocumentKind
from kimdesk.documents.marks import H_, Words
from kimdesk.documents.papers import common
from kimdesk.documents.sheet import LocalText, Sheet

# Übersetzung: Title of a flyer for people who came to Germany; friendly, short.
_TITLE = H_("Neu hier? Wir helfen Ihnen weiter.")
_LEAD = H_(
    "Das Kommunale Integrationsmanagement (KIM) berät und begleitet Menschen, die neu nach Deutschland gekommen sind "
    "oder schon länger hier leben."
)
_TOPICS = H_("Dabei helfen wir")
_TOPIC_LIST = (
    H_("Aufenthalt, Papiere und Einbürgerung"),
    H_("Deutsch lernen"),
    H_("Schule, Kita und Betreuung der Kinder"),
    H_("Arbeit, Ausbildung und Anerkennung von Abschlüssen"),
    H_("Wohnung suchen und behalten"),
    H_("Gesundheit, Schwangerschaft, Behinderung und Pflege"),
    H_("Geld, Leistungen vom Amt und Schulden"),
    H_("Familie und Leben in Deutschland"),
)
_HOW = H_("So arbeiten wir")
_HOW_LIST = (
    H_("Wir hören Ihnen zu und klären mit Ihnen, was Sie brauchen."),
    H_("Wir planen mit Ihnen die nächsten Schritte."),
    H_("Wir stellen den Kontakt zu anderen Stellen her und sprechen uns mit ihnen ab."),
    H_("Wir bleiben für Sie da, bis Ihre Ziele erreicht sind."),
)
_GOOD_TO_KNOW = H_("Gut zu wissen")
_CONFIDENTIAL = H_(
    "Wir haben Schweigepflicht. Ohne Ihre Erlaubnis geben wir nichts weiter, außer ein Gesetz verlangt es."
)
_INTERPRETING = H_("Sie können in Ihrer Sprache mit uns sprechen. Wir sorgen für Sprachmittlung.")
_REACH_US = H_("So erreichen Sie uns")
_COME = H_("Kommen Sie vorbei oder rufen Sie uns an. Sagen Sie uns, welche Sprache Sie sprechen.")
# Übersetzung: Large on a poster, beside the same words in many other languages.
_POSTER_TITLE = H_("Beratung in Ihrer Sprache")
_POSTER_LINE = H_("kostenlos, vertraulich und freiwillig")


@dataclass(frozen=True)
class Flyer:
    """A flyer. `about` is the office's own paragraph by language; `contact` lines as typed."""

    KIND: ClassVar[DocumentKind] = FLYER
    contact: str = ""
    address: str = ""
    phone: str = ""
    web: str = ""
    opening_hours: LocalText = field(default_factory=dict)
    about: LocalText = field(default_factory=dict)

    @property
    def heading(self) -> Words:
        return _TITLE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_TITLE)
        sheet.lead(_LEAD)
        sheet.heading(_TOPICS)
        sheet.bullets(*_TOPIC_LIST)
        sheet.heading(_HOW)
        sheet.steps(*_HOW_LIST)
        sheet.heading(_GOOD_TO_KNOW)
        sheet.bullets(common.FREE_OF_CHARGE, common.VOLUNTARY, _CONFIDENTIAL, _INTERPRETING)
        sheet.entered(self.about)
        with sheet.panel():
            sheet.text(_REACH_US, bold=True, size=12, colour=style.TEAL)
            sheet.text(_COME)
            _reach(sheet, self)


def _reach(sheet: Sheet, flyer: Flyer) -> None:
    sheet.typed(flyer.contact, 11.5, bold=True)
    sheet.typed(flyer.address, 11)
    sheet.typed(flyer.phone, 14, bold=True)
    if any(flyer.opening_hours.values()):
        sheet.text(common.OPENING_HOURS, bold=True, size=style.LABEL, colour=style.TEAL, after=1)
        sheet.entered(flyer.opening_hours)
    if flyer.web:
        sheet.code(flyer.web if "://" in flyer.web else f"https://{flyer.web}", common.SCAN)


@dataclass(frozen=True)
class Poster:
    """A poster for a wall: the same words in every language chosen, all on one page."""

    KIND: ClassVar[DocumentKind] = POSTER
    contact: str = ""
    address: str = ""
    phone: str = ""
    web: str = ""
    opening_hours: Mapping[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> Words:
        return _POSTER_TITLE

    def write(self, sheet: Sheet) -> None:
        sheet.gap(10)
        for side in sheet.every_language():
            sheet.banner(side, _POSTER_TITLE, _POSTER_LINE)
        sheet.gap(8)
        with sheet.panel():
            sheet.typed(self.contact, 16, bold=True)
            sheet.typed(self.address, 14)
            sheet.typed(self.phone, 22, bold=True)
            sheet.entered(self.opening_hours, size=13)
            if self.web:
                sheet.code(self.web if "://" in self.web else f"https://{self.web}", common.SCAN, size=96)
