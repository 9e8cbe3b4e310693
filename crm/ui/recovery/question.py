"""The two dialogs of the recovery: which copy to go back to, and what a rescue brought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.recovery import words
from crm.ui.recovery.rows import CopyChoice, Found, Trouble
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.charts import Progress
from crm.ui.widgets.choices import ChoiceCard
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.labels import ElidedLabel, Label, Notice
from crm.ui.widgets.pages import ScrollColumn, SectionHeader, empty

_NO_WAY_BACK: Final = frozenset({"damaged", "locked"})
_SHOWN: Final = 4
"""Copies within sight; the others are a turn of the wheel away."""
_CARD: Final = 56
_GAP: Final = 6


class Plain(Dialog):
    """A dialog on a window that holds nothing else: nothing is dimmed, Esc does not end the program."""

    def __init__(self, theme: Theme, host: QWidget, title: str, text: str, *, icon: str, tone: str) -> None:
        super().__init__(theme, host, title, text, icon=icon, tone=tone, cross=False)
        self.busy = Busy(theme)
        self.busy.hide()

    def escape(self) -> None:
        """Nothing: to leave is a choice of its own here."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The shadow and the panel's box."""
        painter, theme, area = QPainter(self), self._theme, self.panel.geometry()
        shapes.shadow(painter, area, 14)
        shapes.box(painter, area, 14, theme.colour("raised" if theme.dark else "surface"), theme.colour("hair"))


class Busy(QWidget):
    """What is being done, how far, and Stop."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._stop: Callable[[], object] | None = None
        self._what = ElidedLabel(theme, "", "body", "text2")
        self._bar = Progress(theme)
        self._bar.setFixedWidth(theme.px(150))
        self._button = Button(theme, i18n.text("Stop"), "quiet", size="compact")
        self._button.clicked.connect(lambda: self._stop() if self._stop is not None else None)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._what, 1)
        row.addWidget(self._bar)
        row.addWidget(self._button)

    def begin(self, what: str, stop: Callable[[], object] | None) -> None:
        """Say what is being done; without `stop` it can't be stopped any more."""
        self._what.set_text(what)
        self._bar.set_progress(0, 0)
        self._stop = stop
        self._button.setVisible(stop is not None)
        self.show()

    def set_progress(self, step: int, of: int) -> None:
        """How far it is."""
        self._bar.set_progress(step, of)


class CopyQuestion(Plain):
    """What happened, the copies to go back to, and the other ways. The newest sound copy is chosen."""

    bring_back = Signal(str)
    rescue = Signal()
    show_file = Signal()
    other_copy = Signal()

    def __init__(self, theme: Theme, host: QWidget, trouble: Trouble, today: date) -> None:
        super().__init__(theme, host, "", words.explanation(trouble, copied=True), icon="database", tone="bad")
        self._trouble, self._today = trouble, today
        self._cards: dict[str, ChoiceCard] = {}
        self._choices: tuple[CopyChoice, ...] = ()
        self._chosen = ""
        self._by_hand = False
        self._list = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        self._list.body.setContentsMargins(0, 0, 0, 0)
        self._list.body.setSpacing(_GAP)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        section = QVBoxLayout()
        section.setSpacing(8)
        self._head = SectionHeader(theme, i18n.text("Bring back a copy"), link=i18n.text("Another copy…"), role="sub")
        self._head.link_clicked.connect(self.other_copy)
        section.addWidget(self._head)
        section.addWidget(self._list)
        self._none = Notice(theme, "warning", i18n.text("There are no copies beside the file."), "warn", "body")
        self._none.hide()
        section.addWidget(self._none)
        self.body.addLayout(section)
        self.body.addWidget(self.busy)
        self._rescue = Button(theme, i18n.text("Save what reads"), "link")
        self._rescue.clicked.connect(self.rescue)
        self.add_link(self._rescue)
        file = Button(theme, i18n.text("Show the file"), "link")
        file.clicked.connect(self.show_file)
        self.add_link(file)
        leave = i18n.text("Another passphrase") if trouble.kind == "doubted" else i18n.text("Close")
        self._leave = self.add_button(Button(theme, leave), "reject")
        self._back = Button(theme, i18n.text("Bring the copy back"), "primary", "arrow-counter-clockwise")
        self._back.clicked.connect(lambda: self.bring_back.emit(self._chosen) if self._chosen else self.rescue.emit())
        self.add_button(self._back)
        self.set_default(self._back)

    @property
    def chosen(self) -> str:
        """The key of the chosen copy, «» while there is none to choose."""
        return self._chosen

    def first_focus(self) -> QWidget | None:
        """The chosen copy, so that Enter brings it back."""
        return self._cards.get(self._chosen) or super().first_focus()

    def show_copies(self, choices: tuple[CopyChoice, ...]) -> None:
        """The copies as they are known now; the choice of the person stays, the safe default follows what is known."""
        self._choices = choices
        safe = next((one for one in choices if one.verdict == "sound"), None)
        if not self._by_hand or self._chosen not in {one.key for one in choices}:
            likely = safe or next((one for one in choices if one.verdict not in _NO_WAY_BACK), None)
            self._chosen = "" if likely is None else likely.key
        self.set_title(words.title(self._trouble, safe=safe is not None))
        self.set_text(words.explanation(self._trouble, copied=bool(choices)))
        if list(self._cards) != [choice.key for choice in choices]:
            self._make_cards(choices)
        for choice in choices:
            card = self._cards[choice.key]
            card.set_content(words.made(choice, self._today), words.holds(choice), state=words.verdict(choice))
            card.setEnabled(choice.verdict not in _NO_WAY_BACK)
            card.setChecked(choice.key == self._chosen)
        shown = min(len(choices), _SHOWN)
        height = shown * self._theme.px(_CARD) + max(0, shown - 1) * _GAP
        # A part of the next card shows that there are more.
        self._list.setFixedHeight(height + (self._theme.px(_CARD) // 3 if len(choices) > _SHOWN else 0))
        self._list.setVisible(bool(choices))
        self._none.setVisible(not choices)
        self._allow()
        self.place_panel()

    def set_busy(self, what: str, stop: Callable[[], object] | None = None) -> None:
        """Say what is being done, «» for nothing; meanwhile nothing else can be begun."""
        if what:
            self.set_error("")
            self.busy.begin(what, stop)
        else:
            self.busy.hide()
        for one in (self._rescue, self._leave, self._head, self._list):
            one.setEnabled(not what)
        self._allow()
        self.place_panel()

    def _make_cards(self, choices: tuple[CopyChoice, ...]) -> None:
        empty(self._list.body)
        self._cards = {}
        for choice in choices:
            card = self._cards[choice.key] = ChoiceCard(self._theme, "", "")
            card.clicked.connect(lambda _=False, key=choice.key: self._choose(key))
            self._list.body.addWidget(card)
        self._list.body.addStretch(1)

    def _choose(self, key: str) -> None:
        self._chosen, self._by_hand = key, True
        for other, card in self._cards.items():
            card.setChecked(other == key)
        self._allow()

    def _allow(self) -> None:
        # With no copy to go back to, what reads is the way on; of an empty file there is none.
        readable = self._trouble.kind not in {"empty", "doubted"}
        self._back.set_text(i18n.text("Bring the copy back") if self._chosen else i18n.text("Save what reads"))
        self._back.set_icon("arrow-counter-clockwise" if self._chosen else "")
        self._back.setVisible(bool(self._chosen) or readable)
        self._back.setEnabled(self.busy.isHidden())
        self._rescue.setVisible(bool(self._chosen) and readable)


class RescueQuestion(Plain):
    """What came over into the new file and what did not; to take it, or to go back to the copies."""

    taken = Signal()
    back = Signal()

    def __init__(self, theme: Theme, host: QWidget, found: Found) -> None:
        title = (
            i18n.text("Everything reads")
            if words.lossless(found.parts)
            else i18n.text("A part was saved, a part does not read")
        )
        super().__init__(theme, host, title, words.rescued(found), icon="database", tone="warn")
        self.body.addSpacing(4)
        for name, saved, lost in words.lines(found):
            row = QHBoxLayout()
            row.addWidget(Label(theme, name, "body_strong"), 3)
            row.addWidget(Label(theme, saved, "body", "text2"), 1, Qt.AlignmentFlag.AlignRight)
            whole = lost == i18n.text("all of it")
            row.addWidget(Label(theme, lost, "body", "ok" if whole else "bad"), 3, Qt.AlignmentFlag.AlignRight)
            self.body.addLayout(row)
        self.body.setSpacing(8)
        self.body.addWidget(self.busy)
        self._return = Button(theme, i18n.text("To the copies"), "link")
        self._return.clicked.connect(self.back)
        self.add_link(self._return)
        self._leave = self.add_button(Button(theme, i18n.text("Close")), "reject")
        self._take = Button(theme, i18n.text("Open what was saved"), "primary")
        self._take.clicked.connect(self.taken)
        self.add_button(self._take)
        self.set_default(self._take)

    def set_busy(self, what: str, stop: Callable[[], object] | None = None) -> None:
        """Say what is being done, «» for nothing."""
        if what:
            self.set_error("")
            self.busy.begin(what, stop)
        else:
            self.busy.hide()
        for one in (self._return, self._leave, self._take):
            one.setEnabled(not what)
        self.place_panel()
