"""Where this program keeps its data on the user's machine."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def default_vault_folder() -> Path:
    """Return the folder of the user's own vault in the platform's data folder."""
    return Path(platformdirs.user_data_dir("KIM Desk", appauthor=False)) / "Tresor"


def demo_vault_folder() -> Path:
    """Return the folder of the demonstration vault in the platform's data folder."""
    return Path(platformdirs.user_data_dir("KIM Desk", appauthor=False)) / "Demo"


def log_folder() -> Path:
    """Return the folder of the program's log, which holds no personal data."""
    return Path(platformdirs.user_log_dir("KIM Desk", appauthor=False))


def settings_file() -> Path:
    """Return the file of this machine's own settings (language, appearance); no case data."""
    return Path(platformdirs.user_config_dir("KIM Desk", appauthor=False)) / "settings.json"
