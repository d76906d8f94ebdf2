"""What accesses and the steps of a change of key are called in words."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.services.vault import Access, RotationStep, SlotKind


def kind_word(kind: SlotKind) -> str:
    """Return what an access is."""
    match kind:
        case SlotKind.USER:
            return _("Passphrase")
        case SlotKind.DEPUTY:
            return _("Vertretung")
        case SlotKind.RECOVERY:
            return _("Wiederherstellungsblatt")
    assert_never(kind)


def name_of(access: Access) -> str:
    """Return the name an access was given, or what it is."""
    return access.label or kind_word(access.kind)


def office_day(moment: datetime | None) -> str:
    """Return the day of a UTC moment in the office's zone, empty for None."""
    return short_date(moment.astimezone(OFFICE_ZONE).date()) if moment is not None else ""


def end_words(access: Access) -> str:
    """Return until when an access opens the vault."""
    return office_day(access.expires_at) or _("ohne Ende")


def state_word(access: Access) -> str:
    """Return whether an access opens the vault now."""
    if access.is_current:
        return _("jetzt in Benutzung")
    return _("abgelaufen") if access.is_expired else _("gültig")


def step_words(step: RotationStep) -> str:
    """Return what a change of key is doing."""
    match step:
        case RotationStep.EXPORT:
            return _("Die Fallakten werden neu verschlüsselt …")
        case RotationStep.VERIFY:
            return _("Die neue Datei wird geprüft …")
        case RotationStep.SWAP:
            return _("Die neue Datei tritt an die Stelle der alten …")
        case RotationStep.BACKUPS:
            return _("Alte Sicherungen werden behandelt …")
    assert_never(step)
