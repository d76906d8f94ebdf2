"""Finds the files that come with the program: in the checkout first, then inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent
_WHEEL = _PACKAGE / "_data"


def data_root(folder: str) -> Path:
    """Return the folder `resources`, `translations` or `docs` of this installation.

    Raises `FileNotFoundError` where the installation is incomplete.
    """
    for base in (_CHECKOUT, _WHEEL):
        candidate = base / folder
        if ((base / "pyproject.toml").is_file() or base is _WHEEL) and candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the installation lacks its folder {folder!r}")


def resource(*parts: str) -> Path:
    """Return the path of a file below `resources/`, for example ``resource("districts", "unna.toml")``."""
    return data_root("resources").joinpath(*parts)


def translations_folder() -> Path:
    """Return the folder that holds one folder of catalogues per language."""
    return data_root("translations")
