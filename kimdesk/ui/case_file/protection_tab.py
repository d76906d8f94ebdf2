"""Kinderschutz: the path of § 8a SGB VIII with its own notes, and how the family may be reached safely."""

from __future__ import annotations

from dataclasses import replace

from kimdesk.domain.network import ChildProtectionNote
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import ChildProtectionStep
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Values
from kimdesk.ui.case_file.listed import Kind, Listed, ListedTab, Shown, typed
from kimdesk.ui.case_file.words import due_words, options
from kimdesk.ui.design import Icon, Meaning
from kimdesk.ui.widgets import Banner, ChoiceField, DateField, Field, TextArea, TextField

_FIELDS = ("step", "noted_on", "text", "involved", "decision", "next_on")


class ProtectionTab(ListedTab):
    """The notes at the left, one of them in the form at the right."""

    def __init__(self, desk: CaseDesk) -> None:
        self.desk = desk
        self.notes = self._notes()
        self.hint = Banner(
            _(
                "Bei gewichtigen Anhaltspunkten: Gefährdung mit einer insoweit erfahrenen Fachkraft einschätzen, "
                "mit Kind und Eltern sprechen, soweit das den Schutz nicht gefährdet, auf Hilfen hinwirken. "
                "Reicht das nicht, das Jugendamt informieren (§ 8a SGB VIII, § 4 KKG). Bei akuter Gefahr sofort."
            ),
            Meaning.ATTENTION,
            title=_("Weg bei Kindeswohlgefährdung"),
        )
        super().__init__(desk, self.notes, above=(self.hint,))

    def _notes(self) -> Listed[ChildProtectionNote]:
        desk = self.desk

        def build(values: Values, known: ChildProtectionNote | None) -> ChildProtectionNote:
            chosen = typed(values, _FIELDS)
            return replace(known, **chosen) if known else ChildProtectionNote(case_id=desk.case.id, **chosen)

        def show(note: ChildProtectionNote) -> Shown:
            when, meaning = due_words(note.next_on, desk.today())
            return Shown(
                title=_(label(note.step)),
                lines=[
                    (short_date(note.noted_on), None),
                    (note.text, None),
                    (_("Beteiligt: {names}").format(names=note.involved) if note.involved else "", None),
                    (_("Entscheidung: {text}").format(text=note.decision) if note.decision else "", None),
                    (_("Nächster Schritt: {step}").format(step=when) if when else "", meaning),
                ],
                badges=[(_("vertraulich gegenüber der Familie"), None)],
            )

        listed = Listed(
            desk,
            Kind[ChildProtectionNote](
                name="child_protection",
                heading=_("Vermerke zum Kinderschutz"),
                new=_("Vermerk hinzufügen"),
                edit=_("Vermerk ändern"),
                said=_("Der Vermerk ist gespeichert."),
                save=_("Vermerk speichern"),
                fields=_FIELDS,
                records=lambda file: file.work.child_protection_notes,
                blank=lambda: {
                    **dict.fromkeys(_FIELDS, ""),
                    "step": ChildProtectionStep.SIGNS,
                    "noted_on": desk.today(),
                    "next_on": None,
                },
                build=build,
                store=desk.cases.save_child_protection_note,
                show=show,
                empty=(
                    Icon.SHIELD,
                    _("Kein Vermerk"),
                    _("Nur wenn es Anhaltspunkte gibt. Diese Vermerke stehen getrennt vom übrigen Verlauf."),
                ),
            ),
        )
        form, grid, today = listed.form, listed.grid, desk.today
        grid.add(
            form.add("step", Field(_("Schritt"), ChoiceField(options(ChildProtectionStep), empty=None))),
            form.add("noted_on", Field(_("Datum"), DateField(today=today), required=True)),
        )
        seen = TextArea(_("Was wurde gesehen oder gehört, von wem? Beobachtung und Deutung trennen."), lines=5)
        grid.add(form.add("text", Field(_("Vermerk"), seen, required=True)), span=2)
        grid.add(
            form.add("involved", Field(_("Wer war beteiligt?"), TextField())),
            form.add("next_on", Field(_("Nächster Schritt am"), DateField(today=today))),
        )
        grid.add(form.add("decision", Field(_("Entscheidung und Begründung"), TextArea(lines=2))), span=2)
        return listed
