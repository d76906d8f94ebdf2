"""How many cases a structural issue rests on, in bands [own].

One or two cases could be recognised by whoever knows the town, so a number never leaves the laptop.
"""

from __future__ import annotations

from enum import StrEnum

from kimdesk.foundation.errors import N_


class CaseBand(StrEnum):
    """How many cases an issue rests on, never exactly."""

    NOT_STATED = "not_stated"
    UNDER_THREE = "under_3"
    THREE_TO_NINE = "3_to_9"
    TEN_OR_MORE = "10_or_more"


_LABELS = {
    CaseBand.NOT_STATED: N_("ohne Angabe"),
    CaseBand.UNDER_THREE: N_("unter 3 Fälle"),
    CaseBand.THREE_TO_NINE: N_("3 bis 9 Fälle"),
    CaseBand.TEN_OR_MORE: N_("10 Fälle oder mehr"),
}


def band_label(band: CaseBand) -> str:
    """Return the German source text of a band, to be translated where it is shown."""
    return _LABELS[band]


def band_of(cases: int) -> CaseBand:
    """Return the band a number of linked cases is told in."""
    if cases <= 0:
        return CaseBand.NOT_STATED
    if cases < 3:
        return CaseBand.UNDER_THREE
    return CaseBand.THREE_TO_NINE if cases < 10 else CaseBand.TEN_OR_MORE
