"""The exact table, figures entered by hand, and releases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.vocabulary import Phase
from kimdesk.foundation.clock import FixedClock
from kimdesk.reporting.classify import Period, QuarterNotOver
from kimdesk.reporting.disclosure import QuarterAlreadyReleased
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.indicators import ExportFormat, ExportNotWritten
from kimdesk.storage import Vault
from tests.services.support import CoordinatingOffice, add_cases

UNNA, LUENEN = "b3_foreigners_authority_unna", "b3_foreigners_authority_luenen"
BOTH = "b3_foreigners_authority_total"


def test_the_table_counts_the_cases_of_the_vault_and_its_parts_close(desk: Desk) -> None:
    add_cases(desk, 30)
    table = desk.figures.indicators(Period.whole_year(2026))
    assert table.value("cases_total") == 30
    assert table.value("persons_total") == 60
    assert table.value("one_off_consultations") == 10
    assert table.value("cases_ongoing") == 20
    for kind in ("status", "access"):
        assert sum(int(row.value or 0) for row in table.rows if row.kind == kind) == 30


def test_years_run_from_the_first_intake_to_today(desk: Desk) -> None:
    assert desk.figures.years() == (2026,)
    assert desk.figures.last_year_with_cases() == 2026
    add_cases(desk, 3, first_day=date(2024, 5, 6))
    assert desk.figures.years() == (2026, 2025, 2024)
    assert desk.figures.last_year_with_cases() == 2024


def test_a_figure_names_the_cases_behind_it(desk: Desk) -> None:
    add_cases(desk, 6)
    year = Period.whole_year(2026)
    one_off = desk.figures.cases_behind("one_off_consultations", year)
    assert [line.client for line in one_off] == ["Samir Haddad 0", "Samir Haddad 3"]
    assert len(desk.figures.cases_behind("persons_total", year)) == 6
    assert desk.figures.cases_behind(UNNA, year) == ()
    bergkamen = next(place for place, name in desk.figures.places() if name == "Bergkamen")
    assert desk.figures.cases_behind("cases_total", year, place=bergkamen) == ()
    with pytest.raises(KeyError):
        desk.figures.cases_behind("gibt_es_nicht", year)


def test_quarters_and_subregions_have_tables_of_their_own(desk: Desk) -> None:
    add_cases(desk, 30)  # a week apart from 12 January, two of three stay open
    first = desk.figures.indicators(Period(date(2026, 1, 1), date(2026, 3, 31)))
    second = desk.figures.indicators(Period(date(2026, 4, 1), date(2026, 6, 30)))
    assert (first.value("cases_total"), second.value("cases_total")) == (12, 21)
    north = next(place for place, name in desk.figures.places() if name == "Nord")
    assert desk.figures.indicators(Period.whole_year(2026), place=north).value("cases_total") == 30
    assert desk.figures.name_of(north) == "Nord"


def test_a_release_names_the_subregion_the_office_works_in(desk: Desk) -> None:
    add_cases(desk, 12)
    assert desk.figures.preview_release(2026, 3).release.subregion is None
    desk.settings.choose_subregion("Nord")
    assert desk.figures.preview_release(2026, 3).release.subregion == "Nord"


def test_the_overview_shows_the_years_up_to_this_one_and_the_way_through_the_phases(desk: Desk) -> None:
    add_cases(desk, 4, first_day=date(2024, 5, 6))
    add_cases(desk, 3)
    shown = desk.figures.overview(Period.whole_year(2026))
    # Of the four of 2024, those not closed at once are open in every year since.
    assert dict(shown.trend)["cases_total"] == ((2024, 4), (2025, 2), (2026, 5))
    assert shown.flow[0] == (Phase.INTAKE, 5)


def test_an_exported_table_is_the_one_shown_and_stands_in_the_log(desk: Desk, tmp_path: Path) -> None:
    add_cases(desk, 6)
    year = Period.whole_year(2026)
    desk.figures.export_indicators(ExportFormat.XLSX, year, tmp_path / "k.xlsx")
    desk.figures.export_indicators(ExportFormat.CSV, year, tmp_path / "k.csv")
    sheet = load_workbook(tmp_path / "k.xlsx").worksheets[0]
    shown = {row[0]: row[2] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert (shown["cases_total"], shown["persons_per_case"], shown[UNNA]) == (6, 2, None)
    assert b"cases_total;Anzahl F" in (tmp_path / "k.csv").read_bytes()
    desk.figures.export_indicators(ExportFormat.PDF, year, tmp_path / "k.pdf")
    assert (tmp_path / "k.pdf").read_bytes().startswith(b"%PDF-")
    rows = [row for row in desk.vault.log(limit=10) if row.action == "export"]
    assert [(row.subject_kind, row.subject_id) for row in rows] == [
        ("figures", "pdf"),
        ("figures", "csv"),
        ("figures", "xlsx"),
    ]
    with pytest.raises(ExportNotWritten):
        desk.figures.export_indicators(ExportFormat.CSV, year, tmp_path / "fehlt" / "k.csv")


def test_a_figure_entered_by_hand_is_kept_for_its_year(desk: Desk, vault: Vault) -> None:
    assert desk.figures.indicators(Period.whole_year(2026)).value(UNNA) is None
    desk.figures.save_manual(2026, UNNA, 0)
    again = build_desk(vault, desk.clock).figures
    assert again.indicators(Period.whole_year(2026)).value(UNNA) == 0
    assert again.indicators(Period.whole_year(2025)).value(UNNA) is None
    again.save_manual(2026, UNNA, None)
    assert again.indicators(Period.whole_year(2026)).value(UNNA) is None


def test_a_sum_stands_only_when_every_part_was_entered(desk: Desk) -> None:
    desk.figures.save_manual(2026, UNNA, 200)
    assert desk.figures.indicators(Period.whole_year(2026)).value(BOTH) is None
    desk.figures.save_manual(2026, LUENEN, 100)
    assert desk.figures.indicators(Period.whole_year(2026)).value(BOTH) == 300


def test_what_was_entered_a_year_ago_stands_as_previous_year(desk: Desk) -> None:
    desk.figures.save_manual(2025, UNNA, 211)
    row = next(row for row in desk.figures.indicators(Period.whole_year(2026)).rows if row.row == UNNA)
    assert (row.value, row.previous) == (None, 211)
    published = next(row for row in desk.figures.indicators(Period.whole_year(2023)).rows if row.row == UNNA)
    assert published.previous == 205  # nothing entered: the published figure of 2022


@pytest.mark.parametrize("value", [-1, 1_000_001])
def test_a_figure_that_cannot_be_is_refused_at_its_row(desk: Desk, value: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        desk.figures.save_manual(2026, UNNA, value)
    assert refused.value.field_name == UNNA
    assert desk.figures.indicators(Period.whole_year(2026)).value(UNNA) is None


def test_a_counted_row_cannot_be_entered(desk: Desk) -> None:
    with pytest.raises(RuleBroken):
        desk.figures.save_manual(2026, "cases_total", 500)


def test_the_preview_is_what_leaves(desk: Desk, office: CoordinatingOffice) -> None:
    add_cases(desk, 30)
    draft = desk.figures.preview_release(2026, 3)
    assert desk.figures.preview_release(2026, 3).release.canonical_tables() == draft.release.canonical_tables()
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    (made,) = desk.figures.releases()
    assert made.explanation == draft.explanation


def test_a_quarter_is_released_once_and_not_before_its_end(desk: Desk, office: CoordinatingOffice) -> None:
    assert desk.figures.due_quarter() == (2026, 3)
    with pytest.raises(QuarterNotOver):
        desk.figures.preview_release(2026, 4)
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 3)
    with pytest.raises(QuarterAlreadyReleased):
        desk.figures.create_release(2026, 3)
    with pytest.raises(QuarterAlreadyReleased):
        desk.figures.preview_release(2026, 2)
    assert len(desk.figures.releases()) == 1


def test_few_changes_repeat_the_last_figures(desk: Desk, vault: Vault, office: CoordinatingOffice) -> None:
    add_cases(desk, 30)
    desk.pushes.enrol(office.invite())
    desk.figures.create_release(2026, 2)
    first = desk.figures.releases()[0]
    later = build_desk(vault, FixedClock(desk.clock.now())).figures
    later.create_release(2026, 3)
    newest, oldest = later.releases()
    assert (newest.sequence, oldest.sequence) == (2, 1)
    assert oldest == first
    status_tables = [release.explanation.tables[0] for release in (newest, oldest)]
    assert status_tables[0].name == status_tables[1].name == "status"
