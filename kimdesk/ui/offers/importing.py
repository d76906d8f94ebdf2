"""Taking a file of offers into the directory: choose, name the columns, look through, apply, see what became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from kimdesk.foundation.errors import KnownError
from kimdesk.i18n import _, render_error
from kimdesk.services.offer_imports import ImportPreview, ImportSteps, OfferImportService, SheetView
from kimdesk.services.offers import ImportReport, OfferFormat
from kimdesk.ui.design import Icon, Meaning, Space
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.offers.mapping import MappingView
from kimdesk.ui.offers.review import ReportView, ReviewView
from kimdesk.ui.offers.words import language_choices
from kimdesk.ui.widgets import (
    Banner,
    Button,
    ChoiceField,
    Field,
    ProgressNote,
    Scroll,
    Text,
    TextField,
    column,
    put,
    row,
    size_within_screen,
)

ChooseFile = Callable[[QWidget], Path | None]
_BY_ENDING = {".csv": OfferFormat.CSV, ".xlsx": OfferFormat.XLSX, ".zip": OfferFormat.HSDS_TABULAR}


def ask_for_file(parent: QWidget) -> Path | None:
    """Ask for a file with the system's dialog; None if the user thinks better of it."""
    name, _kind = QFileDialog.getOpenFileName(
        parent,
        _("Datei mit Angeboten wählen"),
        "",
        _("Angebote (*.json *.csv *.xlsx *.zip);;Alle Dateien (*)"),
    )
    return Path(name) if name else None


class ImportDialog(QDialog):
    """Leads through an import. `imported` after something was written."""

    imported = Signal()

    def __init__(self, parent: QWidget, imports: OfferImportService, jobs: Jobs, choose_file: ChooseFile) -> None:
        super().__init__(parent)
        put(self, role="window")
        self.setWindowTitle(_("Angebote importieren"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._imports, self._jobs, self._choose_file = imports, jobs, choose_file
        self._path: Path | None = None
        self._steps: ImportSteps | None = None
        self._cancelled = False
        self.mapping, self.review, self.report = MappingView(), ReviewView(), ReportView()
        self.stack = QStackedWidget()
        self._ask, self._map = Scroll(self._questions()), Scroll(self.mapping)
        for page in (self._ask, self._map, self.review, self.report):
            self.stack.addWidget(page)
        self.close_button = Button(_("Abbrechen"), on_click=self.reject)
        self.import_button = Button(_("Weiter"), "primary", symbol=Icon.FORWARD, on_click=self.start)
        self.import_button.setEnabled(False)
        self.apply_button = Button(_("Übernehmen"), "primary", symbol=Icon.IMPORT, on_click=self.apply)
        self.apply_button.hide()
        self.progress = ProgressNote(_("Die Datei wird gelesen …"), on_cancel=self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.L)
        layout.addWidget(Text(_("Angebote importieren"), "title"))
        layout.addWidget(self.stack, 1)
        layout.addLayout(row(self.progress, None, self.close_button, self.import_button, self.apply_button))
        size_within_screen(self, 860, 600)

    def _questions(self) -> QWidget:
        self.file_name = Text(_("Noch keine Datei gewählt"), "muted", elide=True)
        self.file_button = Button(_("Datei wählen …"), symbol=Icon.DOCUMENT, on_click=self.choose)
        self.format = ChoiceField(
            [
                (OfferFormat.INTEGREAT.value, _("Integreat: Seiten")),
                (OfferFormat.INTEGREAT_LOCATIONS.value, _("Integreat: Orte")),
                (OfferFormat.HSDS.value, _("HSDS 3.1 (JSON)")),
                (OfferFormat.HSDS_TABULAR.value, _("HSDS 3.1 (Tabellen als ZIP)")),
                (OfferFormat.CSV.value, _("Tabelle: CSV")),
                (OfferFormat.XLSX.value, _("Tabelle: Excel (XLSX)")),
            ],
            empty=None,
        )
        self.format.set_value(OfferFormat.INTEGREAT.value)
        self.language = ChoiceField(language_choices(), empty=None)
        self.language.set_value("de")
        self.collection = TextField()
        self.problem = Banner("", Meaning.DANGER)
        self.problem.hide()
        across = row(self.file_button, self.file_name)
        across.setStretch(1, 1)
        page = QWidget()
        page.setLayout(
            column(
                Text(
                    _(
                        "Die Datei wird vollständig geprüft und mit dem Verzeichnis verglichen. Geschrieben wird erst, "
                        "wenn Sie die Änderungen durchgesehen haben; den letzten Import können Sie zurücknehmen."
                    ),
                    "muted",
                    wrap=True,
                ),
                self.problem,
                across,
                Field(_("Format der Datei"), self.format),
                Field(
                    _("Sprache der Texte"),
                    self.language,
                    help=_("Gilt für Einträge, die ihre Sprache nicht selbst nennen."),
                ),
                Field(
                    _("Name des Bestands"),
                    self.collection,
                    help=_("Für HSDS: Nur eine neue Fassung desselben Bestands kann sagen, dass ein Angebot weg ist."),
                ),
                None,
                space=Space.L,
            )
        )
        return page

    def choose(self) -> None:
        """Ask for the file; its ending says the format where it can."""
        path = self._choose_file(self)
        if path is not None:
            self._path = path
            self.file_name.setText(path.name)
            if (known := _BY_ENDING.get(path.suffix.lower())) is not None:
                self.format.set_value(known.value)
            self.problem.hide()
            self.import_button.setEnabled(True)
            self.import_button.setFocus()

    def start(self) -> None:
        """Read the chosen file; for a table, ask first what its columns mean."""
        path, chosen = self._path, OfferFormat(str(self.format.value()))
        if path is None:
            return
        self.problem.hide()
        self._work(_("Die Datei wird gelesen …"))
        if chosen.is_table and self.stack.currentWidget() is self._ask:
            self._jobs.read(lambda: self._imports.look_at_sheet(path), self._show_mapping, self._refused, owner=self)
            return
        language = self.language.value()
        mapped = chosen.is_table
        collection = str((self.mapping.collection if mapped else self.collection).value() or "").strip()
        columns = self.mapping.columns() if mapped else None
        self._jobs.write(
            lambda: self._imports.begin(path, chosen, language, collection=collection, columns=columns),
            self._stage,
            self._refused,
            owner=self,
        )

    def apply(self) -> None:
        """Write what was looked through."""
        steps, leaving = self._steps, self.review.leaving()
        if steps is None:
            return
        self.apply_button.set_busy(True)
        self._work(_("Die Änderungen werden geschrieben …"))
        self._jobs.write(
            lambda: self._imports.apply(steps.id, leaving),
            self._imported,
            self._refused,
            owner=self,
            always=lambda: self.apply_button.set_busy(False),
            touches={"offers"},
        )

    def cancel(self) -> None:
        """Stop preparing; the directory was not touched."""
        self._cancelled = True

    def reject(self) -> None:
        """Close; what was prepared and not applied is thrown away."""
        steps, self._steps = self._steps, None
        if steps is not None and self.stack.currentWidget() is not self.report:
            self._jobs.write(lambda: self._imports.discard(steps.id))
        super().reject()

    def _work(self, text: str) -> None:
        self._cancelled = False
        self.import_button.set_busy(True)
        self.progress.start(text)

    def _rest(self) -> None:
        self.progress.stop()
        self.import_button.set_busy(False)

    def _show_mapping(self, view: SheetView) -> None:
        self._rest()
        self.mapping.show_sheet(view)
        self.stack.setCurrentWidget(self._map)

    def _stage(self, steps: ImportSteps) -> None:
        self._steps = steps
        self._next()

    def _next(self) -> None:
        """Stage the next records in a piece of work of their own, so that the desk stays usable."""
        steps = self._steps
        if steps is None:
            return
        if self._cancelled:
            self._steps = None
            self._jobs.write(lambda: self._imports.discard(steps.id), owner=self)
            self._rest()
            self.problem.set_text(_("Abgebrochen. Das Verzeichnis ist unverändert."), Meaning.INFO)
            self.problem.show()
            self.stack.setCurrentWidget(self._ask)
            return
        done, total = steps.progress
        if total:
            self.progress.set_share(done / total)
        self._jobs.write(steps.step, self._stepped, self._refused, owner=self)

    def _stepped(self, preview: ImportPreview | None) -> None:
        if preview is None:
            self._next()
            return
        self._rest()
        self.review.show_preview(preview)
        self.stack.setCurrentWidget(self.review)
        self.import_button.hide()
        self.apply_button.setVisible(not preview.changes_nothing)
        if preview.changes_nothing:
            self.close_button.setText(_("Schließen"))
        (self.close_button if preview.changes_nothing else self.apply_button).setFocus()

    def _imported(self, report: ImportReport) -> None:
        self._rest()
        self.report.show_report(report)
        self.stack.setCurrentWidget(self.report)
        self.apply_button.hide()
        self.close_button.setText(_("Schließen"))
        self.close_button.setFocus()
        self.imported.emit()

    def _refused(self, error: KnownError) -> None:
        self._rest()
        self._steps = None
        self.apply_button.hide()
        self.import_button.show()
        self.problem.set_text(
            _("{problem} Das Verzeichnis ist unverändert.").format(problem=render_error(error)), Meaning.DANGER
        )
        self.problem.show()
        self.stack.setCurrentWidget(self._ask)
        self.file_button.setFocus()
