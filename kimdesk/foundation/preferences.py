"""This machine's own preferences: language, appearance, text size. No case data, so they lie outside the vault."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kimdesk.foundation.files import write_atomically
from kimdesk.foundation.paths import settings_file

LANGUAGES = ("de", "en")
APPEARANCES = ("system", "light", "dark")
SMALLEST_TEXT_SCALE, LARGEST_TEXT_SCALE = 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` is one of `LANGUAGES`, `appearance` one of `APPEARANCES`, `text_scale` a factor of 1.0 to 2.0."""

    language: str = "de"
    appearance: str = "system"
    text_scale: float = 1.0


def load_preferences(path: Path | None = None) -> Preferences:
    """Return the stored preferences; whatever is missing or unreadable falls back to the defaults."""
    try:
        stored = json.loads((path or settings_file()).read_text(encoding="utf-8"))
        language, appearance, text_scale = (stored.get(name) for name in ("language", "appearance", "text_scale"))
    except (OSError, ValueError, AttributeError):
        return Preferences()
    return Preferences(
        language=language if language in LANGUAGES else "de",
        appearance=appearance if appearance in APPEARANCES else "system",
        text_scale=_text_scale(text_scale),
    )


def _text_scale(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return SMALLEST_TEXT_SCALE
    return float(min(max(value, SMALLEST_TEXT_SCALE), LARGEST_TEXT_SCALE))


def save_preferences(preferences: Preferences, path: Path | None = None) -> None:
    """Store the preferences. Raises `OSError`."""
    target = path or settings_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, json.dumps(asdict(preferences)).encode("utf-8"))
