"""`krug check`: is the store in order; what follows from the facts is made anew."""

from __future__ import annotations

from dataclasses import dataclass

import click

from crm import clock as clocks
from crm import i18n
from crm.commands.front import Front
from crm.store import health
from crm.store.errors import StoreError
from crm.store.health import Health
from crm.store.inspecting import inspect
from crm.store.schema import SCHEMA_VERSION

BROKEN = 1
UNREADABLE = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A problem as it is told."""

    code: str
    message: str
    count: int
    mended: bool = False


@click.command()
@click.pass_obj
def check(front: Front) -> None:
    """Look for broken rules in the store, and make anew what follows from the facts."""
    try:
        found = inspect(front.store, front.secret)
        if found.readable and found.schema < SCHEMA_VERSION:
            with front.workspace():
                pass
            found = inspect(front.store, front.secret)
        lines = _mended(front, found) if found.mendable else _lines(found)
    except StoreError as error:
        _tell(front, None, None, [Line(error.code, error.text(), 1)])
        front.message(error.text())
        click.get_current_context().exit(error.exit_code)
    _tell(front, found.schema, found.people, lines)
    if not found.readable:
        click.get_current_context().exit(UNREADABLE)
    if not all(line.mended for line in lines):
        click.get_current_context().exit(BROKEN)


def _mended(front: Front, found: Health) -> list[Line]:
    with front.workspace() as workspace:
        today = clocks.today(front.clock)
        workspace.maintain(lambda session: health.mend(session.connection(), today))
    left = {problem.code for problem in inspect(front.store, front.secret).problems}
    return _lines(found, left)


def _lines(found: Health, left: set[str] | None = None) -> list[Line]:
    return [
        Line(one.code, one.what.text(), one.count, one.derived and left is not None and one.code not in left)
        for one in found.problems
    ]


def _tell(front: Front, schema: int | None, people: int | None, lines: list[Line]) -> None:
    answer = {
        "ok": all(line.mended for line in lines),
        "schema": schema,
        "people": people,
        "problems": [
            {"code": line.code, "message": line.message, "count": line.count, "mended": line.mended} for line in lines
        ],
    }

    def human() -> str:
        if not lines:
            return i18n.plural(
                "The store is in order: {count} person.", "The store is in order: {count} people.", people or 0
            )
        mended = i18n.text("mended")
        return "\n".join(f"{line.message} — {mended}" if line.mended else line.message for line in lines)

    front.emit(answer, human)
