"""Made-up households: who lives together, how old they are, what they are called, how they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from kimdesk.domain.deadlines import age_on
from kimdesk.domain.records import Member, Person
from kimdesk.domain.vocabulary import Gender, Relation, ResidenceStatus
from kimdesk.services.demo_texts import Community, DemoTexts

T = TypeVar("T")

# What a household of a size is made of beside the client: partner, children, own parents, siblings; and a weight.
_SHAPES: dict[int, tuple[tuple[tuple[int, int, int, int], int], ...]] = {
    1: (((0, 0, 0, 0), 1),),
    2: (((1, 0, 0, 0), 35), ((0, 1, 0, 0), 35), ((0, 0, 0, 1), 15), ((0, 0, 1, 0), 15)),
    3: (((1, 1, 0, 0), 50), ((0, 2, 0, 0), 35), ((1, 0, 1, 0), 10), ((0, 1, 1, 0), 10)),
    4: (((1, 2, 0, 0), 60), ((0, 3, 0, 0), 15), ((1, 1, 1, 0), 20)),
    5: (((1, 3, 0, 0), 65), ((1, 2, 1, 0), 25), ((1, 2, 0, 1), 10)),
    6: (((1, 4, 0, 0), 60), ((1, 3, 1, 0), 40)),
    7: (((1, 5, 0, 0), 50), ((1, 3, 2, 0), 50)),
}
_WITHOUT_EXPIRY = frozenset(
    {
        ResidenceStatus.EU_FREE_MOVEMENT,
        ResidenceStatus.SETTLEMENT_PERMIT,
        ResidenceStatus.GERMAN,
        ResidenceStatus.NONE,
    }
)
_AFTER_YEARS = frozenset({ResidenceStatus.SETTLEMENT_PERMIT, ResidenceStatus.RIGHT_TO_STAY})
_PROTECTED = frozenset({ResidenceStatus.RECOGNISED_REFUGEE, ResidenceStatus.SUBSIDIARY_PROTECTION})
_SOUTHEAST = frozenset({"romania", "bulgaria", "serbia", "albanian"})
_SIZE_WORDS = ("", "allein", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht")
# Numbers that the Bundesnetzagentur keeps free for films and books.
_PHONES = ("0176 040690", "0171 39200")


@dataclass(frozen=True, slots=True)
class Household:
    """People who live together, the client first, and what texts fit them on the day of the intake."""

    community: Community
    members: tuple[Member, ...]
    traits: frozenset[str]

    def names(self, commune: str) -> dict[str, str]:
        """Return what stands in the places of a text; for a child see `child_for`."""
        client, *others = self.members
        partner = next((member for member in others if member.relation is Relation.PARTNER), None)
        return {
            "client": client.person.given_name,
            "partner": "" if partner is None else partner.person.given_name,
            "child": "",
            "language": self.community.interpreter,
            "commune": commune,
            "size": _SIZE_WORDS[len(self.members)],
        }

    def child_for(self, who: str, on: date) -> str:
        """Return the given name of a child of the age a text asks for, else of any child."""
        children = [member.person for member in self.members if member.relation is Relation.CHILD]
        lowest, highest = {"small_child": (0, 5), "school_child": (6, 17)}.get(who, (0, 99))
        fitting = [child for child in children if lowest <= _age(child, on) <= highest] or children
        return fitting[0].given_name if fitting else ""


def _age(person: Person, on: date) -> int:
    return age_on(person.date_of_birth or on, on)


class HouseholdMaker:
    """Makes households from a seeded source of chance."""

    def __init__(self, chance: Random, texts: DemoTexts) -> None:
        self._chance = chance
        self._texts = texts
        self._used: set[str] = set()
        self._given: set[str] = set()

    def make(self, size: int, on: date, commune: str) -> Household:
        """Return a household of `size` people as it was on `on`, the day of the intake."""
        chance = self._chance
        fitting = [community for community in self._texts.communities if community.first_intake <= on]
        community = self._weighted([(entry, entry.weight) for entry in fitting])
        partners, children, parents, siblings = self._weighted(_SHAPES[size])
        if community.key == "ukraine" and partners and size > 2 and chance.random() < 0.6:
            partners, children = 0, children + 1  # many came without the father
        alone = size == 1
        self._given.clear()
        client = self._client(community, on, alone=alone)
        client_age = _age(client, on)
        members = [Member(person=client, relation=Relation.CLIENT)]
        partner = None
        if partners:
            partner = self._person(community, self._other(client.gender), client_age + chance.randint(-4, 5), on)
            if community.naming == "shared":
                partner = replace(partner, family_name=self._family(community, partner.gender, like=client))
            members.append(Member(person=partner, relation=Relation.PARTNER))
        for age in self._children_ages(client_age, children):
            child = self._person(community, self._gender(), age, on)
            members.append(Member(person=self._named_child(community, child, client, partner), relation=Relation.CHILD))
        for position in range(parents):
            gender = Gender.FEMALE if position == 0 else Gender.MALE
            parent = self._person(community, gender, client_age + chance.randint(21, 29), on)
            if community.naming == "shared" or gender is Gender.MALE:
                parent = replace(parent, family_name=self._family(community, gender, like=client))
            members.append(Member(person=parent, relation=Relation.PARENT))
        for _ in range(siblings):
            sibling = self._person(community, self._gender(), max(16, client_age + chance.randint(-9, 6)), on)
            sibling = replace(sibling, family_name=self._family(community, sibling.gender, like=client))
            members.append(Member(person=sibling, relation=Relation.SIBLING))
        settled = self._settled(community, members, on, commune)
        return Household(community, settled, _traits(community, settled, on))

    def _weighted(self, options: Sequence[tuple[T, int]]) -> T:
        return self._chance.choices([option for option, _ in options], [weight for _, weight in options])[0]

    def _gender(self) -> Gender:
        return self._chance.choice((Gender.FEMALE, Gender.MALE))

    @staticmethod
    def _other(gender: Gender | None) -> Gender:
        return Gender.MALE if gender is Gender.FEMALE else Gender.FEMALE

    def _client(self, community: Community, on: date, *, alone: bool) -> Person:
        chance = self._chance
        if alone:
            lowest, highest = self._weighted((((18, 26), 35), ((27, 55), 55), ((62, 76), 10)))
        else:
            lowest, highest = 23, 48
        female = chance.random() < (0.75 if community.key == "ukraine" else 0.3 if alone else 0.5)
        return self._person(community, Gender.FEMALE if female else Gender.MALE, chance.randint(lowest, highest), on)

    def _person(self, community: Community, gender: Gender, age: int, on: date) -> Person:
        """Return a person of `age` with a name that is neither used yet nor anybody's in public life."""
        chance = self._chance
        for _ in range(60):
            given = chance.choice([name for name in community.given[gender] if name not in self._given])
            family = chance.choice(community.family_female if gender is Gender.FEMALE else community.family)
            name = f"{given} {family}"
            if name not in self._used and name not in self._texts.avoided_names:
                break
        self._used.add(name)
        self._given.add(given)  # nobody in a household is called like another
        born = date(on.year - age, on.month, 1) - timedelta(days=chance.randint(3, 360))
        return Person(
            id=UUID(int=chance.getrandbits(128), version=4),
            given_name=given,
            family_name=family,
            spoken_name=community.spoken.get(given, ""),
            date_of_birth=born,
            gender=gender,
            nationality=community.nationality,
            languages=community.languages,
        )

    @staticmethod
    def _family(community: Community, gender: Gender | None, like: Person) -> str:
        """Return the family name of `like` in the form for `gender`."""
        forms = (community.family, community.family_female)
        for names in forms:
            if like.family_name in names:
                return forms[gender is Gender.FEMALE][names.index(like.family_name)]
        return like.family_name

    def _named_child(self, community: Community, child: Person, client: Person, partner: Person | None) -> Person:
        father = next((one for one in (client, partner) if one is not None and one.gender is Gender.MALE), None)
        if community.naming == "patronym":
            called = father.given_name if father else self._chance.choice(community.given[Gender.MALE])
            return replace(child, family_name=called)
        return replace(child, family_name=self._family(community, child.gender, like=father or client))

    def _children_ages(self, client_age: int, number: int) -> list[int]:
        oldest = max(number, min(client_age - 20, 17))
        return sorted(self._chance.sample(range(oldest + 1), number), reverse=True)

    def _settled(self, community: Community, members: list[Member], on: date, commune: str) -> tuple[Member, ...]:
        """Return the members with entry, status, languages and ways to reach them."""
        chance = self._chance
        status = self._weighted(community.statuses)
        if status in _AFTER_YEARS:
            entered = on - timedelta(days=chance.randint(2300, 4200))
        elif community.first_intake > date.min:
            entered = (
                community.first_intake
                - timedelta(days=10)
                + timedelta(days=chance.randint(0, max(1, min(400, (on - community.first_intake).days))))
            )
        else:
            lowest, highest = self._weighted((((30, 330), 3), ((700, 2000), 3), ((1200, 2700), 4)))
            entered = on - timedelta(days=chance.randint(lowest, highest))
        street = (
            f"{chance.choice(('Musterweg', 'Beispielstraße', 'Musterplatz', 'Beispielallee'))} {chance.randint(1, 98)}"
        )
        address = f"{street}, {commune}" if chance.random() < 0.75 else ""
        settled = []
        for member in members:
            person = member.person
            born_here = person.date_of_birth is not None and person.date_of_birth > entered
            adult = _age(person, on) >= 16
            languages = person.languages
            if chance.random() < (0.45 if adult else 0.75) and _age(person, on) > 3:
                languages = (*languages, "de")
            person = replace(
                person,
                entered_germany_on=None if born_here else entered,
                residence_status=status,
                languages=languages,
                phone=f"{chance.choice(_PHONES)}{chance.randint(0, 99):02d}" if adult and chance.random() < 0.8 else "",
                address=address,
            )
            settled.append(replace(member, person=person))
        return tuple(settled)


def with_expiry(household: Household, expires_on: date, chance: Random) -> Household:
    """Return the household with titles that run out on `expires_on`, some of the family's two weeks later."""
    members = tuple(
        member
        if member.person.residence_status in _WITHOUT_EXPIRY
        else replace(
            member,
            person=replace(
                member.person, residence_expires_on=expires_on + timedelta(days=chance.choice((0, 0, 14)) * (index > 0))
            ),
        )
        for index, member in enumerate(household.members)
    )
    return replace(household, members=members)


def has_titles(household: Household) -> bool:
    """Return whether the household's titles run out some day."""
    return household.members[0].person.residence_status not in _WITHOUT_EXPIRY


def _traits(community: Community, members: tuple[Member, ...], on: date) -> frozenset[str]:
    """Return which texts fit."""
    client = members[0].person
    age, status = _age(client, on), client.residence_status
    children = [_age(member.person, on) for member in members if member.relation is Relation.CHILD]
    relations = {member.relation for member in members}
    traits = {
        "any": True,
        "single": len(members) == 1,
        "couple": Relation.PARTNER in relations,
        "children": bool(children),
        "family": bool(children),
        "large": len(members) >= 5,
        "small_child": any(1 <= child <= 5 for child in children),
        "school_child": any(6 <= child <= 17 for child in children),
        "young": 16 <= age <= 26,
        "adult": 25 <= age <= 60,
        "elder": age >= 62 or Relation.PARENT in relations,
        "woman": client.gender is Gender.FEMALE and 18 <= age <= 42,
        "permit": status not in _WITHOUT_EXPIRY,
        "with_parent": Relation.PARENT in relations,
        "asylum": status is ResidenceStatus.ASYLUM_PERMISSION,
        "permission": status in (ResidenceStatus.ASYLUM_PERMISSION, ResidenceStatus.TOLERATION) and 18 <= age <= 60,
        "protected_single": len(members) == 1 and age < 60 and status in _PROTECTED,
        "southeast": community.key in _SOUTHEAST,
        "long_here": client.entered_germany_on is not None and (on - client.entered_germany_on).days > 1800,
        "toleration": status is ResidenceStatus.TOLERATION,
    }
    return frozenset(name for name, fits in traits.items() if fits)
