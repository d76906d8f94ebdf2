'''The window. How to write a screen:

A screen is a `Page` (`kimdesk.ui.page`) in its own folder, made of `kimdesk.ui.widgets`, with no style of its own::

    from kimdesk.i18n import _
    from kimdesk.ui.design import Icon, Meaning, Space
    from kimdesk.ui.jobs import Jobs
    from kimdesk.ui.messages import Messages
    from kimdesk.ui.page import Page
    from kimdesk.ui.widgets import Button, ChoiceField, DateField, Field, Form, FormGrid, PageHeader, SectionCard, \\
        TextArea, TextField

    PLACES = [("office", _("Büro")), ("home", _("zu Hause"))]

    class ContactPage(Page):
        """Records one contact."""

        page_id = "contact"
        manual_page = "kontakt"                       # docs/manual/kontakt.md, opened by F1

        def __init__(self, contacts: ContactService, jobs: Jobs, messages: Messages) -> None:
            super().__init__()
            self._contacts, self._jobs, self._messages = contacts, jobs, messages
            self._save = Button(_("Speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
            self.body.addWidget(PageHeader(_("Kontakt"), actions=(self._save,)))
            self.form = Form(self)
            grid = FormGrid(2)                        # 1 to 2 columns, by width
            grid.add(self.form.add("day", Field(_("Datum"), DateField(), required=True)),
                     self.form.add("place", Field(_("Ort"), ChoiceField(PLACES, empty=_("ohne Angabe")))))
            grid.add(self.form.add("note", Field(_("Was war?"), TextArea(lines=6), help=_("Ohne Diagnosen."))), span=2)
            card = SectionCard(_("Kontakt festhalten"))
            card.add(grid)
            self.body.addWidget(card)
            self.body.addStretch(1)                   # or put a Scroll(...) around long content

        def activate(self, argument: object = None) -> None:
            self._jobs.read(lambda: self._contacts.last(), self._show, owner=self)

        def _show(self, view: ContactView) -> None:
            self.form.set_values({"day": view.day, "place": view.place, "note": view.note})

        def save(self) -> None:                       # also Ctrl+S
            if not self.form.check():
                return
            values = self.form.values()               # read values here, in the window's thread
            self._save.set_busy(True)
            self._jobs.write(lambda: self._contacts.record(RecordContact(**values)), self._saved, self._refused,
                             owner=self, always=lambda: self._save.set_busy(False), touches={"contacts"})

        def _saved(self, result: object) -> None:
            self.form.set_saved()
            self._messages.good(_("Der Kontakt ist gespeichert."))

        def _refused(self, error: KnownError) -> None:
            if not self.form.show_error(error):       # finds the field by the error's `field_name`
                self._messages.show_error(error)

Rules of the house

* Reads and writes of the vault only through `Jobs`, always with ``owner=self``; no Qt call inside the function given.
  `refresh(areas)` is called while the page is in front and a write touched `areas` (strings such as "cases",
  "follow_ups", "offers"); `activate` reads anyway.
* Going elsewhere: ``self.navigate.emit("case", case_id)``. Context panel: ``self.show_context.emit(title, widget)``.
* Forms: name each field like the command's parameter. `Form.values`, `set_values`, `check`, `show_error`, `draft`,
  `restore`, `is_touched`. `ChoiceField`/`ChoiceChips` take pairs (value, label) and give the value back; with nothing
  chosen the value is None. `DateField` gives a `date` or None. `NumberField` an int or None. `CheckField` a bool.
* Text from data only in `Text`, `Badge`, `PersonChip`, `Timeline`, `DataTable`: they show plain text.
* Looks: `Text(role=…)` with body, strong, muted, meta, label, section, title, figure; `Button(kind=…)` with plain,
  primary (one per view), quiet, danger (with the thing's name), link; `meaning=Meaning.ATTENTION` where a colour
  carries meaning, and the words say it too. Distances from `Space`. Never `setStyleSheet`, never a colour literal.
* Layouts: `row(a, b, None, c)` and `column(...)`: None stretches, a number is a gap.
* Nothing there yet: `EmptyState` with the first step. Destructive: do it and offer ``messages.good(text, undo=…)``;
  if it cannot be undone, ask with the thing's name in the danger button.
* The window opens at 1366 × 768; a page has about 1130 × 640 there without the context panel, 830 with it.
'''

from kimdesk.ui.binding import keep_true_alive

keep_true_alive()  # before the first signal
