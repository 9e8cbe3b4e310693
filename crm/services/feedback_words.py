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
KINDS: Final = tuple(_KINDS)
ABOUT: Final = tuple(_ABOUT)
STATUSES: Final = ("new", "considering", "in_progress", "done", "told", "declined")
"""Keys in the order in which they are offered."""


def kind_title(key: str) -> str:
    """«идея», «проблема», «похвала», «вопрос»."""
    return i18n.text(_KINDS[key])


def about_title(key: str) -> str:
    """«продукт», «сервис», «поддержка», «событие», «сообщество»."""
    return i18n.text(_ABOUT[key])


def status_title(key: str) -> str:
    """«Новое», «Обдумываем», «В работе», «Сделано», «Рассказали автору», «Отклонено»."""
    titles = {
        "new": i18n.in_context("status of feedback", "New"),
        "considering": i18n.in_context("status of feedback", "Considering"),
        "in_progress": i18n.in_context("status of feedback", "In progress"),
        "done": i18n.in_context("status of feedback", "Done"),
        "told": i18n.in_context("status of feedback", "Author told"),
        "declined": i18n.in_context("status of feedback", "Declined"),
    }
    return titles[key]
