"""`krug segments` and `krug segment REF [--why PERSON]`."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.commands.front import Front, columns
from crm.services import people, rules
from crm.services import segments as reading
from crm.services.segment_movement import movement
from crm.services.segment_rows import SegmentCard, Why

NONE = "\N{EM DASH}"


@click.command()
@click.pass_obj
def segments(front: Front) -> None:
    """Segments with how many people are in each now."""
    with front.workspace() as workspace:
        answers = workspace.read(lambda s: [_answer(s, row.id, front.clock) for row in _own(s, front.clock)])
    front.emit(
        answers,
        lambda: columns([(f"#{one['id']}", one["name"], _shown(one["count"]), one["sentence"]) for one in answers]),
    )


@click.command()
@click.argument("ref")
@click.option("--why", "person", help="A person: say which conditions hold for them, and by which rows.")
@click.pass_obj
def segment(front: Front, ref: str, person: str | None) -> None:
    """One segment: its rule in words, who is in it, who came and went in 30 days."""

    def read(session: Session) -> tuple[dict[str, Any], Why | None, str]:
        segment_id = reading.resolve_segment(session, ref)
        # A broken rule is refused here, so that nobody takes its missing count for none.
        reading.count_segment(session, ("segment", segment_id), front.clock)
        answer = _answer(session, segment_id, front.clock)
        if person is None:
            return answer, None, ""
        person_id = people.resolve_person(session, person)
        told = reading.why(session, segment_id, person_id, front.clock)
        answer["inside"] = told.inside
        answer["by_hand"] = told.by_hand or None
        answer["why"] = [
            {
                "rule": reason.rule,
                "holds": reason.holds,
                "rows": [{"table": row.table, "id": row.id, "text": row.text, "on": row.on} for row in reason.rows],
            }
            for reason in told.reasons
        ]
        [named] = people.rows(session, [person_id])
        return answer, told, named.display_name

    with front.workspace() as workspace:
        answer, told, name = workspace.read(read)
    front.emit(answer, lambda: _told(answer, told, name))


def _own(session: Session, clock: Clock) -> list[Any]:
    return [row for row in reading.list_segments(session, clock, counted=False) if row.id is not None]


def _answer(session: Session, segment_id: int, clock: Clock) -> dict[str, Any]:
    card: SegmentCard = reading.segment_card(session, segment_id, clock)
    moved = movement(session, segment_id, clocks.today(clock))
    count = None if card.problem else reading.count_segment(session, ("segment", segment_id), clock)
    return {
        "id": segment_id,
        "name": card.name,
        "sentence": card.problem or rules.plain(card.sentence),
        "count": count,
        "entered": None if moved is None else moved.entered,
        "left": None if moved is None else moved.left,
    }


def _shown(count: int | None) -> str:
    return NONE if count is None else i18n.number(count)


def _told(answer: dict[str, Any], told: Why | None, name: str) -> str:
    lines = [
        answer["name"],
        answer["sentence"],
        i18n.plural("{count} person now", "{count} people now", answer["count"]),
        i18n.text(
            "In 30 days entered: {entered}, left: {left}",
            entered=_shown(answer["entered"]),
            left=_shown(answer["left"]),
        ),
    ]
    if told is not None:
        lines.append("")
        lines.append(
            i18n.text("{name} is in it", name=name) if told.inside else i18n.text("{name} is not in it", name=name)
        )
        if told.by_hand:
            lines.append("  " + i18n.text("Decided by hand"))
        for reason in told.reasons:
            lines.append(("  + " if reason.holds else "  \N{MINUS SIGN} ") + reason.rule)
            lines.extend(
                "      " + ", ".join(part for part in (row.text, i18n.day(row.on) if row.on else "") if part)
                for row in reason.rows
            )
    return "\n".join(lines)
