"""Feedback as rows of a table, for a spreadsheet or another program."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.services import feedback
from crm.services.feedback_rows import FeedbackFilter

Cells = tuple[str | int | date | tuple[str, ...] | None, ...]
KEYS = (
    "date",
    "kind",
    "about",
    "title",
    "text",
    "person",
    "event",
    "nps",
    "topics",
    "votes",
    "status",
    "reply",
    "replied_on",
)
_AT_ONCE = 500


def feedback_table(session: Session, wanted: FeedbackFilter = FeedbackFilter()) -> list[Cells]:  # noqa: B008 - frozen
    """Every item as cells in the order of `KEYS`, the newest first; anonymous ones have an empty person."""
    ids = feedback.feedback_ids(session, wanted)
    cells: list[Cells] = []
    for start in range(0, len(ids), _AT_ONCE):
        for row in feedback.feedback_rows(session, ids[start : start + _AT_ONCE]):
            replied = None if row.replied_at is None else clocks.local(row.replied_at).date()
            cells.append(
                (
                    clocks.local(row.at).date(),
                    row.kind,
                    row.about,
                    row.title,
                    row.text,
                    row.person,
                    row.event,
                    row.score,
                    row.topics,
                    row.votes,
                    row.status,
                    row.reply,
                    replied,
                )
            )
    return cells
