"""Renders every widget of the house and the frame to pictures, light, dark and large: `python tools/gallery.py OUT`."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget

from kimdesk.foundation.clock import SystemClock
from kimdesk.services.entrance import Entrance
from kimdesk.storage.vault.kdf import STANDARD
from kimdesk.ui import design
from kimdesk.ui.design import Appearance, Icon, Meaning, Scheme, Space
from kimdesk.ui.frame import MainWindow, SearchHit
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.messages import Messages
from kimdesk.ui.page import Page, PageFactory
from kimdesk.ui.unlock import CreateWindow, Door, DoorDialogs, UnlockWindow
from kimdesk.ui.unlock.create_window import BACKUP, DISTRICT, NAME, PASSPHRASE, RECOVERY
from kimdesk.ui.widgets import (
    Badge,
    Banner,
    Bar,
    BarPicture,
    Button,
    CheckField,
    ChoiceChips,
    ChoiceField,
    Column,
    DataTable,
    DateField,
    EmptyState,
    Field,
    FormGrid,
    IconButton,
    IconLabel,
    KeyHint,
    NumberField,
    PageHeader,
    PersonChip,
    PhaseStepper,
    ScaleField,
    SectionCard,
    Step,
    StepState,
    Text,
    TextArea,
    TextField,
    Timeline,
    TimelineItem,
    Toast,
    column,
    put,
    row,
)

PHASES = ["Zugang", "Aufnahme", "Assessment", "Ziele", "Vereinbarung", "Koordination", "Monitoring", "Re-Assessment"]


def steps() -> list[Step]:
    states = [StepState.DONE, StepState.DONE, StepState.SKIPPED, StepState.DONE, StepState.NOW]
    states += [StepState.OPEN] * (len(PHASES) - len(states))
    notes = ["04.03.2026", "11.03.2026", "auf Wunsch der Familie", "02.04.2026", "", "", "", ""]
    parts = zip(PHASES, states, notes, strict=True)
    return [Step(str(place), title, state, note) for place, (title, state, note) in enumerate(parts)]


def form() -> QWidget:
    card = SectionCard("Aufnahme", note="Entwurf, gespeichert um 10:42", actions=(Button("Verwerfen", "quiet"),))
    grid = FormGrid(3)
    day, wrong = DateField(today=lambda: date(2026, 11, 20)), DateField(today=lambda: date(2026, 11, 20))
    day.set_value(date(2026, 11, 20))
    wrong.restore("31.02.2026")
    place = ChoiceField([("office", "Büro"), ("home", "zu Hause"), ("outreach", "aufsuchend")], empty="ohne Angabe")
    place.set_value("office")
    name = TextField()
    name.set_value("Олена Коваленко")
    arabic = TextField()
    arabic.set_value("سمير الخطيب")
    broken = Field("Einreise", wrong)
    broken.check()
    grid.add(
        Field("Datum", day, required=True),
        Field("Ort", place),
        Field("Dolmetschen", ChoiceField([("a", "nicht nötig")], empty="bitte wählen")),
        Field("Name", name, help="So, wie die Person ihn schreibt."),
        Field("Name in eigener Schrift", arabic),
        broken,
        Field("Personen im Haushalt", NumberField(smallest=1, largest=30, placeholder="z. B. 4")),
    )
    chips = ChoiceChips([("low", "niedrig"), ("normal", "normal"), ("high", "hoch"), ("at_once", "sofort")])
    chips.set_value("high")
    grid.add(Field("Dringlichkeit", chips), span=2)
    grid.add(Field("Anliegen in den Worten der Person", TextArea("Was bewegt Sie?", lines=3)), span=3)
    consent = CheckField("Die Einwilligung liegt unterschrieben vor")
    consent.set_value(True)
    grid.add(Field("", consent), span=2)
    grid.add(Field("", CheckField("geschützte Adresse")))
    card.add(grid)
    return card


def table() -> DataTable[tuple[str, str, str, str, int]]:
    rows = [
        ("KIM-2026-014", "Ahmad Rahimi, Laila Rahimi", "Lünen", "Termin Jobcenter vorbereiten", 3),
        ("KIM-2026-013", "Олена Коваленко", "Unna", "Rückmeldung Sprachkursträger", -2),
        ("KIM-2026-011", "ሃና ተስፋይ", "Kamen", "Zielgespräch", 0),
        ("KIM-2026-009", "سمير الخطيب", "Bergkamen", "Aufenthaltstitel läuft ab", 12),
    ]
    states = [StepState.DONE, StepState.DONE, StepState.SKIPPED, StepState.NOW, StepState.OPEN, StepState.OPEN]
    words = {3: "in 3 Tagen", -2: "seit 2 Tagen", 0: "heute", 12: "in 12 Tagen"}
    view: DataTable[tuple[str, str, str, str, int]] = DataTable(
        [
            Column("Nummer", lambda r: r[0], 130),
            Column("Personen", lambda r: r[1], strong=True, note=lambda r: "Dari, Deutsch A2"),
            Column("Phase", lambda r: "Ziele", 150, steps=lambda r: states),
            Column("Kommune", lambda r: r[2], 120),
            Column("Nächster Schritt", lambda r: r[3], 240),
            Column(
                "Fällig",
                lambda r: words[r[4]],
                120,
                sort=lambda r: r[4],
                meaning=lambda r: Meaning.DANGER if r[4] < 0 else Meaning.ATTENTION if r[4] == 0 else None,
            ),
        ],
        name="Fälle",
    )
    view.set_rows(rows)
    view.sort_by(5)
    view.choose(lambda r: r[4] == 0)
    filters = ChoiceChips([("mine", "Meine"), ("due", "Fällig"), ("open", "Offen")], several=True)
    filters.set_value(["open"])
    view.add_filter(filters)
    return view


def widgets() -> QWidget:
    left = column(
        PageHeader(
            "Familie Rahimi",
            "KIM-2026-014 · Lünen · seit 4. März 2026",
            actions=(Button("Drucken", symbol=Icon.PRINT), Button("Speichern", "primary", symbol=Icon.SAVE)),
            back=lambda: None,
            back_word="Zurück zu den Fällen",
        ),
        row(
            PersonChip("Ahmad Rahimi", "Klient", say="ACH-mad"),
            PersonChip("Laila Rahimi", "Partnerin", clickable=True),
            PersonChip("سمير الخطيب", "Bruder"),
            Badge("Duldung bis 12.01.2027", Meaning.ATTENTION),
            Badge("Dari"),
            None,
        ),
        _stepper(),
        form(),
        table(),
        space=Space.M,
    )
    bars = SectionCard("Lebensbereiche", note="heute und im März")
    bars.add(
        BarPicture([Bar("Sprache", 4, 2), Bar("Wohnen", 2, 2), Bar("Arbeit", 3, 1), Bar("Gesundheit", None)], largest=5)
    )
    scale, second = ScaleField(["sehr belastet", "belastet", "mittel", "gut", "sehr gut"]), ScaleField()
    scale.set_value(4)
    scale.set_previous(2)
    second.set_previous(3)
    bars.add(row(Field("Sprache", scale), Field("Wohnen", second), None, space=Space.L))
    history = SectionCard("Verlauf")
    history.add(
        Timeline(
            [
                TimelineItem(
                    "20.11.2026", "Telefonat mit dem Jobcenter", "Termin am 2. Dezember bestätigt.", symbol=Icon.PHONE
                ),
                TimelineItem(
                    "18.11.2026", "Beratung", "Ziele besprochen.", "Büro · 45 Minuten", Icon.TALK, is_draft=True
                ),
                TimelineItem("11.11.2026", "Verweisung an die MBE", symbol=Icon.REFERRAL),
            ]
        )
    )
    empty = SectionCard()
    empty.add(
        EmptyState(
            Icon.COFFEE, "Heute ist nichts fällig", "Neue Wiedervorlagen erscheinen hier.", action="Beratung beginnen"
        )
    )
    right = column(
        Banner(
            "Der Aufenthaltstitel läuft am 12.01.2027 ab.", Meaning.ATTENTION, action="Wiedervorlage", closable=True
        ),
        Banner("Die Figuren wurden übertragen.", Meaning.GOOD, title="Freigabe 2026-3"),
        Banner("Der Tresor ist auf diesem Laptop.", Meaning.INFO),
        Banner("Der Datenträger ist voll. Ihr Text ist sicher.", Meaning.DANGER, action="Erneut versuchen"),
        row(
            Button("Löschen", "danger", symbol=Icon.DELETE),
            Button("Mehr", "quiet"),
            Button("Link", "link"),
            _disabled(),
            IconButton(Icon.MORE, "Mehr"),
            KeyHint("Strg+K"),
            None,
        ),
        row(IconLabel(Icon.PLACE, "Lünen"), Text("149", "figure"), Text("Fälle", "muted"), None),
        bars,
        history,
        empty,
        Toast("Die Wiedervorlage ist erledigt.", undo=lambda: None),
        None,
        space=Space.M,
    )
    whole = QWidget()
    put(whole, role="window")
    layout = row(space=Space.XL, margin=Space.XL)
    layout.addLayout(left, 3)
    layout.addLayout(right, 2)
    whole.setLayout(layout)
    return whole


class _HomePage(Page):
    """A page as a screen author would write one."""

    page_id = "home"
    manual_page = "index"

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(PageHeader("Guten Morgen", "Freitag, 20. November 2026"))
        self.body.addWidget(form())
        self.body.addWidget(table(), 1)

    @property
    def title(self) -> str:
        return "Heute"

    def activate(self, argument: object = None) -> None:
        panel = QWidget()
        panel.setLayout(
            column(
                Text("Nächste Schritte", "overline"),
                Text("Termin beim Jobcenter vorbereiten, Bescheid mitbringen lassen.", wrap=True),
                Text("Fristen", "overline"),
                Badge("Duldung bis 12.01.2027", Meaning.ATTENTION),
                Text("Beteiligte", "overline"),
                PersonChip("Ahmad Rahimi", "Klient"),
                PersonChip("Laila Rahimi", "Partnerin"),
                None,
            )
        )
        self.show_context.emit("KIM-2026-014", panel)


def frame() -> tuple[MainWindow, ThreadPoolExecutor]:
    """Return the main window with a few pages."""
    executor = ThreadPoolExecutor(1)
    messages = Messages()
    jobs = Jobs(executor, messages)
    hits = [
        SearchHit("KIM-2026-014 · Ahmad Rahimi", "Fall, Lünen", "home"),
        SearchHit("Laila Rahimi", "Person", "home", symbol=Icon.PERSON),
        SearchHit("Sprachcafé Rahmede", "Angebot, Unna", "home", symbol=Icon.OFFERS),
    ]
    pages = [
        PageFactory("home", "Heute", Icon.HOME, _HomePage),
        PageFactory("cases", "Fälle", Icon.CASES, _HomePage),
        PageFactory("offers", "Angebote", Icon.OFFERS, _HomePage),
        PageFactory("print", "Drucken", Icon.PRINT, _HomePage),
        PageFactory("figures", "Kennzahlen", Icon.FIGURES, _HomePage),
        PageFactory("settings", "Einstellungen", Icon.SETTINGS, _HomePage, at_foot=True),
    ]
    window = MainWindow(pages, jobs, messages, search=lambda text: hits, consultation=("home", None), is_demo=True)
    window.set_push_state(3)
    messages.setParent(window)
    jobs.setParent(window)
    messages.error("Die Koordinierende Stelle ist nicht erreichbar. Die Freigabe bleibt in der Warteschlange.")
    messages.good("Der Kontakt ist gespeichert.", undo=lambda: None)
    return window, executor


def thresholds(out: Path, name: str, application: QApplication) -> None:
    """Write pictures of what stands before the desk."""
    executor = ThreadPoolExecutor(1)
    jobs = Jobs(executor, Messages())
    unlock = UnlockWindow(
        "Stadt Lünen – Fallmanagement",
        lambda secret, despite_alarm: None,
        jobs,
        last_backup="Letzte Sicherung: gestern, 16:40",
    )
    demo = UnlockWindow("Demo Kreis Unna", lambda secret, despite: None, jobs, demo_passphrase="apfel-brise-dorf-kanne")
    demo.passphrase.set_error("Die Passphrase ist falsch. Bitte warten Sie 8 s und versuchen Sie es noch einmal.")
    pictures = [("unlock", unlock, 0), ("unlock-demo", demo, 0)]
    for part, window, _step in pictures:
        window.show()
        application.processEvents()
        window.grab().save(str(out / f"{part}-{name}.png"))
        window.close()
    with TemporaryDirectory() as folder:
        _first_start(out, name, application, Path(folder) / "Tresor", jobs)
    executor.shutdown()


def _first_start(out: Path, name: str, application: QApplication, folder: Path, jobs: Jobs) -> None:
    """Write pictures of every step of the assistant, of a real vault that is thrown away."""
    door = Door(Entrance(folder, SystemClock(), STANDARD), jobs, DoorDialogs(print_sheet=lambda sheet, parent: True))
    door.entered.connect(lambda vault: vault.close())
    door.begin()
    create = door.window
    assert isinstance(create, CreateWindow)
    for step in (NAME, PASSPHRASE, RECOVERY, DISTRICT, BACKUP):
        if step == RECOVERY:
            create.choice.repeat.editor.set_value(create.choice.suggestion.text())
            create.make.click()
            jobs.wait_idle(60_000)  # the key derivation takes its time
        else:
            create.show_step(step)
        application.processEvents()
        create.grab().save(str(out / f"create-{step}-{name}.png"))
    door.close()


def _stepper() -> PhaseStepper:
    stepper = PhaseStepper(steps())
    stepper.set_viewed("3")
    return stepper


def _disabled() -> Button:
    button = Button("Senden", "primary")
    button.setEnabled(False)
    return button


def main() -> None:
    """Write the pictures into the folder given."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    for name, choice, size in (
        ("light", Appearance(Scheme.LIGHT), (1640, 1080)),
        ("dark", Appearance(Scheme.DARK), (1640, 1080)),
        ("large", Appearance(Scheme.LIGHT, 2.0), (2700, 1900)),
    ):
        design.apply(application, choice)
        whole = widgets()
        whole.setWindowTitle("Gallery")
        whole.resize(*size)
        whole.show()
        application.processEvents()
        whole.grab().save(str(out / f"widgets-{name}.png"))
        whole.close()
    for name, choice, size in (
        ("light", Appearance(Scheme.LIGHT), (1366, 738)),
        ("dark", Appearance(Scheme.DARK), (1366, 738)),
        ("wide", Appearance(Scheme.LIGHT), (2560, 1400)),
        ("large", Appearance(Scheme.LIGHT, 2.0), (1366, 738)),
    ):
        design.apply(application, choice)
        window, executor = frame()
        window.resize(*size)
        window.show()
        application.processEvents()
        window.grab().save(str(out / f"frame-{name}.png"))
        sys.stdout.write(f"frame {name}: {window.width()} x {window.height()}\n")
        window.close()
        executor.shutdown()
        thresholds(out, name, application)
    sys.stdout.write(f"{out}\n")


if __name__ == "__main__":
    main()
