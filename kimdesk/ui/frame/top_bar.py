"""The bar above the work: search, what is under way, new consultation, lock."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from kimdesk.i18n import _, ngettext
from kimdesk.ui.design import Icon, Space, icon, icon_size, theme
from kimdesk.ui.frame.search_box import SearchBox
from kimdesk.ui.widgets.base import describe, put
from kimdesk.ui.widgets.buttons import Button, IconButton


class TopBar(QFrame):
    """`push_wanted` when the state of the pushes is clicked, `lock_wanted`, `consultation_wanted`, `help_wanted`,
    `context_wanted` when the context panel is to be folded or unfolded.
    """

    push_wanted = Signal()
    lock_wanted = Signal()
    consultation_wanted = Signal()
    help_wanted = Signal()
    context_wanted = Signal()

    def __init__(self, search: SearchBox | None) -> None:
        super().__init__()
        put(self, role="topbar")
        self.search = search
        self.push = Button("", "quiet", symbol=Icon.CLOUD, on_click=self.push_wanted.emit)
        self.push.hide()
        self.consultation = Button(_("Beratung"), "primary", symbol=Icon.ADD, on_click=self.consultation_wanted.emit)
        self.consultation.setToolTip(_("Neue Beratung beginnen (Strg+N)"))
        self.consultation.setAccessibleDescription(_("Neue Beratung beginnen"))
        self.lock = Button(_("Sperren"), "quiet", symbol=Icon.LOCK, on_click=self.lock_wanted.emit)
        self.lock.setToolTip(_("Jetzt sperren (Strg+L)"))
        self.help = IconButton(Icon.HELP, _("Hilfe (F1)"), self.help_wanted.emit)
        self.context = IconButton(Icon.PANEL, _("Seitenleiste ein- oder ausklappen"), self.context_wanted.emit)
        self.context.hide()
        inner = QHBoxLayout()
        inner.setContentsMargins(Space.XL, Space.S, Space.L, Space.S - 3)
        inner.setSpacing(Space.S)
        if search is not None:
            search.setMaximumWidth(theme().px(520))
            inner.addWidget(search, 10)
        inner.addStretch(1)
        for button in (self.push, self.lock, self.help, self.context):
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        inner.addWidget(self.consultation, 0, Qt.AlignmentFlag.AlignVCenter)
        self.working = QProgressBar()
        put(self.working, role="working")
        self.working.setTextVisible(False)
        self.working.setRange(0, 1)
        describe(self.working, _("Es wird gearbeitet"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(inner)
        layout.addWidget(self.working)

    def show_working(self, working: bool) -> None:
        """Show that work takes longer than a moment; the place of the line is always kept, so nothing moves."""
        self.working.setRange(0, 0 if working else 1)
        self.working.reset()

    def show_push(self, waiting: int | None) -> None:
        """Show how many releases wait to be sent; None where no coordinator is joined."""
        self.push.setVisible(waiting is not None)
        if waiting is None:
            return
        text = ngettext("{n} wartend", "{n} wartend", waiting).format(n=waiting) if waiting else _("Alles übertragen")
        self.push.setText(text)
        self.push.setIcon(icon(Icon.CLOUD if waiting else Icon.SENT, "attention" if waiting else "good"))
        self.push.setIconSize(icon_size())
        describe(self.push, text, _("Stand der Übertragungen an die koordinierende Stelle"))

    def show_seconds_to_lock(self, seconds: int) -> None:
        """Show the time to the lock: whole minutes, and seconds only in the last minute, so that nothing ticks."""
        if seconds > 60:
            minutes = (seconds + 59) // 60
            left = _("{n} min").format(n=minutes)
        else:
            left = f"0:{seconds:02d}" if seconds < 60 else "1:00"
        text = _("Sperren · {left}").format(left=left)
        if self.lock.text() != text:
            self.lock.setText(text)
            self.lock.setAccessibleName(text)
