"""The words the dashboard shows for the names in a release: the closed list of tables, with the district's communes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from kimdesk.foundation.resources import resource
from kimdesk.reporting.tables import ReleaseRules, load_release_rules

_DISTRICT = re.compile(r"[a-z][a-z0-9_-]{0,40}", re.ASCII)


@dataclass(frozen=True)
class District:
    """A district as far as the dashboard knows it: communes (AGS to name), and the subregion of each."""

    name: str
    communes: dict[str, str]
    subregions: dict[str, str]

    @property
    def rules(self) -> ReleaseRules:
        """The release tables with German labels, and the rules of disclosure control."""
        return load_release_rules(self.communes)


@cache
def load_district(district: str) -> District:
    """Return a district's profile; one without a profile shows communes by their AGS."""
    profile = _profile(district)
    communes = profile.get("communes", ())
    return District(
        name=str(profile.get("name", district)),
        communes={str(commune["ags"]): str(commune["name"]) for commune in communes},
        subregions={str(commune["ags"]): str(commune["subregion"]) for commune in communes if commune.get("subregion")},
    )


def _profile(district: str) -> dict[str, Any]:
    if not _DISTRICT.fullmatch(district):
        return {}
    path = resource("districts", f"{district}.toml")
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))
