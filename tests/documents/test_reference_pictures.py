"""One page per script, compared with a picture somebody has looked at.

The pictures lie in `tests/documents/pictures` (small, grey). `KIMDESK_NEW_PICTURES=1 pytest …` writes them anew: look
at them before they are committed. They are compared with tolerance: a newer font draws a stem a little thicker.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from kimdesk.documents.fonts import FontBook
from kimdesk.documents.letterhead import Letterhead
from kimdesk.documents.printing import PrintOptions, print_papers
from tests.documents.samples import SAMPLES, TODAY

Tool = Callable[..., bytes]
# Read when the tests are collected: none of them sees variables of this kind.
_NEW_PICTURES = bool(os.environ.get("KIMDESK_NEW_PICTURES"))
_FOLDER = Path(__file__).parent / "pictures"
_MOST_DIFFERENT = 3.0
"""Mean difference of blurred grey values, of 255."""
PAGES = {
    "latin": ("appointment", ("ro", "de")),
    "cyrillic": ("appointment", ("uk", "de")),
    "arabic": ("appointment", ("ar",)),
    "sorani": ("consent", ("ckb", "de")),
    "ethiopic": ("appointment", ("ti", "de")),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_did(fonts: FontBook, letterhead: Letterhead, poppler: Tool, name: str) -> None:
    document, languages = PAGES[name]
    pdf = print_papers([SAMPLES[document]], languages, letterhead, TODAY, PrintOptions(fonts=fonts))
    data = poppler("pdftoppm", pdf, "-r", "50", "-gray", "-f", "1", "-l", "1")
    page = Image.open(io.BytesIO(data)).convert("L")
    path = _FOLDER / f"{name}.png"
    if _NEW_PICTURES:
        path.parent.mkdir(exist_ok=True)
        page.save(path, optimize=True)
    known = Image.open(path).convert("L")
    assert page.size == known.size
    blurred = [picture.filter(ImageFilter.GaussianBlur(1.5)) for picture in (page, known)]
    difference = ImageStat.Stat(ImageChops.difference(*blurred)).mean[0]
    assert difference < _MOST_DIFFERENT
    # And it can fail: the same page turned round is another page.
    turned = ImageStat.Stat(ImageChops.difference(blurred[0].transpose(Image.Transpose.FLIP_LEFT_RIGHT), blurred[1]))
    assert turned.mean[0] > 2 * _MOST_DIFFERENT or turned.mean[0] > 4 * max(difference, 0.5)
