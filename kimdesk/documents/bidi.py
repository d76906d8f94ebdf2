"""The Unicode Bidirectional Algorithm (UAX #9), with isolates and the bracket rule.

First the levels of a whole paragraph, then, per line, rule L1 (`line_levels`) and the order of display (rule L2,
`visual_order`). Why the project has its own: see docs/decisions/020-own-bidi.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from kimdesk.documents import bidi_data

Base = Literal["ltr", "rtl", "auto"]

_MAX_DEPTH = 125  # BD2
_MAX_OPEN_BRACKETS = 63  # BD16

_class_of = lru_cache(maxsize=4096)(bidi_data.bidi_class)
_INITIATORS = frozenset({"LRI", "RLI", "FSI"})
_EMBEDDINGS = {"RLE": (1, ""), "LRE": (0, ""), "RLO": (1, "R"), "LRO": (0, "L")}
_REMOVED = frozenset({"RLE", "LRE", "RLO", "LRO", "PDF", "BN"})  # X9
_STRONG = frozenset({"L", "R", "AL"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON", "FSI", "LRI", "RLI", "PDI"})
_TRAILING = frozenset({"WS", "FSI", "LRI", "RLI", "PDI"})
_NEEDS_ALGORITHM = frozenset({"R", "AL", "AN", *_EMBEDDINGS, "PDF", *_INITIATORS, "PDI"})
# Text of these characters alone is level 0 throughout: nothing right-to-left, no control, no separator.
_PLAIN = re.compile(r"[\u0020-\u007e\u00a0-\u058f\u1200-\u139f\u2010-\u2027\u2030-\u205e\u20a0-\u20cf]*")
_AS_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}  # how N0 to N2 see a resolved type


def levels(text: str, base: Base) -> tuple[int, list[int]]:
    """Return the paragraph level and one resolved level per character of `text`, taken as one line.

    `base` is the direction of the paragraph; "auto" follows its first strong character (P2, P3). Rule L1 is applied.
    Explicit formatting characters, which the standard removes, get the level of the character before. A paragraph
    separator inside `text` closes all embeddings; what follows is resolved at the same paragraph level.
    """
    paragraph, resolved = resolve(text, base)
    return paragraph, line_levels(text, resolved, paragraph, 0, len(text))


def resolve(text: str, base: Base) -> tuple[int, list[int]]:
    """Return the paragraph level and the levels after rule I2, before L1: what line breaking needs."""
    if base != "rtl" and _PLAIN.fullmatch(text):
        return 0, [0] * len(text)
    classes = [_class_of(character) for character in text]
    matching = _matching_isolates(classes)
    paragraph = {"ltr": 0, "rtl": 1}.get(base, -1)
    if paragraph < 0:
        paragraph = _first_strong_level(classes, matching, 0, len(classes))
    if paragraph == 0 and _NEEDS_ALGORITHM.isdisjoint(classes):
        return 0, [0] * len(classes)
    resolved, types = _explicit(classes, matching, paragraph)
    kept = [index for index, name in enumerate(classes) if name not in _REMOVED]
    for sequence, start, end in _isolating_runs(kept, resolved, classes, matching, paragraph):
        _resolve_sequence(text, sequence, start, end, resolved, types)
    before = paragraph
    for index, name in enumerate(classes):
        if name in _REMOVED:
            resolved[index] = before
        before = resolved[index]
    return paragraph, resolved


def line_levels(text: str, resolved: Sequence[int], paragraph: int, start: int, end: int) -> list[int]:
    """Return the levels of the line `text[start:end]` after rule L1; `resolved` belongs to the whole paragraph."""
    result = list(resolved[start:end])
    if paragraph == 0 and not any(result):
        return result
    resetting = True
    for offset in range(end - start - 1, -1, -1):
        name = _class_of(text[start + offset])
        if name in ("B", "S"):
            resetting = True
            result[offset] = paragraph
        elif name in _TRAILING:
            if resetting:
                result[offset] = paragraph
        elif name not in _REMOVED:
            resetting = False
    before = paragraph
    for offset in range(end - start):
        if _class_of(text[start + offset]) in _REMOVED:
            result[offset] = before
        before = result[offset]
    return result


def visual_order(levels: Sequence[int]) -> list[int]:
    """Return the indexes of `levels` (one line) in display order from left to right (rule L2)."""
    order = list(range(len(levels)))
    if not levels:
        return order
    lowest_odd = min((level for level in levels if level % 2), default=None)
    if lowest_odd is None:
        return order
    for level in range(max(levels), lowest_odd - 1, -1):
        index = 0
        while index < len(order):
            if levels[order[index]] < level:
                index += 1
                continue
            end = index
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[index:end] = order[index:end][::-1]
            index = end
    return order


def mirrored(text: str) -> str:
    """Return `text` as a right-to-left run shows it: brackets and the like turned round (rule L4)."""
    return "".join(bidi_data.MIRRORED.get(character, character) for character in text)


def _matching_isolates(classes: Sequence[str]) -> dict[int, int]:
    """Return initiator -> PDI and PDI -> initiator for every matched pair (BD9)."""
    matching: dict[int, int] = {}
    open_isolates: list[int] = []
    for index, name in enumerate(classes):
        if name in _INITIATORS:
            open_isolates.append(index)
        elif name == "PDI" and open_isolates:
            initiator = open_isolates.pop()
            matching[initiator] = index
            matching[index] = initiator
        elif name == "B":
            open_isolates.clear()
    return matching


def _first_strong_level(classes: Sequence[str], matching: dict[int, int], start: int, end: int) -> int:
    """Return 1 if the first strong character outside isolates is R or AL, else 0 (P2, P3)."""
    index = start
    while index < end:
        name = classes[index]
        if name in _STRONG:
            return 0 if name == "L" else 1
        if name == "B":
            return 0
        if name in _INITIATORS:
            index = matching.get(index, end)
        index += 1
    return 0


def _explicit(classes: list[str], matching: dict[int, int], paragraph: int) -> tuple[list[int], list[str]]:
    """Return embedding levels and types after overrides (X1 to X8)."""
    result: list[int] = []
    types: list[str] = []
    stack: list[tuple[int, str, bool]] = [(paragraph, "", False)]
    overflow_isolates = overflow_embeddings = valid_isolates = 0
    for index, name in enumerate(classes):
        level, override, _ = stack[-1]
        kind = name
        if name in _INITIATORS or name in _EMBEDDINGS:
            if name in _EMBEDDINGS:
                odd, forced = _EMBEDDINGS[name]
            else:
                kind = override or name
                forced = ""
                odd = 1 if name == "RLI" else 0
                if name == "FSI":
                    odd = _first_strong_level(classes, matching, index + 1, matching.get(index, len(classes)))
            deeper = level + 1 if (level + 1) % 2 == odd else level + 2
            if deeper <= _MAX_DEPTH and not overflow_isolates and not overflow_embeddings:
                stack.append((deeper, forced, name in _INITIATORS))
                valid_isolates += name in _INITIATORS
            elif name in _INITIATORS:
                overflow_isolates += 1
            elif not overflow_isolates:
                overflow_embeddings += 1
        elif name == "PDI":
            if overflow_isolates:
                overflow_isolates -= 1
            elif valid_isolates:
                overflow_embeddings = 0
                while not stack[-1][2]:
                    stack.pop()
                stack.pop()
                valid_isolates -= 1
            level, override, _ = stack[-1]
            kind = override or name
        elif name == "PDF":
            if not overflow_isolates:
                if overflow_embeddings:
                    overflow_embeddings -= 1
                elif not stack[-1][2] and len(stack) > 1:
                    stack.pop()
        elif name == "B":
            level = paragraph
            stack = [(paragraph, "", False)]
            overflow_isolates = overflow_embeddings = valid_isolates = 0
        elif name != "BN" and override:
            kind = override
        result.append(level)
        types.append(kind)
    return result, types


def _isolating_runs(
    kept: list[int], levels: list[int], classes: list[str], matching: dict[int, int], paragraph: int
) -> list[tuple[list[int], str, str]]:
    """Return the isolating run sequences as indexes, each with its types sos and eos (BD13, X10)."""
    sequences: list[list[int]] = []
    positions: list[tuple[int, int]] = []  # of each sequence: first and last place in `kept`
    waiting: dict[int, int] = {}  # isolate initiator that ends a run -> its sequence
    place = 0
    while place < len(kept):
        first = place
        level = levels[kept[first]]
        while place < len(kept) and levels[kept[place]] == level:
            place += 1
        run = kept[first:place]
        number = waiting.pop(matching.get(run[0], -1), -1) if classes[run[0]] == "PDI" else -1
        if number < 0:
            number = len(sequences)
            sequences.append(run)
            positions.append((first, place - 1))
        else:
            sequences[number].extend(run)
            positions[number] = (positions[number][0], place - 1)
        if classes[run[-1]] in _INITIATORS and run[-1] in matching:
            waiting[run[-1]] = number
    result = []
    for sequence, (first, last) in zip(sequences, positions, strict=True):
        level = levels[sequence[0]]
        before = levels[kept[first - 1]] if first else paragraph
        ends_isolated = classes[sequence[-1]] in _INITIATORS
        after = paragraph if ends_isolated or last + 1 >= len(kept) else levels[kept[last + 1]]
        result.append((sequence, "LR"[max(level, before) % 2], "LR"[max(level, after) % 2]))
    return result


def _resolve_sequence(
    text: str, sequence: list[int], start: str, end: str, levels: list[int], types: list[str]
) -> None:
    """Apply W1 to W7, N0 to N2, I1 and I2 to one isolating run sequence; changes `levels`."""
    before_weak = [types[index] for index in sequence]
    kinds = _weak(before_weak, start)
    level = levels[sequence[0]]
    embedding = "LR"[level % 2]
    if "ON" in kinds:
        _brackets(text, sequence, kinds, before_weak, start, embedding)
    _neutrals(kinds, start, end, embedding)
    for index, kind in zip(sequence, kinds, strict=True):
        if level % 2:
            levels[index] = level if kind == "R" else level + 1
        elif kind != "L":
            levels[index] = level + (1 if kind == "R" else 2)


def _weak(kinds: list[str], start: str) -> list[str]:
    """Return the types after W1 to W7."""
    result = kinds[:]
    previous = strong = start
    for place, kind in enumerate(result):  # W1 to W3
        if kind == "NSM":
            kind = "ON" if previous in _INITIATORS or previous == "PDI" else previous
        previous = kind
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        result[place] = kind
    for place, kind in enumerate(result):
        if kind == "AL":
            result[place] = "R"
    for place in range(1, len(result) - 1):  # W4
        around = result[place - 1]
        if around == result[place + 1] and (
            (result[place] == "ES" and around == "EN") or (result[place] == "CS" and around in ("EN", "AN"))
        ):
            result[place] = around
    place = 0
    while place < len(result):  # W5
        if result[place] != "ET":
            place += 1
            continue
        first = place
        while place < len(result) and result[place] == "ET":
            place += 1
        if (first and result[first - 1] == "EN") or (place < len(result) and result[place] == "EN"):
            result[first:place] = ["EN"] * (place - first)
    strong = start
    for place, kind in enumerate(result):  # W6, W7
        if kind in ("L", "R"):
            strong = kind
        elif kind in ("ES", "ET", "CS"):
            result[place] = "ON"
        elif kind == "EN" and strong == "L":
            result[place] = "L"
    return result


def _brackets(
    text: str, sequence: list[int], kinds: list[str], before_weak: list[str], start: str, embedding: str
) -> None:
    """Apply N0: a pair of brackets takes the direction of what it holds or of what stands before it."""
    for opening, closing in _bracket_pairs(text, sequence, kinds):
        inside = {_AS_STRONG[kind] for kind in kinds[opening + 1 : closing] if kind in _AS_STRONG}
        if not inside:
            continue
        direction = embedding
        if embedding not in inside:
            # Only the opposite direction is inside: what stands before decides between it and the embedding.
            direction = next((_AS_STRONG[kind] for kind in reversed(kinds[:opening]) if kind in _AS_STRONG), start)
        for bracket in (opening, closing):
            kinds[bracket] = direction
            place = bracket + 1
            while place < len(kinds) and before_weak[place] == "NSM":
                kinds[place] = direction
                place += 1


def _bracket_pairs(text: str, sequence: list[int], kinds: list[str]) -> list[tuple[int, int]]:
    """Return the places of matched brackets, in order of the opening one (BD16)."""
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for place, index in enumerate(sequence):
        if kinds[place] != "ON":
            continue
        character = text[index]
        if character in bidi_data.OPENING:
            if len(stack) == _MAX_OPEN_BRACKETS:
                return []
            closing = bidi_data.OPENING[character]
            stack.append((bidi_data.CANONICAL.get(closing, closing), place))
        elif character in bidi_data.CLOSING:
            wanted = bidi_data.CANONICAL.get(character, character)
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == wanted:
                    pairs.append((stack[depth][1], place))
                    del stack[depth:]
                    break
    return sorted(pairs)


def _neutrals(kinds: list[str], start: str, end: str, embedding: str) -> None:
    """Apply N1 and N2."""
    place = 0
    before = start
    while place < len(kinds):
        if kinds[place] not in _NEUTRAL:
            before = _AS_STRONG[kinds[place]]
            place += 1
            continue
        first = place
        while place < len(kinds) and kinds[place] in _NEUTRAL:
            place += 1
        after = _AS_STRONG[kinds[place]] if place < len(kinds) else end
        kinds[first:place] = [before if before == after else embedding] * (place - first)
