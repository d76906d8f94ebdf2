"""Whatever is wrong: one sentence on stderr, exit code 1, and what was there is as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from kimdesk.foundation.clock import SystemClock
from kimdesk.storage.vault.attempts import record_failure
from tests.cli.conftest import Cli
from tests.cli.support import files_of, run_program

HSDS_PERSON = b'[{"id": "ac148810-d857-441c-9679-408f346de14b", "name": "Beratung", "status": "active"}]'


def spoil(path: Path) -> None:
    """Overwrite a stretch in the middle of a file."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(data)


def test_a_damaged_database_is_named_and_stays(demo: Path, cli: Cli) -> None:
    spoil(demo / "vault.db")
    before = files_of(demo)
    assert "Datenbank des Tresors ist beschädigt" in cli("case", "list", "--vault", demo).sentence
    assert files_of(demo) == before


def test_damaged_keyslots_are_named_and_stay(demo: Path, cli: Cli) -> None:
    for path in demo.glob("keyslots.json*"):
        path.write_bytes(b'{"magic": "kimdesk-va')
    before = files_of(demo)
    for command in (["case", "list"], ["vault", "info"], ["demo", "--no-window", "--fresh"]):
        assert "keyslots.json" in cli(*command, "--vault", demo).sentence
    assert files_of(demo) == before


def test_altered_files_raise_the_alarm(demo: Path, cli: Cli) -> None:
    (demo / "anchor.json").unlink()
    assert "anchor.json" in cli("case", "list", "--vault", demo).sentence


@pytest.mark.parametrize(
    "command",
    [
        ["vault", "info"],
        ["vault", "check"],
        ["vault", "backup"],
        ["case", "list"],
        ["offers", "search", "Kurs"],
        ["indicators", "--year", "2022"],
        ["release", "preview"],
        ["release", "history"],
    ],
    ids=" ".join,
)
def test_a_folder_without_a_vault_stays_as_it_is(command: list[str], tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "Bericht.txt").write_bytes(b"wichtig")
    assert "liegt kein Tresor" in cli(*command, "--vault", tmp_path).sentence
    assert "liegt kein Tresor" in cli(*command, "--vault", tmp_path / "gibt-es-nicht").sentence
    assert files_of(tmp_path) == {"Bericht.txt": b"wichtig"}


def test_a_wrong_passphrase_waits_longer_each_time(demo: Path, passphrase_file: Path, cli: Cli) -> None:
    wrong = ("case", "list", "--vault", demo, "--passphrase-file", passphrase_file)
    before = (demo / "vault.db").read_bytes()
    for _attempt in range(2):
        assert cli(*wrong).sentence == "Die Passphrase ist falsch. Bitte versuchen Sie es noch einmal."
    assert "Bitte warten Sie 2 s" in cli(*wrong).sentence
    for _attempt in range(6):  # some minutes ago, so that the next try is allowed
        record_failure(demo, SystemClock().now() - timedelta(minutes=5))
    assert "Bitte warten Sie 60 s" in cli(*wrong).sentence
    assert "kurz gesperrt" in cli(*wrong).sentence
    assert "kurz gesperrt" in cli("case", "list", "--vault", demo).sentence, "nor with the right one"
    assert (demo / "vault.db").read_bytes() == before


def test_without_terminal_and_file_the_passphrase_is_asked_for(tmp_path: Path, cli: Cli) -> None:
    assert "mit --passphrase-file eine Datei" in run_program("vault", "create", "--vault", tmp_path / "T").sentence
    assert not (tmp_path / "T").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "lässt sich nicht lesen"),
        (b"", "erste Zeile"),
        (b"\n  \nspaeter", "erste Zeile"),
        ("Straße und Brücke".encode("latin-1"), "UTF-8"),
        (b"kurz\n", "mindestens 12 Zeichen"),
    ],
    ids=["missing", "empty", "second line", "latin-1", "short"],
)
def test_a_passphrase_file_that_cannot_be_used(content: bytes | None, says: str, tmp_path: Path, cli: Cli) -> None:
    path, folder = tmp_path / "p.txt", tmp_path / "T"
    if content is not None:
        path.write_bytes(content)
    assert says in cli("vault", "create", "--vault", folder, "--passphrase-file", path).sentence
    assert says in cli("demo", "--no-window", "--vault", folder, "--passphrase-file", path).sentence
    assert sorted(tmp_path.iterdir()) == ([] if content is None else [path])


def test_a_passphrase_is_never_an_argument(demo: Path, cli: Cli) -> None:
    said = cli("case", "list", "--vault", demo, "--passphrase", "geheim")
    assert said.code == 2 and "geheim" not in said.err


@pytest.mark.parametrize(
    ("content", "file_format", "says"),
    [
        (None, "integreat", "Diese Datei gibt es nicht"),
        (b"", "integreat", "ist leer"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "integreat", ""),
        (b"%PDF-1.7\n1 0 obj\nendobj", "hsds", ""),
        (b'{"offers": [', "hsds-page", ""),
        (HSDS_PERSON, "integreat", ""),
        (b'{"id": 1', "hsds", ""),
    ],
    ids=["missing", "empty", "pdf", "pdf as text", "cut off", "hsds as integreat", "half an object"],
)
def test_a_file_that_holds_no_such_offers(
    content: bytes | None, file_format: str, says: str, demo: Path, tmp_path: Path, cli: Cli
) -> None:
    path = tmp_path / "angebote.json"
    if content is not None:
        path.write_bytes(content)
    every = ("offers", "search", "kreis", "--limit", 500, "--json", "--vault", demo)
    before = cli(*every).json
    refused = cli("offers", "import", path, "--format", file_format, "--json", "--vault", demo)
    assert says in refused.sentence and "Bitte" in refused.sentence
    assert cli(*every).json == before


@pytest.fixture
def prints(demo: Path, tmp_path: Path, cli: Cli) -> Callable[..., str]:
    """Return a call of `kimdesk print` that must fail and leave the file of a former print alone."""
    out, text = tmp_path / "out.pdf", tmp_path / "text.txt"
    out.write_bytes(b"former print")

    def call(*arguments: object, text_bytes: bytes = b"Guten Tag") -> str:
        text.write_bytes(text_bytes)
        said = cli("print", *arguments, "--text-file", text, "--out", out, "--vault", demo).sentence
        assert out.read_bytes() == b"former print"
        return said

    return call


def test_documents_that_cannot_be_printed(prints: Callable[..., str]) -> None:
    unknown = "0f0c013f-b9cb-58ec-9761-000000000000"
    assert "„zeugnis“ gibt es nicht" in prints("zeugnis")
    assert "„xx“" in prints("note", "--language", "xx")
    assert "--offer" in prints("offer-sheet")
    assert "nicht vorhanden" in prints("offer-sheet", "--offer", unknown)
    assert "noch leer" in prints("note", text_bytes=b" \n")
    assert "UTF-8" in prints("note", text_bytes="Grüße".encode("latin-1"))
    assert "zu jeder sprache" in prints("note", "--language", "ar", "--language", "ti").lower()


def test_a_character_without_a_font_names_the_font(prints: Callable[..., str]) -> None:
    # Todhri came into Unicode in 2024; a machine that has a font for it needs another letter here.
    said = prints("note", text_bytes="Name: \U000105c0".encode())
    assert "U+105C0" in said and "Noto Sans Todhri" in said and "installieren" in said


def test_a_place_that_cannot_be_written(demo: Path, tmp_path: Path, cli: Cli) -> None:
    text = tmp_path / "text.txt"
    text.write_text("Guten Tag", encoding="utf-8")
    out = tmp_path / "kein-ordner" / "out.pdf"
    said = cli("print", "note", "--text-file", text, "--out", out, "--vault", demo).sentence
    assert "lässt sich nicht schreiben" in said and str(out) in said
    assert not out.parent.exists()
    assert "--text-file" in cli("print", "note", "--out", out, "--vault", demo).sentence
    assert "--out" in cli("print", "note", "--text-file", text, "--vault", demo).sentence
    missing = tmp_path / "nicht-da.txt"
    assert "nicht-da.txt" in cli("print", "note", "--text-file", missing, "--out", out, "--vault", demo).sentence
