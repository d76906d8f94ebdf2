"""The four district profiles say what the districts' papers say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kimdesk.domain.vocabulary import LifeArea
from kimdesk.reporting.indicators import load_indicator_set
from kimdesk.services.districts import AuthorityKind, DistrictUnknown, district_ids, load_district, parse_district


def test_every_commune_is_the_one_of_the_official_list(shared: Path) -> None:
    with (shared / "data" / "regions.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    found = [
        (commune.ags, commune.name, commune.kind, profile.name, commune.subregion)
        for profile in map(load_district, district_ids())
        for commune in profile.communes
    ]
    expected = [(row["ags"], row["name"], row["kind"], row["district"], row["subregion"]) for row in rows]
    assert sorted(found) == sorted(expected)
    assert len(found) == 43


def test_words_are_the_districts_own() -> None:
    words = {identifier: load_district(identifier).words for identifier in district_ids()}
    assert {identifier: entry.case_management for identifier, entry in words.items()} == {
        "coesfeld": "Case-Management",
        "ennepe-ruhr": "Case Management",
        "unna": "Fallmanagement",
        "warendorf": "Case-Management",
    }
    assert words["coesfeld"].module == "Modul"


@pytest.mark.parametrize(
    ("district", "kind", "ags", "name"),
    [
        ("unna", AuthorityKind.FOREIGNERS, "05978024", "Ausländerbehörde Stadt Lünen"),
        ("unna", AuthorityKind.FOREIGNERS, "05978036", "Ausländerbehörde Kreis Unna"),
        ("unna", AuthorityKind.NATURALISATION, "05978036", "Einbürgerungsbehörde Kreisstadt Unna"),
        ("unna", AuthorityKind.NATURALISATION, "05978040", "Einbürgerungsbehörde Kreis Unna"),
        ("unna", AuthorityKind.NATURALISATION, "05978024", "Einbürgerungsbehörde Stadt Lünen"),
        ("ennepe-ruhr", AuthorityKind.FOREIGNERS, "05954036", "Ausländerbehörde Stadt Witten"),
        ("ennepe-ruhr", AuthorityKind.FOREIGNERS, "05954004", "Ausländerbehörde Ennepe-Ruhr-Kreis"),
        ("ennepe-ruhr", AuthorityKind.NATURALISATION, "05954004", None),
        ("warendorf", AuthorityKind.FOREIGNERS, "05570004", "Ausländerbehörde Kreis Warendorf"),
    ],
)
def test_competences(district: str, kind: AuthorityKind, ags: str, name: str | None) -> None:
    authority = load_district(district).authority_for(kind, ags)
    assert (None if authority is None else authority.name) == name


def test_profiles_are_complete() -> None:
    for profile in map(load_district, district_ids()):
        assert profile.life_areas == tuple(LifeArea)
        assert load_indicator_set(profile.indicator_set).rows
        assert (profile.retention.years, profile.retention.years_one_off) == (3, 1)
    unna = load_district("unna")
    assert unna.commune_name("05978036") == "Unna"
    assert unna.commune_name("05915000") == "05915000"
    assert unna.commune_name("") == ""
    assert (unna.subregion_of("05978036"), unna.subregion_of("")) == ("Süd", None)


@pytest.mark.parametrize("identifier", ["hamm", "../unna", "", "Unna"])
def test_an_unknown_district_is_said_to_be_unknown(identifier: str) -> None:
    with pytest.raises(DistrictUnknown):
        load_district(identifier)


def test_a_profile_that_contradicts_itself_is_refused() -> None:
    head = """
    id = "x"
    name = "X"
    indicator_set = "neutral"
    retention = {}
    communes = [{ ags = "1", name = "A", kind = "Stadt" }%s]
    authorities = [{ kind = "foreigners", name = "B", communes = ["%s"] }]
    [words]
    case_management = "a"
    case_manager = "b"
    module = "c"
    coordinating_office = "d"
    integration_agreement = "e"
    """
    assert parse_district(head % ("", "1")).communes[0].name == "A"
    with pytest.raises(ValueError, match="does not have"):
        parse_district(head % ("", "2"))
    with pytest.raises(ValueError, match="twice"):
        parse_district(head % (', { ags = "1", name = "C", kind = "Stadt" }', "1"))
