"""The desk: what typing, keys and buttons do, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent

from crm import i18n
from crm import text as texts
from crm.errors import CrmError
from crm.services.desk_index import Hit
from crm.services.desk_rows import Arrival, CheckIn, Guest
from crm.services.ticket_codes import read_code
from crm.ui.desk.answers import below_banner, choose_hint, matches, may_be_scanner, next_steps, short_name
from crm.ui.desk.banner import Announcement
from crm.ui.desk.door import Door
from crm.ui.desk.keys import COMMANDS, is_ours, letter
from crm.ui.desk.screen import DeskScreen
from crm.ui.operations import Operations
from crm.ui.theme import Theme

_SHOWN_HITS: Final = 9
_FEWEST_LETTERS: Final = 2
_SCANNER_PAUSE: Final = 120
"""Milliseconds after which digits that stand still are somebody typing a phone, not a scanner."""
_COUNTERS_EVERY: Final = 20_000


class DeskPage(DeskScreen):
    """Letting people in at one event. `folded` says that the desk was put away.

    The field has the focus whatever happens; Enter checks in when exactly one person matches or one is chosen.
    """

    folded = Signal()

    def __init__(self, operations: Operations, theme: Theme, event_id: int, device: str = "1") -> None:
        super().__init__(theme, Door(operations, event_id, device))
        self.setObjectName("desk")
        self.setFocusProxy(self.field.edit)
        self.check: CheckIn | None = None
        self._hits: list[Hit] = []
        self._repeat: Callable[[], CheckIn | None] | None = None
        self._scanning = QTimer(self)
        self._scanning.setSingleShot(True)
        self._scanning.setInterval(_SCANNER_PAUSE)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_COUNTERS_EVERY)
        operations.saving.connect(self.top.show_saving)
        self.top.show_saving(operations.state)
        self._connect()
        self._go("idle")
        self._show_side()

    def _connect(self) -> None:
        edit = self.field.edit
        edit.installEventFilter(self)
        edit.textEdited.connect(self._typed)
        self._scanning.timeout.connect(self._search)
        self._ticking.timeout.connect(self._show_side)
        self.list.chosen.connect(self.take)
        self.next_steps.pressed.connect(self._act)
        self.other_ways.pressed.connect(self._act)
        self.side.guest_wanted.connect(self.open_guest)
        self.side.taken_back.connect(self.take_back)
        self.side.folded.connect(self.folded)
        self.side.hiding_changed.connect(self._hide)
        self.guest_form.entered.connect(self._enter_guest)
        self.guest_form.chosen.connect(self.take)
        self.guest_form.left.connect(self._leave_guest)
        self.door.reloaded.connect(self._reloaded)
        self.door.failed.connect(self._failed)

    def showEvent(self, event: QShowEvent) -> None:
        """The field has the focus from the first moment; the counters move with the clock."""
        super().showEvent(event)
        self.door.watch(seen=True)
        self.door.open()
        self._focus()
        self._show_side()
        self._ticking.start()

    def hideEvent(self, event: object) -> None:
        """Nothing ticks behind other pages."""
        self.door.watch(seen=False)
        self._ticking.stop()

    def escape(self) -> bool:
        """Esc clears; it never leaves the desk."""
        self._escape()
        return True

    # -- typing ---------------------------------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        if not text:
            self._go("idle")
        elif may_be_scanner(text):
            self._scanning.start()
        else:
            self._search()

    def _search(self) -> None:
        self._scanning.stop()
        text = self.field.edit.text()
        if len(text.strip()) < _FEWEST_LETTERS:
            self._hits = []
            self._go("idle")
            return
        self._hits = self.door.index.find(text, _SHOWN_HITS)
        self._go("matches")
        rows = self.shown.hits(self._hits)
        count = len(self._hits)
        if count == _SHOWN_HITS:
            count = self.door.index.count(text)
        self._show_list(list(rows), matches(count), choose_hint(self._hits))
        if self._takes_enter():
            self.list.step(1)
        name = short_name(text)
        self.other_ways.set_actions(
            [
                ("guest", i18n.text("Add guest «{name}»", name=name), "user-plus", "secondary"),
                ("community", i18n.text("Search the whole community"), "magnifying-glass", "quiet"),
            ]
        )

    def _takes_enter(self) -> bool:
        return len(self._hits) == 1 and self._hits[0].certain

    def _enter(self) -> None:
        self._scanning.stop()
        text = self.field.edit.text()
        current = self.list.current
        if read_code(text):
            self._announce(self.door.arrive(text))
        elif self.state == "banner" and text == self._kept_text():
            # Nothing was typed since: Enter is for the list below, or for the first thing to do next.
            if current is not None:
                self.take(current)
            elif text:
                self.open_guest()
        elif not text.strip():
            return
        elif current is not None and self.state == "matches":
            self.take(current)
        else:
            self._search()
            if self._takes_enter():
                self.take(self._hits[0].arrival)
            elif self._hits and any(hit.certain for hit in self._hits):
                self._hint.set_look(colour="warn")
            else:
                self._announce(self.door.arrive(text))

    def _kept_text(self) -> str:
        return self.check.text if self.check is not None and self.check.result == "not_found" else ""

    # -- acts -----------------------------------------------------------------------------------------------------

    def take(self, person: Arrival) -> None:
        """Let in the person who was chosen, from the list or from the community."""
        if person.on_list:
            self._try(lambda over: self.door.arrive(person, over=over), over=person.status == "registered")
        else:
            guest = Guest(person_id=person.person_id)
            self._try(lambda over: self.door.arrive_guest(guest, name=person.name, over=over))

    def take_back(self, person: Arrival) -> None:
        """Take an arrival back."""
        self._announce(self.door.take_back(person))

    def undo(self) -> None:
        """Take the last arrival back."""
        last = self.door.index.last_arrivals(1)
        if last:
            self.take_back(last[0])

    def open_guest(self) -> None:
        """The form for somebody who is not on the list, with what was typed."""
        text = self.field.edit.text()
        self._go("guest")
        self.guest_form.begin(text)

    def search_community(self) -> None:
        """Look for what was typed among everybody."""
        text = self.field.edit.text() or (self.check.text if self.check is not None else "")
        people = self.door.community(text, _SHOWN_HITS) if text.strip() else []
        self._hits = []
        self._go("matches")
        title = i18n.plural("{count} in the whole community", "{count} in the whole community", len(people))
        words = tuple(texts.words(text))
        rows = [self.shown.row(person, words) for person in people]
        self._show_list(list(rows), title, i18n.text("Enter to check in as a guest") if people else "")
        self.other_ways.set_actions(
            [("guest", i18n.text("Add guest «{name}»", name=short_name(text)), "user-plus", "secondary")]
        )
        self._focus()

    def _enter_guest(self, guest: Guest) -> None:
        self._try(lambda over: self.door.arrive_guest(guest, over=over))

    def _try(self, attempt: Callable[[bool], CheckIn | None], *, over: bool = False) -> None:
        self._repeat = lambda: attempt(True)
        self._announce(attempt(over))

    def _admit(self) -> None:
        check = self.check
        if check is None or check.person is None:
            return
        person = check.person
        if check.result == "wrong_event":
            self.take(person)
        elif check.result == "over_capacity" and self._repeat is not None:
            self._announce(self._repeat())
        elif check.result == "event_closed":
            self._announce(self.door.arrive(person, late=True))
        else:
            self._try(lambda over: self.door.arrive(person, admit=True, over=over))

    def _act(self, key: str) -> None:
        match key:
            case "guest":
                self.open_guest()
                return
            case "community":
                self.search_community()
            case "admit":
                self._over_or_admit()
            case "undo" if self.check is not None and self.check.person is not None:
                self.take_back(self.check.person)
            case "other" if self.check is not None and self.check.person is not None:
                self._look_for_others(self.check.person)
            case _:
                self._escape()
        self._focus()

    def _over_or_admit(self) -> None:
        if self.check is not None and self.check.person is None and self._repeat is not None:
            self._announce(self._repeat())
        else:
            self._admit()

    def _look_for_others(self, person: Arrival) -> None:
        self.field.edit.setText(person.name.split()[-1] if person.name else "")
        self._search()

    # -- results --------------------------------------------------------------------------------------------------

    def _announce(self, check: CheckIn | None) -> None:
        if check is None:
            return
        self.check = check
        counters = self.door.counters()
        self._go("banner")
        said = self.shown.announcement(check, counters)
        if check.bounce and check.person is not None:
            # The echo of a scanner: what was said stays said.
            said = self.shown.announcement(
                CheckIn("ok", recorded=True, person=check.person, at=check.first_at), counters
            )
        self.banner.say(said)
        keep = check.result == "not_found"
        if keep:
            self.field.edit.setText(check.text)
            self.field.edit.selectAll()
        else:
            self.field.edit.clear()
        self.next_steps.set_actions(next_steps(check))
        self._show_below(check)
        self._show_side()
        self._focus()

    def _show_below(self, check: CheckIn) -> None:
        title, people, words = below_banner(check, self.door.index, hidden=self.shown.hidden)
        self._show_list([self.shown.row(person, words) for person in people], title if people else "", "")

    def _failed(self, error: CrmError) -> None:
        self.check = None
        self._go("banner")
        self.banner.say(Announcement("warn", i18n.text("Nothing was recorded"), error.text()))
        self._show_list([], "", "")
        self._show_side()
        self._focus()

    def _reloaded(self) -> None:
        self._show_side()
        if self.state == "matches":
            self._search()

    def _hide(self, hidden: bool) -> None:
        self.shown.hidden = hidden
        self._show_side()
        if self.state == "matches":
            self._search()
        elif self.state == "banner" and self.check is not None:
            self.banner.say(self.shown.announcement(self.check, self.door.counters()))
            self._show_below(self.check)
        self._focus()

    # -- keys -----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field: what the desk wants of them comes first, the rest is typing."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and is_ours(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._key(event):
                return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keys the desk wants, wherever in it the focus is."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Typing anywhere goes to the field."""
        if self.state == "guest" and event.key() == Qt.Key.Key_Escape:
            self._leave_guest()
        elif self._key(event):
            return
        elif event.text().isprintable() and event.text() and self.state != "guest":
            self._focus()
            self.field.edit.insert(event.text())
            self._typed(self.field.edit.text())
        else:
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.AltModifier and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            person = self.list.by_digit(key - Qt.Key.Key_0)
            if person is not None:
                self.take(person)
            return True
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.next_steps.offers("admit"):
                    self._act("admit")
                return True
            return self._command(COMMANDS.get(letter(key), ""))
        if modifiers != Qt.KeyboardModifier.NoModifier or self.state == "guest":
            return False
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        else:
            return False
        return True

    def _command(self, command: str) -> bool:
        match command:
            case "guest":
                self.open_guest()
            case "community":
                self.search_community()
            case "hide":
                self.side.set_hidden(hidden=not self.shown.hidden)
            case "fold":
                self.folded.emit()
            case "undo":
                self.undo()
            case _:
                return False
        return True

    def _escape(self) -> None:
        if self.state == "guest":
            self._leave_guest()
            return
        self.field.edit.clear()
        self.check = None
        self._go("idle")
        self._focus()

    def _leave_guest(self) -> None:
        text = self.field.edit.text()
        self._go("idle")
        if text:
            self._search()
        self._focus()

    def _focus(self) -> None:
        if self.state != "guest":
            self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
