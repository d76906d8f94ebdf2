"""Fallmeldungen: cases other services notify, from their arrival to the answer."""

from kimdesk.ui.notifications.page import NotificationsPage

__all__ = ["NotificationsPage"]
