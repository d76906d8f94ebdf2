"""Assessment and reassessment: the life areas in rows, with a picture of now and before."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.domain.reassessment import AreaChange, changes_between, occasions
from kimdesk.domain.records import AreaEntry, Assessment
from kimdesk.domain.vocabulary import LifeArea, Phase, ReassessmentTrigger, label
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.assessment_row import AreaRow, entry_of, entry_values, heading
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.skip_box import SkipBox
from kimdesk.ui.case_file.tab import CaseTab, Stacked
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets import (
    Banner,
    Bar,
    BarPicture,
    Button,
    ChoiceChips,
    ChoiceField,
    DateField,
    Field,
    FormGrid,
    Scroll,
    SectionCard,
    Text,
    TextField,
)

ROWS, PICTURE = "rows", "picture"
NEW = "new"


class AssessmentTab(CaseTab):
    """One assessment at a time: the latest, an earlier one, or a new one beside the ghost of the latest."""

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__(desk)
        self.entry = Entry(desk, "assessment", self._make, said=_("Das Assessment ist gespeichert."))
        self.entries = [self.entry]
        self.which = ChoiceField([], empty=None)
        self.which.set_names(_("Welches Assessment"), "")
        self.which.combo.setMinimumContentsLength(26)
        self.which.combo.activated.connect(lambda _index: self._choose())
        self.begin_button = Button(_("Re-Assessment beginnen"), symbol=Icon.REFRESH, on_click=self.begin_new)
        self.view = ChoiceChips([(ROWS, _("Bearbeiten")), (PICTURE, _("Bild"))], required=True)
        self.view.set_names(_("Ansicht"), "")
        self.view.set_value(ROWS)
        self.view.chosen.connect(lambda _value: self._show_view())
        form = self.entry.form
        self.day = DateField(today=desk.today)
        self.trigger = ChoiceField(options(ReassessmentTrigger))
        grid = FormGrid(4)
        grid.add(
            form.add("held_on", Field(_("Datum"), self.day, required=True)),
            form.add("trigger", Field(_("Anlass des Re-Assessments"), self.trigger)),
        )
        grid.add(form.add("note", Field(_("Vermerk"), TextField(longest=2000))), span=2)
        self.rows: dict[LifeArea, AreaRow] = {area: AreaRow(area, form) for area in LifeArea}
        self.listing = QWidget()
        lines = QVBoxLayout(self.listing)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(Space.XS)
        lines.addWidget(grid)
        lines.addSpacing(Space.S)
        lines.addWidget(heading())
        for area_row in self.rows.values():
            lines.addWidget(area_row)
        self.picture = BarPicture(name=_("Lebensbereiche jetzt und zuvor"), largest=5)
        self.legend = Text("", "muted", wrap=True)
        self.changes = Text("", wrap=True, selectable=True)
        self.gallery = Stacked(self.legend, self.picture, self.changes)
        self.occasions = Banner("", Meaning.INFO, title=_("Anlass für ein Re-Assessment"))
        self.occasions.hide()
        self.card = SectionCard(_("Assessment"), actions=(self.which, self.view, self.begin_button))
        self.card.add(self.occasions)
        self.card.add(self.listing)
        self.card.add(self.gallery)
        self.skip = SkipBox(
            desk,
            Phase.REASSESSMENT,
            _("Endet der Fall vor dem ersten Re-Assessment? Dann geben Sie hier den Grund an."),
        )
        self.lines = Scroll(Stacked(self.card, self.skip))
        self.column.addWidget(self.lines, 1)
        self.column.addWidget(self.entry.foot)
        self.entry.opened.connect(self._show_heading)
        self.entry.saved.connect(self._was_saved)

    # What is shown

    def _assessments(self) -> list[Assessment]:
        return sorted(self.desk.the_file.assessments, key=lambda one: one.held_on)

    def _find(self, record_id: UUID | None) -> Assessment | None:
        return next((one for one in self._assessments() if one.id == record_id), None)

    def _before(self, shown: Assessment | None) -> Assessment | None:
        """Return what `shown` is compared with: the one before it; for a new one the latest."""
        known = self._assessments()
        if shown is None:
            return known[-1] if known else None
        place = [one.id for one in known].index(shown.id)
        return known[place - 1] if place else None

    def show_file(self) -> None:
        known = self._assessments()
        shown = self._find(self.entry.record_id)
        in_work = self.entry.record_id is None and self.desk.drafts.get("assessment", None) is not None
        if shown is None and known and not in_work and self.desk.drafts.get("assessment", None) is None:
            shown = known[-1]
        self._open(shown)
        self.skip.show_file()

    def _open(self, shown: Assessment | None) -> None:
        before = self._before(shown)
        for area, area_row in self.rows.items():
            area_row.show_previous(_entry(before, area))
        self.entry.open(shown.id if shown else None, _values(shown) if shown else self._blank(before))
        self._show_heading()

    def _blank(self, before: Assessment | None) -> Values:
        """Return a new assessment: resources and needs go on from the one before, the scale is asked again."""
        values: Values = {"held_on": self.desk.today(), "trigger": None, "note": ""}
        for area in LifeArea:
            values.update(entry_values(area, _entry(before, area)))
            values[f"{area}.scale"] = None
        return values

    def _show_heading(self) -> None:
        if self.desk.file is None:
            return
        known = self._assessments()
        shown = self._find(self.entry.record_id)
        before = self._before(shown)
        is_again = before is not None
        names = [(str(one.id), _title(one, number == 0)) for number, one in enumerate(known)]
        if shown is None:
            names.append((NEW, _("Neues Re-Assessment") if known else _("Erstes Assessment")))
        self.which.set_options(names)
        self.which.set_value(str(shown.id) if shown else NEW)
        self.which.setVisible(len(names) > 1)
        self.card.title.setText(_("Re-Assessment") if is_again else _("Assessment"))
        self.entry.form["trigger"].setVisible(is_again)
        self.entry.form["trigger"].required = is_again
        self.begin_button.setVisible(bool(known) and shown is not None)
        self.begin_button.setEnabled(self.desk.is_open)
        self.skip.setVisible(bool(known))
        self._show_occasions()
        self.entry.set_enabled(self.desk.is_open)
        for area, area_row in self.rows.items():
            area_row.unfold(area_row.has_details())
            area_row.setVisible(area in self.desk.around.life_areas or bool(entry_of(area, self.entry.form.values())))
        self._show_view()

    def _show_occasions(self) -> None:
        """Say what has happened since the last assessment; a reassessment in work takes the newest as its occasion."""
        found = occasions(self.desk.the_file, self.desk.today())
        self.occasions.text.setText("\n".join(f"{_(label(one.trigger))}: {short_date(one.since)}" for one in found))
        self.occasions.setVisible(bool(found))

    def _show_view(self) -> None:
        picture = self.view.value() == PICTURE
        self.listing.setVisible(not picture)
        self.gallery.setVisible(picture)
        if picture and self.desk.file is not None:
            self._draw()

    def _draw(self) -> None:
        before = self._before(self._find(self.entry.record_id))
        bars = []
        for area, area_row in self.rows.items():
            earlier = _entry(before, area)
            now, then = area_row.scale.value(), earlier.scale if earlier else None
            if now is not None or then is not None:
                bars.append(Bar(_(label(area)), now, then))
        self.picture.set_bars(bars)
        self.changes.setText(self._changes_in_words(before))
        self.changes.setVisible(before is not None)
        self.picture.setVisible(bool(bars))
        if not bars:
            self.legend.setText(_("Noch ist kein Lebensbereich eingeschätzt. Das Bild entsteht aus der Skala."))
        elif before is None:
            self.legend.setText(_("1 heißt sehr schwierig, 5 heißt sehr gut."))
        else:
            self.legend.setText(
                _("1 heißt sehr schwierig, 5 heißt sehr gut. Breit: jetzt. Schmal darunter: {day}.").format(
                    day=short_date(before.held_on)
                )
            )

    def _changes_in_words(self, before: Assessment | None) -> str:
        """Return what the picture shows as text: each area with its change, and needs that came or went."""
        if before is None:
            return ""
        values = self.entry.form.values()
        entries = tuple(entry for area in LifeArea if (entry := entry_of(area, values)) is not None)
        now = Assessment(case_id=before.case_id, held_on=self.desk.today(), entries=entries)
        return "\n".join(change_words(change) for change in changes_between(before, now))

    # What is done

    def begin_new(self) -> None:
        """Start a reassessment beside the ghost of the latest assessment."""
        self.view.set_value(ROWS)
        self._open(None)
        found = occasions(self.desk.the_file, self.desk.today())
        if found and self.trigger.is_empty():
            self.trigger.set_value(found[0].trigger)
        self.trigger.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        chosen = self.which.value()
        self._open(None if chosen in (None, NEW) else self._find(UUID(chosen)))

    def open_phase(self, phase: Phase) -> None:
        if phase is Phase.REASSESSMENT and self._assessments() and self.desk.is_open:
            if self.desk.the_file.facts.reassessments == 0 and self.entry.record_id is not None:
                self.begin_new()
        elif phase is Phase.ASSESSMENT and self._assessments() and not self.entry.is_draft:
            self._open(self._assessments()[-1])

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        entries = tuple(entry for area in LifeArea if (entry := entry_of(area, values)) is not None)
        if not entries:
            first = next(iter(self.rows.values()))
            self.entry.form[f"{first.area}.resources"].set_error(
                _("Bitte beschreiben Sie mindestens einen Lebensbereich.")
            )
            first.resources.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        known = self._find(record_id)
        again = self._before(known) is not None
        typed = {
            "case_id": self.desk.case.id,
            "held_on": values["held_on"],
            "trigger": values["trigger"] if again else None,
            "note": values["note"],
            "entries": entries,
        }
        assessment = Assessment(id=known.id, **typed) if known else Assessment(**typed)
        self._kept_id = assessment.id
        return lambda: self.desk.cases.save_assessment(assessment)

    def _was_saved(self, record_id: UUID | None) -> None:
        """Stay on the assessment that was just written, also when it was new."""
        if record_id is None and not self.entry.is_draft:
            self.entry.record_id = self._kept_id


def _entry(assessment: Assessment | None, area: LifeArea) -> AreaEntry | None:
    return next((entry for entry in assessment.entries if entry.life_area is area), None) if assessment else None


def change_words(change: AreaChange) -> str:
    """Return how a life area has changed, such as "Wohnen: von 2 auf 4, besser. Bedarf erledigt."."""
    area = _(label(change.area))
    step = change.step
    if step is None:
        scale = _("{area}: nicht beide Male eingeschätzt").format(area=area)
    elif step == 0:
        scale = _("{area}: unverändert {now}").format(area=area, now=change.now)
    else:
        word = _("besser") if step > 0 else _("schlechter")
        scale = _("{area}: von {before} auf {now}, {word}").format(
            area=area, before=change.before, now=change.now, word=word
        )
    if change.need_before and not change.need_now:
        return _("{change}. Bedarf erledigt.").format(change=scale)
    if change.need_now and not change.need_before:
        return _("{change}. Neuer Bedarf.").format(change=scale)
    return f"{scale}."


def _values(assessment: Assessment) -> Values:
    values: Values = {"held_on": assessment.held_on, "trigger": assessment.trigger, "note": assessment.note}
    for area in LifeArea:
        values.update(entry_values(area, _entry(assessment, area)))
    return values


def _title(assessment: Assessment, first: bool) -> str:
    day = short_date(assessment.held_on)
    return (_("Assessment vom {day}") if first else _("Re-Assessment vom {day}")).format(day=day)
