"""From the invitation to the receipt by commands alone, with everything that can go wrong on the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kimdesk.coordinator import commands
from kimdesk.foundation.clock import FixedClock
from tests.cli.conftest import Cli
from tests.cli.support import ROOT, one_line
from tests.services.support import CoordinatingOffice, running_office


@pytest.fixture
def office_folder(tmp_path: Path, cli: Cli) -> Path:
    """A coordinating office as `coordinator init` makes it."""
    folder = tmp_path / "Stelle"
    options = ("--folder", folder, "--url", "http://127.0.0.1:9", "--name", "KI Kreis Unna")
    made = cli("coordinator", "init", *options, "--json").json
    assert made["user"] == "admin" and made["passphrase"] and len(made["fingerprint"].split()) == 5
    assert "schon eine koordinierende Stelle" in cli("coordinator", "init", *options).sentence
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run `kimdesk coordinator serve` on a free port and give its address."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "kimdesk", "coordinator", "serve", "--folder", str(folder), "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.terminate()
        process.wait(30)


def test_a_release_waits_for_the_office_and_arrives(demo: Path, office_folder: Path, tmp_path: Path, cli: Cli) -> None:
    here, invitation = ("--vault", demo), tmp_path / "einladung.json"
    assert "noch mit keiner koordinierenden Stelle" in cli("release", "create", *here).sentence
    assert "noch mit keiner koordinierenden Stelle" in cli("release", "send", *here).sentence

    with served(office_folder) as address:
        named = ("coordinator", "invite", "--folder", office_folder, "Fallmanagement Lünen", "--out", invitation)
        assert cli(*named, "--address", address, "--days", 3).code == 0
        joined = cli("enrol", invitation, "--json", *here).json
        assert joined["office"] == "KI Kreis Unna" and joined["confirmed"] is True and joined["fingerprint"]
        assert "bereits mit „KI Kreis Unna“ verbunden" in cli("enrol", invitation, *here).sentence
        assert "Diesen Namen gibt es schon" in cli(*named).sentence

    made = cli("release", "create", "--year", 2022, "--quarter", 4, "--json", *here).json
    assert made == {"sequence": 1, "year": 2022, "quarter": 4}
    assert "schon eine Meldung" in cli("release", "create", "--year", 2022, *here).sentence

    failed = cli("release", "send", "--json", *here)
    assert failed.code == 1 and '"waiting": 1' in failed.out and '"problem": "unreachable"' in failed.out
    assert "nicht erreichbar" in one_line(failed.err)
    assert cli("release", "send", *here).sentence == one_line(failed.err)
    assert [entry["state"] for entry in cli("release", "history", "--json", *here).json] == ["waiting"]

    with served_again(office_folder, address):
        sent = cli("release", "send", "--json", *here).json
        assert sent == {"received": [1], "held_back": [], "deposited": 0, "waiting": 0, "problem": None}
        assert "nichts" in cli("release", "send", *here).out
    assert "zugestellt" in cli("release", "history", *here).out


@contextmanager
def served_again(folder: Path, address: str) -> Iterator[None]:
    """Run the office at the address it had before."""
    server = commands.run_in_thread(folder, port=int(address.rsplit(":", 1)[1]))
    try:
        yield
    finally:
        server.stop()


def test_what_leaves_is_shown_before_and_differs_from_the_truth(demo: Path, cli: Cli) -> None:
    draft = cli("release", "preview", "--year", 2022, "--json", "--vault", demo).json
    assert (draft["year"], draft["quarter"]) == (2022, 4)
    cells = [cell for table in draft["tables"] for cell in table["cells"]]
    assert {cell["true"] for cell in cells} >= {38, 29, 12, 50}
    assert any(cell["true"] != cell["published"] for cell in cells)
    assert all(cell["published"] not in (1, 2) for cell in cells)
    assert cli("release", "preview", "--year", 2022, "--json", "--vault", demo).json == draft
    assert "Stand der Fälle" in cli("release", "preview", "--year", 2022, "--vault", demo).out
    assert "noch nicht zu Ende" in cli("release", "preview", "--year", 2199, "--vault", demo).sentence


def test_a_stick_carries_everything(demo: Path, office_folder: Path, tmp_path: Path, cli: Cli) -> None:
    here, stick, invitation = ("--vault", demo), tmp_path / "Stick", tmp_path / "Stick" / "einladung.json"
    stick.mkdir()
    assert cli("coordinator", "invite", "--folder", office_folder, "Lünen", "--out", invitation).code == 0
    asked = cli("enrol", invitation, "--folder", stick, *here)
    assert asked.code == 0 and "Fingerabdruck" in asked.out and "wieder hierher" in asked.out
    received = cli("coordinator", "receive", "--folder", office_folder, stick, "--json").json
    assert received["enrolled"] == ["Lünen"] and received["refused"] == []
    assert cli("enrol", invitation, "--folder", stick, "--json", *here).json["confirmed"] is True
    assert cli("release", "create", "--year", 2022, "--quarter", 4, *here).code == 0
    assert cli("release", "send", "--folder", stick, "--json", *here).json["deposited"] == 1
    (stick / "kim-meldung-x-000001-x.kimdesk").write_bytes(b"kaputt")
    received = cli("coordinator", "receive", "--folder", office_folder, stick, "--json").json
    assert received["counted"] == 1
    assert [entry["file"] for entry in received["refused"]] == ["kim-meldung-x-000001-x.kimdesk"]
    assert cli("release", "send", "--folder", stick, "--json", *here).json["received"] == [1]
    assert cli("coordinator", "receive", "--folder", office_folder, stick, "--json").json["repeated"] == 1

    gone = tmp_path / "abgezogen"
    assert cli("release", "create", "--year", 2023, "--quarter", 4, *here).code == 0
    assert "fehlt, ist voll oder schreibgeschützt" in cli("release", "send", "--folder", gone, *here).sentence
    assert "kann nicht gelesen werden" in cli("coordinator", "receive", "--folder", office_folder, gone).sentence
    assert [entry["state"] for entry in cli("release", "history", "--json", *here).json] == ["waiting", "received"]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[CoordinatingOffice]:
    """An office that handed out an invitation a month ago."""
    clock = FixedClock(datetime.now(UTC) - timedelta(days=30))
    with running_office(tmp_path / "office", clock) as office:
        yield office


def test_an_invitation_that_cannot_be_used(demo: Path, running: CoordinatingOffice, tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "einladung.json"
    good = running.invite()
    for content, says in (
        (good, "Die Einladung ist abgelaufen."),
        (good[:-20], "beschädigt"),
        (good.replace(b"KI Kreis Unna", b"KI Kreis Wesel"), "Unterschrift"),
        (b"%PDF-1.7", "beschädigt"),
        (b"", "beschädigt"),
        (bytes(100_000), "zu groß"),
    ):
        path.write_bytes(content)
        assert says in cli("enrol", path, "--vault", demo).sentence
    assert "lässt sich nicht lesen" in cli("enrol", tmp_path / "weg.json", "--vault", demo).sentence
    assert "noch mit keiner koordinierenden Stelle" in cli("release", "send", "--vault", demo).sentence


def test_the_office_looks_after_its_users(office_folder: Path, tmp_path: Path, cli: Cli) -> None:
    added = cli("coordinator", "user-add", "--folder", office_folder, "leitung")
    assert added.code == 0 and "Passphrase" in added.out
    assert "Diesen Namen gibt es schon" in cli("coordinator", "user-add", "--folder", office_folder, "leitung").sentence
    for command in (
        ["user-add", "x"],
        ["invite", "x", "--out", str(tmp_path / "i.json")],
        ["receive", str(tmp_path)],
        ["serve"],
    ):
        said = cli("coordinator", command[0], "--folder", tmp_path, *command[1:]).sentence
        assert "keine vollständige koordinierende Stelle" in said
    out = tmp_path / "kein-ordner" / "i.json"
    refused = cli("coordinator", "invite", "--folder", office_folder, "Unna", "--out", out).sentence
    assert "lässt sich nicht schreiben" in refused
