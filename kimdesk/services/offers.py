"""The offer directory for screens and commands: take in files, search, read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from kimdesk.domain.vocabulary import LifeArea
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.offers.demo_directory import load_directory
from kimdesk.offers.errors import OfferQueryError
from kimdesk.offers.fit import CaseProfile
from kimdesk.offers.lexicon import load_lexicon
from kimdesk.offers.model import Offer
from kimdesk.offers.query import parse_query
from kimdesk.offers.readers import OfferFormat
from kimdesk.offers.report import ImportReport
from kimdesk.offers.views import OfferAnswer, OfferFilter, OfferHit, OfferPage
from kimdesk.services.offer_imports import OfferImportService
from kimdesk.storage import offers as store
from kimdesk.storage.vault.vault import Vault

if TYPE_CHECKING:
    from kimdesk.storage.offers_directory import DirectoryIndex

__all__ = ["ImportReport", "OfferFilter", "OfferFormat", "OfferHit", "OfferNotFound", "OfferService", "OfferView"]

DEFAULT_LIMIT = 20
MAXIMUM_LIMIT = 500


class OfferNotFound(KnownError):
    """The offer is not in this directory."""

    default_message = N_(
        "Dieses Angebot ist im Verzeichnis nicht vorhanden. Bitte suchen Sie es noch einmal und wählen Sie es neu aus."
    )


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer with all its texts, and when it came into this directory and last changed (UTC)."""

    offer: Offer
    added_at: datetime
    changed_at: datetime


class OfferService:
    """Works on the directory of one opened vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.imports = OfferImportService(vault)
        self._index: DirectoryIndex | None = None

    def import_file(self, path: Path, file_format: OfferFormat | str, language: str | None = None) -> ImportReport:
        """Take in the file at `path` without looking at it first; see `OfferImportService.import_file`."""
        return self.imports.import_file(path, file_format, language)

    def install_directory(self, district: str = "unna") -> ImportReport:
        """Take in the small directory that comes with the program for `district`; a second time changes nothing."""
        return self.imports.apply(self.imports.stage(load_directory(district), "directory").run().id)

    def search(
        self,
        text: str,
        limit: int = DEFAULT_LIMIT,
        *,
        life_area: LifeArea | str | None = None,
        commune: str | None = None,
        language: str | None = None,
    ) -> tuple[OfferHit, ...]:
        """Return up to `limit` offers for what was typed, best first; nothing for an empty text.

        No input can fail. One or two letters search titles only. Raises `OfferQueryError` for a life area that does
        not exist and for a limit below one.
        """
        return self.find(text, _filter(life_area, commune, language), limit).hits

    def find(
        self,
        text: str,
        narrow: OfferFilter = OfferFilter(),  # noqa: B008 frozen
        limit: int = DEFAULT_LIMIT,
        *,
        profile: CaseProfile | None = None,
    ) -> OfferAnswer:
        """Return what `search` does, with the number of offers found and what may have been meant.

        With `profile` every hit says why it does not suit. Raises `OfferQueryError` for a limit below one.
        """
        # Only here: numpy and the glossary cost a fifth of a second that the first window does not need.
        from kimdesk.storage.offers_directory import DirectoryIndex
        from kimdesk.storage.offers_search import search_offers

        lexicon = load_lexicon()
        if self._index is None:
            self._index = DirectoryIndex(frozenset().union(*lexicon.stopwords.values()))
        query = parse_query(text, lexicon)
        with self._vault.reader() as connection:
            return search_offers(connection, self._index, query, narrow, _limit(limit), profile)

    def browse(
        self,
        limit: int = 100,
        offset: int = 0,
        *,
        life_area: LifeArea | str | None = None,
        commune: str | None = None,
        language: str | None = None,
    ) -> OfferPage:
        """Return a stretch of the whole directory by title, with the total that passes the filter."""
        return self.look_through(_filter(life_area, commune, language), limit, offset)

    def look_through(
        self,
        narrow: OfferFilter,
        limit: int = 100,
        offset: int = 0,
        *,
        profile: CaseProfile | None = None,
    ) -> OfferPage:
        """Return what `browse` does for any filter; with `profile` every row says why it does not suit."""
        with self._vault.reader() as connection:
            return store.list_offers(connection, narrow, _limit(limit), max(0, offset), profile)

    def get(self, offer_id: UUID) -> OfferView:
        """Return one offer with all its texts; raises `OfferNotFound`."""
        with self._vault.reader() as connection:
            offer = store.get_offer(connection, offer_id)
            if offer is None:
                raise OfferNotFound
            return OfferView(offer, *store.offer_moments(connection, offer_id))

    def count(self) -> int:
        """Return how many offers the directory holds."""
        with self._vault.reader() as connection:
            return store.count_offers(connection)


def _filter(life_area: LifeArea | str | None, commune: str | None, language: str | None) -> OfferFilter:
    try:
        area = LifeArea(life_area) if life_area else None
    except ValueError as error:
        raise OfferQueryError(
            N_("Diesen Lebensbereich gibt es nicht. Möglich sind: {areas}."), areas=", ".join(LifeArea)
        ) from error
    return OfferFilter(area, commune or None, language or None)


def _limit(limit: int) -> int:
    if limit < 1:
        raise OfferQueryError(N_("Die Anzahl der Treffer muss mindestens 1 sein."))
    return min(limit, MAXIMUM_LIMIT)
