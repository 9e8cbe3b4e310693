"""Acts, and what is derived or recorded from facts; and what the program notes about reports and settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Keyed, UtcDateTime, one_of, table

LEVELS: Final = ("none", "new", "fading", "core", "active", "member")
"""The one visible ladder, in the order in which the first match wins (reference metrics)."""
WEIGHTS: Final = {"offline": 2, "online": 1, "stage": 3, "feedback": 1, "referral": 3}
"""Points of an act (reference metrics, «One visible ladder»): a visit, a talk, an answer, a newcomer brought."""
DECAY: Final = 0.9
"""What a month takes off (Orbit v1, reference metrics §3.4)."""
MONTHS_REMEMBERED: Final = 60


class Act(Keyed, Base):
    """Acts of one kind by one person in one month that no other table holds: messages in a chat, for one."""

    __tablename__ = "act"
    __table_args__ = table(UniqueConstraint("person_id", "kind", "month", "source"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    month: Mapped[date]
    count: Mapped[int]
    source: Mapped[str] = mapped_column(String(200), default="")


class PersonScore(Base):
    """What the list of people shows of a person's past, kept in step by the store."""

    __tablename__ = "person_score"
    __table_args__ = (
        one_of("level", LEVELS),
        Index("ix_person_score_last_visit", "last_visit_on", "person_id"),
        Index("ix_person_score_attended", "attended", "person_id"),
        Index("ix_person_score_level", "level", "person_id"),
        {"info": {"nature": "derived"}},
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    attended: Mapped[int] = mapped_column(default=0)
    first_visit_on: Mapped[date | None]
    last_visit_on: Mapped[date | None]
    love_hundredths: Mapped[int] = mapped_column(default=0)
    level: Mapped[str] = mapped_column(String(20), default="none")


class EventTotals(Base):
    """How many of each at one event, kept in step by the store; scores are of NPS answers."""

    __tablename__ = "event_totals"
    __table_args__ = ({"info": {"nature": "derived"}},)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    invited: Mapped[int] = mapped_column(default=0)
    registered: Mapped[int] = mapped_column(default=0)
    came_registered: Mapped[int] = mapped_column(default=0)
    walk_ins: Mapped[int] = mapped_column(default=0)
    guests: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    waitlisted: Mapped[int] = mapped_column(default=0)
    no_shows: Mapped[int] = mapped_column(default=0)
    responses: Mapped[int] = mapped_column(default=0)
    nps_answers: Mapped[int] = mapped_column(default=0)
    promoters: Mapped[int] = mapped_column(default=0)
    detractors: Mapped[int] = mapped_column(default=0)


class NameWord(Base):
    """Every folded word of a name, once: what a misspelt query is compared with."""

    __tablename__ = "name_word"
    __table_args__ = ({"info": {"nature": "derived"}, "sqlite_with_rowid": False},)
    word: Mapped[str] = mapped_column(String(200), primary_key=True)


class ScoreMonth(Keyed, Base):
    """A person's love at the end of a month, in hundredths."""

    __tablename__ = "score_month"
    __table_args__ = table(UniqueConstraint("person_id", "month"), nature="record")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    month: Mapped[date]
    love_hundredths: Mapped[int]


class LevelChange(Keyed, Base):
    """The day a person's level changed."""

    __tablename__ = "level_change"
    __table_args__ = table(
        one_of("level_from", LEVELS),
        one_of("level_to", LEVELS),
        Index("ix_level_change_person", "person_id", "changed_on"),
        nature="record",
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    level_from: Mapped[str] = mapped_column(String(20))
    level_to: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column("changed_on")


class SegmentSnapshot(Keyed, Base):
    """Who was in a segment on a day, as what changed since the day before."""

    __tablename__ = "segment_snapshot"
    __table_args__ = table(UniqueConstraint("segment_id", "taken_on"), nature="record")
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    taken_on: Mapped[date]
    count: Mapped[int]
    entered: Mapped[list[int]] = mapped_column(JSON, default=list)
    left: Mapped[list[int]] = mapped_column(JSON, default=list)


class FigureRecord(Keyed, Base):
    """A figure as it stood at the end of a closed month, so that figures have a past."""

    __tablename__ = "figure_record"
    __table_args__ = table(UniqueConstraint("key", "month"), nature="record")
    key: Mapped[str] = mapped_column(String(80))
    month: Mapped[date]
    value: Mapped[str | None] = mapped_column(String(80))
    n: Mapped[int]


class Setting(Keyed, Base):
    """A setting of the community: its name, weights, thresholds. Journaled: it changes what figures mean."""

    __tablename__ = "setting"
    __table_args__ = table()
    key: Mapped[str] = mapped_column(String(80), unique=True)
    value: Mapped[object] = mapped_column(JSON)


class ReportRun(Keyed, Base):
    """A report that was made: which, with what choices, when. A log: there is nothing in it to undo."""

    __tablename__ = "report_run"
    __table_args__ = table(Index("ix_report_run_made_at", "made_at"), nature="log")
    kind: Mapped[str] = mapped_column(String(40))
    choices: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pages: Mapped[int] = mapped_column(default=0)


class ReportFavourite(Keyed, Base):
    """A report with its choices, under a name."""

    __tablename__ = "report_favourite"
    __table_args__ = table()
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    choices: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


class ImportFile(Keyed, Base):
    """A file that was imported and by which deed: the beginning of «Откуда это?»."""

    __tablename__ = "import_file"
    __table_args__ = table(Index("ix_import_file_deed", "deed_id"), nature="log")
    deed_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    encoding: Mapped[str] = mapped_column(String(40))
    read: Mapped[int]
    added: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRow(Keyed, Base):
    """A row of an imported file that made or changed `person_id`; plain numbers, so that undo leaves the note alone.

    `fingerprint` is a hash of the content of a row that nothing else can recognise (no uid, no contact): by it the
    same row is known again in the same file, or in a longer one.
    """

    __tablename__ = "import_row"
    __table_args__ = table(
        Index("ix_import_row_person", "person_id"),
        Index("ix_import_row_fingerprint", "fingerprint", sqlite_where=sql("fingerprint IS NOT NULL")),
        CheckConstraint("outcome IN ('added', 'updated')", name="outcome"),
        nature="log",
    )
    import_file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id", ondelete="CASCADE"))
    number: Mapped[int]
    person_id: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    fingerprint: Mapped[str | None] = mapped_column(String(20))


class AccessLog(Keyed, Base):
    """How often data was opened, exported or printed on a day; counts, no content."""

    __tablename__ = "access_log"
    __table_args__ = table(UniqueConstraint("on_day", "act", "reason"), nature="log")
    on: Mapped[date] = mapped_column("on_day")
    act: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[int]
    times: Mapped[int]


class ErasureLedger(Keyed, Base):
    """Who was erased, as a keyed hash, so that a restored backup can be cleaned again."""

    __tablename__ = "erasure_ledger"
    __table_args__ = table(nature="log")
    person_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")


class Suppression(Keyed, Base):
    """A phone or e-mail, as a keyed hash, that an import must not bring back silently."""

    __tablename__ = "suppression"
    __table_args__ = table(nature="log")
    contact_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoreNote(Base):
    """What the store knows of itself: its uid, when it was made, whether it is a demo."""

    __tablename__ = "store_note"
    __table_args__ = ({"info": {"nature": "log"}},)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
