"""Both documents in all languages: printed, rendered, read back."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kimdesk.documents.catalogue import DOCUMENTS, UnknownDocument, document_kind
from kimdesk.documents.fonts import FontBook, FontMissing
from kimdesk.documents.languages import HANDOUT_LANGUAGES, UnknownHandoutLanguage, page_languages
from kimdesk.documents.letterhead import Letterhead, UnusableLogo
from kimdesk.documents.note import MAXIMUM_CHARACTERS, Note, NoteTooLong, render_note
from kimdesk.documents.offer_sheet import OfferSheet, render_offer_sheet
from kimdesk.documents.wording import HandoutTextsMissing, Wording
from kimdesk.foundation.resources import translations_folder
from tests.documents.conftest import GREETINGS, TODAY

Tool = Callable[..., bytes]
_CHOICES = [(code,) for code in HANDOUT_LANGUAGES] + [(code, "de") for code in HANDOUT_LANGUAGES if code != "de"]
_NOT_REVIEWED = "muttersprachlichen Person geprüft"
_PAGE = (595.4, 842.0)


class Printer:
    """Prints each document once per choice of languages."""

    def __init__(self, fonts: FontBook, letterhead: Letterhead, sheet: OfferSheet, note: Note) -> None:
        self._fonts, self._letterhead, self._sheet, self._note = fonts, letterhead, sheet, note
        self._done: dict[tuple[str, tuple[str, ...]], bytes] = {}

    def __call__(self, document: str, languages: tuple[str, ...]) -> bytes:
        key = (document, languages)
        if key not in self._done:
            if document == "note":
                pdf = render_note(self._note, languages, self._letterhead, TODAY, fonts=self._fonts)
            else:
                pdf = render_offer_sheet(self._sheet, languages, self._letterhead, TODAY, fonts=self._fonts)
            self._done[key] = pdf
        return self._done[key]


@pytest.fixture(scope="module")
def printed(fonts: FontBook, letterhead: Letterhead, sheet: OfferSheet, note: Note) -> Printer:
    return Printer(fonts, letterhead, sheet, note)


def _text(poppler: Tool, pdf: bytes, *options: str) -> str:
    """The text of all pages without the marks pdftotext puts around right-to-left pieces; spaces folded."""
    text = poppler("pdftotext", pdf, *options).decode()
    return re.sub(r"\s+", " ", re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text))


def _page_streams(pdf: bytes) -> list[bytes]:
    """The decoded streams of the file that draw text."""
    found = []
    streams = rb"/Filter \[ (/ASCII85Decode )?/FlateDecode \].*?stream\r?\n(.*?)endstream"
    for match in re.finditer(streams, pdf, re.DOTALL):
        raw = match.group(2)
        data = zlib.decompress(base64.a85decode(raw.strip().removesuffix(b"~>")) if match.group(1) else raw)
        if b" Tf " in data:
            found.append(data)
    return found


@pytest.mark.parametrize("languages", _CHOICES, ids="-".join)
@pytest.mark.parametrize("document", DOCUMENTS)
class TestEveryDocument:
    def test_is_a_page_with_ink_and_no_box(
        self, printed: Printer, poppler: Tool, document: str, languages: tuple[str, ...]
    ) -> None:
        pdf = printed(document, languages)
        picture = poppler("pdftoppm", pdf, "-r", "30", "-gray", "-f", "1", "-l", "1")
        assert picture.startswith(b"P5")
        assert 0.005 < sum(value < 128 for value in picture) / len(picture) < 0.4
        streams = _page_streams(pdf)
        assert streams
        assert not any(b"<0000>" in stream for stream in streams)

    def test_keeps_inside_the_page(
        self, printed: Printer, poppler: Tool, document: str, languages: tuple[str, ...]
    ) -> None:
        tree = ElementTree.fromstring(poppler("pdftotext", printed(document, languages), "-bbox"))
        words = [word for word in tree.iter() if word.tag.endswith("word")]
        assert len(words) > 20
        for word in words:
            assert float(word.get("xMin", "")) >= 56, word.text
            assert float(word.get("xMax", "")) <= _PAGE[0] - 56, word.text
            assert float(word.get("yMin", "")) >= 20, word.text
            assert float(word.get("yMax", "")) <= _PAGE[1] - 15, word.text

    def test_says_what_it_should(
        self, printed: Printer, poppler: Tool, document: str, languages: tuple[str, ...]
    ) -> None:
        text = _text(poppler, printed(document, languages))
        language = HANDOUT_LANGUAGES[languages[0]]
        assert "Kreis Unna – Kommunales Integrationszentrum" in text
        for code in languages:
            assert GREETINGS[code].split()[-1].strip(".።") in text
        assert (_NOT_REVIEWED in text) is not language.reviewed
        assert "\ufffd" not in text
        assert not any("\ue000" <= character <= "\uf8ff" for character in text)


def test_an_arabic_sheet_reads_in_order(printed: Printer, poppler: Tool) -> None:
    text = _text(poppler, printed("offer-sheet", ("ar",)))
    for piece in ("02307 9248872", "9:00–12:30 Uhr", "Unnaer Straße 29a", "Frau Schröder", "59174 Kamen"):
        assert piece in text
    assert "اتصلوا بالسيدة" in text
    assert "متوفر باللغة الألمانية فقط" in text, "what is not translated says so"
    assert "Für alle ab 27 Jahren" in text, "and is printed in German"
    assert re.search(r"الألمانية\W+العربية\W+التغرينية\W*Romanes", text)


def test_beside_german_an_untranslated_text_is_not_printed_twice(printed: Printer, poppler: Tool) -> None:
    text = _text(poppler, printed("offer-sheet", ("uk", "de")))
    assert text.count("Für alle ab 27 Jahren") == 1
    assert "Доступно лише німецькою мовою" in text


def test_two_languages_stay_level_across_pages(fonts: FontBook, letterhead: Letterhead, poppler: Tool) -> None:
    note = Note(
        text_by_language={
            "de": "\n".join(f"Absatz{number} " + "lang " * 30 for number in range(40)),
            "tr": "\n".join(f"Paragraf{number} kısa" for number in range(40)),
        }
    )
    pdf = render_note(note, ["tr", "de"], letterhead, TODAY, fonts=fonts)
    tree = ElementTree.fromstring(poppler("pdftotext", pdf, "-bbox"))
    places: dict[str, tuple[int, float]] = {}
    for page_number, page in enumerate(element for element in tree.iter() if element.tag.endswith("page")):
        for word in page:
            places[word.text or ""] = (page_number, float(word.get("yMin", "")))
    assert places["Absatz39"][0] >= 2
    for number in range(40):
        german, turkish = places[f"Absatz{number}"], places[f"Paragraf{number}"]
        assert german[0] == turkish[0]
        assert german[1] == pytest.approx(turkish[1], abs=1)


def test_a_long_text_goes_on_without_losing_a_line(fonts: FontBook, letterhead: Letterhead, poppler: Tool) -> None:
    words = [f"Wort{number}" for number in range(3000)]
    pdf = render_note(Note(text_by_language={"de": " ".join(words)}), ["de"], letterhead, TODAY, fonts=fonts)
    found = re.findall(r"Wort\d+", _text(poppler, pdf))
    assert found == words


def test_pages_are_counted(printed: Printer, poppler: Tool) -> None:
    pdf = printed("note", ("de",))
    pages = int(re.search(rb"/Count (\d+)", pdf)[1])  # type: ignore[index]  # a PDF without it fails the test
    text = _text(poppler, pdf)
    assert pages > 1
    assert f"Seite {pages} von {pages}" in text
    assert "Ausgegeben am 20.11.2026" in text


def test_properties_name_office_and_language_and_no_person(
    fonts: FontBook, letterhead: Letterhead, poppler: Tool
) -> None:
    note = Note("Termin für Frau Yılmaz", {"de": "Sehr geehrte Frau Yılmaz"}, contact="Frau Schröder")
    pdf = render_note(note, ["de"], letterhead, TODAY, fonts=fonts)
    information = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert re.search(r"Title:\s+Mitteilung\n", information)
    assert re.search(r"Author:\s+Kreis Unna – Kommunales Integrationszentrum\n", information)
    assert "Yılmaz" not in information
    assert "Schröder" not in information
    assert b"/Lang (de)" in pdf


def test_the_same_input_gives_the_same_bytes(fonts: FontBook, letterhead: Letterhead, sheet: OfferSheet) -> None:
    first, second = (render_offer_sheet(sheet, ["ar", "de"], letterhead, TODAY, fonts=fonts) for _ in range(2))
    assert first == second


def test_a_note_as_long_as_a_book_is_refused_at_once(fonts: FontBook, letterhead: Letterhead) -> None:
    book = Note(text_by_language={"de": "Kurz.", "tr": "a" * (MAXIMUM_CHARACTERS + 1)})
    with pytest.raises(NoteTooLong):
        render_note(book, ["de", "tr"], letterhead, TODAY, fonts=fonts)


def test_an_almost_empty_sheet_and_note_print(fonts: FontBook, poppler: Tool) -> None:
    bare = Letterhead("Stadt Kamen")
    for languages in (["de"], ["fa"], ["ti", "de"]):
        pdf = render_offer_sheet(OfferSheet({"de": "Sprachcafé"}), languages, bare, TODAY, fonts=fonts)
        assert "Sprachcafé" in _text(poppler, pdf)
        assert "Stadt Kamen" in _text(poppler, render_note(Note(), languages, bare, TODAY, fonts=fonts))


def test_a_character_without_a_font_is_refused(fonts: FontBook, letterhead: Letterhead) -> None:
    few = FontBook([Path("/usr/share/fonts/truetype/dejavu")])
    with pytest.raises(FontMissing) as caught:
        render_note(Note("Titel", {"de": "Zeichen \U00012000"}), ["de"], letterhead, TODAY, fonts=few)
    assert "U+12000" in str(caught.value)
    assert "Noto Sans Cuneiform" in str(caught.value)


@pytest.mark.parametrize(("code", "free"), [("en", "free of charge"), ("uk", "безкоштовно"), ("tr", "ücretsiz")])
def test_free_of_charge_and_by_appointment_are_said_in_every_language(
    fonts: FontBook, letterhead: Letterhead, poppler: Tool, code: str, free: str
) -> None:
    sheet = OfferSheet(title={"de": "Beratung", code: "X"}, cost={"de": "kostenfrei"}, by_appointment=True)
    text = _text(poppler, render_offer_sheet(sheet, [code], letterhead, TODAY, fonts=fonts))
    assert free in text
    assert "kostenfrei" not in text


def test_a_private_character_is_refused_and_not_left_out(fonts: FontBook, letterhead: Letterhead) -> None:
    with pytest.raises(FontMissing, match=r"U\+E123.*Symbola"):
        render_note(Note("Titel", {"de": "Zeichen \ue123"}), ["de"], letterhead, TODAY, fonts=fonts)


def test_a_logo_that_is_no_picture_is_refused(fonts: FontBook, letterhead: Letterhead) -> None:
    assert letterhead.logo is not None
    for logo in (b"GIF89a", b"\x89PNG\r\n\x1a\n broken", b"", letterhead.logo[:150], b"\xff\xd8\xff\xe0"):
        with pytest.raises(UnusableLogo):
            render_note(Note("x"), ["de"], replace(letterhead, logo=logo), TODAY, fonts=fonts)


def test_unknown_language_and_document_are_said_clearly() -> None:
    for codes in (["xx"], []):
        with pytest.raises(UnknownHandoutLanguage, match="de, en, uk, ar, fa, ti, tr"):
            page_languages(codes)
    with pytest.raises(UnknownDocument, match="offer-sheet, note"):
        document_kind("poster")


def test_a_language_without_its_texts_is_refused_not_printed_in_german() -> None:
    turkish = replace(HANDOUT_LANGUAGES["tr"], code="tr_XX")
    with pytest.raises(HandoutTextsMissing):
        Wording(turkish)


def test_review_states_agree_with_the_catalogues() -> None:
    for language in HANDOUT_LANGUAGES.values():
        path = translations_folder() / language.code / "LC_MESSAGES" / "handouts.po"
        if language.code != "de":
            assert ("Review status: unreviewed" in path.read_text(encoding="utf-8")) is not language.reviewed


def test_lists_of_documents_and_languages_load_no_pdf_library() -> None:
    """Program start: ReportLab comes with the first print."""
    code = (
        "import sys, kimdesk.documents.catalogue, kimdesk.documents.languages, kimdesk.documents.letterhead;"
        "print([name for name in ('reportlab', 'uharfbuzz', 'fontTools', 'segno', 'icu4py') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
