"""The sums as tables for a spreadsheet. Nothing is in them that the dashboard does not show, in the same protection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kimdesk.coordinator.dashboard import Board
from kimdesk.coordinator.issue_store import IssueRow
from kimdesk.coordinator.sums import Sum, SummedTable
from kimdesk.domain.issue_bands import band_label
from kimdesk.domain.vocabulary import label
from kimdesk.foundation.sheets import Cell
from kimdesk.i18n import _
from kimdesk.i18n.formats import moment

Sheet = tuple[str, list[Sequence[Cell]]]


def figure_rows(board: Board, now: datetime) -> list[Sheet]:
    """Return the sheets of a board: its figures, its trend, and how to read them."""
    place = dict(board.places).get(board.place or "", _("alle"))
    figures: list[Sequence[Cell]] = [
        (_("Jahr"), _("Quartal"), _("Ort"), _("Tabelle"), _("Kategorie"), _("Summe"), _("Spanne ±"), _("Laptops"))
    ]
    for table in board.tables:
        for cell in (*table.cells, table.total):
            name = _(cell.label) if cell is not table.total else _("Insgesamt")
            figures.append((board.year, board.expected_quarter, place, _(table.label), name, *_sum_cells(cell, table)))
    trend: list[Sequence[Cell]] = [
        (_("Jahr"), _("Quartal"), _("Fälle"), _("Spanne ±"), _("Laptops"), _("Personen"), _("Spanne ±"))
    ]
    for cases, persons in zip(board.trend, board.persons_trend, strict=False):
        trend.append(
            (
                cases.year,
                cases.quarter,
                cases.value,
                _rounded(cases.margin),
                cases.laptops,
                persons.value,
                _rounded(persons.margin),
            )
        )
    reading: list[Sequence[Cell]] = [
        (_("So sind die Zahlen zu lesen"),),
        (_("{office}, abgerufen am {moment}").format(office=board.office, moment=moment(now)),),
        (_("Laptops in der Summe: {there} von {all}").format(there=board.in_sum, all=board.enrolled),),
        (
            _(
                "Jede Zahl wurde auf dem Laptop um höchstens 4 verändert, bevor sie ihn verließ. Eine Summe liegt mit "
                "rund 95 Prozent Sicherheit höchstens um die Spanne (±) neben der wahren. Ein leeres Feld ist "
                "zurückgehalten, nicht null. Auch Summen können klein sein: Bitte geben Sie sie nur so weiter."
            ),
        ),
    ]
    return [
        (_("Kennzahlen {year}").format(year=board.year), figures),
        (_("Verlauf"), trend),
        (_("Hinweise"), reading),
    ]


def issue_rows(issues: Sequence[IssueRow], communes: dict[str, str]) -> list[Sheet]:
    """Return the sheet of structural issues and reported gaps."""
    rows: list[Sequence[Cell]] = [
        (
            _("Nummer"),
            _("Art"),
            _("Stufe"),
            _("Stand"),
            _("Titel"),
            _("Beschreibung"),
            _("Vorschlag"),
            _("Lebensbereiche"),
            _("Kommune"),
            _("Fälle"),
            _("Von"),
            _("Eingang"),
        )
    ]
    for issue in issues:
        text = issue.text
        rows.append(
            (
                issue.id,
                _(label(text.kind)),
                _(label(issue.rung)),
                _(label(issue.state)),
                text.title,
                text.text,
                text.proposal,
                ", ".join(_(label(area)) for area in text.life_areas),
                communes.get(text.commune or "", text.subregion or ""),
                _(band_label(text.cases)),
                issue.sender_name,
                issue.received_at.date(),
            )
        )
    return [(_("Strukturmeldungen"), rows)]


def _sum_cells(cell: Sum, table: SummedTable) -> tuple[Cell, Cell, Cell]:
    if cell.value is None:
        return None, None, table.laptops
    return cell.value, _rounded(cell.margin), cell.laptops


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
