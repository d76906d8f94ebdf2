"""Taking the directory the coordinating office publishes: fetch, verify, look at the difference, apply in one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_
from kimdesk.offers.hsds import read_hsds
from kimdesk.offers.hsds_service import export_id
from kimdesk.offers.json_file import parse_json
from kimdesk.offers.model import Offer, OfferSource
from kimdesk.offers.report import ImportReport, ReadResult
from kimdesk.services.offer_imports import ImportSteps, OfferImportService
from kimdesk.services.pushes import PushService
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.errors import SyncError
from kimdesk.sync.folder import read_limited
from kimdesk.sync.offer_feed import MAX_FEED_BYTES, OFFERS_NAME, FeedHead, open_directory
from kimdesk.sync.paths import OFFERS_PATH

if TYPE_CHECKING:
    from kimdesk.sync.transport import HttpTransport

_SETTING = "offer_feed"

__all__ = ["FeedHead", "FeedState", "FeedUpdate", "NoDirectoryThere", "OfferFeedService"]


class NoDirectoryThere(SyncError):
    """The folder holds no directory."""

    code = "no_directory"
    default_message = N_("In diesem Ordner liegt kein Angebotsverzeichnis („{name}“). Bitte wählen Sie einen anderen.")

    def __init__(self) -> None:
        super().__init__(name=OFFERS_NAME)


@dataclass(frozen=True)
class FeedState:
    """Which directory of the office this vault has; None and zero where it has none."""

    version: int = 0
    content_hash: str = ""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    applied_at: datetime | None = None


@dataclass(frozen=True)
class FeedUpdate:
    """A verified directory, being staged; `steps.run()` or `steps.step()` until there is a preview."""

    head: FeedHead
    steps: ImportSteps
    is_known: bool


class DirectoryFetch:
    """Fetches what the office serves; touches no vault, so that it may run beside the desk."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport

    def run(self) -> bytes:
        """Return the file. Raises `CoordinatorUnreachable`, `NothingPublished`, `DamagedFile` for an endless one."""
        found = self._transport.download(OFFERS_PATH, limit=MAX_FEED_BYTES)
        if found is None:
            raise NoDirectoryThere
        return found.content


class OfferFeedService:
    """Updates the directory of one opened vault from its coordinating office."""

    def __init__(self, vault: Vault, pushes: PushService, imports: OfferImportService, clock: Clock) -> None:
        self._vault, self._pushes, self._imports, self._clock = vault, pushes, imports, clock

    def state(self) -> FeedState:
        """Return which directory was applied last."""
        stored: dict[str, Any] = self._vault.setting(_SETTING, {})
        moments = {
            name: datetime.fromisoformat(stored[name]) if stored.get(name) else None
            for name in ("issued_at", "expires_at", "applied_at")
        }
        return FeedState(int(stored.get("version", 0)), str(stored.get("content_hash", "")), **moments)

    def prepare_fetch(self) -> DirectoryFetch:
        """Return the way to the office, to be used without the vault; raises `NotEnrolled`."""
        return DirectoryFetch(self._pushes.office_transport())

    @staticmethod
    def read(path: Path) -> bytes:
        """Return the file at `path`, or the one of the usual name in the folder `path`; touches no vault.

        Raises `NoDirectoryThere`, `TooLarge`.
        """
        try:
            return read_limited(path / OFFERS_NAME if path.is_dir() else path, MAX_FEED_BYTES)
        except OSError:
            raise NoDirectoryThere from None

    def begin(self, data: bytes) -> FeedUpdate:
        """Verify the directory in `data` and return it ready to be staged; the directory here stays as it is.

        The key is the one pinned at enrolment. Raises `NotEnrolled`, `DirectoryForeign`, `DirectoryExpired`,
        `DirectoryOutdated`, `DamagedFile`, `TooLarge`, `OfferFileError`.
        """
        card, state = self._pushes.require_enrolment().card, self.state()
        opened = open_directory(
            data, card, now=self._clock.now(), last_version=state.version, last_hash=state.content_hash
        )
        found = read_hsds(parse_json(opened.directory))
        offers = tuple(_of_feed(offer) for offer in found.offers)
        steps = self._imports.stage(ReadResult(offers, (), found.refused, found.notices), "feed")
        return FeedUpdate(opened.head, steps, opened.head.version == state.version)

    def apply(self, update: FeedUpdate, keep: Iterable[UUID] = ()) -> ImportReport:
        """Apply a staged update in one step; offers it no longer holds leave, except those in `keep`.

        Own notes and verifications stay with their offers.
        """
        kept = set(keep)
        preview = self._imports.preview(update.steps.id)
        gone = [one for one in preview.missing if one not in kept]
        head = update.head
        stored = {
            "version": head.version,
            "content_hash": head.content_hash,
            "issued_at": head.issued_at.isoformat(),
            "expires_at": head.expires_at.isoformat(),
            "applied_at": self._clock.now().isoformat(),
        }
        return self._imports.apply(update.steps.id, gone, settings={_SETTING: stored})


def _of_feed(offer: Offer) -> Offer:
    """Return the offer as one of the office's directory, known by the id it has there."""
    return replace(
        offer, source=OfferSource.FEED, source_key=export_id(offer), linked_keys={}, collection=OfferSource.FEED.value
    )
