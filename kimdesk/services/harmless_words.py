"""Words that are no hint at a person although somebody may be called so: German function words, communes."""

from __future__ import annotations

import tomllib
from functools import cache

from kimdesk.domain.named_persons import folded, words_of
from kimdesk.foundation.resources import resource
from kimdesk.services.districts import DistrictProfile


@cache
def _function_words() -> frozenset[str]:
    data = tomllib.loads(resource("offers", "stopwords.toml").read_text(encoding="utf-8"))
    return frozenset(folded(word) for word in data["stopwords"]["de"].split())


def harmless_words(profile: DistrictProfile) -> frozenset[str]:
    """Return folded words that count as a name only beside the other name of the same person."""
    places = [profile.name, *(commune.name for commune in profile.communes)]
    return _function_words() | {folded(word) for place in places for word in words_of(place)}
