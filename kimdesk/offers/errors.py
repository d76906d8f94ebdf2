"""What can be wrong with a file of offers."""

from __future__ import annotations

from kimdesk.foundation.errors import N_, KnownError


class OfferFileError(KnownError):
    """The file as a whole cannot be imported; nothing was changed."""

    default_message = N_("Diese Datei lässt sich nicht importieren. Bitte prüfen Sie Datei und Format.")


class OfferQueryError(KnownError):
    """A filter or format name that does not exist."""

    default_message = N_("Diese Einstellung gibt es nicht. Bitte prüfen Sie Ihre Eingabe.")


class RecordError(Exception):
    """One record cannot be used; the reader turns it into a `Refusal` and goes on."""

    def __init__(self, reason: str, **parameters: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.parameters = tuple(parameters.items())
