"""The directory as a file for others: HSDS, CSV, XLSX, and the copy the coordinator signs."""

from __future__ import annotations

import json

from kimdesk.foundation.errors import N_
from kimdesk.foundation.sheets import csv_bytes, xlsx_bytes
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.hsds import write_hsds, write_hsds_page
from kimdesk.offers.model import Offer
from kimdesk.offers.readers import OfferFormat
from kimdesk.offers.table_writer import table_rows
from kimdesk.services.districts import commune_names
from kimdesk.storage import offers as store
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault

_SHEET = "Angebote"


class OfferExportService:
    """Writes the directory of one opened vault. The office's own notes stay out of every export."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def export(self, file_format: OfferFormat | str) -> bytes:
        """Return the whole directory as the content of a file and record the export.

        HSDS holds everything the model knows; a table holds the base text and one address per offer. Raises
        `OfferFileError` for a format that is only read.
        """
        chosen = OfferFormat(file_format)
        if not chosen.can_be_written:
            raise OfferFileError(
                N_("In diesem Format wird nicht geschrieben. Möglich sind: {formats}."),
                formats=", ".join(one for one in OfferFormat if one.can_be_written),
            )
        offers = self._all()
        content = self._content(chosen, offers)
        with self._vault.unit_of_work() as unit:
            detail = {"format": chosen.value, "offers": len(offers)}
            unit.record(AuditEntry(AuditAction.EXPORT, "offers", detail=detail))
            unit.commit()
        return content

    def _all(self) -> list[Offer]:
        with self._vault.reader() as connection:
            found = (store.get_offer(connection, one) for one in store.identifiers(connection))
            return [offer for offer in found if offer is not None]

    def _content(self, file_format: OfferFormat, offers: list[Offer]) -> bytes:
        match file_format:
            case OfferFormat.HSDS:
                return _json(write_hsds(offers))
            case OfferFormat.HSDS_PAGE:
                return _json(write_hsds_page(offers))
            case OfferFormat.CSV:
                return csv_bytes(table_rows(offers, commune_names()))
            case _:
                return xlsx_bytes([(_SHEET, table_rows(offers, commune_names()))])


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
