"""What backups are called in words."""

from __future__ import annotations

from typing import assert_never

from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import moment, number
from kimdesk.services.vault_backups import BackupPreview, BackupReason

_MEGABYTE = 1_000_000


def reason_word(reason: BackupReason) -> str:
    """Return why a backup was made."""
    match reason:
        case BackupReason.SCHEDULED:
            return _("nach Plan")
        case BackupReason.MANUAL:
            return _("von Hand")
        case BackupReason.BEFORE_MIGRATION:
            return _("vor Umstellung")
    assert_never(reason)


def size_words(size_bytes: int) -> str:
    """Return a size in megabytes (10⁶ bytes)."""
    return _("{n} MB").format(n=number(max(round(size_bytes / _MEGABYTE, 1), 0.1)))


def preview_words(seen: BackupPreview) -> str:
    """Return what is in a backup: its day, cases, persons, the last entry."""
    cases = ngettext("{n} Fall", "{n} Fälle", seen.cases).format(n=seen.cases)
    persons = ngettext("{n} Person", "{n} Personen", seen.persons).format(n=seen.persons)
    words = _("Sicherung vom {when}: {cases}, {persons}.").format(
        when=moment(seen.info.made_at), cases=cases, persons=persons
    )
    if seen.last_change is None:
        return words
    return f"{words} " + _("Letzter Eintrag: {when}.").format(when=moment(seen.last_change))
