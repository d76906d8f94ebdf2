"""The words the dashboard shows for the names in a release: the closed list of tables, with the district's communes."""

from __future__ import annotations

import re
import tomllib

from kimdesk.foundation.resources import resource
from kimdesk.reporting.tables import TableDefinition, load_release_rules

_DISTRICT = re.compile(r"[a-z][a-z0-9_-]{0,40}", re.ASCII)


def table_definitions(district: str) -> tuple[TableDefinition, ...]:
    """Return the release tables with German labels; a district without a profile shows communes by their AGS."""
    return load_release_rules(_communes(district)).tables


def _communes(district: str) -> dict[str, str]:
    if not _DISTRICT.fullmatch(district):
        return {}
    path = resource("districts", f"{district}.toml")
    if not path.is_file():
        return {}
    profile = tomllib.loads(path.read_text(encoding="utf-8"))
    return {str(commune["ags"]): str(commune["name"]) for commune in profile.get("communes", ())}
