"""The search index of an opened vault in memory. It is looked over when anything was written since, and ends with the
process."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import sqlalchemy as sa

from kimdesk.offers.inverted import InvertedIndex, Mask
from kimdesk.offers.views import OfferFilter
from kimdesk.storage.offers_filter import filter_conditions, filter_parameters
from kimdesk.storage.offers_index import STAMP, index_rows
from kimdesk.storage.tables.offers import offer_texts, offers

_MOST_MASKS = 16


@dataclass(slots=True)
class DirectoryIndex:
    """The index of one opened vault. `ignored` are words that do not count for the length of a title."""

    ignored: frozenset[str] = frozenset()
    _index: InvertedIndex | None = None
    _stamps: dict[int, str] = field(default_factory=dict)
    _state: tuple[int, int] = (0, -1)
    _masks: dict[OfferFilter, Mask] = field(default_factory=dict)

    def current(self, connection: sa.Connection) -> InvertedIndex:
        """Return the index of the directory as it is now."""
        raw = connection.connection.driver_connection
        assert raw is not None
        state = (id(raw), int(raw.total_changes))
        if self._index is not None and state == self._state:
            return self._index
        self._masks.clear()
        stamped = sa.select(offer_texts.c.number, STAMP.label("stamp")).join(
            offers, offers.c.id == offer_texts.c.offer_id
        )
        stamps = {
            row.number: row.stamp for row in connection.execute(stamped.where(offers.c.removed_at.is_(None))).all()
        }
        if self._index is None or stamps != self._stamps:
            self._index = InvertedIndex(index_rows(connection), self.ignored)
        self._stamps, self._state = stamps, state
        return self._index

    def mask(self, connection: sa.Connection, narrow: OfferFilter) -> Mask:
        """Return for every text of the current index whether its offer passes `narrow`."""
        index = self.current(connection)
        if narrow not in self._masks:
            where = ["offers.removed_at IS NULL", "offers.status <> 'ended'", *filter_conditions(narrow)]
            statement = sa.select(offers.c.id).where(*(sa.text(condition) for condition in where))
            allowed = set(connection.execute(statement, filter_parameters(narrow)).scalars())
            if len(self._masks) >= _MOST_MASKS:
                self._masks.clear()
            self._masks[narrow] = np.fromiter((one in allowed for one in index.offers), np.bool_, index.size)
        return self._masks[narrow]
