"""What the vault keeps of its coordinating office: invitation, device key, answer, the way through the net."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.sync.enrolment import read_invitation
from kimdesk.sync.keys import CoordinatorCard, DeviceIdentity


class BadProxy(KnownError):
    """The address of the proxy cannot be used."""

    default_message = N_(
        "Die Adresse des Proxys hat die Form http://rechner:port. Bitte fragen Sie Ihre IT, wenn Sie sie nicht kennen."
    )


class ProxyMode(StrEnum):
    """How the way into the net is found."""

    SYSTEM = "system"
    NONE = "none"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """The way into the net; `proxy` is the address of an own proxy (``http://host:port``), empty otherwise."""

    mode: ProxyMode = ProxyMode.SYSTEM
    proxy: str = ""

    def check(self) -> None:
        """Raise `BadProxy` for an own proxy without a usable address."""
        if self.mode is not ProxyMode.OWN:
            return
        try:
            parts = urlsplit(self.proxy)
            fine = (
                parts.scheme == "http"
                and bool(parts.hostname)
                and parts.port is not None
                and parts.path in ("", "/")
                and not (parts.query or parts.fragment)
                and self.proxy.isascii()
                and self.proxy.isprintable()
                and len(self.proxy) <= 300
            )
        except ValueError:
            fine = False
        if not fine:
            raise BadProxy()

    def to_json(self) -> dict[str, str]:
        """Return the value the vault's settings keep."""
        return {"mode": self.mode.value, "proxy": self.proxy if self.mode is ProxyMode.OWN else ""}

    @classmethod
    def from_json(cls, value: dict[str, str] | None) -> NetworkChoice:
        """Return what `to_json` wrote; nothing kept means what the system says."""
        return cls() if value is None else cls(ProxyMode(value["mode"]), value["proxy"])


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """What an invitation says, to be compared by telephone before anything is joined. `district` is a profile's id.

    `replaces` tells that the laptop is connected with this very place and would get a new key there.
    """

    office: str
    district: str
    laptop: str
    fingerprint: str
    addresses: tuple[str, ...]
    expires_at: datetime
    is_expired: bool
    pins_certificate: bool
    replaces: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the vault keeps of its coordinating office.

    `confirmed_at` is None until the office has answered. `last_sequence` is the highest number the office had of this
    place when it confirmed: a laptop that takes another's place goes on above it. `certificates` are the hashes of the
    only certificates the laptop believes, empty where it believes what its system does.
    """

    addresses: tuple[str, ...]
    card: CoordinatorCard
    office: str
    sender: str
    identity: DeviceIdentity
    invitation: bytes
    answer: bytes
    confirmed_at: datetime | None
    certificates: tuple[bytes, ...] = ()
    last_sequence: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the value the vault's settings keep."""
        return {
            "invitation": base64.b64encode(self.invitation).decode("ascii"),
            "answer": base64.b64encode(self.answer).decode("ascii"),
            "seed": base64.b64encode(self.identity.seed).decode("ascii"),
            "confirmed_at": None if self.confirmed_at is None else self.confirmed_at.isoformat(),
            "last_sequence": self.last_sequence,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Enrolment:
        """Return what `to_json` wrote, in this version or an earlier one."""
        invitation = base64.b64decode(value["invitation"])
        offered = read_invitation(invitation)
        confirmed = value["confirmed_at"]
        return cls(
            addresses=offered.addresses,
            card=offered.card,
            office=offered.office,
            sender=offered.sender,
            identity=DeviceIdentity(base64.b64decode(value["seed"])),
            invitation=invitation,
            answer=base64.b64decode(value["answer"]),
            confirmed_at=None if confirmed is None else datetime.fromisoformat(confirmed),
            certificates=offered.certificates,
            last_sequence=value.get("last_sequence", 0),
        )
