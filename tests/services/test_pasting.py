"""A pasted list: who each row is, nothing before it is wanted, one deed, nobody twice, no line lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm.i18n import phrase
from crm.importing.errors import TooLarge
from crm.importing.pasted import read_pasted
from crm.models import Attendance, ContactPoint, Deed, ImportFile, Person
from crm.services import pasting, people_editing
from crm.services.pasting import PastedRow, Wanted
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

LINES = """Кто идёт:
1. Иван Петров @ivan_p +1, 8 900 000-00-41
2. Анна Ли, anna@example.org
3. Пётр Ким, опоздает
4. Иван Петров 8 900 000 00 41
---
"""


@pytest.fixture
def there(deed, clock):
    """Анна Ли with an e-mail, Пётр Ким without anything."""

    def make(session):
        anna = PersonDraft(family_name="Ли", given_name="Анна", contacts=(ContactDraft("email", "anna@example.org"),))
        kim = PersonDraft(family_name="Ким", given_name="Пётр", city="Тула")
        return [people_editing.add_person(session, draft, clock) for draft in (anna, kim)]

    return deed(make)


@pytest.fixture
def event(deed):
    return deed(lambda s: makers.event(s, NOON).id)


def check(workspace: Workspace, pasted: str, wanted: Wanted | None = None) -> list[PastedRow]:
    read = read_pasted(pasted, workspace.clock)
    return workspace.rehearse(phrase("Paste"), lambda s: pasting.check(s, read, wanted or Wanted(), workspace.clock))


def paste(workspace: Workspace, pasted: str, wanted: Wanted | None = None):
    read = read_pasted(pasted, workspace.clock)
    return workspace.write(phrase("Paste"), lambda s: pasting.paste(s, read, wanted or Wanted(), workspace.clock))


def count(workspace: Workspace, model: type) -> int:
    return workspace.read(lambda s: s.scalar(select(func.count()).select_from(model)))


def test_each_row_says_who_it_is_and_nothing_is_written(workspace, there) -> None:
    before = count(workspace, Person), count(workspace, Deed)
    rows = check(workspace, LINES)
    assert [(row.number, row.who) for row in rows] == [
        (1, "rejected"), (2, "new"), (3, "known"), (4, "unclear"), (5, "twice"), (6, "rejected")
    ]  # fmt: skip
    assert (rows[1].guests, rows[1].contacts) == (1, ("@ivan_p", "8 900 000-00-41"))
    assert (rows[2].why, rows[2].person.name) == ("same_email", "Анна Ли")
    assert [(one.person_id, one.about) for one in rows[3].candidates] == [(there[1], "Тула")]
    assert all(row.problem and row.line for row in rows if row.who == "rejected")
    assert (count(workspace, Person), count(workspace, Deed)) == before


def test_a_paste_is_one_deed_and_one_undo(workspace, there) -> None:
    before = count(workspace, Person), count(workspace, ContactPoint)
    done = paste(workspace, LINES, Wanted(chosen={"row 4": there[1]}))
    assert (done.value.added, done.value.updated, done.value.unchanged, done.value.rejected) == (1, 1, 2, 2)
    kim = workspace.read(lambda s: s.get(Person, there[1]).note)
    assert kim == "опоздает"
    ivan = workspace.read(lambda s: s.scalar(select(Person.note).where(Person.family_name == "Петров")))
    assert ivan == "+1", "without an event the guest stays in the note"
    assert workspace.read(lambda s: s.scalar(select(ImportFile.kind))) == "clipboard"
    workspace.undo(done.deed)
    assert (count(workspace, Person), count(workspace, ContactPoint)) == before


def test_pasted_again_nobody_is_there_twice(workspace, there) -> None:
    paste(workspace, LINES)
    again = paste(workspace, LINES)
    assert (again.value.added, again.value.updated) == (0, 0)
    rows = check(workspace, LINES)
    assert [row.who for row in rows] == ["rejected", "known", "known", "known", "known", "rejected"]
    assert [row.why for row in rows][1:5] == ["same_telegram", "same_email", "same_row", "same_phone"]


def test_into_an_event_people_are_registered_with_their_guests(workspace, there, event) -> None:
    done = paste(workspace, LINES, Wanted(event, {"row 4": there[1]}))
    assert (done.value.registered, done.value.people) == (3, 4)
    rows = workspace.read(
        lambda s: s.execute(
            select(Person.family_name, Attendance.status, Attendance.guest_count)
            .join(Person, Person.id == Attendance.person_id)
            .order_by(Person.family_name)
        ).all()
    )
    assert [tuple(row) for row in rows] == [
        ("Ким", "registered", 0), ("Ли", "registered", 0), ("Петров", "registered", 1)
    ]  # fmt: skip
    assert workspace.read(lambda s: s.scalar(select(Person.note).where(Person.family_name == "Петров"))) == ""
    paste(workspace, LINES, Wanted(event, {"row 4": there[1]}))
    assert count(workspace, Attendance) == 3
    workspace.undo(done.deed)
    assert count(workspace, Attendance) == 0


def test_what_is_left_out_is_not_taken(workspace, there) -> None:
    done = paste(workspace, LINES, Wanted(left_out=frozenset(("row 2", "row 4", "row 5"))))
    assert (done.value.added, done.value.left_out) == (0, 3)


def test_a_range_of_a_table_comes_with_and_without_header(workspace, there) -> None:
    headed = "Имя\tТелефон\tКомпания\nОльга Щукина\t8 900 000-00-45\tЛадога\n"
    assert [(row.who, row.organisation) for row in check(workspace, headed)] == [("new", "Ладога")]
    bare = "Ольга Щукина\t8 900 000-00-45\nАнна Ли\tanna@example.org\n"
    assert [row.name for row in check(workspace, bare)] == ["Ольга Щукина", "Анна Ли"]
    one_line = "Ольга Щукина\t8 900 000-00-45"
    assert [row.contacts for row in check(workspace, one_line)] == [("8 900 000-00-45",)]


def test_t12_a_formula_and_t24_hostile_signs_are_text(workspace) -> None:
    rows = check(
        workspace,
        "Имя\tТелефон\n'=SUM Иван\t8 900 000-00-41\n\u202eОлег\x00 Ким\t8 900 000-00-42\n<b>Ли</b>\t89000000043\n",
    )
    assert [row.name for row in rows] == ["=SUM Иван", "Олег Ким", "<b>Ли</b>"]


def test_t24_a_megabyte_is_refused_by_name(workspace) -> None:
    with pytest.raises(TooLarge):
        read_pasted("Иван Петров " * 100_000, workspace.clock)
    (row,) = check(workspace, "x" * 900_000)
    assert row.who == "rejected"


@given(st.lists(st.text(st.sampled_from("аИвП .,;-+@18900\t|"), max_size=25), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_line_is_lost_on_the_way_to_the_store(workspace, lines) -> None:
    read = read_pasted("\n".join(lines), workspace.clock)
    rows = workspace.rehearse(phrase("Paste"), lambda s: pasting.check(s, read, Wanted(), workspace.clock))
    assert len(rows) == len(read.entries)
    if not read.table:
        assert [row.number for row in rows] == [number for number, line in enumerate(lines, 1) if line.strip()]


def test_ten_thousand_lines_are_checked_in_seconds_and_a_stop_leaves_nothing(workspace) -> None:
    pasted = "\n".join(f"{number}. Иван Петров{number} @ivan{number}" for number in range(3_000))
    before = count(workspace, Person)

    def stop(step: int, of: int) -> None:
        raise InterruptedError

    read = read_pasted(pasted, workspace.clock)
    with pytest.raises(InterruptedError):
        workspace.write(phrase("Paste"), lambda s: pasting.paste(s, read, Wanted(), workspace.clock, stop))
    assert count(workspace, Person) == before
    assert paste(workspace, pasted).value.added == 3_000
