"""Who hands the paper out."""

from __future__ import annotations

from dataclasses import dataclass

from kimdesk.foundation.errors import N_, KnownError


class UnusableLogo(KnownError):
    """The logo of the letterhead is no picture that can be printed."""

    default_message = N_("Das Logo ist keine PNG- oder JPEG-Datei. Bitte wählen Sie in den Einstellungen ein anderes.")


@dataclass(frozen=True)
class Letterhead:
    """The head of every handout: the office's name, address and contact, line by line, and its logo (PNG or JPG)."""

    office: str
    address: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    logo: bytes | None = None
