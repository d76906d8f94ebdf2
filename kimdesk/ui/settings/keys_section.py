"""Keys: who can open the vault, taking an access away for good, passphrase, recovery sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kimdesk.foundation.clock import Clock
from kimdesk.services.vault import Access, VaultService, suggest_passphrase
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.recovery_sheet import PrintSheet
from kimdesk.ui.settings.access_card import AccessCard
from kimdesk.ui.settings.keys_cards import PassphraseCard, RecoveryCard
from kimdesk.ui.settings.rotation_card import RotationCard
from kimdesk.ui.settings.section import Section


@dataclass(frozen=True)
class _Read:
    accesses: tuple[Access, ...]
    may_change: bool
    is_unfinished: bool


class KeysSection(Section):
    """`print_sheet` prints a new recovery sheet."""

    areas = frozenset({"vault"})

    def __init__(
        self, vault: VaultService, jobs: Jobs, messages: Messages, clock: Clock, print_sheet: PrintSheet
    ) -> None:
        super().__init__(jobs, messages)
        self._vault = vault
        self.accesses = AccessCard(vault, jobs, messages, clock, suggest_passphrase)
        self.rotation = RotationCard(vault, jobs, messages)
        self.passphrase = PassphraseCard(vault, jobs, messages)
        self.recovery = RecoveryCard(vault, jobs, messages, clock, print_sheet)
        for card in (self.accesses, self.passphrase, self.recovery, self.rotation):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.accesses.changed.connect(self.load)
        self.accesses.revoke_wanted.connect(lambda access_id: self.rotation.open({access_id}))
        self.accesses.draft_changed.connect(self.draft_changed)
        self.rotation.changed.connect(self.load)

    def load(self) -> None:
        vault = self._vault

        def read() -> _Read:
            return _Read(vault.accesses(), not vault.opened_by_deputy, vault.rotation_is_unfinished())

        self.jobs.read(read, self._show, owner=self, latest="keys")

    def _show(self, view: _Read) -> None:
        self.accesses.show_accesses(view.accesses, may_change=view.may_change)
        self.rotation.show_accesses(view.accesses, may_change=view.may_change, is_unfinished=view.is_unfinished)
        self.recovery.setEnabled(view.may_change)

    def draft(self) -> Mapping[str, object] | None:
        return self.accesses.draft()

    def restore(self, draft: Mapping[str, Any]) -> None:
        self.accesses.restore(draft)
