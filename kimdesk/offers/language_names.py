"""The codes of languages people name in German or in the language itself."""

from __future__ import annotations

from functools import cache

from kimdesk.offers.folding import fold

_OWN = {
    "leichte sprache": "de_simple", "dari": "fa_AF", "farsi": "fa", "persisch": "fa", "kurmanci": "ku",
    "kurmandschi": "ku", "kurmanji": "ku", "kurdisch": "ku", "sorani": "ckb", "paschtu": "ps", "pashto": "ps",
    "romanes": "rom", "romani": "rom", "tigrinya": "ti", "tigrigna": "ti", "gebaerdensprache": "gsg", "dgs": "gsg",
    "serbokroatisch": "sh", "mazedonisch": "mk", "chinesisch": "zh",
}  # fmt: skip


@cache
def _known() -> dict[str, str]:
    from babel import Locale  # only here: its data are loaded when a table names languages

    german, english = Locale("de").languages, Locale("en").languages
    found = {fold(name): code for names in (english, german) for code, name in names.items() if "_" not in code}
    return {**found, **_OWN}


def language_code_of(word: str) -> str:
    """Return the code of the language called `word` in German or English; a code or an unknown word as it is."""
    plain = fold(word).strip()
    if len(plain) in (2, 3) and plain.isascii() and plain not in _OWN:
        return plain
    return _known().get(plain, word)
