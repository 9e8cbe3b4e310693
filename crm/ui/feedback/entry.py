"""Entering an answer somebody gave: 0–10, words, person or nobody, event; several in a row for a pile of paper."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import event_lists, feedback, person_choice, surveys
from crm.services.feedback_rows import FeedbackDraft
from crm.services.feedback_words import ABOUT, KINDS, about_title, kind_title
from crm.ui.feedback.person_field import PersonField
from crm.ui.feedback.score_picker import ScorePicker
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, Select, TextArea

_EVENTS = 40


class EntryDialog(Dialog):
    """One answer. «Save and next» keeps the event and begins the next form."""

    def __init__(self, operations: Operations, theme: Theme, host: QWidget, event_id: int | None = None) -> None:
        super().__init__(theme, host, i18n.text("Note feedback"))
        self._operations = operations
        self._kind_chosen = False
        self._event = Select(theme, self._events(event_id))
        self._event.set_value(event_id if event_id is not None else self._last_event)
        self._person = PersonField(
            theme,
            lambda words: operations.read(lambda session: person_choice.suggestions(session, words)),
            i18n.text("Name, or leave empty: anonymous"),
            i18n.text("Who said it"),
        )
        self._score = ScorePicker(theme)
        self._score.changed.connect(self._suggest_kind)
        self._words = TextArea(theme, i18n.text("What they said, in their words"), rows=4)
        self._words.setAccessibleName(i18n.text("What they said"))
        self._kind = Select(theme, [(key, kind_title(key)) for key in KINDS])
        self._kind.chosen.connect(lambda _: self._keep_kind())
        self._about = Select(theme, [(key, about_title(key)) for key in ABOUT])
        self._about.set_value("event" if self._event.value() is not None else "community")
        self.body.addWidget(Field(theme, i18n.text("Would they recommend our events to a friend?"), self._score))
        self.body.addWidget(Field(theme, i18n.text("What they said"), self._words))
        self.body.addWidget(Field(theme, i18n.text("Who said it"), self._person))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Field(theme, i18n.in_context("feedback", "Event"), self._event), 2)
        row.addWidget(Field(theme, i18n.in_context("feedback", "Kind"), self._kind), 1)
        row.addWidget(Field(theme, i18n.in_context("feedback", "About"), self._about), 1)
        self.body.addLayout(row)
        self.add_button(Button(theme, i18n.in_context("button", "Cancel"), "quiet"), "reject")
        following = self.add_button(Button(theme, i18n.text("Save and next")))
        following.clicked.connect(lambda: self._save(another=True))
        save = self.add_button(Button(theme, i18n.in_context("button", "Save"), "primary"))
        save.clicked.connect(lambda: self._save(another=False))
        self.set_default(save)

    def _events(self, wanted: int | None) -> list[tuple[int | None, str]]:
        clock = self._operations.clock

        def read(session: Any) -> list[tuple[int | None, str]]:
            past = event_lists.event_ids(session, "past", clock, limit=_EVENTS)
            coming = event_lists.event_ids(session, "upcoming", clock, limit=3)
            ids = [*reversed(coming), *past]
            if wanted is not None and wanted not in ids:
                ids.insert(0, wanted)
            rows = event_lists.event_rows(session, ids)
            self._last_event = past[0] if past else None
            today = self._operations.today()
            return [(row.id, f"{i18n.day(row.on, today)}, {row.title}") for row in rows]

        return [(None, i18n.text("No event")), *self._operations.read(read)]

    def _suggest_kind(self, score: int | None) -> None:
        if not self._kind_chosen:
            self._kind.set_value(surveys.suggested_kind(score))

    def _keep_kind(self) -> None:
        self._kind_chosen = True

    def _save(self, *, another: bool) -> None:
        if self._person.typed:
            self.set_error(
                i18n.text(
                    "“{name}” is not chosen from the list. Choose a person or empty the field.", name=self._person.typed
                )
            )
            self._person.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        score, words = self._score.score, self._words.text()
        person_id, event_id = self._person.person_id, self._event.value()
        kind, about, clock = self._kind.value(), self._about.value(), self._operations.clock
        label = phrase("Feedback noted")
        try:
            done = self._operations.write(
                label,
                lambda session: surveys.record_response(
                    session,
                    event_id=event_id,
                    person_id=person_id,
                    nps=score,
                    text=words,
                    kind=kind,
                    about=about,
                    clock=clock,
                ),
            )
        except CrmError as error:
            self.set_error(error.text())
            return
        self.set_error("")
        self._operations.said.emit(Said(label, done.deed))
        if not another:
            self.accept()
            return
        self._score.set_score(None)
        self._words.set_text("")
        self._kind_chosen = False
        if person_id is not None:
            self._person.clear()
        self._score.setFocus(Qt.FocusReason.TabFocusReason)


class IdeaDialog(Dialog):
    """An idea written down at once, without a form behind it."""

    def __init__(self, operations: Operations, theme: Theme, host: QWidget) -> None:
        super().__init__(theme, host, i18n.text("Note an idea"))
        self._operations = operations
        self._title = LineEdit(theme, i18n.text("In a few words"), i18n.text("Idea"))
        self._words = TextArea(theme, i18n.text("What it is about, whom it helps"), rows=3)
        self._about = Select(theme, [(key, about_title(key)) for key in ABOUT])
        self._about.set_value("event")
        self._person = PersonField(
            theme,
            lambda words: operations.read(lambda session: person_choice.suggestions(session, words)),
            i18n.text("Name, or leave empty: anonymous"),
            i18n.text("Whose idea"),
        )
        self.body.addWidget(Field(theme, i18n.text("Idea"), self._title))
        self.body.addWidget(Field(theme, i18n.text("In more words"), self._words))
        self.body.addWidget(Field(theme, i18n.text("Whose idea"), self._person))
        self.body.addWidget(Field(theme, i18n.in_context("feedback", "About"), self._about))
        self.add_button(Button(theme, i18n.in_context("button", "Cancel"), "quiet"), "reject")
        save = self.add_button(Button(theme, i18n.in_context("button", "Save"), "primary"))
        save.clicked.connect(self._save)
        self.set_default(save)

    def _save(self) -> None:
        title, words = self._title.text(), self._words.text()
        draft = FeedbackDraft(
            text=words or title,
            title=title,
            kind="idea",
            about=self._about.value(),
            person_id=self._person.person_id,
        )
        clock, label = self._operations.clock, phrase("Idea noted")
        try:
            done = self._operations.write(label, lambda session: feedback.add_item(session, draft, clock))
        except CrmError as error:
            self.set_error(error.text())
            return
        self._operations.said.emit(Said(label, done.deed))
        self.accept()
