"""The own office as it stands on letterheads, with its logo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from kimdesk.domain.errors import RuleBroken
from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.settings import MAX_LOGO_BYTES, Office, SettingsService
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.files import read_chosen
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import (
    Button,
    Field,
    FlowLayout,
    Form,
    FormGrid,
    Panel,
    SectionCard,
    Text,
    TextArea,
    TextField,
    column,
    describe,
    row,
)

_LOGO_WIDTH, _LOGO_HEIGHT = 220, 84


class OfficeSection(Section):
    """`choose_file(parent, title, kinds)` asks for the logo. Nothing of it is stored before "Speichern"."""

    def __init__(
        self,
        settings: SettingsService,
        jobs: Jobs,
        messages: Messages,
        choose_file: Callable[[QWidget, str, str], Path | None],
    ) -> None:
        super().__init__(jobs, messages)
        self._settings, self._choose_file = settings, choose_file
        self._logo = b""
        self._stored = Office()
        self.form = Form(self)
        self.form.changed.connect(self.draft_changed)
        add = self.form.add
        grid = FormGrid(2)
        grid.add(
            add("name", Field(_("Dienststelle"), TextField(longest=120), help=_("Zum Beispiel: Stadt Lünen"))),
            add("unit", Field(_("Abteilung"), TextField(longest=120))),
            add("person", Field(_("Ansprechperson"), TextField(longest=120))),
            add("phone", Field(_("Telefon"), TextField(longest=60))),
            add("email", Field(_("E-Mail"), TextField(longest=120))),
            add("web", Field(_("Internet"), TextField(longest=120))),
            add("address", Field(_("Anschrift"), TextArea(lines=3))),
            add("opening_hours", Field(_("Öffnungszeiten"), TextArea(lines=3))),
        )
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedSize(_LOGO_WIDTH, _LOGO_HEIGHT)
        self.choose_button = Button(_("Logo wählen …"), symbol=Icon.IMPORT, on_click=self.choose_logo)
        self.remove_button = Button(_("Entfernen"), "quiet", on_click=self.remove_logo)
        self.logo_error = Text("", "error", wrap=True)
        self.logo_error.hide()
        hint = Text(_("PNG oder JPEG, höchstens 1 MB. Es erscheint oben auf jedem Ausdruck."), "help", wrap=True)
        side = QWidget()
        buttons = QWidget()
        flow = FlowLayout(buttons)
        flow.addWidget(self.choose_button)
        flow.addWidget(self.remove_button)
        side.setLayout(column(buttons, hint, self.logo_error, None))
        logo = row(Panel("well", row(self.picture, margin=Space.XS)), space=Space.M)
        logo.addWidget(side, 1)
        self.save_button = Button(_("Speichern"), "primary", symbol=Icon.SAVE, on_click=self.save)
        card = SectionCard(
            _("Briefkopf"), note=_("steht auf allem, was Sie drucken"), actions=(self.save_button,), content=grid
        )
        card.add(Text(_("Logo"), "label"))
        card.add(logo)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self._show_logo()

    def load(self) -> None:
        if not self.is_touched:
            self.jobs.read(self._settings.office, self._show, owner=self)

    @property
    def is_touched(self) -> bool:
        """Whether something was changed and not saved."""
        return self.form.is_touched or self._logo != self._stored.logo

    def _show(self, office: Office) -> None:
        if self.is_touched:
            return
        self._stored, self._logo = office, office.logo
        names = ("name", "unit", "person", "phone", "email", "web", "address", "opening_hours")
        self.form.set_values({name: getattr(office, name) for name in names})
        self._show_logo()

    def choose_logo(self) -> None:
        """Ask for a picture and show it."""
        path = self._choose_file(self, _("Logo wählen"), _("Bilder (*.png *.jpg *.jpeg)"))
        if path is None:
            return
        try:
            data = read_chosen(path, MAX_LOGO_BYTES)
        except KnownError as error:
            self._logo_problem(render_error(error))
            return
        if len(data) > MAX_LOGO_BYTES:
            self._logo_problem(_("Das Logo ist größer als 1 MB. Bitte wählen Sie ein kleineres Bild."))
        elif QPixmap.fromImage(_image(data)).isNull():
            self._logo_problem(_("Das Logo muss ein Bild im Format PNG oder JPEG sein."))
        else:
            self._logo = data
            self._show_logo()
            self.draft_changed.emit()

    def remove_logo(self) -> None:
        """Take the logo away; stored with "Speichern"."""
        self._logo = b""
        self._show_logo()
        self.draft_changed.emit()

    def _logo_problem(self, text: str) -> None:
        self.logo_error.setText(text)
        self.logo_error.setVisible(bool(text))

    def _show_logo(self) -> None:
        self._logo_problem("")
        self.remove_button.setVisible(bool(self._logo))
        if not self._logo:
            self.picture.clear()
            self.picture.setText(_("kein Logo"))
            describe(self.picture, _("kein Logo"))
            return
        picture = QPixmap.fromImage(_image(self._logo)).scaled(
            self.picture.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self.picture.setPixmap(picture)
        describe(self.picture, _("Logo der Dienststelle"))

    def save(self) -> None:
        if not self.form.check():
            return
        office = replace(Office(**self.form.values()), logo=self._logo)
        self.save_button.set_busy(True)
        self.jobs.write(
            lambda: self._settings.save_office(office),
            lambda _written: self._saved(office),
            self._refused,
            owner=self,
            always=lambda: self.save_button.set_busy(False),
        )

    def _saved(self, office: Office) -> None:
        self._stored = office
        self.form.set_saved()
        self.draft_changed.emit()
        self.messages.good(_("Der Briefkopf ist gespeichert."))

    def _refused(self, error: KnownError) -> None:
        if isinstance(error, RuleBroken) and error.field_name == "logo":
            self._logo_problem(render_error(error))
        elif not self.form.show_error(error):
            self.messages.show_error(error)

    def draft(self) -> Mapping[str, object] | None:
        return self.form.draft() if self.form.is_touched else None

    def restore(self, draft: Mapping[str, Any]) -> None:
        self.form.restore(draft)


def _image(data: bytes) -> QImage:
    return QImage.fromData(data)
