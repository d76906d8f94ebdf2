"""The editor of a date: typed, or picked from a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QToolButton, QVBoxLayout

from kimdesk.foundation.clock import SystemClock
from kimdesk.i18n import _, language
from kimdesk.ui.design import Icon, icon, theme
from kimdesk.ui.widgets.base import put
from kimdesk.ui.widgets.dates import parse_date
from kimdesk.ui.widgets.editor import Draft, Editor


class DateField(Editor):
    """A date, typed as 20.11.2026, 20.11.26, 20.11., 201126, "heute" or +14; the value is None if empty or unreadable.

    Arrow up and down move by a day, Alt+Down opens the calendar. `today` is given where a test needs a fixed day.
    """

    def __init__(self, *, today: Callable[[], date] | None = None, placeholder: str = "") -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self._today = today or SystemClock().today
        self.line.setPlaceholderText(placeholder or _("TT.MM.JJJJ"))
        self.line.setMaxLength(20)
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.line.editingFinished.connect(self._normalise)
        self.line.installEventFilter(self)
        picture = icon(Icon.CALENDAR)
        if not picture.isNull():
            opener = QAction(picture, _("Kalender öffnen"), self.line)
            opener.triggered.connect(self._open_calendar)
            self.line.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)

    def _read(self) -> date | None:
        try:
            return parse_date(self.line.text(), self._today())
        except (ValueError, OverflowError):
            return None

    def value(self) -> date | None:
        return self._read()

    def set_value(self, value: date | None) -> None:
        self.line.setText("" if value is None else f"{value:%d.%m.%Y}")

    def is_empty(self) -> bool:
        return not self.line.text().strip()

    def problem(self) -> str:
        if self.is_empty() or self._read() is not None:
            return ""
        return _("Das ist kein Datum. Bitte schreiben Sie es so: {example}").format(example=f"{self._today():%d.%m.%Y}")

    def draft(self) -> Draft:
        return self.line.text()

    def restore(self, draft: Draft) -> None:
        self.line.setText(str(draft or ""))

    def _normalise(self) -> None:
        read = self._read()
        if read is not None and (written := f"{read:%d.%m.%Y}") != self.line.text():
            self.line.setText(written)
        elif self.is_empty():
            self.line.clear()  # a stray blank would hide how a date is written
        self.finished.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._open_calendar()
                return True
            if step is not None:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _move(self, days: int) -> None:
        read = self._read()
        if read is not None and read not in (date.min, date.max):
            self.set_value(date.fromordinal(read.toordinal() + days))
        elif self.is_empty():
            self.set_value(self._today())

    def _open_calendar(self) -> None:
        popup = _Calendar(self._read() or self._today(), self._today(), self._pick)
        popup.setParent(self, Qt.WindowType.Popup)
        popup.adjustSize()
        popup.move(self.line.mapToGlobal(QPoint(0, self.line.height() + 2)))
        popup.show()
        popup.calendar.setFocus()

    def _pick(self, chosen: date) -> None:
        self.set_value(chosen)
        self.line.setFocus()
        self.finished.emit()


class _Calendar(QFrame):
    """A month to pick a day from; Enter or a click picks, Esc closes."""

    def __init__(self, shown: date, today: date, pick: Callable[[date], None]) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        put(self, role="popup")
        self._pick = pick
        self.calendar = QCalendarWidget()
        self.calendar.setLocale(QLocale(language()))
        self.calendar.setMinimumSize(theme().px(320), theme().px(260))
        self._show_arrows()
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.ISOWeekNumbers)
        self.calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        plain, marked = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(theme().colour("text"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, plain)
        marked.setFontUnderline(True)
        marked.setForeground(theme().colour("accent_text"))
        self.calendar.setDateTextFormat(QDate(today.year, today.month, today.day), marked)
        self.calendar.clicked.connect(self._chosen)
        self.calendar.activated.connect(self._chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.calendar)

    def _show_arrows(self) -> None:
        """Put the house's icons and words on the arrows of Qt's calendar, which it knows by these names."""
        for name, symbol, word in (
            ("qt_calendar_prevmonth", Icon.LEFT, _("Voriger Monat")),
            ("qt_calendar_nextmonth", Icon.RIGHT, _("Nächster Monat")),
        ):
            arrow = self.calendar.findChild(QToolButton, name)
            if arrow is not None:
                arrow.setIcon(icon(symbol, "text"))
                arrow.setAccessibleName(word)
                arrow.setToolTip(word)

    def _chosen(self, day: QDate) -> None:
        self._pick(date(day.year(), day.month(), day.day()))
        self.close()
