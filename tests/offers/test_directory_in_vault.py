"""The directory in a real encrypted vault: imports, search, reading back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from kimdesk.domain.vocabulary import LifeArea
from kimdesk.offers.demo_directory import directory_offer_id, load_directory
from kimdesk.offers.errors import OfferFileError, OfferQueryError
from kimdesk.offers.excerpt import MatchReason
from kimdesk.offers.model import OfferStatus
from kimdesk.offers.report import ReadResult
from kimdesk.services.offers import OfferNotFound, OfferService
from kimdesk.storage import Vault, read_log
from kimdesk.storage.offer_writing import take_in

NOTHING: dict[str, object] = {"added": 0, "changed": 0, "unchanged": 0, "empty": 0, "refused": []}


def write(path: Path, *pages: dict[str, object]) -> Path:
    """Write an Integreat answer and return its path."""
    path.write_text(json.dumps(list(pages)), encoding="utf-8")
    return path


def small_page(language: str, key: str, title: str, text: str, **linked: str) -> dict[str, object]:
    """Return an Integreat page with links to its translations."""
    return {
        "id": len(key),
        "path": f"/kreis/{language}/{key}/",
        "title": title,
        "content": f"<p>{text}</p>",
        "available_languages": {code: {"path": f"/kreis/{code}/{other}/"} for code, other in linked.items()},
    }


def test_the_real_file_is_taken_in_once(service: OfferService, german_pages: Path) -> None:
    first = service.import_file(german_pages, "integreat")
    assert first.to_json() == {**NOTHING, "added": 210, "empty": 28}
    second = service.import_file(german_pages, "integreat")
    assert second.to_json() == {**NOTHING, "unchanged": 210, "empty": 28}
    assert service.count() == 210


def test_the_english_file_adds_translations_to_the_same_offers(
    service: OfferService, german_pages: Path, english_pages: Path
) -> None:
    service.import_file(german_pages, "integreat")
    report = service.import_file(english_pages, "integreat")
    assert (report.added, report.changed, report.unchanged) == (0, 205, 0)
    assert service.count() == 210
    assert service.import_file(english_pages, "integreat").unchanged == 205
    assert service.import_file(german_pages, "integreat").unchanged == 210
    hit = next(hit for hit in service.search("Landratsamt") if hit.external_id == "5600234")
    offer = service.get(hit.id).offer
    assert offer.text_in("en")[1].title == "The Augsburg District Office"
    assert offer.text_in("uk") == ("de", offer.text)
    # An English word finds the German page and shows the English place.
    english = service.search("driving licence")[0]
    assert (english.language, english.title) == ("en", "Auto und Mofa")


def test_the_order_of_languages_does_not_matter(service: OfferService, tmp_path: Path) -> None:
    english = small_page("en", "course", "Language course", "Every Monday", de="kurs")
    german = small_page("de", "kurs", "Sprachkurs", "Jeden Montag", en="course")
    service.import_file(write(tmp_path / "en.json", english), "integreat")
    report = service.import_file(write(tmp_path / "de.json", german), "integreat")
    assert (report.added, report.changed) == (0, 1)
    (hit,) = service.search("Sprachkurs")
    offer = service.get(hit.id).offer
    assert (offer.language, offer.title, offer.source_key) == ("de", "Sprachkurs", "/kreis/de/kurs/")
    assert offer.translations["en"].title == "Language course"
    assert service.import_file(tmp_path / "en.json", "integreat").unchanged == 1
    assert service.import_file(tmp_path / "de.json", "integreat").unchanged == 1


def test_a_link_from_one_side_is_enough(service: OfferService, tmp_path: Path) -> None:
    english = small_page("en", "course", "Language course", "Every Monday")
    german = small_page("de", "kurs", "Sprachkurs", "Jeden Montag", en="course")
    service.import_file(write(tmp_path / "en.json", english), "integreat")
    assert service.import_file(write(tmp_path / "de.json", german), "integreat").changed == 1
    assert service.count() == 1


def test_a_changed_page_is_searched_by_its_new_words_only(service: OfferService, tmp_path: Path) -> None:
    path = tmp_path / "seiten.json"
    service.import_file(write(path, small_page("de", "a", "Schwimmkurs", "Hallenbad")), "integreat")
    report = service.import_file(write(path, small_page("de", "a", "Nähkurs", "Werkstatt")), "integreat")
    assert report.changed == 1
    assert [hit.title for hit in service.search("nähkurs")] == ["Nähkurs"]
    assert service.search("Hallenbad") == ()
    assert service.search("schwimm") == ()


def test_a_file_that_cannot_be_used_changes_nothing(service: OfferService, vault: Vault, tmp_path: Path) -> None:
    path = write(tmp_path / "seiten.json", small_page("de", "a", "Kurs", "Text"))
    service.import_file(path, "integreat")
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(OfferFileError):
        service.import_file(path, "integreat")
    with pytest.raises(OfferFileError):
        service.import_file(path, "hsds")
    assert [hit.title for hit in service.search("Kurs")] == ["Kurs"]
    with vault.reader() as connection:
        imports = [row for row in read_log(connection) if row.action == "import"]
    assert [(row.subject_kind, row.detail["added"]) for row in imports] == [("offers", 1)]


def test_an_import_that_does_not_finish_leaves_the_directory_as_it_was(demo: OfferService, vault: Vault) -> None:
    before = [hit.external_id for hit in demo.search("Beratung", limit=50)]
    with vault.unit_of_work() as unit:
        extra = (replace(offer, id=uuid4(), source_key=f"neu/{offer.source_key}") for offer in load_directory().offers)
        assert take_in(unit.connection, ReadResult(tuple(extra)), unit.moment).added == len(load_directory().offers)
        # No commit: as after a crash.
    assert [hit.external_id for hit in demo.search("Beratung", limit=50)] == before
    assert demo.count() == len(load_directory().offers)


def test_a_change_of_facts_alone_is_a_change(service: OfferService, tmp_path: Path) -> None:
    path = tmp_path / "service.json"
    record = {"id": "s1", "name": "Beratung", "organization": {"name": "AWO"}, "status": "active"}
    path.write_text(json.dumps(record), encoding="utf-8")
    assert service.import_file(path, "hsds").added == 1
    path.write_text(json.dumps({**record, "organization": {"name": "Diakonie"}}), encoding="utf-8")
    assert service.import_file(path, "hsds").changed == 1
    assert service.import_file(path, "hsds").unchanged == 1
    assert service.search("AWO") == ()
    assert [hit.provider for hit in service.search("Diakonie")] == ["Diakonie"]


def test_the_hsds_example_survives_the_vault(service: OfferService, hsds_examples: Path) -> None:
    service.import_file(hsds_examples / "service_full.json", "hsds", "en")
    (hit,) = service.search("counselling")
    assert hit.to_json() == {
        "id": str(hit.id),
        "external_id": "ac148810-d857-441c-9679-408f346de14b",
        "title": "Community Counselling",
        "score": hit.score,
    }
    offer = service.get(hit.id).offer
    assert offer.facts.all_phones[0].number == "+44 1234 234567-100"
    assert offer.facts.addresses[0].city == "MyCity"
    assert offer.language == "en"


def test_what_comes_back_is_what_went_in(demo: OfferService) -> None:
    for before in load_directory().offers:
        after = demo.get(before.id).offer
        assert after == before


def test_inflected_and_compound_words_are_found(service: OfferService, german_pages: Path) -> None:
    service.import_file(german_pages, "integreat")
    hits = service.search("Sprachkurs", limit=100)
    assert hits[0].title == "Sprachkurse"
    assert hits[0].reason is MatchReason.TITLE
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.matched_words for hit in hits)
    titles = [hit.title for hit in service.search("kurs", limit=100)]
    assert {"Sprachkurse", "Deutschkurse"} <= set(titles)  # inside a compound
    ids = {spelling: [hit.id for hit in service.search(spelling)] for spelling in ("Führerschein", "FUEHRERSCHEIN")}
    assert ids["Führerschein"] == ids["FUEHRERSCHEIN"] != []
    assert "Kinderbetreuung" in [hit.title for hit in service.search("Kita", limit=50)]


@pytest.mark.parametrize(
    "title", ["Wohnung suchen", "Öffentlicher Nahverkehr", "Antrag auf Asyl", "Leben in Deutschland"]
)
def test_an_offer_is_first_under_its_own_title(service: OfferService, german_pages: Path, title: str) -> None:
    service.import_file(german_pages, "integreat")
    assert [service.search(spelling)[0].title for spelling in (title, title.lower(), title.upper())] == [title] * 3


# hit@5 when this was written: de 0.77, en 0.72, fr 0.69, uk 0.59, ar 0.61 (`benchmarks/search_quality.py`).
FLOORS = {"de": 0.76, "en": 0.68, "fr": 0.65, "uk": 0.55, "ar": 0.57}


def test_questions_in_five_languages_find_their_german_page(service: OfferService, german_pages: Path) -> None:
    service.import_file(german_pages, "integreat")
    lines = (german_pages.parent / "lkaugsburg-questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = list(map(json.loads, lines))
    for language, floor in FLOORS.items():
        asked = [one for one in questions if one["language"] == language]
        assert len(asked) == 271
        hits = [str(one["page_id"]) in [hit.external_id for hit in service.search(one["question"], 5)] for one in asked]
        assert sum(hits) / len(hits) >= floor, language


def test_the_demo_directory_installs_once_and_answers(demo: OfferService) -> None:
    assert demo.install_directory().added == 0
    assert 25 <= demo.count() <= 40
    assert demo.search("Dolmetscher")[0].external_id == "sprachmittlerpool"
    assert demo.search("VHS")[0].external_id == "vhs"
    assert demo.search("Kita")[0].external_id == "kitas"
    assert demo.search("Bürgergeld")[0].external_id == "jobcenter"
    assert demo.search("مترجم")[0].external_id == "sprachmittlerpool"
    assert demo.search("KI")[0].external_id == "ki-kreis-unna"


def test_an_offer_that_ended_is_kept_but_not_found(demo: OfferService) -> None:
    assert "durchstarten" not in [hit.external_id for hit in demo.search("Durchstarten Hauptschulabschluss", limit=50)]
    assert demo.get(directory_offer_id("unna", "durchstarten")).offer.facts.status is OfferStatus.ENDED


def test_filters_narrow_search_and_list(demo: OfferService) -> None:
    luenen = {hit.external_id for hit in demo.search("Ausländerbehörde Einbürgerung", commune="05978024")}
    assert {"abh-luenen", "ebh-luenen"} <= luenen
    assert not luenen & {"abh-kreis", "ebh-kreis", "ebh-unna"}
    debts = demo.browse(life_area=LifeArea.DEBTS)
    assert [row.external_id for row in debts.rows] == ["schuldnerberatung"]
    assert debts.total == 1
    tigrinya = demo.browse(language="ti")
    assert tigrinya.total == 10
    assert all("ti" in row.languages_written for row in tigrinya.rows)
    everything = demo.browse(limit=10, offset=5)
    assert (len(everything.rows), everything.total) == (10, demo.count())


def test_an_unknown_filter_or_offer_gets_a_sentence(demo: OfferService) -> None:
    with pytest.raises(OfferQueryError, match="Lebensbereich"):
        demo.search("x", life_area="gardening")
    with pytest.raises(OfferQueryError):
        demo.search("x", limit=0)
    with pytest.raises(OfferNotFound):
        demo.get(uuid4())


@pytest.mark.parametrize("text", ["", "   ", "\x00", '"', "*", "(((", "NEAR(a b)", "{title}:x", "a" * 10_000, "\ud800"])
def test_nothing_typed_can_fail(demo: OfferService, text: str) -> None:
    demo.search(text)


def test_only_reserved_contact_data_are_invented() -> None:
    for offer in load_directory().offers:
        for phone in offer.facts.phones:
            assert phone.number == "02307 9248872" or (phone.number.startswith("0221 4710 ") and phone.label == "Demo")
        assert all(email.endswith("@example.org") for email in offer.facts.emails)
        assert "Kontaktdaten" not in offer.text.text  # a sheet is for the client, a hint to the office is none


def test_the_index_is_not_readable_outside_the_vault(demo: OfferService, vault: Vault) -> None:
    folder = vault.folder
    vault.close()
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"Sprachmittlerpool" not in data
            assert b"sprachmittlerpool" not in data
