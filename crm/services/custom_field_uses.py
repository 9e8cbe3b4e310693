"""Which options of a field of choices people have: asked before an option is taken away."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import text
from crm.models import CustomValue, Person


def left_over(session: Session, field_id: int, options: Iterable[str]) -> dict[str, int]:
    """Values of the field that are none of `options`, with how many people have each; deleted people left out."""
    kept = {text.fold(option) for option in options}
    counted = (
        select(CustomValue.value, func.count())
        .join(Person, Person.id == CustomValue.person_id)
        .where(CustomValue.field_id == field_id, Person.deleted_at.is_(None))
        .group_by(CustomValue.value)
        .order_by(CustomValue.value)
    )
    return {row[0]: row[1] for row in session.execute(counted) if text.fold(row[0]) not in kept}
