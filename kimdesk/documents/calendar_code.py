"""An appointment as the text of a QR code that telephones offer to put into their calendar (RFC 5545)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

_USUAL_LENGTH = timedelta(hours=1)


def appointment_code(on: date, at: time, until: time | None, place: str, *, summary: str = "Termin KIM") -> str:
    """Return a ``VEVENT``: local times as on the paper, the place, and no name of a client."""
    start = datetime.combine(on, at)
    end = datetime.combine(on, until) if until is not None and until > at else start + _USUAL_LENGTH
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{_escaped(summary)}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"DTEND:{end:%Y%m%dT%H%M%S}",
    ]
    if place.strip():
        lines.append(f"LOCATION:{_escaped(place)}")
    return "\r\n".join([*lines, "END:VEVENT"])


def _escaped(text: str) -> str:
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
