"""The offer directory: offers, their texts by language, the keys they are recognised by, and the search indexes.

The two full-text indexes are virtual tables and therefore not part of `metadata`: they are created by the
migration and written together with `offer_texts`, whose `number` is their row id. Both hold folded text only and
keep no copy of it (``content=''``).
"""

from __future__ import annotations

import sqlalchemy as sa

from kimdesk.offers.model import OfferSource, OfferStatus
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
    sa.UniqueConstraint("source", "source_key"),
)
"""One row per offer; `facts` is `OfferFacts` as JSON."""

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

WORD_INDEX = "offer_words"
PIECE_INDEX = "offer_pieces"
INDEX_COLUMNS = ("title", "keywords", "category", "body")
