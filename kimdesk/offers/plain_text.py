"""Turns text from outside into plain text: HTML into paragraphs, control characters and stray halves out."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_DROPPED = frozenset({"script", "style", "template", "iframe", "object", "noscript", "svg", "head", "title"})
_PARAGRAPH = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "section", "article", "blockquote", "pre"}
)
_LINE = frozenset({"br", "tr", "dt", "dd"})
# C0 and C1 controls, soft hyphen, zero-width space and byte order mark; bidi marks and joiners carry meaning and stay.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS_IN_BRACKETS = re.compile(r" \((?:https?://|[^\s()]+@)[^\s()]*\)")
_LONE_BRACKET = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_ENDLESS_TAG = re.compile(r"<[^<>]{4000,}>")
_BLANKS = re.compile(r"[ \t\u00a0\u2007\u202f]+")


def clean(text: str) -> str:
    """Return `text` in Unicode form C, without control characters, with single blanks and ``\\n`` line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _SURROGATE.sub("\ufffd", _UNWANTED.sub("", text))
    lines = [_BLANKS.sub(" ", line).strip() for line in unicodedata.normalize("NFC", text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """Return `text` cleaned and in one line."""
    return " ".join(clean(text).split())


def html_to_text(markup: str) -> str:
    """Return the text of `markup`: paragraphs parted by an empty line, list items with "•" or their number,
    links as ``text (address)``. Scripts, styles, frames and pictures are left out; broken markup is text."""
    collector = _Collector()
    collector.feed(_closed_tags_only(markup))
    collector.close()
    return collector.result()


def _closed_tags_only(markup: str) -> str:
    """Return `markup` without comments, declarations and endless tags, every ``<`` that closes nowhere as text.

    The standard library's parser takes quadratic time on such input (minutes for 300,000 characters) and raises
    `AssertionError` for some declarations.
    """
    parts, position = [], 0
    while (begin := markup.find("<!--", position)) >= 0:
        parts.append(markup[position:begin])
        end = markup.find("-->", begin + 4)
        position = len(markup) if end < 0 else end + 3
    parts.append(markup[position:])
    markup = _LONE_BRACKET.sub("&lt;", "".join(parts))
    return _ENDLESS_TAG.sub("", _DECLARATION.sub("", markup))


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._dropped = 0
        self._lists: list[int | None] = []
        self._link: str | None = None
        self._link_start = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += 1
        elif tag in ("ul", "ol"):
            self._parts.append("\n" if self._lists else "\n\n")
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._parts.append("\n" + self._bullet())
        elif tag in _PARAGRAPH:
            # A paragraph inside a list item stays on the item's line.
            self._parts.append("" if self._lists else "\n\n")
        elif tag in _LINE:
            self._parts.append("\n")
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag == "a":
            self._link = next((value for name, value in attrs if name == "href"), None)
            self._link_start = len(self._parts)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag in ("ul", "ol"):
            if self._lists:
                self._lists.pop()
            self._parts.append("\n\n" if not self._lists else "\n")
        elif tag in _PARAGRAPH:
            self._parts.append(" " if self._lists else "\n\n")
        elif tag == "a":
            self._close_link()

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            # Line ends inside the source of a paragraph are blanks.
            self._parts.append(re.sub(r"[\r\n\t ]+", " ", data))

    def result(self) -> str:
        return _join_bullets(clean("".join(self._parts)))

    def _bullet(self) -> str:
        if self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1
            return f"{number + 1}. "
        return "• "

    def _close_link(self) -> None:
        target, self._link = self._link, None
        if target is None or self._dropped:
            return
        shown = clean_line("".join(self._parts[self._link_start :]))
        address = clean_line(re.sub(r"^(mailto|tel):", "", target, flags=re.IGNORECASE)).split("?subject=")[0]
        if not shown or not address or address.startswith(("#", "javascript:", "data:")):
            return  # a linked picture, or a jump inside the page
        if target.lower().startswith("tel:") and sum(letter.isdigit() for letter in shown) >= 5:
            return  # the number stands there already, written for people
        if _bare(address) not in _bare(shown):
            self._parts.append(f" ({address})")


def _bare(address: str) -> str:
    """Return an address without what people leave out when they write it down."""
    return re.sub(r"^(https?://)?(www\.)?|[/\s]+$", "", address.lower()).replace(" ", "")


def _join_bullets(text: str) -> str:
    """Bring a bullet and its text onto one line and drop bullets without text."""
    text = re.sub(r"(?m)^(•|\d+\.)\n+(?=[^•\n])", r"\1 ", text)
    text = re.sub(r"(?m)^•$\n?", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def first_sentences(text: str, limit: int = 220) -> str:
    """Return the beginning of `text` up to `limit` characters, without link addresses, cut at a sentence or a word."""
    flat = clean_line(_ADDRESS_IN_BRACKETS.sub("", text.split("\n•", 1)[0] if text.find("\n•") > 40 else text))
    if len(flat) <= limit:
        return flat
    head = flat[:limit]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    if end >= limit // 3:
        return head[: end + 1]
    return head.rsplit(" ", 1)[0].rstrip(",;:") + " …"
