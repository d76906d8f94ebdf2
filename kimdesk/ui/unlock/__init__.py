"""What stands before the desk: unlocking a vault, and making the first one."""

from kimdesk.ui.unlock.brand import window_icon
from kimdesk.ui.unlock.create_window import CreateWindow
from kimdesk.ui.unlock.strength import estimate_bits
from kimdesk.ui.unlock.unlock_window import UnlockWindow

__all__ = ["CreateWindow", "UnlockWindow", "estimate_bits", "window_icon"]
