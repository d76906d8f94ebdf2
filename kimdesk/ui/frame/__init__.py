"""The frame of the main window: navigation, top bar, work area, context panel, messages, idle lock."""

from kimdesk.ui.frame.bug_dialog import BugDialog
from kimdesk.ui.frame.idle_lock import IdleLock
from kimdesk.ui.frame.main_window import MainWindow
from kimdesk.ui.frame.search_box import SearchHit

__all__ = ["BugDialog", "IdleLock", "MainWindow", "SearchHit"]
