"""The tour as a user starts it: the whole job in one go, with pictures and PDFs that are really there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from kimdesk.services.demo import DEMO_PASSPHRASE

ROOT = Path(__file__).resolve().parent.parent.parent
LEAST_PICTURES = 15


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder a tour has filled."""
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("tour") / "out"
    environment = {name: str(home / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    finished = subprocess.run(
        [sys.executable, "-m", "kimdesk", "tour", "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return folder


def test_every_step_of_the_job_is_in_the_report(out: Path) -> None:
    report = json.loads((out / "tour.json").read_text(encoding="utf-8"))
    steps = {step["step"]: step for step in report["steps"]}
    assert list(steps)[:2] == ["demo", "unlock"]
    assert {"home", "consultation", "case file", "offers", "handout ar", "figures", "coordinator"} <= set(steps)
    assert steps["figures"]["rows"]["cases_total"] == 149
    assert steps["coordinator"]["received"] == 1
    assert steps["coordinator"]["dashboard"]["Laptops in der Summe"] == "1"


def test_pictures_show_something_and_have_the_size_of_a_small_screen(out: Path) -> None:
    pictures = sorted(out.glob("[0-9][0-9]-*.png"))
    assert len(pictures) >= LEAST_PICTURES
    for path in pictures:
        image = QImage(str(path))
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
        assert len(colours) > 10, path.name
        assert image.width() <= 1366, path.name


def test_pdfs_are_those_of_the_report_and_the_passphrase_is_in_no_file(out: Path) -> None:
    report = json.loads((out / "tour.json").read_text(encoding="utf-8"))
    exported = {step["file"]: step["bytes"] for step in report["steps"] if "file" in step}
    assert {path.name: path.stat().st_size for path in out.glob("*.pdf")} == exported
    assert all(path.read_bytes().startswith(b"%PDF-") for path in out.glob("*.pdf"))
    assert DEMO_PASSPHRASE not in (out / "tour.json").read_text(encoding="utf-8")
