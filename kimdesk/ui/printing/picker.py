"""A small dialog to choose one thing from many: type, arrow down, Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kimdesk.domain.views import CaseSummary
from kimdesk.i18n import _, ngettext
from kimdesk.services.cases import CaseFilter, CaseService
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.widgets import Button, Text, TextField, announce, column, describe, put, row, size_within_screen

_PAUSE_MILLISECONDS = 120
_MOST = 100


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to choose: `value` is handed back."""

    title: str
    detail: str
    value: object


class PickDialog(QDialog):
    """`chosen(value)` once, when something was chosen; `search` runs in the worker."""

    chosen = Signal(object)

    def __init__(
        self, parent: QWidget, title: str, placeholder: str, search: Callable[[str], Sequence[Pick]], jobs: Jobs
    ) -> None:
        super().__init__(parent)
        put(self, role="window")
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._search, self._jobs = search, jobs
        self._picks: list[Pick] = []
        self.line = TextField(placeholder, symbol=Icon.SEARCH, role="search")
        self.line.set_names(title, _("Pfeil nach unten führt zur Liste."))
        self.line.line.setClearButtonEnabled(True)
        self.list = QListWidget()
        describe(self.list, _("Auswahl"), _("Die Eingabetaste wählt aus."))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = Text(_("Nichts gefunden. Versuchen Sie ein anderes Wort."), "muted", wrap=True)
        self.nothing.hide()
        self.accept_button = Button(_("Auswählen"), "primary", on_click=self._choose_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        layout.addLayout(column(Text(title, "section"), self.line))
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)
        layout.addLayout(row(None, Button(_("Abbrechen"), on_click=self.reject), self.accept_button))
        size_within_screen(self, 460, 420)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._ask)
        self.line.changed.connect(self._pause.start)
        self.list.itemActivated.connect(lambda _item: self._choose_current())
        self._ask()

    def _ask(self) -> None:
        text = self.line.value()
        self._jobs.read(lambda: tuple(self._search(text))[:_MOST], self._show, owner=self, latest="pick")

    def _show(self, picks: tuple[Pick, ...]) -> None:
        self._picks = list(picks)
        self.list.clear()
        for pick in self._picks:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{pick.title}, {pick.detail}")
            self.list.addItem(item)
            lines = QWidget()
            words = column(Text(pick.title, "strong", elide=True), Text(pick.detail, "meta", elide=True), space=0)
            words.setContentsMargins(Space.S, Space.XS, Space.S, Space.XS)
            lines.setLayout(words)
            item.setSizeHint(QSize(0, lines.sizeHint().height() + 2 * Space.S))
            self.list.setItemWidget(item, lines)
        if self._picks:
            self.list.setCurrentRow(0)
        self.nothing.setVisible(not self._picks)
        self.accept_button.setEnabled(bool(self._picks))
        found = ngettext("{n} Eintrag", "{n} Einträge", len(self._picks)).format(n=len(self._picks))
        announce(self.list, found if self._picks else self.nothing.text())

    def picks(self) -> Sequence[Pick]:
        """Return what is listed."""
        return tuple(self._picks)

    def _choose_current(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self._picks):
            value = self._picks[place].value
            self.accept()
            self.chosen.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._pause.isActive():  # what is listed is not what was typed
                self._pause.stop()
                self._ask()
            else:
                self._choose_current()
        elif event.key() == Qt.Key.Key_Down and self.line.line.hasFocus():
            self.list.setFocus()
        else:
            super().keyPressEvent(event)


def pick_case(parent: QWidget, cases: CaseService, jobs: Jobs) -> PickDialog:
    """Return the dialog to choose an open case by number or name; its `chosen` hands over a `CaseSummary`."""

    def search(text: str) -> list[Pick]:
        found = cases.list(CaseFilter(text=text, status="open"))
        return [Pick(case_title(case), case_detail(case), case) for case in found]

    return PickDialog(parent, _("Offenen Fall wählen"), _("Nummer oder Name"), search, jobs)


def case_title(case: CaseSummary) -> str:
    """Return the persons of a case for a line of their own; the number where nobody is entered."""
    return ", ".join(case.persons[:3]) or case.number


def case_detail(case: CaseSummary) -> str:
    """Return number and commune of a case."""
    return " · ".join(part for part in (case.number, case.commune_name) if part)


def find_case(cases: CaseService, case_id: UUID) -> CaseSummary | None:
    """Return the case's row in the list, open or closed, or None."""
    return next((case for case in cases.list(CaseFilter(status="all")) if case.id == case_id), None)
