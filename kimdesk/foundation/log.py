"""Logging without personal data.

What is logged is the place of an event, never its values: the message of an unknown exception
can quote a row of the vault, so the formatter writes the exception's type and the lines of code
it passed, and leaves its text out. Of other libraries' records only the place is kept: nobody here
has read what they put into their messages.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from kimdesk.foundation.errors import KnownError

_OWN = "kimdesk"
_log = logging.getLogger(__name__)
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
    """Formats records with exceptions reduced to type and place, and foreign records to their place."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without anything it quotes."""
        if record.name.partition(".")[0] == _OWN:
            return super().format(record)
        place = f"{record.filename}:{record.lineno}"
        return super().format(
            logging.LogRecord(record.name, record.levelno, record.pathname, record.lineno, place, None, record.exc_info)
        )

    def formatException(self, ei: _Excinfo) -> str:  # noqa: N802 - logging's own name
        """Return the exception without its text."""
        return describe_without_values(ei[1]) if ei[1] is not None else ""


def set_up_logging(folder: Path | None) -> None:
    """Log to a rotating file in `folder`, or nowhere but warnings to stderr when it is None or cannot be written."""
    handler = _file_handler(folder) if folder is not None else None
    if handler is None:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)
    handler.setFormatter(PlaceFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    logging.getLogger(_OWN).setLevel(logging.INFO)
    root.handlers[:] = [handler]


def log_what_python_would_print() -> None:
    """Log what Python itself prints with the text of the error: errors of threads, of destructors, of logging."""
    threading.excepthook = _report_thread
    sys.unraisablehook = _report_unraisable
    logging.raiseExceptions = False


def _file_handler(folder: Path) -> logging.Handler | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return logging.handlers.RotatingFileHandler(
            folder / "kimdesk.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        return None  # no reason to keep anybody from their case files


def _report_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_type is not SystemExit:
        _log.error("an error nothing has caught in a thread", exc_info=failed.exc_value)


def _report_unraisable(failed: sys.UnraisableHookArgs) -> None:
    _log.error("an error that could not be raised", exc_info=failed.exc_value)
