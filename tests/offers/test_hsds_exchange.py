"""HSDS both ways: exports are valid, what comes back is what was there, broken files are told what is wrong."""

from __future__ import annotations

import json
import zipfile
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.hsds import read_hsds, write_hsds, write_hsds_page
from kimdesk.offers.model import Offer
from kimdesk.offers.package import read_package
from kimdesk.offers.parts import Weekday
from kimdesk.offers.readers import OfferFormat, read_offers
from kimdesk.offers.record import offer_from_json, offer_to_json
from tests.offers.offer_strategies import OFFERS

SERVICE = "ac148810-d857-441c-9679-408f346de14b"


@pytest.fixture(scope="session")
def schema(shared: Path) -> jsonschema.Draft202012Validator:
    """The schema of a nested HSDS 3.1 service."""
    path = shared / "data" / "hsds-3.1" / "schema" / "service_with_definitions.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text("utf-8")))


def again(offer: Offer) -> Offer:
    """Return the offer after an export, as JSON text, and an import."""
    (found,) = read_hsds(json.loads(json.dumps(write_hsds([offer])))).offers
    return replace(found, id=offer.id)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(offer=OFFERS)
def test_an_export_is_valid_and_loses_nothing(schema: jsonschema.Draft202012Validator, offer: Offer) -> None:
    (record,) = write_hsds([offer])
    schema.validate(record)
    assert again(offer) == offer


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(offer=OFFERS)
def test_what_the_vault_keeps_of_an_offer_is_the_offer(offer: Offer) -> None:
    assert offer_from_json(json.loads(json.dumps(offer_to_json(offer)))) == offer


@pytest.mark.parametrize("name", ["service_full.json", "service_list.json", "organization_full.json"])
def test_the_examples_come_back_valid_and_equal(
    name: str, hsds_examples: Path, schema: jsonschema.Draft202012Validator
) -> None:
    found = read_offers(hsds_examples / name, OfferFormat.HSDS)
    assert (len(found.offers), found.refused, found.notices) == (1, (), ())
    (record,) = write_hsds(found.offers)
    schema.validate(record)
    assert again(found.offers[0]) == found.offers[0]


def test_the_full_example_keeps_every_id_and_every_field_the_model_does_not_know(hsds_examples: Path) -> None:
    source = json.loads((hsds_examples / "service_full.json").read_text("utf-8"))
    (record,) = write_hsds(read_hsds(source).offers)
    ours = [one for one in record["attributes"] if one["taxonomy_term"].get("taxonomy") == "kimdesk-offers-1"]
    record["attributes"] = [one for one in record["attributes"] if one not in ours]
    assert [one["taxonomy_term"]["code"] for one in ours] == ["language"]
    source["description"] = source["description"].strip()  # blanks at the end are the only loss
    assert record == source


def test_the_tables_become_nested_services_and_dangling_rows_are_named(
    hsds_examples: Path, schema: jsonschema.Draft202012Validator
) -> None:
    found = read_offers(hsds_examples / "tabular.json", OfferFormat.HSDS_TABULAR)
    (offer,) = found.offers
    schema.validate(write_hsds([offer])[0])
    assert offer.facts.provider == "Example Organization Inc."
    assert [address.city for address in offer.facts.addresses] == ["MyCity"]
    assert offer.facts.schedules[0].days == (Weekday.THURSDAY, Weekday.FRIDAY)
    said = [(one.record, dict(one.parameters)["field"]) for one in found.notices]
    assert said == [
        ("contacts, 2", "service_at_location_id"),
        ("contacts, 2", "organization_id"),
        ("attributes, 2", "link_id"),
    ]


def package(tables: dict[str, str], path: Path) -> Path:
    """Write a ZIP archive of CSV files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return path


def test_a_package_of_csv_files_is_read_from_an_archive_and_from_a_folder(tmp_path: Path) -> None:
    tables = {
        "datapackage.json": '{"name": "angebote", "version": "1.4"}',
        "organizations.csv": "id,name,description\no1,Träger,Text\n",
        "services.csv": "id,organization_id,name,status,minimum_age\ns1,o1,Kurs,active,16\ns2,fehlt,Treff,active,\n",
        "phones.csv": "id,service_id,number\np1,s1,02307 1\np2,nirgends,02307 2\n",
    }
    archive = package({f"daten/{name}": text for name, text in tables.items()}, tmp_path / "paket.zip")
    for name, text in tables.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for path in (archive, tmp_path, tmp_path / "datapackage.json"):
        found = read_offers(path, OfferFormat.HSDS_TABULAR)
        course, meeting = found.offers
        assert (course.facts.provider, course.facts.minimum_age) == ("Träger", 16)
        assert [phone.number for phone in course.facts.all_phones] == ["02307 1"]
        assert meeting.facts.provider == ""
        assert [(one.record, one.sentence()[:40]) for one in found.notices] == [
            ("phones, 3", "„service_id“ verweist auf nirgends; das "),
            ("s2", "„organization_id“ verweist auf fehlt; da"),
        ]


def test_old_packages_are_told_apart(tmp_path: Path) -> None:
    old = {"services.csv": "id,name\n1,Kurs\n", "eligibility.csv": "id,service_id\n1,1\n"}
    with pytest.raises(OfferFileError, match="alten Fassung von HSDS .*eligibility.*HSDS 3.1"):
        read_offers(package(old, tmp_path / "alt.zip"), OfferFormat.HSDS_TABULAR)
    named = {
        "services.csv": "id,name\n1,Kurs\n",
        "datapackage.json": '{"name": "human_services_data", "version": "1.1"}',
    }
    with pytest.raises(OfferFileError, match=r"nennt Fassung 1\.1"):
        read_offers(package(named, tmp_path / "alt2.zip"), OfferFormat.HSDS_TABULAR)
    with pytest.raises(OfferFileError, match="hsds-tabular"):
        read_hsds({"name": "human_services_data", "resources": []})


def test_dangling_references_in_a_valid_file_are_found(
    hsds_examples: Path, schema: jsonschema.Draft202012Validator
) -> None:
    service = json.loads((hsds_examples / "service_full.json").read_text("utf-8"))
    missing = "11111111-2222-4333-8444-555555555555"
    service["organization_id"] = missing  # contradicts the organisation nested in it
    service["program_id"] = missing
    del service["program"]
    service["service_at_locations"][0]["location_id"] = missing
    service["attributes"][0]["taxonomy_term_id"] = missing
    schema.validate(service)
    found = read_hsds(service)
    assert len(found.offers) == 1
    assert sorted(dict(one.parameters)["field"] for one in found.notices) == [
        "location_id",
        "organization_id",
        "program_id",
        "taxonomy_term_id",
    ]
    assert all(missing in one.sentence() and one.record == SERVICE for one in found.notices)


def test_128_copies_of_one_id_count_once(hsds_examples: Path, schema: jsonschema.Draft202012Validator) -> None:
    service = json.loads((hsds_examples / "service_full.json").read_text("utf-8"))
    copies: list[Any] = [{**deepcopy(service), "name": f"Kopie {number}"} for number in range(128)]
    schema.validate(copies[7])
    found = read_hsds(copies)
    assert [offer.title for offer in found.offers] == ["Kopie 0"]
    assert len(found.refused) == 127
    assert {one.sentence() for one in found.refused} == {
        "Diese Kennung steht mehrfach in der Datei; der erste Eintrag wurde übernommen."
    }


def test_a_file_cannot_pass_itself_off_as_the_offices_directory(hsds_examples: Path) -> None:
    (offer,) = read_offers(hsds_examples / "service_full.json", OfferFormat.HSDS).offers
    (record,) = write_hsds([offer])
    record["attributes"][0]["taxonomy_term"]["code"] = "source"
    record["attributes"][0]["value"] = "feed"
    assert read_hsds(record).offers[0].source == "hsds"


def test_a_page_holds_what_a_list_holds(hsds_examples: Path) -> None:
    (offer,) = read_offers(hsds_examples / "service_full.json", OfferFormat.HSDS).offers
    page = write_hsds_page([offer])
    assert (page["total_items"], page["contents"]) == (1, write_hsds([offer]))
    assert replace(read_hsds(page).offers[0], id=offer.id) == offer


@pytest.mark.parametrize("entries", [201, 2])
def test_archives_made_to_do_harm_are_not_opened(tmp_path: Path, entries: int) -> None:
    path = tmp_path / "bombe.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(entries):
            archive.writestr(f"{number}.csv", "id\n" if entries > 2 else b"0" * 30_000_000)
    with pytest.raises(OfferFileError, match="aus Vorsicht nicht geöffnet"):
        read_package(path)


def test_two_tables_of_one_name_are_refused(tmp_path: Path) -> None:
    path = package({"a/services.csv": "id,name\n1,A\n", "b/services.csv": "id,name\n1,B\n"}, tmp_path / "zwei.zip")
    with pytest.raises(OfferFileError, match="mehrfach"):
        read_package(path)
