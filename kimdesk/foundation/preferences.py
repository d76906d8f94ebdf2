"""This machine's own preferences: language and appearance. No case data, so they lie outside the vault."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kimdesk.foundation.files import write_atomically
from kimdesk.foundation.paths import settings_file

LANGUAGES = ("de", "en")
APPEARANCES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` is one of `LANGUAGES`, `appearance` one of `APPEARANCES`."""

    language: str = "de"
    appearance: str = "system"


def load_preferences(path: Path | None = None) -> Preferences:
    """Return the stored preferences; whatever is missing or unreadable falls back to the defaults."""
    try:
        stored = json.loads((path or settings_file()).read_text(encoding="utf-8"))
        language, appearance = stored.get("language"), stored.get("appearance")
    except (OSError, ValueError, AttributeError):
        return Preferences()
    return Preferences(
        language=language if language in LANGUAGES else "de",
        appearance=appearance if appearance in APPEARANCES else "system",
    )


def save_preferences(preferences: Preferences, path: Path | None = None) -> None:
    """Store the preferences. Raises `OSError`."""
    target = path or settings_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, json.dumps(asdict(preferences)).encode("utf-8"))
