"""What travels: only disclosure control can make it, and the receiver takes nothing else."""

from __future__ import annotations

import ast
import copy
import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kimdesk
from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.reporting._seal import Seal
from kimdesk.reporting.disclosure import build_release
from kimdesk.reporting.release import (
    MAX_BYTES,
    Release,
    ReleaseCell,
    ReleaseNotAnonymised,
    ReleaseTable,
    ReleaseTooLarge,
    ReleaseUnreadable,
    TableState,
    read_tables,
)
from kimdesk.reporting.tables import load_release_rules
from tests.reporting.caseload import COMMUNES, EPOCH_KEY, laptop


def a_release(size: int = 60) -> Release:
    return build_release(
        laptop(size),
        rules=load_release_rules(COMMUNES),
        epoch_key=EPOCH_KEY,
        year=2022,
        quarter=4,
        district="unna",
        subregion="Süd",
        previous=None,
    ).release


def a_value(**changes: Any) -> dict[str, Any]:
    table = {"name": "status", "state": "new", "total": 149, "cells": [["one_off", 38], ["referral", 0]]}
    value: dict[str, Any] = {
        "format": "kimdesk-release-1",
        "year": 2022,
        "quarter": 4,
        "district": "unna",
        "subregion": None,
        "tables": [table | changes.pop("table", {})],
    }
    return value | changes


def test_nobody_else_builds_a_release() -> None:
    with pytest.raises(TypeError):
        Release(2022, 4, "unna", None, ())  # type: ignore[call-arg]  # that is the point
    with pytest.raises(TypeError, match="only"):
        Release(2022, 4, "unna", None, (), seal=Seal())
    with pytest.raises(TypeError, match="only"):
        ReleaseTable("status", TableState.NEW, 3, (), seal=Seal())
    with pytest.raises(TypeError, match="only"):
        ReleaseCell("one_off", 1, seal=Seal())
    release = a_release()
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(release, year=2023)  # type: ignore[call-arg]  # that is the point
    with pytest.raises(dataclasses.FrozenInstanceError):
        release.year = 2023  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError):
        pickle.dumps(release)
    with pytest.raises(TypeError):
        copy.copy(release)


def test_only_disclosure_control_touches_the_seal() -> None:
    package = Path(kimdesk.__file__).parent
    importers = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if any(name.split(".")[-1] in ("_seal", "SEAL") for name in names):
                importers.add(path.relative_to(package).as_posix())
    assert importers == {"reporting/release.py", "reporting/disclosure/build.py"}


def test_what_is_written_is_read() -> None:
    release = a_release()
    data = release.canonical_tables()
    received = read_tables(data)
    assert (received.year, received.quarter, received.district, received.subregion) == (2022, 4, "unna", "Süd")
    assert [(table.name, table.state, table.total) for table in received.tables] == [
        (table.name, table.state, table.total) for table in release.tables
    ]
    for got, sent in zip(received.tables, release.tables, strict=True):
        assert got.cells == tuple((cell.name, cell.published) for cell in sent.cells)
    assert len(data) < MAX_BYTES / 4


def test_the_form_is_the_agreed_one() -> None:
    value = json.loads(a_release().canonical_tables())
    assert set(value) == {"format", "year", "quarter", "district", "subregion", "tables"}
    status = value["tables"][0]
    assert set(status) == {"name", "state", "total", "cells"}
    assert [name for name, _ in status["cells"]] == ["one_off", "referral", "closed", "ongoing", "unknown"]
    assert read_tables(canonical_bytes(a_value())).tables[0].cells == (("one_off", 38), ("referral", 0))


@pytest.mark.parametrize(
    "value",
    [
        a_value(format="kimdesk-release-2"),
        a_value(extra=1),
        a_value(year="2022"),
        a_value(year=True),
        a_value(quarter=5),
        a_value(district="../unna"),
        a_value(district=""),
        a_value(subregion="a\u202eb"),
        a_value(subregion=""),
        a_value(tables={}),
        a_value(tables=[a_value()["tables"][0]] * 2),
        a_value(table={"state": "exact"}),
        a_value(table={"state": ["new"]}),
        a_value(table={"total": None}),
        a_value(table={"total": -1}),
        a_value(table={"total": 10**9}),
        a_value(table={"cells": [["a", None]]}),
        a_value(table={"cells": [["a", 3], ["a", 3]]}),
        a_value(table={"cells": [["a", 3, 4]]}),
        a_value(table={"cells": [["a", "3"]]}),
        a_value(table={"cells": [[["a"], 3]]}),
        a_value(table={"cells": [[f"c{n}", 3] for n in range(300)]}),
        a_value(table={"state": "withheld"}),
        a_value(table={"note": "free text"}),
        [],
        None,
    ],
)
def test_anything_unexpected_is_refused(value: Any) -> None:
    with pytest.raises(ReleaseUnreadable):
        read_tables(canonical_bytes(value))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[" * 60_000,
        json.dumps(a_value()).encode(),
        canonical_bytes(a_value()) + b"\n",
        canonical_bytes(a_value()).replace(b'"quarter":4', b'"quarter":4.0'),
        canonical_bytes(a_value()).replace(b'"quarter":4', b'"quarter":4,"quarter":4'),
        canonical_bytes(a_value()).replace(b"149", b"NaN"),
        canonical_bytes(a_value()).replace(b"149", b"9" * 5000),
        canonical_bytes(a_value()).replace(b"null", b'"\\ud800"'),
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ReleaseUnreadable):
        read_tables(data)


def test_size_and_counts_that_are_never_published_are_refused_by_name() -> None:
    with pytest.raises(ReleaseTooLarge):
        read_tables(b" " * (MAX_BYTES + 1))
    for count in (1, 2):
        with pytest.raises(ReleaseNotAnonymised):
            read_tables(canonical_bytes(a_value(table={"total": count})))
        with pytest.raises(ReleaseNotAnonymised):
            read_tables(canonical_bytes(a_value(table={"cells": [["one_off", count]]})))


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_do_anything_but_be_refused(data: bytes) -> None:
    with pytest.raises(ReleaseUnreadable):
        read_tables(data)
