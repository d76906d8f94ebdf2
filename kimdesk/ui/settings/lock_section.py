"""After how long the desk locks itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _
from kimdesk.services.settings import SettingsService
from kimdesk.ui.design import Icon
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import Button, Field, NumberField, SectionCard, Text, row

_FEWEST, _MOST = 1, 30


class LockSection(Section):
    """One number, 1 to 30 minutes; it cannot be switched off."""

    def __init__(self, settings: SettingsService, jobs: Jobs, messages: Messages) -> None:
        super().__init__(jobs, messages)
        self._settings = settings
        self._stored: int | None = None
        self._is_restored = False
        self.minutes = Field(
            _("Sperren nach (Minuten)"),
            NumberField(smallest=_FEWEST, largest=_MOST),
            help=_("1 bis 30 Minuten ohne Eingabe. 30 Sekunden vorher warnt das Programm."),
            required=True,
        )
        self.minutes.editor.line.returnPressed.connect(self.save)
        self.minutes.editor.changed.connect(self.draft_changed)
        self.save_button = Button(_("Speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
        card = SectionCard(_("Sperre"), actions=(self.save_button,))
        explained = _(
            "Wenn Sie den Platz verlassen, sperrt sich der Arbeitsplatz von selbst: Die Akten sind dann wieder "
            "verschlüsselt. Was Sie geschrieben haben, bleibt als Entwurf erhalten. Sofort sperren Sie mit Strg+L."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(row(self.minutes, None))
        self.body.addWidget(card)
        self.body.addStretch(1)

    def load(self) -> None:
        self.jobs.read(self._settings.idle_minutes, self._show, owner=self)

    def _show(self, minutes: int) -> None:
        if not self._is_restored and (self._stored is None or self.minutes.editor.value() == self._stored):
            self.minutes.editor.set_value(minutes)
        self._stored = minutes

    def save(self) -> None:
        if not self.minutes.check():
            self.minutes.setFocus()
            return
        minutes = self.minutes.editor.value()
        assert minutes is not None  # check() asks for it
        self.jobs.write(lambda: self._settings.set_idle_minutes(minutes), self._saved, self._refused, owner=self)

    def draft(self) -> Mapping[str, object] | None:
        typed = self.minutes.editor.draft()
        return None if self._stored is None or typed == str(self._stored) else {"minutes": typed}

    def restore(self, draft: Mapping[str, Any]) -> None:
        self.minutes.editor.restore(draft.get("minutes"))
        self._is_restored = True

    def _saved(self, _written: object) -> None:
        self._is_restored = False
        self.messages.good(_("Die Zeit ist gespeichert."))

    def _refused(self, error: KnownError) -> None:
        self.messages.show_error(error)
