"""The translation catalogues: extract new texts, compile, check that nothing is missing.

Two domains. ``kimdesk`` is the user interface (German source, English complete): texts marked in the program
and the labels of indicators and release tables. ``handouts`` is what is printed for clients: texts marked with
`H_` in `kimdesk/documents`, complete in every handout language.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import string
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
# What a catalogue lacks would be printed in German, marked; in these nothing may be missing.
HANDOUT_LANGUAGES = (
    "de_simple",
    "en",
    "uk",
    "ar",
    "fa",
    "ku",
    "ckb",
    "tr",
    "ro",
    "bg",
    "ru",
    "ti",
    "sq",
    "fr",
    "pl",
    "ps",
)
# Catalogues whose folder is no CLDR locale of its own.
_LOCALES = {"de_simple": "de"}
REVIEWED_CONTEXT, REVIEWED_MESSAGE = "kimdesk", "reviewed texts"
_COMMENT_TAG = "Übersetzung:"
_SOURCES = [("**.py", "python"), ("**.html", "jinja2")]
# Dates, persons and tool versions would change in every run and say nothing.
_HEADER_NOISE = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)


@dataclass(frozen=True)
class Domain:
    """One set of catalogues: where its texts stand, how they are marked, which languages are complete.

    `data` names the TOML files whose labels are shown translated, as patterns below the project's folder.
    """

    name: str
    source: str
    keywords: dict[str, tuple[int, ...] | None]
    languages: tuple[str, ...]
    data: tuple[str, ...] = ()

    @property
    def template(self) -> Path:
        """The file with every text and no translation."""
        return TRANSLATIONS / f"{self.name}.pot"

    def catalogue(self, language: str) -> Path:
        """The file with the translations into `language`."""
        return TRANSLATIONS / language / "LC_MESSAGES" / f"{self.name}.po"


DOMAINS = (
    Domain(
        "kimdesk",
        "kimdesk",
        {"_": None, "N_": None, "ngettext": (1, 2)},
        ("en",),
        # Not the offers: what they say is data, shown as it is.
        ("resources/indicators/*.toml", "resources/release/*.toml"),
    ),
    Domain("handouts", "kimdesk/documents", {"H_": None, "HN_": (1, 2)}, HANDOUT_LANGUAGES),
)


def gather(domain: Domain) -> Catalog:
    """Return the template of `domain` as the source has it now; places are files without line numbers."""
    template = Catalog(header_comment=f"# KIM Desk: {domain.name}", fuzzy=False)
    found = extract_from_dir(
        ROOT / domain.source,
        method_map=_SOURCES,
        options_map={"**.html": {"silent": "false"}},
        keywords=domain.keywords,
        comment_tags=(_COMMENT_TAG,),
        strip_comment_tags=True,
    )
    for filename, line, message, comments, context in found:
        place = (Path(domain.source) / filename).as_posix()
        template.add(message, None, [(place, line)], auto_comments=comments, context=context)
    for path in sorted(path for pattern in domain.data for path in ROOT.glob(pattern)):
        place = path.relative_to(ROOT).as_posix()
        for label in labels(tomllib.loads(path.read_text(encoding="utf-8"))):
            template.add(label, None, [(place, 1)])
    return template


def labels(value: object) -> Iterator[str]:
    """Yield every text under a key ``label`` in `value`, a parsed TOML document, however deep it stands."""
    match value:
        case dict():
            for key, inner in value.items():
                if key == "label" and isinstance(inner, str):
                    yield inner
                else:
                    yield from labels(inner)
        case list():
            for inner in value:
                yield from labels(inner)


def as_bytes(catalogue: Catalog) -> bytes:
    """Return `catalogue` as the text of a .po file that depends on nothing but its messages."""
    for message in catalogue:
        message.locations = sorted({(place, 1) for place, _line in message.locations})
        # Places are written {name} here; a percent sign in a sentence is only a percent sign.
        message.flags -= {"python-format", "python-brace-format"}
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_HEADER_NOISE))


def read(path: Path) -> Catalog:
    """Return the catalogue in `path`; its folder names the language. Raises `PoFileError` for a broken one."""
    language = None if path.suffix == ".pot" else locale_of(path)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def locale_of(path: Path) -> str:
    """Return the CLDR locale of the catalogue in `path`."""
    folder = path.parent.parent.name
    return _LOCALES.get(folder, folder)


def extract() -> int:
    """Take the source's texts over into templates and catalogues; translations that still have a text stay."""
    for domain in DOMAINS:
        template = gather(domain)
        if not len(template):
            continue
        domain.template.write_bytes(as_bytes(template))
        for path in _catalogues(domain):
            if path.is_file():
                catalogue = read(path)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                catalogue = Catalog(locale=locale_of(path), header_comment=template.header_comment, fuzzy=False)
            # A guess by likeness would pass for a translation.
            catalogue.update(template, no_fuzzy_matching=True)
            path.write_bytes(as_bytes(catalogue))
            open_texts = sum(1 for message in catalogue if message.id and not _is_translated(message))
            print(f"{path.relative_to(ROOT).as_posix()}: {len(catalogue)} texts, {open_texts} not translated")
    return 0


def _catalogues(domain: Domain) -> list[Path]:
    """Return the catalogues of `domain`, those that must exist and those that do."""
    wanted = {domain.catalogue(language) for language in domain.languages}
    return sorted(wanted | set(TRANSLATIONS.glob(f"*/LC_MESSAGES/{domain.name}.po")))


def compile_all() -> int:
    """Compile every catalogue that is newer than its compiled form."""
    for source in sorted(TRANSLATIONS.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        temporary = target.with_suffix(".mo.tmp")
        with temporary.open("wb") as file:
            write_mo(file, compiled(read(source)))
        os.replace(temporary, target)
    return 0


def compiled(catalogue: Catalog) -> Catalog:
    """Return `catalogue` as it goes into the program: translated texts only, and the list of reviewed ones.

    A text is reviewed when one of its comments begins with the word "reviewed" (by whom, when). The list is an entry
    of its own, because comments do not get into the compiled form.
    """
    reviewed = []
    for message in list(catalogue):
        if not message.id:
            continue
        if not _is_translated(message):
            catalogue.delete(message.id, message.context)
        elif any(comment.strip().lower().startswith("reviewed") for comment in message.user_comments):
            reviewed.append(digest(_forms(message.id)[0]))
    if reviewed:
        catalogue.add(REVIEWED_MESSAGE, " ".join(sorted(reviewed)), context=REVIEWED_CONTEXT)
    return catalogue


def digest(message: str) -> str:
    """Return the short name of a message in the list of reviewed ones; `kimdesk.documents.wording` has the same."""
    return hashlib.sha256(message.encode("utf-8")).hexdigest()[:10]


def check() -> int:
    """Print what is wrong with the catalogues, one line each; returns 1 if anything is."""
    findings = [finding for domain in DOMAINS for finding in _check_domain(domain)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def _check_domain(domain: Domain) -> Iterator[str]:
    template = gather(domain)
    if not len(template) and not domain.template.exists():
        return
    if not domain.template.exists() or domain.template.read_bytes() != as_bytes(template):
        yield f"{domain.template.name}: older than the source; please run: make catalogues"
    for path in _catalogues(domain):
        name = path.relative_to(ROOT).as_posix()
        if not path.is_file():
            yield f"{name}: missing; please run: make catalogues"
            continue
        complete = path in map(domain.catalogue, domain.languages)
        for finding in check_catalogue(template, read(path), complete=complete):
            yield f"{name}: {finding}"


def check_catalogue(template: Catalog, catalogue: Catalog, *, complete: bool) -> Iterator[str]:
    """Find what is wrong with `catalogue`, one line each; gaps count only where it must be `complete`."""
    texts = {(message.context, message.id) for message in template if message.id}
    for message in catalogue:
        if not message.id:
            continue
        if (message.context, message.id) not in texts:
            yield f"no longer in the source: {_shown(message)}"
        elif not _is_translated(message):
            if complete:
                yield f"not translated: {_shown(message)}"
        elif message.fuzzy:
            yield f"marked fuzzy: {_shown(message)}"
        else:
            yield from _check_places(message)
    if complete:
        present = {(message.context, message.id) for message in catalogue}
        yield from (f"lacks: {text!r}" for _context, text in sorted(texts - present, key=repr))
    if catalogue.obsolete:
        yield f"keeps {len(catalogue.obsolete)} obsolete texts"


def _check_places(message: Message) -> Iterator[str]:
    """Find translations whose {places} are not those of the German text."""
    sources, translations = _forms(message.id), _forms(message.string)
    try:
        allowed = [_places(text) for text in sources]
        wrong = [text for text in translations if _places(text) not in allowed]
    except ValueError:
        yield f"a brace without its partner: {_shown(message)}"
        return
    if wrong:
        yield f"other places in braces than the German text: {_shown(message)}"


def _places(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    if text is None:
        return []
    return [text] if isinstance(text, str) else list(text)


def _is_translated(message: Message) -> bool:
    forms = _forms(message.string)
    return bool(forms) and all(forms)


def _shown(message: Message) -> str:
    return repr(_forms(message.id)[0])


def main() -> int:
    """Run one of the three actions and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("extract", "compile", "check"))
    match parser.parse_args().action:
        case "extract":
            return extract()
        case "compile":
            return compile_all()
        case _:
            return check()


if __name__ == "__main__":
    sys.exit(main())
