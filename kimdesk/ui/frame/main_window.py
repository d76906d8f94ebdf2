"""The main window: builds pages when they are first wanted, leads between them, keeps drafts, asks for the lock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from kimdesk.i18n import _
from kimdesk.services.vault import VaultService
from kimdesk.ui.design import Icon, Meaning, Space, theme
from kimdesk.ui.frame.bug_dialog import BugDialog
from kimdesk.ui.frame.idle_lock import DEFAULT_TIMEOUT_SECONDS, IdleLock
from kimdesk.ui.frame.message_area import MessageArea
from kimdesk.ui.frame.navigation import Navigation
from kimdesk.ui.frame.notices import NoticeArea
from kimdesk.ui.frame.search_box import SearchBox, SearchHit
from kimdesk.ui.frame.tab_order import focus_next
from kimdesk.ui.frame.top_bar import TopBar
from kimdesk.ui.help.manual_window import ManualWindow
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page, PageFactory
from kimdesk.ui.widgets.banner import Banner
from kimdesk.ui.widgets.base import announce, put
from kimdesk.ui.widgets.page_parts import Scroll
from kimdesk.ui.widgets.side_panel import SidePanel
from kimdesk.ui.widgets.text import IconLabel

Drafts = dict[str, Mapping[str, object]]
"""What was typed and not saved, by page id; fit for JSON."""

_log = logging.getLogger(__name__)
_DRAFT_PAUSE_MILLISECONDS = 2000
_PLAIN_AREAS = 7
_NARROWEST_WITH_CONTEXT = 1000


class MainWindow(QMainWindow):
    """The desk.

    `pages` in the order of the navigation; the first is shown first. `search` answers the search line and runs in
    the worker. `consultation` is the page (and argument) that "＋ Beratung" opens. `stash` is handed all drafts some
    seconds after a change, before the lock and on closing. `lock_requested` is sent once; whoever wires the window
    ends the process then. `vault` tells what is wrong with it.
    """

    lock_requested = Signal()
    page_changed = Signal(str)
    closing = Signal()

    def __init__(
        self,
        pages: Sequence[PageFactory],
        jobs: Jobs,
        messages: Messages,
        *,
        search: Callable[[str], Sequence[SearchHit]] | None = None,
        consultation: tuple[str, object] | None = None,
        push_page: str = "figures",
        stash: Callable[[Drafts], None] | None = None,
        is_demo: bool = False,
        idle_seconds: int = DEFAULT_TIMEOUT_SECONDS,
        vault: VaultService | None = None,
    ) -> None:
        super().__init__()
        self._factories = {factory.page_id: factory for factory in pages}
        self._order = [factory.page_id for factory in pages if factory.in_navigation]
        self._pages: dict[str, Page] = {}
        self._jobs, self._messages = jobs, messages
        self._consultation, self._push_page, self._stash = consultation, push_page, stash
        self._is_demo = is_demo
        self._bug: BugDialog | None = None
        self._manual: ManualWindow | None = None
        self._context_of: dict[Page, tuple[str, QWidget]] = {}
        self._context_folded = False
        self._lock_sent = False
        self._last_drafts: Drafts = {}
        self._unread: set[str] = set()
        self._idle_banner: Banner | None = None

        search_box = SearchBox(search, jobs) if search is not None else None
        self.navigation = Navigation(pages)
        self.top_bar = TopBar(search_box)
        self.work = QStackedWidget()
        self.message_area = MessageArea(self.work)
        self.notices = NoticeArea(vault, jobs, self.go) if vault is not None else None
        self.context = SidePanel()
        self.context.hide()
        self.idle_lock = IdleLock(idle_seconds, parent=self)
        self._lay_out()
        self._connect(search_box)
        self._set_shortcuts()
        self._draft_pause = QTimer(self)
        self._draft_pause.setSingleShot(True)
        self._draft_pause.setInterval(_DRAFT_PAUSE_MILLISECONDS)
        self._draft_pause.timeout.connect(self.stash_drafts)
        self.resize(1366, 740)
        if self._order:
            self.go(self._order[0])

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        if self.notices is not None:
            middle.addWidget(self.notices)
        middle.addWidget(self.message_area)
        middle.addWidget(self.work, 1)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addLayout(middle, 1)
        below.addWidget(self.context)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.top_bar)
        right.addLayout(below, 1)
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.navigation)
        across.addLayout(right, 1)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if self._is_demo:
            whole.addWidget(demo_strip())
        whole.addLayout(across, 1)
        self._centre = QWidget()
        put(self._centre, role="window")
        self._centre.setLayout(whole)
        self.setCentralWidget(self._centre)

    def _connect(self, search_box: SearchBox | None) -> None:
        self.navigation.chosen.connect(self.go)
        self.top_bar.lock_wanted.connect(self.lock)
        self.top_bar.consultation_wanted.connect(self.begin_consultation)
        self.top_bar.push_wanted.connect(lambda: self.go(self._push_page))
        self.top_bar.help_wanted.connect(self.open_manual)
        self.top_bar.context_wanted.connect(self.toggle_context)
        self.top_bar.consultation.setVisible(self._consultation is not None)
        self.context.folded.connect(self._context_was_folded)
        if search_box is not None:
            search_box.chosen.connect(self._open_hit)
        self.work.currentChanged.connect(lambda _place: self.message_area.keep_in_front())
        self._jobs.waiting.connect(self.top_bar.show_working)
        self._jobs.changed.connect(self._something_changed)
        self._messages.said.connect(self.message_area.show_message)
        self._messages.bug_happened.connect(self._show_bug)
        self.idle_lock.remaining.connect(self.top_bar.show_seconds_to_lock)
        self.idle_lock.warned.connect(self._warn_of_lock)
        self.idle_lock.resumed.connect(self._end_warning)
        self.idle_lock.lock_requested.connect(self.lock)
        self.top_bar.show_seconds_to_lock(self.idle_lock.timeout_seconds)

    def _set_shortcuts(self) -> None:
        def keys(sequence: str, call: Callable[[], object]) -> None:
            QShortcut(QKeySequence(sequence), self).activated.connect(lambda: call())

        keys("Ctrl+K", self.focus_search)
        keys("Ctrl+N", self.begin_consultation)
        keys("Ctrl+L", self.lock)
        keys("F1", self.open_manual)
        for number, page_id in enumerate(self._order[:_PLAIN_AREAS], start=1):
            keys(f"Ctrl+{number}", partial(self.go, page_id))
        keys("Ctrl+S", lambda: self.current_page().save())
        keys("Ctrl+P", lambda: self.current_page().print_out())
        keys("Ctrl+F", lambda: self.current_page().focus_filter())
        keys("Ctrl+Return", lambda: self.current_page().finish_step())
        keys("Ctrl+Enter", lambda: self.current_page().finish_step())
        keys("Alt+Left", lambda: self.current_page().step_phase(-1))
        keys("Alt+Right", lambda: self.current_page().step_phase(1))

    # Going from page to page

    def page(self, page_id: str) -> Page:
        """Return the page `page_id`, built now if it was not wanted before. Raises `KeyError` for an unknown id."""
        if page_id not in self._pages:
            page = self._factories[page_id].build()
            page.navigate.connect(self.go)
            page.show_context.connect(lambda title, widget, page=page: self._set_context(page, title, widget))
            page.draft_changed.connect(self._draft_changed)
            self._pages[page_id] = page
            # A page that is larger than the window (200 % text) scrolls; it never makes the window grow.
            scroll = Scroll(page)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self.work.addWidget(scroll)
        return self._pages[page_id]

    def current_page(self) -> Page:
        """Return the page in front."""
        page = self._page_in_front()
        if page is None:
            raise LookupError("no page is in front")
        return page

    def _page_in_front(self) -> Page | None:
        scroll = self.work.currentWidget()
        page = scroll.widget() if isinstance(scroll, Scroll) else None
        return page if isinstance(page, Page) else None

    def current_page_id(self) -> str:
        """Return the id of the page in front."""
        here = self._page_in_front()
        return next((page_id for page_id, page in self._pages.items() if page is here), "")

    def go(self, page_id: str, argument: object = None) -> None:
        """Bring the page `page_id` to the front and hand it `argument`."""
        if self._lock_sent:
            return
        page = self.page(page_id)
        before = self._page_in_front()
        if before is not None and before is not page:
            before.leave()
        self.work.setCurrentIndex(list(self._pages).index(page_id))
        factory = self._factories[page_id]
        self.navigation.show_here(factory.area_of or page_id)
        self._show_context_of(page)
        if before is not page:
            page.setFocus(Qt.FocusReason.OtherFocusReason)  # the page may put it elsewhere when it is activated
        page.activate(argument)
        self._show_title(page.title or factory.word)
        announce(self, page.title or factory.word)
        self.page_changed.emit(page_id)

    def _show_title(self, title: str) -> None:
        parts = [title, "KIM Desk"]
        if self._is_demo:
            parts.append(_("Demo – keine echten Daten"))
        self.setWindowTitle(" – ".join(part for part in parts if part))

    def _open_hit(self, hit: SearchHit) -> None:
        self.go(hit.page_id, hit.argument)

    def begin_consultation(self) -> None:
        """Open the page of a new consultation."""
        if self._consultation is not None:
            self.go(*self._consultation)

    def focus_search(self) -> None:
        """Put the focus into the search line."""
        if self.top_bar.search is not None:
            self.top_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.top_bar.search.selectAll()

    def _something_changed(self, areas: frozenset[str]) -> None:
        here = self._page_in_front()
        if here is not None:
            here.refresh(areas)

    # The panel at the right

    def _set_context(self, page: Page, title: str, widget: object) -> None:
        if isinstance(widget, QWidget):
            self._context_of[page] = (title, widget)
            self._context_folded = self.width() < theme().px(_NARROWEST_WITH_CONTEXT)
        else:
            self._context_of.pop(page, None)
        if self._page_in_front() is page:
            self._show_context_of(page)

    def _show_context_of(self, page: Page) -> None:
        shown = self._context_of.get(page)
        self.top_bar.context.setVisible(shown is not None)
        if shown is not None and self.context.content() is not shown[1]:
            self.context.show_content(*shown)
        self.context.setVisible(shown is not None and not self._context_folded)

    def _context_was_folded(self) -> None:
        self._context_folded = True
        self.current_page().setFocus()

    def toggle_context(self) -> None:
        """Fold or unfold the panel at the right."""
        self._context_folded = not self._context_folded
        self._show_context_of(self.current_page())

    # State shown in the frame

    def set_push_state(self, waiting: int | None) -> None:
        """Show how many releases wait to be sent; None where no coordinator is joined."""
        self.top_bar.show_push(waiting)

    def open_manual(self, page: str = "") -> None:
        """Open the manual at `page`, by default at the page of what is in front."""
        if self._manual is None:
            self._manual = ManualWindow(self)
        self._manual.open_page(page or self.current_page().help_page())
        self._manual.show()
        self._manual.raise_()
        self._manual.activateWindow()

    def manual(self) -> ManualWindow | None:
        """Return the manual's window if it was opened."""
        return self._manual

    def _show_bug(self, description: str) -> None:
        if self._bug is not None and self._bug.isVisible():
            return  # one dialog at a time: a fault that repeats must not bury the desk
        self._bug = BugDialog(description, self)
        self._bug.show()

    # Drafts and the lock

    def drafts(self) -> Drafts:
        """Return what was typed and not saved, by page id."""
        for page_id, page in self._pages.items():
            try:
                draft = page.draft()
            except Exception as error:  # a bug in one page must not cost what was typed in it before, or in the others
                _log.error("a page could not tell its draft", exc_info=error)
                continue
            if draft:
                self._last_drafts[page_id] = draft
            elif page_id not in self._unread:
                self._last_drafts.pop(page_id, None)
        return dict(self._last_drafts)

    def restore_drafts(self, drafts: Mapping[str, Mapping[str, object]]) -> None:
        """Hand each page its draft from before the lock; one that a page cannot read is kept for a later version."""
        for page_id, draft in drafts.items():
            if page_id in self._factories:
                self._last_drafts[page_id] = draft
                try:
                    self.page(page_id).restore(draft)
                except Exception as error:  # a desk that does not open would be worse than a form that stays empty
                    _log.error("a page could not read its draft", exc_info=error)
                    self._unread.add(page_id)
                    self._messages.show_error(error)

    def _draft_changed(self) -> None:
        if not self._draft_pause.isActive():
            self._draft_pause.start()

    def stash_drafts(self) -> None:
        """Hand all drafts to the store now."""
        self._draft_pause.stop()
        if self._stash is not None:
            self._stash(self.drafts())

    def lock(self) -> None:
        """Stash the drafts, take everything off the screen and ask for the lock; nothing can refuse it."""
        if self._lock_sent:
            return
        self._lock_sent = True
        self.idle_lock.stop()
        try:
            self.stash_drafts()
        finally:
            self.clear_the_screen()
            self.lock_requested.emit()

    def clear_the_screen(self) -> None:
        """Show nothing any more, at once: the lock waits for running work before the process goes."""
        for widget in QApplication.topLevelWidgets():
            if widget is not self:
                widget.hide()  # dialogs of every kind, modal ones too, menus, the manual
        self._centre.hide()
        self.repaint()

    def _warn_of_lock(self, seconds: int) -> None:
        text = _("In {n} Sekunden wird gesperrt. Was Sie geschrieben haben, bleibt als Entwurf erhalten.")
        if self._idle_banner is None:
            self._idle_banner = Banner(
                text.format(n=seconds),
                Meaning.ATTENTION,
                action=_("Weiterarbeiten"),
                on_action=self.idle_lock.note_activity,
            )
            self.message_area.add_banner(self._idle_banner)
            announce(self, text.format(n=seconds), urgent=True)
        else:
            self._idle_banner.text.setText(text.format(n=seconds))

    def _end_warning(self) -> None:
        if self._idle_banner is not None:
            self.message_area.remove_banner(self._idle_banner)
            self._idle_banner = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.context.isVisible():
            self.context.fold()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return focus_next(self, forward=forward)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        page = self._page_in_front()
        if page is not None and self.focusWidget() is None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        try:
            if not self._lock_sent:
                self.stash_drafts()
        finally:
            self.idle_lock.stop()
            self.hide()  # work under way may take a moment yet
            self.closing.emit()
            super().closeEvent(event)


def demo_strip() -> QFrame:
    """Return the strip that stands over every window of the demonstration vault."""
    strip = QFrame()
    put(strip, role="demo")
    layout = QHBoxLayout(strip)
    layout.setContentsMargins(Space.L, Space.XS, Space.L, Space.XS)
    layout.addStretch(1)
    layout.addWidget(IconLabel(Icon.ATTENTION, _("Demo – keine echten Daten"), tone="attention"))
    layout.addStretch(1)
    return strip
