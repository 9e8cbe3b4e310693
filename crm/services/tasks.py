"""Things to do: what is due, done and put off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from crm import i18n
from crm.clock import Clock
from crm.errors import CrmError
from crm.models import Person, Task
from crm.text import NameParts, display_name, initials

ABOUT_PEOPLE: Final = ("task", "follow_up", "cadence")
"""Kinds of tasks that mean to reach somebody; a step of an event's preparation is another matter."""


class TaskGone(CrmError):
    """A task that is no longer in the store."""

    code = "task_gone"
    message: ClassVar[str] = i18n.mark("This task is no longer in the store.")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task about a person. `due_on` is a local day, None: some day."""

    id: int
    title: str
    note: str
    due_on: date | None
    person_id: int
    person: str
    initials: str


def due_contacts(session: Session, until: date, limit: int | None = None) -> list[TaskRow]:
    """Open tasks about people due up to and including `until`, the oldest first."""
    rows = session.execute(
        _due(until)
        .with_only_columns(
            Task.id,
            Task.title,
            Task.note,
            Task.due_on,
            Person.id,
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
        )
        .order_by(Task.due_on, Task.position, Task.id)
        .limit(limit)
    )
    found = []
    for row in rows:
        name = NameParts(row[5], row[6], row[7], row[8])
        found.append(TaskRow(*row[:5], display_name(name), initials(name)))
    return found


def count_due_contacts(session: Session, until: date) -> int:
    """How many `due_contacts` there are."""
    return session.scalar(select(func.count()).select_from(_due(until).subquery())) or 0


def preparation(session: Session, event_id: int) -> tuple[int, int]:
    """Steps of an event's preparation: done, and all."""
    row = session.execute(
        select(func.count(Task.done_at), func.count()).where(Task.event_id == event_id, Task.kind == "checklist")
    ).one()
    return row[0], row[1]


def finish_task(session: Session, task_id: int, clock: Clock) -> None:
    """Mark a task done. Raises TaskGone."""
    _task(session, task_id).done_at = clock()


def put_off_task(session: Session, task_id: int, until: date) -> None:
    """Let a task wait until a local day. Raises TaskGone."""
    _task(session, task_id).due_on = until


def _due(until: date) -> Select[int]:
    return (
        select(Task.id)
        .join(Person, Person.id == Task.person_id)
        .where(
            Task.done_at.is_(None),
            Task.kind.in_(ABOUT_PEOPLE),
            Task.due_on <= until,
            Person.deleted_at.is_(None),
            Person.archived_at.is_(None),
        )
    )


def _task(session: Session, task_id: int) -> Task:
    task = session.get(Task, task_id)
    if task is None:
        raise TaskGone
    return task
