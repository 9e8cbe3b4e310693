"""The middle of the page: the name, the sentence, the rule, what is decided by hand, where the segment is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.services.rules import InvalidRule, Part, parse_rule
from crm.services.segment_editing import NAME_LIMIT
from crm.services.segment_rows import SegmentCard
from crm.ui.segments.builder import EMPTY, Builder
from crm.ui.segments.sentence import Sentence
from crm.ui.segments.values import Surroundings
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.fields import LineEdit
from crm.ui.widgets.labels import IconLabel, Label, Notice
from crm.ui.widgets.pages import ScrollColumn, SectionHeader, empty


class NameEdit(LineEdit):
    """The name of a segment as a heading that can be typed over."""

    def restyle(self) -> None:
        """The font of a title."""
        super().restyle()
        self.setFont(self._theme.font("title"))


class Editor(ScrollColumn):
    """A segment being read or edited. `changed` after every edit of the rule."""

    changed = Signal()
    save_requested = Signal()
    cancel_requested = Signal()
    menu_requested = Signal(QPoint)
    rule_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._card: SegmentCard | None = None
        self._loading = False
        self.edited = False
        self.body.setSpacing(0)
        self._make_head(theme)
        self._sentence = Sentence(theme)
        self._trouble = Notice(theme, "warning-circle-fill", "", "warn", "body")
        self._refusal = Notice(theme, "warning-circle-fill", "", "bad", "body")
        self.builder = Builder(theme)
        self.builder.changed.connect(self._rule_changed)
        self._by_hand = QWidget()
        row = QHBoxLayout(self._by_hand)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(10)
        self._by_hand_words = IconLabel(theme, "hand-palm", "", "body", "text2")
        self._leave = Button(theme, i18n.text("Leave it to the rule"), "link", size="compact")
        self._leave.clicked.connect(self.rule_requested)
        row.addWidget(self._by_hand_words)
        row.addWidget(self._leave)
        row.addStretch(1)
        self._used = QVBoxLayout()
        self._used.setSpacing(8)
        for part, gap in ((self._sentence, 14), (self._trouble, 8), (self._refusal, 8)):
            self.body.addSpacing(gap if part is self._sentence else 0)
            part.setContentsMargins(0, 0 if part is self._sentence else gap, 0, 0)
            self.body.addWidget(part)
        self.body.addSpacing(16)
        self.body.addWidget(self.builder)
        self.body.addWidget(self._by_hand)
        self.body.addLayout(self._used)
        self._nothing = Label(theme, i18n.text("Choose a segment at the left, or begin a new one."), "body", "text2")
        self.body.addWidget(self._nothing)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(0, 24, 0, 0)
        self.body.addLayout(self._below)
        self.body.addStretch(1)
        self.show_nothing()

    def _make_head(self, theme: Theme) -> None:
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(2)
        self._name = NameEdit(theme, i18n.text("Name of the segment"), i18n.text("Name of the segment"), bare=True)
        self._name.setMaxLength(NAME_LIMIT)
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name.textEdited.connect(lambda _: self._mark())
        self._name.returnPressed.connect(self.save_requested)
        self._note = Label(theme, "", "small", "text2")
        names.addWidget(self._name)
        names.addWidget(self._note)
        row.addLayout(names, 1)
        self.cancel_button = Button(theme, i18n.in_context("edit", "Cancel"), "quiet")
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.save_button = Button(theme, i18n.text("Save"))
        self.save_button.clicked.connect(self.save_requested)
        self.more_button = IconButton(theme, "dots-three", i18n.text("More about the segment"))
        self.more_button.clicked.connect(
            lambda: self.menu_requested.emit(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
        )
        for button in (self.cancel_button, self.save_button, self.more_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._head)

    # -- what it shows ---------------------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """There is no segment to show."""
        self._card = None
        self.edited = False
        for part in (self._head, self._sentence, self._trouble, self._refusal, self.builder, self._by_hand):
            part.hide()
        empty(self._used)
        self._nothing.show()

    def show_card(self, card: SegmentCard, around: Surroundings) -> None:
        """Show a segment as it is stored."""
        self._card = card
        self._loading = True
        self._nothing.hide()
        self._head.show()
        self._name.setText(card.name)
        self._name.setCursorPosition(0)
        self._note.set_text(self._says(card, around))
        self.set_refusal(None)
        self._show_rule(card, around)
        self.set_sentence(card.sentence)
        if card.problem:
            self.set_trouble(card.problem)
        self._show_by_hand(card)
        self._show_uses(card)
        self.more_button.setVisible(card.id is not None or bool(card.starter))
        self._loading = False
        self.settle()
        self.verticalScrollBar().setValue(0)

    def _show_rule(self, card: SegmentCard, around: Surroundings) -> None:
        live = card.kind == "live"
        readable = live
        if live:
            try:
                parse_rule(card.rule)
            except InvalidRule:
                readable = False
        self.builder.setVisible(live)
        if live:
            # What cannot be read is shown as an empty rule: saving it mends the segment.
            self.builder.set_rule(dict(card.rule) if readable else dict(EMPTY), around)

    def _show_by_hand(self, card: SegmentCard) -> None:
        told = []
        if card.included:
            told.append(i18n.plural("{count} put in by hand", "{count} put in by hand", card.included))
        if card.excluded:
            told.append(i18n.plural("{count} kept out by hand", "{count} kept out by hand", card.excluded))
        self._by_hand_words.set_content("hand-palm", " · ".join(told), "text2")
        self._by_hand.setVisible(bool(told) and card.kind == "live")

    def _show_uses(self, card: SegmentCard) -> None:
        empty(self._used)
        if not card.used_in:
            return
        self._used.addSpacing(22)
        self._used.addWidget(SectionHeader(self._theme, i18n.text("Where it is used"), role="sub"))
        for name in card.used_in:
            words = i18n.text("Segment «{name}»", name=name)
            self._used.addWidget(IconLabel(self._theme, "circles-three", words, "body", "text2"))

    def _says(self, card: SegmentCard, around: Surroundings) -> str:
        if card.kind == "frozen" and card.frozen_at is not None:
            day = i18n.day(card.frozen_at.date(), around.today)
            return i18n.text("Frozen list · {day}", day=day)
        if card.id is None and card.starter:
            return i18n.text("Ready segment · {purpose}", purpose=card.description)
        if card.id is None or card.changed_at is None:
            return i18n.text("New segment")
        day = i18n.day(card.changed_at.date(), around.today)
        return i18n.text("Updates itself · changed {day}", day=day)

    def set_sentence(self, parts: Sequence[Part]) -> None:
        """The rule in words."""
        self._trouble.hide()
        self._sentence.set_parts(parts)
        self._sentence.setVisible(bool(parts))

    def sentence(self) -> str:
        """The sentence shown, «» while there is none."""
        return "" if self._sentence.isHidden() else self._sentence.text()

    def set_trouble(self, text: str) -> None:
        """Why the rule means nothing as it stands."""
        self._sentence.hide()
        self._trouble.set_text(text)
        self._trouble.show()

    def trouble(self) -> str:
        """The sentence in force."""
        return "" if self._trouble.isHidden() else self._trouble.text()

    def set_refusal(self, error: CrmError | None) -> None:
        """Why it was not saved; None takes it away."""
        self._refusal.set_text("" if error is None else error.text())
        self._refusal.setVisible(error is not None)
        named = error is not None and error.code in {"segment_nameless", "segment_name_taken"}
        self._name.set_error(wrong=named)
        if named:
            self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def refusal(self) -> str:
        """The refusal in force."""
        return "" if self._refusal.isHidden() else self._refusal.text()

    # -- what is in it ---------------------------------------------------------------------------------------------

    def name(self) -> str:
        """The name as typed."""
        return self._name.text().strip()

    def set_name(self, name: str) -> None:
        """Type a name."""
        self._name.setText(name)
        self._mark()

    def rule(self) -> dict[str, Any]:
        """The rule as it stands."""
        if self._card is not None and self._card.kind == "frozen":
            return {}
        return self.builder.rule()

    def begin(self) -> None:
        """The focus in the name of a new segment."""
        self._mark()
        self._name.setFocus(Qt.FocusReason.TabFocusReason)

    def settle(self) -> None:
        """Nothing is edited any more."""
        self.edited = False
        self._show_buttons()

    def _rule_changed(self) -> None:
        if not self._loading:
            self._mark()
            self.changed.emit()

    def _mark(self) -> None:
        self.edited = True
        self._show_buttons()

    def _show_buttons(self) -> None:
        ready = self._card is not None and self._card.id is None and bool(self._card.starter)
        self.save_button.set_text(i18n.text("Make it mine") if ready else i18n.text("Save"))
        self.cancel_button.setVisible(self.edited)
        self.save_button.setVisible(self.edited or ready)

    # -- narrow windows --------------------------------------------------------------------------------------------

    def put_below(self, widget: QWidget) -> None:
        """Stand something under the rules."""
        self._below.addWidget(widget)

    def take_below(self, widget: QWidget) -> None:
        """Take it away again."""
        self._below.removeWidget(widget)
