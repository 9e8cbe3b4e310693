"""What the person agreed to and forbade: what is in force, with its day and source; the whole history on demand."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Final

from crm import i18n
from crm.i18n import Phrase, phrase
from crm.services import consents, contacting
from crm.services.consents import ConsentLine
from crm.services.contacting import DoNotContactLine
from crm.services.profiles import Profile
from crm.ui.operations import Operations
from crm.ui.people import life_words
from crm.ui.people.consent_dialogs import ConsentDialog, ConsentHistory, WishDialog
from crm.ui.people.life_row import Act, LifeRow, LifeSection
from crm.ui.theme import Theme
from crm.ui.widgets.menus import Menu

_SIGNS: Final = {
    "given": ("check-circle-fill", "ok"),
    "refused": ("prohibit", "text2"),
    "withdrawn": ("prohibit", "text2"),
    "expired": ("clock", "warn"),
}


class ConsentsSection(LifeSection):
    """A row for each purpose and each wish."""

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme, i18n.text("Consents"), i18n.text("Record a consent or a wish"))
        self._operations = operations
        self._profile: Profile | None = None

    def fill(self, profile: Profile, today: date) -> bool:
        """Wishes first: they are stronger."""
        self._profile = profile
        for wish in profile.do_not_contact:
            self.body.addWidget(self._wish(wish, today))
        if not any(line.status for line in profile.consents):
            self.say(i18n.text("Nobody asked for consent yet"))
            return True
        for line in profile.consents:
            self.body.addWidget(self._consent(line, today))
        return True

    def _wish(self, wish: DoNotContactLine, today: date) -> LifeRow:
        acts = (
            Act(i18n.text("May be written to again"), partial(self.lift, wish), "check", quick=True),
            Act(i18n.text("Change the wish…"), partial(self.ask_not, wish), "pencil-simple"),
        )
        until = i18n.text("until {day}", day=i18n.day(wish.until_on, today)) if wish.until_on else ""
        row = LifeRow(
            self._theme, "hand-palm", life_words.wish(wish), note=until, detail=wish.reason, tone="bad",
            title_tone="bad", acts=acts, verb=i18n.text("Enter changes it"),
        )  # fmt: skip
        row.pressed.connect(partial(self.ask_not, wish))
        return row

    def _consent(self, line: ConsentLine, today: date) -> LifeRow:
        icon, tone = _SIGNS.get(line.status, ("circle", "text3"))
        acts = [Act(i18n.text("Record an answer…"), partial(self.record, line), "note-pencil")]
        if line.status == "given":
            acts.insert(0, Act(i18n.text("Withdraw from today"), partial(self.withdraw, line), "prohibit", quick=True))
        if line.id:
            acts.append(Act(i18n.text("Mark as a mistake"), partial(self.mistake, line), "arrow-counter-clockwise"))
        acts.append(Act(i18n.text("All answers"), self.open_history, "clock-counter-clockwise"))
        row = LifeRow(
            self._theme,
            icon,
            life_words.purpose_and_channel(line.purpose, line.channel),
            note=life_words.since(line, today),
            detail=life_words.behind(line, today),
            tone=tone,
            acts=acts,
            verb=i18n.text("Enter records an answer"),
        )
        row.pressed.connect(partial(self.record, line))
        return row

    # -- what can be done -----------------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask what is to be written down."""
        menu = Menu(self._theme, self)
        menu.add(i18n.text("Record an answer…"), self.record, "note-pencil")
        menu.add(i18n.text("Asked not to be written to…"), self.ask_not, "hand-palm")
        menu.add(i18n.text("All answers"), self.open_history, "clock-counter-clockwise")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.plus.mapToGlobal(self.plus.rect().bottomLeft()))

    def record(self, line: ConsentLine | None = None) -> None:
        """A new answer, for the purpose of a row if there is one."""
        if self._profile is not None:
            ConsentDialog(self._theme, self, self._operations, self._profile.person, line).open()

    def withdraw(self, line: ConsentLine) -> None:
        """From today on it is no consent any more; the toast undoes it."""
        if self._profile is None:
            return
        person, clock = self._profile.person, self._operations.clock
        label = phrase("Consent withdrawn: {name}", name=person.display_name)
        self._do(label, lambda s: consents.withdraw_consent(s, person.id, line.purpose, line.channel, clock))

    def mistake(self, line: ConsentLine) -> None:
        """It should never have been there."""
        if self._profile is not None:
            clock = self._operations.clock
            label = phrase("Consent entered by mistake: {name}", name=self._profile.person.display_name)
            self._do(label, lambda s: consents.mark_mistaken(s, line.id, clock))

    def ask_not(self, wish: DoNotContactLine | None = None) -> None:
        """The person asked not to be written to."""
        if self._profile is not None:
            WishDialog(self._theme, self, self._operations, self._profile.person, wish).open()

    def lift(self, wish: DoNotContactLine) -> None:
        """They may be written to again."""
        if self._profile is not None:
            label = phrase("May be written to again: {name}", name=self._profile.person.display_name)
            self._do(label, lambda s: contacting.lift_wish(s, wish.id))

    def open_history(self) -> None:
        """Every answer there ever was."""
        if self._profile is not None:
            ConsentHistory(self._theme, self, self._operations, self._profile.person).open()

    def _do(self, label: Phrase, verb: Any) -> None:
        self._operations.perform(label, verb)
