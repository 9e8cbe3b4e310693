"""What the keys of a person's life are called: relations, answers to a consent, channels, reasons, sizes of files."""

from __future__ import annotations

from datetime import date

from crm import i18n
from crm.services.consents import CHANNELS, ConsentEntry, ConsentLine
from crm.services.contacting import DoNotContactLine
from crm.services.relations import OTHER_SIDE
from crm.ui.people import words

_KILO = 1024


def side(key: str, gender: str = "unknown") -> str:
    """What the other person is: «наставник», «наставница», and where the gender is unknown words that fit both."""
    if gender == "female":
        found = _female(key)
    elif gender == "male":
        found = _male(key)
    else:
        found = ""
    return found or _either(key)


def _either(key: str) -> str:
    return {
        "friend": i18n.in_context("relation", "friends"),
        "spouse": i18n.in_context("relation", "married"),
        "relative": i18n.in_context("relation", "relatives"),
        "parent": i18n.in_context("relation", "parent"),
        "child": i18n.in_context("relation", "child"),
        "mentor": i18n.in_context("relation", "mentors this person"),
        "mentee": i18n.in_context("relation", "is mentored by this person"),
        "colleague": i18n.in_context("relation", "colleague"),
        "brought_by": i18n.in_context("relation", "this person came through them"),
        "brought": i18n.in_context("relation", "came through this person"),
        "other": i18n.in_context("relation", "know each other"),
    }.get(key, key)


def _female(key: str) -> str:
    return {
        "friend": i18n.in_context("female relation", "friend"),
        "spouse": i18n.in_context("female relation", "wife"),
        "relative": i18n.in_context("female relation", "relative"),
        "parent": i18n.in_context("female relation", "mother"),
        "child": i18n.in_context("female relation", "daughter"),
        "mentor": i18n.in_context("female relation", "mentor"),
        "mentee": i18n.in_context("female relation", "mentee"),
        "brought_by": i18n.in_context("female relation", "brought this person"),
        "brought": i18n.in_context("female relation", "was brought by this person"),
    }.get(key, "")


def _male(key: str) -> str:
    return {
        "friend": i18n.in_context("male relation", "friend"),
        "spouse": i18n.in_context("male relation", "husband"),
        "relative": i18n.in_context("male relation", "relative"),
        "parent": i18n.in_context("male relation", "father"),
        "child": i18n.in_context("male relation", "son"),
        "mentor": i18n.in_context("male relation", "mentor"),
        "mentee": i18n.in_context("male relation", "mentee"),
        "brought_by": i18n.in_context("male relation", "brought this person"),
        "brought": i18n.in_context("male relation", "was brought by this person"),
    }.get(key, "")


def sides() -> list[tuple[str, str]]:
    """What somebody may be for a person, to choose from."""
    return [(key, _capital(_either(key))) for key in OTHER_SIDE]


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def any_channel(channel: str) -> str:
    """«Телефон»; «любой канал» for «»."""
    return words.contact_kind(channel) if channel else i18n.text("any channel")


def channels() -> list[tuple[str, str]]:
    """Channels a consent or a wish may be limited to, to choose from."""
    return [(channel, _capital(any_channel(channel))) for channel in CHANNELS]


def purposes() -> list[tuple[str, str]]:
    """What a consent may be for, to choose from."""
    return [(key, words.purpose(key)) for key in ("data", "messages", "photo")]


def answer(status: str) -> str:
    """«Дано», «Отказ», «Отозвано»."""
    return {
        "given": i18n.in_context("consent", "Given"),
        "refused": i18n.in_context("consent", "Refused"),
        "withdrawn": i18n.in_context("consent", "Withdrawn"),
        "expired": i18n.in_context("consent", "Over"),
    }.get(status, i18n.in_context("consent", "Entered by mistake"))


def purpose_and_channel(purpose: str, channel: str) -> str:
    """«Приглашения и новости · Телеграм»."""
    said = words.purpose(purpose)
    return f"{said} · {any_channel(channel)}" if channel else said


def since(line: ConsentLine, today: date) -> str:
    """«с 3 мар 2023», «отказ 11 сен 2025», «не спрашивали»."""
    if line.on is None:
        return i18n.text("not asked")
    if line.status == "expired" and line.expires_on is not None:
        return i18n.text("over since {day}", day=i18n.day(line.expires_on, today))
    day = i18n.day(line.on, today)
    if line.status == "given":
        return i18n.text("since {day}", day=day)
    if line.status == "refused":
        return i18n.text("refused {day}", day=day)
    return i18n.text("withdrawn {day}", day=day)


def behind(line: ConsentLine, today: date) -> str:
    """Where it comes from and until when it holds: «анкета на входе · до 1 янв 2027»."""
    parts = [line.source]
    if line.status == "given" and line.expires_on is not None:
        parts.append(i18n.text("until {day}", day=i18n.day(line.expires_on, today)))
    return " · ".join(part for part in parts if part)


def entry_of_history(entry: ConsentEntry, today: date) -> str:
    """The first line of an answer in the history."""
    said = f"{answer(entry.status)} {i18n.day(entry.on, today)}"
    return f"{purpose_and_channel(entry.purpose, entry.channel)}: {said[:1].lower()}{said[1:]}"


def wish(line: DoNotContactLine) -> str:
    """«Просьба не писать: Телеграм»."""
    if not line.channel:
        return i18n.text("Asked not to be written to")
    return i18n.text("Asked not to be written to: {channel}", channel=any_channel(line.channel))


def whole_wish(line: DoNotContactLine, today: date) -> str:
    """«Просьба не писать: Телеграм, до 3 дек»."""
    if line.until_on is None:
        return wish(line)
    day = i18n.day(line.until_on, today)
    if not line.channel:
        return i18n.text("Asked not to be written to until {day}", day=day)
    return i18n.text("Asked not to be written to: {channel}, until {day}", channel=any_channel(line.channel), day=day)


def size(many: int) -> str:
    """«120 КБ», «3,4 МБ»."""
    if many < _KILO:
        return i18n.text("{count} B", count=i18n.number(many))
    if many < _KILO * _KILO:
        return i18n.text("{count} KB", count=i18n.number(round(many / _KILO)))
    return i18n.text("{count} MB", count=i18n.number(many / _KILO / _KILO, 1))
