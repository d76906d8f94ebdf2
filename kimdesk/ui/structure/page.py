"""The page of structural issues: the board by rung, and one issue with its texts, its way and what leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kimdesk.domain.issues import IssueRelease, StructuralIssue
from kimdesk.domain.vocabulary import LegalDomain, LifeArea, Urgency
from kimdesk.domain.work_vocabulary import IssueKind
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, isolate, ngettext
from kimdesk.services.cases import CaseService
from kimdesk.services.issues import IssueService
from kimdesk.ui.case_file.tab import FormPane, Stacked, TwoPanes
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page
from kimdesk.ui.structure.board import Board
from kimdesk.ui.structure.release_card import ReleaseCard
from kimdesk.ui.structure.request import IssueRequest
from kimdesk.ui.structure.way_card import WayCard
from kimdesk.ui.widgets import (
    Banner,
    Button,
    ChoiceField,
    DateField,
    EmptyState,
    Field,
    Form,
    FormGrid,
    PageHeader,
    SectionCard,
    Text,
    TextArea,
    TextField,
    row,
)

_FIELDS = (
    "title",
    "kind",
    "life_area",
    "legal_domain",
    "commune",
    "urgency",
    "noticed_on",
    "description",
    "proposal",
)


class StructurePage(Page):
    """Structural issues and offer gaps. `activate` may take an `IssueRequest`."""

    page_id = "structure"
    manual_page = "struktur"

    def __init__(self, issues: IssueService, cases: CaseService, jobs: Jobs, messages: Messages, clock: Clock) -> None:
        super().__init__()
        self._issues, self._cases = issues, cases
        self._jobs, self._messages, self._clock = jobs, messages, clock
        self.known: tuple[StructuralIssue, ...] = ()
        self.open_id: UUID | None = None
        self._case_ids: tuple[UUID, ...] = ()
        self._request: IssueRequest | None = None
        self.new_button = Button(_("Neue Strukturmeldung"), symbol=Icon.ADD, on_click=self.begin)
        self.back_button = Button(_("Zur Übersicht"), symbol=Icon.BACK, on_click=self.show_board)
        self.body.addWidget(
            PageHeader(
                _("Strukturmeldungen"),
                _("Wo nicht der Mensch das Problem ist, sondern das System. Ohne Angaben zu Personen."),
                actions=(self.back_button, self.new_button),
            )
        )
        self.board = Board(self.edit)
        self.empty = EmptyState(
            Icon.STRUCTURE,
            _("Noch keine Strukturmeldung"),
            _("Halten Sie fest, was vielen im Weg steht: fehlende Angebote, Verfahren, Zugänge. Auch was gut läuft."),
            action=_("Neue Strukturmeldung"),
            on_action=self.begin,
        )
        self.detail = self._make_detail()
        for widget in (self.board, self.empty, self.detail):
            self.body.addWidget(widget, 1)
        self.form.changed.connect(self.draft_changed)
        self._show_view(board=True)

    def _make_detail(self) -> QWidget:
        today = self._clock.today
        self.form = Form(self)
        self.title_field = TextField()
        self.commune = ChoiceField([], empty=_("ohne Angabe"))
        self.named = Banner("", Meaning.DANGER, title=_("Im Text erkannt"))
        self.named.hide()
        self.linked = Text("", "meta", wrap=True)
        form, grid = self.form, FormGrid(2)
        grid.add(form.add("title", Field(_("Worum geht es in einer Zeile?"), self.title_field, required=True)), span=2)
        grid.add(
            form.add("kind", Field(_("Art"), ChoiceField(options(IssueKind), empty=None))),
            form.add("life_area", Field(_("Lebensbereich"), ChoiceField(options(LifeArea), empty=_("ohne Angabe")))),
            form.add(
                "legal_domain", Field(_("Rechtskreis"), ChoiceField(options(LegalDomain), empty=_("ohne Angabe")))
            ),
            form.add("commune", Field(_("Kommune"), self.commune)),
            form.add("urgency", Field(_("Dringlichkeit"), ChoiceField(options(Urgency), empty=None))),
            form.add("noticed_on", Field(_("Aufgefallen am"), DateField(today=today), required=True)),
        )
        grid.add(
            form.add(
                "description",
                Field(
                    _("Woran liegt es?"),
                    TextArea(lines=5),
                    help=_("Keine Namen, Geburtsdaten oder Fallnummern: Das Programm prüft den Text dagegen."),
                    required=True,
                ),
            ),
            form.add("proposal", Field(_("Was würde helfen?"), TextArea(lines=3))),
            span=2,
        )
        self.card = SectionCard(_("Strukturmeldung"))
        for part in (self.named, grid, self.linked):
            self.card.add(part)
        self.delete_button = Button(_("Löschen"), "quiet", symbol=Icon.DELETE, on_click=self._delete)
        self.save_button = Button(_("Strukturmeldung speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
        foot = QWidget()
        foot.setLayout(row(self.delete_button, None, self.save_button, space=Space.S))
        self.pane = FormPane()
        self.pane.add("issue", self.card, foot)
        self.way = WayCard(self._issues, self._jobs, self._messages, self._clock)
        self.leaving = ReleaseCard(self._issues, self._jobs, self._messages)
        return TwoPanes(Stacked(self.way, self.leaving), self.pane, shares=(5, 7))

    # Reading

    def activate(self, argument: object = None) -> None:
        if isinstance(argument, IssueRequest):
            self._request = argument
        elif isinstance(argument, UUID):
            self._request = IssueRequest(issue_id=argument)
        self._read()

    def refresh(self, areas: frozenset[str]) -> None:
        if "issues" in areas:
            self._read()

    def _read(self) -> None:
        self._jobs.read(
            lambda: (self._issues.board(), self._cases.communes(), self._texts()),
            self._show,
            owner=self,
            latest="board",
        )

    def _texts(self) -> Mapping[UUID, tuple[IssueRelease, ...]]:
        """Runs in the database thread."""
        return {issue.id: self._issues.releases(issue.id) for issue in self._issues.board()}

    def _show(
        self,
        read: tuple[tuple[StructuralIssue, ...], tuple[tuple[str, str], ...], Mapping[UUID, tuple[IssueRelease, ...]]],
    ) -> None:
        self.known, communes, self._let_go = read
        self.commune.set_options(communes)
        request, self._request = self._request, None
        if request is not None and request.issue_id is not None:
            self.edit(request.issue_id)
        elif request is not None:
            self.begin(request)
        elif self.detail.isVisibleTo(self):
            known = self._find(self.open_id)
            if known is not None and not self.form.is_touched:
                self._fill(known)
            elif known is not None:
                self._show_beside(known)
        else:
            self._show_view(board=True)
        self.board.show_issues(self.known, self.open_id)

    def _show_view(self, *, board: bool) -> None:
        self.board.setVisible(board and bool(self.known))
        self.empty.setVisible(board and not self.known)
        self.detail.setVisible(not board)
        self.back_button.setVisible(not board)

    def _find(self, issue_id: UUID | None) -> StructuralIssue | None:
        return next((one for one in self.known if one.id == issue_id), None)

    def show_board(self) -> None:
        """Go back to the board; what was typed stays as a draft."""
        self._show_view(board=True)
        self.board.show_issues(self.known, self.open_id)

    def edit(self, issue_id: UUID) -> None:
        """Open an issue."""
        known = self._find(issue_id)
        if known is not None:
            if not (self.form.is_touched and self.open_id == issue_id):
                self._fill(known)
            self._show_view(board=False)
            self.title_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin(self, request: IssueRequest | None = None) -> None:
        """Show an empty form, begun from a case where `request` names one."""
        asked = request or IssueRequest()
        self._fill(
            StructuralIssue(
                title="",
                noticed_on=self._clock.today(),
                kind=asked.kind or IssueKind.OFFER_GAP,
                life_area=asked.life_area,
                commune=asked.commune,
                case_ids=(asked.case_id,) if asked.case_id else (),
            )
        )
        self._show_view(board=False)
        self.title_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, issue: StructuralIssue) -> None:
        known = self._find(issue.id)
        self.open_id, self._case_ids = known.id if known else None, issue.case_ids
        values: dict[str, object] = {name: getattr(issue, name) for name in _FIELDS}
        values["commune"] = issue.commune or None
        self.form.clear_errors()
        self.form.set_values(values)
        self.named.hide()
        self._show_beside(known)

    def _show_beside(self, known: StructuralIssue | None) -> None:
        count = len(self._case_ids)
        self.linked.setText(
            ngettext("Gesehen in {n} Fall.", "Gesehen in {n} Fällen.", count).format(n=count)
            if count
            else _("Mit keinem Fall verbunden.")
        )
        self.delete_button.setVisible(known is not None)
        self.way.show_issue(known)
        self.leaving.show_issue(known, self._let_go.get(known.id, ()) if known else ())

    _let_go: Mapping[UUID, tuple[IssueRelease, ...]] = {}

    # Working

    def save(self) -> None:
        if not self.detail.isVisibleTo(self) or not self.form.check():
            return
        values = self.form.values()
        values["commune"] = values["commune"] or ""
        known = self._find(self.open_id)
        issue = replace(known, **values) if known else StructuralIssue(**values, case_ids=self._case_ids)
        self.save_button.set_busy(True)
        self._jobs.write(
            lambda: self._issues.save_issue(issue),
            lambda _done: self._saved(issue),
            lambda error: self._refused(error, issue),
            owner=self,
            always=lambda: self.save_button.set_busy(False),
            touches={"issues", "cases"},
        )

    def _saved(self, issue: StructuralIssue) -> None:
        self.form.set_saved()
        self.open_id = issue.id
        self.named.hide()
        self._messages.good(_("Die Strukturmeldung ist gespeichert."))

    def _refused(self, error: KnownError, issue: StructuralIssue) -> None:
        """Show the reason, and the words found: they stand on the screen only, never in the error."""
        if not self.form.show_error(error):
            self._messages.show_error(error)
        text = "\n".join((issue.title, issue.description, issue.proposal))
        self._jobs.read(lambda: self._issues.persons_named(text), self._show_named, owner=self)

    def _show_named(self, found: tuple[str, ...]) -> None:
        self.named.text.setText(", ".join(f"„{isolate(word)}“" for word in found))
        self.named.setVisible(bool(found))

    def _delete(self) -> None:
        known = self._find(self.open_id)
        if known is None:
            return

        def undo() -> None:
            self._jobs.write(lambda: self._issues.save_issue(known), touches={"issues", "cases"})

        def done(_result: object) -> None:
            self.form.set_saved()
            self.open_id = None
            self.show_board()
            self._messages.good(_("Die Strukturmeldung ist gelöscht."), undo=undo)

        self._jobs.write(lambda: self._issues.delete_issue(known.id), done, owner=self, touches={"issues", "cases"})

    # Keeping what was typed

    def draft(self) -> Mapping[str, object] | None:
        if not self.form.is_touched:
            return None
        return {
            "open": str(self.open_id) if self.open_id else "",
            "cases": [str(one) for one in self._case_ids],
            "form": self.form.draft(),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        opened, cases, typed = draft.get("open"), draft.get("cases"), draft.get("form")
        self.open_id = UUID(opened) if isinstance(opened, str) and opened else None
        self._case_ids = tuple(UUID(str(one)) for one in cases) if isinstance(cases, list) else ()
        if isinstance(typed, dict):
            self.form.restore(typed)
            self._show_view(board=False)
