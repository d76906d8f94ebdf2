"""Saying what the columns of a table mean: the guess is there already, wrong ones are put right."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kimdesk.i18n import _, ngettext
from kimdesk.offers.columns import COLUMN_NAMES, Column
from kimdesk.services.offer_imports import SheetView
from kimdesk.ui.design import Space
from kimdesk.ui.widgets import ChoiceField, Field, FormGrid, Text, TextField, clear, column

_LONGEST_EXAMPLE = 60


class MappingView(QWidget):
    """One choice per column of the table, with what its first rows hold."""

    def __init__(self) -> None:
        super().__init__()
        self.about = Text("", "muted", wrap=True)
        self.collection = TextField()
        self.choices: list[ChoiceField] = []
        self._grid_place = column(space=0)
        layout = column(
            self.about,
            Field(
                _("Name der Liste"),
                self.collection,
                help=_("Daran wird eine neue Fassung derselben Liste erkannt, auch wenn die Datei anders heißt."),
            ),
            Text(_("Was bedeuten die Spalten?"), "section"),
            self._grid_place,
            None,
            space=Space.M,
        )
        self.setLayout(layout)

    def show_sheet(self, view: SheetView) -> None:
        """Show the columns with the guess."""
        self.about.setText(
            ngettext(
                "Die Tabelle hat eine Zeile. Nicht zugeordnete Spalten bleiben draußen. Ihre Zuordnung wird für das "
                "nächste Mal gemerkt.",
                "Die Tabelle hat {count} Zeilen. Nicht zugeordnete Spalten bleiben draußen. Ihre Zuordnung wird für "
                "das nächste Mal gemerkt.",
                view.row_count,
            ).format(count=view.row_count)
        )
        self.collection.set_value(view.collection)
        clear(self._grid_place)
        grid = FormGrid(2)
        self.choices = []
        options = [(one.value, _(COLUMN_NAMES[one])) for one in Column]
        for place, (name, chosen) in enumerate(zip(view.heading, view.columns, strict=True)):
            choice = ChoiceField(options, empty=_("nicht übernehmen"))
            choice.set_value(chosen.value if chosen is not None else None)
            examples = [cells[place] for cells in view.examples if place < len(cells) and cells[place].strip()]
            shown = " · ".join(" ".join(one.split())[:_LONGEST_EXAMPLE] for one in examples[:2])
            self.choices.append(choice)
            grid.add(Field(name or _("(ohne Überschrift)"), choice, help=shown))
        self._grid_place.addWidget(grid)

    def columns(self) -> list[Column | None]:
        """Return what each column means; of a field chosen twice the first column counts."""
        found: list[Column | None] = []
        for choice in self.choices:
            value = choice.value()
            one = Column(value) if value and value not in found else None
            found.append(one)
        return found
