"""The program with its real window, full of a made-up person's life, for `test_no_plaintext`.

Run as ``python -m tests.faults.window_worker FOLDER PASSPHRASE`` with a JSON object of the secrets on stdin. It says
in JSON what its windows are called, waits for a line, closes the window like a user, and ends.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from PySide6.QtCore import QDeadlineTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kimdesk.app import Program, Session, make_application
from kimdesk.domain.commands import ConsultationEntry
from kimdesk.domain.records import Case, Contact, Member, Person
from kimdesk.domain.vocabulary import IntakeOutcome, Relation
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.log import log_what_python_would_print, set_up_logging
from kimdesk.foundation.paths import log_folder
from kimdesk.services.desk import Desk
from kimdesk.ui.case_file import CaseFilePage
from kimdesk.ui.consultation import ConsultationPage
from kimdesk.ui.frame.bug_dialog import BugDialog
from kimdesk.ui.offers import OffersPage
from kimdesk.ui.page import Page
from kimdesk.ui.printing import PrintPage, PrintRequest
from kimdesk.ui.unlock import UnlockWindow

Secrets = dict[str, str]
P = TypeVar("P", bound=Page)


def until(condition: Callable[[], bool], what: str) -> None:
    """Let the event loop run until `condition` holds."""
    deadline = QDeadlineTimer(20_000)
    while not condition():
        assert not deadline.hasExpired(), what
        QTest.qWait(10)


def add_case(desk: Desk, secrets: Secrets) -> UUID:
    today = desk.clock.today()
    person = Person(given_name=secrets["given_name"], family_name=secrets["family_name"], phone=secrets["phone"])
    case = Case(opened_on=today, intake_on=today, concern=secrets["concern"], outcome=IntakeOutcome.CASE_MANAGEMENT)
    entry = ConsultationEntry(
        case=case,
        members=(Member(person=person, relation=Relation.CLIENT),),
        follow_up_on=today + timedelta(days=1),
        follow_up_reason=secrets["concern"],
    )
    case_id = desk.cases.record_consultation(entry).value
    desk.cases.save_contact(Contact(case_id=case_id, at=desk.clock.now(), text=secrets["contact"]))
    return case_id


def show(session: Session, kind: type[P], page_id: str, argument: object = None) -> P:
    session.window.go(page_id, argument)
    assert session.workshop.jobs.wait_idle()
    page = session.window.current_page()
    assert isinstance(page, kind)
    return page


def break_record(desk: Desk, secrets: Secrets) -> None:
    """Fail as a broken record would: the text of the error quotes it."""
    raise ValueError(f"broken record of {secrets['given_name']} {secrets['family_name']}: {secrets['contact']}")


def break_database(desk: Desk, case_id: UUID, secrets: Secrets) -> None:
    """Fail inside the database with a client's words among the parameters."""
    broken: dict[str, Any] = {"case_id": case_id, "at": desk.clock.now(), "text": secrets["contact"], "kind": None}
    desk.cases.save_contact(Contact(**broken))


def use_everything(session: Session, secrets: Secrets) -> None:
    """Show a case, type drafts, search, preview a note, and run into bugs."""
    jobs, desk = session.workshop.jobs, session.desk
    case_id = session.workshop.thread.submit(partial(add_case, desk, secrets)).result()
    file_page = show(session, CaseFilePage, "case", case_id)
    file_page.open_tab("timeline")
    until(lambda: jobs.is_idle(), "the case file is not shown")
    consultation = show(session, ConsultationPage, "consultation")
    editor = consultation.form.editor("concern")
    editor.set_value(secrets["draft"])
    editor.changed.emit()
    session.window.stash_drafts()
    offers = show(session, OffersPage, "offers")
    QTest.keyClicks(offers.search.line, secrets["search"])
    until(lambda: jobs.is_idle(), "the search has no end")
    printing = show(session, PrintPage, "print", PrintRequest(document="note", case_id=case_id))
    printing.form.note_title.set_values({"de": secrets["family_name"]})
    printing.form.note_text.set_values({"de": secrets["note"]})
    printing.form.note_text.changed.emit()
    until(lambda: printing.preview.page_count() > 0 and jobs.is_idle(), "the note has no preview")
    search = session.window.top_bar.search
    assert search is not None
    session.window.focus_search()
    search.setText(secrets["family_name"])  # QTest types no umlauts
    search.textEdited.emit(search.text())
    QTest.qWait(400)
    jobs.read(partial(break_record, desk, secrets))
    until(lambda: bool(session.window.findChildren(BugDialog)), "the bug is not shown")
    jobs.write(partial(break_database, desk, case_id, secrets))
    assert jobs.wait_idle()
    show(session, CaseFilePage, "case", case_id)


def main() -> None:
    """Open, use, tell, wait, close."""
    folder, passphrase = Path(sys.argv[1]), sys.argv[2]
    secrets: Secrets = json.loads(sys.stdin.readline())
    set_up_logging(log_folder())
    log_what_python_would_print()
    application = make_application()
    program = Program(folder, SystemClock())
    program.report_bugs()
    program.begin()
    window = program.threshold
    assert isinstance(window, UnlockWindow)
    window.passphrase.editor.set_value(passphrase)
    window.open_button.click()
    until(lambda: program.session is not None, "the vault does not open")
    session = program.session
    assert session is not None
    use_everything(session, secrets)
    told = {
        "titles": [widget.windowTitle() for widget in QApplication.topLevelWidgets()],
        "bugs": [dialog.description for dialog in session.window.findChildren(BugDialog)],
        "files": sorted({os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.exists()}),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    session.window.close()
    application.processEvents()


if __name__ == "__main__":
    main()
