"""The process is replaced: same place, nothing of its memory, nothing of its locks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_FIRST = """
import os, sys
from pathlib import Path
from kimdesk.foundation.process import replace_process
from kimdesk.storage.vault.lock_file import VaultLock

lock = VaultLock(Path(sys.argv[1]))
print(os.getpid())
replace_process([sys.executable, "-c", sys.argv[2], sys.argv[1]])
print("never")
"""

_SECOND = """
import os, sys
from pathlib import Path
from kimdesk.storage.vault.lock_file import VaultLock

lock = VaultLock(Path(sys.argv[1]))
print(os.getpid())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot replace a process; there a new one is started")
def test_the_new_process_takes_the_old_ones_place_and_gets_the_lock(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FIRST, str(tmp_path), _SECOND], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, second = done.stdout.split()
    assert first == second
