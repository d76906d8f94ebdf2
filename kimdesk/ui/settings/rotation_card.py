"""Another key for the vault, so that a revoked access opens nothing any more: neither copies nor backups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, ngettext
from kimdesk.services.vault import (
    Access,
    OldBackups,
    RotationPlan,
    RotationResult,
    RotationStep,
    SlotKind,
    VaultService,
)
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.access_words import name_of, step_words
from kimdesk.ui.settings.backup_words import size_words
from kimdesk.ui.settings.section import reveal
from kimdesk.ui.settings.shared_progress import Progress, ProgressWatch
from kimdesk.ui.unlock.passphrase_field import PassphraseField
from kimdesk.ui.widgets import (
    Banner,
    Button,
    CheckField,
    ChoiceChips,
    Field,
    FormGrid,
    ProgressNote,
    SectionCard,
    Text,
    clear,
    column,
    row,
)


class RotationCard(SectionCard):
    """`changed` when a new key is in force."""

    changed = Signal()

    def __init__(self, vault: VaultService, jobs: Jobs, messages: Messages) -> None:
        super().__init__(_("Zugang wirklich entziehen"))
        self._vault, self._jobs, self._messages = vault, jobs, messages
        self._accesses: Sequence[Access] = ()
        self._wanted: frozenset[UUID] = frozenset()
        self.checks: dict[UUID, CheckField] = {}
        self.open_button = Button(_("Schlüssel wechseln …"), symbol=Icon.KEY, on_click=self.open)
        self.rest_text = _(
            "Nicht jede alte Sicherung war erreichbar. Schließen Sie den Datenträger an und holen Sie den Rest nach."
        )
        self.rest = Banner(
            self.rest_text, Meaning.ATTENTION, action=_("Rest nachholen"), on_action=self.finish_the_rest
        )
        self.rest.hide()
        explained = _(
            "Der Tresor bekommt einen neuen Schlüssel und wird neu verschlüsselt. Entzogene Zugänge öffnen dann weder "
            "ihn noch seine Sicherungen. Ihre Passphrase und das Wiederherstellungsblatt bleiben."
        )
        self.add(Text(explained, "muted", wrap=True))
        self.add(self.rest)
        self.add(row(self.open_button, None))
        self.progress = ProgressNote()
        self.watch = ProgressWatch(self._show_progress, self)
        self._part = self._asking()
        self._part.hide()
        self.add(self._part)
        self.add(self.progress)

    def _asking(self) -> QWidget:
        self._choices = column(space=Space.XS)
        self.old_backups = Field(
            _("Alte Sicherungen"),
            ChoiceChips(
                [(OldBackups.REENCRYPT.value, _("neu verschlüsseln")), (OldBackups.DELETE.value, _("löschen"))],
                required=True,
            ),
        )
        self.old_backups.editor.set_value(OldBackups.REENCRYPT.value)
        self.summary = Text("", wrap=True)
        self.current = Field(_("Ihre Passphrase"), PassphraseField(), required=True)
        self.current.editor.finished.connect(self.rotate)
        self.rotate_button = Button(_("Schlüssel jetzt wechseln"), "danger", symbol=Icon.KEY, on_click=self.rotate)
        self.cancel_button = Button(_("Abbrechen"), "quiet", on_click=self.close_part)
        grid = FormGrid(2)
        grid.add(self.old_backups, self.current)
        part = QWidget()
        part.setLayout(
            column(
                Text(_("Welche Zugänge sollen wegfallen?"), "label"),
                self._choices,
                self.summary,
                grid,
                row(None, self.cancel_button, self.rotate_button),
            )
        )
        return part

    # Asking

    def show_accesses(self, accesses: Sequence[Access], *, may_change: bool, is_unfinished: bool) -> None:
        """Know who could be dropped; a deputy cannot do this."""
        self._accesses = accesses
        self.open_button.setEnabled(may_change)
        self.rest.setVisible(is_unfinished)

    def open(self, drop: Collection[UUID] = ()) -> None:
        """Ask who falls away, with `drop` chosen, and show what will happen."""
        clear(self._choices)
        self.checks = {}
        for access in self._accesses:
            if access.is_current or access.kind is SlotKind.RECOVERY:
                continue
            check = CheckField(_("„{name}“ entziehen").format(name=name_of(access)))
            check.set_value(access.id in drop)
            check.changed.connect(self._read_plan)
            self.checks[access.id] = check
            self._choices.addWidget(check)
        if not self.checks:
            nobody = _("Es gibt keinen weiteren Zugang. Früher entfernte verlieren mit dem neuen Schlüssel jede Kopie.")
            self._choices.addWidget(Text(nobody, "muted", wrap=True))
        self._part.show()
        self.open_button.hide()
        self._read_plan()
        self.current.setFocus()
        reveal(self)

    def dropped(self) -> frozenset[UUID]:
        """Return the accesses chosen to fall away."""
        return frozenset(access_id for access_id, check in self.checks.items() if check.value())

    def _read_plan(self) -> None:
        drop = self.dropped()
        self._jobs.read(lambda: self._vault.rotation_plan(drop=drop), self._show_plan, owner=self, latest="plan")

    def _show_plan(self, plan: RotationPlan) -> None:
        backups = ngettext("{n} alte Sicherung", "{n} alte Sicherungen", plan.backups).format(n=plan.backups)
        parts = [
            _("Dafür braucht es {needed} Platz; frei sind {free}. Betroffen: {backups} ({size}).").format(
                needed=size_words(plan.needed_bytes),
                free=size_words(plan.free_bytes),
                backups=backups,
                size=size_words(plan.backup_bytes),
            )
        ]
        if plan.must_be_reissued:
            names = ", ".join(name_of(access) for access in plan.must_be_reissued)
            parts.append(
                _("Diese Zugänge sind zu alt und müssen danach neu eingerichtet werden: {names}.").format(names=names)
            )
        is_short = plan.needed_bytes > plan.free_bytes
        if is_short:
            parts.append(_("Der Platz reicht nicht. Bitte schaffen Sie zuerst Platz."))
        self.summary.setText(" ".join(parts))
        self.summary.set_meaning(Meaning.DANGER if is_short else None)
        count = len(plan.dropped)
        if count:
            words = ngettext(
                "Schlüssel wechseln und {n} Zugang entziehen", "Schlüssel wechseln und {n} Zugänge entziehen", count
            ).format(n=count)
        else:
            words = _("Schlüssel jetzt wechseln")
        self.rotate_button.setText(words)
        self.rotate_button.setEnabled(not is_short)

    def close_part(self) -> None:
        """Fold what is open and empty the passphrase."""
        self.current.editor.clear()
        self.current.set_error("")
        self._part.hide()
        self.open_button.show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.close_part()

    # Doing

    def rotate(self) -> None:
        """Change the key."""
        if not self.rotate_button.isEnabled() or not self.current.check():
            return
        current, drop = self.current.editor.value(), self.dropped()
        old_backups = OldBackups(str(self.old_backups.editor.value()))
        told = self._begin()
        self._jobs.write(
            lambda: self._vault.rotate(current, drop=drop, old_backups=old_backups, progress=told),
            self._rotated,
            self._refused,
            owner=self,
            always=self._end,
            touches={"vault"},
        )

    def finish_the_rest(self) -> None:
        """Treat the backups that were left."""
        told = self._begin()
        self._jobs.write(
            lambda: self._vault.finish_rotation(told),
            self._rotated,
            self._refused,
            owner=self,
            always=self._end,
            touches={"vault"},
        )

    def _begin(self) -> Progress:
        for button in (self.rotate_button, self.cancel_button):
            button.set_busy(True)
        self.progress.start(step_words(RotationStep.EXPORT))
        return self.watch.start()

    def _end(self) -> None:
        self.watch.stop()
        self.progress.stop()
        for button in (self.rotate_button, self.cancel_button):
            button.set_busy(False)

    def _show_progress(self, step: str, share: float) -> None:
        self.progress.text.setText(step_words(RotationStep(step)))
        self.progress.set_share(share)

    def _rotated(self, result: RotationResult) -> None:
        self.close_part()
        parts = [_("Der neue Schlüssel gilt.")]
        if result.dropped:
            names = ", ".join(name_of(access) for access in result.dropped)
            parts.append(_("Entzogen: {names}.").format(names=names))
        if result.backups_reencrypted:
            n = result.backups_reencrypted
            parts.append(
                ngettext("{n} Sicherung neu verschlüsselt.", "{n} Sicherungen neu verschlüsselt.", n).format(n=n)
            )
        if result.backups_deleted:
            n = result.backups_deleted
            parts.append(ngettext("{n} Sicherung gelöscht.", "{n} Sicherungen gelöscht.", n).format(n=n))
        if result.reissue:
            names = ", ".join(name_of(access) for access in result.reissue)
            parts.append(_("Bitte neu einrichten: {names}.").format(names=names))
        if result.backups_left:
            self._messages.attention(" ".join([*parts, self.rest_text]))
        else:
            self._messages.good(" ".join(parts))
        self.changed.emit()

    def _refused(self, error: KnownError) -> None:
        if isinstance(error, RuleBroken) and error.field_name == "current":
            self.current.set_error(_(error.message).format(**error.parameters))
            self.current.setFocus()
        else:
            self._messages.show_error(error)
