"""The exact indicator table as pages: tables with plan and year before, and the pictures beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kimdesk.domain.vocabulary import label
from kimdesk.foundation.errors import N_
from kimdesk.i18n import _
from kimdesk.i18n.formats import number, short_date
from kimdesk.reporting.indicators import IndicatorKind, IndicatorRow
from kimdesk.services.indicators import IndicatorOverview
from kimdesk.services.prints import letterhead
from kimdesk.services.settings import Office

_GROUPS = {
    IndicatorKind.STATUS: N_("Fälle"),
    IndicatorKind.ACCESS: N_("Zugangswege"),
    IndicatorKind.MANUAL: N_("Baustein 3"),
    IndicatorKind.SUM: N_("Baustein 3"),
}


def report_pages(overview: IndicatorOverview, place: str, office: Office, today: date, language: str) -> bytes:
    """Return the report as a PDF in the language of the window. Raises what the documents raise (`FontMissing` …)."""
    # Late: ReportLab and its fonts are loaded where the first page is made.
    from kimdesk.documents.papers.coordination import IndicatorReport, Picture
    from kimdesk.documents.papers.coordination import IndicatorRow as ReportRow
    from kimdesk.documents.printing import print_papers

    table = overview.table
    period = table.period
    rows = tuple(
        ReportRow(_(row.label), _figure(row.value), _figure(row.plan), _figure(row.previous), _group(row))
        for row in table.rows
    )
    pictures = [
        Picture(_("Stand der Fälle"), _bars(table.rows, IndicatorKind.STATUS)),
        Picture(_("Zugangswege"), _bars(table.rows, IndicatorKind.ACCESS)),
        Picture(_("Weg durch die Phasen"), tuple((_(label(phase)), float(cases)) for phase, cases in overview.flow)),
        *(
            Picture(_(_label_of(table.rows, name)), tuple((str(year), float(value or 0)) for year, value in years))
            for name, years in overview.trend
        ),
    ]
    report = IndicatorReport(
        title=place,
        period=f"{short_date(period.start)} – {short_date(period.reference_date)}",
        place=place,
        as_of=short_date(today),
        rows=rows,
        pictures=tuple(picture for picture in pictures if picture.values),
        notes=(_("Plan und veröffentlichte Zahlen: {source}").format(source=table.source),) if table.source else (),
    )
    return print_papers([report], [language], letterhead(office), today)


def _figure(value: int | Decimal | None) -> str:
    return "" if value is None else number(float(value))


def _group(row: IndicatorRow) -> str:
    return _(_GROUPS.get(row.kind, _GROUPS[IndicatorKind.STATUS]))


def _bars(rows: tuple[IndicatorRow, ...], kind: IndicatorKind) -> tuple[tuple[str, float], ...]:
    return tuple((_(row.label), float(row.value or 0)) for row in rows if row.kind is kind)


def _label_of(rows: tuple[IndicatorRow, ...], name: str) -> str:
    return next(row.label for row in rows if row.row == name)
