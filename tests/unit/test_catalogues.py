"""The check of the catalogues finds what a reader of another language would stumble over."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog

from tools.catalogues import DOMAINS, ROOT, Domain, as_bytes, check_catalogue, gather, labels

Text = str | tuple[str, ...]

TEXTS: list[Text] = ["Datei", "Die {thing} fehlt.", ("in {n} Tag", "in {n} Tagen")]


def template() -> Catalog:
    catalogue = Catalog(fuzzy=False)
    for text in TEXTS:
        catalogue.add(text)
    return catalogue


def english(**changed: Text | None) -> Catalog:
    catalogue = Catalog(locale="en", fuzzy=False)
    translations: dict[str, Text | None] = {
        "file": "file",
        "missing": "The {thing} is missing.",
        "days": ("in {n} day", "in {n} days"),
    }
    for text, string in zip(TEXTS, (translations | changed).values(), strict=True):
        if string is not None:
            catalogue.add(text, string)
    return catalogue


def test_a_complete_catalogue_has_no_findings() -> None:
    assert list(check_catalogue(template(), english(), complete=True)) == []


@pytest.mark.parametrize(
    ("catalogue", "finding"),
    [
        (english(file=""), "not translated: 'Datei'"),
        (english(file=None), "lacks: 'Datei'"),
        (english(days=("in {n} day", "")), "not translated: 'in {n} Tag'"),
        (english(missing="The file is missing."), "other places in braces than the German text: 'Die {thing} fehlt.'"),
        (
            english(missing="The {ting} is missing."),
            "other places in braces than the German text: 'Die {thing} fehlt.'",
        ),
        (english(missing="The {thing is missing."), "a brace without its partner: 'Die {thing} fehlt.'"),
        (english(days=("in {n} day", "in {m} days")), "other places in braces than the German text: 'in {n} Tag'"),
    ],
)
def test_a_fault_is_found(catalogue: Catalog, finding: str) -> None:
    assert list(check_catalogue(template(), catalogue, complete=True)) == [finding]


def test_a_guess_is_found() -> None:
    catalogue = english()
    catalogue.add("Datei", "file", flags=["fuzzy"])
    assert list(check_catalogue(template(), catalogue, complete=True)) == ["marked fuzzy: 'Datei'"]


def test_a_text_that_left_the_source_is_found() -> None:
    catalogue = english()
    catalogue.add("Alt", "old")
    assert list(check_catalogue(template(), catalogue, complete=False)) == ["no longer in the source: 'Alt'"]


def test_a_language_that_need_not_be_complete_may_have_gaps_but_no_faults() -> None:
    assert list(check_catalogue(template(), english(file=""), complete=False)) == []
    assert list(check_catalogue(template(), english(missing="{other}"), complete=False)) != []


def test_the_texts_of_the_program_are_found_and_name_no_line() -> None:
    text = as_bytes(gather(DOMAINS[0])).decode("utf-8")
    assert 'msgid "heute"' in text and 'msgid_plural "in {n} Tagen"' in text
    assert "#: kimdesk/i18n/formats.py\n" in text
    assert "formats.py:" not in text and "Generated-By" not in text and "Creation-Date" not in text


def test_labels_are_found_at_every_depth_and_nothing_else_is() -> None:
    document = {
        "name": "Kreis",
        "rows": [{"row": "cases", "label": "Anzahl Fälle"}, {"parts": ["Teil"], "more": {"label": "Tief", "value": 3}}],
        "label": ["kein Text"],
    }
    assert list(labels(document)) == ["Anzahl Fälle", "Tief"]


def test_the_labels_in_the_data_are_to_be_translated_too() -> None:
    catalogue = gather(DOMAINS[0])
    message = catalogue.get("Laufende KIM-Fälle")
    assert message is not None
    assert [place for place, _line in message.locations] == ["resources/indicators/unna-35-02-01.toml"]
    assert catalogue.get("Stand der Fälle") is not None


def marked_texts(domain: Domain) -> Iterator[tuple[str, str]]:
    """Every text given to one of the marking functions as the parser sees it, with its place."""
    for path in sorted((ROOT / domain.source).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in domain.keywords:
                for argument in node.args[: len(domain.keywords[node.func.id] or (1,))]:
                    if isinstance(argument, ast.Constant) and argument.value:
                        yield str(argument.value), f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_no_marked_text_escapes_the_extraction(domain: Domain) -> None:
    """Texts marked inside an f-string are found or not depending on the version of Python; mark them before it."""
    found = {
        text for message in gather(domain) for text in ([message.id] if isinstance(message.id, str) else message.id)
    }
    texts = list(marked_texts(domain))
    assert texts
    assert [f"{place} {text}" for text, place in texts if text not in found] == []
