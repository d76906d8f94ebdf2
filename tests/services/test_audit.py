"""Whatever changes the vault or leaves it stands in its log, and nothing can be added to a service without saying so.

Each service's public methods are sorted here into those that only read and those that write; a new one that is in
neither list fails. Every write is driven once, and the log must have grown.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import (
    AreaEntry,
    Assessment,
    Case,
    Contact,
    FollowUp,
    Goal,
    Measure,
    Member,
    Person,
    Referral,
)
from kimdesk.domain.vocabulary import AccessPath, ClosureReason, IntakeOutcome, LifeArea, Phase, Relation
from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.gaps import GapSubject
from kimdesk.reporting.classify import Period
from kimdesk.services.attachments import AttachmentService
from kimdesk.services.cases import SAME_LOOK, CaseService
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.figures import FigureService
from kimdesk.services.handout_texts import HandoutTextService
from kimdesk.services.indicators import ExportFormat
from kimdesk.services.issues import IssueService
from kimdesk.services.offer_care import CareSettings, OfferCareService
from kimdesk.services.offer_exports import OfferExportService
from kimdesk.services.offer_feed import OfferFeedService
from kimdesk.services.offer_gaps import OfferGapService
from kimdesk.services.offer_imports import OfferImportService
from kimdesk.services.offers import OfferFormat, OfferService
from kimdesk.services.prints import NoteText, PrintService
from kimdesk.services.pushes import NetworkChoice, ProxyMode, PushService
from kimdesk.services.settings import HandoutSettings, Office, SettingsService
from kimdesk.services.vault import NoticeKind, VaultService
from kimdesk.services.vault_backups import BackupService, BackupSettings, OutcomeState
from kimdesk.services.vault_log import LogFilter, LogForm, LogService
from kimdesk.storage import AuditRow, Vault
from tests.services.driven_case_work import drive_case_work
from tests.services.support import CoordinatingOffice

READS: dict[type, set[str]] = {
    CaseService: {"list", "home", "communes", "counts", "load_draft", "drafts", "notifications"},
    IssueService: {"board", "persons_named", "text_that_leaves", "words", "releases", "unsent_releases"},
    OfferService: {"search", "find", "browse", "look_through", "get", "count"},
    # What is staged stands beside the directory until `apply`.
    OfferImportService: {"look_at_sheet", "begin", "stage", "preview", "discard", "last"},
    OfferExportService: set(),
    OfferCareService: {"mark", "stale", "is_stale", "twins", "settings"},
    OfferGapService: {"overview", "years"},
    OfferFeedService: {"state", "prepare_fetch", "read", "begin"},
    FigureService: {
        "years",
        "last_year_with_cases",
        "places",
        "name_of",
        "indicators",
        "overview",
        "report",
        "cases_behind",
        "due_quarter",
        "release_rules",
        "releases",
    },
    PushService: {
        "read_invitation",
        "enrolment",
        "office_transport",
        "require_enrolment",
        "status",
        "answer_file",
        "network",
        # Reads what waits; `keep_sending` writes what came of it.
        "prepare_sending",
    },
    AttachmentService: {"list"},
    SettingsService: {"office", "handouts", "profile", "subregion", "idle_minutes"},
    # Pages in memory; nobody has them until `record_print` or `save`.
    PrintService: {"documents", "records", "offer_sheet", "note", "papers", "indicator_report"},
    HandoutTextService: {"texts", "states", "imported", "for_review"},
    VaultService: {
        "last_backup_at",
        "check",
        "log",
        "case_numbers",
        "accesses",
        "access_names",
        "health",
        "recovery_key_is_used",
        "rotation_plan",
        "rotation_is_unfinished",
        # What `settle` writes is the session's own beginning.
        "is_checked",
        "settle",
        "interrupt",
        "close",
    },
    BackupService: {"settings", "places", "list", "last_at", "is_due", "verify", "preview"},
    LogService: {"page", "actions_in_use", "access_names", "case_numbers", "viewers", "verify"},
}
# What is typed and not saved is nobody's record yet: a row for every pause in typing would drown the log, and the
# record itself gets its row when it is saved.
DRAFTS = {"save_draft", "drop_draft"}

TODAY = date(2026, 11, 20)
INTAKE = TODAY - timedelta(days=200)
CLIENT = Member(person=Person(given_name="Samir", family_name="Haddad"), relation=Relation.CLIENT)


def public_methods(service: type) -> set[str]:
    return {name for name, value in inspect.getmembers(service, inspect.isfunction) if not name.startswith("_")}


class Logged:
    """Drives writes and looks at the log after each."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk, self._vault = desk, vault
        self.driven: set[tuple[type, str]] = set()

    def rows(self) -> tuple[AuditRow, ...]:
        return self._desk.vault.log(limit=10_000)

    def __call__(self, method: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call a bound method of a service; its value comes back."""
        before = len(self.rows())
        result = method(*arguments, **keywords)
        name = method.__name__
        after = len(self.rows())
        assert after > before, f"{name} left no row in the log"
        with self._vault.reader() as connection:
            self._vault.chain.verify(connection)
            assert self._vault.chain.verify(connection, anchor=self._vault.anchor().head).number == after
        self.driven.add((type(method.__self__), name))  # type: ignore[attr-defined] # a bound method has one
        return result


@pytest.fixture
def logged(desk: Desk, vault: Vault) -> Logged:
    return Logged(desk, vault)


def consultation(outcome: IntakeOutcome = IntakeOutcome.CASE_MANAGEMENT) -> ConsultationEntry:
    case = Case(
        opened_on=INTAKE,
        intake_on=INTAKE,
        commune="05978024",
        access_path=AccessPath.VOLUNTEERS,
        language="ar",
        concern="Wohnung",
        outcome=outcome,
    )
    return ConsultationEntry(case=case, members=(CLIENT,), follow_up_on=TODAY, follow_up_reason="Anrufen")


def drive_cases(desk: Desk, logged: Logged) -> None:
    cases, offer = desk.cases, desk.offers.browse(1).rows[0].id
    case_id = logged(cases.record_consultation, consultation()).value
    assert logged(cases.file, case_id).case.concern == "Wohnung"
    case = cases.file(case_id).case
    logged(cases.save_case, replace(case, concern="Wohnung und Kurs"))
    logged(cases.save_members, case_id, (CLIENT,))
    logged(cases.skip_phase, case_id, Phase.AGREEMENT, "eilt")
    logged(cases.unskip_phase, case_id, Phase.AGREEMENT)
    entry = AreaEntry(life_area=LifeArea.LANGUAGE, need="Kurs", scale=2)
    logged(cases.save_assessment, Assessment(case_id=case_id, held_on=INTAKE, entries=(entry,)))
    goal = Goal(case_id=case_id, text="B1", measured_by="Zertifikat", due_on=TODAY)
    logged(cases.save_goal, goal)
    logged(cases.save_goal, replace(goal, text="B2"))
    logged(cases.agree_goals, case_id, TODAY, "ar", "lernt jeden Tag", None)
    measure = Measure(case_id=case_id, goal_id=goal.id, text="Kurs suchen")
    logged(cases.save_measure, measure)
    logged(cases.delete_measure, measure.id)
    logged(cases.delete_goal, goal.id)
    logged(cases.save_referral, Referral(case_id=case_id, receiver="Jobcenter", sent_on=TODAY))
    logged(cases.save_contact, Contact(case_id=case_id, at=desk.clock.now(), text="Gespräch"))
    follow_up = FollowUp(case_id=case_id, due_on=TODAY, reason="Nachfragen")
    logged(cases.save_follow_up, follow_up)
    logged(cases.complete_follow_up, follow_up.id)
    logged(cases.reopen_follow_up, follow_up.id)
    nobodys = FollowUp(due_on=TODAY, reason="Netzwerktreffen")
    logged(cases.save_follow_up, nobodys)
    logged(cases.complete_follow_up, nobodys.id)
    logged(cases.remember_offer, case_id, offer)
    logged(cases.forget_offer, case_id, offer)
    drive_case_work(desk, logged, case_id)
    logged(cases.close_case, case_id, TODAY, ClosureReason.CONTACT_LOST)
    logged(cases.reopen_case, case_id)
    logged(cases.record_consultation, consultation(IntakeOutcome.LITTLE_NEED))


def drive_offers(desk: Desk, logged: Logged, folder: Path) -> None:
    logged(desk.offers.install_directory)
    file = folder / "offers.json"
    file.write_text("[]", encoding="utf-8")
    logged(desk.offers.import_file, file, "integreat", "de")
    logged(desk.offer_imports.import_file, file, "integreat")
    logged(desk.offer_imports.apply, desk.offer_imports.begin(file, "integreat").run().id)
    logged(desk.offer_imports.undo)
    logged(desk.offer_exports.export, OfferFormat.HSDS)
    first, second, third = (row.id for row in desk.offers.browse(3).rows)
    logged(desk.offer_care.note, first, "Frau im Empfang hilft sofort")
    logged(desk.offer_care.verified_today, (first, second))
    logged(desk.offer_care.set_verified, ((first, None),))
    logged(desk.offer_care.not_the_same, first, second)
    logged(desk.offer_care.take_out, third)
    logged(desk.offer_care.bring_back, third)
    logged(desk.offer_care.change_settings, CareSettings(6, 8))
    gap = logged(desk.offer_gaps.record_search, GapSubject(LifeArea.LANGUAGE)).value
    logged(desk.offer_gaps.forget, gap.id)
    logged(desk.offer_gaps.bring_back, gap)


def drive_attachments(desk: Desk, logged: Logged, folder: Path) -> None:
    case_id = next(case.id for case in desk.cases.list() if case.closed_on is None)
    added = logged(desk.attachments.add, case_id, "bescheid.txt", b"Bescheid").value
    logged(desk.attachments.describe, added.id, name="bescheid.txt", note="vom Jobcenter")
    logged(desk.attachments.open, added.id)
    logged(desk.attachments.save, added.id, folder / "bescheid.txt")
    removed = logged(desk.attachments.remove, added.id).value
    logged(desk.attachments.bring_back, removed)


def drive_figures(desk: Desk, logged: Logged, office: CoordinatingOffice, folder: Path) -> None:
    logged(desk.figures.save_manual, 2026, "b3_foreigners_authority_unna", 3)
    logged(desk.figures.save_manual, 2026, "b3_foreigners_authority_unna", None)
    year = Period.whole_year(2026)
    logged(desk.figures.export_indicators, ExportFormat.CSV, year, folder / "kennzahlen.csv")
    logged(desk.figures.note_export, "pdf", year)
    logged(desk.pushes.choose_network, NetworkChoice(ProxyMode.OWN, "http://proxy.example:3128"))
    joining = logged(desk.pushes.prepare_joining, office.invite())
    logged(desk.pushes.keep_joining, joining, joining.carry())
    issue = desk.issues.board()[0]
    logged(desk.issues.release_text, issue.id, desk.issues.text_that_leaves(issue.id))
    logged(desk.figures.preview_release, 2026, 3)
    logged(desk.figures.create_release, 2026, 3)
    stick = folder / "stick"
    stick.mkdir()
    # Laid on a stick: it has left, although no receipt has come back yet.
    logged(desk.pushes.send, folder=stick)
    sending = desk.pushes.prepare_sending()
    logged(desk.pushes.keep_sending, sending, sending.carry())
    coming = desk.offer_feed.begin(office.sign_offers(b"[]"))
    coming.steps.run()
    logged(desk.offer_feed.apply, coming)


def drive_settings(desk: Desk, logged: Logged) -> None:
    logged(desk.settings.save_office, Office(name="Stadt Lünen"))
    logged(desk.settings.choose_profile, "unna")
    logged(desk.settings.choose_subregion, "Nord")
    logged(desk.settings.set_idle_minutes, 7)


def drive_prints(desk: Desk, logged: Logged, folder: Path) -> None:
    offer = desk.offers.browse(1).rows[0].id
    case_id = desk.cases.list()[0].id
    logged(desk.prints.record_print, desk.prints.offer_sheet(offer, ["de"], case_id=case_id))
    note = desk.prints.note(NoteText({"de": "Termin"}, {"de": "Montag, 10 Uhr"}), ["de"])
    logged(desk.prints.save, note, folder / "note.pdf")
    logged(desk.handout_texts.take_in, "tr", b'msgid "Adresse"\nmsgstr "Adres"\n', "Frau Demir")
    logged(desk.handout_texts.remove, "tr")
    logged(desk.settings.save_handouts, HandoutSettings(about={"de": "Wir sind da."}))


def drive_vault(desk: Desk, logged: Logged, passphrase: str, folder: Path) -> None:
    logged(desk.vault.backup)
    deputy = logged(desk.vault.add_deputy, "Kompass Regen Birne Tinte", label="Vertretung")
    ends = desk.clock.now() + timedelta(days=3)
    logged(desk.vault.extend_deputy, deputy.id, "Kompass Regen Birne Tinte", expires_at=ends)
    logged(desk.vault.remove_access, deputy.id)
    logged(desk.vault.change_passphrase, "Anker Moos Segel Laterne", current=passphrase)
    logged(desk.vault.renew_recovery_key, current="Anker Moos Segel Laterne")
    logged(desk.vault.rotate, "Anker Moos Segel Laterne")
    logged(desk.vault.forget_rotation)
    logged(desk.vault.office_notice_is_read)
    logged(desk.vault.acknowledge, NoticeKind.ALARM_OVERRULED)
    logged(desk.vault.record_lock)


def drive_backups(desk: Desk, logged: Logged, folder: Path) -> None:
    logged(desk.backups.save_settings, BackupSettings(second_place=folder / "Stick"))
    (made, absent) = logged(desk.backups.run_due)
    assert (made.state, absent.state) == (OutcomeState.MADE, OutcomeState.ABSENT)
    logged(desk.backups.back_up_now)
    logged(desk.backups.delete, made.backup)
    case_id = desk.cases.list()[0].id
    logged(desk.log.export, LogFilter(case_id=str(case_id)), LogForm.CSV)


# `recover` needs a vault opened with its recovery key; `finish_rotation` one whose rotation was interrupted. Both are
# driven in `test_vault_accesses.py`.
ELSEWHERE = {"recover", "finish_rotation"}


def test_every_write_leaves_a_row_and_the_chain_holds(
    desk: Desk, logged: Logged, office: CoordinatingOffice, passphrase: str, tmp_path: Path
) -> None:
    drive_settings(desk, logged)
    drive_offers(desk, logged, tmp_path)
    drive_cases(desk, logged)
    drive_attachments(desk, logged, tmp_path)
    drive_figures(desk, logged, office, tmp_path)
    drive_prints(desk, logged, tmp_path)
    drive_backups(desk, logged, tmp_path)
    drive_vault(desk, logged, passphrase, tmp_path)
    for service, reads in READS.items():
        driven = {name for owner, name in logged.driven if owner is service}
        exempt = DRAFTS if service is CaseService else set()
        # `enrol` is its three steps in one go, which are driven one by one.
        composed = {"enrol"} if service is PushService else ELSEWHERE if service is VaultService else set()
        assert public_methods(service) == driven | reads | exempt | composed, service.__name__
    assert desk.vault.check() and all(finding.is_good for finding in desk.vault.check())


def test_reading_leaves_no_row_but_looking_at_a_file_does(
    desk: Desk, vault: Vault, logged: Logged, clock: FixedClock
) -> None:
    desk.offers.install_directory()
    first, second = (desk.cases.record_consultation(consultation()).value for _ in range(2))
    before = len(logged.rows())
    desk.cases.list()
    desk.cases.home()
    desk.figures.indicators(Period.whole_year(2026))
    desk.offers.search("Kurs")
    desk.prints.offer_sheet(desk.offers.browse(1).rows[0].id, ["de"])
    desk.cases.save_draft("page:consultation", {"concern": "Wohnung"})
    desk.cases.drop_draft("page:consultation")
    assert len(logged.rows()) == before

    def looks() -> list[str]:
        return [row.subject_id for row in reversed(logged.rows()[: len(logged.rows()) - before])]

    desk.cases.file(first)
    desk.cases.file(first)  # the screen reads it again after a save: the same look
    desk.cases.file(second)
    desk.cases.file(first)
    assert looks() == [str(first), str(second), str(first)]
    clock.advance(SAME_LOOK + timedelta(seconds=1))
    desk.cases.file(first)
    build_desk(vault, clock).cases.file(first)  # the program was started anew
    assert looks() == [str(each) for each in (first, second, first, first, first)]
    assert {row.action for row in logged.rows()[: len(logged.rows()) - before]} == {"view"}
