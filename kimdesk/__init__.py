"""KIM Desk: offline case management for Kommunales Integrationsmanagement."""

__version__ = "0.1.0"
