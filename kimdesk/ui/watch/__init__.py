"""What the system tells of the person's leaving: screen locked, laptop closed, session ended."""

from kimdesk.ui.watch.watch import SystemWatch

__all__ = ["SystemWatch"]
