"""The API for laptops: joining, bundles, uploads that go on, the published offers. Described by OpenAPI."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy import Engine, select
from starlette.concurrency import run_in_threadpool

from kimdesk.coordinator import store
from kimdesk.coordinator.bodies import read_body, read_what_comes
from kimdesk.coordinator.database import reading
from kimdesk.coordinator.intake import Intake
from kimdesk.coordinator.pages import Pages
from kimdesk.coordinator.tables import about
from kimdesk.coordinator.uploads import Answered, OffsetWrong, Place, UploadDesk
from kimdesk.i18n import render_error
from kimdesk.sync.protocol import (
    BUNDLES_PATH,
    ENROL_PATH,
    MAX_BUNDLE_BYTES,
    MAX_DOCUMENT_BYTES,
    MAX_PIECE_BYTES,
    MAX_TICKET_BYTES,
    OFFERS_PATH,
    UPLOADS_PATH,
    CoordinatorBusy,
    DeviceRevoked,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    SyncError,
    TooLarge,
    UnknownSender,
)

_RANGE = re.compile(r"bytes=([0-9]{1,12})-", re.ASCII)
_UPLOAD = r"^[0-9a-f]{32}$"


def _body(media_type: str, description: str) -> dict[str, Any]:
    schema = {"type": "object"} if media_type == "application/json" else {"type": "string", "format": "binary"}
    return {
        "requestBody": {
            "required": True,
            "description": description,
            "content": {media_type: {"schema": schema}},
        }
    }


_REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"description": "Not in the format, altered, or not for this office"},
    403: {"description": "The sender is not enrolled, or was revoked or replaced"},
    413: {"description": "Larger than anything honest"},
    429: {"description": "Too much at once; `Retry-After` says when to come again"},
    503: {"description": "The database is not available; nothing was taken"},
}
_ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The signed receipt; a copy of a bundle gets the receipt of the first"},
    409: {"description": "The signed notice that another content stands under this number"},
    **_REFUSED,
}


def add_api(app: FastAPI, intake: Intake, uploads: UploadDesk, engine: Engine, pages: Pages) -> None:
    """Register the API and the page that describes it."""

    @app.post(
        ENROL_PATH,
        summary="Join the office",
        responses={200: {"description": "The signed confirmation"}, **_REFUSED},
        openapi_extra=_body("application/json", "The signed answer to an invitation"),
    )
    async def enrol(request: Request) -> Response:
        try:
            enrolled = await run_in_threadpool(intake.enrol, await read_body(request, MAX_DOCUMENT_BYTES))
        except SyncError as error:
            return _refusal(error)
        return Response(enrolled.confirmation, media_type="application/json")

    @app.post(
        BUNDLES_PATH,
        summary="Hand over a bundle",
        responses=_ANSWERED,
        openapi_extra=_body("application/octet-stream", "A sealed release or structural issue"),
    )
    async def receive(request: Request) -> Response:
        try:
            reply = await run_in_threadpool(intake.receive, await read_body(request, MAX_BUNDLE_BYTES))
        except SyncError as error:
            return _refusal(error)
        return _answer(reply.answer, held_back=reply.held_back)

    @app.post(
        UPLOADS_PATH,
        summary="Begin or continue an upload",
        responses={202: {"description": "The upload's number and the offset to go on at"}, **_ANSWERED},
        openapi_extra=_body("application/json", "The signed ticket: sender, SHA-256 and length of the sealed bundle"),
    )
    async def begin(request: Request) -> Response:
        try:
            return _progress(await run_in_threadpool(uploads.begin, await read_body(request, MAX_TICKET_BYTES)))
        except SyncError as error:
            return _refusal(error)

    @app.put(
        UPLOADS_PATH + "/{upload}",
        summary="Add a piece to an upload",
        responses={
            202: {"description": "The offset to go on at"},
            404: {"description": "Nobody began this upload"},
            412: {"description": "The piece does not begin where the office is; the answer says where that is"},
            **_ANSWERED,
        },
        openapi_extra=_body("application/octet-stream", "The next bytes of the sealed bundle"),
    )
    async def add(
        request: Request,
        upload: Annotated[str, Path(pattern=_UPLOAD)],
        offset: Annotated[int, Query(ge=0, lt=MAX_BUNDLE_BYTES)],
    ) -> Response:
        try:
            piece, _whole = await read_what_comes(request, MAX_PIECE_BYTES)
            state = await run_in_threadpool(uploads.add, upload, offset, piece)
        except OffsetWrong as wrong:
            return JSONResponse(
                {"error": "offset", "upload": wrong.place.upload, "offset": wrong.place.offset}, status_code=412
            )
        except SyncError as error:
            return _refusal(error)
        if state is None:
            return JSONResponse({"error": "upload_unknown"}, status_code=404)
        return _progress(state)

    @app.get(
        OFFERS_PATH,
        summary="Fetch the published offer directory",
        responses={
            200: {"description": "The signed directory", "content": {"application/octet-stream": {}}},
            206: {"description": "The rest of it, from the byte asked for"},
            304: {"description": "It is the one the laptop has"},
            404: {"description": "Nothing is published"},
            416: {"description": "It is not that long"},
        },
        response_class=Response,
    )
    def offers(request: Request) -> Response:
        return _published(engine, request)

    @app.get(
        "/health",
        summary="Whether service and database answer",
        responses={503: {"description": "The database is not available"}},
    )
    def health() -> JSONResponse:
        with reading(engine) as connection:
            connection.execute(select(about.c.schema_version)).scalar_one()
        return JSONResponse({"status": "ok"})

    @app.get("/api/docs", include_in_schema=False)
    def describe() -> HTMLResponse:
        return HTMLResponse(pages.api(app.openapi()))


def _published(engine: Engine, request: Request) -> Response:
    with reading(engine) as connection:
        newest = store.newest_publication(connection)
        if newest is None:
            return JSONResponse({"error": "nothing_published"}, status_code=404)
        tag = f'"{newest.content_hash}"'
        headers = {"ETag": tag, "Accept-Ranges": "bytes"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        content = store.publication_content(connection, newest.id) or b""
    media_type = "application/octet-stream"
    wanted = _RANGE.fullmatch(request.headers.get("range", ""))
    if wanted is None or request.headers.get("if-range", tag) != tag:
        return Response(content, headers=headers, media_type=media_type)
    start = int(wanted.group(1))
    if start >= len(content):
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    return Response(content[start:], status_code=206, headers=headers, media_type=media_type)


def _answer(answer: bytes, *, held_back: bool) -> Response:
    return Response(answer, status_code=409 if held_back else 200, media_type="application/json")


def _progress(state: Place | Answered) -> Response:
    if isinstance(state, Answered):
        return _answer(state.answer, held_back=state.held_back)
    return JSONResponse({"upload": state.upload, "offset": state.offset}, status_code=202)


def _refusal(error: SyncError) -> Response:
    match error:
        case TooLarge():
            status = 413
        case UnknownSender() | DeviceRevoked() | InvitationUnknown() | InvitationUsed() | InvitationExpired():
            status = 403
        case CoordinatorBusy():
            status = 429
        case _:
            status = 400
    return JSONResponse({"error": error.code, "message": render_error(error)}, status_code=status)
