"""What the accesses of a vault are called, in the settings and in the log."""

from __future__ import annotations

from kimdesk.i18n import _
from kimdesk.storage.vault import state
from kimdesk.storage.vault.slot import SlotKind
from kimdesk.storage.vault.vault import Vault


def kind_name(kind: SlotKind | str) -> str:
    """Return what kind of access it is; a kind of a newer program version stays as it is."""
    names = {
        SlotKind.USER: _("Eigene Passphrase"),
        SlotKind.DEPUTY: _("Vertretung"),
        SlotKind.RECOVERY: _("Wiederherstellungsschlüssel"),
    }
    return names[SlotKind(kind)] if kind in set(SlotKind) else str(kind)


def access_names(vault: Vault) -> dict[str, str]:
    """Return the name of every access by its id as it stands in the log; those that are gone keep theirs."""
    former = vault.setting(state.FORMER_ACCESSES, {})
    names = {slot: _name(entry["kind"], entry["label"]) for slot, entry in former.items()}
    return {**names, **{access.id.hex: _name(access.kind, access.label) for access in vault.accesses()}}


def _name(kind: SlotKind | str, label: str) -> str:
    return f"{kind_name(kind)}: {label}" if label else kind_name(kind)
