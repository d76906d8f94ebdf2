"""The assistant of the first start, the window after recovery, and bringing a backup back; on real vaults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPageSize, QPdfWriter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kimdesk.foundation.clock import FixedClock
from kimdesk.services.desk import build_desk
from kimdesk.services.entrance import Entrance
from kimdesk.services.vault import RecoverySheet, make_vault, open_vault
from kimdesk.storage import KeyDerivation, Vault
from kimdesk.ui.jobs import Jobs
from kimdesk.ui.recovery_sheet import draw_recovery_sheet, goes_into_a_file
from kimdesk.ui.unlock import CreateWindow, Door, DoorDialogs, RecoverWindow, RestoreWindow, UnlockWindow
from kimdesk.ui.unlock.create_window import BACKUP, DISTRICT, NAME, PASSPHRASE, RECOVERY
from kimdesk.ui.widgets import Text
from tests.services.support import add_cases
from tests.ui.keys import press, type_text

OWN = "nebel-zange-ufer-kelle-harfe-loewe"


class House:
    """A door onto a folder, with what the user chooses and what was printed."""

    def __init__(self, folder: Path, clock: FixedClock, kdf: KeyDerivation, jobs: Jobs) -> None:
        self.folder, self.clock, self.kdf, self.jobs = folder, clock, kdf, jobs
        self.place: Path | None = None
        self.printed: list[RecoverySheet] = []
        self.entered: list[Vault] = []
        self.door = Door(
            Entrance(folder, clock, kdf),
            jobs,
            DoorDialogs(choose_folder=lambda _parent, _title: self.place, print_sheet=self._print),
        )
        self.door.entered.connect(self.entered.append)
        self.door.begin()

    def _print(self, sheet: RecoverySheet, _parent: QWidget | None) -> bool:
        self.printed.append(sheet)
        return True

    def window(self) -> QWidget:
        assert self.door.window is not None
        return self.door.window

    def creating(self) -> CreateWindow:
        window = self.window()
        assert isinstance(window, CreateWindow)
        return window

    def unlocking(self) -> UnlockWindow:
        window = self.window()
        assert isinstance(window, UnlockWindow)
        return window

    def restoring(self) -> RestoreWindow:
        window = self.window()
        assert isinstance(window, RestoreWindow)
        return window


@pytest.fixture
def house(tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, jobs: Jobs, qtbot: QtBot) -> Iterator[House]:
    house = House(tmp_path / "Tresor", clock, cheap_kdf, jobs)
    yield house
    for vault in house.entered:
        vault.close()
    house.door.close()


def give_name(window: CreateWindow, name: str = "Stadt Lünen") -> None:
    window.name.editor.set_value(name)
    press(window.name.editor.line, Qt.Key.Key_Return)


def prove(window: CreateWindow | RecoverWindow) -> RecoverySheet:
    """Type the word that is asked for; return the sheet."""
    view = window.recovery
    sheet = view.sheet
    assert sheet is not None
    number = int("".join(filter(str.isdigit, view.proof.label.text())))
    view.proof.editor.set_value(sheet.words[number - 1])
    view.finish.click()
    return sheet


def shown_texts(window: QWidget) -> set[str]:
    return {label.text() for label in window.findChildren(Text) if label.isVisible()}


def test_the_first_start_leads_through_five_steps_to_a_vault_with_a_backup(
    house: House, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    window = house.creating()
    window.name.editor.set_value("")
    window.to_passphrase.click()
    assert window.step_number == NAME and window.name.error.isVisible()
    give_name(window)
    assert window.step_number == PASSPHRASE
    passphrase = window.choice.suggestion.text()
    assert passphrase.count("-") == 5
    type_text(window.choice.repeat.editor.line, passphrase)
    window.make.click()
    assert house.jobs.wait_idle()
    assert window.step_number == RECOVERY
    assert passphrase not in shown_texts(window)
    assert "1 MB Arbeitsspeicher, 1 Durchgänge" in window.cost_line.text()
    window.recovery.printer.click()
    type_text(window.recovery.proof.editor.line, "falsch")
    window.recovery.finish.click()
    assert window.step_number == RECOVERY and window.recovery.proof.error.isVisible()
    sheet = prove(window)
    assert house.printed == [sheet] and len(sheet.words) == 14
    assert window.step_number == DISTRICT
    window.district.editor.set_value("coesfeld")
    window.to_backup.click()
    assert window.step_number == BACKUP
    house.place = tmp_path / "Stick"
    house.place.mkdir()
    window.place_button.click()
    window.finish.click()
    assert house.jobs.wait_idle()
    (vault,) = house.entered
    desk = build_desk(vault, clock)
    assert desk.vault.name == "Stadt Lünen"
    assert desk.settings.profile().id == "coesfeld"
    assert [place.count for place in desk.backups.places()] == [1, 1]
    vault.close()
    for secret in (passphrase, " ".join(sheet.words), sheet.qr_text):
        open_vault(house.folder, secret, clock=clock, kdf=cheap_kdf).close()


def test_a_place_for_backups_that_cannot_be_written_is_said_and_may_be_changed(house: House, tmp_path: Path) -> None:
    window = house.creating()
    give_name(window)
    window.choice.repeat.editor.set_value(window.choice.suggestion.text())
    window.make.click()
    assert house.jobs.wait_idle()
    prove(window)
    window.to_backup.click()
    house.place = tmp_path / "gibt es nicht"
    window.place_button.click()
    window.finish.click()
    assert house.jobs.wait_idle()
    assert window.banner.isVisible() and house.entered == []
    house.place = tmp_path
    window.place_button.click()
    window.finish.click()
    assert house.jobs.wait_idle()
    assert len(house.entered) == 1


def test_a_passphrase_of_ones_own_must_be_strong_and_typed_twice(house: House) -> None:
    window = house.creating()
    give_name(window)
    window.choice.kind.set_value("own")
    window.choice.kind.chosen.emit("own")
    type_text(window.choice.own.editor.line, "Sommer2026")
    assert "Schwach" in window.choice.strength.text()
    window.choice.repeat.editor.set_value("Sommer2026")
    window.make.click()
    assert window.choice.own.error.isVisible()
    window.choice.own.editor.set_value(OWN)
    window.choice.repeat.editor.set_value("anders")
    window.make.click()
    assert window.choice.repeat.error.isVisible() and not house.folder.exists()


def test_every_step_fits_a_laptop_of_1366_by_768(house: House) -> None:
    window = house.creating()
    window.resize(1366, 768 - 60)  # a task bar and a title
    give_name(window)
    window.choice.repeat.editor.set_value(window.choice.suggestion.text())
    window.make.click()
    assert house.jobs.wait_idle()
    for step in (NAME, PASSPHRASE, RECOVERY, DISTRICT, BACKUP):
        window.show_step(step)
        inner = window.middle.parentWidget()
        assert inner is not None
        needed = inner.heightForWidth(inner.width()) if inner.hasHeightForWidth() else inner.sizeHint().height()
        assert needed <= window.height(), (step, needed)


def test_a_window_closed_before_the_end_lets_go_of_the_vault(
    house: House, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    window = house.creating()
    give_name(window)
    passphrase = window.choice.suggestion.text()
    window.choice.repeat.editor.set_value(passphrase)
    window.make.click()
    assert house.jobs.wait_idle()
    window.close()
    open_vault(house.folder, passphrase, clock=clock, kdf=cheap_kdf).close()


# Recovery


@pytest.fixture
def made(house: House, clock: FixedClock, cheap_kdf: KeyDerivation) -> RecoverySheet:
    """The sheet of a vault with two cases, whose passphrase nobody remembers."""
    new = make_vault(house.folder, OWN, name="Fallakten", clock=clock, kdf=cheap_kdf)
    desk = build_desk(new.vault, clock)
    add_cases(desk, 2)
    desk.backups.back_up_now()
    new.vault.close()
    house.door.begin()
    return new.recovery_sheet


def recover(house: House, sheet: RecoverySheet) -> RecoverWindow:
    window = house.unlocking()
    window.recovery_link.click()
    window.recovery.editor.set_value("\n".join(sheet.words))
    window.open_button.click()
    assert house.jobs.wait_idle()
    recovering = house.window()
    assert isinstance(recovering, RecoverWindow)
    return recovering


def test_after_recovery_come_a_new_passphrase_and_a_new_sheet_before_the_desk(
    house: House, made: RecoverySheet, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    window = recover(house, made)
    assert house.entered == []
    passphrase = window.choice.suggestion.text()
    window.choice.repeat.editor.set_value(passphrase)
    window.set_button.click()
    assert house.jobs.wait_idle()
    new = prove(window)
    assert new.key != made.key
    (vault,) = house.entered
    vault.close()
    open_vault(house.folder, passphrase, clock=clock, kdf=cheap_kdf).close()
    house.door.begin()
    unlocking = house.unlocking()
    unlocking.passphrase.editor.set_value(OWN)
    unlocking.open_button.click()
    assert house.jobs.wait_idle()
    assert "falsch" in unlocking.passphrase.error.text()
    unlocking.recovery_link.click()
    unlocking.recovery.editor.set_value(made.key)
    unlocking.open_button.click()
    assert house.jobs.wait_idle()
    assert "öffnet den Tresor nicht" in unlocking.recovery.error.text()


def test_a_recovery_that_is_broken_off_asks_again(
    house: House, made: RecoverySheet, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    recover(house, made).close()
    assert house.entered == []
    house.door.begin()
    assert recover(house, made).isVisible()


# The sheet


def test_the_sheet_holds_words_groups_and_a_code(made: RecoverySheet, tmp_path: Path) -> None:
    target = tmp_path / "blatt.pdf"
    writer = QPdfWriter(str(target))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    draw_recovery_sheet(writer, made)
    document = QPdfDocument()
    document.load(str(target))
    assert document.pageCount() == 1
    text = document.getAllText(0).text()
    assert all(word in text for word in (*made.words, *made.groups)), text
    picture = document.render(0, (document.pagePointSize(0) * 2).toSize())
    assert dark_share(picture) > 0.02
    document.close()


def dark_share(picture: QImage) -> float:
    """Return how much of the picture's right half is black: the code stands there."""
    grey = picture.convertToFormat(QImage.Format.Format_ARGB32)
    width, height = grey.width(), grey.height()
    points = [(x, y) for x in range(width // 2, width, 3) for y in range(0, height, 3)]
    dark = sum(grey.pixelColor(x, y).alpha() > 128 and grey.pixelColor(x, y).lightness() < 64 for x, y in points)
    return dark / len(points)


def test_a_printer_that_writes_files_is_recognised() -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    assert goes_into_a_file(printer)


# Bringing back


def test_a_backup_is_seen_before_it_replaces_anything(
    house: House, made: RecoverySheet, clock: FixedClock, cheap_kdf: KeyDerivation
) -> None:
    house.unlocking().findChildren(QWidget)  # the link is one of the quiet ones at the foot
    house.door._go_to_restore()
    window = house.restoring()
    assert house.jobs.wait_idle()
    assert window.table.model.rowCount() == 1
    assert not window.restore_button.isEnabled()
    window.secret.editor.set_value("geraten")
    window.look_button.click()
    assert house.jobs.wait_idle()
    assert "falsch" in window.banner.text.text() and not window.restore_button.isEnabled()
    window.secret.editor.set_value(made.key)
    window.look_button.click()
    assert house.jobs.wait_idle()
    assert "2 Fälle" in window.summary.text() and "20.11.2026" in window.summary.text()
    assert "„Fallakten“ wird dadurch ersetzt" in window.consequence.text()
    window.restore_button.click()
    assert house.jobs.wait_idle()
    assert "wiederhergestellt" in house.unlocking().notice.text.text()
    assert [path.name.partition(".bis-")[0] for path in house.folder.parent.glob("Tresor*")] == ["Tresor", "Tresor"]


def test_a_backup_comes_onto_an_empty_machine(
    house: House, made: RecoverySheet, tmp_path: Path, clock: FixedClock, cheap_kdf: KeyDerivation, jobs: Jobs
) -> None:
    other = House(tmp_path / "anderer Laptop" / "Tresor", clock, cheap_kdf, jobs)
    other.door._go_to_restore()
    window = other.restoring()
    other.place = tmp_path
    window.folder_button.click()
    assert jobs.wait_idle()
    assert "keine Sicherung" in window.banner.text.text()
    other.place = house.folder
    window.folder_button.click()
    assert jobs.wait_idle()
    window.secret.editor.set_value(OWN)
    window.look_button.click()
    assert jobs.wait_idle()
    window.restore_button.click()
    assert jobs.wait_idle()
    unlocking = other.unlocking()
    unlocking.passphrase.editor.set_value(OWN)
    unlocking.open_button.click()
    assert jobs.wait_idle()
    (vault,) = other.entered
    assert len(build_desk(vault, clock).vault.case_numbers()) == 2
    vault.close()
    other.door.close()
