"""One item, whole: who said what, when and about which event; its sort, status and topics; the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from crm import clock as clocks
from crm import i18n
from crm.i18n import Phrase, phrase
from crm.services import feedback, person_choice
from crm.services.feedback_rows import FeedbackRow
from crm.services.feedback_words import ABOUT, KINDS, STATUSES, about_title, kind_title, status_title
from crm.ui.feedback.person_field import PersonField
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.chips import FlowLayout, TagChip
from crm.ui.widgets.fields import Field, LineEdit, Select, TextArea
from crm.ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label
from crm.ui.widgets.mark_widgets import Avatar, ScoreSquare
from crm.ui.widgets.pages import ScrollColumn, SidePane

WIDTH: Final = 348
_SHORT: Final = 60


class ItemPanel(SidePane):
    """The pane beside the board. Every change is a deed of its own, said with «Undo»."""

    closed = Signal()
    navigate = Signal(str, object)

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__(theme, WIDTH)
        self._operations = operations
        self._row: FeedbackRow | None = None
        self._scroll = ScrollColumn(theme, side=20, top=14)
        self._scroll.body.setSpacing(14)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(20, 12, 24, 14)
        self._foot.setSpacing(10)
        self._reply = TextArea(theme, i18n.text("What you answered, for the record"), rows=3)
        self._answer = Button(theme, i18n.text("Note the answer"), "primary", "check")
        self._answer.clicked.connect(self._note_answer)
        self._in_person = Button(theme, i18n.text("Answered in person"))
        self._in_person.clicked.connect(lambda: self._note_answer(spoken=True))
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(Hairline(theme))
        self.body.addLayout(self._foot)
        self._build_foot()

    @property
    def item_id(self) -> int | None:
        """The item shown."""
        return None if self._row is None else self._row.id

    def show_row(self, row: FeedbackRow) -> None:
        """Show an item; a half-written answer stays while it is the same one."""
        fresh = self._row is None or self._row.id != row.id
        self._row = row
        self._scroll.clear()
        self._head(row)
        self._words(row)
        self._sort(row)
        self._topics(row)
        if row.kind == "idea":
            self._votes(row)
        self._quoting(row)
        self._scroll.body.addStretch(1)
        if fresh:
            self._reply.set_text("")
            self._scroll.verticalScrollBar().setValue(0)
        answered = row.replied_at is not None
        self._waiting.setVisible(not answered)
        self._answered.setVisible(answered)
        if row.replied_at is not None:
            day = i18n.day(clocks.local(row.replied_at).date(), self._operations.today())
            self._answered_on.set_content("check-circle-fill", i18n.text("Answered: {day}", day=day), "text", "ok")
            self._answered_words.set_text(row.reply)
            self._answered_words.setVisible(bool(row.reply))

    def focus_reply(self) -> None:
        """Begin to answer."""
        if self._row is not None and self._row.replied_at is None:
            self._reply.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- parts -----------------------------------------------------------------------------------------------------

    def _head(self, row: FeedbackRow) -> None:
        theme = self._theme
        line = QHBoxLayout()
        line.setSpacing(12)
        if row.person_id is not None:
            avatar = Avatar(theme, row.person_id, row.person, 36)
            avatar.set_person(row.person_id, row.person, row.initials)
            line.addWidget(avatar)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(ElidedLabel(theme, row.person or i18n.text("Anonymous"), "heading"))
        day = i18n.day(clocks.local(row.at).date(), self._operations.today())
        words.addWidget(ElidedLabel(theme, f"{kind_title(row.kind)}, {day}", "small", "text2"))
        line.addLayout(words, 1)
        if row.person_id is not None:
            open_person = IconButton(theme, "user", i18n.text("Open the person"))
            open_person.clicked.connect(lambda: self.navigate.emit("people", row.person_id))
            line.addWidget(open_person, 0, Qt.AlignmentFlag.AlignTop)
        remove = IconButton(theme, "trash", i18n.text("Delete this feedback"))
        remove.clicked.connect(self._remove)
        line.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        close = IconButton(theme, "x", i18n.text("Close"))
        close.clicked.connect(self.closed)
        line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._scroll.body.addLayout(line)

    def _words(self, row: FeedbackRow) -> None:
        theme = self._theme
        line = QHBoxLayout()
        line.setSpacing(12)
        if row.score is not None:
            line.addWidget(ScoreSquare(theme, row.score), 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(4)
        if row.title:
            said.addWidget(Label(theme, row.title, "sub", wrap=True))
        if row.text != row.title:
            said.addWidget(Label(theme, row.text, "body", wrap=True, selectable=True))
        line.addLayout(said, 1)
        self._scroll.body.addLayout(line)
        if row.event_id is not None:
            event = Button(theme, row.event[:_SHORT], "link", "calendar-blank", size="compact")
            event.setAccessibleName(i18n.text("Open the event “{title}”", title=row.event))
            event.clicked.connect(lambda: self.navigate.emit("events", row.event_id))
            self._scroll.body.addWidget(event, 0, Qt.AlignmentFlag.AlignLeft)

    def _sort(self, row: FeedbackRow) -> None:
        theme = self._theme
        kind = Select(theme, [(key, kind_title(key)) for key in KINDS])
        kind.set_value(row.kind)
        kind.chosen.connect(lambda value: self._edit(kind=value))
        about = Select(theme, [(key, about_title(key)) for key in ABOUT])
        about.set_value(row.about)
        about.chosen.connect(lambda value: self._edit(about=value))
        status = Select(theme, [(key, status_title(key)) for key in STATUSES])
        status.set_value(row.status)
        status.chosen.connect(self._move)
        pair = QHBoxLayout()
        pair.setSpacing(10)
        pair.addWidget(Field(theme, i18n.in_context("feedback", "Kind"), kind), 1)
        pair.addWidget(Field(theme, i18n.in_context("feedback", "About"), about), 1)
        self._scroll.body.addLayout(pair)
        self._scroll.body.addWidget(Field(theme, i18n.in_context("feedback", "Status"), status))

    def _topics(self, row: FeedbackRow) -> None:
        theme = self._theme
        add = LineEdit(theme, i18n.text("Add a topic"), i18n.text("Add a topic"))
        known = self._operations.read(feedback.all_topics)
        completer = QCompleter([name for name in known if name not in row.topics], add)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = completer.popup()
        if popup is not None:
            popup.setFont(theme.font("body"))
        add.setCompleter(completer)
        add.returnPressed.connect(lambda: self._set_topics((*row.topics, add.text())))
        self._scroll.body.addWidget(Field(theme, i18n.in_context("feedback", "Topics"), add))
        if row.topics:
            chips = QWidget()
            flow = FlowLayout(chips)
            for name in row.topics:
                chip = TagChip(theme, name, removable=True)
                chip.removed.connect(lambda name=name: self._set_topics([one for one in row.topics if one != name]))
                flow.addWidget(chip)
            self._scroll.body.addWidget(chips)

    def _votes(self, row: FeedbackRow) -> None:
        field = PersonField(
            self._theme,
            lambda words: self._operations.read(lambda session: person_choice.suggestions(session, words)),
            i18n.text("Who wants this too"),
        )
        field.changed.connect(self._vote)
        title = i18n.plural("{count} vote", "{count} votes", row.votes)
        self._scroll.body.addWidget(Field(self._theme, title, field))

    def _quoting(self, row: FeedbackRow) -> None:
        choice = Select(
            self._theme,
            [
                ("unknown", i18n.text("Not asked")),
                ("granted", i18n.text("May be quoted")),
                ("refused", i18n.text("May not be quoted")),
            ],
        )
        choice.set_value(row.quote_consent)
        choice.chosen.connect(self._quote)
        self._scroll.body.addWidget(Field(self._theme, i18n.text("Quoting in reports"), choice))

    def _build_foot(self) -> None:
        theme = self._theme
        self._waiting, self._answered = QWidget(), QWidget()
        write = QVBoxLayout(self._waiting)
        write.setContentsMargins(0, 0, 0, 0)
        write.setSpacing(10)
        write.addWidget(Field(theme, i18n.text("Answer"), self._reply))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._answer)
        buttons.addWidget(self._in_person)
        buttons.addStretch(1)
        write.addLayout(buttons)
        shown = QVBoxLayout(self._answered)
        shown.setContentsMargins(0, 0, 0, 0)
        shown.setSpacing(6)
        self._answered_on = IconLabel(theme, "check-circle-fill", "", "body_strong", "text", "ok")
        self._answered_words = Label(theme, "", "body", "text2", wrap=True, selectable=True)
        back = Button(theme, i18n.text("Wait for an answer again"), "link", size="compact")
        back.clicked.connect(self._unanswer)
        shown.addWidget(self._answered_on)
        shown.addWidget(self._answered_words)
        shown.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self._foot.addWidget(self._waiting)
        self._foot.addWidget(self._answered)

    # -- deeds -----------------------------------------------------------------------------------------------------

    def _perform(self, label: Phrase, verb: Callable[[Any, int], object]) -> bool:
        row = self._row
        return row is not None and self._operations.perform(label, lambda session: verb(session, row.id)) is not None

    def _note_answer(self, *, spoken: bool = False) -> None:
        words = "" if spoken else self._reply.text()
        if not spoken and not words.strip():
            self._reply.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        clock = self._operations.clock
        label = phrase("Answered: {who}", who=self._who())
        self._perform(label, lambda session, item: feedback.reply(session, item, words, clock))

    def _unanswer(self) -> None:
        label = phrase("Waits for an answer again: {who}", who=self._who())
        self._perform(label, feedback.unreply)

    def _move(self, status: str) -> None:
        clock = self._operations.clock
        self._perform(
            phrase("Status: {status}", status=status_title(status)),
            lambda session, item: feedback.set_status(session, item, status, clock),
        )

    def _edit(self, **fields: str) -> None:
        row = self._row
        if row is None:
            return
        now = {"text": row.text, "title": row.title, "kind": row.kind, "about": row.about, **fields}
        self._perform(
            phrase("Changed feedback: {who}", who=self._who()),
            lambda session, item: feedback.edit_item(session, item, **now),
        )

    def _set_topics(self, names: tuple[str, ...] | list[str]) -> None:
        self._perform(
            phrase("Topics of feedback: {who}", who=self._who()),
            lambda session, item: feedback.set_topics(session, item, names),
        )

    def _vote(self, person_id: int | None) -> None:
        if person_id is None:
            return
        clock = self._operations.clock
        self._perform(phrase("A vote"), lambda session, item: feedback.vote(session, item, person_id, clock))

    def _quote(self, consent: str) -> None:
        self._perform(
            phrase("Quoting: {who}", who=self._who()),
            lambda session, item: feedback.allow_quoting(session, item, consent),
        )

    def _remove(self) -> None:
        if self._perform(phrase("Feedback deleted: {who}", who=self._who()), feedback.remove_item):
            self.closed.emit()

    def _who(self) -> str:
        row = self._row
        return i18n.text("Anonymous") if row is None or not row.person else row.person
