"""The status history of the person in front: status, its end, and whose law pays the living."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from kimdesk.domain.network import ResidencePeriod
from kimdesk.domain.views import CaseFile
from kimdesk.domain.vocabulary import LegalDomain, ResidenceStatus, label
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Values
from kimdesk.ui.case_file.listed import Kind, Listed, Shown, typed
from kimdesk.ui.case_file.words import options
from kimdesk.ui.design import Icon
from kimdesk.ui.widgets import ChoiceField, DateField, Field, TextField

_FIELDS = ("residence_status", "valid_from", "residence_expires_on", "legal_domain", "note")
BENEFITS = (
    LegalDomain.ASYLBLG,
    LegalDomain.SGB_II,
    LegalDomain.SGB_III,
    LegalDomain.SGB_XII,
    LegalDomain.SGB_VIII,
    LegalDomain.BAFOEG,
    LegalDomain.FREE,
)
"""The legal domains that can pay a person's living."""


def status_history(desk: CaseDesk, person_id: Callable[[], UUID | None]) -> Listed[ResidencePeriod]:
    """Return list and form of the history of the person that `person_id` names."""

    def of_person(file: CaseFile) -> list[ResidencePeriod]:
        wanted = person_id()
        return [one for one in reversed(file.work.residence_periods) if one.person_id == wanted]

    def build(values: Values, known: ResidencePeriod | None) -> ResidencePeriod:
        chosen = typed(values, _FIELDS)
        if known:
            return replace(known, **chosen)
        wanted = person_id()
        if wanted is None:
            raise RuntimeError("no person is in front")
        return ResidencePeriod(person_id=wanted, **chosen)

    def show(period: ResidencePeriod) -> Shown:
        since = (
            _("seit {day}").format(day=short_date(period.valid_from)) if period.valid_from else _("Beginn unbekannt")
        )
        until = period.residence_expires_on
        ends = _("gültig bis {day}").format(day=short_date(until)) if until else ""
        paid = _("Leistungen: {domain}").format(domain=_(label(period.legal_domain))) if period.legal_domain else ""
        return Shown(
            title=_(label(period.residence_status)) if period.residence_status else _("Status ohne Angabe"),
            lines=[(" · ".join(part for part in (since, ends) if part), None), (paid, None), (period.note, None)],
        )

    listed = Listed(
        desk,
        Kind[ResidencePeriod](
            name="residence_period",
            heading=_("Statusverlauf"),
            new=_("Änderung eintragen"),
            edit=_("Eintrag im Statusverlauf ändern"),
            said=_("Der Statusverlauf ist gespeichert."),
            save=_("Statusverlauf speichern"),
            fields=_FIELDS,
            records=of_person,
            blank=lambda: {
                **dict.fromkeys(_FIELDS, None),
                "valid_from": desk.today(),
                "note": "",
            },
            build=build,
            store=lambda period: desk.cases.save_residence_period(desk.case.id, period),
            show=show,
            empty=(
                Icon.DOCUMENT,
                _("Noch kein Status eingetragen"),
                _("Ein Wechsel von Status oder Rechtskreis ist ein Anlass für ein Re-Assessment."),
            ),
            remove=lambda period: desk.cases.delete_residence_period(desk.case.id, period.id),
            removed=_("Der Eintrag ist gelöscht."),
        ),
    )
    form, grid, today = listed.form, listed.grid, desk.today
    status = ChoiceField(options(ResidenceStatus), empty=_("ohne Angabe"))
    grid.add(form.add("residence_status", Field(_("Aufenthaltsstatus"), status)), span=2)
    grid.add(
        form.add("valid_from", Field(_("Gilt seit"), DateField(today=today), help=_("Leer: Beginn unbekannt."))),
        form.add("residence_expires_on", Field(_("Gültig bis"), DateField(today=today))),
        form.add("legal_domain", Field(_("Leistungen nach"), ChoiceField(options(BENEFITS), empty=_("ohne Angabe")))),
        form.add("note", Field(_("Notiz"), TextField())),
    )
    return listed
