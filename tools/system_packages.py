"""What a Debian or Ubuntu machine needs besides Python: Qt's libraries, fonts, character tables.

Each package is recognised by what it brings, not by its name in the package database: names differ
between releases, sonames do not.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Shared libraries that PySide6's wheel takes from the system (seen with readelf over the modules and plugins used).
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libbrotlidec.so.1": "libbrotli1",
    "libcups.so.2": "libcups2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}

# Files by which a package is recognised, as patterns below the root.
FILES = {
    "usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf": "fonts-noto-core",
    "usr/share/zoneinfo/Europe/Berlin": "tzdata",
}

# The same for what only the tests need: PDFs are looked at, the official character tests read, and the coordinator
# is tried on PostgreSQL, too.
TEST_FILES = {
    "usr/bin/pdftoppm": "poppler-utils",
    "usr/share/unicode/BidiCharacterTest.txt": "unicode-data",
    "usr/lib/postgresql/*/bin/initdb": "postgresql",
}


class MissingPackagesError(Exception):
    """Names the one line a person has to run, because this process may not."""


def missing(*, for_tests: bool) -> list[str]:
    """Return the names of the packages this machine lacks, in alphabetical order; empty where apt does not rule."""
    if sys.platform != "linux" or shutil.which("apt-get") is None:
        return []
    lacking = {package for library, package in LIBRARIES.items() if not _loads(library)}
    files = {**FILES, **TEST_FILES} if for_tests else FILES
    lacking |= {package for pattern, package in files.items() if not any(Path("/").glob(pattern))}
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        lacking.add("python3-venv")
    return sorted(lacking)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_missing(*, for_tests: bool) -> None:
    """Install what `missing` names, as root or through sudo.

    Raises `MissingPackagesError` where neither is at hand or apt fails.
    """
    packages = missing(for_tests=for_tests)
    if not packages:
        return
    by_hand = "sudo apt-get update && sudo apt-get install --no-install-recommends -y " + " ".join(packages)
    prefix = _as_root()
    if prefix is None:
        raise MissingPackagesError(f"This machine lacks some system packages. Please run once:\n\n  {by_hand}\n")
    print("Installing system packages: " + " ".join(packages), flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    # A source of somebody else's that does not answer is no reason to stop: the installation decides.
    subprocess.run([*apt, "update"], check=False, stdin=subprocess.DEVNULL)
    install = [*apt, "install", "--no-install-recommends", "-y", *packages]
    finished = subprocess.run(install, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    still = missing(for_tests=for_tests)
    if finished.returncode != 0 or still:
        raise MissingPackagesError(
            f"apt-get could not install {' '.join(still or packages)}. Please run once:\n\n  {by_hand}\n"
        )


def _as_root() -> list[str] | None:
    """Return what goes before a command that needs root: nothing, sudo, or None where there is no way."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if sys.stdin.isatty():
        return ["sudo"]
    without_asking = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if without_asking.returncode == 0 else None
