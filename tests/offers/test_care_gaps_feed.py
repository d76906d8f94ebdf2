"""Own notes and verification, duplicates, gaps, and the office's signed directory over folder and socket."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kimdesk.coordinator import commands
from kimdesk.coordinator.offers import NothingToPublish
from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Measure, Member, Person, Referral
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, MeasureState, ReferralResult, Relation, ResidenceStatus
from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.errors import OfferFileError
from kimdesk.offers.gaps import GapKind, GapSubject
from kimdesk.offers.readers import OfferFormat
from kimdesk.services.desk import Desk, build_desk
from kimdesk.services.offer_care import CareSettings, NotInDirectory
from kimdesk.services.offer_gaps import GapGone, gap_rows
from kimdesk.storage import Vault
from kimdesk.sync.errors import DamagedFile, NothingPublished, TooLarge
from kimdesk.sync.keys import CoordinatorKeys
from kimdesk.sync.offer_feed import OFFERS_NAME, DirectoryExpired, DirectoryForeign, DirectoryOutdated, sign_directory
from tests.services.support import CoordinatingOffice, running_office


@pytest.fixture
def desk(vault: Vault, clock: FixedClock) -> Desk:
    return build_desk(vault, clock)


def service(number: int, **changes: Any) -> dict[str, Any]:
    record = {"id": f"00000000-0000-4000-8000-{number:012d}", "name": f"Kurs {number}", "status": "active"}
    return {**record, **changes}


def take(desk: Desk, folder: Path, *services: dict[str, Any]) -> None:
    path = folder / "angebote.json"
    path.write_text(json.dumps(services), encoding="utf-8")
    desk.offer_imports.import_file(path, "hsds", collection="kreis")


def test_what_nobody_verified_for_long_is_listed_until_somebody_does(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    old, fresh = service(1, assured_date="2024-03-01"), service(2, assured_date="2026-11-01")
    take(desk, tmp_path, old, fresh, service(3))
    view = desk.offer_care.stale()
    assert ([row.title for row in view.rows], view.total) == (["Kurs 1"], 1)
    identifier = view.rows[0].id
    before = desk.offer_care.verified_today((identifier,)).value
    assert desk.offer_care.stale().total == 0
    take(desk, tmp_path, replace_date(old, "2023-01-01"), fresh)  # the source knows less than the office
    assert desk.offer_care.stale().total == 0
    desk.offer_care.set_verified(before)
    assert [row.verified_on for row in desk.offer_care.stale().rows] == [date(2023, 1, 1)]
    clock.advance(timedelta(days=400))
    assert desk.offer_care.stale().total == 3  # one never verified counts from its last change
    desk.offer_care.change_settings(CareSettings(stale_after_months=60))
    assert desk.offer_care.stale().total == 0


def replace_date(record: dict[str, Any], day: str) -> dict[str, Any]:
    return {**record, "assured_date": day}


def test_likely_duplicates_are_suggested_and_a_person_decides(desk: Desk, tmp_path: Path) -> None:
    awo = {"organization": {"id": "o1", "name": "AWO", "description": ""}}
    take(
        desk,
        tmp_path,
        service(1, name="Migrationsberatung für Erwachsene", **awo),
        service(2, name="Beratung: Migrationsberatung für Erwachsene", **awo),
        service(3, name="Sprachkurs A1", email="vhs@example.org"),
        service(4, name="Sprachkurs A2", email="vhs@example.org"),
        service(5, name="Schwimmen", email="bad@example.org"),
        service(6, name="Schwimmkurs für Frauen", email="bad@example.org"),
    )
    pairs = desk.offer_care.twins()
    assert [(pair.first.title, pair.second.title) for pair in pairs] == [
        ("Beratung: Migrationsberatung für Erwachsene", "Migrationsberatung für Erwachsene")
    ]
    assert desk.offers.count() == 6
    desk.offer_care.not_the_same(pairs[0].first.id, pairs[0].second.id)
    assert desk.offer_care.twins() == ()
    desk.offer_care.take_out(pairs[0].first.id)
    assert desk.offers.count() == 5
    with pytest.raises(NotInDirectory):
        desk.offer_care.take_out(pairs[0].first.id)
    desk.offer_care.bring_back(pairs[0].first.id)
    assert pairs[0].first.title in [hit.title for hit in desk.offers.search("Migrationsberatung")]


def case_of(desk: Desk) -> Any:
    person = Person(given_name="Samir", family_name="Haddad", residence_status=ResidenceStatus.TOLERATION)
    case = Case(
        opened_on=desk.clock.today(),
        intake_on=desk.clock.today(),
        commune="05978024",
        language="ar",
        concern="Kurs",
        outcome=IntakeOutcome.CASE_MANAGEMENT,
    )
    members = (Member(person=person, relation=Relation.CLIENT),)
    return desk.cases.record_consultation(ConsultationEntry(case=case, members=members)).value


def test_gaps_come_from_searches_declined_referrals_and_long_waits(desk: Desk, tmp_path: Path) -> None:
    life_area = {
        "id": "a", "value": "language", "taxonomy_term": {"id": "t", "code": "life-area", "name": "Lebensbereich",
        "description": "", "taxonomy": "kimdesk-offers-1"},
    }  # fmt: skip
    take(desk, tmp_path, service(1, wait_time="6 Monate", attributes=[life_area]), service(2, wait_time="2 Wochen"))
    slow, quick = (desk.offers.search(f"Kurs {number}")[0].id for number in (1, 2))
    case_id, today = case_of(desk), desk.clock.today()
    referral = Referral(case_id=case_id, receiver="VHS", sent_on=today, offer_id=quick)
    desk.cases.save_referral(referral)
    assert desk.offer_gaps.overview().gaps == ()
    desk.cases.save_referral(replace(referral, result=ReferralResult.DECLINED, answered_on=today))
    measure = Measure(case_id=case_id, text="Kurs", offer_id=slow)
    desk.cases.save_measure(measure)
    desk.cases.save_measure(measure)  # counts once
    gap = desk.offer_gaps.record_search(GapSubject(LifeArea.HOUSING), case_id).value
    desk.offer_gaps.record_search(GapSubject(LifeArea.HOUSING, "05978036"))
    overview = desk.offer_gaps.overview()
    found = {(one.kind, one.subject, one.waiting_weeks) for one in overview.gaps}
    here = GapSubject(None, "05978024", ResidenceStatus.TOLERATION, "ar")
    assert found == {
        (GapKind.REFERRAL, here, 2),
        (GapKind.WAITING, replace(here, life_area=LifeArea.LANGUAGE), 26),
        (GapKind.SEARCH, replace(here, life_area=LifeArea.HOUSING), None),
        (GapKind.SEARCH, GapSubject(LifeArea.HOUSING, "05978036"), None),
    }
    assert overview.by_life_area == {LifeArea.LANGUAGE: 1, LifeArea.HOUSING: 2, None: 1}
    assert [row[0] for row in gap_rows(overview)] == ["Lebensbereich", "Wohnen", "Wohnen", "Sprache", ""]
    desk.offer_gaps.forget(gap.id)
    with pytest.raises(GapGone):
        desk.offer_gaps.forget(gap.id)
    # What was corrected is no gap any more.
    desk.cases.save_referral(replace(referral, result=ReferralResult.ACCEPTED, answered_on=today))
    desk.cases.save_measure(replace(measure, state=MeasureState.RUNNING))
    assert {one.kind for one in desk.offer_gaps.overview().gaps} == {GapKind.SEARCH}
    desk.cases.save_measure(measure)
    desk.cases.delete_measure(measure.id)
    assert {one.kind for one in desk.offer_gaps.overview().gaps} == {GapKind.SEARCH}


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Any:
    with running_office(tmp_path / "stelle", clock) as running:
        yield running


@pytest.fixture
def joined(desk: Desk, office: CoordinatingOffice) -> Desk:
    desk.pushes.enrol(office.invite())
    return desk


def directory(*services: dict[str, Any]) -> bytes:
    return json.dumps(services).encode("utf-8")


def update(desk: Desk, data: bytes) -> Any:
    coming = desk.offer_feed.begin(data)
    coming.steps.run()
    return desk.offer_feed.apply(coming)


def test_the_directory_comes_over_the_net_and_own_words_survive(
    joined: Desk, office: CoordinatingOffice, clock: FixedClock, tmp_path: Path
) -> None:
    with pytest.raises(NothingPublished):
        joined.offer_feed.prepare_fetch().run()
    path = tmp_path / "offers.json"
    path.write_bytes(directory(service(1), service(2), {"name": "ohne Kennung"}))
    signed = commands.publish_offer_file(office.folder, path, OfferFormat.HSDS, valid_days=30, clock=clock)
    assert (signed.head.offers, [one.record for one in signed.found.refused]) == (2, ["ohne Kennung"])
    report = update(joined, joined.offer_feed.prepare_fetch().run())
    assert (report.added, report.removed) == (2, 0)
    first, second = (joined.offers.search(f"Kurs {number}")[0].id for number in (1, 2))
    joined.offer_care.note(second, "Aufzug defekt")
    joined.offer_care.verified_today((first,))
    path.write_bytes(directory(service(1, name="Kurs 1 neu"), service(3)))
    newer = commands.publish_offer_file(office.folder, path, OfferFormat.HSDS, valid_days=30, clock=clock)
    assert newer.head.version == signed.head.version + 1
    report = update(joined, joined.offer_feed.prepare_fetch().run())
    assert (report.added, report.changed, report.removed) == (1, 1, 1)
    assert [row.title for row in joined.offers.browse().rows] == ["Kurs 1 neu", "Kurs 3"]
    assert joined.offer_care.mark(first).verified_on == joined.clock.today()
    assert joined.offer_feed.state().version == newer.head.version
    assert joined.offer_imports.undo() == 3
    assert [row.title for row in joined.offers.browse().rows] == ["Kurs 1", "Kurs 2"]
    assert joined.offer_care.mark(second).note == "Aufzug defekt"
    path.write_bytes(directory({"name": "ohne Kennung"}))
    with pytest.raises(NothingToPublish):
        commands.publish_offer_file(office.folder, path, OfferFormat.HSDS, valid_days=30, clock=clock)


def test_older_expired_foreign_and_altered_directories_are_refused(
    joined: Desk, office: CoordinatingOffice, clock: FixedClock, tmp_path: Path
) -> None:
    update(joined, office.sign_offers(directory(service(1)), version=7))
    (tmp_path / OFFERS_NAME).write_bytes(office.sign_offers(directory(service(1), service(2)), version=8))
    good = joined.offer_feed.read(tmp_path)
    before = joined.offer_exports.export("hsds")
    begin = joined.offer_feed.begin
    with pytest.raises(DirectoryOutdated):
        begin(office.sign_offers(directory(service(2)), version=6))
    with pytest.raises(DirectoryOutdated):
        begin(office.sign_offers(directory(service(2)), version=7))  # the same number, another content
    foreign = sign_directory(
        directory(service(2)), CoordinatorKeys.generate(), version=9, district="unna", offers=1,
        issued_at=clock.now(), expires_at=clock.now() + timedelta(days=9),
    )  # fmt: skip
    with pytest.raises(DirectoryForeign):
        begin(foreign)
    for place in (len(good) - 3, good.index(b'"version"') + 12, good.index(b'"signature"') + 20):
        altered = bytearray(good)
        altered[place] ^= 1
        with pytest.raises((DirectoryForeign, DamagedFile)):
            begin(bytes(altered))
    for broken in (b"", good[:40], good[:-1], b"PK\x03\x04" + good):
        with pytest.raises((DirectoryForeign, DamagedFile)):
            begin(broken)
    with pytest.raises(OfferFileError):
        begin(office.sign_offers(b"{]", version=10))
    with pytest.raises(TooLarge):
        begin(b"x" * 40_000_001)
    assert joined.offer_exports.export("hsds") == before
    assert update(joined, good).added == 1
    assert joined.offer_feed.begin(good).is_known
    clock.advance(timedelta(days=91))
    with pytest.raises(DirectoryExpired):
        begin(good)
