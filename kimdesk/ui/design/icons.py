"""Icons from one family (Phosphor, through QtAwesome), drawn in the theme's colours when they are painted.

An icon never stands alone: the word beside it, or the button's accessible name and tooltip, says what it means.
Where the icon font cannot be loaded (untrusted fonts are blocked on some managed machines) the words remain.
"""

from __future__ import annotations

import logging
import os
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPixmap

from kimdesk.ui.design.theme import theme

os.environ.setdefault("QT_API", "pyside6")  # QtAwesome chooses its binding when it is imported

import qtawesome
from qtawesome.iconic_font import FontError, IconicFont

_log = logging.getLogger(__name__)
_FAMILY = "ph"


class Icon(StrEnum):
    """What the program has pictures for; values are names in the icon family."""

    HOME = "house"
    CASES = "folders"
    CASE = "folder-simple"
    OFFERS = "map-trifold"
    PRINT = "printer"
    FIGURES = "chart-bar"
    STRUCTURE = "tree-structure"
    SETTINGS = "gear-six"
    LOCK = "lock-key"
    UNLOCK = "lock-key-open"
    KEY = "key"
    SEARCH = "magnifying-glass"
    ADD = "plus"
    CHECK = "check"
    DONE = "check-circle"
    CLOSE = "x"
    INFO = "info"
    GOOD = "check-circle"
    ATTENTION = "warning"
    DANGER = "warning-octagon"
    DOWN = "caret-down"
    UP = "caret-up"
    RIGHT = "caret-right"
    LEFT = "caret-left"
    BACK = "arrow-left"
    FORWARD = "arrow-right"
    UNDO = "arrow-counter-clockwise"
    REFRESH = "arrows-clockwise"
    EDIT = "pencil-simple"
    NOTE = "note-pencil"
    DELETE = "trash"
    SHOW = "eye"
    HIDE = "eye-slash"
    CALENDAR = "calendar-blank"
    CLOCK = "clock"
    PHONE = "phone"
    MAIL = "envelope-simple"
    WEB = "globe"
    TALK = "chats-circle"
    REFERRAL = "handshake"
    DOCUMENT = "file-text"
    DOCUMENTS = "files"
    HELP = "question"
    SEND = "paper-plane-tilt"
    CLOUD = "cloud-arrow-up"
    SENT = "cloud-check"
    FILTER = "funnel-simple"
    GOAL = "target"
    TASKS = "list-bullets"
    LANGUAGE = "translate"
    PERSON = "user"
    PEOPLE = "users"
    HOUSEHOLD = "users-three"
    PLACE = "map-pin"
    PROVIDER = "buildings"
    PANEL = "columns"
    COPY = "copy"
    IMPORT = "download-simple"
    EXPORT = "export"
    SAVE = "floppy-disk"
    SHIELD = "shield-check"
    BOOK = "book-open"
    STAR = "star"
    PIN = "push-pin"
    WAIT = "hourglass"
    MORE = "dots-three"
    SUN = "sun"
    MOON = "moon"
    SKIP = "skip-forward"
    LINK = "link"
    COFFEE = "coffee"
    BELL = "bell"
    HEALTH = "heartbeat"


class _Font:
    loaded: IconicFont | None = None
    tried: bool = False


def _iconic() -> IconicFont | None:
    """Return the icon font, loaded once an application runs; only this family, the others cost start-up time."""
    if not _Font.tried:
        _Font.tried = True
        folder = Path(qtawesome.__file__).parent / "fonts"
        try:
            font = next(folder.glob("phosphor-[0-9]*.ttf"))
            charmap = next(folder.glob("phosphor-charmap-*.json"))
            _Font.loaded = IconicFont((_FAMILY, font.name, charmap.name))
        except (StopIteration, OSError, FontError):
            _log.warning("the icon font could not be loaded; the window shows words only")
    return _Font.loaded


def glyph(name: Icon, *, bold: bool = False) -> str:
    """Return the character of `name` in the icon font; an empty text where there is none."""
    font = _iconic()
    if font is None:
        return ""
    characters = font.charmap[_FAMILY]
    return characters.get(f"{name}-bold" if bold else str(name), characters.get(str(name), ""))


def paint_icon(painter: QPainter, rect: QRect, name: Icon, colour: QColor, *, bold: bool = False) -> None:
    """Draw `name` centred in `rect`; nothing where the icon font is missing."""
    font = _iconic()
    character = glyph(name, bold=bold)
    if font is None or not character:
        return
    painter.save()
    face: QFont = font.font(_FAMILY, min(rect.width(), rect.height()))
    painter.setFont(face)
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, character)
    painter.restore()


class _Engine(QIconEngine):
    """Draws a glyph in the colour its token has at the moment of painting."""

    def __init__(self, name: Icon, tone: str, bold: bool) -> None:
        super().__init__()
        self._name, self._tone, self._bold = name, tone, bold

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if rect.width() > rect.height():  # the room at the right keeps the word of a button at a distance
            rect = QRect(rect.left(), rect.top(), rect.height(), rect.height())
        tone = "faint" if mode is QIcon.Mode.Disabled else self._tone
        paint_icon(painter, rect, self._name, tone_colour(tone), bold=self._bold)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._tone, self._bold)


def tone_colour(tone: str) -> QColor:
    """Return the colour of `tone`: a token such as ``"muted"``, or a meaning such as ``"danger"`` for its text."""
    value = getattr(theme().colours, tone)
    return QColor(value if isinstance(value, str) else value.text)


def icon(name: Icon, tone: str = "muted", *, bold: bool = False) -> QIcon:
    """Return `name` as a Qt icon in `tone`, following the theme; empty where the icon font is missing."""
    if _iconic() is None:
        return QIcon()
    return QIcon(_Engine(name, tone, bold))


def icon_size() -> QSize:
    """Return the size of an icon in a button, with the room that keeps the word at a distance."""
    side = theme().px(18)
    return QSize(side + 4, side)
