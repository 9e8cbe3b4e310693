"""Deeds: what is journaled, what an undo brings back, and when it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, select, text, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.i18n import phrase, phrase_plural
from crm.models import (
    Attachment,
    AttachmentContent,
    Attendance,
    Consent,
    ConsentText,
    ContactPoint,
    Deed,
    Event,
    Organisation,
    Person,
    PersonTag,
    Tag,
)
from crm.store import journal, journal_chain
from crm.store.errors import NothingToRedo, NothingToUndo, UndoRefused
from crm.store.schema import fact_tables
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers


def fingerprint(workspace: Workspace) -> dict[str, str]:
    """A hash of every row of every fact table; of the bytes of files those that are in use."""
    in_use = AttachmentContent.id.in_(select(Attachment.content_id))

    def verb(session: Session) -> dict[str, str]:
        return {
            table.name: hashlib.sha256(
                repr(
                    session.execute(
                        select(table)
                        .where(in_use if table.name == "attachment_content" else true())
                        .order_by(table.c.id)
                    ).all()
                ).encode()
            ).hexdigest()
            for table in fact_tables()
        }

    return workspace.read(verb)


def count(workspace: Workspace, statement: str) -> int:
    return workspace.read(lambda session: int(session.execute(text(statement)).scalar_one()))


def test_a_deed_is_one_entry_with_its_label_and_tables(workspace: Workspace) -> None:
    done = workspace.write(phrase("Added {name}", name="Пётр"), lambda s: makers.person(s, NOON).id)
    row = workspace.read(lambda s: s.execute(select(Deed)).scalars().one())
    assert (row.id, row.label, row.arguments, row.tables) == (done.deed, "Added {name}", {"name": "Пётр"}, "person")
    assert done.tables == {"person"}


def test_a_deed_that_changes_nothing_leaves_no_entry(workspace: Workspace) -> None:
    workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    done = workspace.write(phrase("Same"), lambda s: s.execute(update(Person).values(city="")))
    assert done.deed is None
    assert count(workspace, "SELECT count(*) FROM deed") == 1


def test_a_deed_that_fails_leaves_nothing(workspace: Workspace) -> None:
    before = fingerprint(workspace)

    def verb(session: Session) -> None:
        makers.person(session, NOON)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        workspace.write(phrase("Fails"), verb)
    assert fingerprint(workspace) == before
    assert count(workspace, "SELECT count(*) FROM change") == 0
    workspace.write(phrase("Goes on"), lambda s: makers.person(s, NOON).id)


def test_a_fact_cannot_be_changed_outside_a_deed(workspace: Workspace) -> None:
    workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    with pytest.raises(IntegrityError):
        workspace.maintain(lambda s: s.execute(update(Person).values(city="Тула")))


def bulk(session: Session) -> None:
    session.execute(update(Person).values(city="Казань"))


def cascade(session: Session) -> None:
    session.execute(delete(Person).where(Person.family_name == "Петров"))


def replace(session: Session) -> None:
    session.execute(
        text(
            "INSERT OR REPLACE INTO contact_point "
            "(id, person_id, kind, value, typed, label, preferred, valid, search_text, position) "
            "SELECT 900, person_id, kind, value, 'иначе', label, 0, 1, search_text, 0 FROM contact_point LIMIT 1"
        )
    )


def associate(session: Session) -> None:
    person = session.scalars(select(Person)).first()
    assert person is not None
    session.add(PersonTag(person_id=person.id, tag_id=makers.tag(session, "спикер").id))


def set_null(session: Session) -> None:
    session.execute(delete(Organisation))


def remove_file(session: Session) -> None:
    session.execute(delete(Attachment))
    session.execute(delete(AttachmentContent))


def insert_select(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO contact_point (person_id, kind, value, typed, label, preferred, valid, search_text, position) "
            "SELECT id, 'email', 'ё' || id || '@example.com', '', '', 0, 1, '', 0 FROM person"
        )
    )


def upsert(session: Session) -> None:
    makers.tag(session, "клуб")
    session.execute(
        text(
            "INSERT INTO tag (name, search_name, colour) VALUES ('Клуб', 'клуб', 'grey'), ('ещё', 'еще', 'grey') "
            "ON CONFLICT (search_name) DO UPDATE SET name = excluded.name"
        )
    )


def replace_unique(session: Session) -> None:
    """The row that gives way goes with what hangs on it, though nobody named it."""
    uid = session.scalars(select(Person.uid).order_by(Person.id)).first()
    person = session.scalars(select(Person).order_by(-Person.id)).first()
    assert person is not None
    columns = [column.name for column in Person.__table__.columns if column.name not in ("id", "uid", "referred_by_id")]
    listed = ", ".join(columns)
    session.execute(
        text(f"INSERT OR REPLACE INTO person (uid, {listed}) SELECT :uid, {listed} FROM person WHERE id = :id"),
        {"uid": uid, "id": person.id},
    )


def many_at_once(session: Session) -> None:
    ids = session.scalars(select(Person.id)).all()
    session.connection().exec_driver_sql(
        "UPDATE person SET city = ? WHERE id = ?", [(f"Город{number}", number) for number in ids]
    )
    session.connection().exec_driver_sql(
        "INSERT INTO tag (name, search_name, colour) VALUES (?, ?, 'grey')", [(f"т{n}", f"т{n}") for n in range(3)]
    )


@pytest.mark.parametrize(
    "verb",
    [bulk, cascade, replace, replace_unique, associate, set_null, remove_file, insert_select, upsert, many_at_once],
)
def test_undo_and_redo_bring_back_equal_rows(workspace: Workspace, verb: Callable[[Session], None]) -> None:
    def start(session: Session) -> None:
        company = makers.organisation(session, NOON)
        first = makers.person(session, NOON, organisation_id=company.id)
        second = makers.person(session, NOON, "Петров", "Пётр", referred_by_id=first.id)
        makers.phone(session, first)
        makers.phone(session, second, "+79000000002")
        makers.attendance(session, makers.event(session, NOON), second)
        content = AttachmentContent(sha256="0" * 64, content=bytes(range(256)))
        session.add(content)
        session.flush()
        session.add(
            Attachment(
                owner_table="person",
                owner_id=first.id,
                person_id=first.id,
                purpose="photo",
                media_type="image/png",
                size=256,
                content_id=content.id,
                added_at=NOON,
            )
        )

    workspace.write(phrase("Start"), start)
    before = fingerprint(workspace)
    workspace.write(phrase("Deed"), verb)
    after = fingerprint(workspace)
    assert after != before
    workspace.undo()
    assert fingerprint(workspace) == before
    workspace.redo()
    assert fingerprint(workspace) == after
    workspace.undo()
    assert fingerprint(workspace) == before


def test_undo_works_after_the_store_was_closed(workspace: Workspace) -> None:
    workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    path, clock = workspace.path, workspace.clock
    workspace.close()
    with Workspace.open(path, clock) as again:
        again.undo()
        assert count(again, "SELECT count(*) FROM person") == 0
    with Workspace.open(path, clock) as again:
        again.redo()
        assert count(again, "SELECT count(*) FROM person") == 1


def test_an_older_deed_is_undone_where_nobody_touched_its_rows(workspace: Workspace) -> None:
    first = workspace.write(phrase("First"), lambda s: makers.person(s, NOON, "Первый").id)
    workspace.write(phrase("Second"), lambda s: makers.person(s, NOON, "Второй").id)
    workspace.undo(first.deed)
    assert workspace.read(lambda s: s.scalars(select(Person.family_name)).all()) == ["Второй"]


def test_a_deed_whose_rows_changed_later_is_refused_and_the_reason_named(workspace: Workspace) -> None:
    added = workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    workspace.write(phrase("Move to {city}", city="Казань"), bulk)
    with pytest.raises(UndoRefused) as refusal:
        workspace.undo(added.deed)
    assert "Move to Казань" in refusal.value.text()
    workspace.undo()
    workspace.undo(added.deed)
    assert count(workspace, "SELECT count(*) FROM person") == 0


def test_a_deed_that_took_itself_back_is_undone_and_redone_like_any(workspace: Workspace) -> None:
    workspace.write(phrase("Other"), lambda s: makers.person(s, NOON).id)
    workspace.undo()
    workspace.redo()

    def verb(session: Session) -> None:
        session.delete(makers.tag(session, "клуб"))

    both = workspace.write(phrase("There and back"), verb)
    workspace.undo(1)
    before = fingerprint(workspace)
    turned = workspace.undo(both.deed)
    assert workspace.redo().label == turned.label == phrase("There and back")
    assert fingerprint(workspace) == before
    assert workspace.read(lambda s: journal_chain.verify_chain(s.connection())) is None
    assert workspace.read(lambda s: journal_chain.first_gap(s.connection())) is None
    assert workspace.write(phrase("After"), lambda s: makers.person(s, NOON).id).deed


def test_a_refusal_and_its_reason_outlast_a_restart(workspace: Workspace) -> None:
    added = workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    workspace.write(phrase("Move to {city}", city="Казань"), bulk)
    path, clock = workspace.path, workspace.clock
    workspace.close()
    with Workspace.open(path, clock) as again:
        before = fingerprint(again)
        with pytest.raises(UndoRefused) as refusal:
            again.undo(added.deed)
        assert "Move to Казань" in refusal.value.text()
        assert fingerprint(again) == before


def test_a_deed_is_refused_when_a_later_row_hangs_on_one_it_made(workspace: Workspace) -> None:
    added = workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    workspace.write(
        phrase("Came in"),
        lambda s: makers.attendance(s, makers.event(s, NOON), s.scalars(select(Person)).one()).id,
    )
    with pytest.raises(UndoRefused) as refusal:
        workspace.undo(added.deed)
    assert "Came in" in refusal.value.text()
    assert count(workspace, "SELECT count(*) FROM attendance") == 1


def test_redo_is_gone_once_something_else_was_done(workspace: Workspace) -> None:
    workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    workspace.undo()
    workspace.write(phrase("Other"), lambda s: makers.tag(s, "тег").id)
    with pytest.raises(NothingToRedo):
        workspace.redo()


def test_undoing_everything_ends_with_nothing_to_undo(workspace: Workspace) -> None:
    empty = fingerprint(workspace)
    for number in range(3):
        workspace.write(phrase("Add"), lambda s, n=number: makers.person(s, NOON, f"Человек{n}").id)
    for _ in range(3):
        workspace.undo()
    assert fingerprint(workspace) == empty
    with pytest.raises(NothingToUndo):
        workspace.undo()
    for _ in range(3):
        workspace.redo()
    assert count(workspace, "SELECT count(*) FROM person") == 3


def test_a_consent_is_undone_by_a_row_that_says_it_was_a_mistake(workspace: Workspace) -> None:
    person = workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id).value

    def consent(session: Session) -> None:
        session.add(Consent(person_id=person, purpose="messages", status="given", on=NOON.date(), entered_at=NOON))

    workspace.write(phrase("Consent"), consent)
    workspace.undo()
    rows = workspace.read(lambda s: s.execute(select(Consent.status, Consent.corrects_id).order_by(Consent.id)).all())
    assert [tuple(row) for row in rows] == [("given", None), ("entered_by_mistake", 1)]


def test_search_scores_and_totals_follow_in_the_same_deed(workspace: Workspace) -> None:
    def verb(session: Session) -> None:
        who = makers.person(session, NOON, "Ёлкин", "Семён")
        makers.phone(session, who)
        makers.attendance(session, makers.event(session, NOON), who)

    workspace.write(phrase("Come"), verb)
    assert count(workspace, "SELECT count(*) FROM person_search WHERE person_search MATCH 'names:елк*'") == 1
    assert count(workspace, "SELECT count(*) FROM person_search WHERE person_search MATCH 'digits:10000*'") == 1
    assert count(workspace, "SELECT attended FROM person_score") == 1
    assert count(workspace, "SELECT came_registered FROM event_totals") == 1
    workspace.undo()
    assert count(workspace, "SELECT count(*) FROM person_search WHERE person_search MATCH 'елк*'") == 0
    assert count(workspace, "SELECT count(*) FROM person_score") == 0
    assert count(workspace, "SELECT count(*) FROM stale_person") == 0


def test_labels_are_translated_when_shown(workspace: Workspace) -> None:
    label = phrase_plural("{count} person", "{count} people", 5)
    assert journal.unpack(*journal.pack(label)) == label


def test_listeners_hear_which_tables_a_deed_touched(workspace: Workspace) -> None:
    heard: list[frozenset[str]] = []
    workspace.changed.append(heard.append)
    workspace.write(phrase("Add"), lambda s: makers.phone(s, makers.person(s, NOON)).id)
    workspace.undo()
    assert heard == [{"person", "contact_point"}, {"person", "contact_point"}]


def test_deed_headers_are_chained(workspace: Workspace) -> None:
    for name in ("А", "Б"):
        workspace.write(phrase("Add"), lambda s, n=name: makers.person(s, NOON, n).id)
    deeds = workspace.read(lambda s: s.scalars(select(Deed).order_by(Deed.id)).all())
    assert deeds[1].previous_hash == deeds[0].hash
    again = journal.header_hash(
        deeds[0].hash, deeds[1].uid, "do", "Add", deeds[1].at, deeds[1].first_change or 0, deeds[1].last_change or 0
    )
    assert again == deeds[1].hash


def test_bulk_inserts_are_undone_as_one(workspace: Workspace) -> None:
    rows = [
        {"uid": f"u{n}", "family_name": f"Ф{n}", "search_names": f"ф{n}", "created_at": NOON, "changed_at": NOON}
        for n in range(500)
    ]
    workspace.write(phrase("Import"), lambda s: s.execute(insert(Person), rows))
    workspace.undo()
    assert count(workspace, "SELECT count(*) FROM person") == 0
    assert workspace.read(lambda s: s.scalars(select(ContactPoint)).all()) == []
    assert workspace.read(lambda s: s.scalars(select(Attendance)).all()) == []


def in_force(workspace: Workspace) -> list[str]:
    mistaken = select(Consent.corrects_id).where(Consent.corrects_id.is_not(None))
    stands = select(Consent.status).where(Consent.status != "entered_by_mistake", Consent.id.not_in(mistaken))
    return workspace.read(lambda s: list(s.scalars(stands)))


def give_consent(session: Session) -> None:
    agreed = ConsentText(purpose="messages", version="1", text="Согласен", sha256="0" * 64)
    session.add(agreed)
    session.flush()
    given = {"status": "given", "on": NOON.date(), "entered_at": NOON, "text_id": agreed.id}
    session.add(Consent(person_id=1, purpose="messages", **given))


def test_a_consent_turned_back_and_forth_stands_or_not_and_holds_nobody(workspace: Workspace) -> None:
    empty = fingerprint(workspace)
    workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    workspace.write(phrase("Consent"), give_consent)
    for _ in range(2):
        workspace.undo()
        assert in_force(workspace) == []
        workspace.redo()
        assert in_force(workspace) == ["given"]
    with pytest.raises(UndoRefused):
        workspace.undo(1)
    workspace.undo()
    workspace.undo()
    assert count(workspace, "SELECT count(*) FROM person") == 0
    after = fingerprint(workspace)
    assert {name for name in empty if after[name] != empty[name]} == {"consent_text"}
    workspace.redo()
    workspace.redo()
    assert in_force(workspace) == ["given"]


def test_a_deed_is_refused_when_a_later_one_took_away_what_its_rows_lean_on(workspace: Workspace) -> None:
    def start(session: Session) -> None:
        company = makers.organisation(session, NOON)
        makers.person(session, NOON, organisation_id=company.id)

    workspace.write(phrase("Start"), start)
    left = workspace.write(phrase("Left"), lambda s: s.execute(update(Person).values(organisation_id=None)))
    workspace.write(phrase("Closed down"), set_null)
    before = fingerprint(workspace)
    with pytest.raises(UndoRefused) as refusal:
        workspace.undo(left.deed)
    assert "Closed down" in refusal.value.text()
    assert fingerprint(workspace) == before


def test_a_deed_stays_while_a_later_undo_would_need_what_it_made(workspace: Workspace) -> None:
    gathering = workspace.write(phrase("Event"), lambda s: makers.event(s, NOON).id).value
    added = workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)

    def come(session: Session) -> None:
        makers.attendance(session, session.get_one(Event, gathering), session.get_one(Person, added.value))

    workspace.write(phrase("Came in"), come)
    gone = workspace.write(phrase("Called off"), lambda s: s.execute(delete(Event)))
    with pytest.raises(UndoRefused) as refusal:
        workspace.undo(added.deed)
    assert "Called off" in refusal.value.text()
    assert workspace.undo().deed > (gone.deed or 0)


def test_a_word_taken_again_later_is_named_in_the_refusal(workspace: Workspace) -> None:
    workspace.write(phrase("Tag"), lambda s: makers.tag(s, "клуб").id)
    removed = workspace.write(phrase("Remove"), lambda s: s.execute(delete(Tag)))
    workspace.write(phrase("Once more"), lambda s: makers.tag(s, "клуб").id)
    with pytest.raises(UndoRefused) as refusal:
        workspace.undo(removed.deed)
    assert "Once more" in refusal.value.text()


def test_two_rows_that_exchanged_unique_words_go_back(workspace: Workspace) -> None:
    workspace.write(phrase("Tags"), lambda s: (makers.tag(s, "а").id, makers.tag(s, "б").id))
    before = fingerprint(workspace)

    def exchange(session: Session) -> None:
        for old, new in (("а", "в"), ("б", "а"), ("в", "б")):
            session.execute(update(Tag).where(Tag.search_name == old).values(search_name=new))

    workspace.write(phrase("Exchange"), exchange)
    workspace.undo()
    assert fingerprint(workspace) == before
