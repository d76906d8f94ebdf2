"""Reading what comes in a request, never more than is allowed."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

from kimdesk.sync.protocol import TooLarge

MAX_FORM_BYTES = 16_384


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body, or raise `TooLarge` as soon as it is longer than `limit` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise TooLarge()
    return bytes(body)


async def read_what_comes(request: Request, limit: int) -> tuple[bytes, bool]:
    """Return the body and whether it is whole: what came before a broken connection counts, too."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                raise TooLarge()
    except ClientDisconnect:
        return bytes(body), False
    return bytes(body), True


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; an empty one if it is too long or not readable, which no token fits."""
    try:
        body = await read_body(request, MAX_FORM_BYTES)
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except (TooLarge, ValueError):
        return {}
    if any("\0" in value for values in fields.values() for value in values):
        return {}
    return {name: values[0] for name, values in fields.items()}
