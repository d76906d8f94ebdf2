"""What stands before the desk: unlocking a vault, making the first one, bringing one back."""

from kimdesk.ui.unlock.brand import window_icon
from kimdesk.ui.unlock.create_window import CreateWindow
from kimdesk.ui.unlock.door import Door, DoorDialogs
from kimdesk.ui.unlock.recover_window import RecoverWindow
from kimdesk.ui.unlock.restore_window import RestoreWindow
from kimdesk.ui.unlock.strength import estimate_bits
from kimdesk.ui.unlock.unlock_window import UnlockWindow

__all__ = [
    "CreateWindow",
    "Door",
    "DoorDialogs",
    "RecoverWindow",
    "RestoreWindow",
    "UnlockWindow",
    "estimate_bits",
    "window_icon",
]
