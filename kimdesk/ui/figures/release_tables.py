"""The tables of a release: what is published, why, and on request the true figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.reporting.disclosure import REASON_LABELS, ExplainedFigure, ExplainedTable, Explanation, Reason
from kimdesk.reporting.tables import ReleaseRules
from kimdesk.ui.design import Icon, theme
from kimdesk.ui.figures.beside import Beside
from kimdesk.ui.figures.words import figure, reason_word, table_state_sentence, table_state_word
from kimdesk.ui.widgets import Badge, Column, DataTable, EmptyState, SectionCard, Text, describe

_ROW_HEIGHT = 30


@dataclass(frozen=True)
class _Row:
    figure: ExplainedFigure
    is_shown: bool
    """Whether the true count may be read."""


class ReleaseTables(QWidget):
    """The list of tables at the left, the chosen one at the right. True figures stay hidden until asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._tables: Sequence[ExplainedTable] = ()
        self._rules: ReleaseRules | None = None
        self._true_figures = False
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        describe(self.list, _("Tabellen der Meldung"))
        self.list.currentRowChanged.connect(lambda _place: self._show_table())
        self.state = Badge("")
        self.unit = Text("", "meta")
        self.sentence = Text("", "muted", wrap=True)
        self.legend = Text("", "meta", wrap=True)
        columns: list[Column[_Row]] = [
            Column(_("Angabe"), lambda entry: _(entry.figure.label)),
            Column(
                _("gemeldet"),
                lambda entry: figure(entry.figure.published),
                86,
                sort=lambda entry: entry.figure.published,
                right=True,
                strong=True,
            ),
            Column(
                _("wahre Zahl"),
                lambda entry: figure(entry.figure.true_count) if entry.is_shown else "•••",
                96,
                sort=lambda entry: entry.figure.true_count if entry.is_shown else None,
                right=True,
            ),
            Column(_("Grund"), lambda entry: reason_word(entry.figure.reason), 116),
        ]
        self.table: DataTable[_Row] = DataTable(
            columns,
            name=_("Zahlen der Tabelle"),
            filter_row=False,
            row_height=_ROW_HEIGHT,
            empty=EmptyState(Icon.FIGURES, _("Nichts zu zeigen"), "", compact=True),
        )
        self.table.setMinimumHeight(theme().px(200))
        self.card = SectionCard(" ", actions=(self.state,))
        self.card.add(self.sentence)
        self.card.add(self.table, 1)
        self.card.add(self.legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.list.setMinimumHeight(theme().px(120))
        layout.addWidget(Beside(self.card, self.list, narrowest=560, side_width=204, side_first=True))

    def show_explanation(self, explanation: Explanation, rules: ReleaseRules) -> None:
        """Show a release; the table chosen before stays chosen."""
        place = max(self.list.currentRow(), 0)
        self._tables, self._rules = explanation.tables, rules
        self.list.blockSignals(True)
        self.list.clear()
        for table in self._tables:
            word, meaning = table_state_word(table.state)
            item = QListWidgetItem(f"{_(table.label)}\n{word}" if meaning else _(table.label))
            item.setToolTip(f"{_(table.label)}: {word}")
            self.list.addItem(item)
        self.list.setCurrentRow(min(place, len(self._tables) - 1))
        self.list.blockSignals(False)
        self._show_table()

    def show_true_figures(self, shown: bool) -> None:
        """Show or hide the true figures."""
        self._true_figures = shown
        self._show_table()

    def choose(self, name: str) -> None:
        """Show the table of this name."""
        for place, table in enumerate(self._tables):
            if table.name == name:
                self.list.setCurrentRow(place)

    def _show_table(self) -> None:
        place = self.list.currentRow()
        if not 0 <= place < len(self._tables) or self._rules is None:
            return
        table = self._tables[place]
        word, meaning = table_state_word(table.state)
        self.card.title.setText(_(table.label))
        self.card.set_note(_("Personen") if table.counts_persons else _("Fälle"))
        self.state.setText(word)
        self.state.setProperty("meaning", meaning.value if meaning else "")
        self.state.set_meaning(meaning)
        self.sentence.setText(table_state_sentence(table, self._rules))
        figures = (table.total, *table.cells)
        self.table.set_rows([_Row(entry, self._true_figures) for entry in figures])
        reasons = dict.fromkeys(entry.reason for entry in figures)
        explained = [_(REASON_LABELS[reason]) for reason in reasons if reason is not Reason.ZERO]
        self.legend.setText("\n".join(explained))
