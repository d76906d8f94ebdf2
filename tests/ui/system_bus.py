"""A real, private D-Bus daemon with the tests' logind on it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent.parent
DAEMON = shutil.which("dbus-daemon")


@dataclass
class SystemBus:
    """`said` are the lines of the logind, in order."""

    address: str
    logind: subprocess.Popen[str]
    said: Queue[str]

    def tell(self, word: str) -> None:
        """Let the logind send a signal."""
        assert self.logind.stdin is not None
        self.logind.stdin.write(word + "\n")
        self.logind.stdin.flush()


@contextmanager
def system_bus(folder: Path) -> Iterator[SystemBus]:
    """Give a bus of one's own; needs Debian's package dbus-daemon."""
    assert DAEMON is not None
    address = f"unix:path={folder / 'bus'}"
    configuration = folder / "bus.conf"
    configuration.write_text(
        '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"'
        ' "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><type>session</type>'
        f"<listen>{address}</listen><policy context='default'><allow send_destination='*' eavesdrop='true'/>"
        "<allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
        encoding="utf-8",
    )
    daemon = subprocess.Popen(
        [DAEMON, f"--config-file={configuration}", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    daemon.stdout.readline()  # it listens
    logind = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.fake_logind", address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    said: Queue[str] = Queue()
    output = logind.stdout
    assert output is not None

    def listen() -> None:
        for line in output:
            said.put(line.strip())

    reader = threading.Thread(target=listen, daemon=True)
    reader.start()
    try:
        assert said.get(timeout=20) == "ready"
        yield SystemBus(address, logind, said)
    finally:
        for process in (logind, daemon):
            process.kill()
            process.wait()
        reader.join()
        output.close()
        daemon.stdout.close()
        if logind.stdin is not None:
            logind.stdin.close()
