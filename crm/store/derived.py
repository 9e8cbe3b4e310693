"""Derived tables: what follows from facts, kept in step inside the deed that changed the facts.

Triggers queue the people and events touched, the journal names the rest; `follow` gathers for all of them in a few
statements and empties the queues. `rebuild` makes everything anew, for `krug check`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import Connection

from crm.models.records import DECAY, MONTHS_REMEMBERED, WEIGHTS

NEW_DAYS: Final = 60
FADING_DAYS: Final = 60
FADING_VISITS: Final = 3
CORE_LOVE: Final = 150
ACTIVE_LOVE: Final = 100

GATHERED: Final = "2"
"""What is gathered for search, as a store notes it: «2» with languages, skills, motives, needs and custom values."""
_GATHERED_KEY: Final = "search_gathered"
_UNQUEUED: Final = ("language", "skill", "motive", "need_offer", "custom_value")
"""Tables that search gathers and no trigger queues for: whose rows a deed changed is read off its journal."""

_GATHER: Final = """
INSERT INTO person_search (rowid, names, handles, digits, organisation, facts, notes)
SELECT p.id, p.search_names,
  (SELECT group_concat(search_text, ' ') FROM contact_point WHERE person_id = p.id AND kind <> 'phone'),
  (SELECT group_concat(search_text || coalesce(' ' || substr(key, 2) || ' ' || substr(key, 3), ''), ' ')
     FROM contact_point WHERE person_id = p.id AND kind = 'phone' AND search_text <> ''),
  o.search_name,
  p.search_city || coalesce(
    (SELECT ' ' || group_concat(t.search_name, ' ') FROM person_tag pt JOIN tag t ON t.id = pt.tag_id
      WHERE pt.person_id = p.id), '')
    || coalesce((SELECT ' ' || group_concat(search_name, ' ') FROM language WHERE person_id = p.id), '')
    || coalesce((SELECT ' ' || group_concat(search_name, ' ') FROM skill WHERE person_id = p.id), '')
    || coalesce((SELECT ' ' || group_concat(search_name, ' ') FROM motive WHERE person_id = p.id), '')
    || coalesce((SELECT ' ' || group_concat(v.search_value, ' ') FROM custom_value v
      JOIN custom_field f ON f.id = v.field_id WHERE v.person_id = p.id AND f.kind <> 'yes_no'), ''),
  p.search_note || coalesce(
    (SELECT ' ' || group_concat(search_text, ' ') FROM need_offer WHERE person_id = p.id AND closed_on IS NULL), '')
FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.deleted_at IS NULL"""

_SCORE: Final = """
WITH
visit AS (
  SELECT a.person_id, a.event_on AS day,
    CASE WHEN a.role IN ('speaker', 'organiser') THEN {stage}
         WHEN e.format = 'online' THEN {online} ELSE {offline} END AS points
  FROM attendance a JOIN event e ON e.id = a.event_id
  WHERE a.status IN ('attended', 'walk_in') AND {who_a}
),
act_point AS (
  SELECT person_id, day, points FROM visit
  UNION ALL SELECT person_id, on_day, {feedback} FROM response r WHERE person_id IS NOT NULL AND {who_r}
  UNION ALL SELECT p.referred_by_id, s.first_visit_on, {referral} FROM person p
    JOIN person_score s ON s.person_id = p.id WHERE p.referred_by_id IS NOT NULL AND s.attended > 0 AND {who_p}
),
love AS (
  SELECT person_id, sum(points * d.weight) AS love FROM act_point
  JOIN decay d ON d.months =
    {this_month} - CAST(substr(day, 1, 4) AS INTEGER) * 12 - CAST(substr(day, 6, 2) AS INTEGER)
  GROUP BY person_id
),
gap AS (
  SELECT person_id, julianday(day) - julianday(lag(day) OVER (PARTITION BY person_id ORDER BY day)) AS days FROM visit
),
placed AS (
  SELECT person_id, days, row_number() OVER (PARTITION BY person_id ORDER BY days) AS place,
    count(*) OVER (PARTITION BY person_id) AS many FROM gap WHERE days IS NOT NULL
),
median AS (
  SELECT person_id, avg(days) AS days FROM placed WHERE place IN ((many + 1) / 2, (many + 2) / 2) GROUP BY person_id
),
seen AS (SELECT person_id, count(*) AS visits, min(day) AS first, max(day) AS last FROM visit GROUP BY person_id)
INSERT INTO person_score (person_id, attended, first_visit_on, last_visit_on, love_hundredths, level)
SELECT p.id, coalesce(s.visits, 0), s.first, s.last, CAST(round(coalesce(l.love, 0) * 100) AS INTEGER),
  CASE
    WHEN s.visits IS NULL THEN 'none'
    WHEN julianday(:today) - julianday(s.first) <= {new_days} THEN 'new'
    WHEN s.visits >= {fading_visits}
      AND julianday(:today) - julianday(s.last) > max({fading_days}, 1.5 * coalesce(m.days, 0)) THEN 'fading'
    WHEN p.kind = 'team' THEN 'member'
    WHEN coalesce(l.love, 0) * 100 >= {core} THEN 'core'
    WHEN coalesce(l.love, 0) * 100 >= {active} THEN 'active'
    ELSE 'member' END
FROM person p LEFT JOIN seen s ON s.person_id = p.id LEFT JOIN love l ON l.person_id = p.id
  LEFT JOIN median m ON m.person_id = p.id
WHERE {who_self}
ON CONFLICT (person_id) DO UPDATE SET attended = excluded.attended, first_visit_on = excluded.first_visit_on,
  last_visit_on = excluded.last_visit_on, love_hundredths = excluded.love_hundredths, level = excluded.level
"""

_TOTALS: Final = """
INSERT INTO event_totals (event_id, invited, registered, came_registered, walk_ins, guests, cancelled, waitlisted,
  no_shows, responses, nps_answers, promoters, detractors)
SELECT e.id, coalesce(a.invited, 0), coalesce(a.registered, 0), coalesce(a.came, 0), coalesce(a.walk_ins, 0),
  coalesce(a.guests, 0), coalesce(a.cancelled, 0), coalesce(a.waitlisted, 0), coalesce(a.no_shows, 0),
  coalesce(r.responses, 0), coalesce(n.answers, 0), coalesce(n.promoters, 0), coalesce(n.detractors, 0)
FROM event e
LEFT JOIN (
  SELECT event_id,
    sum(invited) AS invited,
    sum(people) FILTER (WHERE status IN ('registered', 'attended', 'no_show')) AS registered,
    sum(people) FILTER (WHERE status = 'attended') AS came,
    sum(people) FILTER (WHERE status = 'walk_in') AS walk_ins,
    sum(guests) FILTER (WHERE status IN ('attended', 'walk_in')) AS guests,
    sum(people) FILTER (WHERE status = 'cancelled') AS cancelled,
    sum(people) FILTER (WHERE status = 'waitlisted') AS waitlisted,
    sum(people) FILTER (WHERE status = 'no_show') AS no_shows
  FROM (
    SELECT event_id, status, count(*) AS people, count(invited_at) AS invited, sum(guest_count) AS guests
    FROM attendance WHERE {events} GROUP BY event_id, status
  ) GROUP BY event_id
) a ON a.event_id = e.id
LEFT JOIN (SELECT event_id, count(*) AS responses FROM response WHERE {events} GROUP BY event_id) r ON r.event_id = e.id
LEFT JOIN (
  SELECT r.event_id, count(*) AS answers, sum(x.number >= 9) AS promoters, sum(x.number <= 6) AS detractors
  FROM response r JOIN answer x ON x.response_id = r.id AND x.kind = 'nps' WHERE r.{events} GROUP BY r.event_id
) n ON n.event_id = e.id
WHERE {own}
"""


def follow(connection: Connection, today: date, touched: Collection[str] = ()) -> None:
    """Bring search, scores and totals of every queued person and event in step, and empty the queues.

    `touched` are the tables of the deed that was closed just before.
    """
    for table in sorted(set(touched).intersection(_UNQUEUED)):
        _queue_changed(connection, table)
    if connection.exec_driver_sql("SELECT 1 FROM stale_event LIMIT 1").first():
        _follow_events(connection)
    queued = connection.exec_driver_sql("SELECT max(search), max(score) FROM stale_person").one()
    if queued[0]:
        connection.exec_driver_sql(
            "DELETE FROM person_search WHERE rowid IN (SELECT person_id FROM stale_person WHERE search = 1)"
        )
        connection.exec_driver_sql(_GATHER + " AND p.id IN (SELECT person_id FROM stale_person WHERE search = 1)")
        _learn_names(connection, "id IN (SELECT person_id FROM stale_person WHERE search = 1)")
    if queued[1]:
        stale = "IN (SELECT person_id FROM stale_person WHERE score = 1)"
        _score(connection, today, stale)
        # Whoever brought a person whose first visit may have changed follows a step later.
        connection.exec_driver_sql(
            "INSERT INTO stale_person (person_id, search, score) SELECT DISTINCT p.referred_by_id, 0, 2 FROM person p "
            "WHERE p.referred_by_id IS NOT NULL AND p.id IN (SELECT person_id FROM stale_person WHERE score = 1) "
            "ON CONFLICT (person_id) DO UPDATE SET score = max(score, 2)"
        )
        if connection.exec_driver_sql("SELECT 1 FROM stale_person WHERE score = 2 LIMIT 1").first():
            _score(connection, today, "IN (SELECT person_id FROM stale_person WHERE score = 2)")
    if queued[0] or queued[1]:
        connection.exec_driver_sql("DELETE FROM stale_person")


def catch_up(connection: Connection, today: date) -> None:
    """Gather anew those of whom a program before this one gathered less; nothing for a store that is in step."""
    if noted(connection):
        return
    for table in _UNQUEUED:
        connection.exec_driver_sql(
            f"INSERT INTO stale_person (person_id, search, score) SELECT DISTINCT person_id, 1, 0 FROM {table} "
            "WHERE true ON CONFLICT (person_id) DO UPDATE SET search = 1"
        )
    follow(connection, today)
    connection.exec_driver_sql(
        "INSERT INTO store_note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_GATHERED_KEY, GATHERED),
    )


def noted(connection: Connection) -> bool:
    """Whether the store says that everything is gathered that this program gathers."""
    value = connection.exec_driver_sql("SELECT value FROM store_note WHERE key = ?", (_GATHERED_KEY,)).scalar()
    return bool(value == GATHERED)


def notes() -> dict[str, str]:
    """What a new store notes of itself."""
    return {_GATHERED_KEY: GATHERED}


def rebuild(connection: Connection, today: date) -> None:
    """Make search index, name words, scores and totals anew from the facts."""
    connection.exec_driver_sql("INSERT INTO person_search (person_search) VALUES ('delete-all')")
    connection.exec_driver_sql(_GATHER)
    connection.exec_driver_sql("DELETE FROM name_word")
    _learn_names(connection, "1")
    rescore_everyone(connection, today)
    connection.exec_driver_sql("DELETE FROM event_totals")
    connection.exec_driver_sql(_TOTALS.format(events="event_id IS NOT NULL", own="1"))
    connection.exec_driver_sql("DELETE FROM stale_person")
    connection.exec_driver_sql("DELETE FROM stale_event")


def rescore_everyone(connection: Connection, today: date) -> None:
    """Scores and levels of all people as of `today`: levels move with time even when nobody does anything."""
    connection.exec_driver_sql("DELETE FROM person_score WHERE person_id NOT IN (SELECT id FROM person)")
    _score(connection, today, "IS NOT NULL")
    if connection.exec_driver_sql("SELECT 1 FROM person WHERE referred_by_id IS NOT NULL LIMIT 1").first():
        _score(connection, today, "IN (SELECT referred_by_id FROM person)")


def gather_into(target: str) -> str:
    """An SQL statement that gathers what search should find into `target`, an index like person_search."""
    return _GATHER.replace("INTO person_search", f"INTO {target}", 1)


def count_into(target: str) -> str:
    """An SQL statement that counts the totals of all events into `target`, a table like event_totals."""
    return _TOTALS.format(events="event_id IS NOT NULL", own="1").replace("INTO event_totals", f"INTO {target}", 1)


def _queue_changed(connection: Connection, table: str) -> None:
    # The journal names the owner a row had; whom a row has reached since (a merge) the row itself says.
    deed = "c.id >= (SELECT first_change FROM deed ORDER BY id DESC LIMIT 1) AND c.table_name = ?1"
    connection.exec_driver_sql(
        "INSERT INTO stale_person (person_id, search, score) SELECT DISTINCT person_id, 1, 0 FROM ("
        f"SELECT c.person_id FROM change c NOT INDEXED WHERE {deed} UNION "
        f"SELECT r.person_id FROM change c NOT INDEXED JOIN {table} r ON r.id = c.row_id WHERE {deed}"
        ") WHERE person_id IS NOT NULL ON CONFLICT (person_id) DO UPDATE SET search = 1",
        (table,),
    )


def _follow_events(connection: Connection) -> None:
    stale = "IN (SELECT event_id FROM stale_event)"
    connection.exec_driver_sql(f"DELETE FROM event_totals WHERE event_id {stale}")
    connection.exec_driver_sql(_TOTALS.format(events=f"event_id {stale}", own=f"e.id {stale}"))
    connection.exec_driver_sql("DELETE FROM stale_event")


def _score(connection: Connection, today: date, who: str) -> None:
    # A table of weights, for the driver has no pow().
    decay = ", ".join(f"({months}, {DECAY**months!r})" for months in range(MONTHS_REMEMBERED))
    statement = _SCORE.format(
        **WEIGHTS,
        who_a=f"a.person_id {who}",
        who_r=f"r.person_id {who}",
        who_p=f"p.referred_by_id {who}",
        who_self=f"p.id {who}",
        this_month=today.year * 12 + today.month,
        new_days=NEW_DAYS,
        fading_visits=FADING_VISITS,
        fading_days=FADING_DAYS,
        core=CORE_LOVE,
        active=ACTIVE_LOVE,
    )
    statement = statement.replace("WITH\n", f"WITH decay (months, weight) AS (VALUES {decay}),\n", 1)
    connection.exec_driver_sql(statement, {"today": today.isoformat()})


def _learn_names(connection: Connection, which: str) -> None:
    words: set[str] = set()
    rows = connection.exec_driver_sql(f"SELECT search_names FROM person WHERE {which}")
    for (names,) in rows:
        words.update(names.split())
    if words:
        connection.exec_driver_sql(
            "INSERT INTO name_word (word) VALUES (?) ON CONFLICT DO NOTHING", [(word,) for word in sorted(words)]
        )
