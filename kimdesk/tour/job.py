"""The tour: drives the real window offscreen through the whole job and keeps pictures of it.

Nothing is faked: a real demo vault, real widgets that are typed into and clicked, a real coordinating office on a
loopback socket. Every step fails loudly. What is left in the folder: numbered pictures, the PDFs that were exported,
and `tour.json` with what happened.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtTest import QTest

from kimdesk.app import Program, Session
from kimdesk.coordinator import commands as coordinator
from kimdesk.documents.languages import HANDOUT_LANGUAGES
from kimdesk.domain.vocabulary import IntakeOutcome, LifeArea, Phase, Urgency
from kimdesk.reporting.classify import Period
from kimdesk.services.demo import ensure_demo
from kimdesk.tour.hands import TourFailed, click, fill, has_ink, read_dashboard, the, the_application, type_into
from kimdesk.tour.stage import Stage, session_of
from kimdesk.ui.case_file import CaseFilePage
from kimdesk.ui.case_file.assessment_tab import AssessmentTab
from kimdesk.ui.case_file.plan_tab import PlanTab
from kimdesk.ui.consultation import ConsultationPage
from kimdesk.ui.design import Appearance, Scheme, apply
from kimdesk.ui.figures import FiguresPage
from kimdesk.ui.offers import OffersPage
from kimdesk.ui.printing import PrintPage, PrintRequest
from kimdesk.ui.settings import SettingsPage
from kimdesk.ui.settings.page import COORDINATOR
from kimdesk.ui.structure.page import StructurePage
from kimdesk.ui.unlock import UnlockWindow

HANDOUTS = ("ar", "uk", "ti")


_SITUATION = {
    LifeArea.LANGUAGE: ("Spricht Arabisch und Englisch, lernt schnell", "Deutschkurs ab A2", 2),
    LifeArea.WORK: ("Pharmaziestudium in Aleppo, sechs Jahre im Beruf", "Anerkennung des Abschlusses", 2),
    LifeArea.CHILDCARE: ("Großmutter hilft an zwei Tagen", "Kitaplatz für die Tochter", 1),
}


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


class Tour(Stage):
    """One run. `place` is a temporary folder for the vault and the coordinating office."""

    def __init__(self, out: Path, place: Path) -> None:
        super().__init__(out)
        self._place = place

    def run(self, offers_file: Path | None) -> dict[str, Any]:
        """Go through the whole job and return what happened."""
        began = time.monotonic()
        vault = self._place / "Demo"
        with self._step("demo") as facts:
            made = ensure_demo(vault, clock=self._clock)
            facts["created"] = made.created
        program = self._unlock(vault, made.passphrase)
        session = session_of(program)
        self._look_around(session, offers_file)
        case_id = self._consultation(session)
        self._case_work(session, case_id)
        self._cooperation(session)
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
            window = the(UnlockWindow, program.threshold)
            if picture:
                self._picture(window, picture)
            QTest.keyClicks(window.passphrase.editor.line, passphrase)
            click(window.open_button)
            self._wait(lambda: program.session is not None, "Der Tresor öffnet sich nicht.")
            session = session_of(program)
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
            known = self._ask(session, session.desk.cases.list)[0]
            self._go(session, "case", known.id)
            self._picture(session.window, "fall-mit-verlauf")
        if offers_file is not None:
            with self._step("offers import") as facts:
                report = self._ask(session, lambda: session.desk.offers.import_file(offers_file, "integreat"))
                facts.update(added=report.added, empty=report.empty, refused=len(report.refused))
                again = self._ask(session, lambda: session.desk.offers.import_file(offers_file, "integreat"))
                facts["second_time_unchanged"] = again.unchanged
                if again.added or again.changed:
                    raise TourFailed("Ein zweites Einlesen derselben Datei hat etwas geändert.")

    def _consultation(self, session: Session) -> UUID:
        with self._step("consultation") as facts:
            before = {case.id for case in self._ask(session, session.desk.cases.list)}
            page = the(ConsultationPage, self._go(session, "consultation"))
            page.save()
            self._settle(session)
            if len(self._ask(session, session.desk.cases.list)) != len(before):
                raise TourFailed("Eine leere Beratung wurde gespeichert.")
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
                raise TourFailed("Aus der Beratung ist nicht genau ein Fall geworden.")
            facts["number"] = new[0].number
        return new[0].id

    def _case_work(self, session: Session, case_id: UUID) -> None:
        with self._step("case file") as facts:
            page = the(CaseFilePage, self._go(session, "case", case_id))
            self._picture(session.window, "fall")
            click(page.next_button)
            tab = the(AssessmentTab, page.tabs["assessment"])
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
                raise TourFailed("Das Assessment ist nicht gespeichert.")
            facts.update(areas=len(file.assessments[0].entries), next_step=file.next_step)
            page.open_phase(Phase.GOALS)
            goal = the(PlanTab, page.tabs["plan"]).goal
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
                raise TourFailed("Das Ziel ist nicht gespeichert.")

    def _cooperation(self, session: Session) -> None:
        with self._step("cooperation") as facts:
            self._go(session, "notifications", None)
            self._settle(session)
            self._picture(session.window, "fallmeldungen")
            page = the(StructurePage, self._go(session, "structure", None))
            self._settle(session)
            self._picture(session.window, "struktur")
            facts.update(issues=len(page.known))
            if not page.known:
                raise TourFailed("Die Demo zeigt keine Strukturmeldung.")

    def _find_offer(self, session: Session, case_id: UUID) -> UUID:
        with self._step("offers") as facts:
            page = the(OffersPage, self._go(session, "offers", {"case_id": case_id}))
            self._settle(session)
            everything = len(page.results.items())
            page.focus_filter()
            type_into(page.search.line, "Sprachkurs")
            self._wait(lambda: 0 < len(page.results.items()) < everything, "Zu „Sprachkurs“ wurde nichts gefunden.")
            self._settle(session)
            self._choose_translated(session, page)
            self._wait(page.detail.isVisible, "Es wird kein Angebot gezeigt.")
            self._picture(session.window, "angebote")
            found = page.results.items()
            facts.update(in_directory=self._ask(session, session.desk.offers.count), found=len(found))
            here = page.results.current()
            if here is None:
                raise TourFailed("Es ist kein Angebot gewählt.")
            click(page.detail.remember)
            self._settle(session)
            if here.id not in self._ask(session, lambda: session.desk.cases.file(case_id)).remembered_offers:
                raise TourFailed("Das Angebot ist für den Fall nicht gemerkt.")
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
        page = the(PrintPage, session.window.current_page())
        for code in HANDOUTS:
            with self._step(f"handout {code}") as facts:
                page.languages.choose(code)
                self._wait(page.print_button.isEnabled, f"Das Blatt auf {code} wurde nicht erzeugt.")
                self._wait(lambda: has_ink(page.preview.view), f"Das Blatt auf {code} wird nicht gezeigt.")
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
            self._wait(page.print_button.isEnabled, "Die Mitteilung wurde nicht erzeugt.")
            self._wait(lambda: has_ink(page.preview.view), "Die Mitteilung wird nicht gezeigt.")
            self._picture(session.window, "mitteilung-uk")
            facts.update(self._export(session, page, "mitteilung-uk.pdf"))

    def _export(self, session: Session, page: PrintPage, name: str) -> dict[str, Any]:
        target = self._out / name
        self._export_to = target
        click(page.export_button)
        if page.warning.action is None:
            raise TourFailed("Vor dem Export wird nicht gewarnt.")
        click(page.warning.action)
        self._settle(session)
        if not target.is_file():
            raise TourFailed(f"{name} wurde nicht geschrieben.")
        data = target.read_bytes()
        return {"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def _figures(self, session: Session) -> None:
        with self._step("figures") as facts:
            page = the(FiguresPage, self._go(session, "figures"))
            page.indicators.bar.show_year(2022)
            self._wait(
                lambda: page.indicators.table is not None and page.indicators.table.year == 2022,
                "Das Jahr lässt sich nicht wählen.",
            )
            self._settle(session)
            self._picture(session.window, "kennzahlen")
            table = self._ask(session, lambda: session.desk.figures.indicators(Period.whole_year(2022)))
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
                facts["dashboard"] = read_dashboard(server.url, made.user, made.passphrase)

    def _join(self, session: Session, invitation: Path) -> None:
        page = the(SettingsPage, self._go(session, "settings"))
        self._picture(session.window, "einstellungen")
        page.show_section(COORDINATOR)
        self._settle(session)
        section = page.coordinator
        self._read_from = invitation
        click(section.read_button)
        self._settle(session)
        self._wait(section.card.isVisible, "Die Einladung wird nicht gezeigt.")
        section.compared.set_value(True)
        section.compared.changed.emit()
        self._picture(session.window, "einladung")
        click(section.join_button)
        self._wait(lambda: self._ask(session, session.desk.pushes.status).confirmed, "Der Laptop ist nicht verbunden.")
        self._settle(session)
        self._picture(session.window, "verbunden")

    def _release(self, session: Session) -> dict[str, Any]:
        page = the(FiguresPage, self._go(session, "figures", "release"))
        page.releases.show_quarter(2022, 4)
        self._settle(session)
        self._picture(session.window, "was-verlaesst")
        click(page.releases.release_button)
        self._settle(session)
        click(page.releases.panel.send_button)
        self._wait(
            lambda: self._ask(session, session.desk.pushes.status).received == 1, "Die Meldung ist nicht angekommen."
        )
        self._settle(session)
        self._picture(session.window, "zugestellt")
        status = self._ask(session, session.desk.pushes.status)
        if status.received != 1 or status.waiting:
            raise TourFailed("Die Meldung ist nicht angekommen.")
        return {"received": status.received}

    def _dark(self, session: Session) -> None:
        with self._step("dark"):
            apply(the_application(), Appearance(Scheme.DARK))
            self._go(session, "home")
            self._picture(session.window, "heute-dunkel")
            apply(the_application(), Appearance(Scheme.LIGHT))

    def _reopen(self, program: Program, passphrase: str, vault: Path, case_id: UUID) -> None:
        """Close the vault as the lock does and open it again: what was saved is still there."""
        with self._step("lock and unlock") as facts:
            session = session_of(program)
            session.close()
            session.window.close()
            again = session_of(self._unlock(vault, passphrase, picture=""))
            file = self._ask(again, lambda: again.desk.cases.file(case_id))
            if not (file.assessments and file.goals and file.remembered_offers):
                raise TourFailed("Nach dem Entsperren fehlt etwas, das gespeichert war.")
            facts["next_step"] = file.next_step
            again.close()
            again.window.close()
