"""Why a person is in a segment: each condition, whether it holds, the rows it looked at."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services.rules import WhyRow
from crm.services.segment_rows import Reason, Why
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.labels import ElidedLabel, IconLabel, Notice
from crm.ui.widgets.pages import ScrollColumn

_SHOWN: Final = 8
_HIGHEST: Final = 360
_BY_HAND: Final = {
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
        column.body.setSpacing(14)
        column.body.setContentsMargins(0, 0, 8, 4)
        for reason in told.reasons:
            column.body.addLayout(_block(theme, reason))
        column.body.addStretch(1)
        column.setFixedHeight(min(column.body.sizeHint().height() + 4, theme.px(_HIGHEST)))
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


def _block(theme: Theme, reason: Reason) -> QVBoxLayout:
    block = QVBoxLayout()
    block.setSpacing(3)
    icon, tone = ("check-circle-fill", "ok") if reason.holds else ("minus-circle", "text3")
    line = IconLabel(theme, icon, reason.rule, "body_strong", "text" if reason.holds else "text2", tone)
    said = i18n.text("holds") if reason.holds else i18n.text("does not hold")
    line.setAccessibleName(f"{reason.rule}: {said}")
    block.addWidget(line)
    details = [words for row in reason.rows[:_SHOWN] if (words := row_words(row))]
    more = len(reason.rows) - _SHOWN
    if more > 0:
        details.append(i18n.plural("and {count} more", "and {count} more", more))
    for words in details:
        detail = ElidedLabel(theme, words, "small", "text2")
        indented = QHBoxLayout()
        indented.setContentsMargins(24, 0, 0, 0)
        indented.addWidget(detail)
        block.addLayout(indented)
    return block


def row_words(row: WhyRow) -> str:
    """«Встреча в декабре, 12 ноя 2026»."""
    return ", ".join(part for part in (row.text, i18n.day(row.on) if row.on else "") if part)
