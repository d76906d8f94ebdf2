"""Who is asking: the session behind a page's cookie, the token in its forms, the role a route needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from kimdesk.coordinator.access import Access, LoginRefused, TooManyAttempts, new_form_cookie
from kimdesk.coordinator.bodies import read_form
from kimdesk.coordinator.errors import NotAllowed
from kimdesk.coordinator.pages import Pages
from kimdesk.coordinator.people import User
from kimdesk.foundation.errors import N_, KnownError


class FormExpired(KnownError):
    """A form came in that was not shown to its sender, or whose session has ended."""

    default_message = N_(
        "Das Formular ist nicht mehr gültig. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."
    )


@dataclass(frozen=True)
class Visit:
    """A page's reader, and the token that stands in the page's forms."""

    user: User
    form_token: str = field(repr=False)


@dataclass(frozen=True)
class Posted(Visit):
    """A form that was shown to its sender."""

    fields: dict[str, str]

    def text(self, name: str) -> str:
        """Return a field without blanks around it, empty where it is missing."""
        return self.fields.get(name, "").strip()


class Sessions:
    """Reads cookies and forms, and shows the way to the login."""

    def __init__(self, access: Access, pages: Pages, *, secure: bool) -> None:
        self._access = access
        self._pages = pages
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self._session_cookie = prefix + "kimdesk-session"
        self._form_cookie = prefix + "kimdesk-form"

    def page(self, request: Request, show: Callable[[Visit], Response], *, admin: bool = False) -> Response:
        """Return the page for a reader who may see it, else the way to the login or a refusal."""
        visit = self._visit(request)
        if visit is None:
            return RedirectResponse("/login", status_code=303)
        if admin and not visit.user.is_admin:
            return HTMLResponse(self._pages.message(NotAllowed()), status_code=403)
        return show(visit)

    async def post(self, request: Request, work: Callable[[Posted], Response], *, admin: bool = False) -> Response:
        """Do what a form asks for, in a thread; a form that was not shown to its sender is refused.

        A `KnownError` becomes a page that says what is wrong.
        """
        fields = await read_form(request)
        token = request.cookies.get(self._session_cookie)
        visit = await run_in_threadpool(self._visit, request)
        if visit is None or not self._access.form_is_ours(token, fields.get("form_token")):
            return HTMLResponse(self._pages.message(FormExpired()), status_code=403)
        if admin and not visit.user.is_admin:
            return HTMLResponse(self._pages.message(NotAllowed()), status_code=403)
        try:
            return await run_in_threadpool(work, Posted(visit.user, visit.form_token, fields))
        except KnownError as error:
            return HTMLResponse(self._pages.message(error), status_code=400)

    def _visit(self, request: Request) -> Visit | None:
        token = request.cookies.get(self._session_cookie)
        user = self._access.user_of(token)
        return None if user is None or token is None else Visit(user, self._access.form_token(token))

    def login_page(self, request: Request, error: KnownError | None = None, *, status: int = 200) -> Response:
        """Return the login form, with what went wrong before."""
        if error is None and self._visit(request) is not None:
            return RedirectResponse("/", status_code=303)
        cookie = request.cookies.get(self._form_cookie) or new_form_cookie()
        page = self._pages.login(form_token=self._access.form_token(cookie), error=error)
        response = HTMLResponse(page, status_code=status)
        self._set_cookie(response, self._form_cookie, cookie)
        return response

    async def login(self, request: Request) -> Response:
        """Take the login form."""
        form = await read_form(request)
        if not self._access.form_is_ours(request.cookies.get(self._form_cookie), form.get("form_token")):
            return self.login_page(request, FormExpired(), status=403)
        address = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(
                self._access.login, form.get("name", ""), form.get("passphrase", ""), address
            )
        except TooManyAttempts as error:
            return self.login_page(request, error, status=429)
        except LoginRefused as error:
            return self.login_page(request, error, status=401)
        response = RedirectResponse("/", status_code=303)
        self._set_cookie(response, self._session_cookie, token)
        response.delete_cookie(self._form_cookie, secure=self._secure, httponly=True, samesite="lax")
        return response

    async def logout(self, request: Request) -> Response:
        """End the session."""
        form = await read_form(request)
        token = request.cookies.get(self._session_cookie)
        if token is None or not self._access.form_is_ours(token, form.get("form_token")):
            return HTMLResponse(self._pages.message(FormExpired()), status_code=403)
        await run_in_threadpool(self._access.logout, token)
        response = RedirectResponse("/login", status_code=303)
        response.delete_cookie(self._session_cookie, secure=self._secure, httponly=True, samesite="lax")
        return response

    def _set_cookie(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self._secure, httponly=True, samesite="lax")
