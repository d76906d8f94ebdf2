"""The pages that show: sums, one indicator, laptops, exports. Every reader with a login may see them."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Engine

from kimdesk.coordinator import people, store
from kimdesk.coordinator.dashboard import Board, BoardReader
from kimdesk.coordinator.errors import PageUnknown
from kimdesk.coordinator.export import figure_rows
from kimdesk.coordinator.pages import Pages
from kimdesk.coordinator.session import Posted, Sessions, Visit
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.sheets import csv_bytes, xlsx_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAPTOPS_PER_PAGE = 100
_Number = Annotated[str, Query(max_length=10)]
_Text = Annotated[str, Query(max_length=100)]
Entry = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Site:
    """The pages of sums."""

    def __init__(self, sessions: Sessions, reader: BoardReader, engine: Engine, pages: Pages, clock: Clock) -> None:
        self._sessions = sessions
        self._reader = reader
        self._engine = engine
        self._pages = pages
        self._clock = clock

    def add_to(self, app: FastAPI) -> None:
        """Register the pages."""
        app.get("/", include_in_schema=False)(self.show)
        app.get("/indicators/{name}", include_in_schema=False)(self.indicator)
        app.get("/laptops", include_in_schema=False)(self.laptops)
        app.get("/export", include_in_schema=False)(self.export)
        app.get("/login", include_in_schema=False)(self.show_login)
        app.post("/login", include_in_schema=False)(self.login)
        app.post("/logout", include_in_schema=False)(self.logout)
        app.post("/held-back/{entry}", include_in_schema=False)(self.settle)

    def show(self, request: Request, year: _Number = "", quarter: _Number = "", place: _Text = "") -> Response:
        """The sums of a year to date."""

        def page(visit: Visit) -> Response:
            board = self._reader.read(number_of(year), number_of(quarter), place or None)
            return self._html("overview.html", visit, "overview", board=board)

        return self._sessions.page(request, page)

    def indicator(
        self,
        request: Request,
        name: Annotated[str, Path(max_length=60)],
        year: _Number = "",
        quarter: _Number = "",
        place: _Text = "",
    ) -> Response:
        """One table by subregion and over the quarters."""

        def page(visit: Visit) -> Response:
            view = self._reader.indicator(name, number_of(year), number_of(quarter), place or None)
            if view is None:
                return HTMLResponse(self._pages.message(PageUnknown()), status_code=404)
            return self._html("indicator.html", visit, "overview", board=view.board, view=view)

        return self._sessions.page(request, page)

    def laptops(
        self,
        request: Request,
        year: _Number = "",
        quarter: _Number = "",
        place: _Text = "",
        state: _Text = "",
        start: _Number = "",
    ) -> Response:
        """Who has sent, who is late or missing, who is invited."""

        def page(visit: Visit) -> Response:
            board = self._reader.read(number_of(year), number_of(quarter), place or None)
            lines = [line for line in board.laptops if state in ("", line.state.value)]
            first = min(number_of(start) or 0, max(0, len(lines) - 1)) // LAPTOPS_PER_PAGE * LAPTOPS_PER_PAGE
            return self._html(
                "laptops.html",
                visit,
                "laptops",
                board=board,
                lines=lines[first : first + LAPTOPS_PER_PAGE],
                first=first,
                number=len(lines),
                state=state,
                per_page=LAPTOPS_PER_PAGE,
            )

        return self._sessions.page(request, page)

    def export(
        self, request: Request, form: _Text = "xlsx", year: _Number = "", quarter: _Number = "", place: _Text = ""
    ) -> Response:
        """The sums as a file, which is noted in the log."""

        def file(visit: Visit) -> Response:
            board = self._reader.read(number_of(year), number_of(quarter), place or None)
            now = self._clock.now()
            with self._engine.begin() as connection:
                people.note(connection, "exported", actor=visit.user.name, at=now, subject=str(board.year))
            sheets = figure_rows(board, now)
            if form == "csv":
                return attachment(csv_bytes(sheets[0][1]), "text/csv; charset=utf-8", _file_name(board, "csv"))
            return attachment(xlsx_bytes(sheets), XLSX, _file_name(board, "xlsx"))

        return self._sessions.page(request, file)

    def show_login(self, request: Request) -> Response:
        """The login form."""
        return self._sessions.login_page(request)

    async def login(self, request: Request) -> Response:
        """Take the login form."""
        return await self._sessions.login(request)

    async def logout(self, request: Request) -> Response:
        """End the session."""
        return await self._sessions.logout(request)

    async def settle(self, request: Request, entry: Entry) -> Response:
        """Note that a held-back bundle was looked into."""

        def work(posted: Posted) -> Response:
            now = self._clock.now()
            with self._engine.begin() as connection:
                if store.settle_quarantine(connection, entry, user=posted.user.name, at=now):
                    people.note(connection, "settled", actor=posted.user.name, at=now)
            return RedirectResponse("/", status_code=303)

        return await self._sessions.post(request, work, admin=True)

    def _html(self, template: str, visit: Visit, section: str, **values: object) -> Response:
        return HTMLResponse(self._pages.page(template, visit=visit, section=section, now=self._clock.now(), **values))


def number_of(text: str) -> int | None:
    """Return a small number in a query, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """Return a file to be saved; `name` is plain ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def _file_name(board: Board, ending: str) -> str:
    return f"kim-kennzahlen-{board.year}-q{board.expected_quarter}.{ending}"
