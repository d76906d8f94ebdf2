"""Shows the manual, which is Markdown that comes with the program; nothing is loaded from anywhere else."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTextBrowser, QWidget

from kimdesk.foundation.resources import data_root
from kimdesk.i18n import _
from kimdesk.ui.design import Space, TypeSize, theme
from kimdesk.ui.widgets import Text, column, describe, put, row, size_within_screen

START_PAGE = "index"
_LINK = re.compile(r"\]\(([\w-]+)\.md\)")


def manual_folder() -> Path:
    """Return the folder of the manual's pages."""
    return data_root("docs") / "manual"


class ManualWindow(QWidget):
    """A window beside the desk: contents at the left, the page at the right. Esc closes it."""

    def __init__(self, parent: QWidget | None = None, *, folder: Path | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        put(self, role="window")
        self._folder = folder or manual_folder()
        self.page_name = ""
        self.contents = QListWidget()
        put(self.contents, role="plain")
        describe(self.contents, _("Inhalt des Handbuchs"))
        self.contents.setFixedWidth(theme().px(256))
        self.contents.setWordWrap(True)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.contents.currentItemChanged.connect(self._chosen)
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._follow)
        describe(self.browser, _("Handbuch"))
        left = column(Text(_("Handbuch"), "section"), self.contents, margin=Space.M)
        layout = row(left, self.browser, space=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        size_within_screen(self, 920, 640)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self._list_pages()

    def _list_pages(self) -> None:
        """List the pages in the order in which the first page leads to them; what it does not name comes last."""
        start = self._folder / f"{START_PAGE}.md"
        order = [START_PAGE, *(_LINK.findall(start.read_text(encoding="utf-8")) if start.is_file() else ())]
        places = {name: place for place, name in reversed([*enumerate(order)])}
        found = self._folder.glob("*.md")
        for page in sorted(found, key=lambda page: (places.get(page.stem, len(order)), _heading(page).casefold())):
            item = QListWidgetItem(_heading(page))
            item.setData(Qt.ItemDataRole.UserRole, page.stem)
            self.contents.addItem(item)

    def open_page(self, name: str) -> None:
        """Show the page `name`; one that does not exist yet shows the first page."""
        file = self._folder / f"{name}.md"
        if not name.replace("-", "").replace("_", "").isalnum() or not file.is_file():
            name, file = START_PAGE, self._folder / f"{START_PAGE}.md"
        self.page_name = name
        self.browser.setMarkdown(file.read_text(encoding="utf-8") if file.is_file() else "")
        self._let_it_breathe()
        self.setWindowTitle(_("Handbuch – {title}").format(title=_heading(file) if file.is_file() else ""))
        for place in range(self.contents.count()):
            item = self.contents.item(place)
            if item.data(Qt.ItemDataRole.UserRole) == name and self.contents.currentItem() is not item:
                self.contents.setCurrentItem(item)

    def _let_it_breathe(self) -> None:
        """Give headings, paragraphs and lines the room that Markdown does not speak of."""
        block = self.browser.document().begin()
        while block.isValid():
            form, cursor = block.blockFormat(), QTextCursor(block)
            level = form.headingLevel()
            in_cell = cursor.currentTable() is not None
            form.setTopMargin(theme().px((0, 0, 20, 14)[min(level, 3)]) if not in_cell else theme().px(2))
            form.setBottomMargin(theme().px(8 if not in_cell else 2))
            form.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(form)
            if level:
                size = {1: TypeSize.TITLE, 2: TypeSize.SECTION}.get(level, TypeSize.BODY)
                letters = QTextCharFormat()
                letters.setFont(theme().font(size, bold=True))
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                cursor.mergeCharFormat(letters)
            table = cursor.currentTable()
            if table is not None:
                form_of_table = table.format()
                form_of_table.setCellPadding(theme().px(4))
                form_of_table.setCellSpacing(0)
                form_of_table.setBorder(0)
                table.setFormat(form_of_table)
            block = block.next()

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None and (name := item.data(Qt.ItemDataRole.UserRole)) != self.page_name:
            self.open_page(name)

    def _follow(self, link: QUrl) -> None:
        """Follow a link to another page of the manual; addresses outside are only text here."""
        if link.isRelative() and link.path().endswith(".md"):
            self.open_page(Path(link.path()).stem)


def _heading(page: Path) -> str:
    """Return the first heading of a page, or its file name."""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            return line[2:].strip()
    return page.stem
