"""Guessing whom a query may have meant, and whether what was found makes guessing needless."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, Literal

from sqlalchemy.orm import Session

from crm import text
from crm.store.search_found import Found
from crm.store.search_index import guess_expression, match, names_of
from crm.store.search_rank import Arrange, unheld
from crm.text import Reading

Doubt = Literal["", "nobody", "chance", "alike"]
"""Why to guess: nobody was found; a short word was met by chance outside the name; others sound alike."""

_MOST_READ: Final = 3000
_SHORT_WORD: Final = 3
_NEAR: Final = 2.8


def doubt_of(session: Session, reading: Reading, likeliest: int, words: Sequence[str]) -> Doubt:
    """Whether the likeliest person that was found makes guessing needless.

    «Ван Речкин» finds a Речкин of the firm Вандея: three letters meet something by chance, where a name was meant.
    """
    if len(words) == 1:
        return ""
    named = names_of(session, [likeliest])
    missed = unheld(reading, text.words(named[0][1])) if named else []
    if missed:
        return "chance" if all(len(form) <= _SHORT_WORD and form.isalpha() for form in missed) else ""
    return "alike" if "translit" in reading.reason else ""


def guessed(
    session: Session, guess: text.Guess | None, arrange: Arrange, within: Collection[int] | None, doubt: Doubt
) -> Found:
    """Who may have been meant by `guess`, the least far-fetched first; besides somebody found, by their names alone."""
    hits: Collection[int] = match(session, guess_expression(guess)) if guess else ()
    if within is not None:
        hits = set(hits).intersection(within)
    # Beyond some thousands nobody looks; the first of the list are held against the guess.
    ids = arrange(hits)[:_MOST_READ] if hits else array("q")
    if guess is None or not ids:
        return Found(array("q"))
    known: dict[str, text.Fit | None] = {}
    fits: dict[int, text.Fit] = {}
    for person_id, name in names_of(session, ids):
        if name not in known:
            fit = guess.fit(name) if doubt == "nobody" else guess.answered(name)
            known[name] = fit if fit is None or doubt != "alike" or "similar" not in fit.reason else None
        if (fit := known[name]) is not None and (doubt == "nobody" or fit.cost <= _NEAR):
            fits[person_id] = fit
    farthest = text.close_enough([fit.cost for fit in fits.values()])
    return _told(_in_turn([one for one in ids if one in fits and fits[one].cost <= farthest], fits), fits)


def _in_turn(ids: Sequence[int], fits: dict[int, text.Fit]) -> list[int]:
    """By cost; of equally likely names one person each before the second of any, so that every name is in sight."""
    met: Counter[tuple[float, tuple[str, ...]]] = Counter()
    keys = {}
    for place, one in enumerate(ids):
        name = fits[one].cost, fits[one].met
        keys[one] = fits[one].cost, met[name], place
        met[name] += 1
    return sorted(ids, key=keys.__getitem__)


def _told(ids: Sequence[int], fits: dict[int, text.Fit]) -> Found:
    groups: dict[str, tuple[dict[str, None], list[int]]] = {}
    for one in ids:
        forms, members = groups.setdefault(fits[one].reason, ({}, []))
        forms.update(dict.fromkeys(fits[one].forms))
        members.append(one)
    readings = [(Reading(reason, (tuple(forms),)), frozenset(members)) for reason, (forms, members) in groups.items()]
    return Found(array("q", ids), readings[0][0], tuple(readings[1:])) if readings else Found(array("q"))
