"""What the figures screen says about states, in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.i18n import _, ngettext, render_error
from kimdesk.i18n.formats import number
from kimdesk.reporting.disclosure import ExplainedTable, Reason
from kimdesk.reporting.release import TableState
from kimdesk.reporting.tables import ReleaseRules
from kimdesk.services.pushes import OutboxState, PushStatus, SendReport
from kimdesk.ui.design import Meaning


def figure(value: int | Decimal | None) -> str:
    """Return a figure as it is read, a dash for none."""
    return "–" if value is None else number(float(value))


def quarter_words(year: int, quarter: int) -> str:
    """Return "3. Quartal 2026"."""
    return _("{quarter}. Quartal {year}").format(quarter=quarter, year=year)


def days_ago(moment: datetime, today: date) -> str:
    """Return "heute", "gestern" or "vor 12 Tagen"."""
    days = (today - moment.astimezone(OFFICE_ZONE).date()).days
    if days <= 0:
        return _("heute")
    if days == 1:
        return _("gestern")
    return ngettext("vor {n} Tag", "vor {n} Tagen", days).format(n=days)


def push_line(status: PushStatus, today: date) -> str:
    """Return the line on where pushes stand: "3 Meldungen warten, letzter Kontakt vor 12 Tagen"."""
    if not status.enrolled:
        return _("Mit keiner koordinierenden Stelle verbunden.")
    if status.waiting:
        first = ngettext("{n} Meldung wartet", "{n} Meldungen warten", status.waiting).format(n=status.waiting)
    else:
        first = _("Nichts wartet")
    if status.last_contact_at is None:
        return _("{waiting}, noch kein Kontakt mit {office}.").format(waiting=first, office=status.office)
    return _("{waiting}, letzter Kontakt mit {office} {when}.").format(
        waiting=first, office=status.office, when=days_ago(status.last_contact_at, today)
    )


def state_word(state: OutboxState) -> tuple[str, Meaning | None]:
    """Return the word for where a release stands, and what it means."""
    match state:
        case OutboxState.WAITING:
            return _("wartet"), Meaning.ATTENTION
        case OutboxState.DEPOSITED:
            return _("auf dem Stick"), Meaning.ATTENTION
        case OutboxState.RECEIVED:
            return _("zugestellt"), Meaning.GOOD
        case OutboxState.HELD_BACK:
            return _("zurückgehalten"), Meaning.DANGER
    assert_never(state)


def report_words(report: SendReport, *, over_folder: bool) -> tuple[str, Meaning]:
    """Return what one sending came to, in words."""
    parts = []
    if report.received:
        count = len(report.received)
        parts.append(ngettext("{n} Meldung zugestellt.", "{n} Meldungen zugestellt.", count).format(n=count))
    if report.deposited:
        parts.append(
            ngettext(
                "{n} Meldung liegt auf dem Datenträger. Bringen Sie ihn zur koordinierenden Stelle und danach wieder "
                "hierher, damit die Quittung ankommt.",
                "{n} Meldungen liegen auf dem Datenträger. Bringen Sie ihn zur koordinierenden Stelle und danach "
                "wieder hierher, damit die Quittungen ankommen.",
                report.deposited,
            ).format(n=report.deposited)
        )
    if report.problem is not None:
        parts.append(render_error(report.problem))
        if report.waiting:
            waiting = ngettext("{n} Meldung wartet.", "{n} Meldungen warten.", report.waiting)
            parts.append(waiting.format(n=report.waiting))
        return " ".join(parts), Meaning.DANGER if report.held_back else Meaning.ATTENTION
    if not parts:
        return _("Es war nichts zu senden."), Meaning.INFO
    return " ".join(parts), Meaning.INFO if over_folder and report.deposited else Meaning.GOOD


def table_state_word(state: TableState) -> tuple[str, Meaning | None]:
    """Return the word for how a table's figures came about."""
    match state:
        case TableState.NEW:
            return _("neu berechnet"), None
        case TableState.REPEATED:
            return _("wiederholt"), Meaning.INFO
        case TableState.WITHHELD:
            return _("nur die Summe"), Meaning.ATTENTION
    assert_never(state)


def table_state_sentence(table: ExplainedTable, rules: ReleaseRules) -> str:
    """Return why this table goes out as it does."""
    match table.state:
        case TableState.NEW if table.changed_cases is None:
            return _("Diese Zahlen gehen in diesem Jahr zum ersten Mal hinaus.")
        case TableState.NEW:
            return ngettext(
                "Seit der letzten Meldung hat sich {n} Fall geändert; die Zahlen wurden neu berechnet.",
                "Seit der letzten Meldung haben sich {n} Fälle geändert; die Zahlen wurden neu berechnet.",
                table.changed_cases or 0,
            ).format(n=table.changed_cases)
        case TableState.REPEATED:
            return _(
                "Seit der letzten Meldung haben sich nur {changed} Fälle geändert, nötig sind {needed}. Damit aus dem "
                "Unterschied niemand erkennbar wird, gehen die letzten Zahlen noch einmal hinaus. Nichts geht "
                "verloren: Die Änderungen zählen weiter."
            ).format(changed=table.changed_cases, needed=rules.changed_cases)
        case TableState.WITHHELD:
            return _(
                "In diesem Jahr sind es weniger als {needed} Fälle. Einzelne Personen wären erkennbar, deshalb geht "
                "nur die Summe hinaus."
            ).format(needed=rules.cases_in_year)
    assert_never(table.state)


def reason_word(reason: Reason) -> str:
    """Return the reason in a word or two; `REASON_LABELS` has the sentence."""
    match reason:
        case Reason.PERTURBED:
            return _("verändert")
        case Reason.HIDDEN_SMALL_COUNT:
            return _("klein, ersetzt")
        case Reason.ZERO:
            return _("null bleibt")
        case Reason.REPEATED:
            return _("wiederholt")
        case Reason.WITHHELD:
            return _("nicht gemeldet")
    assert_never(reason)
