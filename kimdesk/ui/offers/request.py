"""What another page may ask the offers page to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kimdesk.domain.vocabulary import LifeArea


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersRequest:
    """Open the directory for a case, with a search, a life area, or at one offer; everything may be left out."""

    case_id: UUID | None = None
    text: str = ""
    life_area: LifeArea | None = None
    offer_id: UUID | None = None


def offers_request(argument: object) -> OffersRequest | None:
    """Return the request in a page's argument: a request, the id of an offer, or a mapping with a request's names.

    None where nothing is asked for: the page then stays as it was left. Raises `TypeError` or `ValueError` for
    anything else, which is a bug of the page that asked.
    """
    if argument is None or isinstance(argument, OffersRequest):
        return argument
    if isinstance(argument, UUID):
        return OffersRequest(offer_id=argument)
    if not isinstance(argument, Mapping):
        raise TypeError("the offers page cannot be opened with this argument")
    area = argument.get("life_area")
    return OffersRequest(
        case_id=_identifier(argument.get("case_id")),
        text=str(argument.get("text") or ""),
        life_area=LifeArea(area) if area else None,
        offer_id=_identifier(argument.get("offer_id")),
    )


def _identifier(value: object) -> UUID | None:
    if value is None or isinstance(value, UUID):
        return value
    return UUID(str(value))
