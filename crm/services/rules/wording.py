"""Pieces of a rule's sentence that several conditions share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm import i18n


def quoted(name: str) -> str:
    """A name in the quotes of the language."""
    return i18n.text("“{name}”", name=name)


def either(words: Sequence[str]) -> str:
    """«a», «a or b», «a, b or c»."""
    return _listed(words, i18n.text("{first} or {last}", first="\0", last="\1"))


def both(words: Sequence[str]) -> str:
    """«a», «a and b», «a, b and c»."""
    return _listed(words, i18n.text("{first} and {last}", first="\0", last="\1"))


def _listed(words: Sequence[str], pattern: str) -> str:
    if len(words) == 1:
        return words[0]
    return pattern.replace("\0", ", ".join(words[:-1])).replace("\1", words[-1])


def period(days: int | None) -> str:
    """« in the last 30 days» with its blank before, nothing for all time."""
    if days is None:
        return ""
    if days == 1:
        return " " + i18n.text("today")
    return " " + i18n.plural("in the last {count} day", "in the last {count} days", days)


def day(value: date) -> str:
    """A day inside a sentence, always with its year."""
    return i18n.day(value)


def frequency(lowest: int | None, highest: int | None) -> str:
    """How many times, from `lowest` to `highest`, either of which may be open."""
    if lowest is not None and lowest == highest:
        return i18n.plural("exactly {count} time", "exactly {count} times", lowest)
    if highest is None:
        if (lowest or 0) <= 1:
            return i18n.text("at least once")
        return i18n.plural("at least {count} time", "at least {count} times", lowest or 0)
    if not lowest:
        return i18n.plural("at most {count} time", "at most {count} times", highest)
    return i18n.plural("from {lowest} to {count} time", "from {lowest} to {count} times", highest, lowest=lowest)
