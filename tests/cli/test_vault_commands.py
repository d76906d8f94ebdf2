"""Revoking, restoring and reading the log from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def second_file(tmp_path: Path) -> Path:
    path = tmp_path / "zweite.txt"
    path.write_text("Kompass Regen Birne Tinte\n", encoding="utf-8")
    return path


def test_a_deputy_is_revoked_by_another_key(demo: Path, second_file: Path, cli: Cli) -> None:
    here = ("--vault", demo)
    access = cli("vault", "slot-add", "Vertretung 1", "--new-passphrase-file", second_file, "--json", *here).json
    backup = cli("vault", "backup", "--json", *here).json["backup"]
    rotated = cli("vault", "rotate", "--drop", access["id"], "--json", *here).json
    assert rotated == {
        "dropped": [access["id"]],
        "reissue": [],
        "backups_reencrypted": 1,
        "backups_deleted": 0,
        "backups_left": [],
        "finished": True,
    }
    assert all(finding["good"] for finding in cli("vault", "check", "--json", *here).json)
    assert "Die Passphrase ist falsch" in cli("case", "list", *here, "--passphrase-file", second_file).sentence
    seen = cli("vault", "restore", f"{backup}-2", "--preview", "--json").json
    assert seen["cases"] == len(cli("case", "list", "--json", *here).json)


def test_a_backup_is_looked_into_and_takes_the_place_of_the_vault(demo: Path, cli: Cli) -> None:
    here = ("--vault", demo)
    backup = cli("vault", "backup", "--json", *here).json["backup"]
    (listed,) = cli("vault", "backup-list", "--json", *here).json
    assert listed["path"] == backup and listed["reason"] == "manual"
    cases = cli("case", "list", "--json", *here).json
    (demo / "vault.db").write_bytes(b"kaputt")
    restored = cli("vault", "restore", backup, "--replace", "--json", *here).json
    assert (Path(restored["kept"]) / "vault.db").read_bytes() == b"kaputt"
    assert cli("case", "list", "--json", *here).json == cases
    actions = [row["action"] for row in cli("vault", "log", "--json", *here).json]
    assert "restore" in actions


def test_a_changed_backup_is_not_restored_with_its_passphrase(demo: Path, tmp_path: Path, cli: Cli) -> None:
    backup = Path(cli("vault", "backup", "--json", "--vault", demo).json["backup"])
    data = bytearray((backup / "vault.db").read_bytes())
    data[-100] ^= 1
    (backup / "vault.db").write_bytes(data)
    assert "beschädigt" in cli("vault", "restore", backup, "--preview").sentence
    assert "beschädigt" in cli("vault", "restore", backup, "--vault", tmp_path / "Neu").sentence
    assert not (tmp_path / "Neu").exists()
    found = cli("vault", "check", "--json", "--vault", demo)
    assert found.code == 1
    assert [finding["check"] for finding in json.loads(found.out) if not finding["good"]] == ["backups"]


def test_the_recovery_key_is_used_once_in_words_and_replaced(
    tmp_path: Path, passphrase_file: Path, second_file: Path, cli: Cli
) -> None:
    folder = tmp_path / "Tresor"
    here = ("--vault", folder)
    made = cli("vault", "create", "--json", "--passphrase-file", passphrase_file, *here).json
    words = tmp_path / "blatt.txt"
    words.write_text(" ".join(made["recovery_words"]), encoding="utf-8")
    said = cli("vault", "passphrase", "--new-passphrase-file", second_file, "--passphrase-file", words, *here)
    assert said.code == 0 and "verbraucht" in said.out
    assert "falsch" in cli("vault", "check", "--passphrase-file", words, *here).sentence
    assert cli("vault", "health", "--json", "--passphrase-file", second_file, *here).json == []


def test_the_log_is_filtered_and_handed_out(demo: Path, tmp_path: Path, cli: Cli) -> None:
    here = ("--vault", demo)
    case = cli("case", "list", "--json", *here).json[0]
    cli("case", "show", case["number"], *here)
    row, *_earlier = cli("vault", "log", "--case", case["number"], "--action", "view", "--json", *here).json
    assert row["access"] == "Eigene Passphrase" and case["number"] in row["subject"]
    out = tmp_path / "protokoll.csv"
    assert cli("vault", "log", "--case", case["number"], "--out", out, *here).code == 0
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][0] == "Nummer" and "angesehen" in {line[3] for line in rows}
    assert cli("vault", "log", "--out", tmp_path / "alles.json", *here).code == 0
    assert "export" in {entry["action"] for entry in json.loads((tmp_path / "alles.json").read_text("utf-8"))}
    assert "gibt es nicht" in cli("vault", "log", "--case", "KIM-1900-001", *here).sentence
