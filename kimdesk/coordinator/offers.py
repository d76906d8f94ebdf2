"""Making the signed offer directory of a file: read it, check it, number it, sign it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from kimdesk.coordinator.office import Office
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.offers.hsds import write_hsds
from kimdesk.offers.readers import OfferFormat, read_offers
from kimdesk.offers.report import ReadResult
from kimdesk.sync.errors import SyncError
from kimdesk.sync.offer_feed import FeedHead, check_directory, sign_directory

VALID_DAYS = 180


class NothingToPublish(KnownError):
    """The file holds no offer."""

    default_message = N_("Die Datei enthält kein brauchbares Angebot. Veröffentlicht wurde nichts.")


@dataclass(frozen=True)
class SignedOffers:
    """A signed directory, its head, and what became of the records of its file."""

    content: bytes
    head: FeedHead
    found: ReadResult


def sign_offers(
    office: Office,
    path: Path,
    file_format: OfferFormat,
    *,
    now: datetime,
    valid_days: int = VALID_DAYS,
    before: bytes | None = None,
) -> SignedOffers:
    """Read the offers at `path` and sign them as the next version after `before`, the directory published last.

    Records that cannot be used are left out and named in the result. Raises `OfferFileError` for a file that cannot
    be used at all, `NothingToPublish`, and `ValueError` for a validity that is not 1 to 730 days.
    """
    found = read_offers(path, file_format)
    if not found.offers:
        raise NothingToPublish
    offers = [replace(offer, collection="") for offer in found.offers]
    directory = json.dumps(write_hsds(offers), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    content = sign_directory(
        directory,
        office.keys,
        version=_next_version(office, before, now),
        district=office.district,
        offers=len(offers),
        issued_at=now,
        expires_at=now + timedelta(days=valid_days),
    )
    return SignedOffers(content, check_directory(content, office.keys.card), found)


def _next_version(office: Office, before: bytes | None, now: datetime) -> int:
    """Return a version above the last. It counts seconds, so that a lost database does not begin again at one."""
    clock = max(1, int(now.timestamp()))
    try:
        return clock if before is None else max(check_directory(before, office.keys.card).version + 1, clock)
    except SyncError:
        return clock
