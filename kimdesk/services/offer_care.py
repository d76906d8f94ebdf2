"""Keeping the directory right: own notes, "verified today", what is stale, what may be there twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.offers.plain_text import clean
from kimdesk.offers.twins import Twins, find_twins
from kimdesk.services.changes import Written
from kimdesk.storage import offer_office as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.offer_gaps import CARE_SETTING, WAITING_LIMIT_WEEKS
from kimdesk.storage.offer_office import OfficeMark, StaleOffer
from kimdesk.storage.offer_writing import bring_back, withdraw
from kimdesk.storage.offers import exists
from kimdesk.storage.vault.vault import Vault

STALE_AFTER_MONTHS = 12

_SETTING = CARE_SETTING
_LONGEST_NOTE = 4_000

__all__ = ["CareSettings", "OfferCareService", "OfficeMark", "StaleOffer", "StaleView", "Twins"]


class NotInDirectory(KnownError):
    """The offer is not there (any more)."""

    default_message = N_("Dieses Angebot steht nicht mehr im Verzeichnis. Es wurde nichts geändert.")


@dataclass(frozen=True, slots=True)
class CareSettings:
    """After how many months an offer has to be verified again, and which waiting time counts as a gap.

    Both numbers are this project's own choice; 0 switches the waiting time off.
    """

    stale_after_months: int = STALE_AFTER_MONTHS
    waiting_limit_weeks: int = WAITING_LIMIT_WEEKS


@dataclass(frozen=True, slots=True)
class StaleView:
    """The offers nobody verified since `before`, the longest first, and how many there are in all."""

    rows: tuple[StaleOffer, ...]
    total: int
    before: date


class OfferCareService:
    """Looks after the directory of one opened vault."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault, self._clock = vault, clock

    def mark(self, offer_id: UUID) -> OfficeMark:
        """Return the office's own note and verification."""
        with self._vault.reader() as connection:
            return store.mark_of(connection, offer_id)

    def note(self, offer_id: UUID, text: str) -> Written[OfficeMark]:
        """Keep the office's note about an offer; an empty text takes it away. Raises `NotInDirectory`."""
        words = clean(text)
        if len(words) > _LONGEST_NOTE:
            raise KnownError(N_("Die Notiz ist zu lang. Erlaubt sind {limit} Zeichen."), limit=_LONGEST_NOTE)
        with self._vault.unit_of_work() as unit:
            if not exists(unit.connection, offer_id):
                raise NotInDirectory
            store.set_note(unit.connection, offer_id, words, unit.moment)
            unit.record(AuditEntry(AuditAction.CHANGE, "offer_note", offer_id))
            unit.commit()
        return Written(self.mark(offer_id), frozenset({"offers"}))

    def verified_today(self, offer_ids: tuple[UUID, ...]) -> Written[tuple[tuple[UUID, date | None], ...]]:
        """Say that somebody checked these offers today; returns what stood there before, for `set_verified`."""
        return self.set_verified(tuple((one, self._clock.today()) for one in offer_ids))

    def set_verified(self, days: tuple[tuple[UUID, date | None], ...]) -> Written[tuple[tuple[UUID, date | None], ...]]:
        """Write the days on which offers were verified (None takes it back) and return those that stood there.

        Raises `NotInDirectory` where one of them is not there; then nothing is written.
        """
        with self._vault.unit_of_work() as unit:
            before = []
            for offer_id, day in days:
                if not exists(unit.connection, offer_id):
                    raise NotInDirectory
                before.append((offer_id, store.mark_of(unit.connection, offer_id).verified_on))
                store.set_verified(unit.connection, offer_id, day)
                unit.record(AuditEntry(AuditAction.CHANGE, "offer_verified", offer_id))
            unit.commit()
        return Written(tuple(before), frozenset({"offers"}))

    def stale(self, limit: int = 500) -> StaleView:
        """Return what has to be verified again."""
        before = _months_before(self._clock.today(), self.settings().stale_after_months)
        with self._vault.reader() as connection:
            rows, total = store.stale(connection, before, limit)
        return StaleView(rows, total, before)

    def is_stale(self, verified: date | None, changed: date) -> bool:
        """Return whether an offer last verified on `verified` (or never, and changed on `changed`) is to be checked."""
        return (verified or changed) < _months_before(self._clock.today(), self.settings().stale_after_months)

    def twins(self) -> tuple[Twins, ...]:
        """Return pairs of offers that may be one."""
        with self._vault.reader() as connection:
            rows, decided = store.twin_rows(connection), store.decided_pairs(connection)
        return find_twins(rows, decided)

    def not_the_same(self, first: UUID, second: UUID) -> Written[None]:
        """Remember that two offers are different."""
        with self._vault.unit_of_work() as unit:
            if not (exists(unit.connection, first) and exists(unit.connection, second)):
                raise NotInDirectory
            store.decide(unit.connection, first, second, unit.moment)
            unit.record(AuditEntry(AuditAction.CHANGE, "offer_twins", first))
            unit.commit()
        return Written(None, frozenset({"offers"}))

    def take_out(self, offer_id: UUID) -> Written[None]:
        """Take one offer out of the directory, such as the worse of two; a new import of its source brings it back."""
        with self._vault.unit_of_work() as unit:
            if not exists(unit.connection, offer_id):
                raise NotInDirectory
            withdraw(unit.connection, offer_id, unit.moment)
            unit.record(AuditEntry(AuditAction.DELETE, "offer", offer_id))
            unit.commit()
        return Written(None, frozenset({"offers"}))

    def bring_back(self, offer_id: UUID) -> Written[None]:
        """Put an offer back that was taken out; raises `NotInDirectory` where it was not."""
        with self._vault.unit_of_work() as unit:
            if not bring_back(unit.connection, offer_id, unit.moment):
                raise NotInDirectory
            unit.record(AuditEntry(AuditAction.CREATE, "offer", offer_id))
            unit.commit()
        return Written(None, frozenset({"offers"}))

    def settings(self) -> CareSettings:
        """Return the settings of this vault."""
        stored = self._vault.setting(_SETTING, {})
        return CareSettings(
            int(stored.get("stale_after_months", STALE_AFTER_MONTHS)),
            int(stored.get("waiting_limit_weeks", WAITING_LIMIT_WEEKS)),
        )

    def change_settings(self, settings: CareSettings) -> Written[CareSettings]:
        """Store the settings; raises `KnownError` for numbers out of range."""
        if not 1 <= settings.stale_after_months <= 120 or not 0 <= settings.waiting_limit_weeks <= 520:
            raise KnownError(N_("Bitte geben Sie 1 bis 120 Monate und 0 bis 520 Wochen an."))
        with self._vault.unit_of_work() as unit:
            unit.change_setting(
                _SETTING,
                {
                    "stale_after_months": settings.stale_after_months,
                    "waiting_limit_weeks": settings.waiting_limit_weeks,
                },
            )
            unit.record(AuditEntry(AuditAction.SETTINGS, _SETTING))
            unit.commit()
        return Written(settings, frozenset({"offers"}))


def _months_before(day: date, months: int) -> date:
    """Return the same day of the month `months` earlier, or the last day that month has."""
    number = day.year * 12 + day.month - 1 - months
    first = date(number // 12, number % 12 + 1, 1)
    last = date((number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
