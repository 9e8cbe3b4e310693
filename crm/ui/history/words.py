"""How a deed is told in the history: its words, its sign, its state."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm import clock as clocks
from crm import i18n
from crm.services import history_words
from crm.services.history import DeedRow
from crm.services.history_details import Act, FieldChange
from crm.ui.widgets.id_list import StatusCell

SORT_ICONS: Final = {
    "import": "download-simple",
    "feedback": "chat-circle-text",
    "visits": "ticket",
    "talks": "note-pencil",
    "consents": "shield-check",
    "segments": "circles-three",
    "events": "calendar-blank",
    "people": "users",
    "settings": "gear",
    "other": "database",
}
ACT_ICONS: Final[dict[Act, str]] = {"added": "plus-circle", "changed": "pencil-simple", "removed": "minus-circle"}


def title(row: DeedRow) -> str:
    """What was done; of an undo, what it turned back."""
    label = row.label.text()
    if row.kind == "undo":
        return i18n.text("Undone: {label}", label=label)
    return i18n.text("Done again: {label}", label=label) if row.kind == "redo" else label


def when(row: DeedRow, today: date) -> str:
    """«сегодня, 18:42», «12 ноя, 9:05»."""
    moment = clocks.local(row.at)
    return f"{i18n.day(moment.date(), today)}, {i18n.time(moment)}"


def amount(row: DeedRow) -> str:
    """«3 человека, 2 контакта»."""
    return history_words.amount(row.counts, row.changes)


def state(row: DeedRow) -> StatusCell | None:
    """Whether it can be undone; nothing for what only turned another deed."""
    return {
        "stands": StatusCell("arrow-counter-clockwise", i18n.text("can be undone")),
        "held": StatusCell("lock-key", i18n.text("changed later"), "text3"),
        "undone": StatusCell("x-circle", i18n.in_context("deed", "undone"), "text3"),
        "thinned": StatusCell("clock", i18n.text("too long ago"), "text3"),
    }.get(row.state)


def field_line(change: FieldChange, act: Act) -> str:
    """«Город: Тула → Уфа»; of a row that came or went «Город: Уфа»."""
    if act != "changed":
        return i18n.text("{field}: {value}", field=change.field, value=change.after or change.before)
    nothing = i18n.in_context("field", "nothing")
    before, after = change.before or nothing, change.after or nothing
    return i18n.text("{field}: {before} → {after}", field=change.field, before=before, after=after)
