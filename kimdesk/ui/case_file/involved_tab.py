"""Beteiligte: who else helps in the case, with the division of labour, and the interpreters booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kimdesk.domain.network import Helper, InterpreterBooking
from kimdesk.domain.network_checks import needs_division_note
from kimdesk.domain.vocabulary import LegalDomain, label
from kimdesk.domain.work_vocabulary import HelperRole, InterpreterState
from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.i18n import _, ngettext
from kimdesk.i18n.formats import moment, short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Values
from kimdesk.ui.case_file.listed import Kind, Listed, ListedTab, Shown, typed
from kimdesk.ui.case_file.time_field import TimeField
from kimdesk.ui.case_file.words import language_entry, language_name, options
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import CheckField, ChoiceField, DateField, Field, NumberField, Text, TextArea, TextField

_HELPER = (
    "name",
    "role",
    "legal_domain",
    "contact_person",
    "phone",
    "email",
    "since",
    "until",
    "leads",
    "division_of_labour",
    "note",
)
_BOOKING = ("language", "name", "service", "occasion", "state", "minutes", "note")
_STATE_MEANING: dict[InterpreterState, Meaning | None] = {
    InterpreterState.BOOKED: Meaning.INFO,
    InterpreterState.CAME: Meaning.GOOD,
    InterpreterState.NO_SHOW: Meaning.ATTENTION,
    InterpreterState.CANCELLED: None,
}


class InvolvedTab(ListedTab):
    """Helpers and interpreters."""

    def __init__(self, desk: CaseDesk) -> None:
        self.desk = desk
        self.helpers, self.bookings = _helpers(desk), _bookings(desk)
        self.hours = Text("", "meta", wrap=True)
        self.bookings.listing.add(self.hours)
        super().__init__(desk, self.helpers, self.bookings)

    def show_file(self) -> None:
        super().show_file()
        came = [one for one in self.desk.the_file.work.interpreter_bookings if one.state is InterpreterState.CAME]
        minutes = sum(one.minutes or 0 for one in came)
        self.hours.setVisible(bool(came))
        self.hours.setText(
            ngettext(
                "{n} Einsatz, zusammen {hours} Stunden", "{n} Einsätze, zusammen {hours} Stunden", len(came)
            ).format(n=len(came), hours=f"{minutes / 60:.1f}".replace(".", ","))
        )


def _helpers(desk: CaseDesk) -> Listed[Helper]:
    def build(values: Values, known: Helper | None) -> Helper:
        chosen = typed(values, _HELPER)
        return replace(known, **chosen) if known else Helper(case_id=desk.case.id, **chosen)

    def show(helper: Helper) -> Shown:
        since = _("seit {day}").format(day=short_date(helper.since)) if helper.since else ""
        until = _("bis {when}").format(when=short_date(helper.until)) if helper.until else ""
        reach = " · ".join(part for part in (helper.contact_person, helper.phone, helper.email) if part)
        missing = needs_division_note(helper) and not helper.division_of_labour and helper.until is None
        return Shown(
            title=helper.name,
            lines=[
                (" · ".join(part for part in (_(label(helper.role)), since, until) if part), None),
                (reach, None),
                (_("Arbeitsteilung: {text}").format(text=helper.division_of_labour), None)
                if helper.division_of_labour
                else (_("Absprache zur Arbeitsteilung fehlt (Doppelförderung)") if missing else "", Meaning.ATTENTION),
            ],
            badges=[(_("federführend"), Meaning.INFO)] if helper.leads else [],
        )

    listed = Listed(
        desk,
        Kind[Helper](
            name="helper",
            heading=_("Beteiligte Stellen"),
            new=_("Stelle hinzufügen"),
            edit=_("Beteiligte Stelle ändern"),
            said=_("Die beteiligte Stelle ist gespeichert."),
            save=_("Stelle speichern"),
            fields=_HELPER,
            records=lambda file: file.work.helpers,
            blank=lambda: {
                **dict.fromkeys(_HELPER, ""),
                "role": HelperRole.COUNSELLING,
                "legal_domain": None,
                "since": desk.today(),
                "until": None,
                "leads": False,
            },
            build=build,
            store=desk.cases.save_helper,
            show=show,
            empty=(
                Icon.PROVIDER,
                _("Noch keine Stelle eingetragen"),
                _("Wer hilft schon? Eine Absprache über die Arbeitsteilung vermeidet Doppelförderung."),
            ),
            remove=lambda helper: desk.cases.delete_helper(helper.id),
            removed=_("Die beteiligte Stelle ist gelöscht."),
        ),
    )
    form, grid, today = listed.form, listed.grid, desk.today
    grid.add(
        form.add("name", Field(_("Stelle oder Person"), TextField(), required=True)),
        form.add("role", Field(_("Was sie tut"), ChoiceField(options(HelperRole), empty=None))),
        form.add("legal_domain", Field(_("Rechtskreis"), ChoiceField(options(LegalDomain), empty=_("ohne Angabe")))),
        form.add("contact_person", Field(_("Ansprechperson"), TextField())),
        form.add("phone", Field(_("Telefon"), TextField())),
        form.add("email", Field(_("E-Mail"), TextField())),
        form.add("since", Field(_("Dabei seit"), DateField(today=today))),
        form.add("until", Field(_("Dabei bis"), DateField(today=today))),
    )
    grid.add(form.add("leads", Field("", CheckField(_("Diese Stelle führt den Fall federführend")))), span=2)
    grid.add(
        form.add(
            "division_of_labour",
            Field(
                _("Wer macht was?"),
                TextArea(lines=2),
                help=_(
                    "Nötig neben MBE, JMD, Flüchtlingsberatung und eigenem Fallmanagement von SGB II, III und VIII."
                ),
            ),
        ),
        form.add("note", Field(_("Notiz"), TextArea(lines=2))),
        span=2,
    )
    return listed


def _bookings(desk: CaseDesk) -> Listed[InterpreterBooking]:
    def build(values: Values, known: InterpreterBooking | None) -> InterpreterBooking:
        chosen = typed(values, _BOOKING)
        chosen["language"] = language_entry(values["language"])
        at = datetime.combine(values["day"], values["time"] or datetime.min.time(), OFFICE_ZONE)
        if known:
            return replace(known, at=at, **chosen)
        return InterpreterBooking(case_id=desk.case.id, at=at, **chosen)

    def values_of(booking: InterpreterBooking) -> Values:
        local = booking.at.astimezone(OFFICE_ZONE)
        return {
            **{name: getattr(booking, name) for name in _BOOKING},
            "language": language_name(booking.language),
            "day": local.date(),
            "time": local.time(),
        }

    def blank() -> Values:
        case = desk.case
        return {
            **dict.fromkeys(_BOOKING, ""),
            "day": desk.today(),
            "time": None,
            "language": language_name(case.language) if case.language else "",
            "name": case.interpreter,
            "state": InterpreterState.BOOKED,
            "minutes": None,
        }

    def show(booking: InterpreterBooking) -> Shown:
        minutes = booking.minutes
        length = ngettext("{n} Minute", "{n} Minuten", minutes).format(n=minutes) if minutes else ""
        who = " · ".join(part for part in (language_name(booking.language), booking.name, booking.service) if part)
        return Shown(
            title=moment(booking.at),
            lines=[(who, None), (booking.occasion, None), (length, None), (booking.note, None)],
            badges=[(_(label(booking.state)), _STATE_MEANING[booking.state])],
        )

    listed = Listed(
        desk,
        Kind[InterpreterBooking](
            name="interpreter",
            heading=_("Sprachmittlung"),
            new=_("Sprachmittlung bestellen"),
            edit=_("Sprachmittlung ändern"),
            said=_("Die Sprachmittlung ist gespeichert."),
            save=_("Sprachmittlung speichern"),
            fields=("day", "time", *_BOOKING),
            records=lambda file: file.work.interpreter_bookings,
            blank=blank,
            build=build,
            store=desk.cases.save_interpreter_booking,
            show=show,
            empty=(
                Icon.LANGUAGE,
                _("Noch keine Sprachmittlung"),
                _("Halten Sie fest, wen Sie bestellt haben, wer kam und wie lange es dauerte."),
            ),
            values=values_of,
            remove=lambda booking: desk.cases.delete_interpreter_booking(booking.id),
            removed=_("Die Sprachmittlung ist gelöscht."),
            errors_at={"at": "day"},
        ),
    )
    form, grid = listed.form, listed.grid
    grid.add(
        form.add("day", Field(_("Datum"), DateField(today=desk.today), required=True)),
        form.add("time", Field(_("Uhrzeit"), TimeField())),
        form.add("language", Field(_("Sprache"), TextField(), required=True)),
        form.add("name", Field(_("Wer übersetzt"), TextField())),
        form.add("service", Field(_("Pool oder Dienst"), TextField())),
        form.add("occasion", Field(_("Anlass"), TextField())),
        form.add("state", Field(_("Stand"), ChoiceField(options(InterpreterState), empty=None))),
        form.add("minutes", Field(_("Dauer in Minuten"), NumberField(largest=1440))),
    )
    grid.add(form.add("note", Field(_("Notiz"), TextArea(lines=2))), span=2)
    return listed
