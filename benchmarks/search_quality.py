"""How well questions find the page that answers them, beside plain full-text search with bm25 in the same run.

    python benchmarks/search_quality.py [--pages FILE] [--questions FILE] [--translations FILE …] [--json]

`--pages` is an answer of Integreat's `pages` interface, `--questions` a file with one JSON object per line: `language`,
`question` and `page_id`, the id of the page that answers it (or of one of its translations). By default both are those
of `../shared/data/integreat`. The pages are imported into a new vault and searched as the program does it; every
language is asked against these pages alone unless `--translations` gives pages in further languages.

Printed are, per language, the share of questions whose page is first (hit@1), among the first five (hit@5), the mean of
1 / rank among the first twenty (mrr), and hit@5 of SQLite's FTS5: title and text of the same pages, default tokenizer,
any of the question's words, ordered by bm25.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kimdesk.foundation.clock import FixedClock
from kimdesk.offers.integreat import read_integreat
from kimdesk.services.offers import OfferService
from kimdesk.storage import Cost, KeyDerivation, create_vault

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "integreat"
DEPTH = 20
Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Question:
    """A question in one language and the external id of the page that answers it."""

    language: str
    text: str
    page: str


def read_questions(path: Path, pages: Any) -> list[Question]:
    """Return the questions in `path`; ids of translations become those of the pages they belong to."""
    own = {
        str(entry["id"]): str(page["id"])
        for page in pages
        for entry in (page.get("available_languages") or {}).values()
        if entry.get("id") is not None and page.get("id") is not None
    }
    own |= {str(page["id"]): str(page["id"]) for page in pages if page.get("id") is not None}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Question(line["language"], line["question"], own.get(str(line["page_id"]), str(line["page_id"])))
        for line in lines
    ]


def plain_search(pages: Any) -> Search:
    """Return the search to compare with."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE pages USING fts5(id UNINDEXED, title, text)")
    rows = [(offer.external_id, offer.title, offer.text.text) for offer in read_integreat(pages).offers]
    connection.executemany("INSERT INTO pages VALUES (?, ?, ?)", rows)

    def search(question: str) -> list[str]:
        words = re.findall(r"\w+", question)
        if not words:
            return []
        expression = " OR ".join(f'"{word}"' for word in words)
        found = connection.execute(
            "SELECT id FROM pages WHERE pages MATCH ? ORDER BY bm25(pages) LIMIT ?", (expression, DEPTH)
        )
        return [row[0] for row in found]

    return search


def measure(questions: Iterable[Question], search: Search, plain: Search) -> dict[str, float]:
    """Return the figures for questions of one language."""
    ranks = [_rank(search(question.text), question.page) for question in questions]
    plain_ranks = [_rank(plain(question.text), question.page) for question in questions]
    count = len(ranks)
    return {
        "hit@1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "hit@5": round(sum(0 < rank <= 5 for rank in ranks) / count, 4),
        "mrr": round(sum(1 / rank for rank in ranks if rank) / count, 4),
        "baseline_hit@5": round(sum(0 < rank <= 5 for rank in plain_ranks) / count, 4),
    }


def _rank(found: list[str], page: str) -> int:
    return found.index(page) + 1 if page in found else 0


def run(pages: Path, questions: Path, translations: Iterable[Path] = ()) -> dict[str, dict[str, float]]:
    """Return the figures by language."""
    content = json.loads(pages.read_text(encoding="utf-8"))
    by_language: dict[str, list[Question]] = defaultdict(list)
    for question in read_questions(questions, content):
        by_language[question.language].append(question)
    cheap = Cost(1 << 20, 1)
    clock = FixedClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        created = create_vault(
            Path(folder) / "Tresor",
            "Apfel Brücke Segel Laterne",
            name="Messung",
            clock=clock,
            kdf=KeyDerivation(cheap, cheap, Cost(64 << 20, 3), calibrated=False),
        )
        with created.vault as vault:
            service = OfferService(vault)
            for path in (pages, *translations):
                service.import_file(path, "integreat")
            plain = plain_search(content)

            def search(text: str) -> list[str]:
                return [hit.external_id for hit in service.search(text, DEPTH)]

            order = sorted(by_language, key=lambda code: (code != "de", list(by_language).index(code)))
            return {code: measure(by_language[code], search, plain) for code in order}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=DATA / "lkaugsburg-de-pages.json")
    parser.add_argument("--questions", type=Path, default=DATA / "lkaugsburg-questions.jsonl")
    parser.add_argument("--translations", type=Path, nargs="*", default=[])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    arguments = parser.parse_args()
    figures = run(arguments.pages, arguments.questions, arguments.translations)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"{'language':<10}{'hit@1':>8}{'hit@5':>8}{'mrr':>8}{'plain hit@5':>14}")
    for language, row in figures.items():
        print(f"{language:<10}{row['hit@1']:>8.3f}{row['hit@5']:>8.3f}{row['mrr']:>8.3f}{row['baseline_hit@5']:>14.3f}")


if __name__ == "__main__":
    main()
