"""«Откуда это?»: for the facts of a profile, which deed put each there, out of which file, and what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import clock as clocks
from crm import i18n
from crm.services import origins
from crm.services.cards import PersonCard
from crm.services.origins import Origin
from crm.services.profiles import Profile
from crm.ui.operations import Operations
from crm.ui.people.facts import LinkLine
from crm.ui.people.profile_facts import Fact, care_fact, facts_of
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.labels import IconLabel, Label
from crm.ui.widgets.pages import ScrollColumn

_HIGHEST: Final = 420


def origins_told(profile: Profile, key: str = "") -> list[Fact]:
    """What a profile says of a person, each field for itself: those of the fact `key`, of every fact for «».

    The care note is told of only when it is asked for by its key.
    """
    facts = [care_fact(profile.person)] if key == "care_note" else facts_of(profile)
    return [
        replace(fact, key=origin, said=said)
        for fact in facts
        if key in {"", fact.key}
        for origin, said in fact.origins
        if said
    ]


class OriginDialog(Dialog):
    """Where facts come from. `deed_chosen` asks for a deed of the history."""

    deed_chosen = Signal(int)

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, person: PersonCard, facts: Sequence[Fact]
    ) -> None:
        super().__init__(theme, host, i18n.text("Where this comes from"), person.display_name)
        self._theme = theme
        today = operations.today()
        found = operations.read(lambda session: [origins.origin_of(session, person.id, fact.key) for fact in facts])
        column = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        column.body.setSpacing(14)
        column.body.setContentsMargins(0, 0, 8, 4)
        for fact, origin in zip(facts, found, strict=True):
            column.body.addLayout(self._block(fact, origin, today))
        column.body.addStretch(1)
        column.setFixedHeight(min(column.body.sizeHint().height() + 4, theme.px(_HIGHEST)))
        self.body.addWidget(column)
        self.add_button(Button(theme, i18n.in_context("button", "Close"), "primary"), "accept")

    def _block(self, fact: Fact, origin: Origin, today: date) -> QVBoxLayout:
        theme = self._theme
        block = QVBoxLayout()
        block.setSpacing(3)
        block.addWidget(IconLabel(theme, fact.icon, " ".join(fact.said.split())[:200], "body_strong", "text", gap=10))
        inside = QVBoxLayout()
        inside.setSpacing(2)
        first, *rest = origins.origin_words(origin)
        if origin.deed is None or origin.at is None:
            inside.addWidget(Label(theme, first, "body", "text2", wrap=True))
        else:
            moment = clocks.local(origin.at)
            line = LinkLine(
                theme, "clock-counter-clockwise", f"{first} · {i18n.day(moment.date(), today)}, {i18n.time(moment)}"
            )
            line.pressed.connect(partial(self._open, origin.deed))
            inside.addWidget(line)
        for sentence in rest:
            label = Label(theme, sentence, "body", "text2", wrap=True, selectable=True)
            label.setContentsMargins(28, 0, 0, 0)
            inside.addWidget(label)
        row = QHBoxLayout()
        row.setContentsMargins(26, 0, 0, 0)
        row.addLayout(inside)
        block.addLayout(row)
        return block

    def _open(self, deed: int) -> None:
        self.accept()
        self.deed_chosen.emit(deed)
