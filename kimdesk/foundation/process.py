"""Ends this process by replacing it with a fresh one, so that nothing of the old one's memory is left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn


def replace_process(argv: Sequence[str]) -> NoReturn:
    """Start `argv` (the program first, as a full path) in place of this process; never returns.

    Files opened by Python are not inherited, so the vault's lock is free for the new process. Close the vault and
    leave the event loop before: no destructor and no exit handler runs any more. On Windows, which cannot replace a
    process, a new one is started on its own and this one ends at once; not yet tried on Windows.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a windowed program on Windows has none
            stream.flush()
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        subprocess.Popen(list(argv), creationflags=flags, close_fds=True)
        os._exit(0)
    os.execv(argv[0], list(argv))
