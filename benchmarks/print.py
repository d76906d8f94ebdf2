"""How long a handout takes, beside Qt's own PDF writer with the same text, in one run.

    python benchmarks/print.py [repetitions]

Both print one Arabic page with German names, numbers and times inside. The first print includes opening and
subsetting fonts; the others are what a second client costs.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SENTENCE = (
    "لدى مركز Kommunales Integrationszentrum (KIM) في Unna: اتصلوا بالسيدة Müller على 02307 9248872 "
    "من 9:00–12:30 Uhr. نقدم المشورة في رسائل الدوائر الرسمية والبحث عن سكن أو عمل."
)
PARAGRAPHS = 12


def with_kimdesk() -> Callable[[], bytes]:
    """Return a function that prints a note with our own layout."""
    from kimdesk.documents.letterhead import Letterhead
    from kimdesk.documents.note import Note, render_note

    note = Note(text_by_language={"ar": "\n\n".join([SENTENCE] * PARAGRAPHS)})
    letterhead = Letterhead("Kreis Unna – Kommunales Integrationszentrum", ("Hansastraße 4", "59425 Unna"))
    return lambda: render_note(note, ["ar"], letterhead, date(2026, 11, 20))


def with_qt() -> Callable[[], bytes]:
    """Return a function that prints the same text with QTextDocument and QPdfWriter."""
    from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
    from PySide6.QtGui import QGuiApplication, QPageSize, QPdfWriter, QTextDocument

    application = QGuiApplication.instance() or QGuiApplication([])

    def render() -> bytes:
        assert application is not None
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(20, 20, 20, 20))
        document = QTextDocument()
        document.setHtml(f'<div dir="rtl" style="font-size:11pt">{f"<p>{SENTENCE}</p>" * PARAGRAPHS}</div>')
        document.print_(writer)
        del writer
        return bytes(buffer.data().data())

    return render


def main() -> None:
    """Print milliseconds and sizes of both."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, prepare in (("kimdesk", with_kimdesk), ("QPdfWriter", with_qt)):
        began = time.perf_counter()
        size = len(prepare()())
        first = time.perf_counter() - began
        render = prepare()
        seconds = []
        for _ in range(repetitions):
            began = time.perf_counter()
            render()
            seconds.append(time.perf_counter() - began)
        print(
            f"{name:<11} first {first * 1000:6.0f} ms with imports, then {statistics.median(seconds) * 1000:6.1f} ms "
            f"(best {min(seconds) * 1000:.1f})   {size / 1024:.0f} kB"
        )


if __name__ == "__main__":
    main()
