"""The profile of the own district: communes, authorities, words, indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kimdesk.i18n import _, ngettext
from kimdesk.services.districts import DistrictProfile, district_ids, load_district
from kimdesk.services.settings import SettingsService
from kimdesk.ui.design import Icon, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.settings.section import Section
from kimdesk.ui.widgets import Button, ChoiceField, Field, SectionCard, Text, clear, column


@dataclass(frozen=True)
class _Read:
    chosen: DistrictProfile
    subregion: str | None
    all: tuple[DistrictProfile, ...]


class DistrictSection(Section):
    """Choosing shows what a profile brings; "Übernehmen" makes it the vault's."""

    def __init__(self, settings: SettingsService, jobs: Jobs, messages: Messages) -> None:
        super().__init__(jobs, messages)
        self._settings = settings
        self._profiles: dict[str, DistrictProfile] = {}
        self._stored = ""
        self.choice = Field(_("Kreis"), ChoiceField(empty=None))
        self.choice.editor.changed.connect(self._show_profile)
        self.choice.editor.changed.connect(self.draft_changed)
        self._wanted = ""
        self.take = Button(_("Übernehmen"), "primary", symbol=Icon.CHECK, on_click=self.save)
        self._facts = column(space=Space.XS)
        card = SectionCard(_("Profil des Kreises"), actions=(self.take,))
        explained = _(
            "Das Profil bestimmt, welche Kommunen und Behörden zur Wahl stehen, wie Dinge heißen, welche Fristen für "
            "Akten gelten und welche Kennzahlen es gibt. Bestehende Fälle ändern sich dadurch nicht."
        )
        card.add(Text(explained, "muted", wrap=True))
        card.add(self.choice)
        card.add(self._facts)
        self.region = Field(
            _("Teilregion, in der Sie arbeiten"),
            ChoiceField(empty=_("ganzer Kreis")),
            help=_(
                "Sie steht in den Meldungen an die koordinierende Stelle, damit diese nach Teilregionen zählen kann."
            ),
        )
        self.region.editor.changed.connect(self._region_chosen)
        self._region_card = SectionCard(_("Teilregion"), content=self.region)
        self.body.addWidget(card)
        self.body.addWidget(self._region_card)
        self.body.addStretch(1)

    def load(self) -> None:
        def read() -> _Read:
            return _Read(
                self._settings.profile(),
                self._settings.subregion(),
                tuple(load_district(name) for name in district_ids()),
            )

        self.jobs.read(read, self._show, owner=self)

    def _show(self, view: _Read) -> None:
        self._stored = view.chosen.id
        self._profiles = {profile.id: profile for profile in view.all}
        self.choice.editor.set_options([(profile.id, profile.name) for profile in view.all])
        wanted = self._wanted if self._wanted in self._profiles else view.chosen.id
        self._wanted = ""
        self.choice.editor.set_value(wanted)
        self.region.editor.blockSignals(True)
        self.region.editor.set_options([(name, name) for name in view.chosen.subregions])
        self.region.editor.set_value(view.subregion)
        self.region.editor.blockSignals(False)
        self._region_card.setVisible(bool(view.chosen.subregions))
        self._show_profile()

    def _region_chosen(self) -> None:
        name = self.region.editor.value()
        self.jobs.write(
            lambda: self._settings.choose_subregion(name),
            lambda _written: self.messages.good(_("Die Teilregion ist übernommen.")),
            owner=self,
        )

    def _show_profile(self) -> None:
        profile = self._profiles.get(self.choice.editor.value() or "")
        clear(self._facts)
        self.take.setEnabled(profile is not None and profile.id != self._stored)
        if profile is None:
            return
        count = len(profile.communes)
        communes = ", ".join(sorted(commune.name for commune in profile.communes))
        facts = [
            (ngettext("{n} Kommune", "{n} Kommunen", count).format(n=count), communes),
            (_("Behörden"), ", ".join(authority.name for authority in profile.authorities) or _("keine genannt")),
            (
                _("Wörter"),
                ", ".join(
                    (
                        profile.words.case_management,
                        profile.words.case_manager,
                        profile.words.coordinating_office,
                        profile.words.integration_agreement,
                    )
                ),
            ),
            (
                _("Aufbewahrung"),
                _("{years} nach dem Abschluss, Einmalberatungen {one_off}").format(
                    years=_years(profile.retention.years), one_off=_years(profile.retention.years_one_off)
                ),
            ),
        ]
        for name, text in facts:
            self._facts.addWidget(Text(name, "label"))
            self._facts.addWidget(Text(text, wrap=True, selectable=True))
            self._facts.addSpacing(Space.XS)

    def draft(self) -> Mapping[str, object] | None:
        chosen = self._wanted or self.choice.editor.value()
        return {"chosen": chosen} if chosen and self._stored != chosen and (self._stored or self._wanted) else None

    def restore(self, draft: Mapping[str, Any]) -> None:
        self._wanted = str(draft.get("chosen", ""))

    def save(self) -> None:
        chosen = self.choice.editor.value()
        if chosen is None or chosen == self._stored:
            return
        before = self._stored
        self.jobs.write(
            lambda: self._settings.choose_profile(chosen),
            lambda _written: self.messages.good(
                _("Der Kreis ist übernommen: {name}.").format(name=self._profiles[chosen].name),
                undo=lambda: self.jobs.write(lambda: self._settings.choose_profile(before), owner=self),
            ),
            owner=self,
        )


def _years(number: int) -> str:
    return ngettext("{n} Jahr", "{n} Jahre", number).format(n=number)
