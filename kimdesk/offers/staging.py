"""The words of an import in several steps, and of what offers are filtered by."""

from __future__ import annotations

from enum import StrEnum

from kimdesk.foundation.errors import N_


class Trait(StrEnum):
    """The kinds of values an offer can be filtered by besides life area and commune."""

    STATUS = "status"
    LANGUAGE = "language"
    DOMAIN = "domain"
    GENDER = "gender"
    FEATURE = "feature"


class ImportState(StrEnum):
    """How far an import got. What is still being read when the program ends is thrown away."""

    READING = "reading"
    READY = "ready"
    APPLIED = "applied"
    UNDONE = "undone"


class Verdict(StrEnum):
    """What an import would do with one record. `MISSING` is known here and no longer in the file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    EMPTY = "empty"
    REFUSED = "refused"
    NOTICE = "notice"


VERDICT_WORDS = {
    Verdict.ADDED: N_("neu"),
    Verdict.CHANGED: N_("geändert"),
    Verdict.UNCHANGED: N_("unverändert"),
    Verdict.MISSING: N_("nicht mehr enthalten"),
    Verdict.EMPTY: N_("ohne Text"),
    Verdict.REFUSED: N_("abgelehnt"),
    Verdict.NOTICE: N_("Hinweis"),
}
"""German words for the verdicts."""
