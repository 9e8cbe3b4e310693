"""The dialogs of a passphrase: thinking one up, the code for paper, typing it back, taking the passphrase away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from crm import i18n
from crm.ui.locking.fields import PassphraseEdit
from crm.ui.locking.strength import strength_of
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import RadioButton
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, TextArea
from crm.ui.widgets.labels import IconLabel, Label, Notice
from crm.ui.widgets.pages import Card

_TONES = ("bad", "warn", "ok", "ok")
_GROUP = 5
_COLUMNS = 4


class CopiesChoice(QWidget):
    """What becomes of the copies made so far: written anew, or deleted."""

    def __init__(self, theme: Theme, copies: int, *, removing: bool = False) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        rewrite = i18n.plural("Rewrite {count} copy too", "Rewrite {count} copies too", copies)
        self._rewrite = RadioButton(theme, rewrite)
        self._delete = RadioButton(theme, i18n.plural("Delete {count} copy", "Delete {count} copies", copies))
        self._rewrite.setChecked(True)
        grid.addWidget(Label(theme, i18n.text("Copies made so far"), "small", "text2"), 0, 0)
        grid.addWidget(self._rewrite, 1, 0)
        grid.addWidget(self._delete, 2, 0)
        if not removing:
            elsewhere = i18n.text(
                "The second place follows when it is next within reach. Copies you saved elsewhere stay as they are: "
                "delete those by hand."
            )
            grid.addWidget(Label(theme, elsewhere, "small", "text3", wrap=True), 3, 0)
        self.setVisible(copies > 0)

    @property
    def delete(self) -> bool:
        """They are to be deleted."""
        return self._delete.isChecked()


class PassphraseDialog(Dialog):
    """A new passphrase, typed twice. `chosen` carries the one in force («» where there is none) and the new one."""

    chosen = Signal(str, str)

    def __init__(self, theme: Theme, host: QWidget, *, change: bool, copies: int) -> None:
        super().__init__(
            theme,
            host,
            i18n.text("Change the passphrase") if change else i18n.text("Set a passphrase"),
            i18n.text("Krug asks for it at every start. Without it nobody reads the file, and neither do you."),
            icon="lock-key",
        )
        self._old: PassphraseEdit | None = None
        if change:
            self._old = PassphraseEdit(theme, i18n.text("Passphrase now, or the recovery code"))
            self._old_field = Field(theme, i18n.text("Passphrase now, or the recovery code"), self._old)
            self._old.textChanged.connect(lambda _: self._old_field.set_error(""))
            self.body.addWidget(self._old_field)
        self._new = PassphraseEdit(theme, i18n.text("New passphrase"))
        self._again = PassphraseEdit(theme, i18n.text("The same once more"))
        self._new_field = Field(theme, i18n.text("New passphrase"), self._new)
        self._again_field = Field(theme, i18n.text("The same once more"), self._again)
        self.body.addWidget(self._new_field)
        line = QHBoxLayout()
        self._strength = Label(theme, "", "small", "text3")
        self._remark = Label(theme, "", "small", "text3")
        line.addWidget(self._strength, 1)
        line.addWidget(self._remark)
        self.body.addLayout(line)
        self.body.addWidget(self._again_field)
        self.copies = CopiesChoice(theme, copies)
        self.body.addWidget(self.copies)
        for edit in (self._old, self._new, self._again):
            if edit is not None:
                edit.remarked.connect(self._remark.set_text)
        self._new.textChanged.connect(lambda _: self._rate())
        self._again.textChanged.connect(lambda _: self._again_field.set_error(""))
        self.add_button(Button(theme, i18n.text("Cancel")), "reject")
        self.button = self.add_button(Button(theme, i18n.text("Next: the recovery code"), "primary"))
        self.button.clicked.connect(self._next)
        self.set_default(self.button)
        self._rate()

    def _rate(self) -> None:
        self._new_field.set_error("")
        strength = strength_of(self._new.text())
        self._strength.set_text(strength.words)
        self._strength.set_look(colour=_TONES[strength.level] if self._new.text() else "text3")

    def _next(self) -> None:
        if not self._new.text():
            self._new_field.set_error(i18n.text("Enter a passphrase"))
            self._new.setFocus()
        elif self._new.text() != self._again.text():
            self._again_field.set_error(i18n.text("This is not the same as above"))
            self._again.setFocus()
        else:
            self.chosen.emit(self._old.text() if self._old is not None else "", self._new.text())

    def refuse_old(self) -> None:
        """The passphrase in force is another."""
        self._old_field.set_error(i18n.text("It did not fit"))
        if self._old is not None:
            self._old.selectAll()
            self._old.setFocus()

    def forget(self) -> None:
        """Empty every field."""
        for edit in (self._old, self._new, self._again):
            if edit is not None:
                edit.forget()


class CodeDialog(Dialog):
    """The recovery code, to be printed or written down; `accepted` leads on to typing it back."""

    def __init__(self, theme: Theme, host: QWidget, code: str, save: Callable[[], object]) -> None:
        super().__init__(
            theme,
            host,
            i18n.text("Recovery code"),
            i18n.text(
                "The only way in when the passphrase is forgotten. Print it or write it down and keep it away from "
                "this computer: next it has to be typed back from the paper."
            ),
            icon="printer",
        )
        card = Card(theme, padding=18)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(12))
        for place, group in enumerate(code.split("-")):
            row, column = divmod(place, _COLUMNS)
            number = Label(theme, i18n.number(place + 1), "caption", "text3")
            grid.addWidget(number, row, 2 * column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            shown = Label(theme, group, "heading", selectable=True)
            grid.addWidget(shown, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
        card.body.addLayout(grid)
        self.body.addWidget(card)
        self.body.addWidget(
            Notice(
                theme,
                "warning-fill",
                i18n.text("Not in the bag of the laptop, not as a photo, not in mail, messenger or cloud."),
                "warn",
                "body",
            )
        )
        self.saved = Notice(theme, "check-circle-fill", "", "ok", "body")
        self.saved.hide()
        self.body.addWidget(self.saved)
        pdf = Button(theme, i18n.text("Save as PDF"), icon="file-pdf")
        pdf.clicked.connect(save)
        self.add_link(pdf)
        self.add_button(Button(theme, i18n.text("Cancel")), "reject")
        self.add_button(Button(theme, i18n.text("I have it on paper"), "primary"), "accept")

    def tell_saved(self, name: str) -> None:
        """The sheet is in a file."""
        self.saved.set_text(i18n.text("Saved: {name}. Print it and delete the file.", name=name))
        self.saved.show()
        self.place_panel()


class TypeBackDialog(Dialog):
    """The code typed back; the key is changed only when every group is right."""

    typed = Signal()
    back = Signal()

    def __init__(
        self,
        theme: Theme,
        host: QWidget,
        groups: int,
        wrong_group: Callable[[str], int | None],
        kept: Sequence[str] = (),
    ) -> None:
        super().__init__(
            theme,
            host,
            i18n.text("Type the code back"),
            i18n.text(
                "All {count} groups, from the paper: what is read wrong now can't be mended later.", count=groups
            ),
            icon="note-pencil",
        )
        self._groups, self._wrong_group = groups, wrong_group
        self.area = TextArea(theme, rows=3, name=i18n.text("Recovery code"))
        self.area.textChanged.connect(self._look)
        self._field = Field(theme, i18n.text("Recovery code"), self.area)
        self.body.addWidget(self._field)
        self._far = IconLabel(theme, "circle", "", "body", "text2")
        self.body.addWidget(self._far)
        if kept:
            stay = i18n.text("Kept files that did not read stay as they are: {names}", names=", ".join(kept))
            self.body.addWidget(Label(theme, stay, "small", "text3", wrap=True))
        back = Button(theme, i18n.text("Show the code again"), "link")
        back.clicked.connect(self.back)
        self.add_link(back)
        self.add_button(Button(theme, i18n.text("Cancel")), "reject")
        self.button = self.add_button(Button(theme, i18n.text("Encrypt"), "primary"))
        self.button.clicked.connect(self.typed)
        self.set_default(self.button)
        self._look()

    def _look(self) -> None:
        text = self.area.text()
        signs = sum(char.isalnum() for char in text)
        wrong = self._wrong_group(text)
        right = self._groups if wrong is None else wrong - 1
        self.button.setEnabled(wrong is None)
        error = ""
        if wrong is not None and signs >= wrong * _GROUP:
            error = i18n.text("Group {group} is not as on the paper", group=i18n.number(wrong))
        self._field.set_error(error)
        words = i18n.text("{now} of {of} groups are right", now=i18n.number(right), of=i18n.number(self._groups))
        done = wrong is None
        self._far.set_content("check-circle-fill" if done else "circle", words, "ok" if done else "text2")


class RemoveDialog(Dialog):
    """Taking the passphrase away. `chosen` carries the passphrase in force."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, host: QWidget, copies: int) -> None:
        super().__init__(
            theme,
            host,
            i18n.text("Remove the passphrase"),
            i18n.text("The file can then be read by whoever has it: a thief, a repair shop, the next owner."),
            icon="lock-key-open",
            tone="warn",
        )
        self._edit = PassphraseEdit(theme, i18n.text("Passphrase now, or the recovery code"))
        self._field = Field(theme, i18n.text("Passphrase now, or the recovery code"), self._edit)
        self._edit.textChanged.connect(lambda _: self._field.set_error(""))
        self.body.addWidget(self._field)
        self.copies = CopiesChoice(theme, copies, removing=True)
        self.body.addWidget(self.copies)
        self.add_button(Button(theme, i18n.text("Keep the passphrase")), "reject")
        self.button = self.add_button(Button(theme, i18n.text("Remove the passphrase"), "danger"))
        self.button.clicked.connect(self._next)
        self.set_default(self.button)

    def _next(self) -> None:
        if self._edit.text():
            self.chosen.emit(self._edit.text())
        else:
            self._field.set_error(i18n.text("Enter a passphrase"))

    def refuse_old(self) -> None:
        """The passphrase in force is another."""
        self._field.set_error(i18n.text("It did not fit"))
        self._edit.selectAll()
        self._edit.setFocus()

    def forget(self) -> None:
        """Empty the field."""
        self._edit.forget()


class OfferDialog(Dialog):
    """Asked once of a new store, with the risk of both ways; `answered` carries «set», «plain» or «later»."""

    answered = Signal(str)

    def __init__(self, theme: Theme, host: QWidget) -> None:
        super().__init__(
            theme,
            host,
            i18n.text("Protect this community with a passphrase?"),
            i18n.text("Both ways have a risk. The choice can be changed in the settings at any time."),
            icon="lock-key",
        )
        row = QHBoxLayout()
        row.setSpacing(14)
        for title, icon, text in (
            (
                i18n.text("Without a passphrase"),
                "lock-key-open",
                i18n.text("The laptop is stolen or goes to a repair shop: whoever has it reads everybody's data."),
            ),
            (
                i18n.text("With a passphrase"),
                "lock-key",
                i18n.text(
                    "A forgotten passphrase can't be recovered. Only the printed recovery code opens the file then."
                ),
            ),
        ):
            card = Card(theme)
            card.body.addWidget(IconLabel(theme, icon, title, "sub", "text", "accent_text"))
            card.body.addWidget(Label(theme, text, "body", "text2", wrap=True))
            card.body.addStretch(1)
            row.addWidget(card, 1)
        self.body.addLayout(row)
        self.body.addWidget(Label(theme, disk_advice(), "small", "text2", wrap=True))
        self._answer = "later"
        later = Button(theme, i18n.text("Decide later"), "quiet")
        later.clicked.connect(self.reject)
        self.add_link(later)
        plain = self.add_button(Button(theme, i18n.text("Without a passphrase")))
        plain.clicked.connect(lambda: self._choose("plain"))
        choose = self.add_button(Button(theme, i18n.text("Set a passphrase"), "primary"))
        choose.clicked.connect(lambda: self._choose("set"))
        self.finished.connect(lambda _: self.answered.emit(self._answer))

    def first_focus(self) -> QWidget | None:
        """Nothing is preselected: Enter chooses neither."""
        return self.panel

    def _choose(self, answer: str) -> None:
        self._answer = answer
        self.accept()


def disk_advice() -> str:
    """Encrypting the disk, by the names people know."""
    return i18n.text(
        "Encrypt the whole disk too: BitLocker on Windows, FileVault on macOS, LUKS on Linux. That covers other files "
        "and what was deleted before."
    )
