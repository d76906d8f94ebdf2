"""What an administrator does with vaults, cases, offers, documents and figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from kimdesk.foundation.clock import FixedClock
from kimdesk.services.demo import DEMO_PASSPHRASE
from kimdesk.services.desk import build_desk
from kimdesk.services.vault import AuditAction, open_vault
from tests.cli.conftest import Cli
from tests.cli.support import PASSPHRASE, files_of, run_program

CHECKS = {"pages", "structure", "foreign_keys", "schema", "audit_chain", "anchor", "keyslots", "rollback", "backups"}


def last_audit_row(folder: Path, action: AuditAction, clock: FixedClock) -> tuple[str, str]:
    """Return kind and id of what the newest row with `action` is about."""
    desk = build_desk(open_vault(folder, DEMO_PASSPHRASE, clock=clock), clock)
    try:
        row = next(row for row in desk.vault.log() if row.action == action)
    finally:
        desk.close()
    return row.subject_kind, row.subject_id


def test_a_vault_is_made_checked_given_a_new_passphrase_and_restored(
    tmp_path: Path, passphrase_file: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, back, new_file = tmp_path / "Tresor", tmp_path / "Zurück", tmp_path / "neu.txt"
    new_file.write_text("eine-ganz-andere-passphrase\n", encoding="utf-8")
    monkeypatch.setenv("KIMDESK_PASSPHRASE_FILE", str(passphrase_file))
    here = ("--vault", folder)

    made = run_program("vault", "create", "--name", "Fallakten", *here, "--json").json
    assert made["folder"] == str(folder) and len(made["recovery_key"]) > 20
    # A passphrase file is accepted as everywhere, though nothing is unlocked.
    info = cli("vault", "info", "--json", *here, "--passphrase-file", new_file).json
    assert (info["name"], info["demo"], info["slots"]) == ("Fallakten", False, ["user", "recovery"])
    assert "liegt schon ein Tresor" in cli("vault", "create", *here).sentence

    backup = cli("vault", "backup", "--json", *here).json["backup"]
    changed = cli("vault", "passphrase", "--new-passphrase-file", new_file, *here)
    assert (changed.code, changed.err) == (0, "")
    assert "Die Passphrase ist falsch." in cli("case", "list", *here).sentence
    found = cli("vault", "check", "--json", *here, "--passphrase-file", new_file).json
    assert {entry["check"] for entry in found} == CHECKS and all(entry["good"] for entry in found)

    assert cli("vault", "restore", backup, "--vault", back).code == 0
    assert cli("case", "list", "--json", "--vault", back).json == []
    recovery = tmp_path / "blatt.txt"
    recovery.write_text(made["recovery_key"] + "\n", encoding="utf-8")
    assert cli("case", "list", "--json", *here, "--passphrase-file", recovery).json == []


def test_a_backup_goes_where_it_is_told_and_opens_like_the_vault(demo: Path, tmp_path: Path, cli: Cli) -> None:
    place = tmp_path / "Stick" / "Sicherungen"
    backup = Path(cli("vault", "backup", "--to", place, "--json", "--vault", demo).json["backup"])
    assert backup.parent == place
    cases = cli("case", "list", "--json", "--vault", demo).json
    assert cli("vault", "restore", backup, "--vault", tmp_path / "Neu").code == 0
    assert cli("case", "list", "--json", "--vault", tmp_path / "Neu").json == cases
    before = files_of(demo)
    assert "liegt schon ein Tresor" in cli("vault", "restore", backup, "--vault", demo).sentence
    assert "liegt kein Tresor" in cli("vault", "restore", tmp_path, "--vault", tmp_path / "Drei").sentence
    assert files_of(demo) == before and not (tmp_path / "Drei").exists()


def test_a_deputy_gets_an_access_and_loses_it(demo: Path, passphrase_file: Path, cli: Cli) -> None:
    here = ("--vault", demo)
    added = cli(
        "vault", "slot-add", "Vertretung 1", "--new-passphrase-file", passphrase_file, "--days", 30, "--json", *here
    )
    access = added.json
    assert (access["kind"], access["label"], access["current"]) == ("deputy", "Vertretung 1", False)
    assert cli("case", "list", "--json", *here, "--passphrase-file", passphrase_file).json
    listed = cli("vault", "slot-list", "--json", *here).json
    assert [entry["kind"] for entry in listed] == ["user", "recovery", "deputy"]
    assert listed[0]["current"] is True
    assert "letzte Zugang" in cli("vault", "slot-remove", listed[0]["id"], *here).sentence
    assert cli("vault", "slot-remove", access["id"], *here).code == 0
    assert "Diesen Zugang gibt es nicht" in cli("vault", "slot-remove", access["id"], *here).sentence
    assert "Passphrase ist falsch" in cli("case", "list", *here, "--passphrase-file", passphrase_file).sentence


def test_a_demo_stops_showing_a_passphrase_that_was_changed(demo: Path, passphrase_file: Path, cli: Cli) -> None:
    assert cli("vault", "passphrase", "--new-passphrase-file", passphrase_file, "--vault", demo).code == 0
    again = cli("demo", "--no-window", "--json", "--vault", demo).json
    assert again == {"folder": str(demo), "created": False, "passphrase": None}
    assert cli("case", "list", "--json", "--vault", demo, "--passphrase-file", passphrase_file).json
    assert not [name for name, data in files_of(demo).items() if PASSPHRASE.encode() in data]


def test_a_case_file_is_shown_by_number_and_the_look_is_logged(demo: Path, clock: FixedClock, cli: Cli) -> None:
    listed = cli("case", "list", "--status", "open", "--json", "--vault", demo).json
    case = listed[0]
    for name in (case["number"], case["id"]):
        file = cli("case", "show", name, "--json", "--vault", demo).json
        assert file["case"]["number"] == case["number"] and file["case"]["id"] == case["id"]
        assert {"members", "assessments", "goals", "measures", "referrals", "contacts", "follow_ups"} <= set(file)
        names = [f"{one['person']['given_name']} {one['person']['family_name']}" for one in file["members"]]
        assert names[0] in case["persons"]
        date.fromisoformat(file["case"]["opened_on"])
    text = cli("case", "show", case["number"], "--vault", demo).out
    assert case["number"] in text and case["persons"][0] in text and file["case"]["concern"] in text
    assert "nicht vorhanden" in cli("case", "show", "KIM-1999-001", "--vault", demo).sentence
    assert last_audit_row(demo, AuditAction.VIEW, clock) == ("case", case["id"])


def test_cases_are_found_by_name_and_by_state(demo: Path, cli: Cli) -> None:
    everything = cli("case", "list", "--json", "--vault", demo).json
    parts = [cli("case", "list", "--status", status, "--json", "--vault", demo).json for status in ("open", "closed")]
    assert all(parts) and sorted(e["id"] for part in parts for e in part) == sorted(e["id"] for e in everything)
    someone = everything[0]["persons"][0]
    assert everything[0] in cli("case", "list", "--text", someone, "--json", "--vault", demo).json
    line = next(
        line for line in cli("case", "list", "--text", someone, "--vault", demo).out.splitlines() if someone in line
    )
    assert line.startswith("KIM-20")


def test_offers_are_found_best_first(demo: Path, cli: Cli) -> None:
    hits = cli("offers", "search", "Sprachkurs", "--json", "--vault", demo).json
    assert hits and all(set(hit) == {"id", "external_id", "title", "score"} for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert all(UUID(hit["id"]) and isinstance(hit["external_id"], str) for hit in hits)
    assert cli("offers", "search", "Sprachkurs", "--limit", 2, "--json", "--vault", demo).json == hits[:2]
    assert cli("offers", "search", "qqqqqq", "--json", "--vault", demo).json == []
    shown = cli("offers", "search", "Sprachkurs", "--vault", demo).out
    assert hits[0]["title"] in shown.splitlines()[0]
    assert (
        "Diesen Lebensbereich gibt es nicht"
        in cli("offers", "search", "x", "--life-area", "y", "--vault", demo).sentence
    )


def test_the_documents_are_listed_without_a_vault(cli: Cli) -> None:
    listed = cli("print", "list", "--json").json
    spoken = {entry["document"]: set(entry["languages"]) for entry in listed}
    assert {"offer-sheet", "note", "consent", "appointment", "conference-minutes"} <= spoken.keys()
    assert all({"de", "ar", "ti", "uk"} <= spoken[document] for document in ("offer-sheet", "note", "consent"))
    assert "Angebotsblatt" in cli("print", "list").out


def test_an_offer_sheet_lies_beside_its_german(
    demo: Path, tmp_path: Path, clock: FixedClock, cli: Cli, poppler: Callable[..., bytes]
) -> None:
    offer = cli("offers", "search", "Sprachkurs", "--json", "--vault", demo).json[0]
    out = tmp_path / "Blatt.pdf"
    languages = ("--language", "ar", "--language", "de")
    made = cli("print", "offer-sheet", "--offer", offer["id"], *languages, "--out", out, "--vault", demo)
    assert (made.code, made.out) == (0, "")
    assert "unverschlüsselt" in made.err and str(out) in made.err
    text = poppler("pdftotext", out.read_bytes()).decode()
    assert offer["title"].split()[0] in text and any("\u0600" <= letter <= "\u06ff" for letter in text)
    assert last_audit_row(demo, AuditAction.EXPORT, clock) == ("offer", offer["id"])


def test_a_note_is_printed_for_a_case(
    demo: Path, tmp_path: Path, clock: FixedClock, cli: Cli, poppler: Callable[..., bytes]
) -> None:
    german, tigrinya, out = tmp_path / "de.txt", tmp_path / "ti.txt", tmp_path / "Mitteilung.pdf"
    german.write_text("Bitte bringen Sie Ihren Ausweis mit.", encoding="utf-8-sig")
    tigrinya.write_text("ከመይ ሓዲርኩም", encoding="utf-8")
    case = cli("case", "list", "--json", "--vault", demo).json[0]["id"]
    common = ("--case", case, "--out", out, "--vault", demo)
    made = cli("print", "note", "--title", "Termin", "--text-file", german, *common)
    assert made.code == 0, made.err
    text = poppler("pdftotext", out.read_bytes()).decode()
    assert "Termin" in text and "Ihren Ausweis" in text and "Demo Fallmanagement" in text
    assert last_audit_row(demo, AuditAction.EXPORT, clock) == ("case", case)
    both = ("--language", "ti", "--language", "de", "--text-file", tigrinya, "--text-file", german)
    assert cli("print", "note", *both, *common).code == 0
    text = poppler("pdftotext", out.read_bytes()).decode()
    assert "Ihren Ausweis" in text and "ሓዲርኩም" in text


def test_documents_of_a_case_are_printed_together_with_values_by_hand(
    demo: Path, tmp_path: Path, clock: FixedClock, cli: Cli, poppler: Callable[..., bytes]
) -> None:
    out = tmp_path / "Mappe.pdf"
    case = cli("case", "list", "--json", "--vault", demo).json[0]
    common = ("--case", case["id"], "--out", out, "--vault", demo)
    values = ("--set", "on=30.11.2026", "--set", "at=09:30", "--set", "place=Zimmer 214")
    made = cli("print", "appointment+consent", *values, "--language", "uk", *common)
    assert made.code == 0, made.err
    text = " ".join(poppler("pdftotext", out.read_bytes()).decode().split())
    assert case["persons"][0] in text and "Zimmer 214" in text and "Ich willige ein." in text
    assert last_audit_row(demo, AuditAction.EXPORT, clock) == ("case", case["id"])
    assert "30.11.2026" in cli("print", "appointment", "--set", "on=bald", *common).sentence
    assert cli("print", "brief", *common).code == 1
    listed = cli("print", "list", "--json").json
    assert "on" in next(entry["set"] for entry in listed if entry["document"] == "appointment")


def test_figures_come_as_a_table_for_spreadsheets(demo: Path, cli: Cli) -> None:
    shown = cli("indicators", "--year", 2022, "--csv", "--vault", demo)
    rows = list(csv.DictReader(io.StringIO(shown.out), delimiter=";"))
    values = {row["row"]: row["y2022"] for row in rows}
    assert (values["cases_total"], values["persons_per_case"]) == ("149", "2.4")
    assert values["b3_foreigners_authority_unna"] == ""
    readable = cli("indicators", "--year", 2022, "--vault", demo).out
    assert any(line.split() == ["149", "Anzahl", "Fälle", "KIM"] for line in readable.splitlines())
    assert "2,4" in readable


@pytest.mark.parametrize("profile", ["unna", "unna-35-02-01"])
def test_the_set_of_figures_can_be_named(demo: Path, cli: Cli, profile: str) -> None:
    printed = cli("indicators", "--year", 2022, "--profile", profile, "--json", "--vault", demo).json
    assert {row["row"] for row in printed["rows"]} >= {"cases_total", "status_unknown", "b3_naturalisation_total"}
    assert cli("indicators", "--year", 2022, "--profile", "../x", "--vault", demo).code == 1
