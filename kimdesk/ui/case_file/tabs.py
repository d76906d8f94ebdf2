"""The tabs of the case file, each built when it is first wanted and shown the file when it comes to the front.

Fourteen tabs are well over a thousand widgets. Building and filling them all made opening a case slow, and only one
is in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtWidgets import QStackedWidget, QWidget

from kimdesk.ui.case_file.tab import CaseTab


class CaseTabs(Mapping[str, CaseTab]):
    """Asking for a tab builds it if need be and lets it show the file in front, if it has not done so yet."""

    def __init__(self, stack: QStackedWidget, has_file: Callable[[], bool]) -> None:
        self._stack, self._has_file = stack, has_file
        self._makers: dict[str, Callable[[], CaseTab]] = {}
        self._built: dict[str, CaseTab] = {}
        self._stale: set[str] = set()

    def add(self, name: str, make: Callable[[], CaseTab]) -> None:
        """Add a tab at the end; `make` builds it."""
        self._makers[name] = make
        self._stack.addWidget(QWidget())

    def __getitem__(self, name: str) -> CaseTab:
        tab = self._built.get(name)
        if tab is None:
            tab = self._built[name] = self._makers[name]()
            place = list(self._makers).index(name)
            in_front = self._stack.currentIndex() == place
            empty = self._stack.widget(place)
            assert empty is not None  # put there by `add`
            self._stack.insertWidget(place, tab)
            self._stack.removeWidget(empty)
            empty.deleteLater()
            if in_front:
                self._stack.setCurrentIndex(place)
            self._stale.add(name)
        if name in self._stale and self._has_file():
            self._stale.discard(name)
            tab.show_file()
        return tab

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def file_changed(self) -> None:
        """Let every tab show the file anew when it is wanted next."""
        self._stale |= self._built.keys()

    def built(self) -> tuple[str, ...]:
        """Return the names of the tabs that were built."""
        return tuple(self._built)

    def fresh(self, name: str) -> CaseTab | None:
        """Return a tab that shows the file as it is, None for one that was not looked at since it changed."""
        return None if name in self._stale else self._built.get(name)
