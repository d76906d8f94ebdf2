"""Which way a language runs, and isolates for foreign text inside it."""

from __future__ import annotations

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "fa_AF", "ckb", "ps", "ur", "he"})
_FIRST_STRONG_ISOLATE = "\u2068"
_LEFT_TO_RIGHT_ISOLATE = "\u2066"
_POP = "\u2069"


def is_right_to_left(language: str) -> bool:
    """Return whether text of `language` (code as in ``translations/``) runs from right to left."""
    return language in _RIGHT_TO_LEFT


def isolate(text: str, *, left_to_right: bool = False) -> str:
    """Return `text` in a bidi isolate (FSI…PDI, or LRI…PDI for numbers), so that the text around it stays in order."""
    start = _LEFT_TO_RIGHT_ISOLATE if left_to_right else _FIRST_STRONG_ISOLATE
    return f"{start}{text}{_POP}"
