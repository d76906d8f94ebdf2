"""Both documents in all languages: printed, rendered, read back."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kimdesk.documents.calendar_code import appointment_code
from kimdesk.documents.catalogue import DOCUMENTS, UnknownDocument, document_kind
from kimdesk.documents.composer import Page
from kimdesk.documents.fonts import FontBook, FontMissing
from kimdesk.documents.languages import HANDOUT_LANGUAGES, UnknownHandoutLanguage, page_languages
from kimdesk.documents.letterhead import Letterhead, UnusableLogo
from kimdesk.documents.papers.note import MAXIMUM_CHARACTERS, Note, NoteTooLong
from kimdesk.documents.papers.offer_sheet import OfferSheet
from kimdesk.documents.papers.paper import Paper
from kimdesk.documents.press import Part, Press
from kimdesk.documents.printing import PrintOptions, print_papers
from kimdesk.documents.review import review_state
from kimdesk.documents.sheet import Entry, Sheet
from kimdesk.documents.wording import wording_for
from kimdesk.foundation.resources import translations_folder
from tests.documents.samples import GREETINGS, SAMPLES, TODAY

Tool = Callable[..., bytes]
_NOT_REVIEWED = "muttersprachlichen Person geprüft"
_PAGE = (595.4, 842.0)


def _every() -> list[tuple[str, tuple[str, ...]]]:
    """Every document in every language, alone and beside German."""
    return [
        (name, languages)
        for name, kind in DOCUMENTS.items()
        for code in kind.languages
        for languages in ((code,), (code, "de"))
        if languages != ("de", "de")
    ]


def _spread() -> list[tuple[str, tuple[str, ...]]]:
    """Every document twice and every language several times; the rest is for the long run."""
    everything = _every()
    return everything[:: len(everything) // 60] + [("offer-sheet", (code,)) for code in ("ar", "ti", "uk")]


class Printer:
    """Prints each document once per choice of languages."""

    def __init__(self, fonts: FontBook, letterhead: Letterhead) -> None:
        self._fonts, self._letterhead = fonts, letterhead
        self._done: dict[tuple[str, tuple[str, ...]], bytes] = {}

    def __call__(self, document: str, languages: tuple[str, ...]) -> bytes:
        key = (document, languages)
        if key not in self._done:
            self._done[key] = render(SAMPLES[document], languages, self._letterhead, self._fonts)
        return self._done[key]


def render(paper: Paper, languages: Sequence[str], letterhead: Letterhead, fonts: FontBook) -> bytes:
    return print_papers([paper], languages, letterhead, TODAY, PrintOptions(fonts=fonts))


@pytest.fixture(scope="module")
def printed(fonts: FontBook, letterhead: Letterhead) -> Printer:
    return Printer(fonts, letterhead)


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


def check_page(poppler: Tool, pdf: bytes) -> None:
    """Fail if the first page is empty or black, a glyph is missing, or a word leaves the page."""
    picture = poppler("pdftoppm", pdf, "-r", "30", "-gray", "-f", "1", "-l", "1")
    assert picture.startswith(b"P5")
    assert 0.005 < sum(value < 128 for value in picture) / len(picture) < 0.4
    streams = _page_streams(pdf)
    assert streams
    assert not any(b"<0000>" in stream for stream in streams)
    tree = ElementTree.fromstring(poppler("pdftotext", pdf, "-bbox"))
    words = [word for word in tree.iter() if word.tag.endswith("word")]
    assert len(words) > 20
    for word in words:
        assert float(word.get("xMin", "")) >= 56, word.text
        assert float(word.get("xMax", "")) <= _PAGE[0] - 56, word.text
        assert float(word.get("yMin", "")) >= 20, word.text
        assert float(word.get("yMax", "")) <= _PAGE[1] - 15, word.text


def check_text(poppler: Tool, pdf: bytes, languages: tuple[str, ...]) -> None:
    """Fail if the letterhead is missing or the review note is not where it is due."""
    text = _text(poppler, pdf)
    assert "Kreis Unna – Kommunales Integrationszentrum" in text
    assert "\ufffd" not in text
    assert not any("\ue000" <= character <= "\uf8ff" for character in text)


@pytest.mark.parametrize(
    ("document", "languages"), _spread(), ids=lambda value: "-".join([value] if isinstance(value, str) else value)
)
def test_a_document_is_whole_and_keeps_inside_the_page(
    printed: Printer, poppler: Tool, document: str, languages: tuple[str, ...]
) -> None:
    pdf = printed(document, languages)
    check_page(poppler, pdf)
    check_text(poppler, pdf, languages)


@pytest.mark.documents_long
@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("beside_german", [False, True], ids=["alone", "beside German"])
@pytest.mark.parametrize("code", HANDOUT_LANGUAGES)
def test_every_document_in_every_language_is_whole(
    fonts: FontBook, letterhead: Letterhead, poppler: Tool, code: str, beside_german: bool, large: bool
) -> None:
    languages = (code, "de") if beside_german and code != "de" else (code,)
    pdf = print_papers(list(SAMPLES.values()), languages, letterhead, TODAY, PrintOptions(fonts=fonts, large=large))
    check_page(poppler, pdf)
    check_text(poppler, pdf, languages)


@pytest.mark.parametrize("code", [code for code in HANDOUT_LANGUAGES if code != "de"])
def test_a_note_says_its_text_and_whether_its_fixed_texts_are_reviewed(
    printed: Printer, poppler: Tool, code: str
) -> None:
    text = _text(poppler, printed("note", (code,)))
    assert GREETINGS[code].split()[-1].strip(".።") in text
    state = review_state(code)
    if state.reviewed == 0 and state.translated:
        assert ("Prüf-Gruppe" if code == "de_simple" else _NOT_REVIEWED) in text


def test_a_label_stays_on_the_page_of_its_value(fonts: FontBook, letterhead: Letterhead) -> None:
    press = Press(fonts, letterhead, TODAY, title="x", language=HANDOUT_LANGUAGES["de"])
    sheet = Sheet(Page(press.ink, HANDOUT_LANGUAGES["de"], beside_german=False), SAMPLES["consent"].KIND)
    sheet.fields(Entry("Name", "Rima Haddad"), Entry("Datum", "20.11.2026"))
    (boxes,) = sheet.blocks
    assert boxes.cut(400, boxes.height_for(400) - 12) is None
    sheet.fields(Entry("Name", "\n".join(f"Zeile {number}" for number in range(40))))
    long = sheet.blocks[-1]
    parts = long.cut(400, 200)
    assert parts is not None
    assert sum(part.height_for(400) for part in parts) >= long.height_for(400)


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
    pdf = render(note, ["tr", "de"], letterhead, fonts)
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
    pdf = render(Note(text_by_language={"de": " ".join(words)}), ["de"], letterhead, fonts)
    found = re.findall(r"Wort\d+", _text(poppler, pdf))
    assert found == words


def test_pages_are_counted(printed: Printer, poppler: Tool) -> None:
    pdf = printed("note", ("de",))
    pages = len(re.findall(rb"/Type /Page\b", pdf))
    text = _text(poppler, pdf)
    assert pages > 1
    assert f"Seite {pages} von {pages}" in text
    assert "Ausgegeben am 20.11.2026" in text


def test_properties_name_office_and_language_and_no_person(
    fonts: FontBook, letterhead: Letterhead, poppler: Tool
) -> None:
    note = Note("Termin für Frau Yılmaz", {"de": "Sehr geehrte Frau Yılmaz"}, contact="Frau Schröder")
    pdf = render(note, ["de"], letterhead, fonts)
    information = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert re.search(r"Title:\s+Mitteilung\n", information)
    assert re.search(r"Author:\s+Kreis Unna – Kommunales Integrationszentrum\n", information)
    assert "Yılmaz" not in information
    assert "Schröder" not in information
    assert b"/Lang (de)" in pdf


def test_bookmarks_lead_to_the_parts_and_name_no_person(fonts: FontBook, letterhead: Letterhead) -> None:
    papers = [SAMPLES["appointment"], SAMPLES["consent"]]
    pdf = print_papers(papers, ["de"], letterhead, TODAY, PrintOptions(fonts=fonts))
    titles = re.findall(rb"/Title \((.*?)\)", pdf)
    assert b"Ihr Termin" in titles and b"Freiwillig und widerruflich" in titles
    assert not any(b"Haddad" in title for title in titles)


def test_a_code_for_the_calendar_holds_time_and_place_and_no_name() -> None:
    code = appointment_code(date(2026, 11, 30), time(9, 30), None, "Rathaus, Zimmer 3; links")
    assert code.splitlines() == [
        "BEGIN:VEVENT",
        "SUMMARY:Termin KIM",
        "DTSTART:20261130T093000",
        "DTEND:20261130T103000",
        "LOCATION:Rathaus\\, Zimmer 3\\; links",
        "END:VEVENT",
    ]


@pytest.mark.parametrize("code", HANDOUT_LANGUAGES)
def test_a_day_has_its_weekday_first_and_every_part(code: str) -> None:
    words = wording_for(HANDOUT_LANGUAGES[code])
    day = words.day(date(2026, 11, 20))
    assert re.match(r"\w", day) and "20" in day and "2026" in day
    assert day.index("20") < day.rindex("2026")


def test_an_untranslated_text_is_printed_in_german_and_marked(
    fonts: FontBook, letterhead: Letterhead, poppler: Tool
) -> None:
    lacking = replace(HANDOUT_LANGUAGES["tr"], code="tr_XX", locale="tr")
    press = Press(fonts, letterhead, TODAY, title="x", language=lacking)
    page = Page(press.ink, lacking, beside_german=True)
    sheet = Sheet(page, SAMPLES["appointment"].KIND)
    SAMPLES["appointment"].write(sheet)
    part = Part(lacking, True, sheet.blocks, lacks_translation=page.main.lacks_translation)
    text = _text(poppler, press.run([part]))
    assert "[DE] Ihr Termin" in text and "[DE] = Dieser Text ist nur auf Deutsch vorhanden." in text
    assert text.count("Eine Person, die dolmetscht, ist dabei.") == 1, "not beside an empty column"


def test_the_same_input_gives_the_same_bytes(fonts: FontBook, letterhead: Letterhead, sheet: OfferSheet) -> None:
    first, second = (render(sheet, ["ar", "de"], letterhead, fonts) for _ in range(2))
    assert first == second


def test_a_note_as_long_as_a_book_is_refused_at_once(fonts: FontBook, letterhead: Letterhead) -> None:
    book = Note(text_by_language={"de": "Kurz.", "tr": "a" * (MAXIMUM_CHARACTERS + 1)})
    with pytest.raises(NoteTooLong):
        render(book, ["de", "tr"], letterhead, fonts)


def test_an_almost_empty_sheet_and_note_print(fonts: FontBook, poppler: Tool) -> None:
    bare = Letterhead("Stadt Kamen")
    for languages in (["de"], ["fa"], ["ti", "de"]):
        pdf = render(OfferSheet({"de": "Sprachcafé"}), languages, bare, fonts)
        assert "Sprachcafé" in _text(poppler, pdf)
        assert "Stadt Kamen" in _text(poppler, render(Note(), languages, bare, fonts))


def test_a_character_without_a_font_is_refused(fonts: FontBook, letterhead: Letterhead) -> None:
    few = FontBook([Path("/usr/share/fonts/truetype/dejavu")])
    with pytest.raises(FontMissing) as caught:
        render(Note("Titel", {"de": "Zeichen \U00012000"}), ["de"], letterhead, few)
    assert "U+12000" in str(caught.value)
    assert "Noto Sans Cuneiform" in str(caught.value)


@pytest.mark.parametrize(("code", "free"), [("en", "free of charge"), ("uk", "безкоштовно"), ("tr", "ücretsiz")])
def test_free_of_charge_and_by_appointment_are_said_in_every_language(
    fonts: FontBook, letterhead: Letterhead, poppler: Tool, code: str, free: str
) -> None:
    sheet = OfferSheet(title={"de": "Beratung", code: "X"}, cost={"de": "kostenfrei"}, by_appointment=True)
    text = _text(poppler, render(sheet, [code], letterhead, fonts))
    assert free in text
    assert "kostenfrei" not in text


def test_a_private_character_is_refused_and_not_left_out(fonts: FontBook, letterhead: Letterhead) -> None:
    with pytest.raises(FontMissing, match=r"U\+E123.*Symbola"):
        render(Note("Titel", {"de": "Zeichen \ue123"}), ["de"], letterhead, fonts)


def test_a_logo_that_is_no_picture_is_refused(fonts: FontBook, letterhead: Letterhead) -> None:
    assert letterhead.logo is not None
    for logo in (b"GIF89a", b"\x89PNG\r\n\x1a\n broken", b"", letterhead.logo[:150], b"\xff\xd8\xff\xe0"):
        with pytest.raises(UnusableLogo):
            render(Note("x"), ["de"], replace(letterhead, logo=logo), fonts)


def test_unknown_language_and_document_are_said_clearly() -> None:
    for codes in (["xx"], []):
        with pytest.raises(UnknownHandoutLanguage, match="de, de_simple, en, uk, ar, fa"):
            page_languages(codes)
    with pytest.raises(UnknownDocument, match="offer-sheet, note"):
        document_kind("letter")


def test_review_states_agree_with_the_catalogues() -> None:
    for code in HANDOUT_LANGUAGES:
        path = translations_folder() / code / "LC_MESSAGES" / "handouts.po"
        if code != "de" and path.is_file():
            head = path.read_text(encoding="utf-8")
            assert ("Review status: unreviewed" in head) is not review_state(code).all_reviewed


def test_lists_of_documents_and_languages_load_no_pdf_library() -> None:
    """Program start: ReportLab comes with the first print."""
    code = (
        "import sys, kimdesk.documents.catalogue, kimdesk.documents.languages, kimdesk.documents.letterhead;"
        "print([name for name in ('reportlab', 'uharfbuzz', 'fontTools', 'segno', 'icu4py') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
