"""Makes offers of the rows of a table, by what each column was said to mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from kimdesk.domain.vocabulary import Gender, LegalDomain, LifeArea, ResidenceStatus, label
from kimdesk.foundation.errors import N_
from kimdesk.offers.columns import COLUMN_NAMES, Column
from kimdesk.offers.errors import OfferFileError, RecordError
from kimdesk.offers.folding import fold
from kimdesk.offers.hours_text import parse_hours
from kimdesk.offers.hsds_values import distinct
from kimdesk.offers.integreat import MAXIMUM_TITLE
from kimdesk.offers.language_names import language_code_of
from kimdesk.offers.model import SOURCE_LANGUAGE, Offer, OfferFacts, OfferSource, OfferStatus, OfferText
from kimdesk.offers.parts import Address, Contact, LanguageLevel, Location, Organisation, Phone, Site
from kimdesk.offers.plain_text import clean, clean_line, first_sentences
from kimdesk.offers.report import ReadResult, Refusal
from kimdesk.offers.sheet import Sheet
from kimdesk.offers.waiting import weeks_in

MAXIMUM_TEXT = 300_000
_PIECES = re.compile(r"[;\n|]")
_COMMAS = re.compile(r",(?!\d)")
_YES = frozenset({"ja", "j", "yes", "x", "1", "wahr", "true", "ja, immer"})
_NO = frozenset({"nein", "n", "no", "0", "falsch", "false", "keine", "ohne", "-"})
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_STATUS = {
    "aktiv": OfferStatus.ACTIVE, "active": OfferStatus.ACTIVE, "pausiert": OfferStatus.PAUSED,
    "ruht": OfferStatus.PAUSED, "paused": OfferStatus.PAUSED, "voruebergehend geschlossen": OfferStatus.PAUSED,
    "beendet": OfferStatus.ENDED, "ended": OfferStatus.ENDED, "eingestellt": OfferStatus.ENDED,
    "inaktiv": OfferStatus.ENDED, "inactive": OfferStatus.ENDED,
}  # fmt: skip
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


def read_table(
    sheet: Sheet,
    columns: Sequence[Column | None],
    *,
    collection: str,
    communes: Mapping[str, str],
    language: str | None = None,
    new_id: Callable[[], UUID] = uuid4,
    progress: Callable[[int, int], None] | None = None,
) -> ReadResult:
    """Return the offers in the rows of `sheet`; `columns` says what each of its columns means.

    `communes` maps folded names of communes to AGS. A word that is not understood becomes a notice and is left out.
    A row without a key is recognised by its title and provider. Raises `OfferFileError` when no column is the title.
    """
    if Column.TITLE not in columns:
        raise OfferFileError(N_("Keine Spalte ist als „Titel“ zugeordnet. Bitte ordnen Sie mindestens den Titel zu."))
    offers: list[Offer] = []
    empty: list[str] = []
    refused: list[Refusal] = []
    notices: list[Refusal] = []
    seen: set[str] = set()
    for done, (number, cells) in enumerate(sheet.rows, start=1):
        row = _Row(number, columns, cells, communes)
        try:
            if not row.line(Column.TITLE) and not any(cell.strip() for cell in cells):
                empty.append(row.name)
                continue
            offer = _offer(row, collection, language or SOURCE_LANGUAGE, new_id)
            if offer.source_key in seen:
                raise RecordError(N_("Diese Kennung steht mehrfach in der Datei; der erste Eintrag wurde übernommen."))
            seen.add(offer.source_key)
            offers.append(offer)
            notices.extend(row.notices)
        except RecordError as error:
            refused.append(Refusal(row.name, error.reason, error.parameters))
        if progress is not None:
            progress(done, len(sheet.rows))
    return ReadResult(tuple(offers), tuple(empty), tuple(refused), tuple(notices))


class _Row:
    """One row, asked by what its columns mean."""

    def __init__(
        self, number: int, columns: Sequence[Column | None], cells: Sequence[str], communes: Mapping[str, str]
    ) -> None:
        self._cells = {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}
        self.communes = communes
        self.notices: list[Refusal] = []
        title = clean_line(self._cells.get(Column.TITLE, ""))[:80]
        self.name = f"{number}: {title}" if title else str(number)

    def block(self, column: Column) -> str:
        """Return the cell's text with its paragraphs."""
        cell = self._cells.get(column, "")
        if len(cell) > MAXIMUM_TEXT:
            raise RecordError(N_("Der Text ist länger als erlaubt ({limit} Zeichen)."), limit=str(MAXIMUM_TEXT))
        return clean(cell)

    def line(self, column: Column) -> str:
        """Return the cell's text in one line."""
        return " ".join(self.block(column).split())

    def parts(self, column: Column) -> tuple[str, ...]:
        """Return what the cell lists, parted by semicolons or line ends, without any by commas."""
        text = self.block(column)
        commas = column is not Column.REQUIRED_DOCUMENTS and not _PIECES.search(text)
        return distinct(part.strip() for part in (_COMMAS if commas else _PIECES).split(text))

    def members(self, column: Column, kind: type[_E], names: Mapping[str, _E] | None = None) -> tuple[_E, ...]:
        """Return the words of `kind` the cell lists, by value or German name; others become notices."""
        known = {fold(one.value): one for one in kind}
        known |= names if names is not None else {fold(label(one)): one for one in kind}
        found: list[_E] = []
        for piece in _PIECES.split(self.block(column)):
            # A name may hold a comma itself: "Bleiberecht (§§ 25a, 25b AufenthG)".
            for part in [piece] if fold(piece.strip()) in known else _COMMAS.split(piece):
                one = known.get(fold(part.strip()))
                if one is not None:
                    found.append(one)
                elif part.strip():
                    self.say(column, part.strip())
        return distinct(found)

    def number(self, column: Column) -> int | None:
        """Return the whole number in the cell."""
        text = self.line(column)
        match = re.search(r"\d{1,6}", text)
        if text and match is None:
            self.say(column, text)
        return int(match.group()) if match else None

    def flag(self, column: Column) -> bool | None:
        """Return yes or no, None for an empty cell."""
        text = fold(self.line(column))
        if text and text not in _YES | _NO:
            self.say(column, self.line(column))
        return True if text in _YES else False if text in _NO else None

    def day(self, column: Column) -> date | None:
        """Return a date written 20.11.2026 or 2026-11-20."""
        text = self.line(column)
        if not text:
            return None
        try:
            if match := _GERMAN_DAY.search(text):
                return date(int(match.group(3)), int(match.group(2)), int(match.group(1)))
            return datetime.fromisoformat(text).date()
        except ValueError:
            self.say(column, text)
            return None

    def say(self, column: Column, word: str) -> None:
        """Keep a notice that `word` is not understood."""
        self.notices.append(
            Refusal(
                self.name,
                N_("„{word}“ wird in der Spalte „{column}“ nicht verstanden und wurde ausgelassen."),
                (("word", word[:80]), ("column", COLUMN_NAMES[column])),
            )
        )


def _offer(row: _Row, collection: str, language: str, new_id: Callable[[], UUID]) -> Offer:
    title = row.line(Column.TITLE)
    if not title or len(title) > MAXIMUM_TITLE:
        raise RecordError(N_("Dem Angebot fehlt ein brauchbarer Name."))
    key, provider = row.line(Column.KEY), row.line(Column.PROVIDER)
    if len(key) > 200:
        raise RecordError(N_("Dem Angebot fehlt eine brauchbare Kennung („id“)."))
    own_key = key or " · ".join(part for part in (fold(title), fold(provider)) if part)[:1_000]
    text = row.block(Column.TEXT)
    return Offer(
        id=new_id(),
        source=OfferSource.TABLE,
        source_key=f"{collection}/{own_key}",
        external_id=key or own_key[:200],
        language=language,
        text=OfferText(
            title,
            row.block(Column.SUMMARY) or first_sentences(text),
            text,
            row.block(Column.ACCESS_REQUIREMENTS),
            row.parts(Column.KEYWORDS),
        ),
        facts=_facts(row, provider),
        collection=collection,
    )


def _facts(row: _Row, provider: str) -> OfferFacts:
    address = Address(row.line(Column.STREET), row.line(Column.POSTAL_CODE), row.line(Column.CITY))
    place = row.line(Column.PLACE)
    waiting = row.line(Column.WAITING_TIME)
    if re.fullmatch(r"\d{1,3}", waiting):
        waiting = f"{waiting} Wochen"
    minimum, maximum = row.number(Column.MINIMUM_AGE), row.number(Column.MAXIMUM_AGE)
    if minimum is not None and maximum is not None and minimum > maximum:
        raise RecordError(N_("Das Alter „von“ ist größer als das Alter „bis“."))
    contact = row.line(Column.CONTACT)
    hours = parse_hours(row.block(Column.OPENING_HOURS))
    levels = {fold(one.value): one for one in LanguageLevel}
    return OfferFacts(
        organisation=Organisation(provider),
        status=_status(row),
        sites=(Site(Location(name=place, addresses=(address,) if address.line() else ())),)
        if address.line() or place
        else (),
        phones=tuple(Phone(one) for one in distinct(re.split(r"[;\n|]", row.block(Column.PHONE)))),
        emails=tuple(one for one in row.parts(Column.EMAIL) if "@" in one),
        web=row.parts(Column.WEB),
        contacts=(Contact(name=contact),) if contact else (),
        schedules=hours,
        by_appointment=row.flag(Column.BY_APPOINTMENT) or any(one.by_appointment and not one.days for one in hours),
        cost=row.block(Column.COST),
        languages=tuple(language_code_of(one) for one in row.parts(Column.LANGUAGES)),
        interpreting=row.block(Column.INTERPRETING),
        application=row.block(Column.APPLICATION),
        required_documents=row.parts(Column.REQUIRED_DOCUMENTS),
        minimum_age=minimum,
        maximum_age=maximum,
        genders=row.members(Column.GENDERS, Gender),
        language_level_from=_only(row.members(Column.LEVEL_FROM, LanguageLevel, levels)),
        language_level_to=_only(row.members(Column.LEVEL_TO, LanguageLevel, levels)),
        communes=_communes(row),
        life_areas=row.members(Column.LIFE_AREAS, LifeArea),
        legal_domains=row.members(Column.LEGAL_DOMAINS, LegalDomain),
        domain_bound=row.flag(Column.DOMAIN_BOUND) is True,
        admitted_statuses=row.members(Column.ADMITTED_STATUSES, ResidenceStatus),
        places=row.number(Column.PLACES),
        capacity=row.number(Column.CAPACITY),
        waiting_time=waiting,
        waiting_weeks=weeks_in(waiting),
        childcare=row.flag(Column.CHILDCARE),
        accessibility=row.block(Column.ACCESSIBILITY),
        alert=row.block(Column.ALERT),
        funding_end=row.day(Column.FUNDING_END),
        last_verified=row.day(Column.LAST_VERIFIED),
    )


def _status(row: _Row) -> OfferStatus:
    word = row.line(Column.STATUS)
    if word and fold(word) not in _STATUS:
        row.say(Column.STATUS, word)
    return _STATUS.get(fold(word), OfferStatus.ACTIVE)


def _communes(row: _Row) -> tuple[str, ...]:
    found = []
    for part in row.parts(Column.COMMUNES):
        name = (
            re.sub(r"^(stadt|gemeinde|kreis)\s+(?=\S)", "", fold(part))
            if fold(part) not in row.communes
            else fold(part)
        )
        ags = part if re.fullmatch(r"\d{8}", part) else row.communes.get(name)
        if ags is None:
            row.say(Column.COMMUNES, part)
        else:
            found.append(ags)
    return distinct(found)


def _only(values: Iterable[_T]) -> _T | None:
    return next(iter(values), None)
