"""Papers for the coordinating office: the indicator report and the structural issue paper. They hold no personal data.

Their readers are offices, so their texts are those of the user interface (German, English), not of the handouts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kimdesk.documents.catalogue import INDICATOR_REPORT, STRUCTURAL_ISSUE, DocumentKind
from kimdesk.documents.marks import Words
from kimdesk.documents.sheet import Entry, Sheet
from kimdesk.foundation.errors import N_

_REPORT = N_("Kennzahlenbericht")
_REPORT_LEAD = N_(
    "Kennzahlen des Fallmanagements, gezählt am Arbeitsplatz. Nicht anonymisiert: nur für den Dienstgebrauch."
)
_INDICATOR = N_("Kennzahl")
_ACTUAL = N_("Ist")
_PLANNED = N_("Plan")
_PREVIOUS = N_("Vergleich")
_YEAR = N_("Zeitraum")
_PROFILE = N_("Bereich")
_AS_OF = N_("Stand")
_ISSUE = N_("Strukturmeldung")
_ISSUE_LEAD = N_(
    "Hier fehlt etwas im System, nicht bei einer einzelnen Person. Das Papier enthält keine Personendaten."
)
_TOPIC = N_("Thema")
_AREA = N_("Lebensbereich")
_RUNG = N_("Stufe")
_CASES = N_("Betroffene Fälle")
_OBSERVED = N_("Was wir beobachten")
_CONSEQUENCE = N_("Folgen für die Ratsuchenden")
_TRIED = N_("Was schon versucht wurde")
_PROPOSAL = N_("Vorschlag")
_DECISION = N_("Entscheidung und Rückmeldung")


@dataclass(frozen=True)
class IndicatorRow:
    """A row of the report; figures as shown, empty where there is none. `group` heads the rows that have it."""

    label: str
    actual: str = ""
    planned: str = ""
    previous: str = ""
    group: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture of bars: a title, and label and value of each; a trend over years, a partition, a flow of phases."""

    title: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class IndicatorReport:
    """The exact figures of a period with plan and comparison. All texts come ready in the language of the report."""

    KIND: ClassVar[DocumentKind] = INDICATOR_REPORT
    title: str
    period: str
    place: str = ""
    as_of: str = ""
    rows: tuple[IndicatorRow, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> Words:
        return _REPORT

    def write(self, sheet: Sheet) -> None:
        sheet.title(_REPORT, subject=self.title)
        sheet.lead(_REPORT_LEAD)
        sheet.fields(Entry(_YEAR, self.period), Entry(_PROFILE, self.place, 2), Entry(_AS_OF, self.as_of))
        for group in dict.fromkeys(row.group for row in self.rows):
            if group:
                sheet.section(group)
            rows = [(row.label, row.actual, row.planned, row.previous) for row in self.rows if row.group == group]
            sheet.table((_INDICATOR, _ACTUAL, _PLANNED, _PREVIOUS), rows, (6, 1.3, 1.3, 1.3))
        for picture in self.pictures:
            sheet.section(picture.title)
            sheet.bars(picture.values)
        for note in self.notes:
            sheet.typed(note, 9.5)


@dataclass(frozen=True)
class StructuralIssuePaper:
    """A structural issue on its way up the ladder."""

    KIND: ClassVar[DocumentKind] = STRUCTURAL_ISSUE
    title: str = ""
    area: str = ""
    rung: str = ""
    cases: str = ""
    observed: str = ""
    consequence: str = ""
    tried: str = ""
    proposal: str = ""
    decision: str = ""

    @property
    def heading(self) -> Words:
        return _ISSUE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_ISSUE)
        sheet.lead(_ISSUE_LEAD)
        sheet.fields(Entry(_TOPIC, self.title))
        sheet.fields(Entry(_AREA, self.area), Entry(_RUNG, self.rung, 1.4), Entry(_CASES, self.cases, 0.8))
        parts = (
            (_OBSERVED, self.observed, 4),
            (_CONSEQUENCE, self.consequence, 3),
            (_TRIED, self.tried, 2),
            (_PROPOSAL, self.proposal, 4),
            (_DECISION, self.decision, 3),
        )
        for label, value, lines in parts:
            sheet.fields(Entry(label, value, lines=lines))
