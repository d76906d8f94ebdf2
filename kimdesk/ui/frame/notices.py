"""What the vault has to say: alarms above everything until they are acknowledged, warnings as banners."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.services.vault import Notice, NoticeKind, Severity, VaultService
from kimdesk.ui.alarm import AlarmPanel
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.widgets import Button, row

Leads = dict[NoticeKind, tuple[str, str]]

_LOOK_EVERY_MILLISECONDS = 15 * 60_000
_AREAS = frozenset({"vault", "backups", "settings"})
_BACKUP_KINDS = frozenset(
    {NoticeKind.BACKUP_FAILED, NoticeKind.BACKUP_OLD, NoticeKind.BACKUP_PLACE_MISSING, NoticeKind.DISK_LOW}
)
_KEY_KINDS = frozenset(
    {
        NoticeKind.RECOVERY_KEY_USED,
        NoticeKind.ROTATION_UNFINISHED,
        NoticeKind.ACCESS_EXPIRED,
        NoticeKind.ACCESS_ENDS_SOON,
    }
)


class NoticePanel(AlarmPanel):
    """One notice with the way to what can be done, and a button that says it was read."""

    def __init__(self, notice: Notice, go: Callable[[str, object], object], read: Callable[[], object]) -> None:
        super().__init__(Meaning.DANGER if notice.severity is Severity.ALARM else Meaning.ATTENTION)
        self.notice = notice
        self.show_alarm(notice)
        word = _("Verstanden") if notice.severity is Severity.ALARM else _("Schließen")
        self.read_button = Button(word, on_click=read)
        ways = []
        if notice.kind in _BACKUP_KINDS:
            ways.append(Button(_("Zu den Sicherungen"), symbol=Icon.SAVE, on_click=lambda: go("settings", "backup")))
        elif notice.kind in _KEY_KINDS:
            ways.append(Button(_("Zu den Zugängen"), symbol=Icon.KEY, on_click=lambda: go("settings", "keys")))
        elif notice.severity is Severity.ALARM:
            ways.append(Button(_("Zum Protokoll"), symbol=Icon.BOOK, on_click=lambda: go("settings", "log")))
        self.add_below(row(*ways, self.read_button, None))


class NoticeArea(QWidget):
    """The most urgent notice that was not acknowledged stands there; the next follows. No message pushes it away.

    An alarm that is acknowledged goes into the log. A hint is not shown here, for it stops nobody's work.
    """

    def __init__(self, vault: VaultService, jobs: Jobs, go: Callable[[str, object], object]) -> None:
        super().__init__()
        self._vault, self._jobs, self._go = vault, jobs, go
        self._read: set[NoticeKind] = set()
        self.panel: NoticePanel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.XL, Space.S, Space.XL, 0)
        self.hide()
        jobs.changed.connect(self._changed)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Ask the vault what there is to say."""
        self._jobs.read(self._vault.health, self._show, owner=self, latest="health")

    def _changed(self, areas: frozenset[str]) -> None:
        if areas & _AREAS:
            self.look()

    def _show(self, notices: Sequence[Notice]) -> None:
        open_ones = [each for each in notices if each.severity >= Severity.WARNING and each.kind not in self._read]
        first = open_ones[0] if open_ones else None
        if self.panel is not None and first == self.panel.notice:
            return
        if self.panel is not None:
            self._column.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
        if first is not None:
            self.panel = NoticePanel(first, self._go, lambda: self._acknowledge(first))
            self._column.addWidget(self.panel)
            self.panel.show()
        self.setVisible(first is not None)

    def _acknowledge(self, notice: Notice) -> None:
        self._read.add(notice.kind)
        if notice.severity is Severity.ALARM:
            self._jobs.write(lambda: self._vault.acknowledge(notice.kind), owner=self, touches={"vault"})
        else:
            self.look()
