"""The font book: which installed font prints which character (DESIGN.md, decision 9).

Fonts are looked up by their known file names in a few folders; nothing is scanned. A font is opened when a text
first needs it, and its real coverage decides. A character no font covers is a `FontMissing`; boxes are never printed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools import unicodedata as scripts

from kimdesk.documents.shaping import Face
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.resources import data_root


class FontMissing(KnownError):
    """No installed font covers a character; names the character and the font that would."""

    default_message = N_(
        "Das Zeichen {code} ({name}, Schrift: {script}) kann nicht gedruckt werden, weil keine installierte "
        "Schriftart es enthält. Bitte lassen Sie die Schriftart „{font}“ installieren (Paket {package}) "
        "oder nehmen Sie das Zeichen aus dem Text."
    )


@dataclass(frozen=True)
class Family:
    """A font family by its file names (regular, bold), with the place of the two styles in a collection file."""

    name: str
    regular: tuple[str, ...]
    bold: tuple[str, ...]
    bold_index: int = 0


def _noto(name: str) -> Family:
    stem = name.replace(" ", "")
    return Family(name, (f"{stem}-Regular.ttf",), (f"{stem}-Bold.ttf",))


_SEGOE = Family("Segoe UI", ("segoeui.ttf",), ("segoeuib.ttf",))
_ARIAL = Family("Arial", ("Arial.ttf", "arial.ttf"), ("Arial Bold.ttf", "arialbd.ttf"))
_DEJAVU = Family("DejaVu Sans", ("DejaVuSans.ttf",), ("DejaVuSans-Bold.ttf",))
_GENERAL = (_noto("Noto Sans"), _SEGOE, _ARIAL)
_HAN = (
    Family("Droid Sans Fallback", ("DroidSansFallbackFull.ttf",), ()),
    Family("Microsoft YaHei", ("msyh.ttc",), ("msyhbd.ttc",)),
    Family("Malgun Gothic", ("malgun.ttf",), ("malgunbd.ttf",)),
)
_SYMBOLS = (
    _noto("Noto Sans Symbols"),
    Family("Noto Sans Symbols2", ("NotoSansSymbols2-Regular.ttf",), ()),
    Family("Noto Sans Math", ("NotoSansMath-Regular.ttf",), ()),
    Family("Segoe UI Symbol", ("seguisym.ttf",), ()),
    Family("Symbola", ("Symbola_hint.ttf", "Symbola.ttf"), ()),
)
_BY_SCRIPT: dict[str, tuple[Family, ...]] = {
    "Latn": _GENERAL,
    "Cyrl": _GENERAL,
    "Grek": _GENERAL,
    "Arab": (_noto("Noto Sans Arabic"), _SEGOE, Family("Geeza Pro", ("GeezaPro.ttc",), ("GeezaPro.ttc",), 1)),
    "Ethi": (
        _noto("Noto Sans Ethiopic"),
        Family("Ebrima", ("ebrima.ttf",), ("ebrimabd.ttf",)),
        Family("Nyala", ("nyala.ttf",), ()),
        Family("Kefa", ("Kefa.ttc", "Kefa.ttf"), ("Kefa.ttc",), 1),
    ),
    **dict.fromkeys(("Hani", "Hira", "Kana", "Hang", "Bopo"), _HAN),
}
_COMMON = ("Zyyy", "Zinh", "Zzzz")

_SCRIPT_NAMES = {
    "Arab": N_("Arabisch"),
    "Armn": N_("Armenisch"),
    "Cyrl": N_("Kyrillisch"),
    "Ethi": N_("Äthiopisch"),
    "Geor": N_("Georgisch"),
    "Grek": N_("Griechisch"),
    "Hani": N_("Chinesisch"),
    "Hang": N_("Koreanisch"),
    "Hebr": N_("Hebräisch"),
    "Latn": N_("Lateinisch"),
    "Zyyy": N_("Zeichen und Symbole"),
}


def system_folders() -> list[Path]:
    """Return the folders fonts are looked up in, the program's own first; those that exist."""
    folders: list[Path] = []
    with contextlib.suppress(FileNotFoundError):  # an installation without resources still has the system's fonts
        folders.append(data_root("resources") / "fonts")
    if sys.platform == "win32":
        folders.append(Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts")
        if local := os.environ.get("LOCALAPPDATA"):
            folders.append(Path(local) / "Microsoft" / "Windows" / "Fonts")
    elif sys.platform == "darwin":
        for base in (Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path.home() / "Library" / "Fonts"):
            folders += [base, base / "Supplemental"]
    else:
        for base in (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"):
            folders += [base, base / "noto"]
            folders += [base / "truetype" / name for name in ("noto", "dejavu", "droid", "ancient-scripts")]
    return [folder for folder in folders if folder.is_dir()]


class FontBook:
    """Chooses a font for each character by what the installed fonts really cover."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        """Look in `folders`, by default in the bundle's and the system's. Opens no font yet."""
        self._folders = system_folders() if folders is None else list(folders)
        self._opened: dict[tuple[Path, int], Face | None] = {}
        self._families: dict[tuple[str, bool], list[Face]] = {}
        self._chosen: dict[tuple[str, bool, Face | None], Face] = {}

    def face_for(self, cluster: str, *, bold: bool = False, current: Face | None = None) -> Face:
        """Return the font for one character with its marks; `current` is the font of the character before.

        Punctuation and spaces stay in the current font where it has them, so that a sentence does not change its
        font at every comma. Raises `FontMissing`.
        """
        key = (cluster, bold, current)
        if key not in self._chosen:
            self._chosen[key] = self._choose(cluster, bold, current)
        return self._chosen[key]

    def _choose(self, cluster: str, bold: bool, current: Face | None) -> Face:
        character = cluster[0]
        script = scripts.script(character)
        if script in _COMMON and current is not None and not character.isdecimal() and current.covers(cluster):
            return current
        for face in self._candidates(script, bold):
            if face.covers(cluster):
                return face
        for character in cluster[1:]:
            if not any(face.covers(character) for face in self._candidates(scripts.script(character), bold)):
                raise font_missing(character)
        raise font_missing(cluster[0])

    def _candidates(self, script: str, bold: bool) -> Iterator[Face]:
        """Yield fonts for a script, best first; regular ones where a family has no bold."""
        if script in _COMMON:
            families: tuple[Family, ...] = (*_GENERAL, *_BY_SCRIPT["Arab"], *_BY_SCRIPT["Ethi"], *_SYMBOLS, *_HAN)
        else:
            families = _BY_SCRIPT.get(script) or (_noto(f"Noto Sans {_script_name(script)}"), _SEGOE)
            families += _SYMBOLS
        for family in (*families, _DEJAVU):
            yield from self._faces(family, bold)

    def _faces(self, family: Family, bold: bool) -> list[Face]:
        key = (family.name, bold)
        if key not in self._families:
            wanted = [(name, family.bold_index) for name in family.bold] if bold else []
            wanted += [(name, 0) for name in family.regular]
            found = (self._open(folder / name, index) for name, index in wanted for folder in self._folders)
            self._families[key] = [face for face in found if face is not None]
        return self._families[key]

    def _open(self, path: Path, index: int) -> Face | None:
        key = (path, index)
        if key not in self._opened:
            self._opened[key] = Face.open(path, index) if path.is_file() else None
        return self._opened[key]


@cache
def installed_fonts() -> FontBook:
    """Return the font book of this machine; opened fonts stay open for the next document."""
    return FontBook()


def _script_name(script: str) -> str:
    return scripts.script_name(script, "").replace("_", " ")


def font_missing(character: str) -> FontMissing:
    """Return the error that names the character, its script, and the font and package to install."""
    script = scripts.script(character)
    if script in _BY_SCRIPT:
        family, package = _BY_SCRIPT[script][0].name, "fonts-noto-core"
        if _BY_SCRIPT[script] is _HAN:
            package = "fonts-droid-fallback"
    elif script in _COMMON:
        family, package = "Symbola", "fonts-symbola"
    else:
        family, package = f"Noto Sans {_script_name(script)}", "fonts-noto-core"
    return FontMissing(
        code=f"U+{ord(character):04X}",
        name=unicodedata.name(character, N_("unbekanntes Zeichen")),
        script=_SCRIPT_NAMES.get("Zyyy" if script in _COMMON else script, _script_name(script)),
        font=family,
        package=package,
    )
