"""The third step: what would become of every row, and what a person wishes instead. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services.importing_rows import Matches, Result, RowResult
from crm.ui.importing.mending import MendDialog
from crm.ui.importing.reading import KEPT, Checked, Look
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.fields import Select
from crm.ui.widgets.id_list import Column, IdListModel, StatusCell
from crm.ui.widgets.labels import Hairline, IconLabel, Label
from crm.ui.widgets.nothing import Nothing
from crm.ui.widgets.pages import ScrollColumn, SectionHeader, SidePane, Surface
from crm.ui.widgets.shortcuts import shortcut
from crm.ui.widgets.tables import ListTable
from crm.ui.widgets.tabs import Tab, Tabs

_TABS: Final[tuple[tuple[str, str, tuple[Result, ...]], ...]] = (
    ("added", i18n.mark("New"), ("added",)),
    ("updated", i18n.mark("Will change"), ("updated",)),
    ("unchanged", i18n.mark("The same"), ("unchanged",)),
    ("rejected", i18n.mark("Problems"), ("rejected",)),
    ("left_out", i18n.mark("Left out"), ("left_out",)),
)
_ICONS: Final[dict[Result, tuple[str, str, str]]] = {
    "added": ("plus-circle", i18n.mark("to be added"), "ok"),
    "updated": ("arrows-clockwise", i18n.mark("to be changed"), "accent_text"),
    "unchanged": ("check", i18n.mark("the same"), "text2"),
    "rejected": ("warning-circle-fill", i18n.mark("not taken"), "bad"),
    "left_out": ("minus-circle", i18n.mark("left out"), "text2"),
}
MATCHES: Final[dict[Matches, tuple[str, str]]] = {
    "fill": (
        i18n.mark("Fill what is empty"),
        i18n.mark("What is there stays; what differs is kept beside it in the note."),
    ),
    "update": (i18n.mark("Update"), i18n.mark("What the file says replaces what is there. Nothing becomes empty.")),
    "skip": (i18n.mark("Skip"), i18n.mark("People who are there stay exactly as they are; only new ones come.")),
}


class CheckStep(QWidget):
    """`changed` asks for another check by other wishes; `import_wanted` and `back_wanted` lead on and back."""

    changed = Signal()
    import_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[int, RowResult] = {}
        self._looks: Sequence[Look] = ()
        self._checked = Checked()
        self.left_out: set[tuple[int, str]] = set()
        self.mended: dict[tuple[int, str, int], tuple[str, ...]] = {}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(self._left(), 1)
        self._side = SidePane(theme, 374)
        self._about = ScrollColumn(theme, side=24)
        self._about.body.setSpacing(8)
        self._side.body.addWidget(self._about)
        middle.addWidget(self._side)
        whole.addLayout(middle, 1)
        # Once the layouts are the page's: a table that belongs nowhere is a window for a moment.
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        whole.addWidget(self._foot())

    def _left(self) -> QVBoxLayout:
        theme = self._theme
        left = QVBoxLayout()
        left.setSpacing(0)
        bar = Surface(theme, "surface", "b")
        row = QHBoxLayout(bar)
        row.setContentsMargins(28, 0, 28, 1)
        self.tabs = Tabs(theme, name=i18n.text("What becomes of the rows"))
        self.tabs.changed.connect(lambda _: self._list())
        row.addWidget(self.tabs)
        row.addStretch(1)
        left.addWidget(bar)
        wish = Surface(theme, "surface", "b")
        line = QHBoxLayout(wish)
        line.setContentsMargins(28, 8, 28, 9)
        line.setSpacing(10)
        line.addWidget(Label(theme, i18n.text("People who are there already"), "body"))
        self.matches = Select(
            theme,
            [(key, i18n.text(words[0])) for key, words in MATCHES.items()],
            i18n.text("People who are there already"),
        )
        self.matches.chosen.connect(self._match)
        self._meaning = Label(theme, _meaning("fill"), "small", "text2", wrap=True)
        line.addWidget(self.matches)
        line.addWidget(self._meaning, 1)
        left.addWidget(wish)
        self._stack = QStackedLayout()
        self._model: IdListModel[RowResult] = IdListModel(_columns(), self._fetch)
        self.table = ListTable(theme, self._model, name=i18n.text("Rows of the file"))
        self.table.current_changed.connect(lambda _: self._tell())
        self.table.opened.connect(lambda _: self.mend())
        shortcut(self.table, "Delete", self._leave_out_in_list)
        self._nothing = Nothing(theme, "check")
        left.addLayout(self._stack, 1)
        return left

    def _foot(self) -> QWidget:
        theme = self._theme
        foot = Surface(theme, "surface", "t")
        foot.setFixedHeight(theme.px(60))
        row = QHBoxLayout(foot)
        row.setContentsMargins(28, 1, 24, 0)
        row.setSpacing(8)
        told = i18n.text("The file does not change. The whole import is undone by one Ctrl+Z.")
        row.addWidget(IconLabel(theme, "shield-check", told, "small", "text2"), 1)
        self.back_button = Button(theme, i18n.text("Back"))
        self.back_button.clicked.connect(self.back_wanted)
        self.import_button = Button(theme, i18n.text("Import"), "primary")
        self.import_button.clicked.connect(self.import_wanted)
        row.addWidget(self.back_button)
        row.addWidget(self.import_button)
        return foot

    def home(self) -> QWidget:
        """What Enter goes on with; the list where there is nothing to write."""
        return self.import_button if self.import_button.isEnabled() else self.table

    # -- content --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Forget the wishes for the files before."""
        self.left_out.clear()
        self.mended.clear()
        self.matches.set_value("fill")
        self._meaning.set_text(_meaning("fill"))

    def show_checked(self, checked: Checked, looks: Sequence[Look]) -> None:
        """Show what a check told."""
        self._checked, self._looks = checked, looks
        self._rows = dict(enumerate(checked.rows, 1))
        kept = self.tabs.current
        tabs = [
            Tab(key, i18n.text(title), i18n.number(checked.of(results)))
            for key, title, results in _TABS
            if key != "left_out" or checked.of(results)
        ]
        self.tabs.set_tabs(tabs)
        if kept not in {tab.key for tab in tabs} or not checked.counts.get(kept):  # type: ignore[call-overload]
            self.tabs.select(next((key for key, _, results in _TABS if checked.of(results)), "added"))
        writes = checked.of(("added", "updated"))
        self.import_button.setEnabled(bool(writes))
        self.import_button.set_text(
            i18n.plural("Import {count} row", "Import {count} rows", writes) if writes else i18n.text("Import")
        )
        self._list()

    def _list(self) -> None:
        results = next((results for key, _, results in _TABS if key == self.tabs.current), ())
        ids = [one for one, row in self._rows.items() if row.result in results]
        self._model.invalidate()
        self._model.set_ids(ids)
        self._stack.setCurrentWidget(self.table if ids else self._nothing)
        self._nothing.set_words(i18n.text("There are no such rows"), "")
        if ids:
            self.table.select_id(ids[0])
        self._tell()

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, RowResult]:
        return {one: self._rows[one] for one in ids if one in self._rows}

    def current(self) -> RowResult | None:
        """The row the list stands on."""
        one = self.table.current_id()
        return self._rows.get(one) if one is not None and self._stack.currentWidget() is self.table else None

    def _tell(self) -> None:
        """The pane: the sum, then the row the list stands on, field by field."""
        theme, body, row = self._theme, self._about.body, self.current()
        self._about.clear()
        body.addWidget(Label(theme, i18n.text("What will be"), "heading"))
        body.addLayout(self._figures())
        results = next((results for key, _, results in _TABS if key == self.tabs.current), ())
        hidden = self._checked.of(results) - sum(one.result in results for one in self._rows.values())
        if hidden > 0:
            told = i18n.text("The list shows the first {shown}; the import takes all.", shown=i18n.number(KEPT))
            body.addWidget(Label(theme, told, "small", "text2", wrap=True))
        if row is not None:
            body.addWidget(Hairline(theme))
            body.addWidget(SectionHeader(theme, row.name or row.shown_place, row.shown_place if row.name else ""))
            if len(self._looks) > 1:
                body.addWidget(Label(theme, self._looks[row.file].origin.name, "small", "text2", wrap=True))
            if row.reason:
                tone = "bad" if row.result == "rejected" else "warn"
                body.addWidget(Label(theme, row.reason, "body", tone, wrap=True))
            for field, before, after in row.changes:
                body.addWidget(Label(theme, field, "small", "text2"))
                told = f"{_short(before)} → {_short(after)}" if before else f"+ {_short(after)}"
                body.addWidget(Label(theme, told, "body", wrap=True))
            body.addLayout(self._deeds(row))
        body.addStretch(1)

    def _figures(self) -> QHBoxLayout:
        theme = self._theme
        line = QHBoxLayout()
        line.setSpacing(18)
        for results, word, colour in (
            (("added",), i18n.text("new"), "ok"),
            (("updated",), i18n.text("will change"), "text"),
            (("unchanged",), i18n.text("the same"), "text"),
            (("rejected",), i18n.text("problems"), "bad"),
        ):
            count = self._checked.of(results)  # type: ignore[arg-type]
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(Label(theme, i18n.number(count), "number_large", colour if count else "text"))
            column.addWidget(Label(theme, word, "small", "text2"))
            line.addLayout(column)
        line.addStretch(1)
        return line

    def _deeds(self, row: RowResult) -> QHBoxLayout:
        theme = self._theme
        line = QHBoxLayout()
        line.setSpacing(8)
        if row.cells:
            mend = Button(theme, i18n.text("Correct"), icon="pencil-simple", size="compact")
            mend.clicked.connect(self.mend)
            line.addWidget(mend)
        out = row.result == "left_out"
        leave = Button(theme, i18n.text("Take after all") if out else i18n.text("Leave out"), "quiet", size="compact")
        leave.clicked.connect(self.leave_out)
        line.addWidget(leave)
        line.addStretch(1)
        return line

    # -- wishes ---------------------------------------------------------------------------------------------------

    def _match(self, value: Any) -> None:
        self._meaning.set_text(_meaning(value))
        self.changed.emit()

    def _leave_out_in_list(self) -> None:
        # The key reaches the whole window: over a row being put right it would leave out another.
        if self.table.hasFocus():
            self.leave_out()

    def leave_out(self) -> None:
        """The current row is not wanted; once more, it is."""
        row = self.current()
        if row is not None:
            self.left_out ^= {(row.file, row.where)}
            self.changed.emit()

    def mend(self) -> MendDialog | None:
        """Correct the cells of a row that is not taken."""
        row = self.current()
        if row is None or not row.cells or row.file >= len(self._looks):
            return None
        dialog = MendDialog(self._theme, self, row, self._looks[row.file].columns)
        dialog.accepted.connect(lambda: self._mended(row, dialog.cells()))
        dialog.open()
        return dialog

    def _mended(self, row: RowResult, cells: tuple[str, ...]) -> None:
        self.mended[row.file, row.part, row.number] = cells
        self.changed.emit()


def _columns() -> tuple[Column[RowResult], ...]:
    return (
        Column("place", i18n.text("Where"), width=110, value=lambda row: row.shown_place, sortable=False),
        Column(
            "name",
            i18n.text("Who"),
            "strong",
            width=220,
            stretch=2,
            value=lambda row: row.name or " · ".join(cell.strip() for cell in row.cells if cell.strip())[:80],
            sortable=False,
        ),
        Column(
            "result",
            i18n.text("What will be"),
            "status",
            width=140,
            value=lambda row: StatusCell(
                _ICONS[row.result][0], i18n.text(_ICONS[row.result][1]), _ICONS[row.result][2]
            ),
            sortable=False,
        ),
        Column("what", i18n.text("What"), width=260, stretch=3, value=_what, sortable=False),
    )


def _what(row: RowResult) -> str:
    if row.changes:
        return ", ".join(dict.fromkeys(field for field, _, _ in row.changes))
    return row.reason


def _meaning(matches: Matches) -> str:
    return i18n.text(MATCHES[matches][1])


def _short(value: str) -> str:
    return value if len(value) <= 300 else value[:299] + "…"
