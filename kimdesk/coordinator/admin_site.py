"""The pages of administration: invitations, revoking, users, what is published, the log. For administrators only."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Engine

from kimdesk.coordinator import laptops, people, store
from kimdesk.coordinator.database import reading
from kimdesk.coordinator.desk import OfficeDesk, Place
from kimdesk.coordinator.errors import BadPlace, NoSuchLaptop, RequestInvalid
from kimdesk.coordinator.labels import load_district
from kimdesk.coordinator.office import Office
from kimdesk.coordinator.pages import Pages
from kimdesk.coordinator.people import Role
from kimdesk.coordinator.session import Posted, Sessions, Visit
from kimdesk.coordinator.sheet import InvitationSheet
from kimdesk.coordinator.site import attachment, number_of
from kimdesk.foundation.clock import Clock
from kimdesk.sync.protocol import read_invitation

LOG_LINES = 200
INVITATION = timedelta(days=14)
_Sender = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


class AdminSite:
    """Administration in the browser; the same as on the command line."""

    def __init__(
        self, sessions: Sessions, desk: OfficeDesk, engine: Engine, pages: Pages, clock: Clock, office: Office
    ) -> None:
        self._sessions = sessions
        self._desk = desk
        self._engine = engine
        self._pages = pages
        self._clock = clock
        self._office = office
        self._district = load_district(office.district)

    def add_to(self, app: FastAPI) -> None:
        """Register the pages."""
        app.get("/admin", include_in_schema=False)(self.show)
        app.get("/admin/log", include_in_schema=False)(self.log)
        app.post("/admin/invite", include_in_schema=False)(self.invite)
        app.post("/admin/invitation-file", include_in_schema=False)(self.invitation_file)
        app.post("/admin/laptops/{sender}/revoke", include_in_schema=False)(self.revoke)
        app.post("/admin/laptops/{sender}/place", include_in_schema=False)(self.place)
        app.post("/admin/users", include_in_schema=False)(self.add_user)
        app.post("/admin/users/reset", include_in_schema=False)(self.reset_user)
        app.post("/admin/users/remove", include_in_schema=False)(self.remove_user)

    def show(self, request: Request) -> Response:
        """Users, invitations, what is published."""

        def page(visit: Visit) -> Response:
            with reading(self._engine) as connection:
                users = people.list_users(connection)
                senders = laptops.list_senders(connection)
                published = store.newest_publication(connection)
            return self._html(
                "admin.html",
                visit,
                users=users,
                senders=senders,
                published=published,
                communes=self._district.communes,
                roles=list(Role),
                fingerprint=self._office.keys.card.fingerprint,
            )

        return self._sessions.page(request, page, admin=True)

    def log(self, request: Request, before: Annotated[str, Query(max_length=12)] = "") -> Response:
        """The log of what was done, newest first."""

        def page(visit: Visit) -> Response:
            with reading(self._engine) as connection:
                rows = people.list_log(connection, before=number_of(before), limit=LOG_LINES)
            return self._html("log.html", visit, rows=rows, more=rows[-1].id if len(rows) == LOG_LINES else None)

        return self._sessions.page(request, page, admin=True)

    async def invite(self, request: Request) -> Response:
        """Make an invitation and show it once, as a sheet to print with a QR code, and as a file."""

        def work(posted: Posted) -> Response:
            place = _place(posted.text("commune"))
            invitation = self._desk.invite(
                posted.text("name"),
                actor=posted.user.name,
                valid=INVITATION,
                replace=posted.text("replace") == "yes",
                place=None if place == Place() else place,
            )
            return self._html("invitation.html", posted, sheet=InvitationSheet.of(invitation))

        return await self._sessions.post(request, work, admin=True)

    async def invitation_file(self, request: Request) -> Response:
        """Give the invitation on the sheet as a file; the office itself has not kept it."""

        def work(posted: Posted) -> Response:
            data = posted.fields.get("invitation", "").encode("utf-8")
            if read_invitation(data).card != self._office.keys.card:
                raise RequestInvalid()
            return attachment(data, "application/json", "einladung.json")

        return await self._sessions.post(request, work, admin=True)

    async def revoke(self, request: Request, sender: _Sender) -> Response:
        """Refuse a laptop from now on."""

        def work(posted: Posted) -> Response:
            with reading(self._engine) as connection:
                known = laptops.find_sender(connection, sender)
            if known is None:
                raise NoSuchLaptop()
            self._desk.revoke(known.name, actor=posted.user.name)
            return RedirectResponse("/laptops", status_code=303)

        return await self._sessions.post(request, work, admin=True)

    async def place(self, request: Request, sender: _Sender) -> Response:
        """Keep where a laptop works."""

        def work(posted: Posted) -> Response:
            self._desk.place(sender, _place(posted.text("commune")), actor=posted.user.name)
            return RedirectResponse("/laptops", status_code=303)

        return await self._sessions.post(request, work, admin=True)

    async def add_user(self, request: Request) -> Response:
        """Add a user and show the passphrase once."""

        def work(posted: Posted) -> Response:
            try:
                role = Role(posted.text("role"))
            except ValueError:
                raise RequestInvalid() from None
            name = posted.text("name")
            passphrase = self._desk.add_user(name, role, actor=posted.user.name)
            return self._html("passphrase.html", posted, name=name, passphrase=passphrase)

        return await self._sessions.post(request, work, admin=True)

    async def reset_user(self, request: Request) -> Response:
        """Give a user a new passphrase and show it once."""

        def work(posted: Posted) -> Response:
            name = posted.text("name")
            passphrase = self._desk.reset_user(name, actor=posted.user.name)
            return self._html("passphrase.html", posted, name=name, passphrase=passphrase)

        return await self._sessions.post(request, work, admin=True)

    async def remove_user(self, request: Request) -> Response:
        """Remove a user."""

        def work(posted: Posted) -> Response:
            self._desk.remove_user(posted.text("name"), actor=posted.user.name)
            return RedirectResponse("/admin", status_code=303)

        return await self._sessions.post(request, work, admin=True)

    def _html(self, template: str, visit: Visit, **values: object) -> Response:
        return HTMLResponse(self._pages.page(template, visit=visit, section="admin", now=self._clock.now(), **values))


def _place(commune: str) -> Place:
    if commune and not commune.isascii():
        raise BadPlace()
    return Place(commune=commune or None)
