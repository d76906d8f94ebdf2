"""Settings: office, district, vault, lock, coordinating office, appearance, log, languages."""

from kimdesk.ui.settings.page import SettingsPage

__all__ = ["SettingsPage"]
