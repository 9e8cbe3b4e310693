"""Why a person is in a segment: each condition, whether it holds, the rows it looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm import i18n
from crm.services.rules import WhyRow
from crm.services.segment_rows import Why
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.labels import IconLabel, Label, Notice
from crm.ui.widgets.pages import ScrollColumn

_SHOWN = 8
_BY_HAND = {
    "include": i18n.mark("Put in by hand: this beats the rule."),
    "exclude": i18n.mark("Kept out by hand: this beats the rule."),
    "frozen": i18n.mark("In the frozen list."),
}


class WhyDialog(Dialog):
    """The conditions for one person; from here one can be kept out, or left to the rule again."""

    profile_requested = Signal()
    keep_out_requested = Signal()
    leave_requested = Signal()

    def __init__(self, theme: Theme, host: QWidget, person: str, segment: str, told: Why, *, own: bool) -> None:
        here, away = i18n.text("Why {name} is here", name=person), i18n.text("{name} is not here", name=person)
        title = here if told.inside else away
        super().__init__(theme, host, title, segment)
        if told.by_hand:
            self.body.addWidget(Notice(theme, "hand-palm", i18n.text(_BY_HAND[told.by_hand]), "text2", "body"))
        column = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        column.body.setSpacing(12)
        height = 0
        for reason in told.reasons:
            block = QVBoxLayout()
            block.setSpacing(3)
            icon = "check-circle-fill" if reason.holds else "minus-circle"
            said = i18n.text("holds") if reason.holds else i18n.text("does not hold")
            line = Notice(theme, icon, reason.rule, "ok" if reason.holds else "text2", "body")
            line.setAccessibleName(f"{reason.rule}: {said}")
            block.addWidget(line)
            for row in reason.rows[:_SHOWN]:
                words = row_words(row)
                if words:
                    detail = Label(theme, words, "small", "text2", wrap=True)
                    detail.setContentsMargins(22, 0, 0, 0)
                    block.addWidget(detail)
            more = len(reason.rows) - _SHOWN
            if more > 0:
                rest = Label(theme, i18n.plural("and {count} more", "and {count} more", more), "small", "text3")
                rest.setContentsMargins(22, 0, 0, 0)
                block.addWidget(rest)
            column.body.addLayout(block)
            height += 34 + 20 * min(len(reason.rows), _SHOWN + 1)
        column.body.addStretch(1)
        column.setFixedHeight(theme.px(min(max(height, 40), 360)))
        if told.reasons:
            self.body.addWidget(column)
        elif not told.by_hand:
            words = i18n.text("The segment has no conditions: everyone is in it.")
            self.body.addWidget(IconLabel(theme, "circles-three", words))
        self._buttons(theme, told, own=own)

    def _buttons(self, theme: Theme, told: Why, *, own: bool) -> None:
        profile = self.add_link(Button(theme, i18n.text("Open the profile"), "link", "users"))
        profile.clicked.connect(self.profile_requested)
        profile.clicked.connect(self.reject)
        if told.by_hand in ("include", "exclude"):
            leave = self.add_button(Button(theme, i18n.text("Leave it to the rule")))
            leave.clicked.connect(self.leave_requested)
            leave.clicked.connect(self.reject)
        elif told.inside and own:
            out = self.add_button(Button(theme, i18n.text("Keep out of the segment")))
            out.clicked.connect(self.keep_out_requested)
            out.clicked.connect(self.reject)
        self.add_button(Button(theme, i18n.text("Close")), "accept")


def row_words(row: WhyRow) -> str:
    """«Встреча в декабре, 12 ноя 2026»."""
    return ", ".join(part for part in (row.text, i18n.day(row.on) if row.on else "") if part)
