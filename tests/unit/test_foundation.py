"""Canonical JSON, clock, errors, log and resources."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimdesk.foundation import paths
from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.clock import FixedClock, SystemClock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.log import PlaceFormatter, describe_without_values, set_up_logging
from kimdesk.foundation.resources import data_root, resource, translations_folder

ROOT = Path(__file__).resolve().parents[2]

# JSON values without floats: what a figure that travels may be made of.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_canonical_json_has_one_form() -> None:
    value = {"b": [1, None, True], "a": {"ü": "Łódź", "a": ""}}
    assert canonical_bytes(value) == '{"a":{"a":"","ü":"Łódź"},"b":[1,null,true]}'.encode()
    assert canonical_bytes(dict(reversed(value.items()))) == canonical_bytes(value)


@given(VALUES)
def test_canonical_json_reads_back_as_it_was(value: Any) -> None:
    assert json.loads(canonical_bytes(value)) == value


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, {"a": (float("nan"),)}, {1: "a"}, {"a": date(2026, 1, 1)}])
def test_canonical_json_refuses_what_has_no_one_form(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_bytes(value)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 22, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), date(2026, 11, 21)),
        # In summer the office's midnight is an hour earlier in UTC.
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        # The night the clocks go forward (29 March) and back (25 October).
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_today_is_the_day_in_the_office(moment: datetime, day: date) -> None:
    assert FixedClock(moment).today() == day


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(days=-1))
    assert clock.now() == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)


def test_a_clock_needs_a_time_zone() -> None:
    with pytest.raises(ValueError):
        FixedClock(datetime(2026, 11, 20))  # noqa: DTZ001 - the naive moment is what is refused


def test_the_machine_s_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


class _NoRoom(KnownError):
    default_message = N_("Auf {drive} ist kein Platz mehr.")


def test_a_known_error_fills_its_sentence() -> None:
    assert str(_NoRoom(drive="E:")) == "Auf E: ist kein Platz mehr."
    assert str(KnownError("Bitte {name} prüfen.", name="die Datei")) == "Bitte die Datei prüfen."


def test_a_known_error_survives_a_missing_parameter() -> None:
    assert str(_NoRoom()) == "Auf {drive} ist kein Platz mehr."


def _fail_with(error: Exception) -> BaseException:
    try:
        raise error
    except Exception as caught:
        return caught


def test_the_log_names_type_and_place_but_not_what_an_error_quotes() -> None:
    error = _fail_with(ValueError("Olena Kovalenko, geb. 1.2.1990"))
    record = logging.LogRecord("kimdesk", logging.ERROR, __file__, 1, "job failed", None, (type(error), error, None))
    text = PlaceFormatter("%(message)s").format(record)
    assert "Kovalenko" not in text
    assert "job failed" in text and "ValueError" in text


def test_a_known_error_is_described_by_its_sentence_without_parameters() -> None:
    text = describe_without_values(_fail_with(_NoRoom(drive="Kovalenko")))
    assert "Auf {drive} ist kein Platz mehr." in text and "Kovalenko" not in text
    assert "test_foundation.py" in text and str(Path(__file__).parent) not in text


def test_the_log_file_holds_no_values(tmp_path: Path) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up_logging(tmp_path / "log")
        try:
            raise LookupError("Kovalenko")
        except LookupError:
            logging.getLogger("kimdesk.test").info("lookup", exc_info=True)
        (handler,) = root.handlers
        handler.close()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    text = (tmp_path / "log" / "kimdesk.log").read_text(encoding="utf-8")
    assert "LookupError" in text and "test_foundation.py" in text
    assert "Kovalenko" not in text


def test_of_another_library_only_the_place_is_logged() -> None:
    error = _fail_with(ValueError("Kovalenko"))
    exc_info = (type(error), error, None)
    record = logging.LogRecord("fontTools", logging.WARNING, "/lib/subset.py", 7, "for %s", ("Kovalenko",), exc_info)
    text = PlaceFormatter("%(levelname)s %(name)s %(message)s").format(record)
    assert text.splitlines()[:2] == ["WARNING fontTools subset.py:7", "ValueError"]
    assert "Kovalenko" not in text


def test_a_log_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    (tmp_path / "log").write_text("a file in its place", encoding="utf-8")
    try:
        set_up_logging(tmp_path / "log")
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


_FAILING_EVERYWHERE = """
import logging, sys, threading
from pathlib import Path
from kimdesk.foundation.log import log_what_python_would_print, set_up_logging

class Gone:
    def __del__(self):
        raise ValueError("Kovalenko")

def fail():
    raise ValueError("Kovalenko")

set_up_logging(Path(sys.argv[1]))
log_what_python_would_print()
thread = threading.Thread(target=fail)
thread.start()
thread.join()
del (gone := [Gone()])[0]
logging.getLogger("kimdesk").info("%d", "Kovalenko")
"""


def test_python_prints_no_error_that_nobody_caught(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FAILING_EVERYWHERE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    log = (tmp_path / "kimdesk.log").read_text(encoding="utf-8")
    assert log.count("ValueError") == 2
    assert "Kovalenko" not in log + done.stdout + done.stderr


def test_resources_are_found_in_the_checkout() -> None:
    assert data_root("resources").is_dir()
    assert resource("districts", "unna.toml").parent.name == "districts"
    assert translations_folder().name == "translations"


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        data_root("nowhere")


def test_vault_demo_log_and_settings_have_separate_places() -> None:
    places = [paths.default_vault_folder(), paths.demo_vault_folder(), paths.log_folder(), paths.settings_file()]
    assert len(set(places)) == len(places)
