"""What the user must know about the vault after opening it, each with what it means and what to do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import short_date
from kimdesk.services.vault_backups import BackupService, PlaceCondition
from kimdesk.storage.vault import state
from kimdesk.storage.vault.check import Check
from kimdesk.storage.vault.errors import AnchorAlarm, DatabaseDamaged, KeyslotsAltered, KeyslotsDamaged
from kimdesk.storage.vault.reserve import has_reserve
from kimdesk.storage.vault.slot import SlotKind
from kimdesk.storage.vault.vault import OpeningNote, Vault
from kimdesk.storage.vault.vault_files import DATABASE_NAME

CHECK_NAMES = {
    Check.PAGES: N_("Seiten der Datenbank"),
    Check.STRUCTURE: N_("Aufbau der Datenbank"),
    Check.FOREIGN_KEYS: N_("Bezüge zwischen den Datensätzen"),
    Check.SCHEMA: N_("Schema"),
    Check.AUDIT_CHAIN: N_("Kette des Protokolls"),
    Check.ANCHOR: N_("Prüfdatei (anchor.json)"),
    Check.ROLLBACK: N_("Stand gegenüber den Sicherungen"),
    Check.KEYSLOTS: N_("Zugangsdatei (keyslots.json)"),
    Check.BACKUPS: N_("Sicherungen"),
}

_LOW_BYTES = 200_000_000
_TIMES_THE_DATABASE = 2
_BACKUP_IS_OLD = timedelta(days=7)
_ENDS_SOON = timedelta(days=7)


class Severity(IntEnum):
    """How urgent a notice is; the highest comes first."""

    HINT = 1
    WARNING = 2
    ALARM = 3


class NoticeKind(StrEnum):
    """What a notice is about."""

    ALARM_OVERRULED = "alarm_overruled"
    OFFICE_KNOWS_MORE = "office_knows_more"
    RECOVERY_KEY_USED = "recovery_key_used"
    ROTATION_UNFINISHED = "rotation_unfinished"
    RESERVE_RELEASED = "reserve_released"
    DISK_LOW = "disk_low"
    CLOCK_BEHIND = "clock_behind"
    BACKUP_FAILED = "backup_failed"
    BACKUP_OLD = "backup_old"
    BACKUP_PLACE_MISSING = "backup_place_missing"
    KEYSLOTS_HEALED = "keyslots_healed"
    ACCESS_EXPIRED = "access_expired"
    ACCESS_ENDS_SOON = "access_ends_soon"


@dataclass(frozen=True, slots=True)
class AlarmText:
    """An alarm in words: message ids to be translated and filled with `parameters`."""

    title: str
    meaning: str
    todo: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told. `title`, `meaning` and `todo` are message ids to be filled with `parameters`."""

    kind: NoticeKind
    severity: Severity
    title: str
    meaning: str
    todo: str
    parameters: dict[str, Any] = field(default_factory=dict)


_WORDS: dict[NoticeKind, tuple[Severity, str, str, str]] = {
    NoticeKind.ALARM_OVERRULED: (
        Severity.ALARM,
        N_("Der Tresor wurde trotz Warnung geöffnet"),
        N_("Seine Dateien passten nicht zusammen. Es können Einträge fehlen oder verändert sein."),
        N_("Vergleichen Sie die letzten Fälle mit Ihren Unterlagen und fragen Sie die Stelle, die Ihr Gerät betreut."),
    ),
    NoticeKind.OFFICE_KNOWS_MORE: (
        Severity.ALARM,
        N_("Die koordinierende Stelle kennt einen neueren Stand dieses Tresors"),
        N_(
            "Ihre Antwort auf die Meldung {sequence} zeigt einen Stand, den dieser Tresor nicht hat: "
            "Er wurde durch einen früheren ersetzt."
        ),
        N_(
            "Haben Sie selbst eine Sicherung zurückgespielt, ist das der Grund. "
            "Fragen Sie sonst die Stelle, die Ihr Gerät betreut."
        ),
    ),
    NoticeKind.RECOVERY_KEY_USED: (
        Severity.ALARM,
        N_("Der Wiederherstellungsschlüssel ist verbraucht"),
        N_("Er wurde zum Öffnen benutzt. Wer das Blatt gesehen hat, könnte es ein zweites Mal benutzen."),
        N_("Setzen Sie jetzt eine neue Passphrase und drucken Sie ein neues Blatt. Vernichten Sie das alte."),
    ),
    NoticeKind.ROTATION_UNFINISHED: (
        Severity.WARNING,
        N_("Alte Sicherungen öffnen sich noch mit einem entzogenen Zugang"),
        N_("Der Schlüssel des Tresors wurde gewechselt, aber nicht jede Sicherung war erreichbar."),
        N_("Schließen Sie den Datenträger mit den Sicherungen an und stoßen Sie den Rest in den Einstellungen an."),
    ),
    NoticeKind.RESERVE_RELEASED: (
        Severity.ALARM,
        N_("Der Datenträger ist voll"),
        N_(
            "KIM Desk hat seine Notreserve freigegeben, damit sich der Tresor öffnet. Für ein paar Einträge reicht sie."
        ),
        N_("Schaffen Sie Platz auf dem Datenträger, bevor Sie weiterarbeiten. Die Reserve wird dann neu angelegt."),
    ),
    NoticeKind.DISK_LOW: (
        Severity.WARNING,
        N_("Auf dem Datenträger ist wenig Platz"),
        N_("Für eine weitere Sicherung könnte er nicht reichen."),
        N_("Schaffen Sie Platz auf dem Datenträger."),
    ),
    NoticeKind.CLOCK_BEHIND: (
        Severity.WARNING,
        N_("Die Uhr des Geräts geht nach"),
        N_("Das Protokoll kennt einen späteren Zeitpunkt als die Uhr. Fristen und Wiedervorlagen wären falsch."),
        N_("Stellen Sie Datum und Uhrzeit des Geräts richtig."),
    ),
    NoticeKind.BACKUP_FAILED: (
        Severity.WARNING,
        N_("Die letzte Sicherung ist misslungen"),
        N_("{reason}"),
        N_("Beheben Sie die Ursache und sichern Sie den Tresor in den Einstellungen von Hand."),
    ),
    NoticeKind.BACKUP_OLD: (
        Severity.WARNING,
        N_("Es gibt keine aktuelle Sicherung"),
        N_("Geht der Laptop heute verloren, fehlt alles seit der letzten Sicherung ({when})."),
        N_("Sichern Sie den Tresor in den Einstellungen, am besten auf einen zweiten Datenträger."),
    ),
    NoticeKind.BACKUP_PLACE_MISSING: (
        Severity.HINT,
        N_("Der zweite Ort für Sicherungen ist nicht da"),
        N_("Gesichert wird nur im Ordner des Tresors; bei Verlust des Laptops hilft das nicht. Zuletzt dort: {when}."),
        N_("Stecken Sie den Datenträger ein, oder wählen Sie in den Einstellungen einen anderen Ort."),
    ),
    NoticeKind.KEYSLOTS_HEALED: (
        Severity.HINT,
        N_("Eine beschädigte Datei wurde geheilt"),
        N_("Die Zugangsdatei des Tresors war beschädigt und wurde aus ihrer Kopie wiederhergestellt."),
        N_("Kommt das öfter vor, lassen Sie den Datenträger prüfen."),
    ),
    NoticeKind.ACCESS_EXPIRED: (
        Severity.HINT,
        N_("Der Zugang „{label}“ ist abgelaufen"),
        N_("Er öffnet diesen Tresor seit dem {day} nicht mehr. Mit alten Kopien des Ordners geht er weiter."),
        N_("Entfernen Sie ihn, und wechseln Sie den Schlüssel, wenn er entzogen sein soll."),
    ),
    NoticeKind.ACCESS_ENDS_SOON: (
        Severity.HINT,
        N_("Der Zugang „{label}“ endet am {day}"),
        N_("Danach öffnet er diesen Tresor nicht mehr."),
        N_("Verlängern Sie ihn in den Einstellungen, wenn er weiter gebraucht wird."),
    ),
}


def explain_alarm(error: KnownError) -> AlarmText | None:
    """Return what an alarm at unlocking means and what to do, None for an error that explains itself."""
    match error:
        case AnchorAlarm():
            title, meaning, todo = _ANCHOR_WORDS[error.message]
            return AlarmText(title, meaning, todo, dict(error.parameters))
        case KeyslotsAltered():
            return AlarmText(*_KEYSLOTS_WORDS)
        case DatabaseDamaged() | KeyslotsDamaged():
            return AlarmText(*_DAMAGE_WORDS)
        case _:
            return None


_ASK = N_("Öffnen Sie ihn nur, wenn Sie wissen, wie es dazu kam. Fragen Sie sonst die Stelle, die Ihr Gerät betreut.")
_ANCHOR_WORDS = {
    AnchorAlarm.MISSING: (
        N_("Ob der Tresor auf dem letzten Stand ist, lässt sich nicht feststellen"),
        N_(
            "Die Prüfdatei neben der Datenbank fehlt oder ist beschädigt. Das passiert, wenn nur ein Teil des "
            "Ordners kopiert wurde – oder wenn jemand etwas verbergen will."
        ),
        _ASK,
    ),
    AnchorAlarm.ROLLED_BACK: (
        N_("Der Tresor wurde durch einen älteren Stand ersetzt"),
        N_(
            "Das Protokoll ist kürzer, als es zuletzt war. Was danach eingetragen wurde, fehlt: Fälle, "
            "Änderungen, und wer was gesehen hat."
        ),
        N_(
            "Stellen Sie die letzte Sicherung wieder her, oder öffnen Sie diesen Stand, wenn Sie ihn selbst "
            "zurückkopiert haben."
        ),
    ),
    AnchorAlarm.OLDER_THAN_BACKUP: (
        N_("Der Tresor ist älter als seine Sicherung"),
        N_(
            "Eine Sicherung vom {when} kennt mehr Einträge als der Tresor. Der ganze Ordner wurde durch einen "
            "früheren Stand ersetzt."
        ),
        N_(
            "Stellen Sie diese Sicherung wieder her, oder öffnen Sie diesen Stand, wenn Sie ihn selbst "
            "zurückkopiert haben."
        ),
    ),
    AnchorAlarm.DIFFERS: (
        N_("Der Tresor wurde außerhalb des Programms verändert"),
        N_(
            "Datenbank und Prüfdatei gehören nicht zusammen. Teile der Datenbank können alt, vertauscht oder "
            "gefälscht sein."
        ),
        _ASK,
    ),
}
_KEYSLOTS_WORDS = (
    N_("Die Zugänge wurden außerhalb des Programms verändert"),
    N_(
        "Ein Zugang wurde entfernt, abgeschwächt oder durch einen früheren ersetzt. Ein entzogener Zugang "
        "könnte wieder gelten."
    ),
    _ASK,
)
_DAMAGE_WORDS = (
    N_("Der Tresor ist beschädigt"),
    N_("Eine Datei lässt sich nicht mehr ganz lesen. Das Programm ändert nichts an ihr."),
    N_("Stellen Sie die letzte Sicherung wieder her. Der beschädigte Ordner bleibt dabei erhalten."),
)


def health_of(vault: Vault, backups: BackupService) -> tuple[Notice, ...]:
    """Return what the user must know now, the most urgent first."""
    found = [*_from_opening(vault), *_from_settings(vault), *_from_disk(vault), *_from_backups(vault, backups)]
    found += _from_accesses(vault)
    return tuple(sorted(found, key=lambda notice: -notice.severity))


def _notice(kind: NoticeKind, **parameters: Any) -> Notice:
    severity, title, meaning, todo = _WORDS[kind]
    return Notice(kind, severity, title, meaning, todo, parameters)


def _from_opening(vault: Vault) -> list[Notice]:
    kinds = {
        OpeningNote.ALARM_OVERRULED: NoticeKind.ALARM_OVERRULED,
        OpeningNote.CLOCK_BEHIND: NoticeKind.CLOCK_BEHIND,
        OpeningNote.KEYSLOTS_HEALED: NoticeKind.KEYSLOTS_HEALED,
    }
    return [_notice(kinds[note]) for note in sorted(vault.opening_notes) if note in kinds]


def _from_settings(vault: Vault) -> list[Notice]:
    found = []
    if vault.setting(state.RECOVERY_USED) is not None:
        found.append(_notice(NoticeKind.RECOVERY_KEY_USED))
    if (unknown := vault.setting(state.HEAD_UNKNOWN)) is not None:
        found.append(_notice(NoticeKind.OFFICE_KNOWS_MORE, sequence=unknown["sequence"]))
    if vault.setting(state.ROTATION) is not None:
        found.append(_notice(NoticeKind.ROTATION_UNFINISHED))
    return found


def _from_disk(vault: Vault) -> list[Notice]:
    try:
        free = shutil.disk_usage(vault.folder).free
        size = (vault.folder / DATABASE_NAME).stat().st_size
    except OSError:
        return []
    if OpeningNote.RESERVE_RELEASED in vault.opening_notes and not has_reserve(vault.folder):
        return [_notice(NoticeKind.RESERVE_RELEASED)]
    return [_notice(NoticeKind.DISK_LOW)] if free < max(_LOW_BYTES, size * _TIMES_THE_DATABASE) else []


def _from_backups(vault: Vault, backups: BackupService) -> list[Notice]:
    found: list[Notice] = []
    if vault.is_demo:
        return found
    if backups.last_failure is not None:
        found.append(_notice(NoticeKind.BACKUP_FAILED, reason=render_error(backups.last_failure)))
    places, now = backups.places(), vault.clock.now()
    newest = max((place.last_at for place in places if place.last_at is not None), default=None)
    since = newest if newest is not None else vault.header.created_at
    if now - since > _BACKUP_IS_OLD:
        found.append(_notice(NoticeKind.BACKUP_OLD, when=_day(newest)))
    for place in places[1:]:
        if place.state is not PlaceCondition.READY:
            found.append(_notice(NoticeKind.BACKUP_PLACE_MISSING, when=_day(place.last_at)))
    return found


def _from_accesses(vault: Vault) -> list[Notice]:
    found, now = [], vault.clock.now()
    for access in vault.accesses():
        if access.expires_at is None or access.kind is not SlotKind.DEPUTY:
            continue
        day = short_date(access.expires_at.astimezone(OFFICE_ZONE).date())
        if access.is_expired:
            found.append(_notice(NoticeKind.ACCESS_EXPIRED, label=access.label, day=day))
        elif access.expires_at - now <= _ENDS_SOON:
            found.append(_notice(NoticeKind.ACCESS_ENDS_SOON, label=access.label, day=day))
    return found


def _day(value: datetime | None) -> str:
    return short_date(value.astimezone(OFFICE_ZONE).date()) if value is not None else _("noch nie")
