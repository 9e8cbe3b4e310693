"""Ticket codes: eight random digits, unique in the store, and reading them back from what a scanner typed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Attendance
from crm.services.event_errors import TicketCodesExhausted
from crm.text import clean

LENGTH: Final = 8
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_PREFIX: Final = re.compile(r"(?:KRUG|ЛКГП)[-:Ж^ ]?", re.IGNORECASE)
_PARTS: Final = re.compile(r"[\s\-\N{NO-BREAK SPACE}]+")
# What a scanner types over the number row when Shift or Caps Lock is on, in the English and the Russian layout.
_SHIFTED: Final = (str.maketrans("!@#$%^&*()", "1234567890"), str.maketrans('!"№;%:?*()', "1234567890"))
_ATTEMPTS: Final = 50
_CHUNK: Final = 500


def new_codes(session: Session, count: int) -> list[str]:
    """`count` codes that no ticket in the store has. Raises TicketCodesExhausted."""
    found: dict[str, None] = {}
    for _ in range(_ATTEMPTS):
        fresh = {f"{secrets.randbelow(10**LENGTH):0{LENGTH}}" for _ in range(count - len(found))} - found.keys()
        fresh -= _taken(session, sorted(fresh))
        found.update(dict.fromkeys(fresh))
        if len(found) >= count:
            return list(found)
    raise TicketCodesExhausted


def _taken(session: Session, codes: list[str]) -> set[str]:
    taken: set[str] = set()
    for start in range(0, len(codes), _CHUNK):
        chunk: Iterable[str] = codes[start : start + _CHUNK]
        rows = session.scalars(select(Attendance.ticket_code).where(Attendance.ticket_code.in_(chunk)))
        taken.update(code for code in rows if code)
    return taken


def read_code(text: str) -> str | None:
    """The digits of a ticket in `text`, or None where it is no code.

    Blanks, dashes and the prefix KRUG (also as ЛКГП, typed in the other layout) fall away; digits typed with Shift
    held in either layout are read as digits.
    """
    text = _PARTS.sub("", _PREFIX.sub("", clean(text), count=1))
    for table in (None, *_SHIFTED):
        candidate = text if table is None else text.translate(table)
        if len(candidate) == LENGTH and _DIGITS.fullmatch(candidate):
            return candidate
    return None


def is_spoiled_code(text: str) -> bool:
    """Whether `text` announces itself as a ticket and is none: a prefix with the wrong number of digits."""
    text = clean(text)
    return _PREFIX.match(text) is not None and any(map(str.isdigit, text)) and read_code(text) is None


def short_code(code: str) -> str:
    """The last four digits: enough to tell two tickets apart, too little to copy one from the screen."""
    return code[-4:]
