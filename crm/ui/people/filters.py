"""The line above the list: search, and chips that narrow it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.services import people_order, tags
from crm.services.people_order import LEVEL_ORDER, PeopleFilter
from crm.ui.operations import Operations
from crm.ui.people import words
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.fields import SearchField
from crm.ui.widgets.marks import level_word
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import Surface

RECENT_DAYS: Final = 90
_MENU_TAGS: Final = 24


class FilterBar(Surface):
    """Search and filters. `changed` says that either is another now."""

    changed = Signal()

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme, "surface", "b")
        self._theme, self._operations = theme, operations
        self._only = PeopleFilter()
        self._tag_name = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 12, 16, 12)
        row.setSpacing(8)
        self.search = SearchField(theme, i18n.text("Name, organisation, tag, phone"))
        self.search.setMinimumWidth(theme.px(180))
        self.search.textChanged.connect(self.changed)
        row.addWidget(self.search, 1)
        self.level = FilterChip(theme, "", caret=True)
        self.level.clicked.connect(self._open_levels)
        self.recent = FilterChip(theme, i18n.text("been in {days} days", days=RECENT_DAYS), removable=True)
        self.recent.clicked.connect(self._toggle_recent)
        self.recent.cleared.connect(partial(self.narrow, seen_within_days=None))
        self.tag = FilterChip(theme, "", removable=True)
        self.tag.cleared.connect(partial(self.narrow, tag_id=None))
        self.kind = FilterChip(theme, "", removable=True)
        self.kind.cleared.connect(partial(self.narrow, kind=""))
        self.archived = FilterChip(theme, i18n.text("archive"), removable=True)
        self.archived.cleared.connect(partial(self.narrow, archived=False))
        self.some = FilterChip(theme, "", removable=True)
        self.some.cleared.connect(partial(self.narrow, within=None))
        for chip in (self.level, self.recent, self.tag, self.kind, self.archived, self.some):
            row.addWidget(chip)
        self.more = Button(theme, i18n.text("Filter"), "quiet", "plus", size="compact")
        self.more.clicked.connect(self._open_more)
        row.addWidget(self.more)
        self.setTabOrder(self.search, self.level)
        self._show()

    @property
    def only(self) -> PeopleFilter:
        """The filters in force."""
        return self._only

    def narrow(self, **conditions: object) -> None:
        """Set some conditions and keep the others."""
        self._only = replace(self._only, **conditions)  # type: ignore[arg-type]
        self._show()
        self.changed.emit()

    def show_some(self, ids: frozenset[int], name: str) -> None:
        """Narrow to some people, under a name."""
        self.some.set_text(name)
        self.narrow(within=ids)

    def show_tag(self, name: str) -> None:
        """Narrow to a tag."""
        for tag in self._operations.read(tags.all_tags):
            if tag.name == name:
                self._tag_name = name
                self.narrow(tag_id=tag.id)

    def clear(self) -> None:
        """No search and no filter."""
        self._only = PeopleFilter()
        self._show()
        if self.search.text():
            self.search.clear()
        else:
            self.changed.emit()

    def _show(self) -> None:
        only = self._only
        word = level_word(only.level) if only.level else i18n.in_context("level", "all")
        self.level.set_text(i18n.text("Level: {level}", level=word if not only.level else word.lower()))
        self.level.set_active(bool(only.level))
        self.recent.set_active(only.seen_within_days is not None)
        for chip, shown in (
            (self.tag, only.tag_id is not None),
            (self.kind, bool(only.kind)),
            (self.archived, only.archived),
            (self.some, only.within is not None),
        ):
            chip.set_active(shown)
            chip.setVisible(shown)
        self.tag.set_text(i18n.text("tag: {name}", name=self._tag_name))
        if only.kind:
            self.kind.set_text(words.person_kind(only.kind).lower())

    def _toggle_recent(self) -> None:
        self.narrow(seen_within_days=None if self._only.seen_within_days is not None else RECENT_DAYS)

    def level_menu(self) -> Menu:
        """The steps of the ladder with how many stand on each."""
        menu = Menu(self._theme, self)
        counts = self._operations.read(people_order.level_counts)
        menu.add(i18n.text("All levels"), partial(self.narrow, level=""), checked=not self._only.level)
        for level in LEVEL_ORDER:
            said = f"{level_word(level)}  {i18n.number(counts.get(level, 0))}"
            menu.add(said, partial(self.narrow, level=level), checked=self._only.level == level)
        return menu

    def more_menu(self) -> Menu:
        """Tags, kinds, the archive."""
        menu = Menu(self._theme, self)
        choices = self._operations.read(tags.all_tags)[:_MENU_TAGS]
        if choices:
            under = Menu(self._theme, menu)
            under.setTitle(i18n.in_context("people", "Tag"))
            for tag in choices:
                said = f"{tag.name}  {i18n.number(tag.people)}"
                under.add(said, partial(self.show_tag, tag.name), checked=self._only.tag_id == tag.id)
            menu.addMenu(under)
        kinds = Menu(self._theme, menu)
        kinds.setTitle(i18n.in_context("people", "Kind"))
        for kind in words.PERSON_KINDS:
            kinds.add(words.person_kind(kind), partial(self.narrow, kind=kind), checked=self._only.kind == kind)
        menu.addMenu(kinds)
        menu.add(
            i18n.text("In the archive"),
            partial(self.narrow, archived=not self._only.archived),
            checked=self._only.archived,
        )
        return menu

    def _open_levels(self) -> None:
        self._popup(self.level_menu(), self.level)

    def _open_more(self) -> None:
        self._popup(self.more_menu(), self.more)

    def _popup(self, menu: Menu, below: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))
