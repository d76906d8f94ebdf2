"""Fault 18: nothing that stands in the vault stands in any other file the program writes, nor in a title or a log.

The real program with its real window runs in a process of its own whose every folder (vault, data, settings, state,
cache, temporary files) lies below one, which is searched twice: while everything is open, and after the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kimdesk.foundation.clock import SystemClock
from kimdesk.services.demo import DEMO_PASSPHRASE
from kimdesk.services.desk import build_desk
from kimdesk.services.vault import make_vault, open_vault

ROOT = Path(__file__).resolve().parents[2]

# Words that stand nowhere in the program or its resources.
SECRETS = {
    "given_name": "Zarifullahxq",
    "family_name": "Sternbrücknerowa",
    "phone": "+49 2303 9187263544",
    "concern": "Schimmelwohnungskündigung",
    "contact": "Bluthochdruckmedikament vergessen",
    "draft": "Halbfertigentwurfsgedanke",
    "search": "Suchbegriffsgeheimnis",
    "note": "Mitteilungsgeheimnistermin",
}
FOLDERS = {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR", "HOME"}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends every folder elsewhere by Linux's variables")


def hits(place: Path) -> set[tuple[str, str]]:
    """Return which secret stands in which file below `place`, in any encoding a program might write it in."""
    found = set()
    for path in sorted(each for each in place.rglob("*") if each.is_file()):
        content = path.read_bytes()
        for name, secret in SECRETS.items():
            for text in {secret, secret.casefold(), secret.upper()}:
                forms = {text.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")}
                if any(form in content for form in forms):
                    found.add((name, path.relative_to(place).as_posix()))
    return found


class Running:
    """The program while its window is open."""

    def __init__(self, process: subprocess.Popen[str], place: Path) -> None:
        self.process, self.place = process, place
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(SECRETS) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, (place / "stderr").read_text(encoding="utf-8")
        self.told: dict[str, Any] = json.loads(line)

    def close(self) -> None:
        """Let the user close the window, and wait for the end."""
        out, _ = self.process.communicate("\n", timeout=60)
        assert out == "" and self.process.returncode == 0

    def files(self) -> set[str]:
        """Return every file below the one folder, by its name."""
        return {path.relative_to(self.place).as_posix() for path in self.place.rglob("*") if path.is_file()}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Give the program in the middle of the work."""
    made = make_vault(tmp_path / "Tresor", DEMO_PASSPHRASE, name="Demo", clock=SystemClock(), demo=True).vault
    with made as vault:
        build_desk(vault, SystemClock()).offers.install_directory()
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name in FOLDERS:
        (tmp_path / name).mkdir(mode=0o700)
        environment[name] = str(tmp_path / name)
    with (
        (tmp_path / "stderr").open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.window_worker", str(tmp_path / "Tresor"), DEMO_PASSPHRASE],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield Running(process, tmp_path)
        finally:
            process.kill()


def test_the_search_would_find_it(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f"… {SECRETS['note']} …", encoding="utf-16-le")
    (tmp_path / "index").write_text(SECRETS["family_name"].casefold(), encoding="utf-8")
    assert hits(tmp_path) == {("note", "note.txt"), ("family_name", "index")}


def documents(place: Path) -> list[str]:
    """Return PDF files and pictures below `place`: they are compressed, so that no word would be found in them."""
    kinds = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff\xe0")
    return [path.name for path in place.rglob("*") if path.is_file() and path.read_bytes()[:4] in kinds]


def test_nothing_of_a_case_is_in_any_file_title_or_log(running: Running) -> None:
    # While everything is open.
    assert {"Tresor/vault.db", "Tresor/vault.db-wal"} <= running.files()
    assert hits(running.place) == set() and documents(running.place) == []
    elsewhere = [name for name in running.told["files"] if name.startswith("/") and "(deleted)" in name]
    assert elsewhere == []
    log = next(running.place.rglob("kimdesk.log")).read_text(encoding="utf-8")
    assert log.count("a job failed") == 2 and "ValueError" in log and "IntegrityError" in log
    assert len(running.told["bugs"]) == 1
    said = json.dumps(running.told["titles"] + running.told["bugs"], ensure_ascii=False)
    assert "KIM Desk" in said
    assert [name for name, secret in SECRETS.items() if secret in said] == []

    # After the end.
    running.close()
    assert "Tresor/vault.db-wal" not in running.files()
    assert hits(running.place) == set() and documents(running.place) == []
    with open_vault(running.place / "Tresor", DEMO_PASSPHRASE, clock=SystemClock()) as vault:
        desk = build_desk(vault, SystemClock())
        (case,) = desk.cases.list()
        assert case.persons == (f"{SECRETS['given_name']} {SECRETS['family_name']}",)
        drafts = [desk.cases.load_draft(key) for key in desk.cases.drafts()]
        assert any(draft and draft.get("concern") == SECRETS["draft"] for draft in drafts)
