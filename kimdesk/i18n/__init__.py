"""Languages: catalogues, plural, dates and numbers, text direction."""

from kimdesk.i18n.catalogues import _, install, language, ngettext, render_error
from kimdesk.i18n.direction import is_right_to_left, isolate

__all__ = ["_", "install", "is_right_to_left", "isolate", "language", "ngettext", "render_error"]
