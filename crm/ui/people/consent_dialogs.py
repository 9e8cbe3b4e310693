"""Writing down what a person agreed to or forbade, and all they ever said of it."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import consents, contacting
from crm.services.cards import PersonCard
from crm.services.consents import ConsentDraft, ConsentEntry, ConsentLine
from crm.services.contacting import DoNotContactLine
from crm.ui.operations import Operations
from crm.ui.people import life_words
from crm.ui.people.dialogs import answers, do
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.date_fields import DateField
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, Select, TextArea
from crm.ui.widgets.labels import Label, breakable
from crm.ui.widgets.pages import ScrollColumn, empty
from crm.ui.widgets.tabs import Segmented

_NEW_TEXT: Final = -1
_HIGHEST: Final = 380
_LONGEST: Final = 600


class ConsentDialog(Dialog):
    """An answer: what for, in which channel, which day, on what paper."""

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, person: PersonCard, line: ConsentLine | None = None
    ) -> None:
        super().__init__(theme, host, i18n.text("Record an answer"), person.display_name)
        self._operations, self._person = operations, person
        self.purpose = Select(theme, life_words.purposes())
        self.channel = Select(theme, life_words.channels())
        if line is not None:
            self.purpose.set_value(line.purpose)
            self.channel.set_value(line.channel)
        self.body.addLayout(_beside(Field(theme, i18n.text("Consent to"), self.purpose),
                                    Field(theme, i18n.in_context("field", "Channel"), self.channel)))  # fmt: skip
        self.answer = Segmented(
            theme,
            [
                ("given", i18n.text("Agreed")),
                ("refused", i18n.in_context("consent", "Refused")),
                ("withdrawn", i18n.in_context("consent", "Withdrawn")),
            ],
        )
        self.answer.setAccessibleName(i18n.text("What the person said"))
        row = QHBoxLayout()
        row.addWidget(self.answer)
        row.addStretch(1)
        self.body.addLayout(row)
        today = operations.today()
        self.day, self.until = DateField(theme, today=today), DateField(theme, today=today)
        self.day.set_day(today)
        self._day_field = Field(theme, i18n.text("Said on"), self.day)
        self._until_field = Field(theme, i18n.text("Holds until"), self.until, hint=i18n.text("Empty: until withdrawn"))
        self.body.addLayout(_beside(self._day_field, self._until_field))
        self.source = LineEdit(theme, i18n.text("Paper at the entrance, form on the site, letter"))
        self.proof = TextArea(theme, i18n.text("Number, folder, words of the letter"), rows=2)
        self.body.addWidget(Field(theme, i18n.text("Where it comes from"), self.source))
        self.body.addWidget(Field(theme, i18n.text("Proof"), self.proof))
        self._wording(theme)
        self.purpose.chosen.connect(self._offer_texts)
        self.answer.changed.connect(self._show_fitting)
        self._offer_texts()
        self.save_button = answers(self, theme, i18n.text("Record"))
        self.save_button.clicked.connect(self.save)

    def _wording(self, theme: Theme) -> None:
        """Which version of the text they agreed to; a new one is typed here."""
        self.text = Select(theme, [(0, "")])
        self._text_field = Field(theme, i18n.text("Version of the text"), self.text)
        self.version = LineEdit(theme, i18n.text("For example, 2026-11"))
        self.words = TextArea(theme, i18n.text("The text as people read it"), rows=3)
        self._new_text = QWidget()
        column = QVBoxLayout(self._new_text)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(Field(theme, i18n.text("Name of the version"), self.version))
        column.addWidget(Field(theme, i18n.text("Text"), self.words))
        self.body.addWidget(self._text_field)
        self.body.addWidget(self._new_text)
        self.text.chosen.connect(self._show_fitting)

    def _offer_texts(self) -> None:
        purpose = str(self.purpose.value())
        known = self._operations.read(lambda s: consents.consent_texts(s, purpose))
        self.text.set_options(
            [
                (0, i18n.text("Not noted")),
                *((one.id, one.version) for one in known),
                (_NEW_TEXT, i18n.text("A new version…")),
            ]
        )
        self.text.set_value(known[0].id if known else 0)
        self._show_fitting()

    def _show_fitting(self) -> None:
        given = self.answer.current == "given"
        self._until_field.setVisible(given)
        self._text_field.setVisible(given)
        self._new_text.setVisible(given and self.text.value() == _NEW_TEXT)
        self.place_panel()

    def save(self) -> None:
        """Keep it as one deed, a new version of the text with it."""
        wrong = {field: edit.is_wrong for field, edit in ((self._day_field, self.day), (self._until_field, self.until))}
        for field, is_wrong in wrong.items():
            field.set_error(i18n.text("Type a day as 14.03.2026") if is_wrong else "")
        if any(wrong.values()):
            return
        given = self.answer.current == "given"
        chosen = int(self.text.value() or 0)
        version, words = self.version.text(), self.words.text()
        new = given and chosen == _NEW_TEXT and bool(version.strip()) and bool(words.strip())
        person_id, clock = self._person.id, self._operations.clock
        purpose = str(self.purpose.value())

        def verb(session: Any) -> int:
            text_id = consents.keep_text(session, purpose, version, words) if new else chosen
            draft = ConsentDraft(
                purpose=purpose,
                channel=str(self.channel.value()),
                status=self.answer.current,  # type: ignore[arg-type]  # one of the three offered
                on=self.day.day(),
                source=self.source.text(),
                proof=self.proof.text(),
                text_id=text_id if given and text_id > 0 else None,
                expires_on=self.until.day() if given else None,
            )
            return consents.record_consent(session, person_id, draft, clock)

        label = phrase("Consent recorded: {name}", name=self._person.display_name)
        do(self, self._operations, label, verb)


class WishDialog(Dialog):
    """Not to be written to: where, until when, and why."""

    def __init__(
        self,
        theme: Theme,
        host: QWidget,
        operations: Operations,
        person: PersonCard,
        wish: DoNotContactLine | None = None,
    ) -> None:
        super().__init__(
            theme,
            host,
            i18n.text("Asked not to be written to"),
            i18n.text("{name}: stronger than any consent", name=person.display_name),
            icon="hand-palm",
        )
        self._operations, self._person = operations, person
        self.channel = Select(theme, life_words.channels())
        self.until = DateField(theme, today=operations.today())
        self.reason = LineEdit(theme, i18n.text("In their own words"))
        if wish is not None:
            self.channel.set_value(wish.channel)
            self.channel.setEnabled(False)
            self.until.set_day(wish.until_on)
            self.reason.setText(wish.reason)
        self._until_field = Field(theme, i18n.text("Until"), self.until, hint=i18n.text("Empty: for good"))
        self.body.addLayout(_beside(Field(theme, i18n.in_context("field", "Channel"), self.channel), self._until_field))
        self.body.addWidget(Field(theme, i18n.text("Why"), self.reason))
        self.save_button = answers(self, theme, i18n.text("Record"))
        self.save_button.clicked.connect(self.save)

    def save(self) -> None:
        """Keep it as one deed."""
        if self.until.is_wrong:
            self._until_field.set_error(i18n.text("Type a day as 14.03.2026"))
            return
        person, clock = self._person, self._operations.clock
        channel, until, reason = str(self.channel.value()), self.until.day(), self.reason.text()
        label = phrase("Asked not to be written to: {name}", name=person.display_name)
        do(
            self,
            self._operations,
            label,
            lambda s: contacting.ask_not_to_contact(s, person.id, channel, until, reason, clock),
        )


class ConsentHistory(Dialog):
    """Every answer, the newest first; each that stands may be marked as entered by mistake."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, person: PersonCard) -> None:
        super().__init__(theme, host, i18n.text("All answers"), person.display_name)
        self._theme, self._operations, self._person = theme, operations, person
        self._column = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        self._column.body.setSpacing(14)
        self.body.addWidget(self._column)
        close = Button(theme, i18n.text("Close"))
        self.add_button(close, "reject")
        self._show()

    def _show(self) -> None:
        empty(self._column.body)
        person_id = self._person.id
        entries = self._operations.read(lambda s: consents.consent_history(s, person_id))
        for entry in entries:
            self._column.body.addWidget(self._entry(entry))
        if not entries:
            said = i18n.text("Nobody asked for consent yet")
            self._column.body.addWidget(Label(self._theme, said, "body", "text2"))
        self._column.setFixedHeight(min(self._theme.px(_HIGHEST), self._column.body.sizeHint().height()))
        self._column.body.addStretch(1)

    def _entry(self, entry: ConsentEntry) -> QWidget:
        theme, today = self._theme, self._operations.today()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(12)
        column = QVBoxLayout()
        column.setSpacing(2)
        wrong = entry.mistaken_on is not None
        said = life_words.entry_of_history(entry, today)
        column.addWidget(Label(theme, said, "body_strong", "text3" if wrong else "text", wrap=True))
        version = i18n.text("version {version}", version=entry.text_version) if entry.text_version else ""
        until = i18n.text("until {day}", day=i18n.day(entry.expires_on, today)) if entry.expires_on else ""
        below = " · ".join(part for part in (entry.source, version, until) if part)
        proof = entry.proof if len(entry.proof) <= _LONGEST else entry.proof[:_LONGEST] + "…"
        for words in (below, breakable(proof)):
            if words:
                column.addWidget(Label(theme, words, "small", "text2", wrap=True, selectable=True))
        if entry.mistaken_on is not None:
            day = i18n.day(entry.mistaken_on, today)
            column.addWidget(Label(theme, i18n.text("entered by mistake, marked {day}", day=day), "small", "warn"))
        row.addLayout(column, 1)
        if not wrong:
            mistake = Button(theme, i18n.text("Mark as a mistake"), "quiet", size="compact")
            mistake.clicked.connect(partial(self.mistake, entry))
            row.addWidget(mistake)
        return holder

    def mistake(self, entry: ConsentEntry) -> None:
        """It should never have been there."""
        clock = self._operations.clock
        label = phrase("Consent entered by mistake: {name}", name=self._person.display_name)
        if self._operations.perform(label, lambda s: consents.mark_mistaken(s, entry.id, clock)) is not None:
            self._show()


def _beside(*fields: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    for field in fields:
        row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    return row
