"""Taking a file of offers into the directory, and what became of each record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.i18n.formats import number
from kimdesk.offers.report import Refusal
from kimdesk.services.offers import ImportReport, OfferFormat, OfferService
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.offers.words import language_choices
from kimdesk.ui.widgets import (
    Banner,
    Button,
    ChoiceChips,
    ChoiceField,
    Column,
    DataTable,
    Field,
    ProgressNote,
    Scroll,
    Text,
    column,
    put,
    row,
    size_within_screen,
)

ChooseFile = Callable[[QWidget], Path | None]


def ask_for_file(parent: QWidget) -> Path | None:
    """Ask for a file with the system's dialog; None if the user thinks better of it."""
    name, _kind = QFileDialog.getOpenFileName(
        parent, _("Datei mit Angeboten wählen"), "", _("JSON-Dateien (*.json);;Alle Dateien (*)")
    )
    return Path(name) if name else None


class ImportDialog(QDialog):
    """Asks for file, format and language, imports, and shows the report. `imported` after something was read."""

    imported = Signal()

    def __init__(self, parent: QWidget, offers: OfferService, jobs: Jobs, choose_file: ChooseFile) -> None:
        super().__init__(parent)
        put(self, role="window")
        self.setWindowTitle(_("Angebote importieren"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offers, self._jobs, self._choose_file = offers, jobs, choose_file
        self._path: Path | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(Scroll(self._questions()))
        self.report = ReportView()
        self.stack.addWidget(self.report)
        self.close_button = Button(_("Abbrechen"), on_click=self.reject)
        self.import_button = Button(_("Importieren"), "primary", symbol=Icon.IMPORT, on_click=self.start)
        self.import_button.setEnabled(False)
        self.progress = ProgressNote(_("Die Datei wird gelesen …"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.L)
        layout.addWidget(Text(_("Angebote importieren"), "title"))
        layout.addWidget(self.stack, 1)
        layout.addLayout(row(self.progress, None, self.close_button, self.import_button))
        size_within_screen(self, 600, 520)

    def _questions(self) -> QWidget:
        self.file_name = Text(_("Noch keine Datei gewählt"), "muted", elide=True)
        self.file_button = Button(_("Datei wählen …"), symbol=Icon.DOCUMENT, on_click=self.choose)
        self.format = ChoiceChips(
            [(OfferFormat.INTEGREAT.value, "Integreat"), (OfferFormat.HSDS.value, "HSDS")], required=True
        )
        self.format.set_value(OfferFormat.INTEGREAT.value)
        self.language = ChoiceField(language_choices(), empty=None)
        self.language.set_value("de")
        self.problem = Banner("", Meaning.DANGER)
        self.problem.hide()
        across = row(self.file_button, self.file_name)
        across.setStretch(1, 1)
        page = QWidget()
        page.setLayout(
            column(
                Text(
                    _(
                        "Die Datei wird vollständig gelesen, bevor etwas gespeichert wird. Angebote, die schon im "
                        "Verzeichnis stehen, werden aktualisiert und nicht doppelt angelegt."
                    ),
                    "muted",
                    wrap=True,
                ),
                self.problem,
                across,
                Field(
                    _("Format der Datei"),
                    self.format,
                    help=_("Integreat: Antwort der Schnittstelle „pages“. HSDS: Dienste nach Open Referral 3.1."),
                ),
                Field(
                    _("Sprache der Texte"),
                    self.language,
                    help=_("Gilt für Einträge, die ihre Sprache nicht selbst nennen."),
                ),
                None,
                space=Space.L,
            )
        )
        return page

    def choose(self) -> None:
        """Ask for the file."""
        path = self._choose_file(self)
        if path is not None:
            self._path = path
            self.file_name.setText(path.name)
            self.problem.hide()
            self.import_button.setEnabled(True)
            self.import_button.setFocus()

    def start(self) -> None:
        """Import the chosen file."""
        path, file_format = self._path, str(self.format.value())
        language = self.language.value()
        if path is None:
            return
        self.problem.hide()
        self.import_button.set_busy(True)
        self.progress.start()
        self._jobs.write(
            lambda: self._offers.import_file(path, file_format, language),
            self._imported,
            self._refused,
            owner=self,
            always=self._finished,
            touches={"offers"},
        )

    def _finished(self) -> None:
        self.progress.stop()
        self.import_button.set_busy(False)

    def _imported(self, report: ImportReport) -> None:
        self.report.show_report(report)
        self.stack.setCurrentWidget(self.report)
        self.import_button.hide()
        self.close_button.setText(_("Schließen"))
        self.close_button.setFocus()
        self.imported.emit()

    def _refused(self, error: KnownError) -> None:
        self.problem.set_text(
            _("{problem} Das Verzeichnis ist unverändert.").format(problem=render_error(error)), Meaning.DANGER
        )
        self.problem.show()
        self.file_button.setFocus()


class ReportView(QWidget):
    """Five figures, and the records left out with their reasons."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = Banner("", Meaning.GOOD)
        self.figures: dict[str, Text] = {}
        across = row(space=Space.XL)
        for name, word in (
            ("added", _("neu")),
            ("changed", _("geändert")),
            ("unchanged", _("unverändert")),
            ("empty", _("leer, ausgelassen")),
            ("refused", _("nicht lesbar")),
        ):
            self.figures[name] = Text("0", "figure")
            across.addLayout(column(self.figures[name], Text(word, "meta"), space=0))
        across.addStretch(1)
        self.refused: DataTable[Refusal] = DataTable(
            [
                Column(_("Eintrag"), lambda refusal: refusal.record, width=200),
                Column(_("Warum er fehlt"), _reason),
            ],
            name=_("Nicht übernommene Einträge"),
            filter_row=False,
        )
        self.refused.hide()
        self._rest = QWidget()
        layout = column(self.summary, across, self.refused, space=Space.L)
        layout.addWidget(self._rest, 1)
        self.setLayout(layout)

    def show_report(self, report: ImportReport) -> None:
        """Show what an import did."""
        counts = {
            "added": report.added,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "empty": report.empty,
            "refused": len(report.refused),
        }
        for name, count in counts.items():
            self.figures[name].setText(number(count))
        self.refused.set_rows(report.refused)
        self.refused.setVisible(bool(report.refused))
        self._rest.setVisible(not report.refused)
        if report.refused:
            self.summary.set_text(
                _("Die lesbaren Einträge sind übernommen. Was nicht übernommen wurde, steht unten mit dem Grund."),
                Meaning.ATTENTION,
            )
        elif report.added or report.changed:
            self.summary.set_text(_("Das Verzeichnis ist auf dem Stand der Datei."), Meaning.GOOD)
        else:
            self.summary.set_text(_("Die Datei enthält nichts Neues. Das Verzeichnis ist unverändert."), Meaning.INFO)


def _reason(refusal: Refusal) -> str:
    return _(refusal.reason).format_map(dict(refusal.parameters))
