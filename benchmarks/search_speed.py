"""How long one keystroke of the search takes in a large directory, beside raw FTS5 and a LIKE scan in the same run.

    python benchmarks/search_speed.py [--offers 20000] [--prefixes 200] [--json]

The offers are made up from the texts of the directory that comes with the program and from compounds, so that a
beginning of a word also stands inside others. They lie in an encrypted vault and are searched as the window does it:
twelve hits with excerpts (what the list shows at first) and the number of all. "fts5" is a word index with prefixes of
one to three letters in the same vault, asked for the best twelve; "like" is a scan of title and text there. Every
prefix is asked of all three in turn, so that a busy machine slows them alike.

`found` is the share of the offers with the folded letters anywhere in a word that the search finds, from three letters
on, over all prefixes.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.demo_directory import load_directory
from kimdesk.offers.folding import fold, words_of
from kimdesk.offers.lexicon import load_lexicon
from kimdesk.offers.model import OfferSource, OfferStatus
from kimdesk.offers.query import parse_query
from kimdesk.offers.ranking import rank
from kimdesk.services.offers import OfferService
from kimdesk.storage import Cost, KeyDerivation, Vault, create_vault
from kimdesk.storage.offers_directory import DirectoryIndex
from kimdesk.storage.offers_index import write_stale
from kimdesk.storage.tables.offers import offer_texts, offers

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CHARACTERS, BATCH, HITS = 2500, 1000, 12
FIRST = (
    *(
        "Sprach",
        "Integrations",
        "Schul",
        "Kinder",
        "Familien",
        "Jugend",
        "Arbeits",
        "Wohnungs",
        "Gesundheits",
        "Frauen",
    ),
    *("Schuldner", "Sucht", "Pflege", "Rechts", "Migrations", "Flüchtlings", "Berufs", "Eltern", "Senioren", "Sport"),
    *("Ausbildungs", "Studien", "Stadtteil", "Nachbarschafts", "Bürger", "Ehrenamts", "Bildungs", "Sozial", "Trauma"),
)
LAST = (
    *(
        "beratung",
        "kurs",
        "kurse",
        "treff",
        "gruppe",
        "hilfe",
        "amt",
        "zentrum",
        "stelle",
        "büro",
        "angebot",
        "projekt",
    ),
    *("förderung", "begleitung", "betreuung", "sprechstunde", "vermittlung", "werkstatt", "café", "führung", "recht"),
)


def made_up(count: int) -> Iterator[tuple[str, str]]:
    """Yield titles and texts."""
    dice = random.Random(7)
    sentences = [
        sentence.strip()
        for offer in load_directory().offers
        for sentence in offer.text.text.replace("\n", " ").split(". ")
        if sentence.strip()
    ]
    compounds = [first + last for first in FIRST for last in LAST]
    rare = [f"{first}{middle}{last}" for first in FIRST for middle in ("fach", "erst", "grund") for last in LAST]
    for number in range(count):
        title = f"{dice.choice(compounds)} {dice.choice(compounds)} {number}"
        parts: list[str] = []
        size = 0
        while size < CHARACTERS:
            extra = dice.choice(compounds if dice.random() < 0.7 else rare)
            part = f"{dice.choice(sentences)} mit {extra} und {dice.choice(compounds)} in Ort{dice.randrange(4000)}."
            parts.append(part)
            size += len(part)
        yield title, " ".join(parts)


def fill(vault: Vault, count: int) -> None:
    """Write `count` offers, the index of the search, and the full-text table to compare with."""
    rows = list(made_up(count))
    with vault.unit_of_work() as unit:
        unit.connection.exec_driver_sql("CREATE VIRTUAL TABLE compared USING fts5(title, text, prefix='1 2 3')")
        for begin in range(0, count, BATCH):
            base, texts = [], []
            for number, (title, text) in enumerate(rows[begin : begin + BATCH], start=begin):
                identifier = UUID(int=number + 1)
                base.append(_offer_row(identifier, number))
                texts.append(_text_row(identifier, number, title, text))
            unit.connection.execute(offers.insert(), base)
            unit.connection.execute(offer_texts.insert(), texts)
        unit.connection.exec_driver_sql(
            "INSERT INTO compared(rowid, title, text) SELECT number, title, text FROM offer_texts"
        )
        write_stale(unit.connection)
        unit.commit()


def _offer_row(identifier: UUID, number: int) -> dict[str, Any]:
    return {
        "id": identifier,
        "source": OfferSource.OWN,
        "source_key": f"x/{number}",
        "external_id": str(number),
        "language": "de",
        "status": OfferStatus.ACTIVE,
        "facts": {},
        "linked_keys": {},
        "fingerprint": "",
        "added_at": NOW,
        "changed_at": NOW,
    }


def _text_row(identifier: UUID, number: int, title: str, text: str) -> dict[str, Any]:
    return {
        "number": number + 1,
        "offer_id": identifier,
        "language": "de",
        "title": title,
        "summary": text[:200],
        "text": text,
        "access_requirements": "",
        "keywords": (),
        "category": (),
        "fingerprint": str(number),
    }


def prefixes(count: int) -> list[str]:
    """Return what is typed: the beginnings of words, letter by letter."""
    dice = random.Random(11)
    typed: list[str] = []
    while len(typed) < count:
        word = dice.choice(FIRST) + dice.choice(LAST) if dice.random() < 0.5 else dice.choice((*FIRST, *LAST))
        typed += [word[:length] for length in range(1, min(len(word), 12) + 1)]
    return typed[:count]


def run(count: int, typed: list[str]) -> dict[str, Any]:
    """Return milliseconds by way of searching, and the share found."""
    cheap = Cost(1 << 20, 1)
    kdf = KeyDerivation(cheap, cheap, Cost(64 << 20, 3), calibrated=False)
    with tempfile.TemporaryDirectory() as folder:
        created = create_vault(
            Path(folder) / "T", "Apfel Brücke Segel Laterne", name="M", clock=FixedClock(NOW), kdf=kdf
        )
        with created.vault as vault:
            fill(vault, count)
            service = OfferService(vault)
            began = time.perf_counter()
            service.find("beratung", limit=HITS)
            first = (time.perf_counter() - began) * 1000
            ways: dict[str, Callable[[str], object]] = {
                "search": lambda text: service.find(text, limit=HITS),
                "fts5": lambda text: _fts5(vault, text),
                "like": lambda text: _like(vault, text),
            }
            times: dict[str, list[float]] = {name: [] for name in ways}
            for text in typed:
                for name, ask in ways.items():
                    began = time.perf_counter()
                    ask(text)
                    times[name].append((time.perf_counter() - began) * 1000)
            figures: dict[str, Any] = {name: _percentiles(values) for name, values in times.items()}
            figures["p95_share_of_like"] = round(figures["search"]["p95"] / figures["like"]["p95"], 3)
            figures["first_search_ms"] = round(first)
            figures["found"] = found_share(vault, typed)
            return {"offers": count, "keystrokes": len(typed), **figures}


def found_share(vault: Vault, typed: list[str]) -> dict[str, float]:
    """Return the mean and the smallest share of the offers with the letters in a word that are found."""
    lexicon = load_lexicon()
    directory = DirectoryIndex()
    with vault.reader() as connection:
        rows = connection.execute(sa.select(offer_texts.c.title, offer_texts.c.text).order_by(offer_texts.c.number))
        texts = ["\n" + "\n".join(dict.fromkeys(words_of(f"{row.title} {row.text}"))) for row in rows]
        index = directory.current(connection)
        shares = []
        for text in dict.fromkeys(text for text in typed if len(fold(text)) >= 3):
            there = [number for number, words in enumerate(texts) if fold(text) in words]
            scores = rank(index, parse_query(text, lexicon)).scores
            shares.append(sum(scores[number] > 0 for number in there) / len(there) if there else 1.0)
    return {"mean": round(statistics.mean(shares), 4), "least": round(min(shares), 4)}


def _fts5(vault: Vault, text: str) -> list[Any]:
    with vault.reader() as connection:
        statement = "SELECT rowid FROM compared WHERE compared MATCH ? ORDER BY rank LIMIT 12"
        return list(connection.exec_driver_sql(statement, (f'"{text}"*',)).all())


def _like(vault: Vault, text: str) -> list[Any]:
    with vault.reader() as connection:
        statement = "SELECT number FROM offer_texts WHERE title LIKE ? OR text LIKE ?"
        return list(connection.exec_driver_sql(statement, (f"%{text}%", f"%{text}%")).all())


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"p50": round(statistics.median(ordered), 2), "p95": round(ordered[int(len(ordered) * 0.95) - 1], 2)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=20_000)
    parser.add_argument("--prefixes", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    arguments = parser.parse_args()
    figures = run(arguments.offers, prefixes(arguments.prefixes))
    if arguments.json:
        print(json.dumps(figures))
        return
    for name in ("search", "fts5", "like"):
        print(f"{name:<8} p50 {figures[name]['p50']:>8.2f} ms   p95 {figures[name]['p95']:>8.2f} ms")
    print(f"p95 of the search is {figures['p95_share_of_like']} of the LIKE scan's")
    print(f"found: {figures['found']['mean']:.2%} on average, {figures['found']['least']:.2%} at least")
    print(f"first search after opening: {figures['first_search_ms']} ms")


if __name__ == "__main__":
    main()
