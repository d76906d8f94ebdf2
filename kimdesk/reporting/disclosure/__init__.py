"""Disclosure control: the only maker of a `Release`."""

from kimdesk.reporting.disclosure.perturbation import perturbation_table

__all__ = ["perturbation_table"]
