"""The line above the list: search, and chips that narrow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services import custom_fields, list_columns, people_order, tags
from crm.services.list_columns import LEVEL_ORDER
from crm.services.people_order import PeopleFilter
from crm.ui.operations import Operations
from crm.ui.people import words
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip, FlowLayout
from crm.ui.widgets.fields import SearchField
from crm.ui.widgets.marks import level_word
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import Surface

RECENT_DAYS: Final = 90
_MENU_TAGS: Final = 24
OTHERS: Final = ("city", "source", "reach", "birth_month", "added_within_days", "without_consent", "own")
"""Filters whose chips stand in a line of their own while they are set."""


class FilterBar(Surface):
    """Search and filters. `changed` says that either is another now."""

    changed = Signal()

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme, "surface", "b")
        self._theme, self._operations = theme, operations
        self._only = PeopleFilter()
        self._tag_name = ""
        whole = QVBoxLayout(self)
        whole.setContentsMargins(28, 12, 16, 12)
        whole.setSpacing(8)
        row = self._row = QHBoxLayout()
        row.setSpacing(8)
        whole.addLayout(row)
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
        self.deleted = FilterChip(theme, i18n.text("trash"), removable=True)
        self.deleted.cleared.connect(partial(self.narrow, deleted=False))
        for chip in (self.level, self.recent, self.tag, self.kind, self.archived, self.deleted, self.some):
            row.addWidget(chip)
        self._below = QWidget()
        below = FlowLayout(self._below, spacing=8)
        self.others: dict[str, FilterChip] = {}
        for name in OTHERS:
            chip = FilterChip(theme, "", removable=True)
            chip.cleared.connect(partial(self.narrow, **{name: getattr(PeopleFilter(), name)}))
            self.others[name] = chip
            below.addWidget(chip)
        whole.addWidget(self._below)
        self.more = Button(theme, i18n.text("Filter"), "quiet", "plus", size="compact")
        self.more.clicked.connect(self._open_more)
        row.addWidget(self.more)
        self.setTabOrder(self.search, self.level)
        self._show()

    def lead(self, widget: QWidget) -> None:
        """Something that stands before the search."""
        self._row.insertWidget(0, widget)

    def narrow_quietly(self, only: PeopleFilter) -> None:
        """Other filters as a whole; whoever sets them looks anew."""
        self._only = only
        if only.tag_id is not None:
            found = [tag.name for tag in self._operations.read(tags.all_tags) if tag.id == only.tag_id]
            if found:
                self._tag_name = found[0]
            else:
                self._only = replace(only, tag_id=None)
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
            (self.deleted, only.deleted),
            (self.some, only.within is not None),
        ):
            chip.set_active(shown)
            chip.setVisible(shown)
        plain = PeopleFilter()
        for name, chip in self.others.items():
            value = getattr(only, name)
            shown = value != getattr(plain, name)
            chip.set_active(shown)
            chip.setVisible(shown)
            if shown:
                chip.set_text(self._other_words(name, value))
        self._below.setVisible(any(getattr(only, name) != getattr(plain, name) for name in self.others))
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
        for under in self._further_menus(menu):
            menu.addMenu(under)
        menu.add(
            i18n.text("No consent to messages"),
            partial(self.narrow, without_consent=not self._only.without_consent),
            checked=self._only.without_consent,
        )
        menu.add(
            i18n.text("In the archive"),
            partial(self.narrow, archived=not self._only.archived),
            checked=self._only.archived,
        )
        menu.add(
            i18n.text("In the trash"),
            partial(self.narrow, deleted=not self._only.deleted),
            checked=self._only.deleted,
        )
        return menu

    def _further_menus(self, menu: Menu) -> Iterator[Menu]:
        """Cities, sources, contacts, months of birth, days since added, own fields with few values."""
        read = self._operations.read
        fields = read(custom_fields.fields)
        for name, title in (("city", i18n.text("City")), ("source", i18n.text("Source"))):
            groups = read(partial(list_columns.groups_of, key=name))
            most = sorted(groups, key=lambda one: -len(one[1]))[:_MENU_TAGS]
            yield from self._choices(
                menu, title, name, [(value, f"{value}  {i18n.number(len(ids))}") for value, ids in most]
            )
        reach = [
            ("phone", i18n.text("with a phone")),
            ("email", i18n.text("with an e-mail")),
            ("telegram", i18n.text("with Telegram")),
            ("nobody", i18n.text("no contact at all")),
        ]
        yield from self._choices(menu, i18n.text("Contacts"), "reach", reach)
        months = [(month, _month(month)) for month in range(1, 13)]
        yield from self._choices(menu, i18n.text("Month of birth"), "birth_month", months)
        days = [(count, i18n.text("in {days} days", days=count)) for count in (7, 30, 90, 365)]
        yield from self._choices(menu, i18n.in_context("column", "Added"), "added_within_days", days)
        for field in fields:
            if field.kind in {"choice", "yes_no"}:
                values = field.choices if field.kind == "choice" else ("yes", "no")
                shown: list[tuple[object, str]] = [
                    ((field.id, value), custom_fields.shown_value(field, value)) for value in values[:_MENU_TAGS]
                ]
                yield from self._choices(menu, field.name, "own", shown)

    def _choices(self, menu: Menu, title: str, name: str, choices: Sequence[tuple[object, str]]) -> Iterator[Menu]:
        if not choices:
            return
        under = Menu(self._theme, menu)
        under.setTitle(title)
        here = getattr(self._only, name)
        for value, said in choices:
            under.add(said, partial(self.narrow, **{name: value}), checked=here == value)
        yield under

    def _other_words(self, name: str, value: Any) -> str:
        if name == "birth_month":
            return i18n.text("born in {month}", month=_month(value).lower())
        if name == "added_within_days":
            return i18n.text("added in {days} days", days=value)
        if name == "without_consent":
            return i18n.text("no consent to messages")
        if name == "reach":
            return {
                "phone": i18n.text("with a phone"),
                "email": i18n.text("with an e-mail"),
                "telegram": i18n.text("with Telegram"),
            }.get(value, i18n.text("no contact at all"))
        if name == "own":
            fields = self._operations.read(custom_fields.fields)
            field = next((one for one in fields if one.id == value[0]), None)
            return f"{field.name}: {custom_fields.shown_value(field, value[1])}" if field is not None else value[1]
        return str(value)

    def _open_levels(self) -> None:
        self._popup(self.level_menu(), self.level)

    def _open_more(self) -> None:
        self._popup(self.more_menu(), self.more)

    def _popup(self, menu: Menu, below: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))


def _month(number: int) -> str:
    """«Март»."""
    return i18n.month_long(date(2000, number, 1)).split()[0].capitalize()
