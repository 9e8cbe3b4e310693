"""People, how to reach them, what they belong to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Identified, Keyed, UtcDateTime, one_of, table, yes_or_no

PERSON_KINDS: Final = ("member", "partner", "media", "client", "team")
ADDRESS_FORMS: Final = ("unknown", "informal", "formal")
GENDERS: Final = ("unknown", "female", "male")
CUSTOM_KINDS: Final = ("text", "number", "date", "choice", "yes_no")


class Organisation(Identified, Base):
    """Where people work or study. `match_key` is the folded name without quotes and legal form."""

    __tablename__ = "organisation"
    __table_args__ = table(
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        Index("ix_organisation_match_key", "match_key"),
    )
    name: Mapped[str] = mapped_column(String(200))
    match_key: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(400))
    city: Mapped[str] = mapped_column(String(200), default="")
    site: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Person(Identified, Base):
    """Anyone in the store. `search_names` and `search_note` are folded; `sort_key` orders a list by surname."""

    __tablename__ = "person"
    __table_args__ = table(
        one_of("kind", PERSON_KINDS),
        one_of("address_form", ADDRESS_FORMS),
        one_of("gender", GENDERS),
        *yes_or_no("blocked"),
        CheckConstraint("birth_month IS NULL OR birth_month BETWEEN 1 AND 12", name="birth_month"),
        CheckConstraint("birth_day IS NULL OR birth_day BETWEEN 1 AND 31", name="birth_day"),
        CheckConstraint("(birth_month IS NULL) = (birth_day IS NULL)", name="birthday_whole"),
        CheckConstraint("birth_year IS NULL OR birth_month IS NOT NULL", name="birth_year_alone"),
        CheckConstraint("referred_by_id IS NULL OR referred_by_id <> id", name="referred_by_self"),
        Index("ix_person_sort", "sort_key", "id"),
        Index("ix_person_organisation", "organisation_id"),
        Index("ix_person_referred_by", "referred_by_id"),
        Index("ix_person_birthday", "birth_month", "birth_day"),
    )
    kind: Mapped[str] = mapped_column(String(20), default="member")
    family_name: Mapped[str] = mapped_column(String(200), default="")
    given_name: Mapped[str] = mapped_column(String(200), default="")
    additional_name: Mapped[str] = mapped_column(String(200), default="")
    nickname: Mapped[str] = mapped_column(String(200), default="")
    prefix: Mapped[str] = mapped_column(String(100), default="")
    suffix: Mapped[str] = mapped_column(String(100), default="")
    search_names: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(Text, default="")
    address_as: Mapped[str] = mapped_column(String(200), default="")
    address_form: Mapped[str] = mapped_column(String(20), default="unknown")
    gender: Mapped[str] = mapped_column(String(20), default="unknown")
    preferred_channel: Mapped[str] = mapped_column(String(40), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    search_city: Mapped[str] = mapped_column(String(200), default="")
    birth_year: Mapped[int | None]
    birth_month: Mapped[int | None]
    birth_day: Mapped[int | None]
    birthday_text: Mapped[str] = mapped_column(String(200), default="")
    joined_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")
    search_note: Mapped[str] = mapped_column(Text, default="")
    care_note: Mapped[str] = mapped_column(Text, default="")
    blocked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContactPoint(Keyed, Base):
    """One way to reach a person.

    `value` is the normal form, `typed` what came in, `key` what two people are compared by (null where it can't be),
    `search_text` the folded text, or for a phone its digits from the last to the first, so that the end is a prefix.
    """

    __tablename__ = "contact_point"
    __table_args__ = table(
        UniqueConstraint("person_id", "kind", "value"),
        *yes_or_no("preferred", "valid"),
        CheckConstraint("length(value) > 0", name="value"),
        Index("ix_contact_point_key", "key", "kind"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(500))
    typed: Mapped[str] = mapped_column(String(500), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    preferred: Mapped[bool] = mapped_column(default=False)
    valid: Mapped[bool] = mapped_column(default=True)
    key: Mapped[str | None] = mapped_column(String(500))
    search_text: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)


class Address(Keyed, Base):
    """A postal address of a person."""

    __tablename__ = "address"
    __table_args__ = table(Index("ix_address_person", "person_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    street: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(40), default="")
    country: Mapped[str] = mapped_column(String(200), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)


class Tag(Keyed, Base):
    """A word people are grouped by; two tags never differ by case or ё alone."""

    __tablename__ = "tag"
    __table_args__ = table(CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"))
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200), unique=True)
    colour: Mapped[str] = mapped_column(String(20), default="grey")


class PersonTag(Keyed, Base):
    """A tag on a person."""

    __tablename__ = "person_tag"
    __table_args__ = table(UniqueConstraint("person_id", "tag_id"), Index("ix_person_tag_tag", "tag_id", "person_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"))


class Language(Keyed, Base):
    """A language a person speaks."""

    __tablename__ = "language"
    __table_args__ = table(UniqueConstraint("person_id", "search_name"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200))


class Skill(Keyed, Base):
    """What a person can do."""

    __tablename__ = "skill"
    __table_args__ = table(UniqueConstraint("person_id", "search_name"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200))


class Motive(Keyed, Base):
    """Why a person comes."""

    __tablename__ = "motive"
    __table_args__ = table(UniqueConstraint("person_id", "search_name"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200))


class NeedOffer(Keyed, Base):
    """«Может помочь» and «ищет»: what a person offers or seeks, until it is closed."""

    __tablename__ = "need_offer"
    __table_args__ = table(one_of("direction", ("offers", "seeks")), Index("ix_need_offer_person", "person_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    direction: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(String(200))
    closed_on: Mapped[date | None]


class CustomField(Keyed, Base):
    """A field of the manager's own."""

    __tablename__ = "custom_field"
    __table_args__ = table(one_of("kind", CUSTOM_KINDS))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CustomValue(Keyed, Base):
    """The value of a custom field; `value` is text, ISO for dates, «yes» or «no»; `search_value` is folded."""

    __tablename__ = "custom_value"
    __table_args__ = table(
        UniqueConstraint("person_id", "field_id"), Index("ix_custom_value_field", "field_id", "search_value")
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(ForeignKey("custom_field.id", ondelete="CASCADE"))
    value: Mapped[str] = mapped_column(Text)
    search_value: Mapped[str] = mapped_column(Text)


class Relationship(Keyed, Base):
    """How two people are connected; read from `person_id` to `other_id`."""

    __tablename__ = "relationship"
    __table_args__ = table(
        UniqueConstraint("person_id", "other_id", "kind"),
        CheckConstraint("person_id <> other_id", name="not_self"),
        Index("ix_relationship_other", "other_id"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    since_on: Mapped[date | None]


class MergedPerson(Keyed, Base):
    """A person that became another: the old uid leads to the survivor."""

    __tablename__ = "merged_person"
    __table_args__ = table(Index("ix_merged_person_person", "person_id"))
    old_uid: Mapped[str] = mapped_column(String(64), unique=True)
    old_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PossibleDuplicate(Keyed, Base):
    """Two people who may be one; `reason` is a key (same_email, same_phone, same_name_birthday, similar_name)."""

    __tablename__ = "possible_duplicate"
    __table_args__ = table(
        UniqueConstraint("person_id", "other_id"),
        CheckConstraint("person_id < other_id", name="ordered"),
        Index("ix_possible_duplicate_other", "other_id"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(40))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NotDuplicate(Keyed, Base):
    """Two people a person has said are two."""

    __tablename__ = "not_duplicate"
    __table_args__ = table(
        UniqueConstraint("person_id", "other_id"),
        CheckConstraint("person_id < other_id", name="ordered"),
        Index("ix_not_duplicate_other", "other_id"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class ExtraProperty(Keyed, Base):
    """A line of a vCard that Krug does not understand, kept verbatim and written back."""

    __tablename__ = "extra_property"
    __table_args__ = table(Index("ix_extra_property_person", "person_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    group_name: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(200))
    parameters: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)


class SavedView(Keyed, Base):
    """A way to look at a list: columns, filter, order, grouping."""

    __tablename__ = "saved_view"
    __table_args__ = table(UniqueConstraint("page", "name"))
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    view: Mapped[dict[str, object]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(default=0)


class ImportLayout(Keyed, Base):
    """How a table of this shape was mapped the last time; `signature` is a hash of its headers."""

    __tablename__ = "import_layout"
    __table_args__ = table()
    signature: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    mapping: Mapped[dict[str, object]] = mapped_column(JSON)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
