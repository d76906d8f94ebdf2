"""The widgets every screen is made of. Each shows and none decides; looks come from the one style sheet."""

from kimdesk.ui.widgets.banner import Banner
from kimdesk.ui.widgets.bars import Bar, BarPicture
from kimdesk.ui.widgets.base import Line, Panel, announce, clear, column, describe, put, row, size_within_screen
from kimdesk.ui.widgets.buttons import Button, IconButton, MenuButton
from kimdesk.ui.widgets.choices import CheckField, ChoiceChips, ChoiceField
from kimdesk.ui.widgets.date_field import DateField
from kimdesk.ui.widgets.dates import parse_date
from kimdesk.ui.widgets.editor import Editor
from kimdesk.ui.widgets.field import Field
from kimdesk.ui.widgets.flow import FlowLayout
from kimdesk.ui.widgets.form import Form, FormGrid
from kimdesk.ui.widgets.page_parts import EmptyState, PageHeader, Scroll, SectionCard
from kimdesk.ui.widgets.person import PersonChip
from kimdesk.ui.widgets.progress import ProgressNote
from kimdesk.ui.widgets.rows_field import RowPart, RowsField
from kimdesk.ui.widgets.scale import ScaleField
from kimdesk.ui.widgets.side_panel import SidePanel
from kimdesk.ui.widgets.stepper import PhaseStepper, Step, StepState, paint_phase_dots
from kimdesk.ui.widgets.table import DataTable
from kimdesk.ui.widgets.table_model import Column
from kimdesk.ui.widgets.text import Badge, IconLabel, IconMark, KeyHint, Text
from kimdesk.ui.widgets.text_fields import NumberField, TextArea, TextField
from kimdesk.ui.widgets.timeline import Timeline, TimelineEntry, TimelineItem
from kimdesk.ui.widgets.toast import Toast

__all__ = [
    "Badge",
    "Banner",
    "Bar",
    "BarPicture",
    "Button",
    "CheckField",
    "ChoiceChips",
    "ChoiceField",
    "Column",
    "DataTable",
    "DateField",
    "Editor",
    "EmptyState",
    "Field",
    "FlowLayout",
    "Form",
    "FormGrid",
    "IconButton",
    "IconLabel",
    "IconMark",
    "KeyHint",
    "Line",
    "MenuButton",
    "NumberField",
    "PageHeader",
    "Panel",
    "PersonChip",
    "PhaseStepper",
    "ProgressNote",
    "RowPart",
    "RowsField",
    "ScaleField",
    "Scroll",
    "SectionCard",
    "SidePanel",
    "Step",
    "StepState",
    "Text",
    "TextArea",
    "TextField",
    "Timeline",
    "TimelineEntry",
    "TimelineItem",
    "Toast",
    "announce",
    "clear",
    "column",
    "describe",
    "paint_phase_dots",
    "parse_date",
    "put",
    "row",
    "size_within_screen",
]
