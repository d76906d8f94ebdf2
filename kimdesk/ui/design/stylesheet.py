"""The one style sheet, built from the tokens. Screens choose looks by properties (`role`, `kind`, `meaning`), never
by a style sheet of their own.
"""

from __future__ import annotations

from string import Template

from kimdesk.ui.design.theme import Theme
from kimdesk.ui.design.tokens import Meaning, Radius, Space, TypeSize

_TEXT = Template("""
QLabel { background: transparent; }
QLabel[role="meta"] { font-size: ${meta}px; color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="label"] { font-size: ${label}px; font-weight: 600; color: $text; }
QLabel[role="help"] { font-size: ${meta}px; color: $muted; }
QLabel[role="error"] { font-size: ${meta}px; font-weight: 600; color: $danger_text; }
QLabel[role="section"] { font-size: ${section}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="figure"] { font-size: ${figure}px; font-weight: 600; }
QLabel[role="overline"] { font-size: ${meta}px; font-weight: 600; color: $muted; }
QLabel[role="word"] { font-size: ${meta}px; }
QLabel:disabled { color: $faint; }
QToolTip { color: $text; background: $raised; border: 1px solid $hairline; padding: ${xs}px ${s}px; }
""")

_GROUNDS = Template("""
QMainWindow, QDialog, QWidget[role="window"] { background: $canvas; }
QFrame[role="card"] { background: $surface; border: 1px solid $hairline; border-radius: ${large}px; }
QFrame[role="card"][clickable="true"]:hover { border-color: $border; }
QFrame[role="card"][clickable="true"]:focus { border: 2px solid $focus; }
QFrame[role="card"][selected="true"] { border: 1px solid $accent; background: $accent_soft; }
QFrame[role="well"] { background: $sunken; border: none; border-radius: ${large}px; }
QFrame[role="line"] { background: $hairline; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="rule"] { background: $hairline; border: none; max-width: 1px; min-width: 1px; }
QFrame[role="navigation"] { background: $sunken; border: none; border-right: 1px solid $hairline; }
QFrame[role="topbar"] { background: $canvas; border: none; border-bottom: 1px solid $hairline; }
QFrame[role="sidepanel"] { background: $surface; border: none; border-left: 1px solid $hairline; }
QFrame[role="popup"] { background: $raised; border: 1px solid $border; border-radius: ${large}px; }
QFrame[role="toast"] { background: $raised; border: 1px solid $border; border-radius: ${large}px; }
QFrame[role="demo"] { background: $attention_soft; border: none; border-bottom: 1px solid $attention_border; }
QFrame[role="demo"] QLabel { color: $attention_text; font-size: ${meta}px; font-weight: 600; }
QScrollArea, QScrollArea > QWidget > QWidget[role="page"], QStackedWidget, QWidget[role="page"] {
  background: transparent; border: none; }
""")

_MEANINGS = Template("""
QFrame[role="banner"][meaning="$meaning"] {
  background: $soft; border: 1px solid $edge; border-left: 4px solid $edge; border-radius: ${small}px; }
QFrame[role="banner"][meaning="$meaning"] QLabel { color: $ink; }
QLabel[role="badge"][meaning="$meaning"] { background: $soft; color: $ink; border: 1px solid $edge; }
QLabel[role="figure"][meaning="$meaning"], QLabel[role="body"][meaning="$meaning"],
QLabel[role="meta"][meaning="$meaning"], QLabel[role="strong"][meaning="$meaning"] { color: $ink; }
""")

_BUTTONS = Template("""
QPushButton { color: $text; background: $surface; border: 1px solid $border; border-radius: ${small}px;
  padding: ${pad_button}px ${m}px; font-weight: 500; outline: none; }
QPushButton:hover { background: $hover; border-color: $border_hover; }
QPushButton:pressed { background: $selection; }
QPushButton:disabled { color: $faint; border-color: $hairline; background: transparent; }
QPushButton:focus { border: 2px solid $focus; padding: ${pad_button_focus}px ${m_focus}px; }
QPushButton[kind="primary"] { color: $on_accent; background: $accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[kind="primary"]:disabled { color: $muted; background: $hover; border-color: $hairline; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="danger"] { color: $danger_text; border-color: $danger_border; }
QPushButton[kind="danger"]:hover { background: $danger_soft; border-color: $danger_text; }
QPushButton[kind="danger"]:focus { border: 2px solid $danger_text; }
QPushButton[kind="quiet"] { color: $accent_text; background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:disabled { color: $faint; }
QPushButton[kind="quiet"]:focus { border: 2px solid $focus; }
QPushButton[kind="link"] { color: $accent_text; background: transparent; border: 1px solid transparent;
  padding: 1px ${xs}px; text-align: left; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 1px solid $focus; }
QPushButton[kind="icon"] { background: transparent; border: 1px solid transparent; padding: ${pad_icon}px; }
QPushButton[kind="icon"]:hover { background: $hover; }
QPushButton[kind="icon"]:focus { border: 2px solid $focus; padding: ${pad_icon_focus}px; }
QPushButton[kind="chip"] { color: $text; background: $surface; border: 1px solid $border;
  border-radius: ${chip_radius}px; padding: ${pad_chip}px ${m}px; font-weight: 400; }
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:checked { color: $accent_text; background: $accent_soft; border: 1px solid $accent;
  font-weight: 600; }
QPushButton[kind="chip"]:focus { border: 2px solid $focus; padding: ${pad_chip_focus}px ${m_focus}px; }
QPushButton[kind="chip"]:disabled { color: $faint; border-color: $hairline; }
QPushButton[kind="navigation"] { color: $muted; background: transparent; border: 2px solid transparent;
  border-radius: ${small}px; padding: ${s}px ${m}px; text-align: left; font-weight: 500; }
QPushButton[kind="navigation"]:hover { background: $hover; color: $text; }
QPushButton[kind="navigation"]:checked { background: $selection; color: $accent_text; font-weight: 600; }
QPushButton[kind="navigation"]:focus { border: 2px solid $focus; }
QPushButton[kind="row"] { background: transparent; border: 2px solid transparent; border-radius: ${small}px;
  padding: ${s}px; text-align: left; }
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:focus { border: 2px solid $focus; }
QPushButton::menu-indicator { image: none; width: 0; }
QLabel[role="badge"] { background: $sunken; color: $muted; border: 1px solid $hairline; border-radius: ${small}px;
  padding: 1px ${pad_badge}px; font-size: ${meta}px; font-weight: 600; }
QLabel[role="key"] { background: $surface; color: $muted; border: 1px solid $hairline; border-radius: ${small}px;
  padding: 0 ${xs}px; font-size: ${tiny}px; }
""")

_INPUTS = Template("""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox { color: $text; background: $surface; border: 1px solid $border;
  border-radius: ${small}px; padding: ${pad_input}px ${pad_side}px; selection-background-color: $accent;
  selection-color: $on_accent; }
QLineEdit, QComboBox { min-height: ${input}px; }
QPlainTextEdit, QTextEdit { padding: ${pad_area}px ${xs}px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: $border_hover; }
QLineEdit:focus, QComboBox:focus, QComboBox:on { border: 2px solid $focus;
  padding: ${pad_input_focus}px ${pad_side_focus}px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus;
  padding: ${pad_area_focus}px ${pad_area_side_focus}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $faint; background: $sunken;
  border-color: $hairline; }
QLineEdit:read-only, QPlainTextEdit[readOnly="true"] { background: $sunken; border-color: $hairline; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"] {
  border: 2px solid $danger_border; padding: ${pad_input_focus}px ${pad_side_focus}px; }
QPlainTextEdit[invalid="true"] { padding: ${pad_area_focus}px ${pad_area_side_focus}px; }
QLineEdit[role="search"] { background: $surface; border-radius: ${small}px; }
QLineEdit[role="filter"] { border-color: $hairline; padding: 0 ${s}px; font-size: ${label}px; }
QLineEdit[role="filter"]:hover { border-color: $border; }
QLineEdit[role="filter"]:focus { border: 2px solid $focus; padding: 0 7px; }
QLineEdit[role="passphrase"] { font-size: ${section}px; }
QComboBox::drop-down { border: none; width: ${drop}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { color: $text; background: $raised; border: 1px solid $border; padding: ${xs}px;
  outline: none; selection-background-color: $selection; selection-color: $text; }
QComboBox QAbstractItemView::item { padding: ${pad_item}px ${s}px; min-height: ${item}px; }
QProgressBar { background: $hover; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar[role="working"] { background: transparent; border-radius: 0; min-height: 2px; max-height: 2px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
""")

_VIEWS = Template("""
QTableView, QListView, QTreeView { color: $text; background: $surface; alternate-background-color: $surface;
  border: 1px solid $hairline; border-radius: ${large}px; gridline-color: $hairline; outline: none;
  selection-background-color: $selection; selection-color: $text; }
QTableView:focus, QListView:focus, QTreeView:focus { border: 1px solid $focus; }
QTableView[role="plain"], QListView[role="plain"] { background: transparent; border: none; }
QTableView::item { padding: 0 ${s}px; border: none; border-bottom: 1px solid $hairline; }
QTableView::item:hover { background: $hover; }
QTableView::item:selected { background: $selection; color: $text; }
QListView { icon-size: ${icon}px; }
QListView::item { padding: ${pad_item}px ${s}px; border-radius: ${small}px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $selection; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { color: $muted; background: $surface; border: none; border-bottom: 1px solid $border;
  padding: ${pad_item}px ${s}px; font-size: ${meta}px; font-weight: 600; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $surface; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $hairline; }
QTabBar { qproperty-drawBase: 0; outline: none; }
QTabBar::tab { color: $muted; background: transparent; border: none; border-bottom: 2px solid transparent;
  padding: ${s}px ${s}px; margin-right: ${xs}px; font-weight: 500; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent_text; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:focus { border: 2px solid $focus; border-radius: ${small}px; }
QMenu { color: $text; background: $raised; border: 1px solid $border; padding: ${xs}px; }
QMenu::item { padding: ${pad_item}px ${l}px; border-radius: ${small}px; }
QMenu::item:selected { background: $selection; }
QMenu::separator { height: 1px; background: $hairline; margin: ${xs}px ${s}px; }
QTextBrowser { background: $surface; border: none; padding: ${l}px ${xl}px; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: transparent; }
QCalendarWidget QToolButton { color: $text; background: transparent; border: 1px solid transparent;
  border-radius: ${small}px; padding: ${xs}px ${s}px; font-weight: 600; }
QCalendarWidget QToolButton:hover { background: $hover; }
QCalendarWidget QToolButton:focus { border: 1px solid $focus; }
QCalendarWidget QToolButton::menu-indicator { image: none; width: 0; }
QCalendarWidget QTableView { border: none; border-radius: 0; background: transparent; }
QCalendarWidget QTableView::item { padding: 0; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $border; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
""")


def build(theme: Theme) -> str:
    """Return the whole style sheet for `theme`."""
    colours = theme.colours
    places: dict[str, object] = {
        name: value for name in colours.__slots__ if isinstance(value := getattr(colours, name), str)
    }
    for meaning in Meaning:
        of = colours.of(meaning)
        places |= {f"{meaning}_text": of.text, f"{meaning}_border": of.border, f"{meaning}_soft": of.soft}
    line = theme.px(TypeSize.BODY)
    places |= {
        "xs": Space.XS,
        "s": Space.S,
        "m": Space.M,
        "l": Space.L,
        "xl": Space.XL,
        "m_focus": Space.M - 1,
        "small": Radius.SMALL,
        "large": Radius.LARGE,
        "tiny": theme.px(11),
        "meta": theme.px(TypeSize.META),
        "label": theme.px(13),
        "section": theme.px(TypeSize.SECTION),
        "title": theme.px(TypeSize.TITLE),
        "figure": theme.px(TypeSize.FIGURE),
        "pad_button": 6,
        "pad_button_focus": 5,
        "pad_icon": 5,
        "pad_icon_focus": 4,
        "pad_chip": 3,
        "pad_chip_focus": 2,
        "chip_radius": 4,
        "pad_badge": 6,
        "pad_input": 2,
        "pad_input_focus": 1,
        "input": round(line * 1.4) + 8,
        "pad_side": 8,
        "pad_side_focus": 7,
        "pad_area": 4,
        "pad_area_focus": 3,
        "pad_area_side_focus": 3,
        "pad_item": 6,
        "item": round(line * 1.4),
        "drop": theme.px(26),
        "icon": theme.px(18),
        "scroll": colours.faint,
    }
    parts = [sheet.substitute(places) for sheet in (_TEXT, _GROUNDS, _BUTTONS, _INPUTS, _VIEWS)]
    for meaning in Meaning:
        of = colours.of(meaning)
        parts.append(_MEANINGS.substitute(places, meaning=meaning.value, ink=of.text, edge=of.border, soft=of.soft))
    return "\n".join(parts)
