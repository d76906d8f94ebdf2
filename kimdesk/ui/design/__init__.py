"""The design system's foundation: tokens, theme, style sheet, icons. `apply` puts it in force once."""

from kimdesk.ui.design.apply import appearance, apply
from kimdesk.ui.design.icons import Icon, icon, icon_size
from kimdesk.ui.design.theme import Appearance, Scheme, Theme, theme
from kimdesk.ui.design.tokens import Meaning, Radius, Space, TypeSize

__all__ = [
    "Appearance",
    "Icon",
    "Meaning",
    "Radius",
    "Scheme",
    "Space",
    "Theme",
    "TypeSize",
    "appearance",
    "apply",
    "icon",
    "icon_size",
    "theme",
]
