"""What an import or update would do, before it is done; and what it did."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from kimdesk.i18n import _
from kimdesk.i18n.formats import number
from kimdesk.offers.changes import FIELD_WORDS
from kimdesk.offers.report import Refusal
from kimdesk.offers.staging import VERDICT_WORDS, Verdict
from kimdesk.services.offer_imports import ImportPreview, StagedRow
from kimdesk.services.offers import ImportReport
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets import Banner, CheckField, Column, DataTable, EmptyState, Text, column, row

_FIGURES = (Verdict.ADDED, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.MISSING, Verdict.EMPTY, Verdict.REFUSED)


class ReviewView(QWidget):
    """Counts and records of a staged import. Missing offers stay unless they are chosen to leave."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = Banner("", Meaning.INFO)
        self.figures: dict[Verdict, Text] = {}
        across = row(space=Space.XL)
        for verdict in _FIGURES:
            self.figures[verdict] = Text("0", "figure")
            across.addLayout(column(self.figures[verdict], Text(_(VERDICT_WORDS[verdict]), "meta"), space=0))
        across.addStretch(1)
        self.remove_all = CheckField(
            _("Herausnehmen, was nicht mehr enthalten ist (einzeln: Eingabetaste in der Liste)")
        )
        self.remove_all.changed.connect(self._remove_all)
        self.table: DataTable[StagedRow] = DataTable(
            [
                Column(_("Was geschieht"), self._verdict, width=230),
                Column(_("Eintrag"), lambda one: one.title, note=details_of),
            ],
            name=_("Was sich ändern würde"),
            empty=EmptyState(Icon.CHECK, _("Nichts zu tun"), _("Alles steht schon so im Verzeichnis."), compact=True),
        )
        self.table.opened.connect(self._toggle)
        self._leaving: set[UUID] = set()
        self._rows: tuple[StagedRow, ...] = ()
        layout = column(self.summary, across, self.remove_all, self.table, space=Space.M)
        layout.setStretch(3, 1)
        self.setLayout(layout)

    def show_preview(self, preview: ImportPreview, *, remove: bool = False) -> None:
        """Show a staged import; with `remove` the missing offers are chosen to leave."""
        for verdict, text in self.figures.items():
            text.setText(number(preview.counts.get(verdict, 0)))
        self._rows = preview.rows
        self._leaving = set(preview.missing) if remove else set()
        self.remove_all.setVisible(bool(preview.missing))
        self.remove_all.set_value(remove)
        if preview.changes_nothing:
            self.summary.set_text(_("Es gibt nichts zu übernehmen. Das Verzeichnis ist unverändert."), Meaning.INFO)
        else:
            self.summary.set_text(
                _("Noch ist nichts geschrieben. Sehen Sie die Änderungen durch und übernehmen Sie sie dann."),
                Meaning.INFO,
            )
        self.table.set_rows(self._rows)

    def leaving(self) -> frozenset[UUID]:
        """Return the missing offers chosen to leave the directory."""
        return frozenset(self._leaving)

    def _remove_all(self) -> None:
        missing = {one.offer_id for one in self._rows if one.verdict is Verdict.MISSING and one.offer_id is not None}
        self._leaving = missing if self.remove_all.value() else set()
        self.table.set_rows(self._rows)

    def _toggle(self, one: StagedRow) -> None:
        if one.verdict is Verdict.MISSING and one.offer_id is not None:
            self._leaving ^= {one.offer_id}
            self.table.set_rows(self._rows)

    def _verdict(self, one: StagedRow) -> str:
        if one.verdict is Verdict.MISSING:
            return _("wird herausgenommen") if one.offer_id in self._leaving else _("nicht mehr enthalten, bleibt")
        return _(VERDICT_WORDS[one.verdict])


def details_of(one: StagedRow) -> str:
    """Return what a preview says beside a record: the changed fields, or why it was refused."""
    if one.verdict is Verdict.CHANGED:
        return ", ".join(dict.fromkeys(_(FIELD_WORDS.get(name, name)) for name in one.details))
    if one.verdict in (Verdict.REFUSED, Verdict.NOTICE):
        reason, *places = one.details
        return reason_of(Refusal("", reason, tuple(zip(places[::2], places[1::2], strict=True))))
    return ""


def reason_of(refusal: Refusal) -> str:
    """Return the sentence of a refusal or notice in the language of the window."""
    return _(refusal.reason).format_map(dict(refusal.parameters))


class ReportView(QWidget):
    """Figures of what an import did, and the records left out with their reasons."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = Banner("", Meaning.GOOD)
        self.figures: dict[str, Text] = {}
        across = row(space=Space.XL)
        for name, word in (
            ("added", _("neu")),
            ("changed", _("geändert")),
            ("unchanged", _("unverändert")),
            ("removed", _("herausgenommen")),
            ("empty", _("leer, ausgelassen")),
            ("refused", _("nicht lesbar")),
        ):
            self.figures[name] = Text("0", "figure")
            across.addLayout(column(self.figures[name], Text(word, "meta"), space=0))
        across.addStretch(1)
        self.refused: DataTable[Refusal] = DataTable(
            [
                Column(_("Eintrag, und was dazu zu sagen ist"), lambda refusal: refusal.record, note=reason_of),
            ],
            name=_("Nicht oder nicht ganz übernommene Einträge"),
            filter_row=False,
        )
        self.refused.hide()
        self._rest = QWidget()
        layout = column(self.summary, across, self.refused, space=Space.L)
        layout.addWidget(self._rest, 1)
        self.setLayout(layout)

    def show_report(self, report: ImportReport) -> None:
        """Show what an import did."""
        counts = {
            "added": report.added,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "removed": report.removed,
            "empty": report.empty,
            "refused": len(report.refused),
        }
        for name, count in counts.items():
            self.figures[name].setText(number(count))
        remarks: Iterable[Refusal] = (*report.refused, *report.notices)
        self.refused.set_rows(tuple(remarks))
        self.refused.setVisible(bool(report.refused or report.notices))
        self._rest.setVisible(not (report.refused or report.notices))
        if report.refused or report.notices:
            self.summary.set_text(
                _("Die lesbaren Einträge sind übernommen. Was nicht ganz übernommen wurde, steht unten mit dem Grund."),
                Meaning.ATTENTION,
            )
        elif report.added or report.changed or report.removed:
            self.summary.set_text(_("Das Verzeichnis ist auf dem Stand der Datei."), Meaning.GOOD)
        else:
            self.summary.set_text(_("Die Datei enthält nichts Neues. Das Verzeichnis ist unverändert."), Meaning.INFO)
