"""One form of the case file: shows a record or its draft, keeps what is typed, saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets import Badge, Button, Form

Values = dict[str, Any]
Work = Callable[[], object]


class Entry(QObject):
    """A `Form` with a record behind it.

    `make` gets the values and the record's id (None for a new one) and returns the work to do in the database
    thread, or None if it has shown what is wrong. `errors_at` says at which field to show a rule's field the form has
    not. `foot` holds draft mark, discard and save. `saved` comes with the id of the record that was in the form.
    """

    saved = Signal(object)
    opened = Signal()

    def __init__(
        self,
        desk: CaseDesk,
        kind: str,
        make: Callable[[Values, UUID | None], Work | None],
        *,
        said: str,
        save_word: str = "",
        symbol: Icon = Icon.SAVE,
        errors_at: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(desk.page)
        self._desk, self.kind, self._make, self._said = desk, kind, make, said
        self._errors_at = errors_at or {}
        self.form = Form(self)
        self.record_id: UUID | None = None
        self._case_id: UUID | None = None
        self._stored: Values = {}
        self.save_button = Button(
            save_word or _("Speichern"),
            "primary",
            symbol=symbol,
            on_click=self.save,
            description=_("Strg+S speichert, Strg+Eingabe speichert und geht zur nächsten Phase."),
        )
        self.mark = Badge(_("Entwurf"), Meaning.INFO)
        self.mark.setToolTip(_("Noch nicht gespeichert. Der Text bleibt erhalten, auch wenn Sie die Seite verlassen."))
        self.discard_button = Button(_("Verwerfen"), "quiet", on_click=self.discard)
        self.foot = QWidget()
        line = self.foot_line = QHBoxLayout(self.foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        for widget in (self.mark, self.discard_button):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.save_button)
        self._show_mark(False)
        self.form.changed.connect(self._typed)

    def _show_mark(self, shown: bool) -> None:
        self.mark.setVisible(shown)
        self.discard_button.setVisible(shown)

    @property
    def is_draft(self) -> bool:
        """Whether something is in the form that is not saved."""
        return self.form.is_touched

    def open(self, record_id: UUID | None, values: Mapping[str, Any]) -> None:
        """Show a record, or the draft kept of it. What is being typed into the same record stays."""
        case_id = self._desk.case_id
        same = record_id == self.record_id and case_id == self._case_id
        self.record_id, self._case_id, self._stored = record_id, case_id, dict(values)
        if same and self.form.is_touched:
            return
        self.form.clear_errors()
        self.form.set_values(values)
        draft = self._desk.drafts.get(self.kind, record_id)
        if draft:
            self.form.blockSignals(True)
            self.form.restore(draft)
            self.form.blockSignals(False)
        self._show_mark(bool(draft))
        self.opened.emit()

    def _typed(self) -> None:
        self._show_mark(True)
        self._desk.drafts.put(self.kind, self.record_id, self.form.draft())

    def discard(self) -> None:
        """Go back to what is stored; the message offers the way back."""
        draft, record_id = self.form.draft(), self.record_id
        self._clear()
        self._desk.messages.good(_("Der Entwurf ist verworfen."), undo=lambda: self._bring_back(draft, record_id))

    def _clear(self) -> None:
        self._desk.drafts.drop(self.kind, self.record_id)
        self.form.set_values(self._stored)
        self.form.clear_errors()
        self._show_mark(False)
        self.opened.emit()

    def _bring_back(self, draft: Mapping[str, Any], record_id: UUID | None) -> None:
        if record_id == self.record_id and not self.form.is_touched:
            self.form.restore(draft)
        else:
            self._desk.drafts.put(self.kind, record_id, draft)

    def save(self, done: Callable[[], object] | None = None) -> None:
        """Check and write; `done` is called once it is stored. What is refused stays in the form with the reason."""
        if not self.form.check():
            return
        record_id = self.record_id
        work = self._make(self.form.values(), record_id)
        if work is None:
            return
        self.form.set_saved()
        self.save_button.set_busy(True)

        def stored(_result: object) -> None:
            if record_id == self.record_id and not self.form.is_touched:
                self._show_mark(False)
                self._desk.drafts.drop(self.kind, record_id)
            self._desk.messages.good(self._said)
            self.saved.emit(record_id)
            if done is not None:
                done()

        self._desk.jobs.write(
            work,
            stored,
            self._refused,
            owner=self,
            always=lambda: self.save_button.set_busy(False),
            touches={"cases"},
        )

    def _refused(self, error: KnownError) -> None:
        self.form.restore(self.form.draft())  # counts as typed again
        field = self._errors_at.get(getattr(error, "field_name", ""))
        if field is not None:
            self.form[field].set_error(render_error(error))
            self.form[field].setFocus()
        elif not self.form.show_error(error):
            self._desk.messages.show_error(error)

    def start_new(self, values: Mapping[str, Any]) -> None:
        """Show an empty form for the next record, or the draft of one."""
        self.open(None, values)

    def set_enabled(self, enabled: bool) -> None:
        """Switch saving on or off, for a closed case."""
        self.save_button.setEnabled(enabled)
