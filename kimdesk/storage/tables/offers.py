"""The offer directory: offers, their texts by language, the keys they are recognised by, and the search index."""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.domain.vocabulary import LifeArea, ResidenceStatus
from kimdesk.offers.gaps import GapKind
from kimdesk.offers.model import OfferSource, OfferStatus
from kimdesk.offers.staging import ImportState, Trait, Verdict
from kimdesk.storage.tables.base import Identifier, Moment, Structure, TextList, Words, metadata

offers = sa.Table(
    "offers",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("source", Words(OfferSource), nullable=False),
    sa.Column("source_key", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("status", Words(OfferStatus), nullable=False),
    sa.Column("facts", Structure(), nullable=False),
    sa.Column("linked_keys", Structure(), nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("added_at", Moment(), nullable=False),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("collection", sa.Text, nullable=False, server_default=""),
    sa.Column("provider", sa.Text, nullable=False, server_default=""),
    sa.Column("minimum_age", sa.Integer),
    sa.Column("maximum_age", sa.Integer),
    sa.Column("places", sa.Integer),
    sa.Column("waiting_weeks", sa.Integer),
    sa.Column("funding_end", sa.Date),
    sa.Column("last_verified", sa.Date),
    sa.Column("removed_at", Moment()),
    sa.UniqueConstraint("source", "source_key"),
    sa.Index("ix_offers_collection", "source", "collection"),
)
"""One row per offer; `facts` is `OfferFacts` as JSON, the columns after `changed_at` repeat what is filtered.

`fingerprint` is empty where a migration changed `facts`. An offer that left the directory keeps its row with
`removed_at`, so that measures and referrals can still name it, but is left out of the search.
"""

offer_texts = sa.Table(
    "offer_texts",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("access_requirements", sa.Text, nullable=False),
    sa.Column("keywords", TextList(), nullable=False),
    sa.Column("category", TextList(), nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.UniqueConstraint("offer_id", "language"),
)
"""What is said about an offer in one language."""

offer_keys = sa.Table(
    "offer_keys",
    metadata,
    sa.Column("source", Words(OfferSource), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), nullable=False),
    sa.Index("ix_offer_keys_offer_id", "offer_id"),
)
"""Every key of a source that means this offer: its own and those of its translations."""

offer_life_areas = sa.Table(
    "offer_life_areas",
    metadata,
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("life_area", sa.Text, primary_key=True),
    sa.Index("ix_offer_life_areas_life_area", "life_area"),
)
"""The life areas an offer serves, for the filter."""

offer_communes = sa.Table(
    "offer_communes",
    metadata,
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("ags", sa.Text, primary_key=True),
    sa.Index("ix_offer_communes_ags", "ags"),
)
"""The communes an offer serves; none means that the source does not limit it."""

offer_traits = sa.Table(
    "offer_traits",
    metadata,
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", Words(Trait), primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Index("ix_offer_traits_kind", "kind", "value"),
)
"""What else can be filtered: admitted statuses, languages spoken, legal domains, genders, features of access."""

offer_hours = sa.Table(
    "offer_hours",
    metadata,
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("weekday", sa.Integer, primary_key=True),
    sa.Column("opens", sa.Text, primary_key=True),
    sa.Column("closes", sa.Text, primary_key=True),
)
"""Regular hours for the filter: weekday 0 (Monday) to 6, local times "HH:MM"; `closes` is "24:00" where open-ended."""

offer_office = sa.Table(
    "offer_office",
    metadata,
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("noted_at", Moment()),
    sa.Column("verified_on", sa.Date),
)
"""What the own office says about an offer, apart from the shared record; no import ever writes here."""

offer_twins = sa.Table(
    "offer_twins",
    metadata,
    sa.Column("first_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("second_id", Identifier(), sa.ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("decided_at", Moment(), nullable=False),
)
"""Pairs that somebody looked at and found to be two different offers; `first_id` is the smaller one."""

offer_imports = sa.Table(
    "offer_imports",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("started_at", Moment(), nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("state", Words(ImportState), nullable=False),
    sa.Column("applied_at", Moment()),
    sa.Column("report", Structure(), nullable=False),
)
"""One row per import that was prepared: what it is, how far it got, what it said."""

offer_staging = sa.Table(
    "offer_staging",
    metadata,
    sa.Column("import_id", Identifier(), sa.ForeignKey("offer_imports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("offer_id", Identifier()),
    sa.Column("verdict", Words(Verdict), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("details", TextList(), nullable=False),
    sa.Column("content", Structure()),
)
"""What a prepared import would do, record by record; `content` is the whole offer as JSON."""

offer_undo = sa.Table(
    "offer_undo",
    metadata,
    sa.Column("import_id", Identifier(), sa.ForeignKey("offer_imports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("offer_id", Identifier(), primary_key=True),
    sa.Column("before", Structure()),
)
"""What an applied import changed, as it was before; `before` is None for an offer the import added."""

offer_gaps = sa.Table(
    "offer_gaps",
    metadata,
    sa.Column("id", Identifier(), primary_key=True),
    sa.Column("kind", Words(GapKind), nullable=False),
    sa.Column("noticed_on", sa.Date, nullable=False),
    sa.Column("recorded_at", Moment(), nullable=False),
    sa.Column("life_area", Words(LifeArea)),
    sa.Column("commune", sa.Text, nullable=False),
    sa.Column("status", Words(ResidenceStatus)),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("waiting_weeks", sa.Integer),
    sa.Column("offer_id", Identifier(), sa.ForeignKey("offers.id", ondelete="SET NULL")),
    sa.Column("case_id", Identifier(), sa.ForeignKey("cases.id", ondelete="SET NULL")),
    sa.Column("origin_key", sa.Text),
    sa.UniqueConstraint("origin_key"),
    sa.Index("ix_offer_gaps_noticed_on", "noticed_on"),
    sa.Index("ix_offer_gaps_case_id", "case_id"),
    sa.Index("ix_offer_gaps_offer_id", "offer_id"),
)
"""What was needed and could not be had. `origin_key` names the referral or search it came from, so that it counts
once."""

offer_index = sa.Table(
    "offer_index",
    metadata,
    sa.Column("number", sa.Integer, sa.ForeignKey("offer_texts.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("terms", sa.Text, nullable=False),
    sa.Column("weights", sa.LargeBinary, nullable=False),
)
"""The words of one text for the search, see `kimdesk.storage.offers_index`; `stamp` says which text they belong to."""
