"""The records around a case worked on at random, allowed and not, with the vault closed and opened in between.

A plain model keeps what should be there and says on its own what must be refused. A refused step leaves everything as
it was and says a sentence.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kimdesk.domain.conferences import Conference, ConferenceTask, Invitee
from kimdesk.domain.consents import CATEGORY_OF_FIELD
from kimdesk.domain.errors import CaseClosed, RuleBroken
from kimdesk.domain.network import Consent, Helper, ResidencePeriod
from kimdesk.domain.records import Person, Referral
from kimdesk.domain.vocabulary import ClosureReason, LegalDomain, ResidenceStatus
from kimdesk.domain.work_vocabulary import ConferenceState, DataCategory, HelperRole, SharedField
from kimdesk.foundation.clock import OFFICE_ZONE, FixedClock
from kimdesk.i18n import render_error
from kimdesk.services.cases import CaseService
from kimdesk.services.settings import SettingsService
from kimdesk.storage import Vault, create_vault, unlock
from tests.storage.casework import consult
from tests.storage.test_cases_stateful import CHEAP, EXPLORES, PASSPHRASE, START, texts

T = TypeVar("T", bound=StrEnum)
RECIPIENTS = ("Jobcenter Unna", "Schule am Park")
recipients = st.sampled_from(RECIPIENTS)
categories = st.sets(st.sampled_from(list(DataCategory)), max_size=4).map(lambda found: _ordered(DataCategory, found))
shared = st.sets(st.sampled_from(list(SharedField)), max_size=3).map(lambda found: _ordered(SharedField, found))


def _ordered(kind: type[T], found: set[T]) -> tuple[T, ...]:
    """Return the members found in the order of their list, as storage gives them back."""
    return tuple(member for member in kind if member in found)


@dataclass
class Model:
    """What should be around the case."""

    case_id: UUID
    person: Person
    closed: bool = False
    consents: dict[UUID, Consent] = field(default_factory=dict)
    referrals: dict[UUID, Referral] = field(default_factory=dict)
    helpers: dict[UUID, Helper] = field(default_factory=dict)
    conferences: dict[UUID, Conference] = field(default_factory=dict)
    periods: dict[UUID, ResidencePeriod] = field(default_factory=dict)

    def holds(self, consent_id: UUID | None, recipient: str, day: date) -> Consent | None:
        """Return the release if it lets something go to `recipient` on `day`, looked at without the program's rules."""
        consent = self.consents.get(consent_id) if consent_id else None
        if consent is None or consent.recipient != recipient or day < consent.given_on:
            return None
        if consent.expires_on is not None and consent.expires_on < day:
            return None
        return None if consent.withdrawn_on is not None and consent.withdrawn_on <= day else consent


class CaseWorkMachine(RuleBasedStateMachine):
    """Works around one case."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "Tresor"
        self.clock = FixedClock(START)
        self.use(create_vault(self.folder, PASSPHRASE, name="Fälle", clock=self.clock, kdf=CHEAP).vault)

    def use(self, vault: Vault) -> None:
        self.vault = vault
        self.service = CaseService(vault, SettingsService(vault), self.clock)

    def teardown(self) -> None:
        self.vault.close()
        shutil.rmtree(self.folder.parent, ignore_errors=True)

    @property
    def today(self) -> date:
        return self.clock.today()

    def expect(self, work: Callable[[], object], *, refused: bool) -> bool:
        """Do `work`; return whether it went through, and fail where the rules see it differently."""
        try:
            work()
        except (RuleBroken, CaseClosed) as error:
            assert refused, error
            assert render_error(error).endswith(".")
            return False
        assert not refused
        return True

    # --- steps --------------------------------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        client = Person(given_name="Mariam", family_name="Haddad")
        case_id = consult(
            self.service, client=client, opened_on=self.today, intake_on=self.today, consent_on=self.today
        )
        self.model = Model(case_id, client)

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    @rule(recipient=recipients, categories=categories, lasts=st.none() | st.integers(-3, 90), note=texts)
    def consent_is_given(
        self, recipient: str, categories: tuple[DataCategory, ...], lasts: int | None, note: str
    ) -> None:
        consent = Consent(
            case_id=self.model.case_id,
            recipient=recipient,
            purpose="Klären",
            categories=categories,
            given_on=self.today,
            expires_on=None if lasts is None else self.today + timedelta(days=lasts),
            note=note,
        )
        refused = self.model.closed or not categories or (lasts is not None and lasts < 0)
        if self.expect(lambda: self.service.save_consent(consent), refused=refused):
            self.model.consents[consent.id] = consent

    @rule(data=st.data())
    def consent_is_withdrawn(self, data: st.DataObject) -> None:
        if self.model.consents:
            known = data.draw(st.sampled_from(list(self.model.consents.values())))
            self.service.withdraw_consent(known.id, self.today)  # also in a closed case
            self.model.consents[known.id] = replace(known, withdrawn_on=self.today)

    @rule(data=st.data())
    def consent_is_changed(self, data: st.DataObject) -> None:
        if self.model.consents:
            known = data.draw(st.sampled_from(list(self.model.consents.values())))
            wanted = replace(known, note="geändert", withdrawn_on=None)
            refused = self.model.closed or known.withdrawn_on is not None
            if self.expect(lambda: self.service.save_consent(wanted), refused=refused):
                self.model.consents[known.id] = wanted

    @rule(data=st.data(), receiver=recipients, shared=shared)
    def referral_is_sent(self, data: st.DataObject, receiver: str, shared: tuple[SharedField, ...]) -> None:
        consent_id = data.draw(st.sampled_from([None, *self.model.consents]))
        referral = Referral(
            case_id=self.model.case_id,
            receiver=receiver,
            sent_on=self.today,
            consent_id=consent_id,
            shared=shared,
            answer_due_on=self.today,
        )
        release = self.model.holds(consent_id, receiver, self.today)
        covered = release is not None and all(CATEGORY_OF_FIELD[one] in release.categories for one in shared)
        refused = self.model.closed or (bool(shared) and not covered)
        if self.expect(lambda: self.service.save_referral(referral), refused=refused):
            self.model.referrals[referral.id] = referral

    @rule(data=st.data(), organisation=recipients, state=st.sampled_from(ConferenceState), anonymous=st.booleans())
    def conference_is_kept(
        self, data: st.DataObject, organisation: str, state: ConferenceState, anonymous: bool
    ) -> None:
        consent_id = data.draw(st.sampled_from([None, *self.model.consents]))
        known = data.draw(st.sampled_from([None, *self.model.conferences.values()]))
        wanted = Conference(
            case_id=self.model.case_id,
            at=self.clock.now(),
            occasion="Wohnung",
            anonymised=anonymous,
            client_takes_part=False,
            state=state,
            invited_on=self.today,
            invitees=(Invitee(organisation=organisation, consent_id=consent_id),),
            tasks=(ConferenceTask(text="Prüfen"),),
        )
        if known is not None:
            wanted = replace(wanted, id=known.id)
        needs = state in (ConferenceState.INVITED, ConferenceState.HELD) and not anonymous
        day = wanted.at.astimezone(OFFICE_ZONE).date()
        refused = self.model.closed or (needs and self.model.holds(consent_id, organisation, day) is None)
        if self.expect(lambda: self.service.save_conference(wanted), refused=refused):
            self.model.conferences[wanted.id] = wanted

    @rule(name=texts, since=st.integers(-30, 3), until=st.none() | st.integers(-40, 40))
    def helper_joins(self, name: str, since: int, until: int | None) -> None:
        begun = self.today + timedelta(days=since)
        ended = None if until is None else self.today + timedelta(days=until)
        helper = Helper(case_id=self.model.case_id, name=name, role=HelperRole.OTHER, since=begun, until=ended)
        refused = self.model.closed or not name or since > 0 or (ended is not None and ended < begun)
        if self.expect(lambda: self.service.save_helper(helper), refused=refused):
            self.model.helpers[helper.id] = helper

    @rule(data=st.data())
    def helper_is_deleted_and_maybe_brought_back(self, data: st.DataObject) -> None:
        if self.model.helpers:
            known = data.draw(st.sampled_from(list(self.model.helpers.values())))
            if self.expect(lambda: self.service.delete_helper(known.id), refused=self.model.closed):
                if data.draw(st.booleans()):
                    self.service.save_helper(known)
                else:
                    del self.model.helpers[known.id]

    @rule(
        days=st.integers(-400, 5),
        status=st.none() | st.sampled_from(ResidenceStatus),
        domain=st.none() | st.sampled_from([LegalDomain.SGB_II, LegalDomain.ASYLBLG]),
    )
    def status_changes(self, days: int, status: ResidenceStatus | None, domain: LegalDomain | None) -> None:
        period = ResidencePeriod(
            person_id=self.model.person.id,
            valid_from=self.today + timedelta(days=days),
            residence_status=status,
            legal_domain=domain,
        )
        refused = self.model.closed or days > 0 or (status is None and domain is None)
        taken = period.valid_from in {one.valid_from for one in self.model.periods.values()}
        if taken:
            return  # two entries of one day have no order to hold the program to
        if self.expect(lambda: self.service.save_residence_period(self.model.case_id, period), refused=refused):
            self.model.periods[period.id] = period

    @rule()
    def case_is_closed_or_taken_up_again(self) -> None:
        if self.model.closed:
            self.service.reopen_case(self.model.case_id)
        else:
            self.service.close_case(self.model.case_id, self.today, ClosureReason.CONTACT_LOST)
        self.model.closed = not self.model.closed

    @rule()
    def the_vault_is_closed_and_opened(self) -> None:
        self.vault.close()
        self.use(unlock(self.folder, PASSPHRASE, clock=self.clock, kdf=CHEAP))

    # --- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def the_file_says_what_was_saved(self) -> None:
        if not hasattr(self, "model"):
            return
        file = self.service.file(self.model.case_id)
        work = file.work
        assert {one.id: one for one in work.consents} == self.model.consents
        assert {one.id: one for one in file.referrals} == self.model.referrals
        assert {one.id: one for one in work.helpers} == self.model.helpers
        assert {one.id: one for one in work.conferences} == self.model.conferences
        assert {one.id: one for one in work.residence_periods} == self.model.periods
        named = [one for one in self.model.periods.values() if one.residence_status is not None]
        newest = max(named, key=lambda one: one.valid_from or date.min, default=None)
        shown = file.members[0].person.residence_status
        assert shown == (newest.residence_status if newest else None)

    @invariant()
    def nothing_is_shared_that_no_release_covered(self) -> None:
        if not hasattr(self, "model"):
            return
        for referral in self.service.file(self.model.case_id).referrals:
            for one in referral.shared:
                assert referral.consent_id is not None
                consent = self.model.consents[referral.consent_id]
                assert consent.recipient == referral.receiver
                assert CATEGORY_OF_FIELD[one] in consent.categories


# Shrinking takes minutes here, as every attempt makes a vault; KIMDESK_EXPLORE=1 does it.
CaseWorkMachine.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    phases=[phase for phase in Phase if EXPLORES or phase is not Phase.shrink],
)
TestCaseWork = CaseWorkMachine.TestCase
