"""How long a one-page bilingual handout takes, beside typst and Qt's own PDF writer with the same text, in one run.

    python benchmarks/print.py [repetitions]

All three print the same page: nine paragraphs in Arabic with German names, numbers and times inside, beside the same
nine in German. The first print includes imports, opening and subsetting fonts. Then each prints warm in two ways: the
same page again, and pages that differ in every paragraph (a number at its end), so that nothing laid out before fits.
The three take turns, so that a busy machine is as busy for each.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ARABIC = (
    "لدى مركز Kommunales Integrationszentrum (KIM) في Unna: اتصلوا بالسيدة Müller على 02307 9248872 "
    "من 9:00–12:30 Uhr. نقدم المشورة في رسائل الدوائر الرسمية والبحث عن سكن أو عمل."
)
GERMAN = (
    "Im Kommunalen Integrationszentrum (KIM) in Unna erreichen Sie Frau Müller unter 02307 9248872 von 9:00–12:30 Uhr. "
    "Wir beraten zu Briefen von Behörden, zur Suche nach Wohnung oder Arbeit."
)
PARAGRAPHS = 9

Render = Callable[[str], bytes]


def texts(language: str, mark: str) -> list[str]:
    """Return the paragraphs; `mark` makes them differ from those of another page."""
    sentence = ARABIC if language == "ar" else GERMAN
    return [f"{sentence} {number}{mark}" for number in range(PARAGRAPHS)]


def with_kimdesk() -> Render:
    """Return a function that prints a note with our own layout."""
    from kimdesk.documents.letterhead import Letterhead
    from kimdesk.documents.papers.note import Note
    from kimdesk.documents.printing import print_papers

    letterhead = Letterhead("Kreis Unna – Kommunales Integrationszentrum", ("Hansastraße 4", "59425 Unna"))

    def render(mark: str) -> bytes:
        note = Note(text_by_language={code: "\n\n".join(texts(code, mark)) for code in ("ar", "de")})
        return print_papers([note], ["ar", "de"], letterhead, date(2026, 11, 20))

    return render


def with_typst() -> Render:
    """Return a function that prints the same text with typst, its fonts loaded once."""
    import typst

    compiler = typst.Compiler()
    head = (
        '#set page(paper: "a4", margin: 20mm)\n'
        '#set text(font: ("Noto Sans", "Noto Sans Arabic"), size: 11.5pt, hyphenate: true)\n'
        "Kreis Unna – Kommunales Integrationszentrum\n\n"
    )

    def render(mark: str) -> bytes:
        cells = [
            f'[#set text(lang: "de")\n{german}], [#set text(lang: "ar", dir: rtl)\n{arabic}]'
            for german, arabic in zip(texts("de", mark), texts("ar", mark), strict=True)
        ]
        source = f"{head}#grid(columns: (1fr, 1fr), gutter: 10pt, {', '.join(cells)})"
        result = compiler.compile(source.encode())
        assert isinstance(result, bytes)
        return result

    return render


def with_qt() -> Render:
    """Return a function that prints the same text with QTextDocument and QPdfWriter."""
    from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
    from PySide6.QtGui import QGuiApplication, QPageSize, QPdfWriter, QTextDocument

    application = QGuiApplication.instance() or QGuiApplication([])

    def render(mark: str) -> bytes:
        assert application is not None
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(20, 20, 20, 20))
        document = QTextDocument()
        rows = "".join(
            f'<tr><td width="50%">{german}</td><td width="50%" dir="rtl">{arabic}</td></tr>'
            for german, arabic in zip(texts("de", mark), texts("ar", mark), strict=True)
        )
        document.setHtml(f'<div style="font-size:11pt"><table>{rows}</table></div>')
        document.print_(writer)
        del writer
        return bytes(buffer.data().data())

    return render


def timed(render: Render, mark: str) -> float:
    """Return the milliseconds one page takes."""
    began = time.perf_counter()
    render(mark)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Print milliseconds and sizes of the three."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    renders: dict[str, Render] = {}
    first: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for name, prepare in (("kimdesk", with_kimdesk), ("typst", with_typst), ("QPdfWriter", with_qt)):
        began = time.perf_counter()
        renders[name] = prepare()
        sizes[name] = len(renders[name](""))
        first[name] = (time.perf_counter() - began) * 1000
    again: dict[str, list[float]] = {name: [] for name in renders}
    other: dict[str, list[float]] = {name: [] for name in renders}
    for turn in range(repetitions):
        for name, render in renders.items():
            again[name].append(timed(render, ""))
            other[name].append(timed(render, f" {turn}"))
    print(f"{'':<12}{'first':>9}{'same page again':>18}{'another page':>15}{'size':>9}")
    for name in renders:
        print(
            f"{name:<12}{first[name]:>6.0f} ms{statistics.median(again[name]):>15.1f} ms"
            f"{statistics.median(other[name]):>12.1f} ms{sizes[name] / 1024:>6.0f} kB"
        )


if __name__ == "__main__":
    main()
