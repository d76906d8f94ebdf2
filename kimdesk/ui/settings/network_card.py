"""The way into the net: what the system says, none, or an own proxy."""

from __future__ import annotations

from collections.abc import Callable

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.pushes import NetworkChoice, ProxyMode, PushService
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.widgets import Button, ChoiceField, Field, SectionCard, Text, TextField, row


class NetworkCard(SectionCard):
    """Shows and keeps the choice. `saved` is called once it is kept."""

    def __init__(self, pushes: PushService, jobs: Jobs, messages: Messages, saved: Callable[[], object]) -> None:
        super().__init__(_("Weg ins Netz"))
        self._pushes, self._jobs, self._messages, self._saved = pushes, jobs, messages, saved
        self.mode = Field(
            _("Proxy"),
            ChoiceField(
                (
                    (ProxyMode.SYSTEM.value, _("wie das System es vorgibt")),
                    (ProxyMode.NONE.value, _("keiner")),
                    (ProxyMode.OWN.value, _("eigene Adresse")),
                ),
                empty=None,
            ),
            help=_("Fragen Sie Ihre IT, wenn die koordinierende Stelle aus Ihrem Netz nicht erreichbar ist."),
        )
        self.proxy = Field(_("Adresse des Proxys"), TextField("http://proxy.example:3128"))
        self.save_button = Button(_("Weg ins Netz speichern"), on_click=self._save)
        self.add(
            Text(_("Was gesendet wird, ist für die Stelle verschlüsselt; ein Proxy kann es nicht lesen."), "muted")
        )
        self.add(self.mode)
        self.add(self.proxy)
        self.add(row(None, self.save_button))
        self.mode.editor.changed.connect(self._show_proxy)
        self._show_proxy()

    def show_choice(self, choice: NetworkChoice) -> None:
        """Show what is kept."""
        self.mode.editor.set_value(choice.mode.value)
        self.proxy.editor.set_value(choice.proxy)
        self._show_proxy()

    def _show_proxy(self) -> None:
        self.proxy.setVisible(self.mode.editor.value() == ProxyMode.OWN.value)

    def _save(self) -> None:
        self.proxy.set_error("")
        mode = ProxyMode(self.mode.editor.value() or ProxyMode.SYSTEM.value)
        choice = NetworkChoice(mode, self.proxy.editor.value().strip() if mode is ProxyMode.OWN else "")
        self._jobs.write(lambda: self._pushes.choose_network(choice), self._kept, self._refused, owner=self)

    def _kept(self, _written: object) -> None:
        self._messages.good(_("Der Weg ins Netz ist gespeichert."))
        self._saved()

    def _refused(self, error: KnownError) -> None:
        self.proxy.set_error(render_error(error))
