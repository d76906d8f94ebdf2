"""The coordinator's web application: an API for laptops, a dashboard for people."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.middleware.base import RequestResponseEndpoint

from kimdesk.coordinator import store
from kimdesk.coordinator.access import Access, LoginRefused, TooManyAttempts, new_form_cookie
from kimdesk.coordinator.dashboard import DashboardReader
from kimdesk.coordinator.intake import Intake
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.pages import Pages
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.tables import about
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import render_error
from kimdesk.sync.protocol import (
    ENROL_PATH,
    MAX_BUNDLE_BYTES,
    MAX_DOCUMENT_BYTES,
    BUNDLES_PATH,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    SyncError,
    TooLarge,
    UnknownSender,
)

_MAX_FORM_BYTES = 8_192
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


class FormExpired(KnownError):
    """A form came in that was not shown to its sender, or whose session has ended."""

    default_message = N_(
        "Das Formular ist nicht mehr gültig. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."
    )


def create_app(office: Office, engine: Engine, *, clock: Clock, hasher: PassphraseHasher) -> FastAPI:
    """Return the application of one office on its open database."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    secure = office.url.startswith("https://")
    _add_headers(app, secure=secure)
    _add_api(app, Intake(office, engine, clock), engine)
    access = Access(engine, office.form_secret, hasher, clock)
    _Dashboard(DashboardReader(office, engine, clock), access, engine, clock, Pages(office), secure=secure).add_to(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    return app


def _add_headers(app: FastAPI, *, secure: bool) -> None:
    async def add(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        is_file = request.url.path.startswith("/static/")
        response.headers["Cache-Control"] = "public, max-age=3600" if is_file else "no-store"
        return response

    app.middleware("http")(add)

    async def unavailable(_request: Request, _error: Exception) -> Response:
        return JSONResponse({"error": "unavailable"}, status_code=503)

    app.add_exception_handler(DBAPIError, unavailable)


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body, or raise `TooLarge` as soon as it is longer than `limit` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise TooLarge()
    return bytes(body)


def _add_api(app: FastAPI, intake: Intake, engine: Engine) -> None:
    async def enrol(request: Request) -> Response:
        try:
            enrolled = await run_in_threadpool(intake.enrol, await read_body(request, MAX_DOCUMENT_BYTES))
        except SyncError as error:
            return _refusal(error)
        return Response(enrolled.confirmation, media_type="application/json")

    async def receive(request: Request) -> Response:
        try:
            reply = await run_in_threadpool(intake.receive, await read_body(request, MAX_BUNDLE_BYTES))
        except SyncError as error:
            return _refusal(error)
        return Response(reply.answer, status_code=409 if reply.held_back else 200, media_type="application/json")

    def health() -> Response:
        with engine.connect() as connection:
            connection.execute(select(about.c.schema_version))
        return JSONResponse({"status": "ok"})

    app.post(ENROL_PATH)(enrol)
    app.post(BUNDLES_PATH)(receive)
    app.get("/health")(health)


def _refusal(error: SyncError) -> Response:
    match error:
        case TooLarge():
            status = 413
        case UnknownSender() | InvitationUnknown() | InvitationUsed() | InvitationExpired():
            status = 403
        case _:
            status = 400
    return JSONResponse({"error": error.code, "message": render_error(error)}, status_code=status)


class _Dashboard:
    """The pages and their forms."""

    def __init__(
        self,
        reader: DashboardReader,
        access: Access,
        engine: Engine,
        clock: Clock,
        pages: Pages,
        *,
        secure: bool,
    ) -> None:
        self._reader = reader
        self._access = access
        self._engine = engine
        self._clock = clock
        self._pages = pages
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self._session_cookie = prefix + "kimdesk-session"
        self._form_cookie = prefix + "kimdesk-form"

    def add_to(self, app: FastAPI) -> None:
        """Register the pages."""
        app.get("/")(self.show)
        app.get("/login")(self.show_login)
        app.post("/login")(self.login)
        app.post("/logout")(self.logout)
        app.post("/held-back/{entry}")(self.settle)

    def show(self, request: Request) -> Response:
        """The dashboard of the year in the address, or the way to the login."""
        token = request.cookies.get(self._session_cookie)
        user = self._access.user_of(token)
        if user is None or token is None:
            return RedirectResponse("/login", status_code=303)
        wanted = request.query_params.get("year", "")
        year = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else None
        board = self._reader.read(year)
        return HTMLResponse(
            self._pages.dashboard(board, user=user, form_token=self._access.form_token(token), now=self._clock.now())
        )

    def show_login(self, request: Request) -> Response:
        """The login form."""
        if self._access.user_of(request.cookies.get(self._session_cookie)) is not None:
            return RedirectResponse("/", status_code=303)
        return self._login_page(request, None, status=200)

    def _login_page(self, request: Request, error: KnownError | None, *, status: int) -> Response:
        cookie = request.cookies.get(self._form_cookie) or new_form_cookie()
        page = self._pages.login(form_token=self._access.form_token(cookie), error=error)
        response = HTMLResponse(page, status_code=status)
        self._set_cookie(response, self._form_cookie, cookie)
        return response

    async def login(self, request: Request) -> Response:
        """Take the login form."""
        form = await _read_form(request)
        if not self._access.form_is_ours(request.cookies.get(self._form_cookie), form.get("form_token")):
            return self._login_page(request, FormExpired(), status=403)
        address = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(
                self._access.login, form.get("name", ""), form.get("passphrase", ""), address
            )
        except TooManyAttempts as error:
            return self._login_page(request, error, status=429)
        except LoginRefused as error:
            return self._login_page(request, error, status=401)
        response = RedirectResponse("/", status_code=303)
        self._set_cookie(response, self._session_cookie, token)
        response.delete_cookie(self._form_cookie, secure=self._secure, httponly=True, samesite="lax")
        return response

    async def logout(self, request: Request) -> Response:
        """End the session."""
        form = await _read_form(request)
        token = request.cookies.get(self._session_cookie)
        if token is None or not self._access.form_is_ours(token, form.get("form_token")):
            return HTMLResponse(self._pages.message(FormExpired()), status_code=403)
        await run_in_threadpool(self._access.logout, token)
        response = RedirectResponse("/login", status_code=303)
        response.delete_cookie(self._session_cookie, secure=self._secure, httponly=True, samesite="lax")
        return response

    async def settle(self, request: Request, entry: int) -> Response:
        """Note that a held-back bundle was looked into."""
        form = await _read_form(request)
        token = request.cookies.get(self._session_cookie)
        user = await run_in_threadpool(self._access.user_of, token)
        if user is None or not self._access.form_is_ours(token, form.get("form_token")):
            return HTMLResponse(self._pages.message(FormExpired()), status_code=403)
        await run_in_threadpool(self._settle, entry, user)
        year = form.get("year", "")
        return RedirectResponse(f"/?year={year}" if year.isascii() and year.isdigit() else "/", status_code=303)

    def _settle(self, entry: int, user: str) -> None:
        now = self._clock.now()
        with self._engine.begin() as connection:
            if store.settle_quarantine(connection, entry, user=user, at=now):
                store.note(connection, "settled", actor=user, at=now)

    def _set_cookie(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self._secure, httponly=True, samesite="lax")


async def _read_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; an empty one if it is too long or not readable, which no token fits."""
    try:
        body = await read_body(request, _MAX_FORM_BYTES)
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except (TooLarge, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}
