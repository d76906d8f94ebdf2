"""The recovery key on the screen: words and groups, to be printed or copied by hand, with a proof that it was."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kimdesk.i18n import _
from kimdesk.services.vault import RecoverySheet
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.recovery_sheet import PrintSheet
from kimdesk.ui.widgets import Banner, Button, Field, Panel, Text, TextField, clear, column, row

_WORDS_IN_A_ROW = 5
_GROUPS_IN_A_ROW = 5
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class RecoveryView(QWidget):
    """`confirmed` once the word asked for was typed. `probe(words)` picks it (0-based); `print_sheet` prints."""

    confirmed = Signal()

    def __init__(self, print_sheet: PrintSheet, *, probe: Callable[[int], int] = secrets.randbelow) -> None:
        super().__init__()
        self._print_sheet, self._probe = print_sheet, probe
        self._sheet: RecoverySheet | None = None
        self._asked = 0
        self._words, self._groups = _grid(), _grid()
        self.printer = Button(_("Drucken …"), symbol=Icon.PRINT, on_click=self._print)
        self.printed = Text("", "meta", wrap=True, meaning=Meaning.GOOD)
        self.proof = Field(_("Zur Probe"), TextField(longest=40))
        self.proof.editor.line.returnPressed.connect(self.confirm)
        self.finish = Button(_("Weiter"), "primary", symbol=Icon.CHECK, on_click=self.confirm)
        warning = Banner(
            _(
                "Dieser Schlüssel wird nur jetzt gezeigt. Drucken Sie ihn oder schreiben Sie die Wörter ab, und "
                "verwahren Sie das Blatt getrennt vom Laptop. Ohne Passphrase und ohne dieses Blatt sind die Akten "
                "verloren."
            ),
            Meaning.ATTENTION,
        )
        both = column(
            Text(_("In Wörtern"), "overline"),
            self._words,
            Text(_("Dasselbe in Gruppen"), "overline"),
            self._groups,
            space=Space.XS,
            margin=Space.M,
        )
        printing = row(self.printer, self.printed)
        printing.setStretch(1, 1)
        self.setLayout(column(warning, Panel("well", both), printing, self.proof, row(None, self.finish)))
        self.setFocusProxy(self.printer)

    @property
    def sheet(self) -> RecoverySheet | None:
        """The sheet on the screen, None once it is put away."""
        return self._sheet

    def show_sheet(self, sheet: RecoverySheet) -> None:
        """Show a new key and ask for one of its words."""
        self.put_away()
        self._sheet = sheet
        self._asked = self._probe(len(sheet.words))
        _fill(self._words, sheet.words, _WORDS_IN_A_ROW)
        _fill(self._groups, sheet.groups, _GROUPS_IN_A_ROW)
        self.proof.set_label(_("Zur Probe: Wie lautet das {number}. Wort?").format(number=self._asked + 1))

    def put_away(self) -> None:
        """Forget the key and take it off the screen."""
        self._sheet = None
        for grid in (self._words, self._groups):
            clear(grid)
        self.printed.setText("")
        self.proof.editor.set_value("")
        self.proof.set_error("")

    def _print(self) -> None:
        if self._sheet is not None and self._print_sheet(self._sheet, self.window()):
            self.printed.setText(_("An den Drucker geschickt. Prüfen Sie, ob das Blatt lesbar ist."))
            self.proof.setFocus()

    def confirm(self) -> None:
        """Look whether the word typed is the one asked for."""
        if self._sheet is None:
            return
        if _plain(self.proof.editor.value()) != _plain(self._sheet.words[self._asked]):
            self.proof.set_error(_("Das ist nicht das gesuchte Wort. Bitte sehen Sie auf Ihrem Blatt nach."))
            self.proof.setFocus()
            return
        self.confirmed.emit()


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.XS)
    return grid


def _fill(grid: QGridLayout, parts: tuple[str, ...], in_a_row: int) -> None:
    for place, part in enumerate(parts):
        cell = QWidget()
        cell.setLayout(row(Text(f"{place + 1}.", "meta"), Text(part, "strong", selectable=True), None, space=Space.XS))
        grid.addWidget(cell, place // in_a_row, place % in_a_row)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).strip().casefold().translate(_SPELLED_OUT)
