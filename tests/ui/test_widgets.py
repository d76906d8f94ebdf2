"""The widgets of the house: what is typed, shown, announced and reached by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kimdesk.domain.errors import RuleBroken
from kimdesk.ui.design import Icon, Meaning, TypeSize
from kimdesk.ui.widgets import (
    Banner,
    Bar,
    BarPicture,
    Button,
    CheckField,
    ChoiceChips,
    ChoiceField,
    DateField,
    Field,
    Form,
    FormGrid,
    IconButton,
    NumberField,
    PersonChip,
    PhaseStepper,
    ProgressNote,
    ScaleField,
    SidePanel,
    Step,
    StepState,
    Text,
    TextArea,
    TextField,
    Timeline,
    TimelineItem,
    Toast,
    parse_date,
)
from kimdesk.ui.widgets.person import initials
from tests.ui.keys import click, press, type_text

TODAY = date(2026, 11, 20)
Row = tuple[str, int]


def _show(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20.11.2026", date(2026, 11, 20)),
        ("20.11.26", date(2026, 11, 20)),
        ("1.2.26", date(2026, 2, 1)),
        ("20.11.", date(2026, 11, 20)),
        ("201126", date(2026, 11, 20)),
        ("20112026", date(2026, 11, 20)),
        ("2026-11-20", date(2026, 11, 20)),
        ("14.05.85", date(1985, 5, 14)),
        ("14.05.36", date(2036, 5, 14)),
        ("14.05.37", date(1937, 5, 14)),
        ("Heute", date(2026, 11, 20)),
        ("morgen", date(2026, 11, 21)),
        ("+14", date(2026, 12, 4)),
        ("+2w", date(2026, 12, 4)),
        ("  ", None),
    ],
)
def test_dates_are_read_the_way_they_are_typed(typed: str, meant: date | None) -> None:
    assert parse_date(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["31.02.2026", "20.13.2026", "bald", "1", "29.02.2027", "+"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_date(typed, TODAY)


def test_a_short_date_is_written_out_when_the_field_is_left(qtbot: QtBot) -> None:
    field = Field("Datum", DateField(today=lambda: TODAY))
    _show(qtbot, field)
    type_text(field.editor.line, "20.11.26")
    press(field.editor.line, Qt.Key.Key_Return)
    assert field.editor.line.text() == "20.11.2026"
    assert field.editor.value() == TODAY


def test_a_stray_blank_is_no_date_and_does_not_hide_how_one_is_written(qtbot: QtBot) -> None:
    field = Field("Datum", DateField(today=lambda: TODAY))
    _show(qtbot, field)
    type_text(field.editor.line, " ")
    press(field.editor.line, Qt.Key.Key_Return)
    assert field.editor.line.text() == ""


def test_a_wrong_date_keeps_its_text_and_says_how_to_write_it(qtbot: QtBot) -> None:
    field = Field("Datum", DateField(today=lambda: TODAY))
    _show(qtbot, field)
    type_text(field.editor.line, "31.02.26")
    assert not field.check()
    assert field.editor.line.text() == "31.02.26"
    assert field.editor.value() is None
    assert "20.11.2026" in field.error.text()
    assert field.error.isVisible()
    assert field.error.text() in field.editor.line.accessibleDescription()
    field.editor.set_value(TODAY)
    assert not field.error.isVisible()


def test_arrows_move_a_date_by_days(qtbot: QtBot) -> None:
    editor = DateField(today=lambda: TODAY)
    _show(qtbot, editor)
    press(editor.line, Qt.Key.Key_Up)
    press(editor.line, Qt.Key.Key_Up)
    assert editor.value() == date(2026, 11, 21)


def test_a_field_names_its_input_for_screen_readers(qtbot: QtBot) -> None:
    field = Field("Ort", TextField(), help="Stadt oder Gemeinde.", required=True)
    qtbot.addWidget(field)
    assert field.editor.line.accessibleName() == "Ort"
    assert "Stadt oder Gemeinde." in field.editor.line.accessibleDescription()
    assert "Pflichtangabe" in field.editor.line.accessibleDescription()
    assert field.label.buddy() is field.editor.line


def test_a_required_field_left_empty_is_only_told_on_saving(qtbot: QtBot) -> None:
    field = Field("Ort", TextField(), required=True)
    _show(qtbot, field)
    field.editor.line.editingFinished.emit()
    assert not field.error.isVisible()
    assert not field.check()
    assert field.error.isVisible()


def _form(qtbot: QtBot) -> tuple[Form, FormGrid]:
    """A form with one field of each kind; the grid must be kept, it owns the fields."""
    form = Form()
    grid = FormGrid(2)
    grid.add(
        form.add("day", Field("Tag", DateField(today=lambda: TODAY))),
        form.add("place", Field("Ort", ChoiceField([("office", "Büro"), ("home", "zu Hause")]))),
        form.add("urgency", Field("Dringlichkeit", ChoiceChips([("low", "niedrig"), ("high", "hoch")]))),
        form.add("areas", Field("Bereiche", ChoiceChips([("a", "Sprache"), ("b", "Wohnen")], several=True))),
        form.add("note", Field("Notiz", TextArea())),
        form.add("persons", Field("Personen", NumberField(smallest=1, largest=20))),
        form.add("consent", Field("", CheckField("Einwilligung"))),
        form.add("scale", Field("Skala", ScaleField())),
    )
    _show(qtbot, grid)
    return form, grid


VALUES: dict[str, object] = {
    "day": TODAY,
    "place": "home",
    "urgency": "high",
    "areas": ["a", "b"],
    "note": "Termin\nbeim Jobcenter",
    "persons": 4,
    "consent": True,
    "scale": 3,
}
EMPTY: dict[str, object] = {
    "day": None,
    "place": None,
    "urgency": None,
    "areas": [],
    "note": "",
    "persons": None,
    "consent": False,
    "scale": None,
}


def test_a_form_gives_back_what_it_was_filled_with(qtbot: QtBot) -> None:
    form, _grid = _form(qtbot)
    assert form.values() == EMPTY
    form.set_values(VALUES)
    assert form.values() == VALUES
    assert not form.is_touched
    form.set_values(EMPTY)
    assert form.values() == EMPTY


def test_a_draft_keeps_even_what_cannot_be_read(qtbot: QtBot) -> None:
    (form, _grid), (other, _other_grid) = _form(qtbot), _form(qtbot)
    form.set_values(VALUES)
    form["day"].editor.restore("31.02.")
    draft = form.draft()
    other.restore(draft)
    assert other.draft() == draft
    assert other.values() == {**VALUES, "day": None}
    assert other.is_touched


def test_typing_tells_the_form(qtbot: QtBot) -> None:
    form, _grid = _form(qtbot)
    with qtbot.waitSignal(form.changed):
        type_text(form["note"].editor.entry, "x")
    assert form.is_touched
    form.set_saved()
    assert not form.is_touched


def test_a_broken_rule_is_shown_at_its_field(qtbot: QtBot) -> None:
    form, _grid = _form(qtbot)
    assert form.show_error(RuleBroken("Bitte nennen Sie den Tag.", field_name="day"))
    assert form["day"].error.text() == "Bitte nennen Sie den Tag."
    assert not form.show_error(RuleBroken("Etwas anderes.", field_name="unknown"))


def test_a_form_has_as_many_columns_as_fit(qtbot: QtBot) -> None:
    grid = FormGrid(3)
    grid.add(*(Field(str(number), TextField()) for number in range(6)))
    _show(qtbot, grid)
    grid.resize(900, 400)
    qtbot.waitUntil(lambda: grid.columns() == 3)
    grid.resize(500, 400)
    qtbot.waitUntil(lambda: grid.columns() == 2)
    grid.resize(300, 600)
    qtbot.waitUntil(lambda: grid.columns() == 1)


def test_the_wheel_does_not_change_a_choice_passed_over(qtbot: QtBot) -> None:
    editor = ChoiceField([("a", "A"), ("b", "B")])
    editor.set_value("a")
    editor.set_options([("b", "B"), ("a", "A neu")])
    assert editor.value() == "a"
    assert editor.combo.currentText() == "A neu"


def test_chips_are_chosen_by_keyboard_and_can_be_taken_back(qtbot: QtBot) -> None:
    chips = ChoiceChips([("a", "A"), ("b", "B")])
    _show(qtbot, chips)
    first, second = chips.chip("a"), chips.chip("b")
    first.setFocus()
    press(first, Qt.Key.Key_Right)
    press(second, Qt.Key.Key_Space)
    assert chips.value() == "b"
    press(first, Qt.Key.Key_Space)
    assert chips.value() == "a"
    press(first, Qt.Key.Key_Space)
    assert chips.value() is None


def test_required_chips_always_have_one(qtbot: QtBot) -> None:
    chips = ChoiceChips([("a", "A"), ("b", "B")], required=True)
    _show(qtbot, chips)
    chips.set_value("a")
    click(chips.chip("a"))
    assert chips.value() == "a"


def test_a_chip_keeps_its_width_when_it_is_chosen(qtbot: QtBot) -> None:
    chips = ChoiceChips([("a", "Sprache"), ("b", "Wohnen")], several=True)
    _show(qtbot, chips)
    chip = chips.chip("a")
    before = chip.width()
    chips.set_value(["a", "b"])
    qtbot.waitUntil(lambda: chip.width() == before)


def test_a_scale_is_set_by_digits_and_says_what_it_shows(qtbot: QtBot) -> None:
    editor = ScaleField(["sehr belastet", "belastet", "mittel", "gut", "sehr gut"])
    field = Field("Sprache", editor)
    _show(qtbot, field)
    editor.set_previous(2)
    press(editor.scale, Qt.Key.Key_4)
    assert editor.value() == 4
    assert editor.scale.accessibleName() == "Sprache"
    assert editor.scale.accessibleDescription() == "4 von 5, gut, zuletzt 2"
    press(editor.scale, Qt.Key.Key_Delete)
    assert editor.value() is None
    assert "ohne Angabe" in editor.scale.accessibleDescription()


def test_text_from_data_is_never_markup(qtbot: QtBot) -> None:
    label = Text("<b>Rahimi</b> & Söhne")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == "<b>Rahimi</b> & Söhne"
    button = Button("Rahimi & Söhne löschen", "danger")
    qtbot.addWidget(button)
    assert button.text() == "Rahimi && Söhne löschen"
    assert button.accessibleName() == "Rahimi & Söhne löschen"


def test_an_icon_alone_has_its_word(qtbot: QtBot) -> None:
    button = IconButton(Icon.CLOSE, "Schließen")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Schließen"
    assert button.toolTip() == "Schließen"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ahmad Rahimi", "AR"),
        ("Олена Коваленко", "ОК"),
        ("سمير الخطيب", "سا"),
        ("ሃና", "ሃ"),
        ("", ""),
        ("van der Berg", "vB"),
    ],
)
def test_initials_are_as_written(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_person_chip_opens_by_key_and_names_itself(qtbot: QtBot) -> None:
    chip = PersonChip("Ahmad Rahimi", "Klient", say="ACH-mad", clickable=True)
    _show(qtbot, chip)
    assert chip.accessibleName() == "Ahmad Rahimi"
    assert "ACH-mad" in chip.accessibleDescription()
    with qtbot.waitSignal(chip.clicked):
        press(chip, Qt.Key.Key_Return)


def test_the_stepper_says_each_state_in_words(qtbot: QtBot) -> None:
    stepper = PhaseStepper(
        [
            Step("intake", "Aufnahme", StepState.DONE, "04.03.2026"),
            Step("assessment", "Assessment", StepState.SKIPPED, "auf Wunsch"),
            Step("goals", "Ziele", StepState.NOW),
        ]
    )
    _show(qtbot, stepper)
    assert stepper.accessibleDescription() == "Aufnahme: erledigt; Assessment: ausgelassen; Ziele: jetzt"
    buttons = [stepper.step_button(step_id) for step_id in ("intake", "assessment", "goals")]
    assert buttons[1].accessibleDescription() == "ausgelassen, auf Wunsch"
    buttons[0].setFocus()
    press(buttons[0], Qt.Key.Key_Right)
    assert buttons[1].hasFocus()
    with qtbot.waitSignal(stepper.chosen) as picked:
        press(buttons[1], Qt.Key.Key_Space)
    assert picked.args == ["assessment"]


def test_a_banner_says_its_meaning_in_words(qtbot: QtBot) -> None:
    banner = Banner("Der Titel läuft ab.", Meaning.ATTENTION, closable=True)
    _show(qtbot, banner)
    assert banner.accessibleName() == "Achtung"
    with qtbot.waitSignal(banner.closed):
        banner.close_banner()
    assert not banner.isVisible()


def test_a_toast_takes_back_what_was_done(qtbot: QtBot) -> None:
    undone: list[bool] = []
    toast = Toast("Erledigt.", undo=lambda: undone.append(True))
    _show(qtbot, toast)
    assert toast.undo is not None
    with qtbot.waitSignal(toast.gone):
        click(toast.undo)
    assert undone == [True]


def test_short_work_shows_no_progress(qtbot: QtBot) -> None:
    note = ProgressNote("Bitte warten")
    holder = QWidget()
    note.setParent(holder)
    _show(qtbot, holder)
    note.start()
    assert not note.isVisible()
    qtbot.waitUntil(note.isVisible)
    note.stop()
    assert not note.isVisible()


def test_escape_folds_the_side_panel(qtbot: QtBot) -> None:
    panel = SidePanel("Fall", Text("Inhalt"))
    _show(qtbot, panel)
    with qtbot.waitSignal(panel.folded):
        press(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_bars_are_told_in_words_too(qtbot: QtBot) -> None:
    bars = BarPicture([Bar("Sprache", 4, 2), Bar("Wohnen", None)], largest=5)
    qtbot.addWidget(bars)
    assert bars.accessibleDescription() == "Sprache: 4 (zuvor 2); Wohnen: –"


def test_a_very_long_word_breaks_instead_of_pushing(qtbot: QtBot) -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung"
    broken, plain = Text(word, wrap=True), Text(word)
    qtbot.addWidget(broken)
    qtbot.addWidget(plain)
    assert broken.minimumSizeHint().width() < plain.minimumSizeHint().width() * 0.6
    assert broken.text() == word


def test_rows_of_bars_have_room_for_their_longest_label(qtbot: QtBot) -> None:
    long = "Personen, die nach dem Ende der Beratung ohne Angabe eines Grundes nicht mehr erreicht werden"
    bars = BarPicture([Bar("Wohnen", 3), Bar(long, 2)])
    _show(qtbot, bars)
    bars.resize(300, 100)
    narrow = bars.sizeHint().height()
    bars.resize(1200, 100)
    wide = bars.sizeHint().height()
    assert narrow > wide
    assert narrow >= 2 * 3 * bars.fontMetrics().height() * TypeSize.META / TypeSize.BODY  # three small lines at least


def test_a_timeline_marks_drafts(qtbot: QtBot) -> None:
    timeline = Timeline(
        [TimelineItem("20.11.2026", "Telefonat", is_draft=True), TimelineItem("18.11.2026", "Beratung")]
    )
    _show(qtbot, timeline)
    texts = [label.text() for label in timeline.findChildren(Text)]
    assert texts.count("Entwurf") == 1
