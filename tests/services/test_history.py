"""The history: which deeds, what they changed, why one cannot be undone; where a field of a person comes from."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm.app import journal_keeping as keeper
from crm.i18n import phrase
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.services import attendance, history, history_details, importing, origins, people_editing, tags
from crm.services.history import DeedFilter
from crm.services.people_editing import PersonDraft
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers


class Calendar:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def store(tmp_path: Path, calendar: Calendar):
    with Workspace.create(tmp_path / "history.krug", calendar) as workspace:
        yield workspace


def bring(store: Workspace, *rows: ImportedPerson, file: str = "гости.vcf") -> int | None:
    source = Source(file, "vcard", "utf-8", "0" * 64, rows)
    return store.write(
        phrase("Import of {file}", file=file), lambda s: importing.import_people(s, [source], store.clock)
    ).deed


def card(number: int, name: str, **fields: object) -> ImportedPerson:
    return ImportedPerson(Place(CARD, number), full_name=name, **fields)  # type: ignore[arg-type]


PHONE = (ImportedContact("phone", "+79000000041"),)


def edit(store: Workspace, person: int, field: str, value: object) -> int | None:
    return store.write(
        phrase("Edited"), lambda s: people_editing.change_field(s, person, field, value, store.clock)
    ).deed


def origin(store: Workspace, person: int, field: str) -> origins.Origin:
    return store.read(lambda s: origins.origin_of(s, person, field))


def test_deeds_are_filtered_by_person_sort_and_day(store: Workspace, calendar: Calendar) -> None:
    brought = bring(store, card(1, "Анна Ким", contacts=PHONE), card(2, "Пётр Ёлкин"))
    calendar.moment += timedelta(days=2)
    edited = edit(store, 1, "city", "Уфа")
    event = store.write(phrase("Event"), lambda s: makers.event(s, NOON).id)
    came = store.write(phrase("Came"), lambda s: attendance.register_people(s, event.value, [2], store.clock)).deed

    def ids(**wanted: object) -> list[int]:
        return store.read(lambda s: history.deed_ids(s, DeedFilter(**wanted)))  # type: ignore[arg-type]

    assert ids() == [came, event.deed, edited, brought]
    assert ids(person_id=1) == [edited, brought]
    assert ids(person_id=2, sort="visits") == [came]
    assert [ids(sort=sort) for sort in ("import", "events", "people", "feedback")] == [
        [brought], [event.deed], [edited], [],
    ]  # fmt: skip
    assert ids(day=NOON.date()) == [brought]
    store.undo(edited)
    assert ids(sort="people")[1:] == [edited]


def test_a_row_says_how_much_it_touched_and_why_it_stays(store: Workspace, calendar: Calendar) -> None:
    brought = bring(store, card(1, "Анна Ким", contacts=PHONE), card(2, "Пётр Ёлкин"))
    edited = edit(store, 1, "city", "Уфа")
    rows = {row.deed: row for row in store.read(history.deeds)}
    first, second = rows[brought or 0], rows[edited or 0]
    assert (first.sort, first.changes, dict(first.counts)) == ("import", 3, {"person": 2, "contact_point": 1})
    assert (first.state, first.by, second.state) == ("held", phrase("Edited"), "stands")
    assert "Edited" in first.why_not
    store.undo()
    states = [row.state for row in store.read(history.deeds)]
    assert states == ["turn", "undone", "stands"]
    calendar.moment += timedelta(days=800)
    keeper.Thinning(store).run()
    last = store.read(history.deeds)[-1]
    assert (last.state, last.label.text(), last.changes) == ("thinned", "Импорт файла гости.vcf", 3)
    assert "журнал" in last.why_not


def test_opening_a_deed_shows_fields_before_and_after_with_people_named(store: Workspace) -> None:
    bring(store, card(1, "Анна Ким", contacts=PHONE), card(2, "Пётр Ёлкин", organisation="Ладога"))
    edited = edit(store, 1, "city", "Уфа")
    edit(store, 1, "city", "Томск")
    details = store.read(lambda s: history_details.what_changed(s, edited or 0))
    assert details is not None
    (row,) = details.rows
    assert (row.table, row.act, row.person) == ("person", "changed", "Анна Ким")
    assert [(field.field, field.before, field.after) for field in row.fields] == [("Город", "", "Уфа")]
    tagged = store.write(phrase("Tag"), lambda s: tags.add_tag(s, [2], "спикер")).deed
    rows = store.read(lambda s: history_details.what_changed(s, tagged or 0)).rows  # type: ignore[union-attr]
    assert [(row.table, row.act, row.person, row.title) for row in rows] == [
        ("tag", "added", "", "спикер"),
        ("person_tag", "added", "Пётр Ёлкин", "спикер"),
    ]
    moved = edit(store, 2, "organisation", "Завод")
    fields = store.read(lambda s: history_details.what_changed(s, moved or 0)).rows[-1].fields  # type: ignore[union-attr]
    assert [(field.field, field.before, field.after) for field in fields] == [("Организация", "Ладога", "Завод")]


def test_a_person_taken_back_is_still_named(store: Workspace) -> None:
    added = store.write(
        phrase("Added"),
        lambda s: people_editing.add_person(s, PersonDraft("Ёлкин", "Пётр"), store.clock),
    ).deed
    store.undo()
    for number in (added or 0, (added or 0) + 1):
        details = store.read(lambda s, n=number: history_details.what_changed(s, n))
        assert [row.person for row in details.rows if row.table == "person"] == ["Пётр Ёлкин"]  # type: ignore[union-attr]


def test_every_field_of_an_import_knows_file_row_and_deed(store: Workspace) -> None:
    first = bring(store, card(7, "Анна Ким", contacts=PHONE, job_title="врач", tags=("BI",)), file="первый.vcf")
    second = bring(store, card(3, "Анна Ким", contacts=PHONE, city="Тула", organisation="Ладога"), file="второй.vcf")
    for field in ("name", "job_title", "contact:phone:+79000000041", "tag:BI"):
        found = origin(store, 1, field)
        assert (found.deed, found.first, found.places) == (first, True, (origins.FilePlace("первый.vcf", 7),))
    for field in ("city", "organisation_id"):
        found = origin(store, 1, field)
        assert (found.deed, found.first, found.before) == (second, False, "")
        assert found.places == (origins.FilePlace("второй.vcf", 3),)


def test_a_field_edited_later_knows_that_deed_and_the_value_before(store: Workspace) -> None:
    brought = bring(store, card(1, "Анна Ким", contacts=PHONE, city="Тула"))
    edited = edit(store, 1, "city", "Уфа")
    edit(store, 1, "job_title", "врач")
    found = origin(store, 1, "city")
    assert (found.deed, found.before, found.places) == (edited, "Тула", ())
    assert "Было: Тула" in origins.origin_words(found)
    store.undo()
    store.undo()
    assert origin(store, 1, "city").deed == brought
    with pytest.raises(KeyError):
        origin(store, 1, "no such field")


def test_an_edit_done_again_is_the_origin_again(store: Workspace) -> None:
    bring(store, card(1, "Анна Ким", contacts=PHONE, city="Тула"))
    edited = edit(store, 1, "city", "Уфа")
    store.undo()
    store.redo()
    assert (origin(store, 1, "city").deed, origin(store, 1, "city").before) == (edited, "Тула")


def test_after_thinning_the_origin_is_honestly_unknown(store: Workspace, calendar: Calendar) -> None:
    bring(store, card(1, "Анна Ким", contacts=PHONE, city="Тула"))
    calendar.moment += timedelta(days=800)
    edited = edit(store, 1, "job_title", "врач")
    keeper.Thinning(store).run()
    assert origin(store, 1, "city") == origins.Origin()
    assert "журнал" in origins.origin_words(origins.Origin())[0]
    assert origin(store, 1, "job_title").deed == edited
