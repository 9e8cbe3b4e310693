"""Every message has its Russian translation, and every plural all three forms."""

from __future__ import annotations

import string

import pytest

from crm import i18n
from tools import messages


def test_every_message_is_translated_with_all_its_forms() -> None:
    assert messages.problems() == []


def test_a_translation_has_the_same_named_places_as_its_message() -> None:
    catalogue = i18n.read_catalogue(messages.ROOT / "resources" / "translations" / "ru")

    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for entry in catalogue:
        if not entry.id:
            continue
        said = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        answered = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        allowed = set.union(*(places(text) for text in said))
        for text in answered:
            assert places(text) <= allowed, f"{entry.id!r} → {text!r}"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 файлов"),
        (1, "1 файл"),
        (2, "2 файла"),
        (5, "5 файлов"),
        (11, "11 файлов"),
        (12, "12 файлов"),
        (21, "21 файл"),
        (22, "22 файла"),
        (25, "25 файлов"),
        (101, "101 файл"),
        (111, "111 файлов"),
        (1284, "1\N{NO-BREAK SPACE}284 файла"),
    ],
)
def test_russian_plurals_follow_their_number(count: int, shown: str) -> None:
    assert i18n.plural("{count} file", "{count} files", count) == shown


def test_numbers_have_true_signs_and_groups() -> None:
    assert i18n.number(-1284.5) == "\N{MINUS SIGN}1\N{NO-BREAK SPACE}284,5"
    assert i18n.number(-0.04, 1) == "0,0"
    assert i18n.percent(None) == "\N{EM DASH}"
    with i18n.using("en"):
        assert i18n.number(1284.5) == "1,284.5"
        assert i18n.plural("{count} file", "{count} files", 1) == "1 file"


def test_user_text_is_never_taken_for_a_message() -> None:
    assert i18n.text("Demo: {name}", name="{other} %s {") == "Пример: {other} %s {"
