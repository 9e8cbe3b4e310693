"""What the keys of feedback are called: kinds, what it is about, statuses, in the language in use."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm.i18n import mark

_KINDS: Final = {
    "idea": mark("idea"),
    "problem": mark("problem"),
    "praise": mark("praise"),
    "question": mark("question"),
}
_ABOUT: Final = {
    "product": mark("product"),
    "service": mark("service"),
    "support": mark("support"),
    "event": mark("event"),
    "community": mark("community"),
}
_STATUSES: Final = {
    "new": mark("New ideas"),
    "considering": mark("Considering"),
    "in_progress": mark("In progress"),
    "done": mark("Done"),
    "told": mark("Author told"),
    "declined": mark("Declined"),
}
KINDS: Final = tuple(_KINDS)
ABOUT: Final = tuple(_ABOUT)
STATUSES: Final = tuple(_STATUSES)
"""Keys in the order in which they are offered."""


def kind_title(key: str) -> str:
    """«идея», «проблема», «похвала», «вопрос»."""
    return i18n.text(_KINDS[key])


def about_title(key: str) -> str:
    """«продукт», «сервис», «поддержка», «событие», «сообщество»."""
    return i18n.text(_ABOUT[key])


def status_title(key: str) -> str:
    """«Новое», «Обдумываем», «В работе», «Сделано», «Рассказали автору», «Отклонено»."""
    return i18n.text(_STATUSES[key])
