"""What the log and the checks are called in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from kimdesk.foundation.errors import N_
from kimdesk.i18n import _
from kimdesk.storage.audit import AuditAction, AuditRow
from kimdesk.storage.vault.check import Check

_ACTIONS = {
    AuditAction.VIEW: N_("angesehen"),
    AuditAction.CREATE: N_("angelegt"),
    AuditAction.CHANGE: N_("geändert"),
    AuditAction.DELETE: N_("gelöscht"),
    AuditAction.EXPORT: N_("ausgegeben"),
    AuditAction.PRINT: N_("gedruckt"),
    AuditAction.DISCLOSE: N_("weitergegeben"),
    AuditAction.HAND_OVER: N_("übergeben"),
    AuditAction.IMPORT: N_("eingelesen"),
    AuditAction.RELEASE: N_("Meldung freigegeben"),
    AuditAction.SEND: N_("Meldung gesendet"),
    AuditAction.ENROL: N_("mit koordinierender Stelle verbunden"),
    AuditAction.SETTINGS: N_("Einstellung geändert"),
    AuditAction.UNLOCK: N_("entsperrt"),
    AuditAction.UNLOCK_FAILED: N_("Entsperren misslungen"),
    AuditAction.LOCK: N_("gesperrt"),
    AuditAction.VAULT_CREATED: N_("Tresor angelegt"),
    AuditAction.SLOT_ADDED: N_("Zugang hinzugefügt"),
    AuditAction.SLOT_REMOVED: N_("Zugang entfernt"),
    AuditAction.SLOT_CHANGED: N_("Zugang geändert"),
    AuditAction.KEYSLOTS_HEALED: N_("Schlüsseldatei wiederhergestellt"),
    AuditAction.ALARM_OVERRULED: N_("trotz Warnung geöffnet"),
    AuditAction.ACKNOWLEDGE: N_("Warnung zur Kenntnis genommen"),
    AuditAction.MIGRATE: N_("auf neue Programmversion umgestellt"),
    AuditAction.KEY_ROTATED: N_("Schlüssel gewechselt"),
    AuditAction.BACKUP: N_("Sicherung geschrieben"),
    AuditAction.RESTORE: N_("Sicherung zurückgespielt"),
}
_SUBJECTS = {
    "case": N_("Fall"),
    "offer": N_("Angebot"),
    "offers": N_("Verzeichnis der Angebote"),
    "demo": N_("Demo-Fälle"),
    "document": N_("Druck"),
    "release": N_("Meldung"),
    "figure": N_("Kennzahl"),
    "setting": N_("Einstellung"),
    "vault": N_("Tresor"),
    "slot": N_("Zugang"),
    "notice": N_("Hinweis"),
    "log": N_("Protokoll"),
    "rotation": N_("Schlüsselwechsel"),
    "backup": N_("Sicherung"),
    "coordinator": N_("Koordinierende Stelle"),
}
_PARTS = {
    "members": N_("Haushalt"),
    "assessment": N_("Assessment"),
    "goal": N_("Ziel"),
    "measure": N_("Maßnahme"),
    "agreement": N_("Zielvereinbarung"),
    "referral": N_("Fallverweis"),
    "contact": N_("Kontakt"),
    "offer": N_("Angebot"),
    "phase": N_("Phase"),
    "closure": N_("Abschluss"),
    "follow_up": N_("Wiedervorlage"),
}
"""The parts of a case file that have a word of their own; anything else is the case as a whole."""
_SETTINGS = {"office": N_("Briefkopf"), "district_profile": N_("Kreis"), "idle_minutes": N_("Sperre")}
_SHORT_ID = 8


def action_word(action: str) -> str:
    """Return what was done; a word of a newer program version stays as it is."""
    return _(_ACTIONS[AuditAction(action)]) if action in set(AuditAction) else action


def subject_words(row: AuditRow, case_numbers: Mapping[str, str]) -> str:
    """Return with what it was done: "Fall KIM-2026-014: Kontakt", "Meldung 3", "Einstellung office"."""
    if not row.subject_kind:
        return ""
    kind = _(_SUBJECTS[row.subject_kind]) if row.subject_kind in _SUBJECTS else row.subject_kind
    if row.subject_kind == "case":
        case = f"{kind} {case_numbers.get(row.subject_id, row.subject_id[:_SHORT_ID])}"
        part = _PARTS.get(str(row.detail.get("part", "")))
        return case if part is None else f"{case}: {_(part)}"
    if row.subject_kind in ("vault", "coordinator", "offers", "demo"):
        return kind
    if row.subject_kind == "setting" and row.subject_id in _SETTINGS:
        return _("{kind} „{name}“").format(kind=kind, name=_(_SETTINGS[row.subject_id]))
    return f"{kind} {row.subject_id[:_SHORT_ID] if len(row.subject_id) >= 32 else row.subject_id}".strip()


def check_word(check: Check) -> str:
    """Return what a check looks at."""
    match check:
        case Check.PAGES:
            return _("Jede Seite der Datei ist unverfälscht")
        case Check.STRUCTURE:
            return _("Die Datei ist in sich stimmig")
        case Check.FOREIGN_KEYS:
            return _("Alle Teile der Akten gehören zusammen")
        case Check.SCHEMA:
            return _("Der Aufbau passt zu dieser Programmversion")
        case Check.AUDIT_CHAIN:
            return _("Das Protokoll ist lückenlos")
        case Check.ANCHOR:
            return _("Es wurde kein älterer Stand untergeschoben")
        case Check.KEYSLOTS:
            return _("Die Schlüsseldatei ist in Ordnung")
        case Check.ROLLBACK:
            return _("Keine Sicherung kennt einen neueren Stand")
        case Check.BACKUPS:
            return _("Die Sicherungen sind unversehrt")
    assert_never(check)
