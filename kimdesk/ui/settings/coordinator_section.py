"""Joining the coordinating office: read its invitation, compare by telephone, join."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import moment
from kimdesk.services.changes import Written
from kimdesk.services.districts import district_ids, load_district
from kimdesk.services.pushes import InvitationView, NetworkChoice, PushService, PushStatus, problem_of
from kimdesk.services.settings import SettingsService
from kimdesk.ui.courier import Courier
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.figures.words import push_line
from kimdesk.ui.files import read_chosen
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.network_card import NetworkCard
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import (
    Badge,
    Button,
    CheckField,
    Field,
    FlowLayout,
    Panel,
    ProgressNote,
    SectionCard,
    Text,
    TextArea,
    announce,
    column,
    row,
)

_LARGEST_INVITATION = 65_536


@dataclass(frozen=True)
class _Read:
    status: PushStatus
    district: str
    network: NetworkChoice


class CoordinatorSection(Section):
    """`choose_file` asks for the invitation, `choose_folder` for the stick of an office without a server."""

    areas = frozenset({"settings", "releases"})

    def __init__(
        self,
        pushes: PushService,
        settings: SettingsService,
        jobs: Jobs,
        messages: Messages,
        clock: Clock,
        choose_file: Callable[[QWidget, str, str], Path | None],
        choose_folder: Callable[[QWidget, str], Path | None],
    ) -> None:
        super().__init__(jobs, messages)
        self._pushes, self._settings, self._clock = pushes, settings, clock
        self._choose_file, self._choose_folder = choose_file, choose_folder
        self._invitation: bytes | None = None
        self._status: PushStatus | None = None
        self._district = ""
        self.courier = Courier(jobs, messages, self)
        self.body.addWidget(self._status_card())
        self.body.addWidget(self._paste_card())
        self.body.addWidget(self._invitation_card())
        self.network = NetworkCard(pushes, jobs, messages, self.load)
        self.body.addWidget(self.network)
        self.body.addStretch(1)

    def _status_card(self) -> SectionCard:
        self.state = Badge("")
        self.line = Text("", wrap=True)
        self.fingerprint = Text("", "muted", wrap=True, selectable=True)
        self.problem = Text("", "meta", wrap=True, meaning=Meaning.ATTENTION)
        self.again_button = Button(_("Erneut verbinden"), symbol=Icon.REFRESH, on_click=lambda: self._join(None, None))
        self.fetch_button = Button(_("Bestätigung vom USB-Stick holen …"), "quiet", on_click=self._fetch)
        self.read_button = Button(_("Einladung einlesen …"), "primary", symbol=Icon.IMPORT, on_click=self.read)
        self.paste_button = Button(_("Einladung einfügen …"), on_click=self._open_paste)
        self.renew_button = Button(_("Neue Einladung einlesen …"), "quiet", symbol=Icon.IMPORT, on_click=self.read)
        self.result = Text("", "strong", wrap=True)
        self.result.hide()
        self.progress = ProgressNote(on_cancel=self._cancel)
        card = SectionCard(_("Koordinierende Stelle"), actions=(self.state,))
        for text in (self.line, self.fingerprint, self.problem, self.result):
            card.add(text)
        card.add(self.progress)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.read_button, self.paste_button, self.again_button, self.fetch_button, self.renew_button):
            flow.addWidget(button)
        card.add(buttons)
        return card

    def _paste_card(self) -> SectionCard:
        self.pasted = Field(
            _("Text der Einladung"),
            TextArea(lines=4),
            help=_(
                "Er beginnt mit „KIM-EINLADUNG“ und steht auf dem Blatt der Stelle; ein Handscanner tippt ihn aus dem "
                "QR-Code hierher. Zeilenumbrüche und Leerzeichen stören nicht."
            ),
        )
        self.take_button = Button(_("Einladung prüfen"), "primary", on_click=self._take_pasted)
        close = Button(_("Abbrechen"), "quiet", on_click=self._close_paste)
        self.paste_card = SectionCard(_("Einladung einfügen"))
        self.paste_card.add(self.pasted)
        self.paste_card.add(row(close, None, self.take_button))
        self.paste_card.hide()
        return self.paste_card

    def _invitation_card(self) -> SectionCard:
        self.office = Text("", "section", wrap=True)
        self.details = Text("", "muted", wrap=True)
        self.offered_fingerprint = Text("", "title", selectable=True)
        self.warning = Text("", "strong", wrap=True, meaning=Meaning.ATTENTION)
        self.compared = CheckField(_("Ich habe den Fingerabdruck am Telefon verglichen; er stimmt überein."))
        self.join_button = Button(
            _("Verbinden"), "primary", symbol=Icon.LINK, on_click=lambda: self._join(self._invitation, None)
        )
        self.join_folder_button = Button(_("Über USB-Stick verbinden …"), on_click=self._join_by_folder)
        self.discard_button = Button(_("Verwerfen"), "quiet", on_click=self._discard)
        self.compared.changed.connect(self._show_buttons)
        explained = _(
            "Rufen Sie die Stelle unter einer Nummer an, die Sie schon kennen (nicht unter der aus der E-Mail), und "
            "lassen Sie sich den Fingerabdruck vorlesen. Nur wenn alle Zeichen übereinstimmen, ist die Einladung echt."
        )
        self.card = SectionCard(_("Einladung"))
        self.card.add(column(self.office, self.details, space=Space.XS))
        self.card.add(Panel("well", column(Text(_("Fingerabdruck"), "meta"), self.offered_fingerprint, margin=Space.M)))
        self.card.add(Text(explained, wrap=True))
        self.card.add(self.warning)
        self.card.add(self.compared)
        self.card.add(row(self.discard_button, None, self.join_folder_button, self.join_button))
        self.card.hide()
        return self.card

    def load(self) -> None:
        def read() -> _Read:
            return _Read(self._pushes.status(), self._settings.profile().id, self._pushes.network())

        self.jobs.read(read, self._show, owner=self, latest="coordinator")

    def _show(self, view: _Read) -> None:
        status = self._status = view.status
        self._district = view.district
        self.network.show_choice(view.network)
        if status.confirmed:
            word, meaning = _("verbunden"), Meaning.GOOD
        elif status.enrolled:
            word, meaning = _("Antwort unterwegs"), Meaning.ATTENTION
        else:
            word, meaning = _("nicht verbunden"), Meaning.INFO
        self.state.setText(word)
        self.state.set_meaning(meaning)
        if status.confirmed:
            self.line.setText(push_line(status, self._clock.today()))
        elif status.enrolled:
            self.line.setText(
                _(
                    "{office} hat noch nicht bestätigt, dass dieser Laptop dazugehört. Verbinden Sie erneut, oder "
                    "holen Sie die Bestätigung vom USB-Stick, wenn er von dort zurück ist."
                ).format(office=status.office)
            )
        else:
            self.line.setText(
                _(
                    "Dieser Laptop ist mit keiner koordinierenden Stelle verbunden; es verlässt ihn nichts. Um "
                    "anonymisierte Meldungen zu senden, lesen Sie die Einladung ein, die Sie von dort bekommen haben."
                )
            )
        self.fingerprint.setText(_("Fingerabdruck: {digits}").format(digits=status.fingerprint))
        self.fingerprint.setVisible(status.enrolled)
        self.problem.setText(render_error(problem_of(status.problem)) if status.problem else "")
        self.problem.setVisible(bool(status.problem))
        self._show_buttons()

    def _show_buttons(self) -> None:
        status, idle = self._status, self.courier.is_idle()
        waits = status is not None and status.enrolled and not status.confirmed
        self.again_button.setVisible(waits)
        self.fetch_button.setVisible(waits)
        may_read = status is not None and self._invitation is None
        self.read_button.setVisible(may_read and status is not None and not status.confirmed)
        self.renew_button.setVisible(may_read and status is not None and status.confirmed)
        self.paste_button.setVisible(may_read and not self.paste_card.isVisibleTo(self))
        for button in (
            self.again_button,
            self.fetch_button,
            self.read_button,
            self.renew_button,
            self.paste_button,
            self.discard_button,
        ):
            button.setEnabled(idle)
        for button in (self.join_button, self.join_folder_button):
            button.setEnabled(idle and self.compared.value())

    # The invitation

    def read(self) -> None:
        """Ask for an invitation and show what it says; nothing is joined yet."""
        path = self._choose_file(self, _("Einladung wählen"), _("Einladungen (*.json *.kimdesk);;Alle Dateien (*)"))
        if path is None:
            return
        try:
            data = read_chosen(path, _LARGEST_INVITATION)
        except KnownError as error:
            self._say(render_error(error), Meaning.DANGER)
            return
        self._look_at(data)

    def _open_paste(self) -> None:
        self.pasted.editor.set_value("")
        self.paste_card.show()
        self._show_buttons()
        self.pasted.editor.setFocus()

    def _close_paste(self) -> None:
        self.pasted.editor.set_value("")
        self.paste_card.hide()
        self._show_buttons()

    def _take_pasted(self) -> None:
        self._look_at(self.pasted.editor.value().encode("utf-8"))

    def _look_at(self, data: bytes) -> None:
        self.jobs.read(
            lambda: self._pushes.read_invitation(data),
            lambda view: self._show_invitation(data, view),
            lambda error: self._say(render_error(error), Meaning.DANGER),
            owner=self,
        )

    def _show_invitation(self, data: bytes, view: InvitationView) -> None:
        self.result.hide()
        self._close_paste()
        self._invitation = data
        self.office.setText(view.office)
        self.details.setText(
            _("Für: {laptop} · gültig bis {day} · {addresses}").format(
                laptop=view.laptop, day=moment(view.expires_at), addresses=", ".join(view.addresses)
            )
        )
        self.offered_fingerprint.setText(view.fingerprint)
        self.offered_fingerprint.setAccessibleName(_("Fingerabdruck {digits}").format(digits=view.fingerprint))
        warnings = []
        if view.is_expired:
            warnings.append(_("Die Einladung ist abgelaufen. Bitte lassen Sie sich eine neue geben."))
        if view.district != self._district:
            warnings.append(
                _(
                    "Die Einladung gilt für den Kreis „{theirs}“, eingestellt ist „{ours}“. Bitte prüfen Sie zuerst "
                    "das Profil unter „Kreis“."
                ).format(theirs=_district_name(view.district), ours=_district_name(self._district))
            )
        if view.replaces and self._status is not None and self._status.confirmed:
            warnings.append(
                _(
                    "Dieser Laptop ist an diesem Platz schon verbunden. Mit dieser Einladung bekommt er einen neuen "
                    "Schlüssel; was wartet, wird damit neu unterschrieben, nichts geht verloren."
                )
            )
        self.warning.setText(" ".join(warnings))
        self.warning.setVisible(bool(warnings))
        self.compared.set_value(False)
        self.card.show()
        self._show_buttons()
        self.compared.setFocus()

    def _discard(self) -> None:
        self._invitation = None
        self.card.hide()
        self._show_buttons()

    # Joining

    def _join_by_folder(self) -> None:
        folder = self._choose_folder(self, _("Ordner auf dem USB-Stick wählen"))
        if folder is not None:
            self._join(self._invitation, folder)

    def _fetch(self) -> None:
        folder = self._choose_folder(self, _("Ordner auf dem USB-Stick wählen"))
        if folder is not None:
            self._join(None, folder)

    def _join(self, invitation: bytes | None, folder: Path | None) -> None:
        self.result.hide()
        self.progress.start(_("Die Verbindung wird hergestellt …"))
        self.courier.go(
            lambda: self._pushes.prepare_joining(invitation, folder=folder),
            lambda joining: joining.carry(),
            lambda joining, confirmation: self._pushes.keep_joining(joining, confirmation),
            lambda written: self._joined(written, by_folder=folder is not None),
            lambda error: self._say(render_error(error), Meaning.ATTENTION),
            self._ended,
        )
        self._show_buttons()

    def _joined(self, written: Written[PushStatus], *, by_folder: bool) -> None:
        status = written.value
        self._invitation = None
        self.card.hide()
        if status.confirmed:
            self._say(_("Dieser Laptop ist jetzt mit {office} verbunden.").format(office=status.office), Meaning.GOOD)
        elif by_folder:
            self._say(
                _(
                    "Die Antwort liegt auf dem Datenträger. Bringen Sie ihn zu {office} und danach wieder hierher, um "
                    "die Bestätigung zu holen."
                ).format(office=status.office),
                Meaning.INFO,
            )

    def _cancel(self) -> None:
        self.courier.cancel()
        self._ended()

    def _ended(self) -> None:
        self.progress.stop()
        self._show_buttons()
        self.load()

    def _say(self, text: str, meaning: Meaning) -> None:
        self.result.setText(text)
        self.result.set_meaning(meaning)
        self.result.show()
        announce(self.result, text, urgent=meaning is Meaning.DANGER)


def _district_name(identifier: str) -> str:
    return load_district(identifier).name if identifier in district_ids() else identifier
