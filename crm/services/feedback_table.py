"""Feedback as rows of a table, for a spreadsheet or another program."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.services import feedback
from crm.services.feedback_rows import FeedbackFilter
from crm.services.feedback_words import about_title, kind_title, status_title

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


def feedback_table(
    session: Session,
    wanted: FeedbackFilter = FeedbackFilter(),  # noqa: B008 - frozen
    *,
    worded: bool = False,
) -> list[Cells]:
    """Every item as cells in the order of `KEYS`, the newest first; anonymous ones have an empty person.

    `worded` writes kinds and statuses as people call them, for a spreadsheet; otherwise they are keys, for programs.
    """
    ids = feedback.feedback_ids(session, wanted)
    cells: list[Cells] = []
    for start in range(0, len(ids), _AT_ONCE):
        for row in feedback.feedback_rows(session, ids[start : start + _AT_ONCE]):
            replied = None if row.replied_at is None else clocks.local(row.replied_at).date()
            cells.append(
                (
                    clocks.local(row.at).date(),
                    kind_title(row.kind) if worded else row.kind,
                    about_title(row.about) if worded else row.about,
                    row.title,
                    row.text,
                    row.person,
                    row.event,
                    row.score,
                    row.topics,
                    row.votes,
                    status_title(row.status) if worded else row.status,
                    row.reply,
                    replied,
                )
            )
    return cells
