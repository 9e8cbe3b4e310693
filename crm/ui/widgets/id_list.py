"""A table model over an array of ids: rows are fetched by windows of ids, so that 100,000 people cost nothing."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Row = TypeVar("Row")
Cell = Literal["text", "strong", "number", "person", "tags", "level", "score", "status"]
_KEPT: Final = 2000
_NOWHERE: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PersonCell:
    """A person in a list: avatar, name, and in a second ink what else must be said."""

    seed: int
    name: str
    initials: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatusCell:
    """A state in a list: icon of its tone, and a word."""

    icon: str
    text: str
    tone: str = "text2"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: how a row becomes a value, which delegate paints it, how wide it stands and how it may grow.

    `value` gives what `cell` wants: a text for text, strong and number; `PersonCell`; (text, colour) pairs for tags; a
    level's key; a score or None; `StatusCell`. `text` says the same in words (screen readers, copying) when the value
    does not; `width` and `minimum` are px at 100 %, `stretch` the share of the room left over.
    """

    key: str
    title: str
    cell: Cell = "text"
    width: int = 120
    value: Callable[[Row], Any] = str
    stretch: int = 0
    minimum: int = 60
    sortable: bool = True
    text: Callable[[Row], str] | None = None
    tooltip: Callable[[Row], str] | None = None

    def words(self, row: Row) -> str:
        """The cell in words."""
        if self.text is not None:
            return self.text(row)
        return _words(self.cell, self.value(row))


def _words(cell: Cell, value: Any) -> str:
    if value is None:
        return ""
    if cell == "person":
        return f"{value.name} {value.note}".strip()
    if cell == "tags":
        return ", ".join(words for words, _ in value)
    if cell == "status":
        return str(value.text)
    if cell == "level":
        from crm.ui.widgets.marks import level_word

        return level_word(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class GroupHead:
    """A heading among the rows: what the rows under it share, how many they are, and whether they are folded away."""

    title: str
    count: int
    folded: bool = False


class IdListModel(QAbstractTableModel, Generic[Row]):
    """Ids in order; `fetch` brings the rows of a window of them, by id. A row gone meanwhile is shown empty.

    A negative id is a heading (`set_heads`): it is painted across the row and can be neither current nor selected.
    Rows stay until `invalidate`, the oldest leave first. Only `ListTable` and its delegates read it.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[int]], Mapping[int, Row]],
        window: int = 200,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._window = window
        self._ids: array[int] = array("q")
        self._rows: OrderedDict[int, Row | None] = OrderedDict()
        self._heads: Mapping[int, GroupHead] = {}

    # -- what a page does --------------------------------------------------------------------------------------

    @property
    def ids(self) -> Sequence[int]:
        """All ids in order."""
        return self._ids

    def set_ids(self, ids: Iterable[int]) -> None:
        """Show these ids in this order. What only adds to the end keeps the place and the selection."""
        new = ids if isinstance(ids, array) and ids.typecode == "q" else array("q", ids)
        old = self._ids
        if new == old:
            return
        if len(old) and len(new) > len(old) and new[: len(old)] == old:
            self.beginInsertRows(_NOWHERE, len(old), len(new) - 1)
            self._ids = new
            self.endInsertRows()
            return
        self.beginResetModel()
        self._ids = new
        self.endResetModel()

    def set_heads(self, heads: Mapping[int, GroupHead]) -> None:
        """What stands at the negative ids; given before the ids are."""
        self._heads = heads

    @property
    def has_heads(self) -> bool:
        """Whether the rows stand under headings."""
        return bool(self._heads)

    def head_at(self, place: int) -> GroupHead | None:
        """The heading at a place, None where a row stands."""
        one = self._ids[place]
        return self._heads.get(one) if one < 0 else None

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show these columns from now on; rows fetched for others are forgotten."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._rows.clear()
        self.endResetModel()

    def prime(self, rows: Mapping[int, Row]) -> None:
        """Rows that came with the ids, so that the first screen needs no fetch."""
        self._rows.update(rows)
        self._shrink()

    def invalidate(self, ids: Iterable[int] | None = None) -> None:
        """Forget the rows with these ids, or all, and show what they are now."""
        if ids is None:
            self._rows.clear()
        else:
            for one in ids:
                self._rows.pop(one, None)
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def id_at(self, place: int) -> int | None:
        """The id at a place, None outside the list."""
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, one: int) -> int | None:
        """Where an id stands, None when it does not."""
        try:
            return self._ids.index(one)
        except ValueError:
            return None

    def row_at(self, place: int) -> Row | None:
        """The row at a place; its whole window is fetched when it is not known."""
        one = self._ids[place]
        if one < 0:
            return None
        try:
            return self._rows[one]
        except KeyError:
            pass
        start = place - place % self._window
        wanted = [other for other in self._ids[start : start + self._window] if other > 0 and other not in self._rows]
        found = self._fetch(wanted)
        for other in wanted:
            self._rows[other] = found.get(other)
        self._shrink()
        return found.get(one)

    def _shrink(self) -> None:
        # Never less than what one fetch brings, or a page would fetch for every row.
        while len(self._rows) > max(_KEPT, 4 * self._window):
            self._rows.popitem(last=False)

    # -- what Qt asks ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many ids."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for reading and copying; the delegates read the rows themselves."""
        if role not in _WORD_ROLES or not index.isValid():
            return None
        head = self.head_at(index.row())
        if head is not None:
            return f"{head.title}, {head.count}" if index.column() == 0 else None
        row = self.row_at(index.row())
        if row is None:
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip(row) if column.tooltip is not None else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == 0:
                return self.sentence(row)
            return f"{column.title}: {column.words(row)}"
        return column.words(row)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is nothing to choose."""
        if index.isValid() and self._ids[index.row()] < 0:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def sentence(self, row: Row) -> str:
        """A whole row in words."""
        said = [self.columns[0].words(row)]
        said += [f"{column.title}: {words}" for column in self.columns[1:] if (words := column.words(row))]
        return ", ".join(said)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns."""
        if orientation == Qt.Orientation.Horizontal and role in _WORD_ROLES and role != Qt.ItemDataRole.ToolTipRole:
            return self.columns[section].title
        return None


_WORD_ROLES: Final = frozenset(
    (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
)
