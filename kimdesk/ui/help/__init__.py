"""The manual inside the program: F1 opens it at the page of what is in front."""

from kimdesk.ui.help.manual_window import ManualWindow

__all__ = ["ManualWindow"]
