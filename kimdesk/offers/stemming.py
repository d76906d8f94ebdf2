"""Light stems: endings (and Arabic prefixes) cut off, so that the forms of a word meet. Imprecise but predictable.

A stem is compared with stems only. Every function takes and returns folded words (`kimdesk.offers.folding`).
"""

from __future__ import annotations

from functools import lru_cache

_GERMAN = ("innen", "ungen", "chen", "ern", "est", "en", "er", "es", "em", "in", "e", "n", "s")
_SHORTEST_GERMAN = 4
_UMLAUTS = {"a": "ae", "o": "oe", "u": "ue"}


def _endings(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.split(), key=len, reverse=True))


# By language: how much must be left, and the endings, folded ("й" is "и", "ї" is "і"). One is cut, the longest.
_CUT: dict[str, tuple[int, tuple[str, ...]]] = {
    "en": (3, _endings("s es ies ed ied ing ings er ers ly e y")),
    "fr": (3, _endings("s x e es ee ees er ez ent ant ants ante antes eur eurs euse euses aux elle elles el els")),
    "uk": (
        3,
        _endings(
            "а я у ю і и о е є ь іи ии еи ів ам ям ах ях ами ями ою ею єю ом ем єм ові еві ого ього ому ьому им ім ими "
            "іми их іх оі ую юю ть ти ю єш ємо єте ють уть ать ить імо ишь на ні"
        ),
    ),
    "ru": (
        3,
        _endings(
            "а я у ю ы и о е ь ои еи ии ыи ов ев ам ям ах ях ами ями ою ею ом ем ого его ому ему ым им ыми ими ых их "
            "ая яя ую юю ое ее ые ие ия ию ии ием иях иями ть ти ешь ет ем ете ут ют ит ат ят на ны"
        ),
    ),
    "fa": (3, _endings("ها هاي هايي يي ي ان م ت ش مان تان شان تر")),
}
_ARABIC_BEFORE = ("وبال", "وال", "فال", "بال", "كال", "ولل", "لل", "ال", "و", "ف", "ب", "ك", "ل", "س")
_ARABIC_AFTER = ("اتها", "ات", "ان", "ين", "ون", "ها", "هم", "كم", "نا", "ني", "تي", "يه", "ه", "ي", "ك", "ت", "ا")
_SHORTEST_TURKISH = 4


def stem(word: str) -> str:
    """Return a German `word` without an ending where enough is left of it."""
    for ending in _GERMAN:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_GERMAN:
            if ending == "s" and word[-2] not in "aeiouy":
                continue  # "Kurs" keeps its s, "Kitas" does not
            return word[: -len(ending)] + ("ung" if ending == "ungen" else "")
    return word


def with_umlaut(stem_of_word: str) -> str:
    """Return the stem with its last vowel changed, as German plurals have it ("arzt", "aerzt"), or nothing."""
    for place in range(len(stem_of_word) - 1, -1, -1):
        letter = stem_of_word[place]
        if letter in "aeiouy":
            changed = _UMLAUTS.get(letter, "")
            if letter == "u" and place and stem_of_word[place - 1] in "ae":  # "haus", "haeus"
                return stem_of_word[: place - 1] + "aeu" + stem_of_word[place + 1 :]
            return stem_of_word[:place] + changed + stem_of_word[place + 1 :] if changed else ""
    return ""


@lru_cache(maxsize=4096)
def forms(word: str, language: str) -> tuple[str, ...]:
    """Return the forms under which a word in `language` may be known, the word itself first, the shortest last."""
    found: tuple[str, ...]
    match language:
        case "de":
            found = (word, stem(word))
        case "ar":
            found = (word, *_arabic(word))
        case "tr":
            found = (word, *(word[:end] for end in range(len(word) - 1, _SHORTEST_TURKISH - 1, -1)))
        case _:
            found = (word, _cut(word, *_CUT[language])) if language in _CUT else (word,)
    return tuple(dict.fromkeys(found))


def _cut(word: str, shortest: int, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


def _arabic(word: str) -> list[str]:
    """Return the word without article, particles and endings, in every combination that leaves three letters."""
    begins = [word, *(word[len(part) :] for part in _ARABIC_BEFORE if word.startswith(part))]
    cut = [begin[: -len(part)] for begin in begins for part in _ARABIC_AFTER if begin.endswith(part)]
    return sorted({one for one in (*begins, *cut) if len(one) >= 3}, key=len, reverse=True)
