"""Build hook: puts resources, manual and compiled catalogues into the wheel, below `kimdesk/_data/`.

`kimdesk.foundation.resources` looks there when the program does not run from a checkout.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDERS = ("resources", "docs/manual")


class DataHook(BuildHookInterface[Any]):
    """Adds the program's data to a wheel; an editable installation finds it in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue and name every folder that belongs into the wheel."""
        if version != "standard":
            return
        root = Path(self.root)
        included: dict[str, str] = build_data["force_include"]
        for folder in _FOLDERS:
            if not (root / folder).is_dir():
                raise FileNotFoundError(f"the source tree lacks its folder {folder!r}")
            included[str(root / folder)] = f"kimdesk/_data/{folder}"
        # The build runs outside the checkout: the tools are found once its folder is on the path.
        sys.path.insert(0, self.root)
        from tools.catalogues import compiled, locale_of

        self._compiled = tempfile.TemporaryDirectory(prefix="kimdesk-build-")
        for source in sorted((root / "translations").rglob("*.po")):
            place = source.relative_to(root).with_suffix(".mo")
            target = Path(self._compiled.name) / place
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as file:
                catalogue = read_po(file, locale=locale_of(source))
            with target.open("wb") as file:
                write_mo(file, compiled(catalogue))
            included[str(target)] = f"kimdesk/_data/{place.as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the compiled catalogues once they are in the wheel."""
        if version == "standard":
            self._compiled.cleanup()
