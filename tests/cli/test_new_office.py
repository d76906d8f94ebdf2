"""As a new user at the coordinating office: set it up, invite two laptops, receive by network and stick, read, export.

Everything is a real process and a real file, as an administrator would type it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openpyxl
import pytest

from kimdesk.sync.enrolment import read_invitation
from tests.cli.conftest import Cli
from tests.cli.support import ROOT
from tests.coordinator.browsing import form_token, text_of


@contextmanager
def serving(folder: Path, port: str = "0") -> Iterator[str]:
    """Run the service and give its address; it is killed at the end, as when the power fails."""
    command = [sys.executable, "-u", "-m", "kimdesk", "coordinator", "serve", "--folder", str(folder), "--port", port]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.kill()
        process.wait(30)


@pytest.fixture
def two_laptops(demo: Path, tmp_path: Path, cli: Cli) -> tuple[Path, Path]:
    """Two vaults with the demonstration's cases; the second is the first one's twin before either has joined."""
    passphrase = tmp_path / "passphrase.txt"
    passphrase.write_text("Apfel Brücke Segel Laterne\n", encoding="utf-8")
    second = tmp_path / "zweiter"
    made = cli("vault", "create", "--vault", second, "--name", "Bönen", "--new-passphrase-file", passphrase)
    if made.code:
        made = cli("vault", "create", "--vault", second, "--name", "Bönen", "--passphrase-file", passphrase)
    assert made.code == 0, made.err
    return demo, second


def test_an_office_begins_its_work(two_laptops: tuple[Path, Path], tmp_path: Path, cli: Cli) -> None:
    first, second = two_laptops
    office, stick = tmp_path / "Stelle", tmp_path / "Stick"
    stick.mkdir()
    secret = ("--passphrase-file", tmp_path / "passphrase.txt")
    made = cli("coordinator", "init", "--folder", office, "--url", "http://127.0.0.1:1", "--name", "KI", "--json").json

    with serving(office) as address:
        port = address.rsplit(":", 1)[1]
        invite = ("coordinator", "invite", "--folder", office, "--address", address)
        online, offline = tmp_path / "luenen.json", stick / "boenen.json"
        qr = tmp_path / "luenen.svg"
        assert cli(*invite, "Lünen", "--commune", "05978024", "--qr", qr, "--out", online).code == 0
        assert qr.read_bytes().lstrip().startswith(b"<?xml") and read_invitation(online.read_bytes()).addresses
        assert cli(*invite, "Bönen", "--commune", "05978008", "--out", offline).code == 0

        # Lünen joins and sends over the network.
        assert cli("enrol", online, "--json", "--vault", first).json["confirmed"] is True
        assert cli("release", "create", "--year", 2022, "--quarter", 4, "--vault", first).code == 0
        assert cli("release", "send", "--json", "--vault", first).json["received"] == [1]

    # The power fails, and comes back: nothing is lost, and Bönen's stick arrives meanwhile.
    assert cli("enrol", offline, "--folder", stick, "--vault", second, *secret).code == 0
    assert cli("coordinator", "receive", "--folder", office, stick, "--json").json["enrolled"] == ["Bönen"]
    assert cli("enrol", offline, "--folder", stick, "--json", "--vault", second, *secret).json["confirmed"] is True
    assert cli("release", "create", "--year", 2022, "--quarter", 4, "--vault", second, *secret).code == 0
    assert cli("release", "send", "--folder", stick, "--json", "--vault", second, *secret).json["deposited"] == 1
    assert cli("coordinator", "receive", "--folder", office, stick, "--json").json["counted"] == 1
    assert cli("release", "send", "--folder", stick, "--json", "--vault", second, *secret).json["received"] == [1]

    passphrase = cli("coordinator", "user-add", "--folder", office, "leitung").out.split()[-1]
    with serving(office, port) as address, httpx.Client(base_url=address, trust_env=False, timeout=60) as browser:
        for name, word in ((made["user"], made["passphrase"]), ("leitung", passphrase)):
            token = form_token(browser.get("/login"))
            fields = {"form_token": token, "name": name, "passphrase": word}
            assert browser.post("/login", data=fields).status_code == 303
            page = text_of(browser.get("/?year=2022").text)
            assert "Laptops in der Summe 2 von 2" in page and "Kennzahlen 2022" in page
            browser.cookies.clear()

    workbook, lines = tmp_path / "zahlen.xlsx", tmp_path / "zahlen.csv"
    assert cli("coordinator", "export", "--folder", office, "--year", 2022, "--out", workbook).code == 0
    assert cli("coordinator", "export", "--folder", office, "--year", 2022, "--csv", "--out", lines).code == 0
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["Kennzahlen 2022", "Verlauf", "Hinweise"]
    sums = [row[5].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert any(sums) and not {1, 2} & set(sums)
    assert lines.read_text(encoding="utf-8-sig").splitlines()[0].startswith("Jahr;Quartal;Ort;Tabelle;")

    # One laptop is lost, and the office moves to another machine.
    assert "abgemeldet" in cli("coordinator", "revoke", "--folder", office, "Bönen").out
    assert cli("release", "create", "--year", 2023, "--quarter", 4, "--vault", second, *secret).code == 0
    assert cli("release", "send", "--folder", stick, "--json", "--vault", second, *secret).json["deposited"] == 1
    refused = cli("coordinator", "receive", "--folder", office, stick, "--json").json
    assert refused["counted"] == 0 and any("abgemeldet" in entry["reason"] for entry in refused["refused"])
    backup = tmp_path / "stelle.age"
    assert cli("coordinator", "backup", "--folder", office, "--out", backup, *secret).code == 0
    moved = cli("coordinator", "restore", "--folder", tmp_path / "Neu", backup, *secret)
    assert moved.code == 0 and "wieder eingerichtet" in moved.out
    assert (
        "vollständige Sicherung"
        in cli("coordinator", "restore", "--folder", tmp_path / "Drei", online, *secret).sentence
    )
