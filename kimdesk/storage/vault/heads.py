"""Where the audit chain stood elsewhere: the manifests of backups show when the whole folder was put back."""

from __future__ import annotations

import contextlib
import hmac
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from kimdesk.i18n.formats import moment
from kimdesk.storage.tables.log import audit_log
from kimdesk.storage.unit_of_work import read_setting
from kimdesk.storage.vault import state
from kimdesk.storage.vault.backup_files import backups_at
from kimdesk.storage.vault.errors import AnchorAlarm
from kimdesk.storage.vault.manifest import Manifest, read_manifest
from kimdesk.storage.vault.vault import Vault
from kimdesk.storage.vault.vault_files import BACKUPS_NAME


def places_of(vault: Vault, connection: sa.Connection) -> tuple[Path, ...]:
    """Return where this vault's backups lie: its own folder and the second place, there or not."""
    second = read_setting(connection, state.BACKUPS, {}).get("second_place")
    return (vault.folder / BACKUPS_NAME, *((Path(second),) if second else ()))


def head_elsewhere(vault: Vault, connection: sa.Connection) -> AnchorAlarm | None:
    """Return the alarm where a backup within reach knows more of the log than the vault, or another log."""
    manifests = _manifests(vault, connection)
    if not manifests:
        return None
    newest = max(manifests, key=lambda manifest: manifest.head.number)
    number = newest.head.number
    found = connection.execute(sa.select(audit_log.c.mac).where(audit_log.c.number == number)).scalar_one_or_none()
    if found is None:
        return AnchorAlarm(AnchorAlarm.OLDER_THAN_BACKUP, when=moment(newest.made_at))
    return None if hmac.compare_digest(found, newest.head.mac) else AnchorAlarm(AnchorAlarm.DIFFERS)


def _manifests(vault: Vault, connection: sa.Connection) -> list[Manifest]:
    """Return the manifests that speak of this vault as it is since its last restore."""
    restored_at = None
    with contextlib.suppress(KeyError, TypeError, ValueError):
        restored_at = datetime.fromisoformat(read_setting(connection, state.RESTORED, {})["at"])
    found = (read_manifest(backup) for place in places_of(vault, connection) for backup in backups_at(place))
    return [
        manifest
        for manifest in found
        if manifest is not None
        and manifest.vault_id == vault.id
        and (restored_at is None or manifest.made_at > restored_at)
        and manifest.is_authentic(vault.ring.key)
    ]
