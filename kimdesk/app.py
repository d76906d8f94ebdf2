"""The composition root of the window: opens the vault, builds every page once, and ends the process at the lock."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from kimdesk.foundation.clock import Clock, SystemClock
from kimdesk.foundation.errors import KnownError
from kimdesk.foundation.log import log_what_python_would_print, set_up_logging
from kimdesk.foundation.paths import log_folder
from kimdesk.foundation.preferences import Preferences, load_preferences
from kimdesk.foundation.process import replace_process
from kimdesk.i18n import _, install
from kimdesk.services.cases import CaseFilter
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.entrance import Entrance
from kimdesk.storage.executor import GRACE_SECONDS, DatabaseThread
from kimdesk.storage.vault.errors import DatabaseDamaged, VaultAlarm
from kimdesk.storage.vault.kdf import STANDARD, KeyDerivation
from kimdesk.storage.vault.vault import Vault
from kimdesk.ui.backups import ScheduledBackups
from kimdesk.ui.case_file import CaseFilePage
from kimdesk.ui.cases import CasesPage
from kimdesk.ui.consultation import ConsultationPage
from kimdesk.ui.design import Appearance, Icon, Scheme, apply
from kimdesk.ui.figures import FiguresPage
from kimdesk.ui.files import ask_for_file
from kimdesk.ui.frame import MainWindow, SearchHit
from kimdesk.ui.frame.bug_dialog import BugDialog
from kimdesk.ui.frame.live_state import IdleTime, PushState
from kimdesk.ui.home import HomePage
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Message, Messages
from kimdesk.ui.notifications import NotificationsPage
from kimdesk.ui.offers import OfferCarePage, OffersPage
from kimdesk.ui.page import PageFactory
from kimdesk.ui.printing import PrintPage
from kimdesk.ui.printing.page import ChoosePath, ask_for_pdf
from kimdesk.ui.qt_texts import install_qt_texts
from kimdesk.ui.settings import SettingsPage
from kimdesk.ui.structure.page import StructurePage
from kimdesk.ui.unlock import Door, DoorDialogs, window_icon
from kimdesk.ui.watch import SystemWatch

_log = logging.getLogger(__name__)
_DRAFT_PREFIX = "page:"
_SEARCH_LIMIT = 5
_CHECK_LOOK_MILLISECONDS = 100
_LEAVING_SECONDS = 15.0
"""How long running work may take when the window is closed by hand; the lock does not wait that long."""


def run_window(folder: Path, *, check_first: bool = False) -> int:
    """Show the unlock window for the vault in `folder` (or the assistant that makes one), then the desk.

    With `check_first` the desk waits for the check of the whole vault, which the last process ended with an alarm.
    Returns the program's exit code. Locking does not return: it replaces the process.
    """
    set_up_logging(log_folder())
    log_what_python_would_print()
    application = make_application()
    program = Program(folder, SystemClock(), check_first=check_first)
    program.report_bugs()
    program.begin()
    return int(application.exec())


@dataclass(frozen=True)
class Dialogs:
    """The system's own dialogs, which the tour and tests answer themselves."""

    choose_path: ChoosePath = ask_for_pdf
    choose_file: Callable[[QWidget, str, str], Path | None] = ask_for_file
    door: DoorDialogs = field(default_factory=DoorDialogs)


class Program:
    """Leads from the unlock window to the desk and, at the lock, out of the process."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        kdf: KeyDerivation = STANDARD,
        dialogs: Dialogs | None = None,
        *,
        check_first: bool = False,
    ) -> None:
        self.folder, self._clock, self._kdf = folder, clock, kdf
        self._check_first = check_first
        self._dialogs = dialogs or Dialogs()
        self.workshop = Workshop()
        self.door = Door(Entrance(folder, clock, kdf, check_first=check_first), self.workshop.jobs, self._dialogs.door)
        self.door.entered.connect(self.enter)
        self.session: Session | None = None
        self.workshop.messages.said.connect(self._say_before_the_desk)
        self.workshop.messages.bug_happened.connect(self._show_bug_before_the_desk)

    def report_bugs(self) -> None:
        """Show what nothing has caught in the one dialog that can be copied, and log its place."""

        def report(_kind: type[BaseException], error: BaseException, _place: TracebackType | None) -> None:
            _log.error("an error nothing has caught", exc_info=error)
            self.workshop.messages.show_error(error)

        sys.excepthook = report

    @property
    def threshold(self) -> QWidget | None:
        """The window that stands before the desk."""
        return self.door.window

    def begin(self) -> None:
        """Show the window that stands before the desk."""
        found = _(
            "Die Prüfung des Tresors hat etwas gefunden. Er wurde gleich geschlossen, es wurde nichts "
            "hineingeschrieben. Beim nächsten Entsperren wird er zuerst ganz geprüft; danach steht hier, "
            "was gefunden wurde und was Sie tun können."
        )
        self.door.begin(warning=found if self._check_first else "")

    def enter(self, vault: Vault) -> None:
        """Show the desk of an opened vault in place of the first window."""
        try:
            session = open_session(vault, self._clock, self.workshop, self._dialogs)
        except BaseException:
            vault.close()  # else the next try would be told that the vault is in use
            raise
        session.window.lock_requested.connect(self.lock)
        session.window.closing.connect(self._leave)
        self.session = session
        _Settling(session, self._close_with_an_alarm)
        session.window.show()
        session.window.idle_lock.start()
        QTimer.singleShot(0, session.window, lambda: self._watch_the_system(session.window))
        self.door.close()

    def _watch_the_system(self, window: MainWindow) -> None:
        watch = SystemWatch(window)
        watch.lock_wanted.connect(window.lock)
        watch.session_ends.connect(self.end)
        watch.keep_wanted.connect(window.stash_drafts)

    def lock(self) -> None:
        """Close the vault and replace the process by a fresh one that shows the unlock window."""
        QApplication.clipboard().clear()
        try:
            if self.session is not None:
                self.session.close()
        finally:
            replace_process([sys.executable, "-m", "kimdesk", "run", "--vault", str(self.folder)])

    def end(self) -> None:
        """Close vault and window because the user's session ends: no longer than the lock takes, and nothing asked."""
        if self.session is not None:
            self.session.window.clear_the_screen()
            self.session.close()
            self.session.window.close()

    def _close_with_an_alarm(self, error: KnownError) -> None:
        """Close a vault whose check found something, unwritten; a fresh process checks it before it opens it."""
        _log.error("the check of the vault found something: %s", type(error).__name__)
        try:
            if self.session is not None:
                self.session.close()
        finally:
            replace_process([sys.executable, "-m", "kimdesk", "run", "--vault", str(self.folder), "--check-first"])

    def _leave(self) -> None:
        """Close the vault with the window; what was handed in before is still done."""
        if self.session is None or self.session.workshop.is_closed:
            return
        clipboard = QApplication.clipboard()
        if clipboard.ownsClipboard():  # some systems keep it when the program is gone
            clipboard.clear()
        self.session.close(_LEAVING_SECONDS)

    def _say_before_the_desk(self, message: Message) -> None:
        if self.session is None:
            box = QMessageBox(QMessageBox.Icon.Critical, "KIM Desk", message.text, parent=self.threshold)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()

    def _show_bug_before_the_desk(self, description: str) -> None:
        if self.session is None:
            dialog = BugDialog(description, self.threshold)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()


class Workshop:
    """The one database thread with what runs work on it and tells of it."""

    def __init__(self) -> None:
        self.thread = DatabaseThread()
        self.messages = Messages()
        self.jobs = Jobs(self.thread, self.messages)
        self.is_closed = False

    def close(self, interrupt: Callable[[], None] | None = None, grace_seconds: float = GRACE_SECONDS) -> bool:
        """End the thread; return whether it is idle, so that the caller may use the vault in its own thread."""
        self.is_closed = True
        self.jobs.close()
        return self.thread.close(interrupt, grace_seconds=grace_seconds)


def make_application(preferences: Preferences | None = None) -> QApplication:
    """Return the Qt application with the machine's language and appearance in force."""
    chosen = preferences or load_preferences()
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("KIM Desk")
    application.setQuitOnLastWindowClosed(True)
    install(chosen.language)
    install_qt_texts(application, chosen.language)
    apply(application, Appearance(Scheme(chosen.appearance), chosen.text_scale))
    application.setWindowIcon(window_icon())
    return application


@dataclass(frozen=True)
class Session:
    """An open vault with its services, its thread and its window."""

    desk: Desk
    workshop: Workshop
    window: MainWindow
    backups: ScheduledBackups

    def close(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Give work that was handed in its time, keep what was typed, close the vault. A second call does nothing.

        Nothing here can refuse: what fails (a full disk) is logged, and the vault is closed all the same.
        """
        if self.workshop.is_closed:
            return
        self.backups.stop()
        try:
            if self.workshop.close(self.desk.vault.interrupt, grace_seconds) and self.desk.vault.settle(grace_seconds):
                # The thread is idle and takes no more work, so this thread may use the vault.
                _keep_drafts(self.desk, self.window.drafts())
                self.desk.vault.record_lock()
        except Exception as error:
            _log.error("what was typed last could not be kept at the end", exc_info=error)
        finally:
            self.desk.close()


def open_session(vault: Vault, clock: Clock, workshop: Workshop, dialogs: Dialogs | None = None) -> Session:
    """Return the desk of an open vault with its window, not shown yet; drafts from before the lock are back in it."""
    desk = build_desk(vault, clock)
    jobs, messages = workshop.jobs, workshop.messages
    start = workshop.thread.submit(partial(_read_start, desk)).result()
    window = MainWindow(
        _pages(desk, jobs, messages, dialogs or Dialogs()),
        jobs,
        messages,
        search=partial(_search, desk),
        consultation=("consultation", None),
        stash=lambda drafts: _submit_drafts(workshop, desk, drafts),
        is_demo=desk.vault.is_demo,
        idle_seconds=start.idle_seconds,
        vault=desk.vault,
    )
    window.restore_drafts(start.drafts)
    PushState(desk, jobs, window)
    IdleTime(desk, jobs, window)
    return Session(desk, workshop, window, ScheduledBackups(desk, jobs, window))


def _pages(desk: Desk, jobs: Jobs, messages: Messages, dialogs: Dialogs) -> Sequence[PageFactory]:
    """Return the pages in the order of the navigation; each is built when it is first wanted."""
    return (
        PageFactory("home", _("Heute"), Icon.HOME, lambda: HomePage(desk.cases, jobs, messages, desk.clock)),
        PageFactory("cases", _("Fälle"), Icon.CASES, lambda: CasesPage(desk.cases, jobs, messages, desk.clock)),
        PageFactory(
            "case",
            _("Fall"),
            Icon.CASE,
            lambda: CaseFilePage(desk.cases, desk.offers, desk.attachments, desk.settings, jobs, messages, desk.clock),
            in_navigation=False,
            area_of="cases",
        ),
        PageFactory(
            "consultation",
            _("Neue Beratung"),
            Icon.TALK,
            lambda: ConsultationPage(desk.cases, jobs, messages, desk.clock),
            in_navigation=False,
            area_of="cases",
        ),
        PageFactory(
            "notifications",
            _("Meldungen"),
            Icon.MAIL,
            lambda: NotificationsPage(desk.cases, jobs, messages, desk.clock),
            in_navigation=False,
            area_of="cases",
        ),
        PageFactory(
            "offer_care",
            _("Verzeichnis pflegen"),
            Icon.TASKS,
            lambda: OfferCarePage(desk, jobs, messages),
            in_navigation=False,
            area_of="offers",
        ),
        PageFactory(
            "offers",
            _("Angebote"),
            Icon.OFFERS,
            lambda: OffersPage(
                desk.offers, desk.cases, jobs, messages, desk.clock, care=desk.offer_care, gaps=desk.offer_gaps
            ),
        ),
        PageFactory(
            "print",
            _("Drucken"),
            Icon.PRINT,
            lambda: PrintPage(desk.prints, desk.offers, desk.cases, jobs, messages, choose_path=dialogs.choose_path),
        ),
        PageFactory(
            "figures",
            _("Kennzahlen"),
            Icon.FIGURES,
            lambda: FiguresPage(desk.figures, desk.pushes, jobs, messages, desk.clock),
        ),
        PageFactory(
            "structure",
            _("Struktur"),
            Icon.STRUCTURE,
            lambda: StructurePage(desk.issues, desk.cases, jobs, messages, desk.clock),
        ),
        PageFactory(
            "settings",
            _("Einstellungen"),
            Icon.SETTINGS,
            lambda: SettingsPage(
                desk.settings,
                desk.handout_texts,
                desk.vault,
                desk.backups,
                desk.log,
                desk.pushes,
                jobs,
                messages,
                desk.clock,
                choose_file=dialogs.choose_file,
            ),
            at_foot=True,
        ),
    )


@dataclass(frozen=True)
class _Start:
    """What the window needs before it is shown."""

    idle_seconds: int
    drafts: Mapping[str, Mapping[str, Any]]


def _read_start(desk: Desk) -> _Start:
    drafts = {}
    for key in desk.cases.drafts():
        draft = desk.cases.load_draft(key) if key.startswith(_DRAFT_PREFIX) else None
        if draft:
            drafts[key.removeprefix(_DRAFT_PREFIX)] = draft
    return _Start(desk.settings.idle_minutes() * 60, drafts)


def _keep_drafts(desk: Desk, drafts: Mapping[str, Mapping[str, object]]) -> None:
    """Keep the drafts of every page that has one and drop those that are done."""
    for key in desk.cases.drafts():
        if key.startswith(_DRAFT_PREFIX) and key.removeprefix(_DRAFT_PREFIX) not in drafts:
            desk.cases.drop_draft(key)
    for page_id, draft in drafts.items():
        desk.cases.save_draft(f"{_DRAFT_PREFIX}{page_id}", dict(draft))


def _submit_drafts(workshop: Workshop, desk: Desk, drafts: Mapping[str, Mapping[str, object]]) -> None:
    if not workshop.is_closed:
        workshop.jobs.write(partial(_keep_drafts, desk, drafts))


def _search(desk: Desk, text: str) -> Sequence[SearchHit]:
    """Answer the search line: cases by number and name first, then offers."""
    cases = desk.cases.list(CaseFilter(text=text, status="all"))[:_SEARCH_LIMIT]
    offers = desk.offers.search(text, _SEARCH_LIMIT)
    return [
        *(SearchHit(", ".join(case.persons[:3]), case.number, "case", case.id, Icon.CASE) for case in cases),
        *(SearchHit(offer.title, offer.provider, "offers", offer.id, Icon.OFFERS) for offer in offers),
    ]


class _Settling(QObject):
    """Begins the session once the check that runs beside the first screen is through, or tells of an alarm."""

    def __init__(self, session: Session, alarm: Callable[[KnownError], None]) -> None:
        super().__init__(session.window)
        self._session, self._alarm = session, alarm
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._look()

    def _look(self) -> None:
        if self._session.desk.vault.is_checked():
            self._timer.stop()
            self._session.workshop.jobs.read(
                self._session.desk.vault.settle, lambda _in_time: self._settled(), self._failed, owner=self
            )

    def _settled(self) -> None:
        if self._session.window.notices is not None:
            self._session.window.notices.look()
        self._session.backups.start()

    def _failed(self, error: KnownError) -> None:
        if isinstance(error, DatabaseDamaged | VaultAlarm):
            self._alarm(error)
        else:
            self._session.workshop.messages.show_error(error)  # a full disk: the next write tries again
