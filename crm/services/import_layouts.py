"""How tables of a shape were read the last time, so that the next of the same shape asks nothing.

A shape is known by its signature (`crm.importing.layout.signature_of`). Encoding and delimiter are not remembered: each
file tells its own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.models import ImportLayout


def remembered(session: Session, signature: str) -> dict[str, object] | None:
    """The layout of this shape in its plain form, None for a shape never met."""
    return session.scalar(select(ImportLayout.mapping).where(ImportLayout.signature == signature))


def remember(session: Session, signature: str, name: str, mapping: dict[str, Any], clock: Clock) -> None:
    """Keep how a table of this shape is read, inside the open deed; what is kept already is left untouched."""
    kept = mapping | {"encoding": "", "delimiter": ""}
    there = session.scalar(select(ImportLayout).where(ImportLayout.signature == signature))
    if there is None:
        session.add(ImportLayout(signature=signature, name=name[:200], mapping=kept, used_at=clock()))
    elif there.mapping != kept:
        there.mapping, there.used_at = kept, clock()
    session.flush()
