"""The tour: drives the real window offscreen through the whole job and keeps pictures of it."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported: nothing opens on anybody's screen

from kimdesk.tour.job import run_tour

__all__ = ["run_tour"]
