"""The head of the case file: number, persons, residence status, languages, protection."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimdesk.domain.views import CaseFile
from kimdesk.i18n import _, isolate
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.tab import is_large
from kimdesk.ui.case_file.words import in_reading_order, language_name, language_names, member_note, status_words
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.widgets import (
    Badge,
    Button,
    FlowLayout,
    IconButton,
    PersonChip,
    Text,
    clear,
    column,
    describe,
    row,
)

_MOST_NAMES = 3
"""So many names before a title that several persons share; the rest is counted."""


class CaseHeader(QWidget):
    """`person_chosen(UUID)` on a chip; `report_issue` begins a structural issue from the case."""

    person_chosen = Signal(object)

    def __init__(
        self,
        desk: CaseDesk,
        back: Callable[[], object],
        print_out: Callable[[], object],
        report_issue: Callable[[], object],
    ) -> None:
        super().__init__()
        self._desk = desk
        self.number = Text("", "title")
        self.number.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.print_button = Button(_("Drucken"), symbol=Icon.PRINT, on_click=print_out, description=_("Strg+P"))
        self.issue_button = Button(
            _("Strukturmeldung"),
            "quiet",
            symbol=Icon.STRUCTURE,
            on_click=report_issue,
            description=_("Hält fest, was im System im Weg steht, ohne Angaben zur Person"),
        )
        self._people, self._facts = QWidget(), QWidget()
        self._chips = FlowLayout(self._people)
        self._marks = FlowLayout(self._facts, space=Space.XS)
        for widget in (self._people, self._facts):
            policy = widget.sizePolicy()
            policy.setHeightForWidth(True)
            policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
            widget.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        self.place = Text("", "meta")
        name = column(None, self.number, self.place, None, space=0)
        top = row(IconButton(Icon.BACK, _("Zurück zur Fallliste"), back), name, Space.S, space=Space.S)
        large = is_large()
        if large:
            top.addStretch(1)
        else:
            top.addWidget(self._facts, 1)
        top.addWidget(self.issue_button)
        top.addWidget(self.print_button)
        layout.addLayout(top)
        if large:
            layout.addWidget(self._facts)
        layout.addWidget(self._people)

    def show_file(self, file: CaseFile) -> None:
        """Show who the case is about and what has to be kept in mind."""
        case, today = file.case, self._desk.today()
        self.number.setText(case.number)
        since = _("seit {day}").format(day=short_date(case.opened_on))
        self.place.setText(" · ".join(part for part in (file.commune_name, since) if part))
        describe(self, _("Fall {number}").format(number=case.number))
        clear(self._chips)
        clear(self._marks)
        for member in in_reading_order(file.members):
            person = member.person
            chip = PersonChip(person.name, member_note(member, today), say=person.spoken_name, clickable=True)
            chip.clicked.connect(lambda person_id=person.id: self._choose(person_id))
            self._chips.addWidget(chip)
        if not file.members:
            self._chips.addWidget(Text(_("Noch keine Person eingetragen"), "muted"))
        height = Badge("0").sizeHint().height()
        for text, meaning in self._facts_of(file):
            mark = Badge(text, meaning)
            mark.setFixedHeight(height)  # a fallback font for another script must not make the line uneven
            self._marks.addWidget(mark)

    def _choose(self, person_id: UUID) -> None:
        self.person_chosen.emit(person_id)

    def _titles_of_the_others(self, file: CaseFile) -> list[tuple[str, Meaning | None]]:
        """Return whose title runs out besides the client's, once for all whose title says the same."""
        names: dict[tuple[str, Meaning], list[str]] = {}
        for member in in_reading_order(file.members):
            status, meaning = status_words(member.person, self._desk.today())
            if member is not file.client and meaning is not None:
                name = isolate(member.person.given_name or member.person.name)
                names.setdefault((status, meaning), []).append(name)
        facts: list[tuple[str, Meaning | None]] = []
        for (status, meaning), who in names.items():
            more = f" +{len(who) - _MOST_NAMES}" if len(who) > _MOST_NAMES else ""
            facts.append((f"{', '.join(who[:_MOST_NAMES])}{more}: {status}", meaning))
        return facts

    def _facts_of(self, file: CaseFile) -> list[tuple[str, Meaning | None]]:
        case, today = file.case, self._desk.today()
        facts: list[tuple[str, Meaning | None]] = []
        if case.closed_on is not None:
            facts.append((_("abgeschlossen am {day}").format(day=short_date(case.closed_on)), None))
        if not case.leads:
            facts.append((_("wird an anderer Stelle geführt"), Meaning.ATTENTION))
        if case.address_protected:
            facts.append((_("Anschrift geschützt"), Meaning.DANGER))
        if case.safe_contact:
            facts.append((_("Sicherer Kontakt: {way}").format(way=case.safe_contact), Meaning.ATTENTION))
        client = file.client
        if client is not None:
            status, meaning = status_words(client.person, today)
            if status:
                facts.append((status, meaning))
        facts += self._titles_of_the_others(file)
        spoken = language_names(client.person.languages) if client else ""
        talk = language_name(case.language) if case.language else ""
        if spoken or talk:
            facts.append((_("Spricht {languages}").format(languages=spoken or talk), None))
        if case.interpreter:
            facts.append((_("Sprachmittlung: {name}").format(name=case.interpreter), None))
        return facts
