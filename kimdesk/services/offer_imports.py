"""Taking files of offers in: read, staged step by step, looked at, applied in one go, taken back if need be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.offers.columns import Column, guess_columns, remembered_columns
from kimdesk.offers.folding import fold
from kimdesk.offers.model import Offer
from kimdesk.offers.readers import OfferFormat, parse_format, read_offers
from kimdesk.offers.report import ImportReport, ReadResult
from kimdesk.offers.sheet import Sheet, read_sheet
from kimdesk.offers.staging import Verdict
from kimdesk.services.districts import commune_names
from kimdesk.storage import offer_imports as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.offer_imports import LastImport, StagedRow
from kimdesk.storage.vault.vault import Vault

_MAPPINGS = "offer_mappings"
_MOST_MAPPINGS = 40
_STEP = 100

__all__ = ["ImportPreview", "ImportSteps", "LastImport", "OfferImportService", "SheetView", "StagedRow"]


class ImportGone(KnownError):
    """The import is no longer there to be applied or taken back."""

    default_message = N_(
        "Dieser Import ist nicht mehr vorhanden. Das Verzeichnis ist unverändert. "
        "Bitte lesen Sie die Datei noch einmal."
    )


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do: counts by verdict and the lines worth looking at (not the unchanged ones)."""

    id: UUID
    counts: Mapping[Verdict, int]
    rows: tuple[StagedRow, ...]

    @property
    def missing(self) -> tuple[UUID, ...]:
        """Return the ids of what is known here and no longer in the file."""
        rows = (row.offer_id for row in self.rows if row.verdict is Verdict.MISSING)
        return tuple(one for one in rows if one is not None)

    @property
    def changes_nothing(self) -> bool:
        """Return whether there is nothing to apply."""
        return not any(self.counts.get(one) for one in (Verdict.ADDED, Verdict.CHANGED, Verdict.MISSING))


@dataclass(frozen=True, slots=True)
class SheetView:
    """A table before its columns are named: heading, first rows, the guess, the name of the list if remembered."""

    heading: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]
    row_count: int
    columns: tuple[Column | None, ...]
    collection: str


class ImportSteps:
    """An import that is being staged. Call `step` until it returns a preview; the desk stays usable in between."""

    def __init__(self, vault: Vault, found: ReadResult, origin: str) -> None:
        self._vault, self._found = vault, found
        self._offers: Sequence[Offer] = found.offers
        self._done = 0
        with vault.unit_of_work() as unit:
            self.id = store.begin(unit.connection, origin, unit.moment)
            self._staging = store.Staging(self.id)
            unit.commit()

    @property
    def progress(self) -> tuple[int, int]:
        """Return how many records are staged, and of how many."""
        return self._done, len(self._offers)

    def step(self) -> ImportPreview | None:
        """Stage the next hundred records; return the preview when all are staged."""
        with self._vault.unit_of_work() as unit:
            batch = self._offers[self._done : self._done + _STEP]
            self._staging.add(unit.connection, batch)
            self._done += len(batch)
            ready = self._done >= len(self._offers)
            if ready:
                self._staging.add_missing(unit.connection)
                self._staging.add_remarks(unit.connection, self._found)
                store.mark_ready(unit.connection, self.id)
            unit.commit()
        return preview_of(self._vault, self.id) if ready else None

    def run(self) -> ImportPreview:
        """Stage everything."""
        while (preview := self.step()) is None:
            pass
        return preview


class OfferImportService:
    """Imports into the directory of one opened vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def look_at_sheet(self, path: Path) -> SheetView:
        """Return the table at `path` with what its columns probably mean; raises `OfferFileError`."""
        sheet = read_sheet(path)
        remembered = self._remembered(sheet)
        return SheetView(
            sheet.heading,
            tuple(cells for _number, cells in sheet.rows[:3]),
            len(sheet.rows),
            guess_columns(sheet.heading, remembered.get("columns", {})),
            str(remembered.get("collection", "")) or path.stem,
        )

    def begin(
        self,
        path: Path,
        file_format: OfferFormat | str,
        language: str | None = None,
        *,
        collection: str = "",
        columns: Sequence[Column | None] | None = None,
    ) -> ImportSteps:
        """Read the file at `path` whole and return the import ready to be staged; the directory stays as it is.

        `language` is that of records which do not say their own; `collection` names the body of records (only its
        next version can say that an offer is gone); `columns` says what the columns of a table mean, and is
        remembered for the next table with this heading. Raises `OfferFileError` for a file that cannot be used.
        """
        chosen = file_format if isinstance(file_format, OfferFormat) else parse_format(file_format)
        if chosen.is_table:
            collection = self._prepare_table(path, collection, columns)
        found = read_offers(
            path,
            chosen,
            language,
            collection=collection,
            columns=columns or (self.look_at_sheet(path).columns if chosen.is_table else None),
            communes={fold(name): ags for ags, name in commune_names().items()},
        )
        if collection:
            offers = tuple(one if one.collection else replace(one, collection=collection) for one in found.offers)
            found = replace(found, offers=offers)
        return ImportSteps(self._vault, found, chosen.value)

    def stage(self, found: ReadResult, origin: str) -> ImportSteps:
        """Return an import of what was read elsewhere, ready to be staged."""
        return ImportSteps(self._vault, found, origin)

    def preview(self, import_id: UUID) -> ImportPreview:
        """Return what a staged import would do; raises `ImportGone`."""
        with self._vault.reader() as connection:
            if not store.is_ready(connection, import_id):
                raise ImportGone
        return preview_of(self._vault, import_id)

    def apply(
        self, import_id: UUID, remove: Iterable[UUID] = (), settings: Mapping[str, Any] | None = None
    ) -> ImportReport:
        """Write a staged import in one step and take out those of its missing offers that `remove` names.

        `settings` are stored with it, so that a feed never forgets which version it brought.
        Raises `ImportGone`; whatever fails on the way, the directory is as it was.
        """
        with self._vault.unit_of_work() as unit:
            if not store.is_ready(unit.connection, import_id):
                raise ImportGone
            report = store.apply(unit.connection, import_id, remove, unit.moment)
            last = store.last_import(unit.connection)
            for key, value in (settings or {}).items():
                unit.change_setting(key, value)
            unit.record(AuditEntry(AuditAction.IMPORT, "offers", detail=_figures(report, last.origin if last else "")))
            unit.commit()
        return report

    def discard(self, import_id: UUID) -> None:
        """Throw a staged import away."""
        with self._vault.unit_of_work() as unit:
            store.discard(unit.connection, import_id)
            unit.commit()

    def last(self) -> LastImport | None:
        """Return the import applied last."""
        with self._vault.reader() as connection:
            return store.last_import(connection)

    def undo(self) -> int:
        """Take the last import back and return how many offers that concerned; raises `ImportGone`."""
        with self._vault.unit_of_work() as unit:
            last = store.last_import(unit.connection)
            if last is None or last.undone:
                raise ImportGone(
                    N_("Es gibt keinen Import, der sich zurücknehmen lässt. Das Verzeichnis ist unverändert.")
                )
            count = store.undo(unit.connection, last.id, unit.moment)
            unit.record(AuditEntry(AuditAction.IMPORT, "offers", detail={"undone": last.origin, "offers": count}))
            unit.commit()
        return count

    def import_file(
        self,
        path: Path,
        file_format: OfferFormat | str,
        language: str | None = None,
        *,
        collection: str = "",
        remove_missing: bool = False,
    ) -> ImportReport:
        """Read, stage and apply the file at `path` and return what happened, record by record.

        Nothing leaves the directory without `remove_missing`. Raises `OfferFileError`; then nothing has changed.
        """
        preview = self.begin(path, file_format, language, collection=collection).run()
        return self.apply(preview.id, preview.missing if remove_missing else ())

    def _prepare_table(self, path: Path, collection: str, columns: Sequence[Column | None] | None) -> str:
        """Return the name of the list, and remember name and columns for the next time."""
        sheet = read_sheet(path)
        name = collection.strip() or str(self._remembered(sheet).get("collection", "")) or path.stem
        if columns is None and not collection:
            return name
        chosen = columns or guess_columns(sheet.heading)
        with self._vault.unit_of_work() as unit:
            mappings = dict(unit.setting(_MAPPINGS, {}))
            mappings.pop(_fingerprint(sheet), None)
            entry = {"collection": name, "columns": remembered_columns(sheet.heading, chosen)}
            kept = list(mappings.items())[-(_MOST_MAPPINGS - 1) :]
            unit.change_setting(_MAPPINGS, dict([*kept, (_fingerprint(sheet), entry)]))
            unit.record(AuditEntry(AuditAction.SETTINGS, _MAPPINGS))
            unit.commit()
        return name

    def _remembered(self, sheet: Sheet) -> dict[str, Any]:
        found: dict[str, Any] = self._vault.setting(_MAPPINGS, {}).get(_fingerprint(sheet), {})
        return found


def preview_of(vault: Vault, import_id: UUID) -> ImportPreview:
    """Return what a staged import would do."""
    shown = [verdict for verdict in Verdict if verdict is not Verdict.UNCHANGED]
    with vault.reader() as connection:
        counts = store.counts(connection, import_id)
        rows = store.staged_rows(connection, import_id, shown, limit=20_000)
    return ImportPreview(import_id, counts, rows)


def _fingerprint(sheet: Sheet) -> str:
    return hashlib.sha256("\n".join(fold(name) for name in sheet.heading).encode("utf-8")).hexdigest()[:24]


def _figures(report: ImportReport, origin: str) -> dict[str, int | str]:
    return {
        "format": origin,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "empty": report.empty,
        "refused": len(report.refused),
        "removed": report.removed,
    }
