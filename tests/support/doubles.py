"""Doubles planted into a store: the same person entered once more, as people really do it.

Nothing here knows how the program looks for doubles: spellings, short forms and keyboard layouts are tables of this
room's own.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crm.models import ContactPoint, Person, new_uid
from crm.services.person_columns import contact_columns, name_columns, note_columns

_LATIN = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)) | {
    "ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu",
    "я": "ya",
}  # fmt: skip
_KEYS = dict(zip("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", strict=True))
_SHORT = {
    "Александр": "Саша", "Александра": "Саша", "Алексей": "Лёша", "Анастасия": "Настя", "Анна": "Аня",
    "Владимир": "Вова", "Дмитрий": "Дима", "Евгений": "Женя", "Евгения": "Женя", "Екатерина": "Катя",
    "Елена": "Лена", "Иван": "Ваня", "Ирина": "Ира", "Константин": "Костя", "Мария": "Маша", "Михаил": "Миша",
    "Наталья": "Наташа", "Николай": "Коля", "Ольга": "Оля", "Павел": "Паша", "Сергей": "Серёжа",
    "Татьяна": "Таня", "Юлия": "Юля", "Светлана": "Света", "Пётр": "Петя", "Виктория": "Вика", "Ксения": "Ксюша",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """A name as somebody types it."""

    family: str
    given: str
    additional: str


def _by_letter(table: dict[str, str], word: str) -> str:
    made = "".join(table.get(letter, letter) for letter in word.lower())
    return made[:1].upper() + made[1:]


def _slip(rng: random.Random, word: str) -> str:
    if len(word) < 5:
        return word
    place = rng.randrange(1, len(word) - 2)
    how = rng.randrange(3)
    if how == 0:
        return word[:place] + word[place + 1 :]
    if how == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + rng.choice("аеоирнтк") + word[place + 1 :]


_WAYS: dict[str, Callable[[random.Random, Names], Names]] = {
    "typo": lambda rng, name: replace(name, family=_slip(rng, name.family)),
    "translit": lambda _, name: Names(_by_letter(_LATIN, name.family), _by_letter(_LATIN, name.given), ""),
    "diminutive": lambda _, name: replace(name, given=_SHORT.get(name.given, name.given), additional=""),
    "layout": lambda _, name: Names(_by_letter(_KEYS, name.family), _by_letter(_KEYS, name.given), ""),
    "swapped": lambda _, name: replace(name, family=name.given, given=name.family),
    "no patronymic": lambda _, name: replace(name, additional=""),
    "as it was": lambda _, name: name,
}
WAYS = tuple(_WAYS)


def _spelled(rng: random.Random, kind: str, value: str) -> str:
    """The same contact as somebody else writes it down."""
    if kind == "email":
        return value.upper() if rng.random() < 0.5 else value.title()
    if kind == "phone" and value.startswith("+7") and len(value) == 12:
        ten = value[2:]
        return rng.choice((f"8 ({ten[:3]}) {ten[3:6]}-{ten[6:8]}-{ten[8:]}", f"8{ten}", f"+7 {ten[:3]} {ten[3:]}"))
    return f"@{value}" if kind == "telegram" else value


def plant(session: Session, at: datetime, count: int, seed: int = 4) -> dict[tuple[int, int], str]:
    """Enter `count` people once more. Gives (old id, new id) and the way each was misspelt.

    Four of five keep a contact, spelt anew; the fifth only the whole birthday, where there is one.
    """
    rng = random.Random(seed)
    columns = (
        Person.id, Person.family_name, Person.given_name, Person.additional_name, Person.birth_year,
        Person.birth_month, Person.birth_day, Person.organisation_id, Person.city,
    )  # fmt: skip
    reachable = select(ContactPoint.person_id).where(ContactPoint.kind.in_(("email", "phone", "telegram")))
    rows = session.execute(
        select(*columns)
        .where(Person.family_name != "", Person.given_name != "", Person.deleted_at.is_(None), Person.id.in_(reachable))
        .order_by(Person.id)
    ).all()
    planted = {}
    for place, row in enumerate(rng.sample(rows, count)):
        old, family, given, additional, year, month, day, organisation, city = row
        way = WAYS[place % len(WAYS)]
        name = _WAYS[way](rng, Names(family, given, additional))
        birthday_only = year is not None and rng.random() < 0.2
        names = {
            "family_name": name.family, "given_name": name.given, "additional_name": name.additional, "nickname": "",
        }  # fmt: skip
        keeps_birthday = birthday_only or rng.random() < 0.3
        new = session.execute(
            insert(Person)
            .values(
                uid=new_uid(),
                **names,
                **name_columns(names),
                **note_columns({"city": city}),
                city=city,
                organisation_id=organisation if rng.random() < 0.5 else None,
                birth_year=year if keeps_birthday else None,
                birth_month=month if keeps_birthday else None,
                birth_day=day if keeps_birthday else None,
                created_at=at,
                changed_at=at,
            )
            .returning(Person.id)
        ).scalar_one()
        if not birthday_only:
            contacts = session.execute(
                select(ContactPoint.kind, ContactPoint.value)
                .where(ContactPoint.person_id == old, ContactPoint.kind.in_(("email", "phone", "telegram")))
                .order_by(ContactPoint.id)
            ).all()
            kind, value = rng.choice(contacts)
            session.execute(
                insert(ContactPoint).values(person_id=new, **contact_columns(kind, _spelled(rng, kind, value)))
            )
        planted[old, new] = way
    return planted
