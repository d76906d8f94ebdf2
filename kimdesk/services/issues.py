"""Structural issues and offer gaps: recorded from a case, without personal data, on their way up the ladder.

`text_that_leaves` shows the exact text, `release_text` seals it for the coordinating office once the user has seen it
word for word; carrying it there is the sender's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from kimdesk.domain.checks import stripped
from kimdesk.domain.errors import RuleBroken
from kimdesk.domain.issue_bands import band_label, band_of
from kimdesk.domain.issues import IssueRelease, IssueStep, StructuralIssue
from kimdesk.domain.named_persons import find_persons
from kimdesk.domain.vocabulary import label
from kimdesk.domain.work_vocabulary import IssueState, Rung
from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_
from kimdesk.i18n import _
from kimdesk.i18n.formats import short_date
from kimdesk.services.case_base import RecordGone
from kimdesk.services.changes import Written
from kimdesk.services.harmless_words import harmless_words
from kimdesk.services.pushes import OutboxState, PushService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import issues as store
from kimdesk.storage import releases as outbox
from kimdesk.storage.audit import AuditAction, AuditEntry
from kimdesk.storage.cases import case_of
from kimdesk.storage.vault.vault import Vault
from kimdesk.sync.issue import IssueText, read_issue, seal_issue

ISSUES: Final = frozenset({"issues", "cases", "follow_ups"})
LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 4000
_DECIDED: Final = frozenset({IssueState.SOLVED, IssueState.REJECTED})


class IssueService:
    """Everything screens do with structural issues."""

    def __init__(self, vault: Vault, settings: SettingsService, pushes: PushService, clock: Clock) -> None:
        self._vault, self._settings, self._pushes, self._clock = vault, settings, pushes, clock

    def board(self) -> tuple[StructuralIssue, ...]:
        """Return every issue, the newest first."""
        with self._vault.reader() as connection:
            return store.all_issues(connection)

    def persons_named(self, text: str) -> tuple[str, ...]:
        """Return the words, dates and case numbers of `text` that belong to a person of the vault."""
        harmless = harmless_words(self._settings.profile())
        with self._vault.reader() as connection:
            return find_persons(text, store.named_persons(connection), harmless)

    def save_issue(self, issue: StructuralIssue) -> Written[UUID]:
        """Store title, texts, domain and links of an issue; its place on the ladder changes only by `move_issue`.

        Raises `RuleBroken` naming the field, also where a text names a person of the vault (by name, date of birth or
        case number): the words found come from `persons_named`, never out of the error.
        """
        issue = self._checked(issue)
        harmless = harmless_words(self._settings.profile())
        with self._vault.unit_of_work() as unit:
            persons = store.named_persons(unit.connection)
            for name in ("title", "description", "proposal"):
                if find_persons(getattr(issue, name), persons, harmless):
                    raise RuleBroken(
                        N_(
                            "Im Text stehen Namen, Geburtsdaten oder Fallnummern aus diesem Tresor. "
                            "Bitte beschreiben Sie das Problem ohne Angaben zu Personen."
                        ),
                        field_name=name,
                    )
            for case_id in issue.case_ids:
                case_of(unit.connection, case_id)
            before = store.issue_of(unit.connection, issue.id)
            if before is None:
                first = IssueStep(moved_on=issue.noticed_on, rung=Rung.COLLECTED)
                issue = replace(issue, rung=Rung.COLLECTED, state=IssueState.OPEN, steps=(first,))
            else:
                issue = replace(issue, rung=before.rung, state=before.state, steps=before.steps)
            new = store.save_issue(unit.connection, issue)
            unit.record(AuditEntry(AuditAction.CREATE if new else AuditAction.CHANGE, "issue", issue.id))
            unit.commit()
        return Written(issue.id, ISSUES)

    def _checked(self, issue: StructuralIssue) -> StructuralIssue:
        issue = stripped(issue)
        if not issue.title:
            raise RuleBroken(N_("Bitte nennen Sie das Problem in einer Zeile."), field_name="title")
        if len(issue.title) > LONGEST_TITLE:
            raise RuleBroken(N_("Die Überschrift ist zu lang: höchstens 200 Zeichen."), field_name="title")
        if not issue.description:
            raise RuleBroken(N_("Bitte beschreiben Sie, woran es liegt."), field_name="description")
        for name in ("description", "proposal"):
            if len(getattr(issue, name)) > LONGEST_TEXT:
                raise RuleBroken(N_("Der Text ist zu lang: höchstens 4000 Zeichen."), field_name=name)
        if issue.noticed_on > self._clock.today():
            raise RuleBroken(N_("Das Datum liegt in der Zukunft. Bitte prüfen Sie es."), field_name="noticed_on")
        return issue

    def move_issue(
        self,
        issue_id: UUID,
        rung: Rung,
        state: IssueState,
        moved_on: date,
        note: str = "",
        review_on: date | None = None,
    ) -> Written[None]:
        """Put an issue on a rung with what came of it. Only the steering group accepts for the district, and only what
        it accepted goes to the Land (concept of the Ennepe-Ruhr-Kreis)."""
        harmless = harmless_words(self._settings.profile())
        with self._vault.unit_of_work() as unit:
            issue = store.issue_of(unit.connection, issue_id)
            if issue is None:
                raise RecordGone()
            if moved_on > self._clock.today() or moved_on < issue.steps[-1].moved_on:
                raise RuleBroken(
                    N_("Der Schritt liegt nicht zwischen dem letzten und heute. Bitte prüfen Sie das Datum."),
                    field_name="moved_on",
                )
            accepted = any(
                step.rung is Rung.STEERING_GROUP and step.state is IssueState.ACCEPTED for step in issue.steps
            )
            if rung is Rung.STATE and not accepted:
                raise RuleBroken(N_("An das Land geht nur, was die Lenkungsgruppe angenommen hat."), field_name="rung")
            if find_persons(note, store.named_persons(unit.connection), harmless):
                raise RuleBroken(
                    N_(
                        "Im Text stehen Namen, Geburtsdaten oder Fallnummern aus diesem Tresor. "
                        "Bitte beschreiben Sie das Problem ohne Angaben zu Personen."
                    ),
                    field_name="note",
                )
            step = IssueStep(moved_on=moved_on, rung=rung, state=state, note=note.strip())
            review_on = None if state in _DECIDED else review_on
            store.save_issue(
                unit.connection,
                replace(issue, rung=rung, state=state, review_on=review_on, steps=(*issue.steps, step)),
            )
            unit.record(AuditEntry(AuditAction.CHANGE, "issue", issue_id, {"rung": rung.value, "state": state.value}))
            unit.commit()
        return Written(None, ISSUES)

    def delete_issue(self, issue_id: UUID) -> Written[StructuralIssue]:
        """Delete an issue with its way. One whose text was let go stays: the coordinating office has it."""
        with self._vault.unit_of_work() as unit:
            issue = store.issue_of(unit.connection, issue_id)
            if issue is None:
                raise RecordGone()
            if store.releases_of(unit.connection, issue_id):
                raise RuleBroken(
                    N_(
                        "Diese Strukturmeldung ist schon freigegeben. "
                        "Bitte setzen Sie sie auf „abgelehnt“ oder „gelöst“."
                    )
                )
            store.delete_issue(unit.connection, issue_id)
            unit.record(AuditEntry(AuditAction.DELETE, "issue", issue_id))
            unit.commit()
        return Written(issue, ISSUES)

    # --- what leaves the laptop ---------------------------------------------------------------------------------------

    def text_that_leaves(self, issue_id: UUID) -> str:
        """Return the exact text that would go to the coordinating office; `issue_words` says it in German.

        Raises `RecordGone`.
        """
        with self._vault.reader() as connection:
            issue = store.issue_of(connection, issue_id)
            revision = len(store.releases_of(connection, issue_id)) + 1
        if issue is None:
            raise RecordGone()
        return self._leaving(issue, revision).canonical().decode()

    def words(self, exact: str) -> str:
        """Return a text that leaves in plain German, field by field."""
        return issue_words(read_issue(exact.encode()), self._settings.profile().commune_name)

    def _leaving(self, issue: StructuralIssue, revision: int) -> IssueText:
        """Return what leaves of an issue. Cases are told as a band only: one or two could be recognised in a town."""
        return IssueText(
            issue=str(issue.id),
            revision=revision,
            kind=issue.kind,
            title=issue.title,
            text=issue.description,
            proposal=issue.proposal,
            life_areas=() if issue.life_area is None else (issue.life_area,),
            legal_domains=() if issue.legal_domain is None else (issue.legal_domain,),
            commune=issue.commune or None,
            subregion=self._settings.subregion(),
            rung=issue.rung,
            state=issue.state,
            cases=band_of(len(issue.case_ids)),
            observed_on=issue.noticed_on,
            district=self._settings.profile().id,
        )

    def releases(self, issue_id: UUID) -> tuple[IssueRelease, ...]:
        """Return the texts of an issue that were let go, the newest first."""
        with self._vault.reader() as connection:
            return store.releases_of(connection, issue_id)

    def unsent_releases(self) -> tuple[IssueRelease, ...]:
        """Return the texts let go that have not reached the coordinating office, the oldest first."""
        with self._vault.reader() as connection:
            return store.unsent_releases(connection)

    def release_text(self, issue_id: UUID, seen: str) -> Written[IssueRelease]:
        """Seal the text that the user saw and let it wait in the outbox, in one transaction.

        Raises `NotEnrolled`, `RecordGone`, and `RuleBroken` where it is not, word for word, the text of now.
        """
        enrolment = self._pushes.require_enrolment()
        if self.text_that_leaves(issue_id) != seen:
            raise RuleBroken(
                N_(
                    "Die Strukturmeldung hat sich geändert, seit Sie den Text gesehen haben. "
                    "Bitte sehen Sie ihn neu an."
                )
            )
        leaving = read_issue(seen.encode())
        if self.persons_named("\n".join((leaving.title, leaving.text, leaving.proposal))):
            raise RuleBroken(
                N_(
                    "Im Text stehen Namen, Geburtsdaten oder Fallnummern aus diesem Tresor. "
                    "Bitte beschreiben Sie das Problem ohne Angaben zu Personen."
                )
            )
        release = IssueRelease(issue_id=issue_id, seen_at=self._clock.now(), text=seen)
        with self._vault.unit_of_work() as unit:
            sequence = outbox.next_sequence(unit.connection, above=enrolment.last_sequence)
            bundle = seal_issue(
                leaving,
                shown=seen.encode(),
                identity=enrolment.identity,
                sender=enrolment.sender,
                card=enrolment.card,
                sequence=sequence,
                chain_head=self._vault.chain.head(unit.connection).mac.hex(),
                created=unit.moment,
            )
            store.save_release(unit.connection, release)
            outbox.put_in_outbox(
                unit.connection,
                sequence=sequence,
                issue_release_id=release.id,
                sealed=bundle.sealed,
                content_hash=bundle.content_hash,
                created_at=unit.moment,
                state=OutboxState.WAITING.value,
            )
            unit.record(AuditEntry(AuditAction.RELEASE, "issue", issue_id, {"record": release.id.hex}))
            unit.commit()
        return Written(release, ISSUES | {"releases"})


def issue_words(leaving: IssueText, commune_name: Callable[[str], str]) -> str:
    """Return everything a text that leaves says, as a reader at the coordinating office gets it."""
    nothing = _("ohne Angabe")
    facts = (
        (_("Art"), _(label(leaving.kind))),
        (_("Kommune"), commune_name(leaving.commune) if leaving.commune else nothing),
        (_("Teilregion"), leaving.subregion or nothing),
        (_("Lebensbereich"), ", ".join(_(label(area)) for area in leaving.life_areas) or nothing),
        (_("Rechtskreis"), ", ".join(_(label(domain)) for domain in leaving.legal_domains) or nothing),
        (_("Stufe"), _(label(leaving.rung))),
        (_("Stand"), _(label(leaving.state))),
        (_("Betroffene Fälle"), _(band_label(leaving.cases))),
        (_("Zuerst bemerkt"), short_date(leaving.observed_on)),
        (_("Fassung"), str(leaving.revision)),
    )
    lines = [leaving.title, "", *(f"{name}: {value}" for name, value in facts), "", leaving.text]
    if leaving.proposal:
        lines += ["", _("Vorschlag: {text}").format(text=leaving.proposal)]
    return "\n".join(lines)
