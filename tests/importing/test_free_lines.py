"""Free lines of people: every line that holds anything is a person or a named reject, and no word of it is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importing import free_lines, pasted
from crm.importing.rows import ImportedPerson, Reject
from crm.text import clean

NAME, AT = "Иван Петров", "@ivan_p"


@pytest.mark.parametrize(
    ("line", "name", "organisation", "contacts", "note"),
    [
        ("1. Иван Петров @ivan_p +1, 89000000041", NAME, "", [("telegram", AT), ("phone", "89000000041")], "+1"),
        ("Иван Петров +1 8 900 000-00-41", NAME, "", [("phone", "8 900 000-00-41")], "+1"),
        ("2) Иван Петров — Ладога", NAME, "Ладога", [], ""),
        ("- Иван Петров, ivan@example.org", NAME, "", [("email", "ivan@example.org")], ""),
        ("Иван Петров (придёт позже), https://t.me/ivan_p", "Иван Петров (придёт позже)", "",
         [("telegram", "https://t.me/ivan_p")], ""),
        ("@ivan_p", "", "", [("telegram", AT)], ""),
        ("8 (900) 000-00-41 Иван Петров; Тула", NAME, "", [("phone", "8 (900) 000-00-41")], "Тула"),
        ("Иван Петров 2026", "Иван Петров 2026", "", [], ""),
    ],
)  # fmt: skip
def test_a_line_of_a_chat_is_read(line, name, organisation, contacts, note) -> None:
    (entry,) = free_lines.entries(line)
    assert isinstance(entry, ImportedPerson)
    assert (entry.full_name, entry.organisation, entry.note) == (name, organisation, note)
    assert [(contact.kind, contact.raw) for contact in entry.contacts] == contacts


def test_a_line_without_a_name_or_a_contact_is_named_and_kept() -> None:
    (entry,) = free_lines.entries("3. +2")
    assert isinstance(entry, Reject)
    assert (entry.code, entry.cells) == ("no_name_or_contact", ("3. +2",))
    assert pasted.companions_of("Анна\nПётр +2") == {2: 2}


PIECES = st.sampled_from(
    ["1. ", "2)", "— ", " - ", ", ", "; ", " ", "Иван", "Петров", "@ivan_p", "+1", " +12", "8 900 000-00-41", "\n",
     "a@b.ru", "https://t.me/ivan_p", "12.05", "(", ")", "|", "\u2028", "\u202e", "\x00", "=1+1"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=14).map("".join))
def test_no_line_and_no_letter_of_it_is_lost(words: str) -> None:
    lines = [(number, line) for number, raw in enumerate(words.splitlines(), 1) if (line := clean(raw))]
    read = list(free_lines.entries(words))
    assert [entry.place.number for entry in read] == [number for number, _ in lines]
    for entry, (_, line) in zip(read, lines, strict=True):
        numbering = free_lines._NUMBERED.match(line)
        body = line[numbering.end() :] if numbering else line
        if isinstance(entry, Reject):
            kept = "".join(entry.cells)
        else:
            # A contact written twice is kept once.
            raws = "".join(contact.raw * max(1, body.count(contact.raw)) for contact in entry.contacts)
            kept = entry.full_name + entry.organisation + entry.note + raws
        assert not Counter(filter(str.isalnum, body)) - Counter(kept)
