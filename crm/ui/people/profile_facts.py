"""The facts of a profile: what is known of a person, in the order of reading, each with its field, sign and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crm import contact_points, i18n, text
from crm.services import custom_fields
from crm.services.cards import AddressLine, NeedLine, PersonCard
from crm.services.person_fields import field_title
from crm.services.profiles import Profile
from crm.ui.people import words


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, or with no `said` a field in which nothing is known yet.

    `key` names it within the person, `field` is its field as `services.person_fields` calls it, `of` tells which of
    several it is (place of a contact, id of an address or of a custom field), `shape` how it is shown: «line», «text»
    over several lines, «tags», «needs». `origins` are pairs (field as `services.origins` calls it, words).
    """

    key: str
    field: str
    icon: str
    said: str = ""
    group: str = ""
    shape: str = "line"
    title: str = ""
    of: int = 0
    copies: str = ""
    link: str = ""
    marked: str = ""
    """A word on what is odd about it: «не похоже на телефон»."""
    preferred: bool = False
    needs: tuple[NeedLine, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    origins: tuple[tuple[str, str], ...] = ()


def facts_of(profile: Profile) -> list[Fact]:
    """Every fact and every empty field, grouped: reach, work, about, words, needs, custom, notes."""
    person = profile.person
    return [
        *_reach(profile, person),
        *_about(profile, person),
        *_lists(person),
        *_custom(profile),
        *_notes(person),
    ]


def empty_contact(kind: str) -> Fact:
    """A contact still to be typed."""
    return Fact(f"new:{kind}", kind, words.contact_icon(kind), group="reach", title=words.contact_kind(kind), of=-1)


def empty_fact(field: str) -> Fact:
    """One more of a field of which there may be several."""
    if field in contact_points.KINDS:
        return empty_contact(field)
    icon, group = {"address": ("house-line", "reach")}.get(field, ("handshake", "needs"))
    return Fact(f"new:{field}", field, icon, group=group, title=field_title(field), of=-1)


def _reach(profile: Profile, person: PersonCard) -> Iterator[Fact]:
    name = text.NameParts(person.family_name, person.given_name, person.additional_name, person.nickname)
    whole = " ".join(part for part in (person.prefix, text.name_for("list", name), person.suffix) if part)
    nickname = person.nickname if person.nickname not in (whole, "") else ""
    said = " · ".join(part for part in (whole, nickname) if part)
    tells_more = bool(person.additional_name or nickname or person.prefix or person.suffix)
    yield Fact(
        "name", "name", "identification-badge", said if tells_more else "", "reach", "text",
        title=field_title("name"), copies=said, origins=(("name", said or person.display_name),),
    )  # fmt: skip
    work = " — ".join(part for part in (person.organisation, person.job_title) if part)
    yield Fact("work", "work", "buildings", work, "reach", title=field_title("work"), origins=(("organisation", work),))
    kinds = Counter(contact.kind for contact in person.contacts)
    for place, contact in enumerate(person.contacts):
        shown = words.contact_shown(contact.kind, contact.value)
        yield Fact(
            f"contact:{place}",
            contact.kind,
            words.contact_icon(contact.kind),
            f"{shown} · {contact.label}" if contact.label else shown,
            "reach",
            title=words.contact_kind(contact.kind),
            of=place,
            copies=shown,
            link=contact_points.link(contact.kind, contact.value) or "",
            marked="" if contact.valid else words.contact_odd(contact.kind),
            # Of one telephone nobody asks which is the main one.
            preferred=contact.preferred and kinds[contact.kind] > 1,
            origins=((f"contact:{contact.kind}:{contact.value}", shown),),
        )
    terms = words.terms(person)
    yield Fact(
        "terms", "terms", "chat-circle-text", terms, "reach", "text", field_title("terms"), origins=(("terms", terms),)
    )
    for address in profile.addresses:
        said = address_shown(address.line)
        yield Fact(
            f"address:{address.id}", "address", "house-line", said, "reach", "text", field_title("address"),
            of=address.id, copies=said, origins=((f"address:{address.id}", said),),
        )  # fmt: skip


def address_shown(line: AddressLine) -> str:
    """An address as one reads it: «Томск, 634050, ул. Ленина, 1 · домашний»."""
    parts = (line.postcode, line.country, line.region, line.city, " ".join(line.street.split()))
    said = ", ".join(part for part in parts if part)
    return f"{said} · {line.label}" if line.label and said else said or line.label


def _about(profile: Profile, person: PersonCard) -> Iterator[Fact]:
    gender = words.gender(person.gender)
    joined = i18n.text("In the community since {day}", day=i18n.date_long(person.joined_on)) if person.joined_on else ""
    source = i18n.text("From: {source}", source=person.source) if person.source else ""
    birthday = words.birthday(person)
    kind = words.person_kind(person.kind)
    plain = (
        ("city", "map-pin", person.city, person.city),
        ("birthday", "cake", birthday, birthday),
        ("kind", "user", kind if person.kind != "member" else "", kind),
        ("referred_by_id", "user-plus", words.referral(profile), person.referred_by),
        ("joined_on", "calendar-blank", joined, joined),
        ("source", "signpost", source, person.source),
        ("gender", "gender-intersex", i18n.text("Gender: {gender}", gender=gender.lower()) if gender else "", gender),
    )
    for field, icon, said, bare in plain:
        origin = "referral" if field == "referred_by_id" else field
        origins = ((origin, bare),) if bare and said else ()
        leads = str(person.referred_by_id) if field == "referred_by_id" and person.referred_by else ""
        yield Fact(field, field, icon, said, "about", title=field_title(field), link=leads,
                   copies=person.referred_by if leads else bare, origins=origins)  # fmt: skip


def _lists(person: PersonCard) -> Iterator[Fact]:
    tags = tuple((f"tag:{name}", name) for name, _ in person.tags)
    said = ", ".join(name for name, _ in person.tags)
    yield Fact("tags", "tags", "tag", said, "tags", "tags", field_title("tags"), tags=person.tags, origins=tags)
    for field, sort, icon, names in (
        ("languages", "language", "translate", person.languages),
        ("skills", "skill", "wrench", person.skills),
        ("motives", "motive", "heart", person.motives),
    ):
        origins = tuple((f"{sort}:{name}", name) for name in names)
        yield Fact(field, field, icon, ", ".join(names), "words", "text", field_title(field), origins=origins)
    if person.needs:
        open_ones = tuple(need for need in person.needs if need.closed_on is None)
        origins = tuple((f"need:{need.id}", words.need(need)) for need in open_ones)
        said = ", ".join(words.need(need) for need in person.needs)
        yield Fact("needs", "offers", "handshake", said, "needs", "needs", needs=person.needs, origins=origins)


def _custom(profile: Profile) -> Iterator[Fact]:
    for line in profile.custom:
        field = line.field
        shown = custom_fields.shown_value(field, line.value)
        key = f"custom:{field.id}"
        said = i18n.text("{field}: {value}", field=field.name, value=shown) if shown else ""
        shape = "text" if field.kind == "text" else "line"
        yield Fact(key, "custom", "sliders-horizontal", said, "custom", shape, field.name, of=field.id, copies=shown,
                   origins=((key, said),))  # fmt: skip


def _notes(person: PersonCard) -> Iterator[Fact]:
    yield _note("note", "note-pencil", person.note)


def care_fact(person: PersonCard) -> Fact:
    """The care note, which is no fact among the others."""
    return _note("care_note", "lock-key", person.care_note)


def _note(field: str, icon: str, note: str) -> Fact:
    return Fact(field, field, icon, note, "notes", "text", field_title(field), copies=note, origins=((field, note),))
