"""Interrupting an import at any point leaves the directory as it was, or as the file says; never in between."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import Desk, build_desk
from kimdesk.storage import check_vault, create_vault
from tests.faults.harness import kill_at_any_moment, open_vault, short_and_long
from tests.faults.worker import CHEAP_KDF, PASSPHRASE

OFFERS = 150
_NAMES = UUID("7d1b6f1e-8d0f-4a52-9c39-0d54c33ef001")


def write_file(path: Path, version: int) -> Path:
    """Write a directory in which, from one version to the next, some offers change, some come and some go."""
    services: list[dict[str, Any]] = [
        {
            "id": str(uuid5(_NAMES, str(number))),
            "name": f"Angebot {number}",
            "status": "active",
            "description": f"Beratung in Fassung {version if number % 3 else 0}. " * 20,
        }
        for number in range(version * 10, version * 10 + OFFERS)
    ]
    path.write_text(json.dumps(services), encoding="utf-8")
    return path


def directory(desk: Desk) -> tuple[str, list[str]]:
    """Return everything the directory holds, as an export writes it, and what searching finds."""
    found = sorted(hit.title for hit in desk.offers.search("Beratung", limit=500))
    return desk.offer_exports.export("hsds").decode("utf-8"), found


@short_and_long("kills", 4, 100)
def test_a_killed_import_changes_everything_or_nothing(tmp_path: Path, kills: int) -> None:
    dice = random.Random(7)
    folder = tmp_path / "Tresor"
    files = [write_file(tmp_path / f"{version}.json", version) for version in (0, 1)]
    create_vault(folder, PASSPHRASE, name="Angebote", clock=SystemClock(), kdf=CHEAP_KDF).vault.close()
    with open_vault(folder) as vault:
        desk = build_desk(vault, SystemClock())
        desk.offer_imports.import_file(files[0], "hsds", collection="kreis")
        noted = desk.offers.search("Angebot 77")[0].id
        desk.offer_care.note(noted, "Eingang im Hof")
        before = directory(desk)
    finished = 0
    for _ in range(kills):
        said = kill_at_any_moment(
            ["tests.faults.offer_worker", str(folder), str(files[1])], dice, lines=1, within_seconds=1.5
        )
        with open_vault(folder) as vault:
            desk = build_desk(vault, SystemClock())
            now = directory(desk)
            if now == before:
                assert "done" not in said
            else:
                finished += 1
                assert len(now[1]) == OFFERS and "Angebot 9" not in now[1] and "Angebot 159" in now[1]
                assert desk.offer_imports.undo() > 0
                assert directory(desk) == before
            assert desk.offer_care.mark(noted).note == "Eingang im Hof"
            assert all(finding.is_good for finding in check_vault(vault))
    assert finished < kills or kills < 10
