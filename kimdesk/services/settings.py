"""What an office sets once: its letterhead, the district profile, the lock, the words it prints."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.errors import N_
from kimdesk.services.changes import Written
from kimdesk.services.districts import DistrictProfile, load_district
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.vault.vault import Vault

OFFICE_KEY = "office"
HANDOUTS_KEY = "handouts"
PROFILE_KEY = "district_profile"
SUBREGION_KEY = "subregion"
IDLE_KEY = "idle_minutes"
DEFAULT_PROFILE = "unna"
DEFAULT_IDLE_MINUTES = 5
IDLE_MINUTES_ALLOWED = range(1, 31)
MAX_LOGO_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The own office as it stands on letterheads. `logo` holds PNG or JPEG bytes, empty for none."""

    name: str = ""
    unit: str = ""
    person: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    opening_hours: str = ""
    logo: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoutSettings:
    """What the office says on its handouts by language: hours, a paragraph of its own; and the data protection officer.

    `data_protection` holds lines for the notice under Art. 13 GDPR.
    """

    opening_hours: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    data_protection: str = ""


MAX_HANDOUT_PARAGRAPH = 2_000


class SettingsService:
    """Reads and changes the settings kept in the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def office(self) -> Office:
        """Return the own office, empty fields where nothing is set."""
        stored: dict[str, Any] = self._vault.setting(OFFICE_KEY, {})
        known = {name: value for name, value in stored.items() if name in Office.__dataclass_fields__}
        return Office(**{**known, "logo": base64.b64decode(stored.get("logo", ""))})

    def save_office(self, office: Office) -> Written[None]:
        """Keep the office's letterhead. Raises `RuleBroken` for a logo that is no picture or too large."""
        if office.logo and not office.logo.startswith((b"\x89PNG", b"\xff\xd8")):
            raise RuleBroken(N_("Das Logo muss ein Bild im Format PNG oder JPEG sein."), field_name="logo")
        if len(office.logo) > MAX_LOGO_BYTES:
            raise RuleBroken(
                N_("Das Logo ist größer als 1 MB. Bitte wählen Sie ein kleineres Bild."), field_name="logo"
            )
        value = {**asdict(office), "logo": base64.b64encode(office.logo).decode("ascii")}
        return self._change(OFFICE_KEY, value)

    def handouts(self) -> HandoutSettings:
        """Return the office's own texts for handouts."""
        stored: dict[str, Any] = self._vault.setting(HANDOUTS_KEY, {})
        known = {name: value for name, value in stored.items() if name in HandoutSettings.__dataclass_fields__}
        return HandoutSettings(**known)

    def save_handouts(self, texts: HandoutSettings) -> Written[None]:
        """Keep the office's own texts for handouts. Raises `RuleBroken` for a paragraph longer than a page holds."""
        for name in ("opening_hours", "about"):
            by_language: Mapping[str, str] = getattr(texts, name)
            if any(len(text) > MAX_HANDOUT_PARAGRAPH for text in by_language.values()):
                raise RuleBroken(N_("Der Text ist zu lang. Bitte kürzen Sie ihn auf 2000 Zeichen."), field_name=name)
        kept = {
            "opening_hours": {code: text for code, text in texts.opening_hours.items() if text.strip()},
            "about": {code: text for code, text in texts.about.items() if text.strip()},
            "data_protection": texts.data_protection.strip(),
        }
        return self._change(HANDOUTS_KEY, kept)

    def profile(self) -> DistrictProfile:
        """Return the profile of the own district."""
        return load_district(self._vault.setting(PROFILE_KEY, DEFAULT_PROFILE))

    def choose_profile(self, identifier: str) -> Written[None]:
        """Choose the district profile; raises a `KnownError` if it does not exist."""
        load_district(identifier)
        return self._change(PROFILE_KEY, identifier)

    def subregion(self) -> str | None:
        """Return the subregion this office works in, None where none was chosen or the district has none such."""
        chosen: str | None = self._vault.setting(SUBREGION_KEY)
        return chosen if chosen in self.profile().subregions else None

    def choose_subregion(self, name: str | None) -> Written[None]:
        """Choose the subregion named in releases; None for the whole district. Raises `RuleBroken` for another's."""
        if name is not None and name not in self.profile().subregions:
            raise RuleBroken(N_("Diese Teilregion gehört nicht zum Kreis."), field_name="subregion")
        return self._change(SUBREGION_KEY, name)

    def idle_minutes(self) -> int:
        """Return after how many minutes without input the desk locks itself."""
        minutes = int(self._vault.setting(IDLE_KEY, DEFAULT_IDLE_MINUTES))
        return minutes if minutes in IDLE_MINUTES_ALLOWED else DEFAULT_IDLE_MINUTES

    def set_idle_minutes(self, minutes: int) -> Written[None]:
        """Set the idle time before locking, 1 to 30 minutes; it cannot be switched off."""
        if minutes not in IDLE_MINUTES_ALLOWED:
            raise RuleBroken(N_("Bitte wählen Sie eine Zeit zwischen 1 und 30 Minuten."), field_name="idle_minutes")
        return self._change(IDLE_KEY, minutes)

    def _change(self, key: str, value: Any) -> Written[None]:
        with self._vault.unit_of_work() as unit:
            unit.change_setting(key, value)
            unit.record(AuditEntry(AuditAction.SETTINGS, "setting", key))
            unit.commit()
        return Written(None, frozenset({"settings"}))
