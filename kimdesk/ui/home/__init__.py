"""The home screen: what is due."""

from kimdesk.ui.home.page import HomePage

__all__ = ["HomePage"]
