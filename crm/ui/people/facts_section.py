"""The first section of the profile: every fact of the person, each changed where it stands; empty ones in one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm import contact_points, i18n
from crm.errors import CrmError
from crm.i18n import Phrase
from crm.services.person_fields import field_title
from crm.services.profiles import Profile
from crm.ui import clipboard
from crm.ui.operations import Operations, Said
from crm.ui.people.editor_making import EditorMaking
from crm.ui.people.fact_row import INSET, FactRow, application
from crm.ui.people.field_editors import FieldEditor, Write
from crm.ui.people.profile_facts import Fact, empty_fact, facts_of
from crm.ui.people.sections import SIDE, Section
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Pressable
from crm.ui.widgets.chips import FlowLayout
from crm.ui.widgets.labels import Label
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import empty

_OFFERED_FIRST: Final = ("phone", "email", "telegram", "work", "city", "birthday", "tags", "note")
_OFFERED: Final = 5
_FIRST_KINDS: Final = ("phone", "email", "telegram")
_OTHER: Final = "other kinds"
_MENU: Final[tuple[tuple[str, ...], ...]] = (
    (*_FIRST_KINDS, _OTHER, "address"),
    ("name", "work", "terms", "city", "birthday", "kind", "referred_by_id", "joined_on", "source", "gender"),
    ("tags", "languages", "skills", "motives", "offers", "seeks"),
    ("note",),
)
_GAP: Final = 8
_FEW: Final = 2
_NAMES_OF_SERVICES: Final = frozenset(("telegram", "vk", "whatsapp", "max"))


class FactsSection(Section):
    """The facts of a person. `begun` carries a row that became a field: the panel scrolls to it."""

    begun = Signal(object)

    person_chosen = Signal(int)
    site_chosen = Signal(str)
    copied = Signal(str)
    origin_asked = Signal(str)

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme, line=False)
        self._operations = operations
        self._profile: Profile | None = None
        self._rows: dict[str, FactRow] = {}
        self._kept: dict[int, dict[str, FactRow]] = {}
        self._following = False
        whole = self.layout()
        assert whole is not None  # noqa: S101 - the section's own
        whole.setContentsMargins(SIDE - INSET, 10, SIDE - INSET, 11)
        self._adding = _AddLine(theme)
        self._adding.wanted.connect(self.add)
        self._adding.more.clicked.connect(self._open_menu)

    # -- shown ----------------------------------------------------------------------------------------------------

    def show_profile(self, profile: Profile, today: date) -> None:
        """Show the facts of this person. What is being typed stays typed, here and when one comes back to them."""
        before = self._profile
        if before is not None and before.person.id != profile.person.id:
            self._leave(before.person.id)
        if before is None or before.person.id != profile.person.id:
            self._following = False
            for row in self._rows.values():
                row.hide()
                row.deleteLater()
            self._rows = self._kept.pop(profile.person.id, {})
        self._profile = profile
        facts = facts_of(profile)
        shown = [fact for fact in facts if fact.said or fact.key in self._typing()]
        new: list[FactRow] = []
        for fact in shown:
            if fact.key in self._rows:
                self._rows[fact.key].show_fact(fact)
            else:
                self._rows[fact.key] = self._row(fact)
                new.append(self._rows[fact.key])
        order = [fact.key for fact in shown]
        order += [key for key in self._typing() if key not in order]
        for key in [key for key in self._rows if key not in order]:
            self._drop(key)
        self._lay_out(order)
        self._adding.offer(self._missing(facts))
        if self._following and new:
            self._following = False
            new[0].show()
            new[0].stops()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _typing(self) -> list[str]:
        return [key for key, row in self._rows.items() if row.editor is not None]

    def _row(self, fact: Fact) -> FactRow:
        row = FactRow(self._theme, fact, self._make, self._keep, self._name)
        row.stepped.connect(partial(self._step, row))
        row.copied.connect(self._copy)
        row.link_asked.connect(self._open_link)
        row.origin_asked.connect(self.origin_asked)
        row.began.connect(partial(self.begun.emit, row))
        row.ended.connect(partial(self._ended, row))
        return row

    def _lay_out(self, order: Iterable[str]) -> None:
        group = ""
        for key in order:
            row = self._rows[key]
            row.set_gap(_GAP if group not in ("", row.fact.group) else 0)
            group = row.fact.group
            # Added again it moves to the end, and keeps its focus.
            self.body.addWidget(row)
            if row.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
                # Put away with what was typed in it; a new one is shown by the layout, and sooner.
                row.show()
        self.body.addWidget(self._adding)

    def _drop(self, key: str) -> None:
        row = self._rows.pop(key)
        row.hide()
        row.deleteLater()

    def _leave(self, person_id: int) -> None:
        """Another person is shown: keep what can be kept, and remember what cannot as it is typed."""
        refused = {key: row for key, row in list(self._rows.items()) if row.editor is not None and not row.commit()}
        for key, row in refused.items():
            row.hide()
            self._rows.pop(key, None)
        if refused:
            self._kept[person_id] = refused

    def _missing(self, facts: Iterable[Fact], begun: str = "") -> list[tuple[str, str]]:
        """Fields to offer: pairs (field, title), the most wanted first; not those that are being typed."""
        there = {fact.field for fact in facts if fact.said}
        there |= {key.removeprefix("new:") for key in (begun, *self._typing())}
        return [
            (field, empty_fact(field).title if field in contact_points.KINDS else title)
            for field in _OFFERED_FIRST
            if field not in there
            for title in [next((fact.title for fact in facts if fact.field == field), "")]
        ][:_OFFERED]

    # -- changed --------------------------------------------------------------------------------------------------

    def _name(self) -> str:
        return self._profile.person.display_name if self._profile is not None else ""

    def _make(self, fact: Fact, need_id: int | None) -> FieldEditor:
        assert self._profile is not None  # noqa: S101 - no row without a person
        if fact.shape == "needs":
            need = next(one for one in fact.needs if one.id == need_id)
            return EditorMaking(self._theme, self._operations, self._profile).make(
                Fact(fact.key, need.direction, fact.icon), need_id
            )
        return EditorMaking(self._theme, self._operations, self._profile).make(fact, need_id)

    def _keep(self, label: Phrase, write: Write) -> str:
        operations = self._operations
        try:
            done = operations.write(label, lambda session: write(session, operations.clock))
        except CrmError as error:
            return error.text()
        if done.deed is not None:
            operations.said.emit(Said(label, done.deed))
        return ""

    def edit(self, key: str) -> None:
        """Turn a fact into its field: «city», «name», «contact:0»."""
        if key not in self._rows:
            fact = next((one for one in facts_of(self._profile) if one.key == key), None) if self._profile else None
            if fact is None:
                return
            self._insert(fact)
        self._rows[key].edit()

    def add(self, field: str) -> None:
        """Begin a fact: one more of a field of several, or one in which nothing is known yet."""
        if field.startswith("custom:") or field not in {*contact_points.KINDS, "address", "offers", "seeks"}:
            self.edit(field)
            return
        fact = empty_fact(field)
        if fact.key not in self._rows:
            self._insert(fact)
        self._rows[fact.key].edit()

    def _insert(self, fact: Fact) -> None:
        row = self._rows[fact.key] = self._row(fact)
        place = max(
            (self.body.indexOf(one) + 1 for one in self._rows.values() if one.fact.group == fact.group),
            default=0,
        )
        self.body.insertWidget(place or self.body.indexOf(self._adding), row)
        row.set_gap(0 if place else _GAP)
        row.show()
        if self._profile is not None:
            self._adding.offer(self._missing(facts_of(self._profile), fact.key))

    def _ended(self, row: FactRow, saved: bool) -> None:
        """A row that was only there to type in goes; the fact it made comes with the next look at the person."""
        if row.fact.said and not row.fact.key.startswith("new:"):
            return
        focused = application().focusWidget()
        inside = focused is not None and (focused is row or row.isAncestorOf(focused))
        self._following = saved and inside and row.fact.key.startswith("new:")
        if row.fact.key.startswith("new:") or not saved:
            self._rows.pop(row.fact.key, None)
            row.hide()
            row.deleteLater()
            if not saved and self._profile is not None:
                self._adding.offer(self._missing(facts_of(self._profile)))
        if inside and not saved:
            self._adding.first().setFocus(Qt.FocusReason.OtherFocusReason)

    # -- the keyboard ---------------------------------------------------------------------------------------------

    def _stops(self) -> list[QWidget]:
        rows = [self.body.itemAt(place) for place in range(self.body.count())]
        widgets = [item.widget() for item in rows if item is not None]
        found = [stop for one in widgets if isinstance(one, FactRow) and one.editor is None for stop in one.stops()]
        return [*found, *self._adding.stops()]

    def _step(self, row: FactRow, by: int) -> None:
        stops, focused = self._stops(), application().focusWidget()
        now = stops.index(focused) if focused in stops else stops.index(row.stops()[0])
        if 0 <= now + by < len(stops):
            stops[now + by].setFocus(Qt.FocusReason.TabFocusReason)

    # -- what a fact leads to -------------------------------------------------------------------------------------

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        more = self._adding.more
        menu.popup(more.mapToGlobal(more.rect().bottomLeft()))

    def menu(self) -> Menu:
        """Every field in which nothing is known, and those of which there may be one more."""
        menu = Menu(self._theme, self)
        facts = facts_of(self._profile) if self._profile is not None else []
        there = {fact.field for fact in facts if fact.said and fact.field not in {"offers", "seeks"}}
        several = {*contact_points.KINDS, "address", "offers", "seeks"}
        for number, fields in enumerate(_MENU):
            if number:
                menu.addSeparator()
            for field in fields:
                if field == _OTHER:
                    other = Menu(self._theme, menu)
                    other.setTitle(field_title("other"))
                    for kind in contact_points.KINDS:
                        if kind not in _FIRST_KINDS:
                            shown = empty_fact(kind)
                            other.add(shown.title, partial(self.add, kind), shown.icon)
                    menu.addMenu(other).setIcon(self._theme.icon("identification-badge", "text2"))
                elif field in several or field not in there:
                    fact = next((one for one in facts if one.field == field and field not in several), None)
                    shown = fact or empty_fact(field)
                    menu.add(shown.title, partial(self.add, field), shown.icon)
        own = [fact for fact in facts if fact.field == "custom" and not fact.said]
        into = menu
        if own:
            menu.addSeparator()
        if len(own) > _FEW:
            into = Menu(self._theme, menu)
            into.setTitle(i18n.in_context("fields", "Own fields"))
            menu.addMenu(into).setIcon(self._theme.icon(own[0].icon, "text2"))
        for fact in own:
            into.add(fact.title, partial(self.add, fact.key), fact.icon)
        return menu

    def _open_link(self, fact: Fact) -> None:
        if fact.field == "referred_by_id":
            self.person_chosen.emit(int(fact.link))
        elif fact.field == "site":
            self.site_chosen.emit(fact.link)
        else:
            QDesktopServices.openUrl(QUrl(fact.link))

    def _copy(self, text: str) -> None:
        clipboard.copy(text)
        self.copied.emit(text)


class _Word(Pressable):
    """A quiet word that can be pressed."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__(theme)
        self._words = words
        self.setAccessibleName(i18n.text("Add: {what}", what=words))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """The word."""
        width = self._theme.metrics("small").horizontalAdvance(self._words) + 9
        return QSize(min(width, self._theme.px(220)), self._theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The word, in the accent while one may press it."""
        painter, theme = QPainter(self), self._theme
        if self.ringed:
            shapes.box(painter, self.rect(), 6, None, theme.colour("accent"), 2)
        colour = theme.colour("accent_text" if self.hovered or self.ringed else "text2")
        area = self.rect().adjusted(4, 0, -4, 0)
        shapes.line_of_text(painter, area, self._words, theme.font("small"), theme.metrics("small"), colour)


class _AddLine(QWidget):
    """«Добавить: телефон · город · ещё»: the fields in which nothing is known."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._flow = FlowLayout(self, 1)
        self._flow.setContentsMargins(INSET, 4, INSET, 0)
        self.more = _Word(theme, i18n.in_context("fields", "more…"))
        self._words: list[_Word] = []
        self._offered: list[tuple[str, str]] | None = None

    def offer(self, fields: list[tuple[str, str]]) -> None:
        """Offer these, and all the others behind «more»."""
        if fields == self._offered:
            return
        self._offered = fields
        self._flow.removeWidget(self.more)
        self.more.setParent(self)
        empty(self._flow)
        lead = Label(self._theme, i18n.text("Add:"), "small", "text3")
        lead.setFixedHeight(self._theme.px(24))
        self._flow.addWidget(lead)
        self._words = []
        for field, title in fields:
            name = title if field in _NAMES_OF_SERVICES else title[:1].lower() + title[1:]
            word = _Word(self._theme, name)
            word.clicked.connect(partial(self.wanted.emit, field))
            self._words.append(word)
            self._flow.addWidget(word)
            dot = Label(self._theme, "·", "small", "text3")
            dot.setFixedHeight(self._theme.px(24))
            self._flow.addWidget(dot)
        self._flow.addWidget(self.more)
        self.updateGeometry()

    def first(self) -> QWidget:
        """Its first word."""
        return self.stops()[0]

    def stops(self) -> list[QWidget]:
        """Where the keyboard stops in it."""
        return [*self._words, self.more]
