"""Language, colours and text size of this machine's window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.preferences import Preferences, load_preferences, save_preferences
from kimdesk.i18n import _
from kimdesk.ui.design import Scheme, appearance, apply
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import ChoiceChips, Field, SectionCard, Text


class NotKept(KnownError):
    """The preferences cannot be written."""

    default_message = N_(
        "Die Einstellung gilt jetzt, ließ sich aber nicht speichern. "
        "Bitte prüfen Sie, ob im Benutzerordner Platz ist und geschrieben werden darf."
    )


_SCALES = (100, 110, 125, 150, 175, 200)


class AppearanceSection(Section):
    """Every choice is stored at once. Colours take effect at once, language and text size with the next start."""

    def __init__(
        self,
        jobs: Jobs,
        messages: Messages,
        load: Callable[[], Preferences] = load_preferences,
        store: Callable[[Preferences], None] = save_preferences,
    ) -> None:
        super().__init__(jobs, messages)
        self._load, self._store = load, store
        self._known = Preferences()
        self._started_with: Preferences | None = None
        self.scheme = Field(
            _("Farben"),
            ChoiceChips([("system", _("wie das System")), ("light", _("hell")), ("dark", _("dunkel"))], required=True),
            help=_("Wirkt sofort."),
        )
        self.scale = Field(
            _("Schriftgröße"),
            ChoiceChips([(str(scale), f"{scale} %") for scale in _SCALES], required=True),
            help=_("Wirkt nach dem nächsten Sperren und Entsperren. Sie gilt zusätzlich zur Einstellung des Systems."),
        )
        # The names of languages stay in their own language, so that everybody finds the way back.
        self.language = Field(
            _("Sprache des Programms"),
            ChoiceChips([("de", "Deutsch"), ("en", "English")], required=True),
            help=_("Wirkt nach dem nächsten Sperren und Entsperren. Ausdrucke richten sich nicht danach."),
        )
        self.later = Text("", "strong", wrap=True)
        card = SectionCard(_("Darstellung"), note=_("gilt auf diesem Laptop, auch vor dem Entsperren"))
        for field in (self.scheme, self.scale, self.language):
            field.editor.chosen.connect(lambda _value: self.save())
            card.add(field)
        card.add(self.later)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def load(self) -> None:
        self.jobs.read(self._load, self._show, owner=self)

    def _show(self, known: Preferences) -> None:
        self._known = known
        if self._started_with is None:
            self._started_with = known
        self.scheme.editor.set_value(known.appearance)
        self.scale.editor.set_value(str(min(_SCALES, key=lambda scale: abs(scale - known.text_scale * 100))))
        self.language.editor.set_value(known.language)
        self._tell_what_waits()

    def save(self) -> None:
        scheme, scale = self.scheme.editor.values(), self.scale.editor.values()
        language = self.language.editor.values()
        if not (scheme and scale and language):
            return
        wanted = replace(self._known, appearance=scheme[0], text_scale=int(scale[0]) / 100, language=language[0])
        if wanted == self._known:
            return
        if wanted.appearance != self._known.appearance:
            application = QApplication.instance()
            if isinstance(application, QApplication):
                apply(application, replace(appearance(), scheme=Scheme(wanted.appearance)))
        self._known = wanted
        self._tell_what_waits()
        self.jobs.write(lambda: self._keep(wanted), owner=self)

    def _keep(self, wanted: Preferences) -> None:
        try:
            self._store(wanted)
        except OSError:
            raise NotKept() from None

    def _tell_what_waits(self) -> None:
        before = self._started_with
        waits = before is not None and (
            (before.language, before.text_scale) != (self._known.language, self._known.text_scale)
        )
        text = _("Gilt ab dem nächsten Entsperren: Sperren Sie mit Strg+L und entsperren Sie wieder.")
        self.later.setText(text if waits else "")
        self.later.setVisible(waits)
