"""Opens ZIP archives from outside without ever unpacking them to disk, and refuses what is made to do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from kimdesk.foundation.errors import N_
from kimdesk.offers.errors import OfferFileError

MAXIMUM_ENTRIES = 200
MAXIMUM_UNPACKED = 120_000_000
MAXIMUM_RATIO = 200
_SMALL = 1_000_000
_STEP = 1 << 20


def read_archive(path: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the content of every entry whose plain name is `wanted`, by that name (folders left out).

    Entries are read from the archive, never written under the names inside it. Raises `OfferFileError` for too many
    entries, for one that unpacks to 200 times its size, for more than 120 MB in all, for encrypted, nested or
    damaged archives and for two entries of one name.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAXIMUM_ENTRIES:
                raise _hostile()
            found: dict[str, bytes] = {}
            room = MAXIMUM_UNPACKED
            for entry in entries:
                name = entry.filename.replace("\\", "/").rsplit("/", 1)[-1]
                if not wanted(name):
                    continue
                if entry.flag_bits & 0x1:
                    raise OfferFileError(
                        N_("Das Archiv ist mit einem Kennwort geschützt. Bitte entpacken Sie es vorher.")
                    )
                if name in found:
                    raise OfferFileError(
                        N_("Im Archiv steht „{name}“ mehrfach. Bitte lassen Sie das Paket an der Quelle prüfen."),
                        name=name[:80],
                    )
                found[name] = _read(archive, entry, room)
                room -= len(found[name])
            return found
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise OfferFileError(N_("Das Archiv ist beschädigt. Bitte laden Sie es noch einmal herunter.")) from error
    except OSError as error:
        raise OfferFileError(
            N_("Die Datei lässt sich nicht lesen. Bitte prüfen Sie den Datenträger und versuchen Sie es noch einmal.")
        ) from error


def refuse_bomb(path: Path) -> None:
    """Raise `OfferFileError` when the archive at `path` unpacks to more than it may, going by what it really holds."""
    read_sizes(path, lambda _name: True)


def read_sizes(path: Path, wanted: Callable[[str], bool]) -> int:
    """Return how many bytes the `wanted` entries unpack to; raises as `read_archive` without keeping them."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAXIMUM_ENTRIES * 5:
                raise _hostile()
            total = 0
            for entry in entries:
                if not entry.is_dir() and wanted(entry.filename):
                    with archive.open(entry) as stream:
                        size = 0
                        while step := stream.read(_STEP):
                            size += len(step)
                            total += len(step)
                            _check(size, entry.compress_size, MAXIMUM_UNPACKED - total)
            return total
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise OfferFileError(N_("Das Archiv ist beschädigt. Bitte laden Sie es noch einmal herunter.")) from error
    except OSError as error:
        raise OfferFileError(
            N_("Die Datei lässt sich nicht lesen. Bitte prüfen Sie den Datenträger und versuchen Sie es noch einmal.")
        ) from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Return an entry's bytes; sizes are counted, never believed."""
    parts: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while step := stream.read(_STEP):
            size += len(step)
            _check(size, entry.compress_size, room - size)
            parts.append(step)
    return b"".join(parts)


def _check(size: int, packed: int, room: int) -> None:
    if room < 0 or (size > _SMALL and size > MAXIMUM_RATIO * max(packed, 1)):
        raise _hostile()


def _hostile() -> OfferFileError:
    return OfferFileError(
        N_("Das Archiv enthält mehr, als ein Angebotsverzeichnis braucht, und wird aus Vorsicht nicht geöffnet.")
    )
