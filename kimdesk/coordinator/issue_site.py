"""The pages of structural issues with their ladder, and of offer gaps."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Engine

from kimdesk.coordinator import issue_store, people
from kimdesk.coordinator.dashboard import BoardReader
from kimdesk.coordinator.database import reading
from kimdesk.coordinator.errors import PageUnknown, RequestInvalid
from kimdesk.coordinator.export import issue_rows
from kimdesk.coordinator.labels import load_district
from kimdesk.coordinator.pages import Pages
from kimdesk.coordinator.session import Posted, Sessions, Visit
from kimdesk.coordinator.site import XLSX, Entry, attachment, number_of
from kimdesk.domain.work_vocabulary import IssueKind, IssueState, Rung
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.sheets import csv_bytes, xlsx_bytes

MAX_NOTE = 2_000


class IssueSite:
    """What the system does not give: issues on the ladder, gaps by life area."""

    def __init__(
        self, sessions: Sessions, reader: BoardReader, engine: Engine, pages: Pages, clock: Clock, district: str
    ) -> None:
        self._sessions = sessions
        self._reader = reader
        self._engine = engine
        self._pages = pages
        self._clock = clock
        self._communes = load_district(district).communes

    def add_to(self, app: FastAPI) -> None:
        """Register the pages."""
        app.get("/issues", include_in_schema=False)(self.board)
        app.get("/issues/export", include_in_schema=False)(self.export)
        app.get("/issues/{entry}", include_in_schema=False)(self.one)
        app.post("/issues/{entry}", include_in_schema=False)(self.move)
        app.get("/gaps", include_in_schema=False)(self.gaps)

    def board(self, request: Request) -> Response:
        """All issues by rung."""

        def page(visit: Visit) -> Response:
            with reading(self._engine) as connection:
                issues = issue_store.list_issues(connection)
            open_ones = [issue for issue in issues if issue.state in (IssueState.OPEN, IssueState.ACCEPTED)]
            ended = [issue for issue in issues if issue not in open_ones]
            rungs = [(rung, [issue for issue in open_ones if issue.rung is rung]) for rung in Rung]
            return self._html("issues.html", visit, "issues", rungs=rungs, ended=ended, number=len(issues))

        return self._sessions.page(request, page)

    def one(self, request: Request, entry: Entry) -> Response:
        """One issue with its way."""

        def page(visit: Visit) -> Response:
            with reading(self._engine) as connection:
                issue = issue_store.find_issue(connection, entry)
                steps = issue_store.list_steps(connection, entry)
            if issue is None:
                return HTMLResponse(self._pages.message(PageUnknown()), status_code=404)
            return self._html(
                "issue.html", visit, "issues", issue=issue, steps=steps, rungs=list(Rung), issue_states=list(IssueState)
            )

        return self._sessions.page(request, page)

    async def move(self, request: Request, entry: Entry) -> Response:
        """Move an issue on the ladder, which every reader with a login may do: it is the office's daily work."""

        def work(posted: Posted) -> Response:
            note = posted.text("note").replace("\r\n", "\n")
            try:
                rung, state = Rung(posted.text("rung")), IssueState(posted.text("state"))
            except ValueError:
                raise RequestInvalid() from None
            if len(note) > MAX_NOTE:
                raise RequestInvalid()
            now = self._clock.now()
            with self._engine.begin() as connection:
                if not issue_store.move_issue(
                    connection, entry, at=now, user=posted.user.name, rung=rung, state=state, note=note
                ):
                    raise PageUnknown()
                people.note(connection, "issue moved", actor=posted.user.name, at=now, subject=str(entry))
            return RedirectResponse(f"/issues/{entry}", status_code=303)

        return await self._sessions.post(request, work)

    def export(self, request: Request, form: Annotated[str, Query(max_length=10)] = "xlsx") -> Response:
        """All issues as a file, which is noted in the log."""

        def file(visit: Visit) -> Response:
            now = self._clock.now()
            with self._engine.begin() as connection:
                issues = issue_store.list_issues(connection)
                people.note(connection, "exported", actor=visit.user.name, at=now, subject="issues")
            sheets = issue_rows(issues, self._communes)
            if form == "csv":
                return attachment(csv_bytes(sheets[0][1]), "text/csv; charset=utf-8", "kim-strukturmeldungen.csv")
            return attachment(xlsx_bytes(sheets), XLSX, "kim-strukturmeldungen.xlsx")

        return self._sessions.page(request, file)

    def gaps(
        self,
        request: Request,
        year: Annotated[str, Query(max_length=10)] = "",
        quarter: Annotated[str, Query(max_length=10)] = "",
        place: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        """Offer gaps: what the releases count by life area, and what was reported in words."""

        def page(visit: Visit) -> Response:
            chosen = number_of(year), number_of(quarter), place or None
            view = self._reader.indicator("offer_gap", *chosen)
            board = self._reader.read(*chosen) if view is None else view.board
            with reading(self._engine) as connection:
                reported = issue_store.list_issues(connection, IssueKind.OFFER_GAP)
            return self._html("gaps.html", visit, "gaps", board=board, view=view, reported=reported)

        return self._sessions.page(request, page)

    def _html(self, template: str, visit: Visit, section: str, **values: object) -> Response:
        now = self._clock.now()
        return HTMLResponse(
            self._pages.page(template, visit=visit, section=section, now=now, communes=self._communes, **values)
        )
