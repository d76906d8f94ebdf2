"""The coordinator's web application: an API for laptops, a dashboard for people."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kimdesk import __version__
from kimdesk.coordinator.access import Access
from kimdesk.coordinator.admin_site import AdminSite
from kimdesk.coordinator.api import add_api
from kimdesk.coordinator.dashboard import BoardReader
from kimdesk.coordinator.desk import OfficeDesk
from kimdesk.coordinator.errors import PageUnknown, RequestInvalid
from kimdesk.coordinator.intake import Intake
from kimdesk.coordinator.issue_site import IssueSite
from kimdesk.coordinator.limits import RateLimits, Rates
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.pages import Pages
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.session import Sessions
from kimdesk.coordinator.site import Site
from kimdesk.coordinator.uploads import UploadDesk
from kimdesk.foundation.clock import Clock
from kimdesk.i18n import render_error
from kimdesk.sync.protocol import CoordinatorBusy

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(
    office: Office, engine: Engine, *, clock: Clock, hasher: PassphraseHasher, rates: Rates | None = None
) -> FastAPI:
    """Return the application of one office on its open database."""
    app = FastAPI(
        title="KIM Desk – Koordinierende Stelle",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    secure = office.url.startswith("https://")
    app.add_middleware(Guard, limits=RateLimits(rates), secure=secure)
    pages = Pages(office)
    _add_errors(app, pages)
    intake = Intake(office, engine, clock)
    add_api(app, intake, UploadDesk(engine, intake, clock), engine, pages)
    access = Access(engine, office.form_secret, hasher, clock)
    sessions = Sessions(access, pages, secure=secure)
    desk = OfficeDesk(office, engine, hasher, clock)
    reader = BoardReader(office, engine, clock)
    Site(sessions, reader, engine, pages, clock).add_to(app)
    IssueSite(sessions, reader, engine, pages, clock, office.district).add_to(app)
    AdminSite(sessions, desk, engine, pages, clock, office).add_to(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    return app


class Guard:
    """Puts the security headers on every answer and lets an address wait that asks too much."""

    def __init__(self, app: ASGIApp, limits: RateLimits, *, secure: bool) -> None:
        self._app = app
        self._limits = limits
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if self._secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                is_file = path.startswith("/static/")
                headers["Cache-Control"] = "public, max-age=3600" if is_file else "no-store"
            await send(message)

        client = scope.get("client")
        if self._limits.take(scope["method"], path, client[0] if client else ""):
            await self._app(scope, receive, send_with_headers)
        else:
            await _busy()(scope, receive, send_with_headers)


def _busy() -> Response:
    body = {"error": CoordinatorBusy.code, "message": render_error(CoordinatorBusy())}
    return JSONResponse(body, status_code=429, headers={"Retry-After": "60"})


def _add_errors(app: FastAPI, pages: Pages) -> None:
    """Answer what goes wrong outside a route: a machine gets JSON, a person a page."""

    def answer(request: Request, status: int) -> Response:
        if request.url.path.startswith("/api/"):
            error = "unknown" if status in (404, 405) else "invalid"
            return JSONResponse({"error": error}, status_code=status)
        problem = PageUnknown() if status in (404, 405) else RequestInvalid()
        return HTMLResponse(pages.message(problem), status_code=status)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = answer(request, error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def invalid(request: Request, _error: Exception) -> Response:
        return answer(request, 422)

    async def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=400)  # nobody is there to read it

    async def unavailable(_request: Request, _error: Exception) -> Response:
        return JSONResponse({"error": "unavailable"}, status_code=503)

    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(DBAPIError, unavailable)
