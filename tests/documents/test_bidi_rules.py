"""What holds for every text, beside the official cases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kimdesk.documents.bidi import Base, levels, line_levels, resolve, visual_order

_TEXTS = st.text(
    alphabet="abאבعم12 .,:/+€()[]\t\u0661\u0300\u2066\u2067\u2068\u2069\u202a\u202b\u202e\u202c", max_size=30
)
_BASES = st.sampled_from(["ltr", "rtl", "auto"])
_PHONE = "02307 9248872"


@given(_TEXTS, _BASES)
def test_order_is_a_permutation(text: str, base: Base) -> None:
    assert sorted(visual_order(levels(text, base)[1])) == list(range(len(text)))


@given(st.lists(st.integers(0, 6), max_size=20))
def test_runs_of_one_level_stay_together(found: list[int]) -> None:
    """Rule L2: a run of an even level stands as it is, one of an odd level is turned round."""
    place = {index: position for position, index in enumerate(visual_order(found))}
    for index in range(1, len(found)):
        if found[index] == found[index - 1]:
            assert place[index] - place[index - 1] == (-1 if found[index] % 2 else 1)


@given(_TEXTS, _BASES)
def test_white_space_at_the_end_follows_the_paragraph(text: str, base: Base) -> None:
    """Rule L1."""
    paragraph, found = levels(text + "x1 \t ", base)
    assert found[-3:] == [paragraph] * 3


@given(_TEXTS, _BASES, st.integers(0, 30), st.integers(0, 30))
def test_a_line_keeps_the_levels_of_its_paragraph(text: str, base: Base, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    paragraph, found = resolve(text, base)
    line = line_levels(text, found, paragraph, start, end)
    assert len(line) == end - start
    assert all(
        kept in (before, paragraph) or kept in line[:place]
        for place, (kept, before) in enumerate(zip(line, found[start:end], strict=True))
    )


@given(st.text(alphabet="abאבعم12 .,()", max_size=20), st.text(alphabet="abאבعم12 .,()", max_size=20), _BASES)
def test_an_isolated_number_stays_in_order(before: str, after: str, base: Base) -> None:
    text = f"{before}\u2066{_PHONE}\u2069{after}"
    shown = "".join(text[index] for index in visual_order(levels(text, base)[1]))
    assert _PHONE in shown


def test_without_an_isolate_a_number_among_arabic_is_turned_round() -> None:
    """As the standard demands; this is why the templates isolate."""
    text = f"اتصل {_PHONE} الآن"
    shown = "".join(text[index] for index in visual_order(levels(text, "rtl")[1]))
    assert "9248872 02307" in shown


def test_brackets_follow_what_they_hold() -> None:
    text = "مركز (KIM) في"
    shown = "".join(text[index] for index in visual_order(levels(text, "rtl")[1]))
    assert "KIM" in shown
    assert levels(text, "rtl")[1][5] == levels(text, "rtl")[1][9] == 1
