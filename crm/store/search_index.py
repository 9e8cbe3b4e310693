"""Asking the search index: which people have these words, this end of a phone, a key that begins so. Bare ids."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crm.text import Guess, Meaning, Reading

NAMES: Final = "names : "
_ELSEWHERE: Final = "{names handles organisation facts} : "
"""Where a query in another layout or alphabet is looked for: not in notes, where every word would hit something."""


def with_phone(session: Session, number: str) -> set[int]:
    """People with a phone that ends or begins with these digits.

    Both reversed digits and whole numbers stand in the digits column, so its hits are held against the phones.
    """
    connection = session.connection()
    backwards = number[::-1]
    ends = connection.exec_driver_sql(
        "SELECT DISTINCT person_id FROM contact_point "
        "WHERE kind IN ('phone', 'whatsapp') AND substr(search_text, 1, ?1) = ?2 "
        "AND person_id IN (SELECT rowid FROM person_search WHERE person_search MATCH ?3)",
        (len(backwards), backwards, "{digits handles} : " + beginning(backwards)),
    )
    found = {row[0] for row in ends}
    beginnings = {"+" + number, "+7" + number}
    if number.startswith("8"):
        beginnings.add("+7" + number[1:])
    for start in beginnings:
        found |= with_key(session, start, ("phone", "whatsapp"))
    return found


def with_key(session: Session, start: str, kinds: Collection[str] = ()) -> set[int]:
    """People with a contact point whose key begins so; deleted ones fall out when the people are put in order."""
    among = f"AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    listed = (
        session.connection()
        .exec_driver_sql(
            f"SELECT group_concat(person_id) FROM contact_point WHERE key >= ? AND key < ? {among}",
            (start, start + "\U0010ffff", *kinds),
        )
        .scalar()
    )
    return set(map(int, listed.split(","))) if listed else set()


def expression(reading: Reading) -> str:
    """The FTS5 expression of a reading; nothing of a query but letters and digits can be in it."""
    terms = (any_of(forms, reading.wholes) for forms in reading.words)
    joined = f"({' AND '.join(terms)})"
    return joined if reading.reason in {"", "diminutive"} else _ELSEWHERE + joined


def any_of(forms: Iterable[str], wholes: Collection[str] = ()) -> str:
    """The expression for words that begin with one of `forms`, or are one of `wholes` among them."""
    return f"({' OR '.join(whole(form) if form in wholes else beginning(form) for form in forms)})"


def beginning(word: str) -> str:
    """The expression for words that begin so."""
    return f'"{word}" *'


def whole(word: str) -> str:
    """The expression for the word itself."""
    return f'"{word}"'


def guess_expression(guess: Guess) -> str:
    """The expression of a guess: what is typed may stand anywhere, what it may have meant is a name."""
    pieces = []
    for alternatives in guess.pieces:
        either = (f"({' AND '.join(map(_any_meaning, tokens))})" for tokens in alternatives)
        pieces.append(f"({' OR '.join(either)})")
    return " AND ".join(pieces)


def _any_meaning(token: tuple[Meaning, ...]) -> str:
    itself, *others = token
    if itself.form.isdecimal():
        # Digits are the end of a phone, which stands there from the last to the first; else they stand in some text.
        return f"({{digits}} : {beginning(itself.form[::-1])} OR - digits : {beginning(itself.form)})"
    if not others:
        return beginning(itself.form)
    names = " OR ".join(whole(one.form) if one.whole else beginning(one.form) for one in others)
    return f"({beginning(itself.form)} OR {NAMES}({names}))"


def names_of(session: Session, ids: Collection[int]) -> list[tuple[int, str]]:
    """Ids and folded names."""
    statement = "SELECT id, search_names FROM person WHERE id IN (SELECT value FROM json_each(?))"
    rows = session.connection().exec_driver_sql(statement, (json.dumps(list(ids)),))
    return [(row[0], row[1]) for row in rows]


def words_beginning(session: Session, start: str, most: int) -> list[str]:
    """Words of names that begin so, no more than `most`."""
    rows = session.connection().exec_driver_sql(
        "SELECT word FROM name_word WHERE word >= ? AND word < ? LIMIT ?", (start, start + "\U0010ffff", most)
    )
    return [row[0] for row in rows]


def surnames_beginning(session: Session, key: str) -> set[int]:
    """People whose key of order begins with `key`."""
    listed = (
        session.connection()
        .exec_driver_sql(
            "SELECT group_concat(id) FROM person WHERE sort_key >= ? AND sort_key < ?", (key, key + "\U0010ffff")
        )
        .scalar()
    )
    return set(map(int, listed.split(","))) if listed else set()


def match(session: Session, asked: str) -> list[int]:
    """Who is found by an FTS5 expression."""
    # One string of ids is several times cheaper to fetch than as many rows.
    statement = "SELECT group_concat(rowid) FROM person_search WHERE person_search MATCH ?"
    try:
        listed = session.connection().exec_driver_sql(statement, (asked,)).scalar()
    except OperationalError as error:
        if "phrase" in str(error.orig):
            # A letter younger than the tokenizer's tables parts a word there and not here: nobody has that word.
            return []
        raise
    return list(map(int, listed.split(","))) if listed else []


def by_name(session: Session, wanted: Collection[int] | None) -> array[int]:
    """Those of `wanted`, or everybody, in the order of a list of names; deleted and archived people are left out."""
    chosen = "" if wanted is None else "AND id IN (SELECT value FROM json_each(?))"
    bound = () if wanted is None else (f"[{','.join(map(str, wanted))}]",)
    rows = session.connection().exec_driver_sql(
        f"SELECT id FROM person WHERE deleted_at IS NULL AND archived_at IS NULL {chosen} ORDER BY sort_key, id", bound
    )
    return array("q", (row[0] for row in rows))
