"""What readers make of real files, and what they say about files that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.hsds import read_hsds
from kimdesk.offers.integreat import read_integreat
from kimdesk.offers.json_file import MAXIMUM_BYTES, parse_json
from kimdesk.offers.parts import Phone
from kimdesk.offers.plain_text import clean, html_to_text
from kimdesk.offers.readers import OfferFormat, parse_format, read_offers


def page(**changes: Any) -> dict[str, Any]:
    """Return a small Integreat page."""
    return {
        "id": 7,
        "path": "/kreis/de/kurs/",
        "title": "Sprachkurs",
        "content": "<p>Jeden Montag.</p>",
        "parent": {"id": None, "path": None},
        "available_languages": {"en": {"id": 8, "path": "/kreis/en/course/"}},
        "organization": None,
        **changes,
    }


def test_real_pages_become_offers_and_empty_ones_are_named(german_pages: Path) -> None:
    found = read_offers(german_pages, OfferFormat.INTEGREAT)
    assert (len(found.offers), len(found.empty), found.refused) == (210, 28, ())
    office = next(offer for offer in found.offers if offer.external_id == "5600234")
    assert office.title == "Das Landratsamt Augsburg"
    assert office.language == "de"
    assert office.source_key == "/lkaugsburg/de/willkommen-lkaugsburg/landkreis/landratsamt/"
    assert office.text.category == ("Wichtiges zum Leben im Landkreis Augsburg", "Der Landkreis stellt sich vor")
    assert office.facts.phones == (Phone("0821 31020"),)
    assert office.facts.emails == ("info@LRA-a.bayern.de",)
    assert "de_simple" in office.linked_keys
    assert "• Pflichtaufgaben (z. B. Bau" in office.text.text


def test_no_markup_entity_or_carriage_return_survives(german_pages: Path, english_pages: Path) -> None:
    for path in (german_pages, english_pages):
        for offer in read_offers(path, OfferFormat.INTEGREAT).offers:
            for text in (offer.title, offer.text.summary, offer.text.text):
                assert not any(
                    mark in text for mark in ("\r", "\u00a0", "\u00ad", "&#", "&nbsp;", "<p", "</", "\n\n\n")
                )


def test_scripts_styles_and_frames_are_left_out() -> None:
    markup = (
        "<style>p{color:red}</style><script>alert('x')</script><p>Sichtbar &amp; gut</p>"
        "<iframe src='https://example.org'>Rahmen</iframe><ol><li>eins</li><li>zwei</li></ol>"
        "<p><a href='https://example.org/a'>Anmeldung</a> <a href='mailto:a@example.org'>a@example.org</a>"
        "<a href='javascript:alert(1)'> hier</a></p>"
    )
    (offer,) = read_integreat([page(content=markup)]).offers
    assert offer.text.text == (
        "Sichtbar & gut\n\n1. eins\n2. zwei\n\nAnmeldung (https://example.org/a) a@example.org hier"
    )


def test_a_page_with_pictures_only_is_empty() -> None:
    found = read_integreat([page(content="<p><img src='x.png'>&nbsp;</p>")])
    assert found.offers == ()
    assert found.empty == ("/kreis/de/kurs/",)


def test_keywords_are_taken_out_of_the_text() -> None:
    (offer,) = read_integreat([page(content="<p>Text</p><p><em>Schlagworte: Deutsch lernen, Kurs</em></p>")]).offers
    assert offer.text.text == "Text"
    assert offer.text.keywords == ("Deutsch lernen", "Kurs")


def test_a_list_of_offices_gives_no_phone_field_and_a_fax_is_no_phone() -> None:
    offices = "<br>".join(f"Büro {n}: 02303 2711{n}" for n in range(10, 15))
    (offer,) = read_integreat([page(content=f"<p>{offices}</p>")]).offers
    assert offer.facts.phones == ()
    (offer,) = read_integreat([page(content="<p>Tel. 02303 271110, Fax: 02303 271119</p>")]).offers
    assert [phone.number for phone in offer.facts.phones] == ["02303 271110"]


def test_a_page_without_an_id_is_known_by_its_path() -> None:
    (offer,) = read_integreat([page(id=None)]).offers
    assert offer.external_id == "/kreis/de/kurs/"


def test_the_path_names_the_language_and_the_argument_only_fills_in() -> None:
    assert read_integreat([page()], language="en").offers[0].language == "de"
    assert read_integreat([page(path="/de-si-page/")], language="de-si").offers[0].language == "de_simple"
    assert read_integreat([page(path="/kreis/de-si/kurs/")]).offers[0].language == "de_simple"


BAD_PAGES: list[Any] = [
    None,
    "text",
    [],
    {"title": "ohne Pfad", "content": "x"},
    page(path="   "),
    page(path=5),
    page(title=""),
    page(title=["x"]),
    page(content={"a": 1}),
    page(content="x" * 300_001),
    page(title="x" * 500),
    page(id={"a": 1}),
    page(id=True),
    page(available_languages=[1, 2]),
]


@pytest.mark.parametrize("bad", BAD_PAGES, ids=range(len(BAD_PAGES)))
def test_a_bad_page_is_refused_with_a_reason_and_the_rest_goes_on(bad: Any) -> None:
    found = read_integreat([bad, page(path="/kreis/de/gut/")])
    assert [offer.source_key for offer in found.offers] == ["/kreis/de/gut/"]
    (refusal,) = found.refused
    assert refusal.record
    assert refusal.sentence().endswith(".")
    assert "{" not in refusal.sentence()


def test_the_same_page_twice_is_taken_once() -> None:
    found = read_integreat([page(), page(title="Anderer Titel")])
    assert [offer.title for offer in found.offers] == ["Sprachkurs"]
    assert len(found.refused) == 1


def test_a_circle_of_parents_ends() -> None:
    first = page(path="/k/de/a/", title="A", parent={"path": "/k/de/b/"})
    second = page(path="/k/de/b/", title="B", parent={"path": "/k/de/a/"})
    assert [offer.text.category for offer in read_integreat([first, second]).offers] == [("A", "B"), ("B", "A")]


def test_broken_characters_do_not_break_the_text() -> None:
    (offer,) = read_integreat([page(title="Kurs\x00\x07", content="<p>halb \ud83d und \u200b\ufeffganz</p>")]).offers
    assert offer.title == "Kurs"
    assert offer.text.text == "halb \ufffd und ganz"
    offer.text.text.encode("utf-8")


BROKEN_MARKUP = {
    "<" * 300_000: None,
    "<a " * 100_000: None,
    "<!--" * 75_000: None,
    "<![CDATA[>" * 30_000: None,
    "<![bogus[ x ]]>Rest": "Rest",
    "<script>" * 30_000 + "x": "",
    "Kosten < 5 Euro, Alter > 3": "Kosten < 5 Euro, Alter > 3",
    "<p>eins<!-- <b>weg</b> -->zwei": "einszwei",
}


@pytest.mark.parametrize("markup", BROKEN_MARKUP, ids=range(len(BROKEN_MARKUP)))
def test_broken_markup_is_text_and_costs_no_time(markup: str) -> None:
    """Without care the parser would need minutes for the first four, and the test run would stand still."""
    expected = BROKEN_MARKUP[markup]
    text = html_to_text(markup)
    assert expected is None or text == expected


@given(st.text(alphabet=st.sampled_from("<>!-/a='\" [&#;\n"), max_size=400))
def test_no_markup_can_fail(markup: str) -> None:
    text = html_to_text(markup)
    assert text == clean(text)


def test_the_hsds_example_is_read_with_its_nested_parts(hsds_examples: Path) -> None:
    found = read_offers(hsds_examples / "service_full.json", OfferFormat.HSDS)
    (offer,) = found.offers
    assert offer.external_id == "ac148810-d857-441c-9679-408f346de14b"
    assert offer.title == "Community Counselling"
    facts = offer.facts
    assert facts.provider == "Example Organization Inc."
    assert (facts.minimum_age, facts.maximum_age, facts.places) == (12, 100, 12)
    assert [phone.number for phone in facts.all_phones] == ["+44 1234 234567-100"]
    assert [address.city for address in facts.addresses] == ["MyCity"]
    assert facts.all_languages == ("ur",)
    assert facts.opening_hours[0].startswith("Do, Fr 10:00–18:00")
    assert str(facts.last_verified) == "2005-01-01"
    assert offer.text.access_requirements.startswith("This service is intended")


def test_an_api_page_and_a_list_of_services_are_read(hsds_examples: Path) -> None:
    listed = json.loads((hsds_examples / "service_list.json").read_text(encoding="utf-8"))
    assert len(read_hsds(listed).offers) == 1
    assert len(read_hsds(listed["contents"]).offers) == 1
    assert read_hsds([]).offers == ()


BAD_SERVICES: list[Any] = [
    None,
    {"name": "ohne id"},
    {"id": None, "name": "x"},
    {"id": "1", "name": "  "},
    {"id": "1", "name": {"de": "x"}},
    {"id": "1", "name": "x", "phones": {"number": 1}},
    {"id": "1", "name": "x", "organization": "AWO"},
    {"id": "1", "name": "x", "minimum_age": "zwölf"},
    {"id": "1", "name": "x", "minimum_age": -1},
    {"id": "1", "name": "x", "assured_date": "gestern"},
    {"id": "1", "name": "x", "description": "x" * 300_001},
    {"id": "1", "name": "x", "service_at_locations": [None]},
]


@pytest.mark.parametrize("bad", BAD_SERVICES, ids=range(len(BAD_SERVICES)))
def test_a_bad_service_is_refused_and_the_rest_goes_on(bad: Any) -> None:
    found = read_hsds([bad, {"id": "2", "name": "Gut"}])
    assert [offer.title for offer in found.offers] == ["Gut"]
    (refusal,) = found.refused
    assert refusal.sentence().endswith(".")


def test_128_copies_of_one_id_are_one_offer() -> None:
    found = read_hsds([{"id": "1", "name": f"Kopie {number}"} for number in range(128)])
    assert [offer.title for offer in found.offers] == ["Kopie 0"]
    assert len(found.refused) == 127


def test_a_closed_service_says_so() -> None:
    (offer,) = read_hsds({"id": "1", "name": "x", "status": "defunct", "organization": {"name": "Y"}}).offers
    assert offer.facts.status == "ended"


HOSTILE_FILES = {
    "empty": b"",
    "blank": b" \n ",
    "cut off": b'[{"path": "/a/de/b/", "tit',
    "not json": b"<html></html>",
    "latin-1": '[{"path": "/a/", "title": "Grüße", "content": ""}]'.encode("latin-1"),
    "utf-16": '[{"path": "/a/"}]'.encode("utf-16"),
    "zeros": b"\x00" * 64,
    "a number": b"5",
    "a text": b'"hallo"',
    "null": b"null",
    "not a number": b"[NaN]",
    "an endless number": b"[" + b"9" * 6000 + b"]",
    "sixty-one deep": b"[" * 61 + b"]" * 61,
    "a thousand deep": b"[" * 1000 + b"]" * 1000,
    "a hundred thousand deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "numbers only": b"[1, 2, 3]",
}


@pytest.mark.parametrize("file_format", [OfferFormat.INTEGREAT, OfferFormat.HSDS])
@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_file_that_is_none_gets_one_clear_sentence(tmp_path: Path, name: str, file_format: OfferFormat) -> None:
    path = tmp_path / "datei.json"
    path.write_bytes(HOSTILE_FILES[name])
    with pytest.raises(OfferFileError) as caught:
        read_offers(path, file_format)
    sentence = str(caught.value)
    assert "Bitte" in sentence
    assert "{" not in sentence


def test_nesting_is_allowed_up_to_sixty_levels() -> None:
    parse_json(b"[" * 60 + b"]" * 60)
    with pytest.raises(OfferFileError, match="60 Ebenen"):
        parse_json(b"[" * 61 + b"]" * 61)


def test_a_file_above_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "gross.json"
    with path.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(OfferFileError, match="50 MB zu groß"):
        read_offers(path, OfferFormat.HSDS)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no file without an end here")
def test_a_file_that_does_not_tell_its_size_is_read_up_to_the_limit_only() -> None:
    with pytest.raises(OfferFileError, match="50 MB zu groß"):
        read_offers(Path("/dev/zero"), OfferFormat.HSDS)


def test_a_missing_file_and_a_folder_are_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(OfferFileError, match="gibt es nicht"):
        read_offers(tmp_path / "fehlt.json", OfferFormat.HSDS)
    with pytest.raises(OfferFileError, match="lässt sich nicht öffnen"):
        read_offers(tmp_path, OfferFormat.HSDS)


def test_the_wrong_format_is_recognised(hsds_examples: Path, german_pages: Path) -> None:
    with pytest.raises(OfferFileError, match="„integreat“"):
        read_offers(german_pages, OfferFormat.HSDS)
    for name in ("service_full.json", "service_list.json"):
        with pytest.raises(OfferFileError, match="„hsds“"):
            read_offers(hsds_examples / name, OfferFormat.INTEGREAT)
    with pytest.raises(OfferFileError, match="Tabellenform.*„hsds-tabular“"):
        read_offers(hsds_examples / "tabular.json", OfferFormat.HSDS)


def test_locations_are_not_taken_for_pages() -> None:
    with pytest.raises(OfferFileError, match="Orte"):
        read_integreat([page(location={"name": "Rathaus"})])


def test_an_unknown_format_names_the_known_ones() -> None:
    assert parse_format("Integreat") is OfferFormat.INTEGREAT
    with pytest.raises(
        OfferFileError, match="integreat, integreat-locations, hsds, hsds-page, hsds-tabular, csv, xlsx"
    ):
        parse_format("pdf")
