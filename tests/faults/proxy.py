"""A network that cannot be relied on: it stands between laptop and office and loses, delays, cuts and repeats."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

_SERVER_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops"
_NO_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Bad Gateway</h1>"

WEIGHTS = {
    "connection refused": 10,
    "lost before the office had it": 10,
    "lost after the office had it": 10,
    "reset in the request": 8,
    "reset in the answer": 8,
    "status 500": 7,
    "status 502 of a gateway": 5,
    "delivered twice": 10,
    "delayed": 2,
    "passed": 30,
}
"""30 of 100 connections are lost in one of three ways; 30 pass as they should."""


class Proxy:
    """Forwards one exchange per connection to `target`, or does to it what the dice say."""

    def __init__(self, target: str, dice: random.Random, delay_seconds: float) -> None:
        host, _, port = target.removeprefix("http://").rpartition(":")
        self._target = (host, int(port))
        self._dice = dice
        self._delay_seconds = delay_seconds
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._never = threading.Event()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.happened: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self._exchange(connection)

    def _exchange(self, laptop: socket.socket) -> None:
        fate = self._dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        self.happened[fate] += 1
        if fate == "connection refused":
            return _reset(laptop)
        if fate == "reset in the request":
            laptop.recv(100)
            return _reset(laptop)
        request = _whole_message(laptop)
        match fate:
            case "lost before the office had it":
                return None
            case "status 500":
                return laptop.sendall(_SERVER_ERROR)
            case "status 502 of a gateway":
                return laptop.sendall(_NO_GATEWAY)
            case "delayed":
                self._never.wait(self._delay_seconds)
            case "delivered twice":
                self._forward(request)
        answer = self._forward(request)
        match fate:
            case "lost after the office had it":
                return None
            case "reset in the answer":
                laptop.sendall(answer[: self._dice.randrange(1, len(answer))])
                return _reset(laptop)
        return laptop.sendall(answer)

    def _forward(self, request: bytes) -> bytes:
        with socket.create_connection(self._target) as office:
            office.sendall(request)
            return _whole_message(office)


@contextmanager
def unreliable_network(target: str, dice: random.Random, *, delay_seconds: float) -> Iterator[Proxy]:
    """Run a proxy to `target` for as long as the block runs."""
    proxy = Proxy(target, dice, delay_seconds)
    try:
        yield proxy
    finally:
        proxy.stop()


def _reset(connection: socket.socket) -> None:
    """Close with RST instead of FIN: the other side sees "connection reset by peer"."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _whole_message(connection: socket.socket) -> bytes:
    """Return a request or answer whose head names its length."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        piece = connection.recv(65_536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
