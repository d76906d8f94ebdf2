"""Runs the coordinator's application on a socket."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path
from types import TracebackType

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.errors import BadCertificate, PortTaken
from kimdesk.coordinator.limits import Rates
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.web import create_app
from kimdesk.foundation.clock import Clock, SystemClock

_BACKLOG = 128
_MOST_CONNECTIONS = 200
_SHUTDOWN_SECONDS = 5


class Server:
    """One coordinator on one listening socket, at `url`. Connections made before it runs wait until it does.

    Raises `NotACoordinator`, `DatabaseUnusable`, `PortTaken` or `BadCertificate` when it is made.
    """

    def __init__(
        self,
        folder: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        certificate: Path | None = None,
        certificate_key: Path | None = None,
        clock: Clock | None = None,
        hasher: PassphraseHasher | None = None,
        rates: Rates | None = None,
    ) -> None:
        office = open_office(folder)
        if certificate is not None:
            _check_certificate(certificate, certificate_key)
        self._engine: Engine = open_database(office.database_url)
        try:
            self._socket = _listen(host, port)
        except BaseException:
            self._engine.dispose()
            raise
        bound_host, bound_port = self._socket.getsockname()[:2]
        scheme = "http" if certificate is None else "https"
        self.port: int = bound_port
        # The address it really listens on.
        self.url = f"{scheme}://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}"
        self.app: FastAPI = create_app(
            office, self._engine, clock=clock or SystemClock(), hasher=hasher or PassphraseHasher(), rates=rates
        )
        self._server = uvicorn.Server(
            uvicorn.Config(
                self.app,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
                ssl_certfile=None if certificate is None else str(certificate),
                ssl_keyfile=None if certificate_key is None else str(certificate_key),
            )
        )
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serve until interrupted (Ctrl+C) or `stop` is called from another thread."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._close()

    def start(self) -> Server:
        """Serve in a thread of its own and return at once."""
        self._thread = threading.Thread(target=self.run, name="coordinator", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and wait until everything is closed."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        else:
            self._close()

    def _close(self) -> None:
        self._socket.close()
        self._engine.dispose()

    def __enter__(self) -> Server:
        return self if self._thread is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: nobody else may bind the same port
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except BaseException:
            listening.close()
            raise
    except (OSError, OverflowError):
        raise PortTaken(host=host, port=port) from None
    return listening


def _check_certificate(certificate: Path, key: Path | None) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ValueError):
        raise BadCertificate() from None
