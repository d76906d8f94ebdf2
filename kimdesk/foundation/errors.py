"""The two families of errors: known ones, which the user can do something about, and bugs.

A known error is the environment's or the input's fault (a full disk, a wrong file, a wrong
passphrase). It carries a message id, which is the German sentence itself, and parameters;
`kimdesk.i18n` turns both into a sentence at the edge. Everything that is not a `KnownError`
is a bug.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools know
    """Mark a message for translation without translating it; returns it unchanged."""
    return message


class KnownError(Exception):
    """An error the user is told about in one sentence that says what to do.

    `message` is the German source sentence with ``{name}`` places, `parameters` fill them.
    Neither may hold personal data: the text of an exception can end up in a log.
    """

    default_message: ClassVar[str] = N_("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.")

    def __init__(self, message: str | None = None, **parameters: Any) -> None:
        self.message = self.default_message if message is None else message
        self.parameters: dict[str, Any] = parameters
        super().__init__(fill(self.message, parameters))


def fill(message: str, parameters: Mapping[str, Any]) -> str:
    """Return `message` with its ``{name}`` places filled; a place without parameter stays as it stands."""
    return message.format_map(_Lenient(parameters))


class _Lenient(dict[str, Any]):
    """Leaves a place it does not know as it stands, so that an error never fails itself."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
