"""Reviewed translations of the fixed handout texts: taken over from a .po file, kept in the vault, handed to printing.

They are kept in the vault and not beside it: there they are in every backup, travel with a restored vault, and nobody
can slip another text under a consent without the key (docs/decisions/026).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kimdesk.documents.languages import HANDOUT_LANGUAGES, handout_language
from kimdesk.documents.review import ReviewState, review_state
from kimdesk.documents.wording import HandoutTexts, ImportedTexts
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.services.changes import Written
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault

TEXTS_KEY = "handout_texts"


class ReviewerMissing(KnownError):
    """Nobody is named who reviewed the texts."""

    default_message = N_("Bitte geben Sie an, wer die Übersetzung geprüft hat (Name oder Stelle).")


@dataclass(frozen=True, slots=True)
class ImportedCatalogue:
    """What is known of the reviewed texts of one language."""

    language: str
    texts: int
    reviewed_by: str
    imported_on: date


class HandoutTextService:
    """Reads, takes over and removes reviewed translations."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def texts(self) -> HandoutTexts:
        """Return the texts of all languages as they are to be printed."""
        stored = self._stored()
        return HandoutTexts(
            {
                code: ImportedTexts({german: tuple(forms) for german, forms in entry["texts"].items()})
                for code, entry in stored.items()
                if code in HANDOUT_LANGUAGES
            }
        )

    def states(self) -> tuple[ReviewState, ...]:
        """Return how far each language is, with what was taken over."""
        texts = self.texts()
        return tuple(review_state(code, texts) for code in HANDOUT_LANGUAGES)

    def imported(self) -> tuple[ImportedCatalogue, ...]:
        """Return what was taken over, by language."""
        return tuple(
            ImportedCatalogue(code, len(entry["texts"]), entry["reviewed_by"], date.fromisoformat(entry["imported_on"]))
            for code, entry in self._stored().items()
        )

    def take_in(self, language: str, data: bytes, reviewed_by: str) -> Written[int]:
        """Keep the translations in `data` (a .po file) as reviewed; returns how many there are.

        They take the place of those taken over before. Raises a `KnownError` and changes nothing where the file, or one
        text in it, is not fit to be printed.
        """
        handout_language(language)
        if not reviewed_by.strip():
            raise ReviewerMissing
        from kimdesk.services.handout_files import read_texts  # as above: loaded with the first file

        texts = read_texts(data, language)
        stored = self._stored()
        stored[language] = {
            "texts": {german: list(forms) for german, forms in texts.items()},
            "reviewed_by": reviewed_by.strip()[:120],
            "imported_on": self._clock.today().isoformat(),
        }
        self._keep(stored, language)
        return Written(len(texts), frozenset({"settings"}))

    def remove(self, language: str) -> Written[None]:
        """Forget what was taken over for `language`; the program's own texts are printed again."""
        stored = self._stored()
        stored.pop(language, None)
        self._keep(stored, language)
        return Written(None, frozenset({"settings"}))

    def for_review(self, language: str) -> bytes:
        """Return a .po file with every text of `language` as it is printed now, for somebody to read and correct."""
        from kimdesk.services.handout_files import write_texts  # the file format is loaded when a file is wanted

        words = self.texts().wording(handout_language(language))
        return write_texts(words)

    def _stored(self) -> dict[str, dict[str, Any]]:
        return dict(self._vault.setting(TEXTS_KEY, {}))

    def _keep(self, stored: dict[str, dict[str, Any]], language: str) -> None:
        with self._vault.unit_of_work() as unit:
            unit.change_setting(TEXTS_KEY, stored)
            unit.record(AuditEntry(AuditAction.SETTINGS, "setting", TEXTS_KEY, {"language": language}))
            unit.commit()
