"""The demonstration vault: what it holds, how it is made, and that nothing of it can be read without its key."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.services.cases import CaseFilter
from kimdesk.services.demo import DEMO_OFFICE, DEMO_PASSPHRASE, ensure_demo
from kimdesk.services.desk import build_desk
from kimdesk.services.vault import make_vault, open_vault
from kimdesk.storage import KeyDerivation
from tests.cli.conftest import Cli
from tests.cli.support import PASSPHRASE, ROOT, files_of, run_program

# Opens the vault, changes something so that the database has an open log, and waits until its input ends.
_HOLDER = """
import sys
from pathlib import Path
from kimdesk.foundation.clock import SystemClock
from kimdesk.services.desk import build_desk
from kimdesk.services.vault import open_vault
clock = SystemClock()
desk = build_desk(open_vault(Path(sys.argv[1]), sys.argv[2], clock=clock), clock)
desk.cases.save_draft("page:consultation", {"concern": sys.argv[3]})
for row in desk.cases.list():
    desk.cases.file(row.id)
print("open", flush=True)
sys.stdin.read()
desk.close()
"""
_DRAFT = "Wohnung feucht, Schimmel im Kinderzimmer"


@pytest.fixture
def holder(demo: Path) -> Iterator[Path]:
    """A demo vault that another process holds open, in the middle of its work."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(demo), DEMO_PASSPHRASE, _DRAFT],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline().strip() == "open"
        yield demo
        process.stdin.close()
        process.wait(60)


def published(shared: Path) -> dict[str, str]:
    """The district's own figures of 2022 by row."""
    with (shared / "data" / "kennzahlen-unna.csv").open(encoding="utf-8", newline="") as file:
        return {row["row"]: row["y2022"] for row in csv.DictReader(file)}


def test_the_figures_of_2022_are_the_published_ones(demo: Path, shared: Path) -> None:
    printed = run_program("indicators", "--year", 2022, "--json", "--vault", demo).json
    assert printed["year"] == 2022
    values = {row["row"]: row["value"] for row in printed["rows"]}
    expected: dict[str, Any] = {
        row: None if row.startswith("b3_") else int(value) for row, value in published(shared).items()
    }
    expected |= {"persons_per_case": 2.4, "status_unknown": 20, "access_unknown": 3}
    assert values == expected
    status = ("one_off_consultations", "referrals_to_third_parties", "cases_closed", "cases_ongoing", "status_unknown")
    assert sum(values[row] for row in status) == values["cases_total"]
    assert sum(value for row, value in values.items() if row.startswith("access_")) == values["cases_total"]
    assert all(row["label"] for row in printed["rows"])


def test_real_offers_come_in_once(demo: Path, shared: Path, cli: Cli) -> None:
    pages = shared / "data" / "integreat" / "lkaugsburg-de-pages.json"
    command = ("offers", "import", pages, "--format", "integreat", "--json", "--vault", demo)
    assert cli(*command).json == {"added": 210, "changed": 0, "unchanged": 0, "empty": 28, "refused": []}
    assert cli(*command).json == {"added": 0, "changed": 0, "unchanged": 210, "empty": 28, "refused": []}


def test_cases_are_listed_with_the_fields_scripts_rely_on(demo: Path, cli: Cli) -> None:
    listed = cli("case", "list", "--json", "--vault", demo).json
    assert len(listed) > 149
    assert all(set(entry) == {"id", "number", "persons", "phase", "commune"} for entry in listed)
    assert all(entry["commune"].startswith("05978") and entry["persons"] for entry in listed)
    assert len({entry["number"] for entry in listed}) == len({entry["id"] for entry in listed}) == len(listed)


def words_that_must_not_show(folder: Path, clock: FixedClock) -> set[str]:
    """Names of all clients, their parts of six letters or more, and what they are worried about."""
    desk = build_desk(open_vault(folder, DEMO_PASSPHRASE, clock=clock), clock)
    try:
        words = {_DRAFT}
        for row in desk.cases.list(CaseFilter(status="all")):
            words.update(row.persons)
            words.update(part for name in row.persons for part in name.split() if len(part) >= 6)
            concern = desk.cases.file(row.id).case.concern
            words.update([concern, *(part for part in concern.split() if len(part) >= 12)])
    finally:
        desk.close()
    return {word for word in words if word}


def found_in_clear(folder: Path, words: set[str]) -> list[tuple[str, str]]:
    return [
        (name, word)
        for name, data in files_of(folder).items()
        for word in words
        for form in (word.encode(), word.encode("utf-16-le"))
        if form in data
    ]


def test_no_name_and_no_concern_lies_in_clear(holder: Path, made_demo: Path, tmp_path: Path, clock: FixedClock) -> None:
    copy = copy_of(made_demo, tmp_path / "Lesen")
    words = words_that_must_not_show(copy, clock)
    assert len(words) > 300
    assert "vault.db-wal" in files_of(holder), "the other process should be in the middle of its work"
    assert not found_in_clear(holder, words)
    assert not found_in_clear(copy, words)
    assert found_in_clear(holder, {"Demo Kreis Unna"}), "the search itself finds what is in clear"


def copy_of(source: Path, target: Path) -> Path:
    for name, data in files_of(source).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return target


def test_a_vault_open_elsewhere_stays_with_its_owner(holder: Path, cli: Cli) -> None:
    said = cli("case", "list", "--vault", holder).sentence
    assert "schon in einem anderen Fenster oder Programm geöffnet" in said
    assert "schon in einem anderen" in cli("demo", "--no-window", "--fresh", "--vault", holder).sentence


def test_an_existing_demo_is_opened_unchanged(demo: Path, cli: Cli) -> None:
    before = files_of(demo)
    again = cli("demo", "--no-window", "--json", "--vault", demo).json
    assert again == {"folder": str(demo), "created": False, "passphrase": DEMO_PASSPHRASE}
    assert files_of(demo) == before


def test_fresh_makes_a_demo_anew_and_leaves_nothing_beside_it(demo: Path, cli: Cli) -> None:
    before = json.loads((demo / "keyslots.json").read_bytes())["vault"]
    beside = sorted(path.name for path in demo.parent.iterdir())
    assert cli("demo", "--no-window", "--fresh", "--json", "--vault", demo).json["created"] is True
    assert json.loads((demo / "keyslots.json").read_bytes())["vault"] != before
    assert sorted(path.name for path in demo.parent.iterdir()) == beside
    assert len(cli("case", "list", "--json", "--vault", demo).json) > 149


def test_a_real_vault_is_never_taken_for_a_demo(
    tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, cli: Cli
) -> None:
    folder = tmp_path / "Tresor"
    make_vault(folder, PASSPHRASE, name="Fallakten", clock=clock, kdf=cheap_kdf).vault.close()
    before = files_of(folder)
    for extra in ([], ["--fresh"]):
        assert "keine Demo" in cli("demo", "--no-window", *extra, "--vault", folder).sentence
    assert files_of(folder) == before


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "Bericht.txt").write_text("wichtig", encoding="utf-8")
    for extra in ([], ["--fresh"]):
        assert "enthält schon Dateien" in cli("demo", "--no-window", *extra, "--vault", tmp_path).sentence
    assert files_of(tmp_path) == {"Bericht.txt": b"wichtig"}


def test_a_demo_with_its_own_passphrase_does_not_show_it(tmp_path: Path, passphrase_file: Path, cli: Cli) -> None:
    folder = tmp_path / "Demo"
    made = cli("demo", "--no-window", "--json", "--vault", folder, "--passphrase-file", passphrase_file).json
    assert made == {"folder": str(folder), "created": True, "passphrase": None}
    assert not [name for name, data in files_of(folder).items() if PASSPHRASE.encode() in data]
    assert cli("vault", "info", "--json", "--vault", folder).json["demo"] is True
    assert "--passphrase-file" in cli("case", "list", "--vault", folder).sentence
    assert cli("case", "list", "--json", "--vault", folder, "--passphrase-file", passphrase_file).json


def test_what_a_kill_left_while_building_is_cleared_away(tmp_path: Path, clock: FixedClock) -> None:
    left = tmp_path / ".Demo.0badcafe.demo"
    (left / "Tresor").mkdir(parents=True)
    (left / "Tresor" / "vault.db").write_bytes(b"half")
    ensure_demo(tmp_path / "Demo", clock=clock)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Demo"]


def test_the_office_of_the_demo_is_an_invented_one(demo: Path, clock: FixedClock) -> None:
    desk = build_desk(open_vault(demo, DEMO_PASSPHRASE, clock=clock), clock)
    try:
        assert desk.vault.is_demo and desk.vault.name == "Demo Kreis Unna"
        assert desk.settings.office() == DEMO_OFFICE
        assert desk.settings.profile().id == "unna"
        assert desk.offers.count() > 10
        assert desk.offers.install_directory().added == 0
    finally:
        desk.close()
    assert "Demo" in DEMO_OFFICE.person and DEMO_OFFICE.email.endswith("@example.org")
