"""The words of the page of copies: reasons, sizes, moments, the line of safety."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from crm import clock as clocks
from crm import i18n
from crm.ui.copies.rows import CopyRow, Overview, SecondPlace, SelfTest
from crm.ui.widgets.id_list import StatusCell

REASONS: Final[Mapping[str, str]] = {
    "scheduled": i18n.mark("by schedule"),
    "by_hand": i18n.mark("by hand"),
    "before_import": i18n.mark("before an import"),
    "before_merge": i18n.mark("before a merge"),
    "before_bulk_delete": i18n.mark("before a deletion"),
    "before_migration": i18n.mark("before an update of the file"),
    "before_erasure": i18n.mark("before an erasure"),
    "before_restore": i18n.mark("before a copy came back"),
    "before_rekey": i18n.mark("before the passphrase changed"),
}
_MEGABYTE: Final = 1_000_000


def reason(word: str) -> str:
    """Why a copy was made; «» where it is not known."""
    return i18n.text(REASONS[word]) if word in REASONS else ""


def size(count: int) -> str:
    """«48,2 МБ», «310 КБ»."""
    if count >= _MEGABYTE:
        return i18n.text("{size} MB", size=i18n.number(count / _MEGABYTE, 1))
    return i18n.text("{size} KB", size=i18n.number(max(1, round(count / 1000)), 0))


def moment(at: datetime, today: date) -> str:
    """«Сегодня, 09:12», «10 ноя, 18:02»."""
    shown = f"{i18n.weekday_day(clocks.local(at).date(), today)}, {i18n.time(at)}"
    return shown[:1].upper() + shown[1:]


def people(count: int | None) -> str:
    """«1 284», a dash where the copy does not tell."""
    return "\N{EM DASH}" if count is None else i18n.number(count)


def state(row: CopyRow, today: date) -> StatusCell:
    """What the last check of a copy said, and when it was."""
    if row.verdict == "damaged":
        return StatusCell("warning-circle-fill", i18n.text("damaged"), "bad")
    if row.verdict == "unchecked" or row.checked_at is None:
        return StatusCell("warning", i18n.text("not checked"), "warn")
    return StatusCell("shield-check", i18n.text("checked {when}", when=_when(row.checked_at, today)), "ok")


def _when(at: datetime, today: date) -> str:
    """«в 09:12» of today, else the day."""
    on = clocks.local(at).date()
    return i18n.text("at {time}", time=i18n.time(at)) if on == today else i18n.day(on, today)


def safety(overview: Overview, today: date) -> tuple[str, bool]:
    """The second line of safety, and whether it reassures."""
    newest = overview.newest
    if overview.tested is not None and overview.tested.trouble:
        return i18n.text("A copy failed its test"), False
    if overview.rows and overview.rows[0].verdict == "damaged":
        return i18n.text("The newest copy is damaged"), False
    if overview.stale:
        if newest is None:
            return i18n.text("No copy passed its check"), False
        days = max(1, (today - clocks.local(newest.made_at).date()).days)
        return i18n.plural("The copy is {count} day old", "The copy is {count} days old", days), False
    if overview.place is not None and overview.place.overdue:
        return i18n.text("Plug in the stick"), False
    if newest is None or newest.checked_at is None:
        return i18n.text("Everything is saved"), True
    return i18n.text("Copy checked {when}", when=_when(newest.checked_at, today)), True


def listed(overview: Overview) -> str:
    """«12 копий · 148,2 МБ»."""
    whole = size(sum(row.size for row in overview.rows))
    return f"{i18n.plural('{count} copy', '{count} copies', len(overview.rows))} · {whole}"


def facts(row: CopyRow) -> str:
    """«1 284 человека · 48,2 МБ · зашифрована»."""
    parts = [] if row.people is None else [i18n.plural("{count} person", "{count} people", row.people)]
    parts.append(size(row.size))
    if row.encrypted:
        parts.append(i18n.text("encrypted"))
    return " · ".join(parts)


def what_comes_back(row: CopyRow) -> str:
    """What the question before bringing a copy back says of it."""
    held = (
        ""
        if row.people is None
        else i18n.plural("There is {count} person in it.", "There are {count} people in it.", row.people)
    )
    return f"{held} {i18n.text('What was saved after it will be in the kept file only.')}".strip()


def warning(overview: Overview, today: date) -> str:
    """What must be said above the list, «» when all is well."""
    if overview.paused:
        return i18n.text("A copy was brought back: copies by themselves rest until the next start.")
    line, well = safety(overview, today)
    if well:
        return ""
    if overview.place is not None and overview.place.overdue and line == i18n.text("Plug in the stick"):
        return i18n.text("Plug in the stick: no copy was brought to the second place for a week.")
    return i18n.text("{trouble}. Make a new copy and check it.", trouble=line)


def place(second: SecondPlace, today: date) -> tuple[str, str, str]:
    """Icon, tone and words about the second place."""
    told = i18n.text("No copy is there yet")
    if second.used_at is not None:
        told = i18n.text("Copied {when}", when=_when(second.used_at, today))
    if not second.there:
        told = i18n.text("Not plugged in. {told}", told=told)
    well = second.used_at is not None and not second.overdue
    return ("check", "text2", told) if well else ("warning", "warn", told)


def tested(test: SelfTest | None, today: date) -> tuple[str, str, str]:
    """Icon, tone and words about the last test."""
    if test is None:
        return "clock", "text2", i18n.text("Not tested yet")
    when = _when(test.at, today)
    if test.trouble:
        return "warning-circle-fill", "bad", i18n.text("Failed {when}. Make a new copy and test it.", when=when)
    told = i18n.plural("{count} row came back {when}", "{count} rows came back {when}", test.rows, when=when)
    return "check", "text2", told
