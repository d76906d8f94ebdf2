"""The points at which tests let the program die: between two steps of which only both together are whole.

The program never sets `hook`; a test's worker process does, and ends itself in it.
"""

from __future__ import annotations

from collections.abc import Callable

POINTS = (
    "rotation.begun",
    "rotation.exported",
    "rotation.keyslots",
    "rotation.ready",
    "rotation.database",
    "rotation.header",
    "rotation.copy",
    "rotation.anchor",
    "rotation.swapped",
    "rotation.backup",
    "rotation.backups",
    "backup.copied",
    "backup.described",
    "backup.placed",
    "backup.second",
    "backup.removed",
    "restore.copied",
    "restore.opened",
    "restore.aside",
    "restore.placed",
)

hook: Callable[[str], None] | None = None


def at(point: str) -> None:
    """Pass a point."""
    if hook is not None:
        hook(point)
