"""District profiles: what differs from one Kreis to the next, as data in `resources/districts`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from kimdesk.domain.deadlines import Retention
from kimdesk.domain.vocabulary import LifeArea
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.resources import resource


class DistrictUnknown(KnownError):
    """There is no profile of this name."""

    default_message = N_("Für diesen Kreis gibt es kein Profil. Bitte wählen Sie in den Einstellungen ein anderes.")


class AuthorityKind(StrEnum):
    """The two authorities of Baustein 3."""

    FOREIGNERS = "foreigners"
    NATURALISATION = "naturalisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A town or municipality; `subregion` is empty where the district names none."""

    ags: str
    name: str
    kind: str
    subregion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A foreigners' or naturalisation authority and the communes (AGS) it is competent for; none means all."""

    kind: AuthorityKind
    name: str
    communes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictWords:
    """How the district calls things in German."""

    case_management: str
    case_manager: str
    module: str
    coordinating_office: str
    integration_agreement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictProfile:
    """All that is particular to one district."""

    id: str
    name: str
    communes: tuple[Commune, ...]
    words: DistrictWords
    life_areas: tuple[LifeArea, ...]
    authorities: tuple[Authority, ...]
    retention: Retention
    indicator_set: str

    def commune_name(self, ags: str) -> str:
        """Return the commune's name, the AGS itself for one outside the district, empty for none."""
        return next((commune.name for commune in self.communes if commune.ags == ags), ags)

    def subregion_of(self, ags: str) -> str | None:
        """Return the subregion of a commune, None where there is none."""
        return next((commune.subregion or None for commune in self.communes if commune.ags == ags), None)

    @property
    def subregions(self) -> tuple[str, ...]:
        """The names of the subregions, empty where the district has none."""
        return tuple(sorted({commune.subregion for commune in self.communes if commune.subregion}))

    def authority_for(self, kind: AuthorityKind, ags: str) -> Authority | None:
        """Return the authority competent for a commune, None where the district's papers do not say."""
        for authority in self.authorities:
            if authority.kind is kind and (not authority.communes or ags in authority.communes):
                return authority
        return None


def district_ids() -> tuple[str, ...]:
    """Return the ids of the profiles that come with the program."""
    return tuple(sorted(path.stem for path in resource("districts").glob("*.toml")))


@cache
def load_district(identifier: str) -> DistrictProfile:
    """Return the profile `resources/districts/<identifier>.toml`. Raises `DistrictUnknown`."""
    if identifier not in district_ids():
        raise DistrictUnknown()
    return parse_district(resource("districts", f"{identifier}.toml").read_text(encoding="utf-8"))


@cache
def commune_names() -> dict[str, str]:
    """Return the name of every commune of the districts that come with the program, by AGS."""
    return {commune.ags: commune.name for one in district_ids() for commune in load_district(one).communes}


def parse_district(text: str) -> DistrictProfile:
    """Return the profile in the TOML `text`; `KeyError` or `ValueError` for one that contradicts itself."""
    document: dict[str, Any] = tomllib.loads(text)
    communes = tuple(Commune(**entry) for entry in document["communes"])
    known = {commune.ags for commune in communes}
    if len(known) != len(communes):
        raise ValueError("a commune is listed twice")
    authorities = tuple(
        Authority(
            kind=AuthorityKind(entry["kind"]),
            name=entry["name"],
            communes=_competence(entry, [c.ags for c in communes]),
        )
        for entry in document["authorities"]
    )
    if not all(set(authority.communes) <= known for authority in authorities):
        raise ValueError("an authority names a commune the district does not have")
    names = document.get("life_areas", [area.value for area in LifeArea])
    return DistrictProfile(
        id=document["id"],
        name=document["name"],
        communes=communes,
        words=DistrictWords(**document["words"]),
        life_areas=tuple(LifeArea(name) for name in names),
        authorities=authorities,
        retention=Retention(**document["retention"]),
        indicator_set=document["indicator_set"],
    )


def _competence(entry: dict[str, Any], everywhere: list[str]) -> tuple[str, ...]:
    """Return the communes of an authority: those named, or all but those excepted."""
    if "except" in entry:
        return tuple(ags for ags in everywhere if ags not in entry["except"])
    return tuple(entry.get("communes", ()))
