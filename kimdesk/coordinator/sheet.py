"""The invitation as it is handed over: a file, and a sheet with a QR code for who has no way to get the file."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import segno

from kimdesk.sync.protocol import Invitation, invitation_text, read_invitation


@dataclass(frozen=True)
class InvitationSheet:
    """What stands on the sheet. `squares` is the QR code's path for an SVG of `size` units each way."""

    invitation: Invitation
    file: str = field(repr=False)
    text: str = field(repr=False)
    squares: str = field(repr=False)
    size: int

    @classmethod
    def of(cls, data: bytes) -> InvitationSheet:
        """Return the sheet of an invitation file."""
        text = invitation_text(data)
        matrix = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(scale=1, border=4)]
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
        return cls(read_invitation(data), data.decode("utf-8"), text, path, len(matrix))

    @property
    def groups(self) -> list[str]:
        """The text in lines of eight groups of eight characters, for typing and for the eye."""
        pieces = [self.text[place : place + 8] for place in range(0, len(self.text), 8)]
        return [" ".join(pieces[place : place + 8]) for place in range(0, len(pieces), 8)]


def qr_svg(data: bytes) -> bytes:
    """Return the QR code of an invitation file as an SVG file."""
    out = io.BytesIO()
    segno.make(invitation_text(data), error="l", micro=False).save(out, kind="svg", scale=4, border=4)
    return out.getvalue()
