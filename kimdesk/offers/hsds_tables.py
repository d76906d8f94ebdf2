"""The Tabular Data Package of HSDS 3.1: one table per kind of record, put together into nested `service` records.

The package comes as a ZIP archive, as a folder (or its ``datapackage.json``) with CSV files, or as one JSON file whose
fields are the tables ("services.csv": […]). Rows point at each other by id; a reference to a row that is not there
is reported, and the row is left out. The format of HSDS 1 and 2 is told from the names of its tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from kimdesk.foundation.errors import N_
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.hsds import read_hsds
from kimdesk.offers.hsds_values import NUMBERS, Record
from kimdesk.offers.plain_text import clean_line
from kimdesk.offers.report import ReadResult, Refusal

Tables = Mapping[str, list[Record]]

# Table, the list or object it becomes, and the fields that name the record it belongs to.
_CHILDREN: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("languages", "languages", (("phone_id", "phones"), ("location_id", "locations"), ("service_id", "services"))),
    (
        "phones",
        "phones",
        (
            ("contact_id", "contacts"),
            ("service_at_location_id", "service_at_location"),
            ("location_id", "locations"),
            ("service_id", "services"),
            ("organization_id", "organizations"),
        ),
    ),
    (
        "contacts",
        "contacts",
        (
            ("service_at_location_id", "service_at_location"),
            ("location_id", "locations"),
            ("service_id", "services"),
            ("organization_id", "organizations"),
        ),
    ),
    ("addresses", "addresses", (("location_id", "locations"),)),
    ("accessibility", "accessibility", (("location_id", "locations"),)),
    (
        "schedules",
        "schedules",
        (
            ("service_at_location_id", "service_at_location"),
            ("location_id", "locations"),
            ("service_id", "services"),
        ),
    ),
    (
        "service_areas",
        "service_areas",
        (("service_at_location_id", "service_at_location"), ("service_id", "services")),
    ),
    ("funding", "funding", (("service_id", "services"), ("organization_id", "organizations"))),
    ("required_documents", "required_documents", (("service_id", "services"),)),
    ("cost_options", "cost_options", (("service_id", "services"),)),
    ("service_capacities", "capacities", (("service_id", "services"),)),
    ("organization_identifiers", "organization_identifiers", (("organization_id", "organizations"),)),
    ("urls", "additional_urls", (("service_id", "services"), ("organization_id", "organizations"))),
)
_OTHER_NAMES = {
    "services_at_location": "service_at_location",
    "service_at_locations": "service_at_location",
    "service_capacity": "service_capacities",
    "accessibilities": "accessibility",
}
_OLD_TABLES = frozenset(
    {"eligibility", "payment_accepted", "regular_schedules", "regular_schedule", "holiday_schedules",
     "holiday_schedule", "physical_addresses", "physical_address", "accessibility_for_disabilities",
     "other_attributes", "service_taxonomy", "services_taxonomy", "postal_addresses", "postal_address"}
)  # fmt: skip


def read_tables(
    tables: Tables,
    language: str | None = None,
    new_id: Callable[[], UUID] = uuid4,
    progress: Callable[[int, int], None] | None = None,
) -> ReadResult:
    """Return the offers in `tables` (rows by table name, with or without ``.csv``).

    Raises `OfferFileError` for tables of HSDS 1 or 2 and where there is no table of services.
    """
    named = {_table_name(name): rows for name, rows in tables.items()}
    _refuse_old(named)
    services = named.get("services", [])
    if not services:
        raise OfferFileError(
            N_(
                "In diesem Datenpaket fehlt die Tabelle „services“. "
                "Bitte wählen Sie ein vollständiges Paket nach HSDS 3."
            )
        )
    notices: list[Refusal] = []
    by_id = {name: _by_id(name, rows, notices) for name, rows in named.items()}
    for table, field, parents in _CHILDREN:
        for number, row in enumerate(named.get(table, []), start=2):
            _attach(by_id, table, number, row, field, parents, notices)
    _attach_attributes(by_id, named, notices)
    _attach_places(by_id, named.get("service_at_location", []), notices)
    nested = [_service(row, by_id, notices) for row in services]
    found = read_hsds(nested, language, new_id, progress)
    return ReadResult(found.offers, found.empty, found.refused, (*notices, *found.notices))


def _table_name(name: str) -> str:
    plain = name.rsplit("/", 1)[-1].lower().removesuffix(".csv")
    return _OTHER_NAMES.get(plain, plain)


def _refuse_old(named: Tables) -> None:
    old = sorted(_OLD_TABLES & set(named))
    if not old and any("eligibility" in row or "taxonomy_ids" in row for row in named.get("services", [])[:20]):
        old = ["services.eligibility"]
    if old:
        raise OfferFileError(
            N_(
                "Dieses Datenpaket folgt einer alten Fassung von HSDS (1 oder 2; Kennzeichen: {tables}). "
                "Eingelesen wird Fassung 3. Bitte bitten Sie die Quelle um einen Export nach HSDS 3.1."
            ),
            tables=", ".join(old[:4]),
        )


def _by_id(table: str, rows: Iterable[Record], notices: list[Refusal]) -> dict[str, Record]:
    """Return the rows by id, each as a record to nest into; the first of several with one id counts."""
    found: dict[str, Record] = {}
    repeated: dict[str, int] = {}
    for row in rows:
        key = str(row.get("id") or "")
        if key and key in found:
            repeated[key] = repeated.get(key, 1) + 1
        elif key:
            found[key] = _plain(row)
    if table != "services":  # there every copy is reported as a record of its own
        for key, times in repeated.items():
            notices.append(
                Refusal(
                    f"{table}: {clean_line(key)[:80]}",
                    N_("Diese Kennung steht {times}-mal in der Tabelle; die erste Zeile gilt."),
                    (("times", str(times)),),
                )
            )
    return found


def _plain(row: Record) -> Record:
    """Return a row without empty cells and with numbers where HSDS has numbers; references are kept apart."""
    found: Record = {}
    for name, value in row.items():
        if value in (None, ""):
            continue
        found[name] = _number(value) if name in NUMBERS else value
    return found


def _number(value: Any) -> Any:
    if not isinstance(value, str) or len(value) > 40:
        return value
    text = value.strip().replace(",", ".")
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return value


def _attach(
    by_id: Mapping[str, dict[str, Record]],
    table: str,
    number: int,
    row: Record,
    field: str,
    parents: Iterable[tuple[str, str]],
    notices: list[Refusal],
) -> None:
    """Put the row under every record it names; a name that leads nowhere is reported."""
    record = by_id.get(table, {}).get(str(row.get("id") or ""))
    record = _plain(row) if record is None else record
    for pointer, parent_table in parents:
        key = row.get(pointer)
        if not key:
            continue
        parent = by_id.get(parent_table, {}).get(str(key))
        if parent is None:
            notices.append(_dangling(table, number, pointer, key))
            continue
        list_of(parent, _field_of(parent_table, field)).append(record)
    for pointer, _parent in parents:
        record.pop(pointer, None)


def _field_of(parent_table: str, field: str) -> str:
    return "additional_websites" if (parent_table, field) == ("organizations", "additional_urls") else field


def list_of(record: Record, field: str) -> list[Any]:
    """Return the list under `field`, made if it is not there; a cell that is no list gives way."""
    if not isinstance(record.get(field), list):
        record[field] = []
    found: list[Any] = record[field]
    return found


def _attach_attributes(by_id: Mapping[str, dict[str, Record]], named: Tables, notices: list[Refusal]) -> None:
    terms, taxonomies = by_id.get("taxonomy_terms", {}), by_id.get("taxonomies", {})
    for row in named.get("taxonomy_terms", []):
        term, taxonomy = terms.get(str(row.get("id") or "")), taxonomies.get(str(row.get("taxonomy_id") or ""))
        if term is not None and taxonomy is not None:
            term["taxonomy_detail"] = taxonomy
    everything = {key: record for table in by_id.values() for key, record in table.items()}
    for number, row in enumerate(named.get("attributes", []), start=2):
        record = by_id["attributes"].get(str(row.get("id") or ""), _plain(row))
        target = everything.get(str(row.get("link_id") or ""))
        term = terms.get(str(row.get("taxonomy_term_id") or ""))
        if row.get("taxonomy_term_id") and term is None:
            notices.append(_dangling("attributes", number, "taxonomy_term_id", row["taxonomy_term_id"]))
        if target is None:
            notices.append(_dangling("attributes", number, "link_id", row.get("link_id") or "–"))
            continue
        for pointer in ("link_id", "taxonomy_term_id"):
            record.pop(pointer, None)
        list_of(target, "attributes").append({**record, "taxonomy_term": term} if term is not None else record)


def _attach_places(by_id: Mapping[str, dict[str, Record]], rows: Iterable[Record], notices: list[Refusal]) -> None:
    for number, row in enumerate(rows, start=2):
        place = by_id["service_at_location"].get(str(row.get("id") or ""), _plain(row))
        service = by_id["services"].get(str(row.get("service_id") or ""))
        location = by_id.get("locations", {}).get(str(row.get("location_id") or ""))
        if location is None:
            notices.append(_dangling("service_at_location", number, "location_id", row.get("location_id") or "–"))
        if service is None:
            notices.append(_dangling("service_at_location", number, "service_id", row.get("service_id") or "–"))
            continue
        for pointer in ("service_id", "location_id"):
            place.pop(pointer, None)
        if location is not None:
            plain = {name: value for name, value in location.items() if name != "organization_id"}
            place["location"] = plain
        list_of(service, "service_at_locations").append(place)


def _service(row: Record, by_id: Mapping[str, dict[str, Record]], notices: list[Refusal]) -> Record:
    key = str(row.get("id") or "")
    known = by_id["services"].get(key)
    service = dict(known) if known is not None else _plain(row)
    for pointer, table, field in (
        ("organization_id", "organizations", "organization"),
        ("program_id", "programs", "program"),
    ):
        target = service.pop(pointer, None)
        if not target:
            continue
        found = by_id.get(table, {}).get(str(target))
        if found is None:
            notices.append(
                Refusal(
                    clean_line(key)[:80] or "services",
                    N_("„{field}“ verweist auf {key}; das steht nicht in der Datei. Übernommen ohne diese Angabe."),
                    (("field", pointer), ("key", clean_line(str(target))[:80])),
                )
            )
        else:
            service[field] = {name: value for name, value in found.items() if name != "organization_id"}
    return service


def _dangling(table: str, number: int, field: str, key: Any) -> Refusal:
    return Refusal(
        f"{table}, {number}",
        N_("„{field}“ verweist auf {key}; das steht nicht in der Datei. Diese Zeile wurde dort ausgelassen."),
        (("field", field), ("key", clean_line(str(key))[:80])),
    )
