"""What of an issue leaves the laptop: the exact text, seen before it goes, and every text that went."""

from __future__ import annotations

from collections.abc import Sequence

from kimdesk.domain.issues import IssueRelease, StructuralIssue
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.i18n.formats import moment
from kimdesk.services.issues import IssueService
from kimdesk.ui.design import Icon
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Button, SectionCard, Text, row


class ReleaseCard(SectionCard):
    """First "show", then "let go": there is no way to let a text go that was not shown."""

    def __init__(self, issues: IssueService, jobs: Jobs, messages: Messages) -> None:
        super().__init__(_("Was an die Koordinierende Stelle geht"))
        self._issues, self._jobs, self._messages = issues, jobs, messages
        self._issue: StructuralIssue | None = None
        self._seen = ""
        self.explained = Text(
            _("Genau dieser Text verlässt den Laptop, sonst nichts. Fälle erscheinen nur als ungefähre Zahl."),
            "muted",
            wrap=True,
        )
        self.words = Text("", wrap=True, selectable=True)
        self.exact = Text("", "meta", wrap=True, selectable=True)
        self.show_button = Button(_("Text ansehen"), symbol=Icon.SHOW, on_click=self.show_text)
        self.release_button = Button(_("Diesen Text freigeben"), symbol=Icon.SEND, on_click=self.release)
        self.gone = Text("", "meta", wrap=True)
        for part in (
            self.explained,
            self.words,
            self.exact,
            row(self.show_button, None, self.release_button),
            self.gone,
        ):
            self.add(part)

    def show_issue(self, issue: StructuralIssue | None, releases: Sequence[IssueRelease]) -> None:
        """Show what went already; the text of now only when it is asked for."""
        self._issue, self._seen = issue, ""
        self.setVisible(issue is not None)
        self.words.hide()
        self.exact.hide()
        self.release_button.hide()
        lines = [
            _("Freigegeben am {moment}, {sent}").format(
                moment=moment(one.seen_at),
                sent=_("angekommen am {moment}").format(moment=moment(one.sent_at))
                if one.sent_at
                else _("wartet auf den Versand"),
            )
            for one in releases
        ]
        self.gone.setText("\n".join(lines))
        self.gone.setVisible(bool(lines))

    def show_text(self) -> None:
        """Show the exact text."""
        issue = self._issue
        if issue is not None:
            self._jobs.read(lambda: self._look(issue), self._show_exact, owner=self)

    def _look(self, issue: StructuralIssue) -> tuple[str, str]:
        """Return the text and its words; runs in the database thread."""
        exact = self._issues.text_that_leaves(issue.id)
        return exact, self._issues.words(exact)

    def _show_exact(self, shown: tuple[str, str]) -> None:
        self._seen, words = shown
        self.words.setText(words)
        self.exact.setText(_("So wird es übertragen: {text}").format(text=self._seen))
        self.words.show()
        self.exact.show()
        self.release_button.show()

    def release(self) -> None:
        """Let the text go that is shown."""
        issue, seen = self._issue, self._seen
        if issue is None or not seen:
            return
        self._jobs.write(
            lambda: self._issues.release_text(issue.id, seen),
            lambda _done: self._messages.good(_("Der Text ist freigegeben und wartet auf den Versand.")),
            self._refused,
            owner=self,
            touches={"issues"},
        )

    def _refused(self, error: KnownError) -> None:
        self._messages.show_error(error)
