"""The way the list is looked at: the chip that names it, its menu, and the dialogs for its name and its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.i18n import Phrase, phrase
from crm.services import custom_fields, list_columns, saved_views
from crm.services.custom_fields import FieldDefinition
from crm.services.list_columns import GROUPS, MORE, OWN
from crm.services.people_order import PeopleFilter, Sort
from crm.services.saved_views import COLUMNS, ListView, NamedView
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.choices import CheckBox
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import ScrollColumn

_LIST_HEIGHT: Final = 340
_RECENT_DAYS: Final = 30


class ViewChip(FilterChip):
    """Names the view; its menu changes, saves and switches views. `chosen` carries the view to look at from now on.

    `current` is asked for the view as it stands on the page.
    """

    chosen = Signal(object)
    columns_wanted = Signal()
    doubles_wanted = Signal()
    sort_wanted = Signal(str, bool)

    def __init__(self, theme: Theme, operations: Operations, current: Callable[[], ListView]) -> None:
        super().__init__(theme, i18n.in_context("view", "Everyone"), caret=True)
        self._operations, self._current = operations, current
        self.named: NamedView | None = None
        self._ready: tuple[str, ListView] | None = None
        """A built-in view under its name, until another is chosen."""
        self.clicked.connect(self.open_menu)

    def begin(self, named: int | None) -> None:
        """Which named view the list began as."""
        self.named = next((one for one in self._operations.read(saved_views.views) if one.id == named), None)
        self.tell()

    def tell(self) -> None:
        """Say the name, with a dot while the list is looked at in another way than that name keeps."""
        name = self.named.name if self.named is not None else self._ready_name()
        self.set_text(f"{name} \N{BULLET}" if self.is_changed() else name)
        self.set_active(self.named is not None)
        said = i18n.text("View: {name}", name=name)
        self.setAccessibleName(i18n.text("{name}, changed", name=said) if self.is_changed() else said)

    def _ready_name(self) -> str:
        if self._ready is not None and _kept(self._ready[1]) == _kept(self._current()):
            return self._ready[0]
        return i18n.in_context("view", "Everyone")

    def follow(self) -> None:
        """Views were saved, renamed, deleted, or a deed of that sort was undone."""
        self.begin(self.named.id if self.named is not None else None)

    def is_changed(self) -> bool:
        """Whether a named view is looked at otherwise than it was saved."""
        return self.named is not None and _kept(self._current()) != _kept(self.named.view)

    def open_menu(self) -> None:
        """Below the chip."""
        menu = self.menu_of_views()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def menu_of_views(self) -> Menu:
        """Everyone, the built-in ways, those saved; then what can be done with the present one."""
        menu = Menu(self._theme, self)
        everyone = i18n.in_context("view", "Everyone")
        here = self._ready_name() if self.named is None else ""
        menu.add(everyone, partial(self._choose, None, ListView()), checked=here == everyone)
        for name, view in built_in(self._operations.today().month):
            menu.add(name, partial(self._choose, None, view, name), checked=here == name)
        found = self._operations.read(saved_views.views)
        if found:
            menu.addSeparator()
        for one in found:
            chosen = self.named is not None and one.id == self.named.id
            menu.add(one.name, partial(self._choose, one, one.view), checked=chosen)
        menu.addSeparator()
        if self.is_changed():
            menu.add(i18n.text("Save the changes"), self.keep, "check")
            menu.add(i18n.text("Back to how it was saved"), self.back, "clock-counter-clockwise")
        menu.add(i18n.text("Save as a view…"), self.ask_name, "plus")
        if self.named is not None:
            menu.add(i18n.text("Rename the view…"), partial(self.ask_name, rename=True), "pencil-simple")
            if found and found[0].id != self.named.id:
                menu.add(i18n.text("Move the view up"), self.move_up, "arrow-up")
            menu.add(i18n.text("Delete the view"), self.delete, "trash", danger=True)
        menu.addSeparator()
        menu.add(i18n.text("Columns…"), self.columns_wanted.emit, "list-bullets")
        menu.addMenu(self._sorts(menu))
        menu.addMenu(self._groups(menu))
        menu.addSeparator()
        menu.add(i18n.text("Doubles…"), self.doubles_wanted.emit, "users")
        return menu

    def _sorts(self, menu: Menu) -> Menu:
        """The order by keys: a column chosen again turns it round."""
        under = Menu(self._theme, menu)
        under.setTitle(i18n.text("Order by"))
        view = self._current()
        fields = self._operations.read(custom_fields.fields)
        for key in view.columns:
            title = list_columns.title(key, fields)
            if key != "tags" and title:
                here = view.sort.key == key
                icon = ("arrow-down" if view.sort.descending else "arrow-up") if here else ""
                under.add(title, partial(self.sort_wanted.emit, key, here and not view.sort.descending), icon)
        return under

    def _groups(self, menu: Menu) -> Menu:
        under = Menu(self._theme, menu)
        under.setTitle(i18n.text("Group by"))
        view = self._current()
        fields = self._operations.read(custom_fields.fields)
        keys = [*GROUPS, *(f"{OWN}{one.id}" for one in fields if one.kind in {"choice", "yes_no"})]
        under.add(i18n.text("No groups"), partial(self._group, ""), checked=not view.group)
        for key in keys:
            word = i18n.text("Month of birth") if key == "birthday" else list_columns.title(key, fields)
            under.add(word, partial(self._group, key), checked=view.group == key)
        return under

    def _group(self, key: str) -> None:
        self.chosen.emit(replace(self._current(), group=key))

    def _choose(self, named: NamedView | None, view: ListView, ready: str = "") -> None:
        self.named = named
        self._ready = (ready, view) if ready else None
        self.chosen.emit(view)

    # -- deeds ----------------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Let the name keep what is looked at now."""
        if self.named is not None:
            named, view = self.named, self._current()
            label = phrase("View changed: {name}", name=named.name)
            self._operations.perform(label, lambda s: saved_views.change_view(s, named.id, view))
            self.begin(named.id)

    def back(self) -> None:
        """Look again as the name keeps it."""
        if self.named is not None:
            self._choose(self.named, self.named.view)

    def move_up(self) -> None:
        """One place earlier among the named views."""
        if self.named is None:
            return
        ids = [one.id for one in self._operations.read(saved_views.views)]
        place = ids.index(self.named.id)
        ids.insert(place - 1, ids.pop(place))
        label = phrase("View moved: {name}", name=self.named.name)
        self._operations.perform(label, lambda s: saved_views.arrange_views(s, ids))

    def delete(self) -> None:
        """Take the name away; the list stays as it is looked at."""
        if self.named is not None:
            named = self.named
            label = phrase("View deleted: {name}", name=named.name)
            self._operations.perform(label, lambda s: saved_views.delete_view(s, named.id))
            self.named = None
            self.tell()

    def ask_name(self, *, rename: bool = False) -> NameDialog:
        """Ask how the view is to be called, and keep it so."""
        before = self.named if rename else None
        dialog = NameDialog(self._theme, self.window(), before.name if before is not None else "")

        def answer(name: str) -> None:
            if before is not None:
                label: Phrase = phrase("View renamed: {name}", name=name)
                self._operations.write(label, lambda s: saved_views.rename_view(s, before.id, name))
                self.begin(before.id)
            else:
                view = self._current()
                label = phrase("View saved: {name}", name=name)
                made = self._operations.write(label, lambda s: saved_views.save_view(s, name, view))
                self.begin(made.value)

        dialog.answered = answer
        dialog.open()
        return dialog


def built_in(month: int) -> list[tuple[str, ListView]]:
    """Ways to look that need no saving; `month` is the present one."""
    return [
        (
            i18n.in_context("view", "Added in 30 days"),
            ListView(
                columns=("name", "organisation", "tags", "created", "source", "phone"),
                only=PeopleFilter(added_within_days=_RECENT_DAYS),
                sort=Sort("created", descending=True),
            ),
        ),
        (i18n.in_context("view", "Going quiet"), ListView(only=PeopleFilter(level="fading"), sort=Sort("visit"))),
        (
            i18n.in_context("view", "Birthdays this month"),
            ListView(
                columns=("name", "birthday", "organisation", "phone", "telegram"),
                only=PeopleFilter(birth_month=month),
                sort=Sort("birthday"),
            ),
        ),
        (
            i18n.in_context("view", "Nobody to reach"),
            ListView(only=PeopleFilter(reach="nobody")),
        ),
    ]


def _kept(view: ListView) -> ListView:
    """What a name keeps of a view: people picked by hand are not among it, nor a pixel more or less."""
    return replace(view, only=replace(view.only, within=None, deleted=False), widths=())


class NameDialog(Dialog):
    """Asks for the name of a view. `answered` is called with it; what it refuses is said here."""

    def __init__(self, theme: Theme, host: QWidget, name: str) -> None:
        super().__init__(theme, host, i18n.text("Name of the view"), width=440)
        self.answered: Callable[[str], None] = lambda _: None
        self.name = LineEdit(theme, i18n.text("For example, Speakers of Kazan"))
        self.name.setText(name)
        self.body.addWidget(Field(theme, i18n.text("Name"), self.name))
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.save = Button(theme, i18n.text("Save"), "primary")
        self.save.clicked.connect(self.answer)
        self.set_default(self.save)
        self.add_button(self.save)

    def answer(self) -> None:
        """Keep it, or say why not."""
        try:
            self.answered(self.name.text())
        except CrmError as error:
            self.set_error(error.text())
            return
        self.accept()


class ColumnsDialog(Dialog):
    """Which columns, and in which order. `columns()` gives the answer; the name is always first."""

    def __init__(self, theme: Theme, host: QWidget, shown: Sequence[str], fields: Sequence[FieldDefinition]) -> None:
        super().__init__(theme, host, i18n.text("Columns"), i18n.text("The name is always there."), width=480)
        self._theme, self._fields = theme, tuple(fields)
        every = [*COLUMNS, *MORE, *(f"{OWN}{field.id}" for field in fields)]
        first = [key for key in shown if key in every and key != "name"]
        self._order = [*first, *(key for key in every if key not in first and key != "name")]
        self._on = set(first)
        self.boxes: dict[str, CheckBox] = {}
        self._scroll = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        self._scroll.setFixedHeight(theme.px(_LIST_HEIGHT))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self._scroll.body.addLayout(self._rows)
        self.body.addWidget(self._scroll)
        usual = Button(theme, i18n.text("As at first"), "link", size="compact")
        usual.clicked.connect(self._usual)
        self.add_link(usual)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.add_button(Button(theme, i18n.text("Show"), "primary"), "accept")
        self._fill()

    def _fill(self, focus: str = "") -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget: Any = item.widget()
            widget.hide()
            widget.deleteLater()
        self.boxes = {}
        for key in self._order:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(2, 2, 14, 2)
            title = list_columns.title(key, self._fields)
            box = CheckBox(self._theme, title)
            box.setChecked(key in self._on)
            box.toggled.connect(partial(self._toggle, key))
            up = IconButton(self._theme, "arrow-up", i18n.text("“{title}” further left", title=title))
            up.clicked.connect(partial(self._move, key, -1))
            down = IconButton(self._theme, "arrow-down", i18n.text("“{title}” further right", title=title))
            down.clicked.connect(partial(self._move, key, 1))
            row.addWidget(box, 1)
            row.addWidget(up)
            row.addWidget(down)
            self._rows.addWidget(line)
            line.show()
            self.boxes[key] = box
            if key == focus:
                box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle(self, key: str, on: bool) -> None:
        self._on = self._on | {key} if on else self._on - {key}

    def _move(self, key: str, by: int) -> None:
        place = self._order.index(key)
        to = max(0, min(len(self._order) - 1, place + by))
        self._order.insert(to, self._order.pop(place))
        self._fill(key)

    def _usual(self) -> None:
        usual = [key for key in COLUMNS if key != "name"]
        self._order = [*usual, *(key for key in self._order if key not in usual)]
        self._on = set(usual)
        self._fill()

    def columns(self) -> tuple[str, ...]:
        """The keys chosen, in their order."""
        return ("name", *(key for key in self._order if key in self._on))


def at_header(chip: ViewChip, at: QPoint) -> None:
    """The menu of views where the head of the list was clicked."""
    menu = chip.menu_of_views()
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
