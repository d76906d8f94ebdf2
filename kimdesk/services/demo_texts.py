"""Loads what the demonstration caseload is made of from `resources/demo`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kimdesk.domain.vocabulary import (
    Actor,
    ContactKind,
    Gender,
    IntakeOutcome,
    LegalDomain,
    LifeArea,
    ResidenceStatus,
)
from kimdesk.foundation.resources import resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Names and circumstances of people who share a language. `spoken` says how a given name sounds or is written."""

    key: str
    language: str
    languages: tuple[str, ...]
    nationality: str
    interpreter: str
    weight: int
    naming: str
    given: Mapping[Gender, tuple[str, ...]]
    family: tuple[str, ...]
    family_female: tuple[str, ...]
    statuses: tuple[tuple[ResidenceStatus, int], ...]
    spoken: Mapping[str, str]
    first_intake: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaText:
    """One need in a life area, from the first look at it to what is done about it."""

    who: str
    resources: str
    situation: str
    need: str
    view: str
    better: str
    goal: str
    measured_by: str
    measures: tuple[tuple[Actor, str], ...]
    provider: str
    domain: LegalDomain
    offer: str
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernText:
    """Why somebody comes; `areas` is what the assessment will look at, `outcome` how a one-off consultation ends."""

    who: str
    text: str
    areas: tuple[LifeArea, ...] = ()
    outcome: IntakeOutcome = IntakeOutcome.CASE_MANAGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralText:
    """A service one refers to, why, and what it answers."""

    who: str
    receiver: str
    domain: LegalDomain
    offer: str
    reason: str
    concern: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactText:
    """An entry of the running record that fits any case."""

    who: str
    kind: ContactKind
    text: str
    partner: str
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTexts:
    """Everything the generator writes with."""

    communities: tuple[Community, ...]
    avoided_names: frozenset[str]
    areas: Mapping[LifeArea, tuple[AreaText, ...]]
    concerns: tuple[ConcernText, ...]
    one_off: tuple[ConcernText, ...]
    referrals: tuple[ReferralText, ...]
    contacts: tuple[ContactText, ...]
    lists: Mapping[str, tuple[str, ...]]
    reassessments: Mapping[str, tuple[str, ...]]
    closures: Mapping[str, tuple[str, ...]]
    notifiers: Mapping[str, tuple[str, ...]]
    plan: Mapping[str, Any]


def fitting_lines(lines: tuple[str, ...], traits: Collection[str]) -> tuple[str, ...]:
    """Return the lines of a list that fit a household, without the word that said so ("children: …")."""
    found = []
    for line in lines:
        who, separator, text = line.partition(": ")
        if not separator or not who.isidentifier() or not who.islower():
            found.append(line)
        elif who in traits:
            found.append(text)
    return tuple(found)


def load_demo_texts() -> DemoTexts:
    """Return names, texts and the plan. A mistake in the files is a bug and raises."""
    names, texts = _read("names"), _read("texts")
    return DemoTexts(
        communities=tuple(_community(entry) for entry in names["communities"]),
        avoided_names=frozenset(names["avoid"]),
        areas={LifeArea(area): tuple(_area(entry) for entry in entries) for area, entries in _read("areas").items()},
        concerns=tuple(
            ConcernText(who=entry["who"], text=entry["text"], areas=tuple(LifeArea(area) for area in entry["areas"]))
            for entry in texts["concerns"]
        ),
        one_off=tuple(
            ConcernText(who=entry["who"], text=entry["text"], outcome=IntakeOutcome(entry["outcome"]))
            for entry in texts["one_off"]
        ),
        referrals=tuple(_referral(entry) for entry in texts["referrals"]),
        contacts=tuple(_contact(entry) for entry in texts["contacts"]),
        lists=_tuples(texts["lists"]),
        reassessments=_tuples(texts["reassessments"]),
        closures=_tuples(texts["closures"]),
        notifiers=_tuples(texts["notifiers"]),
        plan=_read("caseload"),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource("demo", f"{name}.toml").read_text(encoding="utf-8"))


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(entries) for name, entries in lists.items()}


def _community(entry: dict[str, Any]) -> Community:
    family = tuple(entry["family"])
    return Community(
        key=entry["key"],
        language=entry["language"],
        languages=tuple(entry["languages"]),
        nationality=entry["nationality"],
        interpreter=entry["interpreter"],
        weight=entry["weight"],
        naming=entry["naming"],
        given={Gender.FEMALE: tuple(entry["female"]), Gender.MALE: tuple(entry["male"])},
        family=family,
        family_female=tuple(entry.get("family_female", family)),
        statuses=tuple((ResidenceStatus(name), weight) for name, weight in entry["statuses"]),
        spoken=entry["spoken"],
        first_intake=entry.get("first_intake", date.min),
    )


def _area(entry: dict[str, Any]) -> AreaText:
    measures = (measure.split(": ", 1) for measure in entry["measures"])
    return AreaText(
        who=entry["who"],
        resources=entry["resources"],
        situation=entry["situation"],
        need=entry["need"],
        view=entry["view"],
        better=entry["better"],
        goal=entry["goal"],
        measured_by=entry["measured_by"],
        measures=tuple((Actor(actor), text) for actor, text in measures),
        provider=entry["provider"],
        domain=LegalDomain(entry["domain"]),
        offer=entry.get("offer", ""),
        contacts=tuple(entry["contacts"]),
    )


def _referral(entry: dict[str, Any]) -> ReferralText:
    return ReferralText(
        who=entry["who"],
        receiver=entry["receiver"],
        domain=LegalDomain(entry["domain"]),
        offer=entry.get("offer", ""),
        reason=entry["reason"],
        concern=entry["concern"],
        answer=entry["answer"],
    )


def _contact(entry: dict[str, Any]) -> ContactText:
    return ContactText(
        who=entry.get("who", "any"),
        kind=ContactKind(entry["kind"]),
        text=entry["text"],
        partner=entry.get("partner", ""),
        minutes=entry.get("minutes"),
    )
