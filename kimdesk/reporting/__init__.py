"""Figures: exact indicators for the own office, and the anonymised release that may leave. Pure functions."""
