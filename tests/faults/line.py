"""A thin line that loses a third of what it carries: 30 kbit/s, connections that break at any byte, both ways."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_PIECE = 256
_BREAKS_WITHIN = 500
_NEVER = 10**9


class Line:
    """Forwards connections to `target` at `bits_per_second`; `loss` of them break in the middle."""

    def __init__(self, target: str, dice: random.Random, *, bits_per_second: int, loss: float) -> None:
        host, _, port = target.removeprefix("http://").rpartition(":")
        self._target = (host, int(port))
        self._dice = dice
        self._bytes_per_second = bits_per_second / 8
        self._loss = loss
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.connections = 0
        self.broken = 0
        self.carried = 0
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            # A connection carries a request and its answer, 500 to 3,000 bytes: it breaks somewhere in the first part.
            limit = self._dice.randrange(_BREAKS_WITHIN) if self._dice.random() < self._loss else _NEVER
            with near, contextlib.suppress(OSError), socket.create_connection(self._target) as far:
                self._carry(near, far, limit)

    def _carry(self, near: socket.socket, far: socket.socket, limit: int) -> None:
        """Carry bytes both ways, one side after the other as a request and its answer do, until `limit` is reached."""
        carried = 0
        for side in (near, far):
            side.settimeout(0.02)
        open_sides = {near: far, far: near}
        while open_sides:
            for side, other in list(open_sides.items()):
                try:
                    piece = side.recv(_PIECE)
                except TimeoutError:
                    continue
                if not piece:
                    del open_sides[side]
                    if side is near:
                        return
                    other.shutdown(socket.SHUT_WR)
                    return
                carried += len(piece)
                self.carried += len(piece)
                time.sleep(len(piece) / self._bytes_per_second)
                if carried > limit:
                    self.broken += 1
                    other.sendall(piece[: len(piece) // 2])
                    return _reset(near)
                other.sendall(piece)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def thin_line(target: str, dice: random.Random, *, bits_per_second: int = 30_000, loss: float = 0.3) -> Iterator[Line]:
    """Run a thin line to `target` for as long as the block runs."""
    line = Line(target, dice, bits_per_second=bits_per_second, loss=loss)
    try:
        yield line
    finally:
        line.stop()
