"""The tour: drives the real window offscreen through the whole job and keeps pictures of it.

Nothing is faked: a real demo vault, real widgets that are typed into and clicked, a real coordinating office on a
loopback socket. Every step fails loudly. What is left in the folder: numbered pictures, the PDFs that were exported,
and `tour.json` with what happened.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported: nothing opens on anybody's screen

import httpx
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from kimdesk.app import Dialogs, Program, Session, make_application
from kimdesk.coordinator import commands as coordinator
from kimdesk.documents.languages import HANDOUT_LANGUAGES
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, Phase, Urgency
from kimdesk.foundation.clock import SystemClock
from kimdesk.foundation.preferences import Preferences
from kimdesk.services.demo import ensure_demo
from kimdesk.ui.case_file import CaseFilePage
from kimdesk.ui.case_file.assessment_tab import AssessmentTab
from kimdesk.ui.case_file.plan_tab import PlanTab
from kimdesk.ui.consultation import ConsultationPage
from kimdesk.ui.design import Appearance, Meaning, Scheme, apply
from kimdesk.ui.figures import FiguresPage
from kimdesk.ui.frame import MainWindow
from kimdesk.ui.messages import Message
from kimdesk.ui.offers import OffersPage
from kimdesk.ui.page import Page
from kimdesk.ui.printing import PrintPage, PrintRequest
from kimdesk.ui.settings import SettingsPage
from kimdesk.ui.settings.page import COORDINATOR
from kimdesk.ui.unlock import UnlockWindow
from kimdesk.ui.widgets import Form

T = TypeVar("T")
PATIENCE_MILLISECONDS = 30_000
INK = 60
HANDOUTS = ("ar", "uk", "ti")


_SITUATION = {
    LifeArea.LANGUAGE: ("Spricht Arabisch und Englisch, lernt schnell", "Deutschkurs ab A2", 2),
    LifeArea.WORK: ("Pharmaziestudium in Aleppo, sechs Jahre im Beruf", "Anerkennung des Abschlusses", 2),
    LifeArea.CHILDCARE: ("Großmutter hilft an zwei Tagen", "Kitaplatz für die Tochter", 1),
}


class TourFailed(Exception):
    """A step of the tour did not do what it should."""


def run_tour(out: Path, offers_file: Path | None = None) -> int:
    """Run the tour into `out` and return 0. Raises `TourFailed` or whatever a step ran into."""
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("[0-9][0-9]-*.png"), *out.glob("*.pdf"), *out.glob("tour.json")):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="kimdesk-tour-") as place:
        tour = Tour(out, Path(place))
        report = tour.run(offers_file)
    (out / "tour.json").write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    return 0


class Tour:
    """One run. `place` is a temporary folder for the vault and the coordinating office."""

    def __init__(self, out: Path, place: Path) -> None:
        self._out, self._place = out, place
        self._clock = SystemClock()
        self._steps: list[dict[str, Any]] = []
        self._pictures = 0
        self._troubles: list[str] = []
        self._export_to: Path | None = None
        self._read_from: Path | None = None
        make_application(Preferences(language="de", appearance="light"))

    def run(self, offers_file: Path | None) -> dict[str, Any]:
        """Go through the whole job and return what happened."""
        began = time.monotonic()
        vault = self._place / "Demo"
        with self._step("demo") as facts:
            made = ensure_demo(vault, clock=self._clock)
            facts["created"] = made.created
        program = self._unlock(vault, made.passphrase)
        session = _session(program)
        self._look_around(session, offers_file)
        case_id = self._consultation(session)
        self._case_work(session, case_id)
        offer_id = self._find_offer(session, case_id)
        self._print(session, offer_id)
        self._figures(session)
        self._push(session)
        self._dark(session)
        self._reopen(program, made.passphrase, vault, case_id)
        return {"seconds": round(time.monotonic() - began, 1), "pictures": self._pictures, "steps": self._steps}

    # The steps

    def _unlock(self, vault: Path, passphrase: str, picture: str = "entsperren") -> Program:
        with self._step("unlock"):
            program = Program(vault, self._clock, dialogs=self._dialogs())
            program.begin()
            window = _the(UnlockWindow, program.threshold)
            if picture:
                self._picture(window, picture)
            QTest.keyClicks(window.passphrase.editor.line, passphrase)
            click(window.open_button)
            self._wait(lambda: program.session is not None, "the vault did not open")
            session = _session(program)
            session.workshop.messages.said.connect(self._heard)
            session.workshop.messages.bug_happened.connect(self._troubles.append)
            session.window.idle_lock.stop()
            self._settle(session)
        return program

    def _look_around(self, session: Session, offers_file: Path | None) -> None:
        with self._step("home"):
            self._go(session, "home")
            self._picture(session.window, "heute")
        with self._step("cases") as facts:
            self._go(session, "cases")
            facts["open_cases"] = len(self._ask(session, session.desk.cases.list))
            self._picture(session.window, "faelle")
        if offers_file is not None:
            with self._step("offers import") as facts:
                report = self._ask(session, lambda: session.desk.offers.import_file(offers_file, "integreat"))
                facts.update(added=report.added, empty=report.empty, refused=len(report.refused))
                again = self._ask(session, lambda: session.desk.offers.import_file(offers_file, "integreat"))
                facts["second_time_unchanged"] = again.unchanged
                if again.added or again.changed:
                    raise TourFailed("a second import of the same file changed something")

    def _consultation(self, session: Session) -> UUID:
        with self._step("consultation") as facts:
            before = {case.id for case in self._ask(session, session.desk.cases.list)}
            page = _the(ConsultationPage, self._go(session, "consultation"))
            page.save()
            self._settle(session)
            if len(self._ask(session, session.desk.cases.list)) != len(before):
                raise TourFailed("an empty consultation was saved")
            self._picture(session.window, "beratung-leer")
            fill(
                page.form,
                {
                    "given_name": "Rana",
                    "family_name": "Al-Khatib",
                    "languages": "Arabisch",
                    "commune": "05978024",
                    "urgency": Urgency.HIGH,
                    "consent": True,
                    "concern": (
                        "Frau Al-Khatib möchte schnell Deutsch lernen und wieder als Apothekerin arbeiten. "
                        "Die Tochter braucht einen Platz in der Kita."
                    ),
                    "outcome": IntakeOutcome.CASE_MANAGEMENT,
                    "follow_up_on": self._clock.today() + timedelta(days=7),
                    "follow_up_reason": "Kursplatz nachfragen",
                },
            )
            self._settle(session)
            self._picture(session.window, "beratung")
            page.save()
            self._settle(session)
            new = [case for case in self._ask(session, session.desk.cases.list) if case.id not in before]
            if len(new) != 1:
                raise TourFailed("the consultation did not become one new case")
            facts["number"] = new[0].number
        return new[0].id

    def _case_work(self, session: Session, case_id: UUID) -> None:
        with self._step("case file") as facts:
            page = _the(CaseFilePage, self._go(session, "case", case_id))
            self._picture(session.window, "fall")
            click(page.next_button)
            tab = _the(AssessmentTab, page.tabs["assessment"])
            self._settle(session)
            for area, (resources, need, scale) in _SITUATION.items():
                fill(tab.entry.form, {f"{area.value}.resources": resources, f"{area.value}.need": need})
                tab.entry.form[f"{area.value}.scale"].editor.set_value(scale)
            self._settle(session)
            self._picture(session.window, "assessment")
            tab.save()
            self._settle(session)
            file = self._ask(session, lambda: session.desk.cases.file(case_id))
            if not file.assessments or len(file.assessments[0].entries) != 3:
                raise TourFailed("the assessment was not saved")
            facts.update(areas=len(file.assessments[0].entries), next_step=file.next_step)
            page.open_phase(Phase.GOALS)
            goal = _the(PlanTab, page.tabs["plan"]).goal
            fill(
                goal.entry.form,
                {
                    "text": "Frau Al-Khatib besteht die Prüfung B1.",
                    "measured_by": "Zertifikat der Prüfung liegt vor",
                    "due_on": self._clock.today() + timedelta(days=270),
                },
            )
            goal.entry.save()
            self._settle(session)
            self._picture(session.window, "plan")
            file = self._ask(session, lambda: session.desk.cases.file(case_id))
            if len(file.goals) != 1:
                raise TourFailed("the goal was not saved")

    def _find_offer(self, session: Session, case_id: UUID) -> UUID:
        with self._step("offers") as facts:
            page = _the(OffersPage, self._go(session, "offers", {"case_id": case_id}))
            self._settle(session)
            everything = len(page.results.items())
            page.focus_filter()
            type_into(page.search.line, "Sprachkurs")
            self._wait(lambda: 0 < len(page.results.items()) < everything, "nothing was found for „Sprachkurs“")
            self._settle(session)
            self._choose_translated(session, page)
            self._wait(page.detail.isVisible, "no offer is shown")
            self._picture(session.window, "angebote")
            found = page.results.items()
            facts.update(in_directory=self._ask(session, session.desk.offers.count), found=len(found))
            here = page.results.current()
            if here is None:
                raise TourFailed("no offer is chosen")
            click(page.detail.remember)
            self._settle(session)
            if here.id not in self._ask(session, lambda: session.desk.cases.file(case_id)).remembered_offers:
                raise TourFailed("the offer was not remembered for the case")
            click(page.detail.print)
            self._settle(session)
        return here.id

    def _choose_translated(self, session: Session, page: OffersPage) -> None:
        """Choose the best hit that has a text in the language of the first handout, if one has."""
        for place, item in enumerate(page.results.items()):
            offer = self._ask(session, partial(session.desk.offers.get, item.id)).offer
            if HANDOUTS[0] in offer.languages_written():
                page.results.setCurrentIndex(page.results.model().index(place, 0))
                self._settle(session)
                return

    def _print(self, session: Session, offer_id: UUID) -> None:
        page = _the(PrintPage, session.window.current_page())
        for code in HANDOUTS:
            with self._step(f"handout {code}") as facts:
                page.languages.choose(code)
                self._wait(page.print_button.isEnabled, f"the handout in {code} was not made")
                self._wait(lambda: has_ink(page.preview.view), f"the handout in {code} is not shown")
                facts["language"] = HANDOUT_LANGUAGES[code].native_name
                self._picture(session.window, f"drucken-{code}")
                facts.update(self._export(session, page, f"angebotsblatt-{code}.pdf"))
        with self._step("note") as facts:
            self._go(session, "print", PrintRequest(document="note", language="uk"))
            page.form.note_title.set_values({"de": "Ihr Termin", "uk": "Ваша зустріч"})
            page.form.note_text.set_values(
                {
                    "de": "Wir sehen uns am Montag um 9:30 Uhr im Rathaus Lünen, Zimmer 12.",
                    "uk": "Ми зустрінемося в понеділок о 9:30 у ратуші Rathaus Lünen, кабінет 12.",
                }
            )
            page.form.note_text.changed.emit()
            self._wait(page.print_button.isEnabled, "the note was not made")
            self._wait(lambda: has_ink(page.preview.view), "the note is not shown")
            self._picture(session.window, "mitteilung-uk")
            facts.update(self._export(session, page, "mitteilung-uk.pdf"))

    def _export(self, session: Session, page: PrintPage, name: str) -> dict[str, Any]:
        target = self._out / name
        self._export_to = target
        click(page.export_button)
        if page.warning.action is None:
            raise TourFailed("the export does not warn")
        click(page.warning.action)
        self._settle(session)
        if not target.is_file():
            raise TourFailed(f"{name} was not written")
        data = target.read_bytes()
        return {"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def _figures(self, session: Session) -> None:
        with self._step("figures") as facts:
            page = _the(FiguresPage, self._go(session, "figures"))
            years = page.indicators.year_field
            years.set_value("2022")
            years.changed.emit()
            self._wait(lambda: page.indicators.year == 2022, "the year could not be chosen")
            self._settle(session)
            self._picture(session.window, "kennzahlen")
            table = self._ask(session, lambda: session.desk.figures.indicators(2022))
            facts["rows"] = {row.row: None if row.value is None else float(row.value) for row in table.rows}

    def _push(self, session: Session) -> None:
        office = self._place / "Koordination"
        with self._step("coordinator") as facts:
            made = coordinator.init(
                office, url="http://127.0.0.1", name="Koordinierende Stelle Kreis Unna", district="unna"
            )
            with coordinator.run_in_thread(office) as server:
                facts["address"] = server.url
                invitation = self._place / "einladung.json"
                invitation.write_bytes(coordinator.invite(office, "Laptop 1", addresses=[server.url]))
                self._join(session, invitation)
                facts.update(self._release(session))
                facts["dashboard"] = _read_dashboard(server.url, made.user, made.passphrase)

    def _join(self, session: Session, invitation: Path) -> None:
        page = _the(SettingsPage, self._go(session, "settings"))
        self._picture(session.window, "einstellungen")
        page.show_section(COORDINATOR)
        self._settle(session)
        section = page.coordinator
        self._read_from = invitation
        click(section.read_button)
        self._settle(session)
        self._wait(section.card.isVisible, "the invitation is not shown")
        section.compared.set_value(True)
        section.compared.changed.emit()
        self._picture(session.window, "einladung")
        click(section.join_button)
        self._wait(lambda: self._ask(session, session.desk.pushes.status).confirmed, "the laptop was not enrolled")
        self._settle(session)
        self._picture(session.window, "verbunden")

    def _release(self, session: Session) -> dict[str, Any]:
        page = _the(FiguresPage, self._go(session, "figures", "release"))
        page.releases.show_quarter(2022, 4)
        self._settle(session)
        self._picture(session.window, "was-verlaesst")
        click(page.releases.release_button)
        self._settle(session)
        click(page.releases.panel.send_button)
        self._wait(lambda: self._ask(session, session.desk.pushes.status).received == 1, "the release did not arrive")
        self._settle(session)
        self._picture(session.window, "zugestellt")
        status = self._ask(session, session.desk.pushes.status)
        if status.received != 1 or status.waiting:
            raise TourFailed("the release did not arrive")
        return {"received": status.received}

    def _dark(self, session: Session) -> None:
        with self._step("dark"):
            apply(_application(), Appearance(Scheme.DARK))
            self._go(session, "home")
            self._picture(session.window, "heute-dunkel")
            apply(_application(), Appearance(Scheme.LIGHT))

    def _reopen(self, program: Program, passphrase: str, vault: Path, case_id: UUID) -> None:
        """Close the vault as the lock does and open it again: what was saved is still there."""
        with self._step("lock and unlock") as facts:
            session = _session(program)
            session.close()
            session.window.close()
            again = _session(self._unlock(vault, passphrase, picture=""))
            file = self._ask(again, lambda: again.desk.cases.file(case_id))
            if not (file.assessments and file.goals and file.remembered_offers):
                raise TourFailed("something that was saved is gone after unlocking")
            facts["next_step"] = file.next_step
            again.close()
            again.window.close()

    # What every step uses

    def _dialogs(self) -> Dialogs:
        """Answer the system's dialogs with the paths the running step wants."""
        return Dialogs(
            choose_path=lambda _parent, _name: self._export_to,
            choose_file=lambda _parent, _title, _kinds: self._read_from,
        )

    @contextmanager
    def _step(self, name: str) -> Iterator[dict[str, Any]]:
        """Note name, facts and seconds of a step; errors the window told the user fail it."""
        began = time.monotonic()
        facts: dict[str, Any] = {}
        yield facts
        if self._troubles:
            raise TourFailed(f"{name}: {self._troubles[0]}")
        self._steps.append({"step": name, "seconds": round(time.monotonic() - began, 2), **facts})

    def _heard(self, message: Message) -> None:
        if message.meaning is Meaning.DANGER:
            self._troubles.append(message.text)

    def _go(self, session: Session, page_id: str, argument: object = None) -> Page:
        session.window.go(page_id, argument)
        self._settle(session)
        return session.window.current_page()

    def _ask(self, session: Session, question: Callable[[], T]) -> T:
        """Return the answer of a service, asked in the database thread as the window does."""
        return session.workshop.thread.submit(question).result()

    def _settle(self, session: Session) -> None:
        """Let everything that is under way come to its end."""
        QApplication.processEvents()
        if not session.workshop.jobs.wait_idle(PATIENCE_MILLISECONDS):
            raise TourFailed("the window did not come to rest")
        QApplication.processEvents()

    def _wait(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = QDeadlineTimer(PATIENCE_MILLISECONDS)
        while not condition():
            if deadline.hasExpired():
                raise TourFailed(complaint)
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()

    def _picture(self, window: QWidget, name: str) -> None:
        QApplication.processEvents()
        if isinstance(window, MainWindow) and (toast := window.message_area.toast()) is not None:
            toast.close()  # it would go by itself some seconds later
            QApplication.processEvents()
        self._pictures += 1
        path = self._out / f"{self._pictures:02d}-{name}.png"
        if not window.grab().save(str(path)):
            raise TourFailed(f"the picture {path.name} could not be written")


def click(button: QWidget) -> None:
    """Click a button as a user does."""
    if not button.isEnabled():
        raise TourFailed("a button that was to be clicked is greyed out")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def has_ink(view: QWidget) -> bool:
    """Return whether a page with something on it is drawn: pages are rendered beside the window's thread."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    middle, dark = range(image.width() // 8, image.width() * 7 // 8, 3), 128
    rows = range(0, image.height(), 3)
    return sum(QColor(image.pixel(x, y)).lightness() < dark for y in rows for x in middle) > INK


def type_into(widget: QWidget, text: str) -> None:
    """Type `text` into the focused line or area, in any script, the way an input method hands it over."""
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def fill(form: Form, values: dict[str, Any]) -> None:
    """Fill the named fields of a form: texts are typed, everything else is chosen."""
    for name, value in values.items():
        editor = form.editor(name)
        line = editor.findChild(QLineEdit) or editor.findChild(QPlainTextEdit)
        if isinstance(value, str) and not isinstance(value, Enum) and line is not None:
            type_into(line, value)
        else:
            editor.set_value(value)
            editor.changed.emit()
            editor.finished.emit()


def _session(program: Program) -> Session:
    if program.session is None:
        raise TourFailed("there is no open vault")
    return program.session


def _the(kind: type[T], thing: object) -> T:
    if not isinstance(thing, kind):
        raise TourFailed(f"expected a {kind.__name__}")
    return thing


def _application() -> QApplication:
    return _the(QApplication, QApplication.instance())


def _read_dashboard(url: str, user: str, passphrase: str) -> dict[str, str]:
    """Log in at the coordinating office as a person does and return its three headline figures."""
    with httpx.Client(base_url=url, follow_redirects=True, trust_env=False) as browser:
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', browser.get("/login").text)
        if token is None:
            raise TourFailed("the dashboard has no login form")
        fields = {"form_token": token.group(1), "name": user, "passphrase": passphrase}
        page = browser.post("/login", data=fields).text
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    found = {
        name: re.search(rf"{name} (\d[\d.]*(?: ±\s?[\d,]+)?)", words)
        for name in ("Fälle", "Personen", "Laptops in der Summe")
    }
    missing = [name for name, figure in found.items() if figure is None]
    if missing:
        raise TourFailed(f"the dashboard does not show: {', '.join(missing)}")
    return {name: figure.group(1) for name, figure in found.items() if figure is not None}
