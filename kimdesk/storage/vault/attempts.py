"""unlock.json: the times of failed unlocks, and nothing else. It carries the growing delay.

It stops the curious colleague at the unlock window, not a thief with a copy of the folder: against
that one stands the key derivation. So a missing or damaged file counts as empty.
"""

from __future__ import annotations

import contextlib
import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.files import write_atomically

FILE_NAME = "unlock.json"
DELAYS_SECONDS = (0, 0, 0, 2, 4, 8, 16, 32, 60)
"""Waiting time after so many failures in a row; the last one for all further."""

_KEPT = 200
_MAXIMUM_BYTES = 64 * 1024


def failed_unlocks(folder: Path) -> tuple[datetime, ...]:
    """Return the moments (UTC) of failed unlocks since the last successful one, oldest first."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            texts = json.loads(file.read(_MAXIMUM_BYTES).decode("utf-8"))["failed"]
        return tuple(datetime.fromisoformat(text).astimezone(UTC) for text in texts)[-_KEPT:]
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return ()


def record_failure(folder: Path, moment: datetime) -> None:
    """Add a failure. Where the file cannot be written there is nothing to do about it: the unlock failed anyway."""
    moments = (*failed_unlocks(folder), moment)[-_KEPT:]
    with contextlib.suppress(OSError):
        write_atomically(folder / FILE_NAME, canonical_bytes({"failed": [each.isoformat() for each in moments]}))


def forget_failures(folder: Path) -> None:
    """Empty the count, after it has been taken over into the log."""
    with contextlib.suppress(OSError):
        (folder / FILE_NAME).unlink()


def seconds_to_wait(failed: tuple[datetime, ...], now: datetime) -> int:
    """Return the whole seconds before the next try is allowed, 0 for none.

    A clock that was put back must not lock anyone out: a failure further in the future than its own delay is none.
    """
    if not failed:
        return 0
    delay = timedelta(seconds=DELAYS_SECONDS[min(len(failed), len(DELAYS_SECONDS) - 1)])
    rest = failed[-1] + delay - now
    if rest <= timedelta(0) or rest > delay * 2:
        return 0
    return math.ceil(min(rest, delay).total_seconds())
