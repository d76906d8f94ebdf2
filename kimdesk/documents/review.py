"""How far the fixed texts of each language are: translated, and reviewed by a native speaker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kimdesk.documents.languages import GERMAN, HANDOUT_LANGUAGES, PLAIN_GERMAN
from kimdesk.documents.wording import PROGRAM_TEXTS, REVIEWED_MESSAGE, HandoutTexts
from kimdesk.i18n import catalogues


@dataclass(frozen=True)
class ReviewState:
    """Counts of fixed texts of one language."""

    language: str
    texts: int
    translated: int
    reviewed: int

    @property
    def complete(self) -> bool:
        """Whether every text is translated."""
        return self.translated == self.texts

    @property
    def all_reviewed(self) -> bool:
        """Whether a native speaker has reviewed every text."""
        return self.reviewed == self.texts


@cache
def message_ids() -> tuple[str, ...]:
    """Return every fixed text of the handouts in German; of a text with a number its first form.

    The catalogue of Leichte Sprache is complete in every build, so it lists them.
    """
    catalogue = catalogues.load("handouts", PLAIN_GERMAN)
    known: dict[str | tuple[str, int], str] = getattr(catalogue, "_catalog", {})
    ids = {key[0] if isinstance(key, tuple) else key for key in known}
    return tuple(sorted(text for text in ids if text and not text.endswith(REVIEWED_MESSAGE)))


def plural_of(german: str) -> str | None:
    """Return the second German form of a text with a number, None for any other."""
    known: dict[str | tuple[str, int], str] = getattr(catalogues.load("handouts", PLAIN_GERMAN), "_catalog", {})
    return known.get((german, 1))


def review_state(language: str, texts: HandoutTexts = PROGRAM_TEXTS) -> ReviewState:
    """Return the state of the language with this code, with what the office imported in `texts`."""
    ids = message_ids()
    if language == GERMAN:
        return ReviewState(language, len(ids), len(ids), len(ids))
    words = texts.wording(HANDOUT_LANGUAGES[language])
    found = [words.look_up_any(message) for message in ids]
    return ReviewState(language, len(ids), sum(text.translated for text in found), sum(text.reviewed for text in found))
