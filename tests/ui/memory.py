"""Looks for secrets in the memory of a running process: every writable map, as /proc shows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def forms_of(text: str) -> dict[str, bytes]:
    """Return how Python and Qt hold `text` in memory, by name."""
    return {
        "utf-8": text.encode("utf-8"),
        "latin-1": text.encode("latin-1"),
        "utf-16": text.encode("utf-16-le"),
        "utf-32": text.encode("utf-32-le"),
    }


def forms_of_key(key: bytes) -> dict[str, bytes]:
    """Return how a key may lie in memory, by name."""
    return {
        "raw": key,
        "hexadecimal": key.hex().encode(),
        "upper": key.hex().upper().encode(),
        "utf-16": key.hex().encode("utf-16-le"),
    }


def found_in_memory(process_id: int, wanted: Mapping[str, bytes]) -> tuple[dict[str, int], int]:
    """Return how often each of `wanted` lies in the writable memory of the process, and how many bytes were read."""
    counts, read = dict.fromkeys(wanted, 0), 0
    maps = Path(f"/proc/{process_id}/maps").read_text(encoding="utf-8").splitlines()
    with Path(f"/proc/{process_id}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            addresses, rights = line.split()[:2]
            if "w" not in rights:
                continue
            start, end = (int(part, 16) for part in addresses.split("-"))
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except (OSError, OverflowError):  # a map of a device, or gone since
                continue
            read += len(content)
            for name, needle in wanted.items():
                counts[name] += content.count(needle)
    return counts, read
