"""What leaves the laptop: the release of a quarter, and the one button that lets it go."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.reporting.disclosure import Explanation
from kimdesk.reporting.margins import margin
from kimdesk.reporting.tables import ReleaseRules
from kimdesk.services.figures import FigureService, ReleaseSummary
from kimdesk.services.pushes import NotEnrolled, PushService, PushStatus
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.figures.beside import Beside
from kimdesk.ui.figures.release_tables import ReleaseTables
from kimdesk.ui.figures.send_panel import SendPanel
from kimdesk.ui.figures.words import quarter_words
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Banner, Button, CheckField, ChoiceField, EmptyState, Scroll, Text, row

_QUARTERS_OFFERED = 8


@dataclass(frozen=True)
class _Read:
    period: tuple[int, int]
    due: tuple[int, int]
    rules: ReleaseRules
    explanation: Explanation | None
    problem: KnownError | None
    released: ReleaseSummary | None
    releases: tuple[ReleaseSummary, ...]
    status: PushStatus


class ReleaseView(QWidget):
    """Reads with `load`. `settings_wanted` leads to where a coordinating office is joined."""

    settings_wanted = Signal()

    def __init__(
        self,
        figures: FigureService,
        pushes: PushService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        choose_folder: Callable[[QWidget, str], Path | None],
    ) -> None:
        super().__init__()
        self._figures, self._pushes, self._jobs, self._messages = figures, pushes, jobs, messages
        self.period: tuple[int, int] | None = None
        self.quarter_field = ChoiceField(empty=None)
        self.quarter_field.set_names(_("Quartal"), _("Die Meldung zählt vom 1. Januar bis zum Ende des Quartals."))
        self.quarter_field.setMinimumWidth(theme().px(170))
        self.quarter_field.changed.connect(self._quarter_chosen)
        label = Text(_("Quartal"), "label")
        label.setBuddy(self.quarter_field.entry)
        self.true_figures = CheckField(_("Wahre Zahlen zeigen"))
        self.release_button = Button(_("Freigeben"), "primary", symbol=Icon.EXPORT, on_click=self.release)
        self.intro = Text("", "muted", wrap=True)
        self.note = Banner("", Meaning.INFO)
        self.note.hide()
        self.tables = ReleaseTables()
        self.true_figures.changed.connect(lambda: self.tables.show_true_figures(self.true_figures.value()))
        self.nothing = EmptyState(
            Icon.FIGURES,
            _("Für dieses Quartal gibt es keine Meldung"),
            _("Wählen Sie oben ein anderes Quartal, oder sehen Sie rechts eine frühere Meldung an."),
        )
        self.nothing.hide()
        self.panel = SendPanel(pushes, jobs, messages, clock, choose_folder)
        self.panel.chosen.connect(self.show_quarter)
        self.panel.enrol_wanted.connect(self.settings_wanted)
        left = QWidget()
        inner = QVBoxLayout(left)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.S)
        inner.addWidget(self.intro)
        inner.addWidget(self.note)
        inner.addWidget(self.tables, 1)
        inner.addWidget(self.nothing, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.S, 0, 0)
        layout.setSpacing(Space.S)
        choices, act = QWidget(), QWidget()
        choices.setLayout(row(label, self.quarter_field, self.true_figures, None, space=Space.M))
        act.setLayout(row(None, self.release_button))
        self._act = act
        head = Beside(choices, act, narrowest=760)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout.addWidget(head)
        layout.addWidget(Scroll(Beside(left, self.panel, narrowest=880, side_width=276)), 1)

    def load(self) -> None:
        """Read the chosen quarter, the first time the one that is due."""
        chosen = self.period
        figures, pushes = self._figures, self._pushes

        def read() -> _Read:
            due = figures.due_quarter()
            year, quarter = chosen or due
            releases = figures.releases()
            released = next((made for made in releases if (made.year, made.quarter) == (year, quarter)), None)
            explanation, problem = None if released is None else released.explanation, None
            if released is None:
                try:
                    explanation = figures.preview_release(year, quarter).explanation
                except KnownError as error:
                    problem = error
            return _Read(
                (year, quarter), due, figures.release_rules(), explanation, problem, released, releases, pushes.status()
            )

        self._jobs.read(read, self._show, owner=self, latest="release")

    def show_quarter(self, year: int, quarter: int) -> None:
        """Show the release of a quarter."""
        self.period = (year, quarter)
        self.load()

    def release(self) -> None:
        """Make the release of the quarter shown; it waits in the outbox until it is sent."""
        if self.period is None:
            return
        year, quarter = self.period
        self.release_button.set_busy(True)
        self._jobs.write(
            lambda: self._figures.create_release(year, quarter),
            lambda _written: self._messages.good(
                _("Die Meldung für das {quarter} liegt im Ausgang. Mit „Jetzt senden“ geht sie hinaus.").format(
                    quarter=quarter_words(year, quarter)
                )
            ),
            self._refused,
            owner=self,
            always=lambda: self.release_button.set_busy(False),
        )

    def _refused(self, error: KnownError) -> None:
        if isinstance(error, NotEnrolled):
            self._messages.attention(
                render_error(error), action=_("Zu den Einstellungen"), on_action=self.settings_wanted.emit
            )
        else:
            self._messages.show_error(error)

    def _show(self, view: _Read) -> None:
        self.period = view.period
        self._offer_quarters(view)
        self.intro.setText(
            _(
                "Diese Zahlen gehen hinaus, sonst nichts: keine Namen, keine Fälle, nur Summen vom 1. Januar bis zum "
                "Ende des Quartals. Jede Zahl wird zufällig verändert, höchstens um {change}; bei etwa 95 von 100 "
                "Zahlen liegt die wahre höchstens {margin} daneben. Eine 1 oder 2 wird nie gemeldet."
            ).format(change=view.rules.max_change, margin=math.ceil(margin(1, view.rules.variance)))
        )
        self.release_button.setText(
            _("Meldung {quarter} freigeben").format(quarter=quarter_words(*view.period)).replace("&", "&&")
        )
        self.release_button.setAccessibleName(self.release_button.text())
        self._act.setVisible(view.released is None and view.explanation is not None)
        self.tables.setVisible(view.explanation is not None)
        self.nothing.setVisible(view.explanation is None)
        if view.explanation is not None:
            self.tables.show_explanation(view.explanation, view.rules)
        if view.problem is not None:
            self._note(render_error(view.problem), Meaning.INFO)
        elif view.released is not None:
            self._note(
                _("So haben Sie die Meldung am {when} freigegeben.").format(when=moment(view.released.created_at)),
                Meaning.GOOD,
            )
        else:
            self.note.hide()
        self.panel.show_state(view.status, view.releases)

    def _note(self, text: str, meaning: Meaning) -> None:
        self.note.set_text(text, meaning)
        self.note.show()

    def _offer_quarters(self, view: _Read) -> None:
        year, quarter = view.due
        offered = {view.period, *((made.year, made.quarter) for made in view.releases)}
        for _step in range(_QUARTERS_OFFERED):
            offered.add((year, quarter))
            year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        self.quarter_field.blockSignals(True)
        self.quarter_field.set_options(
            [(f"{year}-{quarter}", quarter_words(year, quarter)) for year, quarter in sorted(offered, reverse=True)]
        )
        self.quarter_field.set_value(f"{view.period[0]}-{view.period[1]}")
        self.quarter_field.blockSignals(False)

    def _quarter_chosen(self) -> None:
        chosen = self.quarter_field.value()
        if chosen is not None:
            year, quarter = (int(part) for part in chosen.split("-"))
            if (year, quarter) != self.period:
                self.show_quarter(year, quarter)
