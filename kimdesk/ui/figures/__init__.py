"""Figures: the exact table for the own office, and what leaves the laptop."""

from kimdesk.ui.figures.page import FiguresPage

__all__ = ["FiguresPage"]
