"""The Segments page: the list, the rule being read or edited, and who it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services import people, segment_editing, segments
from crm.services.cards import PersonRow
from crm.services.rules import InvalidRule
from crm.services.segment_movement import movement
from crm.services.segment_rows import Matching, SegmentCard, SegmentRow
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.dialogs import InviteDialog
from crm.ui.people.exporting import ask_and_export
from crm.ui.segments.counting import Counting
from crm.ui.segments.deeds import SegmentDeeds
from crm.ui.segments.editor import Editor
from crm.ui.segments.preview import Preview
from crm.ui.segments.segment_list import Key, SegmentList
from crm.ui.segments.values import Surroundings
from crm.ui.segments.why import WhyDialog
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.fields import SearchField
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import PageHeader, SidePane
from crm.ui.widgets.shortcuts import letter_shortcut

TABLES: Final = frozenset(
    ("segment", "segment_member", "person", "person_tag", "tag", "organisation", "attendance", "event", "event_kind",
     "response", "answer", "feedback_item", "interaction", "interaction_person", "contact_point")
)  # fmt: skip
"""Tables a rule can look at."""
OWN_TABLES: Final = frozenset(("segment", "segment_member", "tag", "event", "event_kind"))
"""Tables that change what is listed or can be chosen, not only how many fit."""
LIST: Final = 244
PREVIEW: Final = (344, 320)
"""The width at the right, the second one where the page is narrower than `TIGHT`."""
TIGHT: Final = 1190
BELOW: Final = 1064
"""Narrower than this the preview stands under the rules."""


class SegmentsPage(QWidget):
    """Segments. `navigate` asks the window for another page and what to show there."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._stale = True
        self._key: Key | None = None
        self._card: SegmentCard | None = None
        self._newcomers: frozenset[int] = frozenset()
        self._choices: dict[str, list[tuple[int | str, str]]] | None = None
        self._below = False
        self.deeds = SegmentDeeds(operations)
        self.counting = Counting(operations, jobs, self)
        self._make_header()
        self._make_parts()
        self.counting.found.connect(self._found)
        self.counting.completed.connect(lambda ids: self.preview.people.set_people(ids, (), self._newcomers))
        self.counting.refused.connect(self.preview.set_trouble)
        self.counting.counted.connect(self.list.set_counts)
        letter_shortcut(self, "N", self.add)
        operations.changed.connect(self._changed)

    # -- parts ----------------------------------------------------------------------------------------------------

    def _make_header(self) -> None:
        self.header = PageHeader(self._theme, i18n.text("Segments"))
        self.new_button = Button(self._theme, i18n.text("New segment"), icon="plus")
        self.new_button.clicked.connect(self.add)
        self.header.add_action(self.new_button)

    def _make_parts(self) -> None:
        theme = self._theme
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        whole.addLayout(self._row, 1)
        side = SidePane(theme, LIST, "left")
        side.body.setContentsMargins(12, 14, 13, 8)
        side.body.setSpacing(6)
        self.search = SearchField(theme, i18n.text("Find a segment"))
        self.list = SegmentList(theme)
        self.search.textChanged.connect(self.list.set_filter)
        self.search.stepped.connect(self.list.step)
        self.search.returnPressed.connect(lambda: self.list.step(0))
        self.search.escaped.connect(self.list.setFocus)
        self.list.chosen.connect(self._choose)
        self.list.menu_requested.connect(self._offer)
        side.body.addWidget(self.search)
        side.body.addWidget(self.list, 1)
        self._row.addWidget(side)
        self.editor = Editor(theme)
        self.editor.changed.connect(self._edited)
        self.editor.save_requested.connect(self.save)
        self.editor.cancel_requested.connect(self.cancel)
        self.editor.menu_requested.connect(lambda at: self._offer(self._key, at))
        self.editor.rule_requested.connect(self._leave_all)
        self._row.addWidget(self.editor, 1)
        self.preview = Preview(theme, self._fetch, self._operations.today)
        self.preview.invite_requested.connect(self.invite)
        self.preview.export_requested.connect(self.export)
        self.preview.list_requested.connect(self._open_as_list)
        self.preview.people.opened.connect(lambda person: self.navigate.emit("people", person))
        self.preview.people.why_requested.connect(self.tell_why)
        self.preview.people.menu_requested.connect(self._offer_person)
        self.preview.setFixedWidth(theme.px(PREVIEW[0]))
        self._row.addWidget(self.preview)

    def home(self) -> QWidget:
        """The list of segments."""
        return self.list

    def find(self) -> None:  # type: ignore[override]  # hides QWidget's static find(WId), which nobody uses
        """Ctrl+F and «/»: into the field above the list."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def escape(self) -> bool:
        """Esc that nobody took: give up the edit; False where there is none."""
        if not self.editor.edited:
            return False
        self.cancel()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the right side gives up some room, then the preview goes under the rules."""
        super().resizeEvent(event)
        tight = self.width() < self._theme.px(TIGHT)
        below = self.width() < self._theme.px(BELOW)
        if not below:
            self.preview.setFixedWidth(self._theme.px(PREVIEW[tight]))
        if below == self._below:
            return
        self._below = below
        if below:
            self._row.removeWidget(self.preview)
            self.preview.setMinimumWidth(0)
            self.preview.setMaximumWidth(16_777_215)
            self.editor.put_below(self.preview)
        else:
            self.editor.take_below(self.preview)
            self._row.addWidget(self.preview)
        self.preview.set_below(below)

    # -- reading --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read when the page is looked at."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _changed(self, tables: frozenset[str]) -> None:
        if not tables & TABLES:
            return
        self._stale = True
        self._choices = None
        if not self.isVisible():
            return
        if tables & OWN_TABLES:
            self.refresh()
        else:
            self._stale = False
            self.preview.people.forget_rows()
            self.counting.count_list(self.list.keys())
            self._ask()

    def refresh(self) -> None:
        """Read the list anew and what is open in it; what is being edited is kept."""
        self._stale = False
        clock = self._operations.clock
        own, ready = self._operations.read(
            lambda s: (
                segments.list_segments(s, clock, counted=False),
                segments.list_starters(s, clock, counted=False),
            )
        )
        self.list.set_rows(own, ready)
        self.header.set_note(i18n.plural("{count} segment", "{count} segments", len(own)) if own else "")
        if self.editor.edited and self._still_there(own):
            self._ask()
        else:
            self._open(self._key if self._still_there(own) and self._key is not None else _first(own, ready))
        self.counting.count_list(self.list.keys())

    def _still_there(self, own: Sequence[SegmentRow]) -> bool:
        if self._key is None:
            return self.editor.edited
        return self._key[0] == "starter" or any(row.key == self._key for row in own)

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, PersonRow]:
        return {row.id: row for row in self._operations.read(lambda s: people.rows(s, ids))}

    # -- choosing -------------------------------------------------------------------------------------------------

    def show_item(self, segment_id: int) -> None:
        """Show one segment."""
        if self._stale:
            self.refresh()
        self._choose(("segment", int(segment_id)))
        self.list.select(("segment", int(segment_id)))

    def _choose(self, key: Key) -> None:
        if key != self._key:
            self._open(key)

    def _open(self, key: Key | None) -> None:
        """Show a segment as it is stored; an edit that was not saved is let go."""
        clock = self._operations.clock
        self._key = key
        self.list.select(key)
        if key is None:
            self._card = None
            self.counting.forget()
            self.editor.show_nothing()
            return
        sort, name = key
        if sort == "starter":
            card = self._operations.read(lambda s: segments.starter_card(s, str(name), clock))
        else:
            card = self._operations.read(lambda s: segments.segment_card(s, int(name), clock))
        self._show(card)

    def _show(self, card: SegmentCard) -> None:
        forget = self._card is None or (self._card.id, self._card.starter) != (card.id, card.starter)
        self._card = card
        clock, today = self._operations.clock, self._operations.today()
        moved = None
        if card.id is not None:
            moved = self._operations.read(lambda s: movement(s, card.id or 0, today))
        if self._choices is None:
            self._choices = self._operations.read(lambda s: segments.choices(s, clock))
        others = [one for one in self._choices["segments"] if one[0] != card.id]
        choices = {**self._choices, "segments": others}
        self.editor.show_card(card, Surroundings(today, choices))
        self.preview.set_movement(moved, recorded=card.id is not None and card.kind == "live")
        self._newcomers = frozenset() if moved is None else moved.entered_ids
        if forget:
            self.preview.forget()
        self._ask(at_once=True)

    # -- counting -------------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        self._describe()
        self._ask()

    def _ask(self, *, at_once: bool = False) -> None:
        if self._card is not None:
            self.counting.ask(self._card, self.editor.rule(), at_once=at_once)

    def _describe(self) -> None:
        """The sentence of the rule as it stands: quick, so at once."""
        if self._card is None or self._card.kind == "frozen":
            return
        rule, clock = self.editor.rule(), self._operations.clock
        try:
            said = self._operations.read(lambda s: segments.describe(s, rule, clock))
        except InvalidRule as error:
            self.editor.set_trouble(error.text())
        else:
            self.editor.set_sentence(said)

    def _found(self, found: Matching) -> None:
        self.preview.set_trouble("")
        self.preview.set_matching(found)
        self.preview.people.set_people([row.id for row in found.first], found.first, self._newcomers)

    # -- deeds ----------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Begin a segment: a rule for everyone and the focus in its name."""
        self._key = None
        self.list.select(None)
        self._show(
            SegmentCard(
                id=None,
                uid="",
                name="",
                description="",
                kind="live",
                glyph="member",
                starter="",
                pinned=False,
                rule=segment_editing.empty_rule(),
                sentence=(),
            )
        )
        self._describe()
        self.editor.begin()

    def save(self) -> None:
        """Keep name and rule as one deed; a refusal is said where it belongs."""
        card = self._card
        if card is None:
            return
        saved, trouble = self.deeds.save(card, self.editor.name(), self.editor.rule())
        self.editor.set_refusal(trouble)
        if saved is None:
            return
        self._key = ("segment", saved)
        self.editor.settle()
        self.refresh()

    def cancel(self) -> None:
        """Back to what is stored."""
        self.editor.settle()
        if self._key is None:
            self.refresh()
        else:
            self._open(self._key)

    def _offer(self, key: Key | None, at: QPoint) -> None:
        """The verbs of a segment."""
        if key is None:
            return
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if key[0] == "starter":
            menu.add(i18n.text("Pin"), lambda: self._go(self.deeds.adopt(str(key[1]), pinned=True)), "arrow-up")
            menu.add(i18n.text("Make it mine"), lambda: self._go(self.deeds.adopt(str(key[1]))), "plus")
        else:
            card = self._operations.read(lambda s: segments.segment_card(s, int(key[1]), self._operations.clock))
            words = i18n.text("Unpin") if card.pinned else i18n.text("Pin")
            menu.add(words, lambda: self.deeds.pin(card), "arrow-down" if card.pinned else "arrow-up")
            menu.add(i18n.text("Duplicate"), lambda: self._go(self.deeds.duplicate(card)), "copy")
            if card.kind == "live":
                menu.add(i18n.text("Freeze as a list"), lambda: self._go(self.deeds.freeze(card)), "lock-key")
            menu.addSeparator()
            menu.add(i18n.text("Delete"), lambda: self.remove(card), "trash", danger=True)
        menu.popup(at)

    def remove(self, card: SegmentCard) -> None:
        """Take a segment away; the toast brings it back."""
        if self._key == ("segment", card.id):
            self.editor.settle()
        self.deeds.remove(card)

    def _go(self, segment_id: int | None) -> None:
        if segment_id is not None:
            self.editor.settle()
            self._open(("segment", segment_id))

    def _leave_all(self) -> None:
        if self._card is not None and self._card.id is not None:
            self.deeds.leave_to_the_rule(self._card)

    # -- people ---------------------------------------------------------------------------------------------------

    def invite(self) -> None:
        """Invite everyone who is inside to an event."""
        ids = self._everyone()
        if ids:
            InviteDialog(self._theme, self, self._operations, ids, self.editor.name()).open()

    def export(self) -> None:
        """Everyone who is inside into a file."""
        ids = self._everyone()
        if ids:
            ask_and_export(self._theme, self, self._operations, self._jobs, ids, self.editor.name())

    def _open_as_list(self) -> None:
        ids = self._everyone()
        if ids:
            self.navigate.emit("people", (ids, self.editor.name()))

    def _everyone(self) -> list[int]:
        return [] if self._card is None else self.counting.everyone(self._card, self.editor.rule())

    def tell_why(self, person_id: int) -> None:
        """Each condition for one person, with the rows it looked at."""
        card, rule = self._card, self.editor.rule()
        if card is None:
            return
        clock = self._operations.clock
        told, [row] = self._operations.read(
            lambda s: (
                segments.why_rule(s, rule, person_id, clock, segment_id=card.id),
                people.rows(s, [person_id]),
            )
        )
        name = row.display_name
        dialog = WhyDialog(self._theme, self, name, self.editor.name(), told, own=card.id is not None)
        dialog.profile_requested.connect(lambda: self.navigate.emit("people", person_id))
        dialog.keep_out_requested.connect(lambda: self.deeds.decide(card, person_id, name, "exclude"))
        dialog.leave_requested.connect(lambda: self.deeds.decide(card, person_id, name, None))
        dialog.open()

    def _offer_person(self, person_id: int, at: QPoint) -> None:
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(i18n.text("Why here"), lambda: self.tell_why(person_id), "lightbulb")
        menu.add(i18n.text("Open the profile"), lambda: self.navigate.emit("people", person_id), "users")
        card = self._card
        if card is not None and card.id is not None:
            [row] = self._operations.read(lambda s: people.rows(s, [person_id]))
            menu.add(
                i18n.text("Keep out of the segment"),
                lambda: self.deeds.decide(card, person_id, row.display_name, "exclude"),
                "minus-circle",
            )
        menu.popup(at)


def _first(own: Sequence[SegmentRow], ready: Sequence[SegmentRow]) -> Key | None:
    return next((row.key for row in (*own, *ready)), None)
