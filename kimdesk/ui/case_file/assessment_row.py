"""One life area of an assessment as a row: resources first, need, scale, urgency; the rest on unfolding."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from kimdesk.domain.records import AreaEntry
from kimdesk.domain.vocabulary import LifeArea, Urgency, label
from kimdesk.i18n import _
from kimdesk.ui.case_file.tab import is_large
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon, Space, theme
from kimdesk.ui.widgets import (
    ChoiceField,
    Field,
    Form,
    FormGrid,
    IconButton,
    Line,
    ScaleField,
    Text,
    TextArea,
    TextField,
)

DETAILS = ("situation", "client_view", "proof")
PARTS = ("resources", "need", "scale", "urgency", *DETAILS)


def scale_words() -> list[str]:
    """Return the words of the five steps."""
    return [_("sehr schwierig"), _("schwierig"), _("mittel"), _("gut"), _("sehr gut")]


class AreaRow(QWidget):
    """Registers its editors in `form` as "<life area>.<part>"."""

    def __init__(self, area: LifeArea, form: Form) -> None:
        super().__init__()
        self.area = area
        name = _(label(area))
        self.fold = IconButton(Icon.RIGHT, _("{area}: Einzelheiten zeigen").format(area=name), self.toggle)
        self.fold.setFixedWidth(theme().px(32))
        self.name = Text(name, "strong", wrap=True)
        self.previous = Text("", "meta", wrap=True)
        self.previous.hide()
        self.scale = ScaleField(scale_words())
        self.resources, self.need = TextField(longest=2000), TextField(longest=2000)
        self.urgency = ChoiceField(options(Urgency), empty=_("ohne"))
        self._cells: list[QWidget] = [
            form.add(f"{area}.resources", _named(Field("", self.resources), _("{area}: Ressourcen"), name)),
            form.add(f"{area}.need", _named(Field("", self.need), _("{area}: Bedarf"), name)),
            form.add(f"{area}.scale", _named(Field("", self.scale), _("{area}: Einschätzung"), name)),
            form.add(f"{area}.urgency", _named(Field("", self.urgency), _("{area}: Dringlichkeit"), name)),
        ]
        self._head = QWidget()
        title = QVBoxLayout(self._head)
        title.setContentsMargins(0, 0, 0, 0)
        title.setSpacing(0)
        title.addWidget(self.name)
        title.addWidget(self.previous)
        self.grid = QGridLayout()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(Space.S)
        self.grid.setVerticalSpacing(Space.XS)
        self._place()
        self.details = FormGrid(3)
        self._details_of = {
            "situation": TextArea(lines=2),
            "client_view": TextArea(lines=2),
            "proof": TextArea(lines=2),
        }
        words = (_("Lage"), _("Sicht der Klientin/des Klienten"), _("Nachweise"))
        for part, word in zip(DETAILS, words, strict=True):
            self.details.add(form.add(f"{area}.{part}", Field(word, self._details_of[part])))
        self.details.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.XS, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addLayout(self.grid)
        layout.addWidget(self.details)
        layout.addWidget(Line())

    def _place(self) -> None:
        self.grid.addWidget(self.fold, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        self.grid.addWidget(self._head, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        if not is_large():
            for place, cell in enumerate(self._cells, 2):
                self.grid.addWidget(cell, 0, place, Qt.AlignmentFlag.AlignVCenter)
            set_columns(self.grid)
            return
        resources, need, scale, urgency = self._cells
        self.grid.addWidget(scale, 0, 2)
        self.grid.addWidget(urgency, 0, 3)
        self.grid.addWidget(resources, 1, 1)
        self.grid.addWidget(need, 1, 2, 1, 2)
        self.resources.line.setPlaceholderText(_("Ressourcen"))
        self.need.line.setPlaceholderText(_("Bedarf"))
        self.grid.setColumnStretch(1, 1)

    def toggle(self) -> None:
        """Show or hide situation, the client's view and proof."""
        self.unfold(self.details.isHidden())

    def unfold(self, shown: bool) -> None:
        """Show the details, or hide them."""
        self.details.setVisible(shown)
        self.fold.show_icon(Icon.DOWN if shown else Icon.RIGHT)

    def has_details(self) -> bool:
        """Return whether one of the folded fields holds something."""
        return any(editor.value() for editor in self._details_of.values())

    def show_previous(self, entry: AreaEntry | None) -> None:
        """Put the previous scale behind the scale as a ghost and say it in words."""
        before = entry.scale if entry else None
        self.scale.set_previous(before)
        self.previous.setText(_("zuletzt {value}").format(value=before) if before else "")
        self.previous.setVisible(before is not None)


def _named(field: Field[Any], words: str, area: str) -> Field[Any]:
    field.editor.set_names(words.format(area=area), "")
    return field


def set_columns(grid: QGridLayout) -> None:
    """Give rows and their heading the same columns."""
    now = theme()
    grid.setColumnMinimumWidth(0, now.px(32))
    grid.setColumnMinimumWidth(1, now.px(130))
    for column, share in ((1, 0), (2, 5), (3, 5), (4, 0), (5, 0)):
        grid.setColumnStretch(column, share)
    grid.setColumnMinimumWidth(4, now.px(176))
    grid.setColumnMinimumWidth(5, now.px(130))


def heading() -> QWidget:
    """Return the line of column words above the rows."""
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.S)
    words = (
        _("Lebensbereich"),
        _("Ressourcen: Was gelingt, was hilft?"),
        _("Bedarf: Was fehlt?"),
        _("1 sehr schwierig – 5 sehr gut"),
        _("Dringlichkeit"),
    )
    for place, word in enumerate(("", *words)):  # without something in the first column its gap would be dropped
        grid.addWidget(Text(word, "overline"), 0, place)
    set_columns(grid)
    widget.setVisible(not is_large())  # then the fields name themselves
    return widget


def entry_values(area: LifeArea, entry: AreaEntry | None) -> dict[str, Any]:
    """Return the form values of one life area."""
    return {
        f"{area}.{part}": getattr(entry, part) if entry else (None if part in ("scale", "urgency") else "")
        for part in PARTS
    }


def entry_of(area: LifeArea, values: dict[str, Any]) -> AreaEntry | None:
    """Return the entry of one life area, None where nothing was said about it."""
    parts = {part: values[f"{area}.{part}"] for part in PARTS}
    if not any(parts.values()):
        return None
    return AreaEntry(life_area=area, **parts)
