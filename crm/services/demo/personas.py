"""The people of the demo community before they are written: who they are and how they come and go.

Nobody here is real. Names are drawn from tables of rare or invented surnames, well-known full names left out. Phones
are +7 900 000-xx-xx, as in the design; a community of more than 10,000 continues in +7 000, where no number can be
assigned. Mail addresses lie in domains kept for examples (RFC 2606, RFC 6761), handles end in «_primer».
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from crm.services.demo import tables
from crm.services.demo.scale import Scale
from crm.text import fold

PATHS: Final = {"loyal": 12, "regular": 18, "occasional": 22, "new": 10, "fading": 11, "tried": 18, "never": 9}
"""How people relate to the community, of a hundred: seven ways that between them reach every level."""
EAGERNESS: Final = {
    "loyal": 5.0,
    "regular": 2.0,
    "occasional": 0.45,
    "new": 2.2,
    "fading": 3.0,
    "tried": 0.5,
    "never": 0.25,
}
SEASON: Final = (0.35, 0.9, 1.15, 1.15, 0.95, 0.65, 0.4, 0.45, 1.3, 1.45, 1.25, 0.85)
"""How lively each month is, January first: little after the holidays and in summer, most in autumn."""
_ARRIVALS: Final = {
    "loyal": (300, 1100),
    "regular": (150, 1000),
    "occasional": (150, 900),
    "new": (8, 52),
    "fading": (330, 1000),
    "tried": (210, 700),
    "never": (30, 700),
}
_KINDS: Final = (("team", 0.012), ("partner", 0.015), ("client", 0.015), ("media", 0.008))
_WAVE: Final = max(SEASON)


@dataclass(slots=True)
class Persona:
    """One invented person. `start` and `end` bound the days on which they might come."""

    family: str
    given: str
    additional: str
    nickname: str
    gender: str
    kind: str
    organisation: str
    job: str
    city: str
    tags: tuple[str, ...]
    path: str
    start: date
    end: date
    note: str = ""
    brought_by: str = ""
    referrer: int | None = None
    cast: bool = False
    mood: float = 0.0

    @property
    def female(self) -> bool:
        """Whether words about the person are in the feminine."""
        return self.gender == "female"


def invent(scale: Scale, today: date, rng: random.Random) -> list[Persona]:
    """The whole community, those who joined first in front, so that whoever brought somebody stands before them."""
    people = list(_cast(today, rng))[: scale.people]
    taken = {(persona.family, persona.given) for persona in people}
    for path in _paths(scale.people - len(people), rng):
        people.append(_stranger(path, today, rng, taken if scale.small else None))
    if scale.people >= 100 and scale.small:
        _make_namesakes(people, rng)
    by_family = {persona.family: persona for persona in people if persona.cast}
    for persona in people:
        if persona.brought_by in by_family:
            persona.start = max(persona.start, by_family[persona.brought_by].start + timedelta(days=20))
        persona.mood = rng.gauss(0.0, 0.9)
    people.sort(key=lambda persona: persona.start)
    _introduce(people, rng)
    return people


def _paths(count: int, rng: random.Random) -> Iterator[str]:
    shares = list(PATHS.items())
    paths = [path for path, share in shares for _ in range(round(count * share / 100))]
    while len(paths) < count:
        paths.append("occasional")
    rng.shuffle(paths)
    return iter(paths[:count])


def _cast(today: date, rng: random.Random) -> Iterator[Persona]:
    for row in tables.table("cast"):
        start, end = _stay(row["path"], today, rng, old=True)
        yield Persona(
            family=row["family"],
            given=row["given"],
            additional=row["additional"],
            nickname=row["nickname"],
            gender=row["gender"],
            kind=row["kind"],
            organisation=row["organisation"],
            job=row["job"],
            city=row["city"],
            tags=tuple(row["tags"].split(";")),
            path=row["path"],
            start=start,
            end=end,
            note=row["note"],
            brought_by=row["brought_by"],
            cast=True,
        )


def _stranger(path: str, today: date, rng: random.Random, taken: set[tuple[str, str]] | None) -> Persona:
    heritage = rng.choices(tuple(tables.HERITAGES), tuple(tables.HERITAGES.values()))[0]
    woman = rng.random() < 0.5
    family, given = _name(heritage, woman, rng)
    while (family, given) in tables.known_names() or (taken is not None and (family, given) in taken):
        family, given = _name(heritage, woman, rng)
    if taken is not None:
        taken.add((family, given))
    patronymics = tables.names()[heritage].patronymic
    additional = rng.choice(patronymics)[woman] if patronymics and rng.random() < 0.72 else ""
    start, end = _stay(path, today, rng)
    kind = _kind(path, rng)
    organisation = rng.choice(tables.table("organisations"))["name"] if rng.random() < 0.86 else ""
    return Persona(
        family=family,
        given=given,
        additional=additional,
        nickname=f"{_letters(given).lower()}{rng.randrange(10, 99)}" if rng.random() < 0.06 else "",
        gender="female" if woman else "male",
        kind=kind,
        organisation=organisation,
        job=tables.words("job").draw(rng) if rng.random() < 0.85 else "",
        city=tables.words("city").draw(rng) if rng.random() < 0.93 else "",
        tags=_tags(path, kind, rng),
        path=path,
        start=start,
        end=end,
        note=tables.words("note").draw(rng) if rng.random() < 0.2 else "",
    )


def _name(heritage: str, woman: bool, rng: random.Random) -> tuple[str, str]:
    names = tables.names()[heritage]
    family = rng.choice(names.family)[woman]
    if woman and heritage != "latin" and "-" not in family and rng.random() < 0.05:
        family = f"{family}-{rng.choice(tables.names()['russian'].family)[1].split('-')[0]}"
    return family, rng.choice(names.given[woman])


def _stay(path: str, today: date, rng: random.Random, *, old: bool = False) -> tuple[date, date]:
    nearest, farthest = _ARRIVALS[path]
    if old:
        nearest = (nearest + farthest) // 2
    while True:
        start = today - timedelta(days=rng.randint(nearest, farthest))
        # People come in waves: with the season in September and in early spring.
        if path == "new" or rng.random() * _WAVE < SEASON[start.month - 1]:
            break
    if path == "fading":
        return start, today - timedelta(days=rng.randint(72, 170))
    if path == "tried":
        return start, min(start + timedelta(days=rng.randint(45, 120)), today - timedelta(days=110))
    return start, today + timedelta(days=60)


def _kind(path: str, rng: random.Random) -> str:
    if path == "loyal" and rng.random() < 0.05:
        return "team"
    draw = rng.random()
    for kind, share in _KINDS[1:]:
        if draw < share:
            return kind
        draw -= share
    return "member"


def _tags(path: str, kind: str, rng: random.Random) -> tuple[str, ...]:
    tags = {tables.words("tag").draw(rng) for _ in range(rng.choice((0, 1, 1, 2, 2, 3)))}
    if path == "new":
        tags.add("новичок")
    if path == "loyal" and rng.random() < 0.25:
        tags.add("спикер")
    if kind != "member":
        tags.add({"partner": "партнёр", "media": "пресса", "client": "клиент", "team": "организатор"}[kind])
    return tuple(sorted(tags))


def _make_namesakes(people: list[Persona], rng: random.Random) -> None:
    """Two people of one name, as every community has: the desk must ask which one came."""
    one, other = rng.sample([persona for persona in people if not persona.cast and persona.path == "regular"], 2)
    other.family, other.given, other.gender = one.family, one.given, one.gender
    other.additional = ""


def _introduce(people: list[Persona], rng: random.Random) -> None:
    by_family = {persona.family: number for number, persona in enumerate(people) if persona.cast}
    hosts: list[int] = []
    for number, persona in enumerate(people):
        if persona.brought_by:
            persona.referrer = by_family.get(persona.brought_by)
        elif hosts and persona.kind == "member" and rng.random() < 0.24:
            persona.referrer = rng.choice(hosts)
        if persona.path in {"loyal", "regular"}:
            hosts.append(number)


_LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


def _letters(name: str) -> str:
    """A name in ASCII letters, as people write it in an address."""
    spelt = "".join(_LATIN.get(char, char) for char in name.lower())
    return "".join(char for char in fold(spelt) if char.isascii() and char.isalpha())


def addresses(persona: Persona, number: int, domain: str) -> dict[str, str]:
    """The person's mail address and handles; `number` makes them nobody else's."""
    given, family = _letters(persona.given), _letters(persona.family)[:14]
    return {
        "email": f"{given[:1]}.{family}{number}@{domain}",
        "telegram": f"{family[:12]}_{given[:1]}{number}_primer",
        "vk": f"{given[:8]}.{family[:10]}{number}.primer",
    }


def phone(place: int) -> str:
    """The phone of the person at `place`, E.164."""
    return f"+7900000{place:04}" if place < 10_000 else f"+7000{place:07}"
