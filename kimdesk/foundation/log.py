"""Logging without personal data.

What is logged is the place of an event, never its values: the message of an unknown exception
can quote a row of the vault, so the formatter writes the exception's type and the lines of code
it passed, and leaves its text out.
"""

from __future__ import annotations

import logging
import logging.handlers
import traceback
from pathlib import Path
from types import TracebackType

from kimdesk.foundation.errors import KnownError

_Excinfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def describe_without_values(error: BaseException) -> str:
    """Return type and code places of `error`, without its text unless it is a `KnownError`'s source sentence."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}")
    head = type(error).__qualname__
    if isinstance(error, KnownError):
        head += f": {error.message}"
    return "\n".join([head, *lines])


class PlaceFormatter(logging.Formatter):
    """Formats records with exceptions reduced to type and place."""

    def formatException(self, ei: _Excinfo) -> str:  # noqa: N802 - logging's own name
        """Return the exception without its text."""
        return describe_without_values(ei[1]) if ei[1] is not None else ""


def set_up_logging(folder: Path | None) -> None:
    """Log to a rotating file in `folder`, or nowhere but warnings to stderr when it is None."""
    handler: logging.Handler
    if folder is None:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "kimdesk.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    handler.setFormatter(PlaceFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers[:] = [handler]
