"""Writing the people of the demo community: who they are, how to reach them, what they agreed to."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from crm import contact_points
from crm.models import Consent, ConsentText, ContactPoint, NeedOffer, Organisation, Person, PersonTag, Tag
from crm.models.consents import CONSENT_PURPOSES
from crm.services.demo import tables
from crm.services.demo.personas import Persona, addresses, phone
from crm.services.demo.scale import Scale
from crm.services.demo.writing import Writer
from crm.services.person_columns import name_columns, note_columns, organisation_columns
from crm.text import fold

CHUNK: Final = 10_000
_PHONES: Final = 10_000
_COMMON_DOMAINS: Final = ("primer.example", "pochta.example", "example.org", "example.com")
_CONSENT_TEXTS: Final = {
    "data": "Я соглашаюсь на хранение моих данных организаторами сообщества «Данные и люди».",
    "messages": "Я соглашаюсь получать приглашения и новости сообщества.",
    "photo": "Я соглашаюсь на съёмку на встречах и публикацию фотографий.",
}


def write_organisations(writer: Writer, now: datetime) -> dict[str, tuple[int, str]]:
    """Write every organisation; gives the id and mail domain of each by name."""
    rows = tables.table("organisations")
    ids = writer.keep(
        Organisation,
        [
            {
                "name": row["name"],
                **organisation_columns(row["name"]),
                "city": row["city"],
                "site": f"https://{row['domain']}" if row["domain"] else "",
                "created_at": now - timedelta(days=1100),
            }
            for row in rows
        ],
    )
    return {row["name"]: (number, row["domain"]) for row, number in zip(rows, ids, strict=True)}


def write_tags(writer: Writer) -> dict[str, int]:
    """Write every tag; gives ids by name."""
    rows = [row for row in tables.table("words") if row["list"] == "tag"]
    ids = writer.keep(
        Tag, [{"name": row["value"], "search_name": fold(row["value"]), "colour": row["more"]} for row in rows]
    )
    return {row["value"]: number for row, number in zip(rows, ids, strict=True)}


class Membership:
    """Writes personas in order, chunk by chunk; a persona's id is `ids[number]`."""

    def __init__(self, writer: Writer, scale: Scale, today: date, now: datetime, rng: random.Random) -> None:
        self._writer = writer
        self._scale = scale
        self._today = today
        self._now = now
        self._rng = rng
        self._organisations = write_organisations(writer, now)
        self._tags = write_tags(writer)
        self._birthdays = {row["family"]: int(row["days"]) for row in tables.table("birthdays")}
        self._phones = list(range(max(_PHONES, scale.people)))
        rng.shuffle(self._phones)
        self._texts = self._write_texts()
        self.ids: list[int] = []

    def write(self, people: Sequence[Persona]) -> Iterator[int]:
        """Write everybody; yields how many are written, chunk by chunk."""
        for start in range(0, len(people), CHUNK):
            chunk = people[start : start + CHUNK]
            fresh = self._write_rows(chunk)
            self._writer.write(ContactPoint, list(self._contacts(chunk, fresh, start)))
            self._writer.write(
                PersonTag,
                [
                    {"person_id": person_id, "tag_id": self._tags[tag]}
                    for persona, person_id in zip(chunk, fresh, strict=True)
                    for tag in persona.tags
                ],
            )
            self._writer.write(Consent, list(self._consents(chunk, fresh)))
            self._writer.write(NeedOffer, list(self._needs(chunk, fresh)))
            yield start + len(chunk)

    def _write_rows(self, chunk: Sequence[Persona]) -> list[int]:
        """Write the persons of a chunk. Only the very first id is given by the store; the others follow it, so that
        somebody can point at a person of the same chunk."""
        rows = [self._person(persona) for persona in chunk]
        fresh: list[int] = []
        if not self.ids:
            fresh = self._writer.keep(Person, rows[:1])
        first = fresh[0] if fresh else self.ids[0]
        place = len(self.ids)
        fresh += range(first + place + len(fresh), first + place + len(rows))
        self.ids += fresh
        for row, persona, person_id in zip(rows, chunk, fresh, strict=True):
            row["id"] = person_id
            row["referred_by_id"] = None if persona.referrer is None else self.ids[persona.referrer]
        self._writer.write(Person, rows[1:] if place == 0 else rows)
        return fresh

    def _person(self, persona: Persona) -> dict[str, Any]:
        rng = self._rng
        names = {
            "family_name": persona.family,
            "given_name": persona.given,
            "additional_name": persona.additional,
            "nickname": persona.nickname,
        }
        form = rng.choices(("informal", "formal", "unknown"), (45, 25, 30))[0]
        formal = form == "formal" and persona.additional
        names["address_as"] = f"{persona.given} {persona.additional}" if formal else ""
        texts = {"job_title": persona.job, "city": persona.city, "note": persona.note}
        joined = datetime.combine(persona.start, time(12, rng.randrange(60)), UTC)
        organisation = self._organisations.get(persona.organisation)
        return {
            "kind": persona.kind,
            **names,
            **name_columns(names),
            **texts,
            **note_columns(texts),
            **self._birthday(persona),
            "gender": persona.gender if persona.additional or rng.random() < 0.5 else "unknown",
            "address_form": form,
            "preferred_channel": rng.choices(("", "telegram", "email", "phone", "vk"), (45, 35, 10, 6, 4))[0],
            "organisation_id": organisation[0] if organisation else None,
            "joined_on": persona.start,
            "source": "по рекомендации" if persona.referrer is not None else tables.words("source").draw(rng),
            "created_at": min(joined, self._now),
            "changed_at": min(joined, self._now),
        }

    def _birthday(self, persona: Persona) -> dict[str, int | None]:
        rng = self._rng
        away = self._birthdays.get(persona.family) if persona.cast else None
        if away is not None:
            day = self._today + timedelta(days=away)
        elif rng.random() < 0.65:
            day = date(2000, 1, 1) + timedelta(days=rng.randrange(366))
        else:
            return {"birth_year": None, "birth_month": None, "birth_day": None}
        year = self._today.year - round(rng.triangular(19, 61, 30)) if rng.random() < 0.72 else None
        if (day.month, day.day) == (2, 29):
            year = None
        return {"birth_year": year, "birth_month": day.month, "birth_day": day.day}

    def _contacts(self, chunk: Sequence[Persona], ids: Sequence[int], first: int) -> Iterator[dict[str, Any]]:
        """Ways to reach the people of a chunk: about two each, a few people have none.

        The values are in their normal form already, so that nothing needs to be read; a test holds this equal to
        `person_columns.contact_columns`.
        """
        rng = self._rng
        for place, (persona, person_id) in enumerate(zip(chunk, ids, strict=True)):
            number = first + place
            organisation = self._organisations.get(persona.organisation)
            domain = rng.choice(_COMMON_DOMAINS)
            if organisation and organisation[1] and rng.random() < 0.4:
                domain = organisation[1]
            known = addresses(persona, number, domain)
            kinds = [kind for kind, share in _REACHABLE if rng.random() < share]
            if persona.cast:
                kinds = ["phone", "email", "telegram"]
            for position, kind in enumerate(kinds):
                value = phone(self._phones[number]) if kind == "phone" else known[kind]
                yield contact_row(kind, value) | {
                    "person_id": person_id,
                    "preferred": position == 0,
                    "position": position,
                }

    def _consents(self, chunk: Sequence[Persona], ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        rng = self._rng
        purposes = CONSENT_PURPOSES if self._scale.small else CONSENT_PURPOSES[:1]
        for persona, person_id in zip(chunk, ids, strict=True):
            for purpose in purposes:
                draw = rng.random()
                given, refused = _CONSENTING[purpose]
                if draw > given + refused:
                    continue
                row = {
                    "person_id": person_id,
                    "purpose": purpose,
                    "status": "given" if draw < given else "refused",
                    "text_id": self._texts[purpose],
                    "source": "анкета",
                    "given_on": persona.start,
                    "entered_at": min(self._now, datetime.combine(persona.start, time(12), UTC)),
                }
                yield row
                away = (self._today - persona.start).days
                if draw < given and away > 40 and rng.random() < 0.03:
                    on = persona.start + timedelta(days=rng.randint(20, away - 10))
                    entered = datetime.combine(on, time(12), UTC)
                    yield row | {"status": "withdrawn", "source": "письмо", "given_on": on, "entered_at": entered}

    def _needs(self, chunk: Sequence[Persona], ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        rng = self._rng
        share = 0.22 if self._scale.small else 0.03
        for person_id in ids[: len(chunk)]:
            for direction in ("offers", "seeks"):
                if rng.random() < share:
                    text = tables.words(direction).draw(rng)
                    yield {"person_id": person_id, "direction": direction, "text": text, "search_text": fold(text)}

    def _write_texts(self) -> dict[str, int]:
        ids = self._writer.keep(
            ConsentText,
            [
                {
                    "purpose": purpose,
                    "version": "1",
                    "text": _CONSENT_TEXTS[purpose],
                    "sha256": hashlib.sha256(_CONSENT_TEXTS[purpose].encode()).hexdigest(),
                }
                for purpose in CONSENT_PURPOSES
            ],
        )
        return dict(zip(CONSENT_PURPOSES, ids, strict=True))


_REACHABLE: Final = (("phone", 0.82), ("email", 0.72), ("telegram", 0.48), ("vk", 0.08))
_CONSENTING: Final = {"data": (0.9, 0.02), "messages": (0.74, 0.08), "photo": (0.55, 0.15)}
"""Shares of those who gave and who refused a consent; the rest were never asked."""


def contact_row(kind: str, value: str) -> dict[str, Any]:
    """The columns of a contact point whose value is in its normal form."""
    return {
        "kind": kind,
        "value": value,
        "typed": value,
        "key": value.lower(),
        "search_text": contact_points.reversed_digits(value) if kind == "phone" else fold(value),
    }
