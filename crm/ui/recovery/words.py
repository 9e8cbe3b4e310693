"""The words of the recovery: what happened, what a copy holds, what is lost with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from crm import i18n
from crm.ui.copies import words as copies
from crm.ui.recovery.rows import CopyChoice, Found, Part, Trouble

_NAMES: Final[Mapping[str, str]] = {
    "person": i18n.mark("People"),
    "event": i18n.mark("Events"),
    "attendance": i18n.mark("Attendances"),
    "contact_point": i18n.mark("Phones and addresses"),
    "interaction": i18n.mark("Conversations"),
    "interaction_person": i18n.mark("Conversations"),
    "feedback_item": i18n.mark("Feedback"),
    "response": i18n.mark("Survey responses"),
    "answer": i18n.mark("Survey responses"),
    "task": i18n.mark("Tasks"),
    "consent": i18n.mark("Consents"),
    "organisation": i18n.mark("Organisations"),
    "deed": i18n.mark("History of changes"),
    "change": i18n.mark("History of changes"),
}
_OTHER: Final = i18n.mark("Everything else")


def title(trouble: Trouble, *, safe: bool) -> str:
    """What happened, and whether the data is safe in a copy."""
    if trouble.kind == "tampered":
        return i18n.text("The community file was changed by another program")
    if trouble.kind == "doubted":
        return (
            i18n.text("The passphrase is right: the community file is damaged, but the data is safe in a copy")
            if safe
            else i18n.text("The file did not open with this passphrase")
        )
    if trouble.kind == "empty":
        return (
            i18n.text("The community file is empty, but the data is safe in a copy")
            if safe
            else i18n.text("The community file is empty")
        )
    return (
        i18n.text("The community file is damaged, but the data is safe in a copy")
        if safe
        else i18n.text("The community file is damaged")
    )


def explanation(trouble: Trouble, *, copied: bool) -> str:
    """What is safe."""
    kept = (
        i18n.text("Krug changed nothing: the file stays as it is, the copies are untouched.")
        if copied
        else i18n.text("Krug changed nothing: the file stays as it is.")
    )
    if trouble.kind == "tampered":
        return trouble.what
    if trouble.kind == "doubted":
        return f"{i18n.text('A copy that it opens shows that the file is what is wrong.')} {kept}"
    if trouble.kind == "empty":
        return f"{i18n.text('There is not a byte in {file}.', file=trouble.file.name)} {kept}"
    return f"{i18n.text('A part of {file} does not read.', file=trouble.file.name)} {kept}"


def made(choice: CopyChoice, today: date) -> str:
    """When a copy was made, and how large it is: «Сегодня, 09:12 · 48,2 МБ»."""
    return f"{copies.moment(choice.made_at, today)} · {copies.size(choice.size)}"


def holds(choice: CopyChoice) -> str:
    """«1 284 человека · 96 событий · без последних 8 изменений»."""
    parts = []
    if choice.people is not None:
        parts.append(i18n.plural("{count} person", "{count} people", choice.people))
    if choice.events is not None:
        parts.append(i18n.plural("{count} event", "{count} events", choice.events))
    if lost := lacks(choice):
        parts.append(lost)
    return " · ".join(parts)


def lacks(choice: CopyChoice) -> str:
    """What is not in the copy: deeds where the file still tells, else time; «» when nothing is known to lack."""
    if choice.deeds is not None:
        if choice.deeds == 0:
            return i18n.text("nothing is lost")
        return i18n.plural("without the last change", "without the last {count} changes", choice.deeds)
    minutes = int(choice.behind / timedelta(minutes=1))
    if minutes < 1:
        return ""
    if minutes < 60:
        return i18n.plural("without the last minute", "without the last {count} minutes", minutes)
    if minutes < 24 * 60:
        return i18n.plural("without the last hour", "without the last {count} hours", minutes // 60)
    return i18n.plural("without the last day", "without the last {count} days", minutes // (24 * 60))


def verdict(choice: CopyChoice) -> tuple[str, str, str]:
    """Icon, word and tone of what a check says."""
    return {
        "sound": ("shield-check", i18n.text("verified"), "ok"),
        "damaged": ("warning-circle-fill", i18n.text("damaged"), "bad"),
        "checking": ("arrows-clockwise", i18n.text("checking"), "text2"),
        "locked": ("lock-key", i18n.text("another passphrase"), "warn"),
        "unchecked": ("warning", i18n.text("not checked"), "warn"),
    }[choice.verdict]


def rescued(found: Found) -> str:
    """What is in the new file."""
    people = i18n.plural("{count} person", "{count} people", found.people)
    events = i18n.plural("{count} event", "{count} events", found.events)
    return i18n.text(
        "In the new file: {people}, {events}. The damaged one stays as it is and will be kept beside the copies.",
        people=people,
        events=events,
    )


def lines(found: Found) -> list[tuple[str, str, str]]:
    """What of it came over and what did not, kind by kind: name, «1 284», «потеряно 12»; the lossy kinds first."""
    sums: dict[str, tuple[int, int, bool]] = {}
    for part in found.parts:
        name = i18n.text(_NAMES.get(part.table, _OTHER))
        saved, lost, told = sums.get(name, (0, 0, True))
        sums[name] = (saved + part.saved, lost + (part.lost or 0), told and part.lost is not None)
    rows = sorted(sums.items(), key=lambda item: (not item[1][1] and item[1][2], item[0] == i18n.text(_OTHER)))
    return [(name, i18n.number(saved), _lost(lost, told=told)) for name, (saved, lost, told) in rows]


def _lost(count: int, *, told: bool) -> str:
    if count:
        return i18n.plural("{count} lost", "{count} lost", count)
    return i18n.text("all of it") if told else i18n.text("how much is lost is not known")


def lossless(parts: tuple[Part, ...]) -> bool:
    """Nothing is known to be lost."""
    return all(part.lost == 0 for part in parts)
