"""Bringing people in: nobody twice, nobody joined by mistake, every row accounted for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from crm.i18n import phrase
from crm.importing.errors import EmptyFile
from crm.importing.rows import CARD, Entry, ExtraProperty, ImportedContact, ImportedPerson, Place, Reject, Source
from crm.importing.sources import open_sources
from crm.models import (
    Consent,
    ContactPoint,
    MergedPerson,
    NotDuplicate,
    Organisation,
    Person,
    PersonTag,
    PossibleDuplicate,
)
from crm.partial_date import PartialDate
from crm.services import importing
from crm.services.importing_rows import ImportOutcome
from crm.store.workspace import Workspace
from tests.conftest import NOON


def row(number: int = 1, **fields: object) -> ImportedPerson:
    return ImportedPerson(Place(CARD, number), **fields)  # type: ignore[arg-type]


def phone(raw: str) -> tuple[ImportedContact, ...]:
    return (ImportedContact("phone", raw),)


def email(raw: str) -> tuple[ImportedContact, ...]:
    return (ImportedContact("email", raw),)


def bring(workspace: Workspace, entries: Iterable[Entry], name: str = "list.vcf") -> ImportOutcome:
    source = Source(name, "vcard", "utf-8", "0" * 64, tuple(entries))
    return workspace.write(phrase("Import"), lambda s: importing.import_people(s, [source], workspace.clock)).value


def people(workspace: Workspace) -> list[tuple[str, str]]:
    return workspace.read(
        lambda s: [
            (family, given)
            for family, given in s.execute(select(Person.family_name, Person.given_name).order_by(Person.id))
        ]
    )


def counts(outcome: ImportOutcome) -> tuple[int, int, int, int]:
    return outcome.added, outcome.updated, outcome.unchanged, outcome.rejected


def test_the_same_file_twice_adds_nothing(workspace: Workspace) -> None:
    rows = [
        row(1, family_name="Щёголев", given_name="Пётр", contacts=phone("8 (900) 000-00-61"), tags=("BI",)),
        row(2, full_name="Анна Ким"),
        row(3, full_name="Анна Ким"),
        row(4, organisation="ООО «Ладога»", kind="company"),
        row(5, uid="u-5", given_name="Вера", note="любит кофе", birthday=PartialDate(2, 29)),
    ]
    assert counts(bring(workspace, rows)) == (5, 0, 0, 0)
    assert counts(bring(workspace, rows)) == (0, 0, 5, 0)
    assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM deed")).scalar()) == 1


def test_one_undo_takes_the_whole_import_back(workspace: Workspace) -> None:
    bring(workspace, [row(n, full_name=f"Человек {n}", contacts=phone(f"+7900000{n:04}")) for n in range(1, 50)])
    workspace.undo()
    assert people(workspace) == []
    assert workspace.read(lambda s: s.scalar(select(func.count()).select_from(ContactPoint))) == 0


def test_one_phone_in_two_spellings_is_one_person(workspace: Workspace) -> None:
    bring(workspace, [row(1, full_name="Иван Петров", contacts=phone("8 900 000-00-41"))])
    outcome = bring(workspace, [row(1, full_name="Петров Иван", contacts=phone("+7(900)0000041"), city="Тула")])
    assert counts(outcome) == (0, 1, 0, 0)
    assert workspace.read(lambda s: s.scalar(select(Person.city))) == "Тула"


def test_two_people_may_share_an_email_and_the_second_is_marked(workspace: Workspace) -> None:
    rows = [
        row(1, full_name="Иван Петров", contacts=email("family@example.com")),
        row(2, full_name="Мария Петрова", contacts=email("Family@Example.com")),
    ]
    assert counts(bring(workspace, rows)) == (2, 0, 0, 0)
    pair = workspace.read(lambda s: s.execute(select(PossibleDuplicate.person_id, PossibleDuplicate.reason)).one())
    assert tuple(pair) == (1, "same_email")
    assert counts(bring(workspace, rows)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    "name", ["Саша Иванова", "Aleksandra Ivanova", "А. Иванова", "Иванова Александра", "Александра"]
)
def test_names_that_do_not_contradict_join_by_a_shared_contact(workspace: Workspace, name: str) -> None:
    bring(workspace, [row(1, full_name="Александра Иванова", contacts=phone("+79000000077"))])
    assert bring(workspace, [row(1, full_name=name, contacts=phone("+79000000077"))]).added == 0


def test_a_name_and_a_birthday_alone_never_join(workspace: Workspace) -> None:
    birthday = PartialDate(5, 9, 1990)
    bring(workspace, [row(1, full_name="Иван Петров", birthday=birthday, contacts=phone("+79000000001"))])
    outcome = bring(workspace, [row(1, full_name="Иван Петров", birthday=birthday, contacts=phone("+79000000002"))])
    assert outcome.added == 1


def test_namesakes_without_contacts_stay_two(workspace: Workspace) -> None:
    outcome = bring(workspace, [row(1, full_name="Анна Ким"), row(2, full_name="Анна Ким")])
    assert outcome.added == 2
    longer = [row(n, full_name="Анна Ким") for n in (1, 2, 3)]
    assert counts(bring(workspace, longer)) == (1, 0, 2, 0)


def test_what_a_person_typed_is_not_overwritten_and_nothing_is_lost(workspace: Workspace) -> None:
    bring(workspace, [row(1, full_name="Иван Петров", job_title="аналитик", contacts=phone("+79000000001"))])
    change = [row(1, full_name="Иван Петров", job_title="директор", contacts=phone("+79000000001"))]
    assert counts(bring(workspace, change, "new.csv")) == (0, 1, 0, 0)
    title, note = workspace.read(lambda s: s.execute(select(Person.job_title, Person.note)).one())
    assert title == "аналитик"
    assert note == "Должность: директор (new.csv)"
    assert counts(bring(workspace, change, "new.csv")) == (0, 0, 1, 0)


def test_a_newer_card_of_the_same_uid_replaces(workspace: Workspace) -> None:
    old = row(1, uid="x", full_name="Иван Петров", city="Тула", revised_at=datetime(2025, 1, 1, tzinfo=UTC))
    new = row(2, uid="x", full_name="Иван Петров", city="Пермь", revised_at=datetime(2025, 6, 1, tzinfo=UTC))
    assert counts(bring(workspace, [old, new])) == (1, 1, 0, 0)
    assert workspace.read(lambda s: s.scalar(select(Person.city))) == "Пермь"
    assert counts(bring(workspace, [old, new])) == (0, 1, 1, 0)
    assert counts(bring(workspace, [old, new])) == (0, 0, 2, 0)
    assert workspace.read(lambda s: s.scalar(select(Person.city))) == "Пермь"


def test_what_has_no_column_goes_into_the_note_and_is_kept_verbatim(workspace: Workspace) -> None:
    strange = ExtraProperty("item1", "X-SHOE-SIZE", "TYPE=eu", "42")
    bring(workspace, [row(1, full_name="Ян", extra=(strange,), extra_columns=(("Размер", "M"), ("", "=1+1")))])
    assert workspace.read(lambda s: s.scalar(select(Person.note))) == "Размер: M\n=1+1"
    kept = workspace.read(
        lambda s: tuple(s.execute(text("SELECT group_name, name, parameters, value FROM extra_property")).one())
    )
    assert kept == ("item1", "X-SHOE-SIZE", "TYPE=eu", "42")


def test_organisations_and_tags_are_not_doubled_by_case_or_quotes(workspace: Workspace) -> None:
    bring(
        workspace,
        [
            row(1, full_name="А Б", organisation="ООО «Ладога Банк»", tags=("Спикер",)),
            row(2, full_name="В Г", organisation="Ладога банк", tags=("спикер", "СПИКЕР")),
        ],
    )
    assert workspace.read(lambda s: s.scalar(select(func.count()).select_from(Organisation))) == 1
    assert workspace.read(lambda s: s.scalar(select(func.count()).select_from(PersonTag))) == 2


def test_a_consent_column_becomes_a_consent_with_its_proof(workspace: Workspace) -> None:
    answer = (("Согласие на рассылку", "Да"),)
    bring(workspace, [row(1, full_name="Ян Ли", contacts=phone("+79000000001"), consents=answer)])
    found = workspace.read(lambda s: s.execute(select(Consent.purpose, Consent.status, Consent.proof)).one())
    assert tuple(found) == ("messages", "given", "Согласие на рассылку: Да")
    bring(workspace, [row(1, full_name="Ян Ли", contacts=phone("+79000000001"), consents=answer)])
    assert workspace.read(lambda s: s.scalar(select(func.count()).select_from(Consent))) == 1


def test_a_value_over_its_limit_is_a_named_reject(workspace: Workspace) -> None:
    outcome = bring(workspace, [row(1, family_name="И" * 201), row(2, family_name="Иванов")])
    assert counts(outcome) == (1, 0, 0, 1)
    assert outcome.files[0].rejected[0].code == "too_long"
    assert "200" in outcome.files[0].rejected[0].message


def test_every_row_is_accounted_for(workspace: Workspace) -> None:
    entries: list[Entry] = [
        row(1, full_name="Ян"),
        Reject(Place(CARD, 2), "no_name_or_contact"),
        row(3, full_name="Ян"),
    ]
    file = bring(workspace, entries).files[0]
    assert file.read == 3
    assert [reject.where for reject in file.rejected] == ["card 2"]


def test_a_file_that_breaks_off_changes_nothing(workspace: Workspace) -> None:
    def broken() -> Iterable[Entry]:
        yield row(1, full_name="Ян")
        raise EmptyFile(file="x.vcf")

    with pytest.raises(EmptyFile):
        workspace.write(
            phrase("Import"),
            lambda s: importing.import_people(s, [Source("x", "vcard", "", "", broken())], workspace.clock),
        )
    assert people(workspace) == []


def test_imported_people_are_found_at_once(workspace: Workspace) -> None:
    bring(workspace, [row(1, full_name="Семён Ёлкин", contacts=phone("+79000000001"))])

    def hits(session: Session) -> int:
        found = session.execute(text("SELECT count(*) FROM person_search WHERE person_search MATCH 'елк*'")).scalar()
        return int(found or 0)

    assert workspace.read(hits) == 1


def test_a_row_of_an_undone_import_comes_in_anew(workspace: Workspace) -> None:
    rows = [row(1, full_name="Анна Ким")]
    bring(workspace, rows)
    workspace.undo()
    assert counts(bring(workspace, rows)) == (1, 0, 0, 0)


def test_progress_is_told_after_every_batch(workspace: Workspace) -> None:
    told: list[int] = []
    source = Source("x", "vcard", "", "", [row(n, full_name=f"Ч{n}") for n in range(1, 4_101)])
    workspace.write(
        phrase("Import"),
        lambda s: importing.import_people(s, [source], workspace.clock, lambda step, _: told.append(step)),
    )
    assert told == [2000, 4000, 4100]
    assert workspace.clock() == NOON


def test_a_photo_is_kept_small_and_once_and_a_damaged_one_is_named(workspace: Workspace) -> None:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (2000, 1000), "navy").save(file, "PNG")
    rows = [
        row(1, full_name="Ян Ли", contacts=phone("+79000000001"), photo=file.getvalue()),
        row(2, full_name="Ия Ю", contacts=phone("+79000000002"), photo=b"not a picture"),
    ]
    outcome = bring(workspace, rows)
    assert counts(outcome) == (2, 0, 0, 0)
    assert [notice.name for notice in outcome.files[0].notices] == ["Ия Ю"]
    assert counts(bring(workspace, rows)) == (0, 0, 2, 0)
    content = workspace.read(lambda s: s.execute(text("SELECT content FROM attachment_content")).scalar_one())
    assert max(Image.open(BytesIO(content)).size) <= 512
    workspace.undo()
    assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM attachment")).scalar()) == 0


def values(workspace: Workspace, statement: str) -> list[object]:
    return workspace.read(lambda s: list(s.execute(text(statement)).scalars()))


def test_a_phone_without_a_name_takes_one_name_and_no_second(workspace: Workspace) -> None:
    rows = [
        row(1, contacts=phone("+79000000001")),
        row(2, full_name="Иван Петров", contacts=phone("+79000000001")),
        row(3, full_name="Мария Сидорова", contacts=phone("+79000000001")),
    ]
    assert counts(bring(workspace, rows)) == (2, 1, 0, 0)
    assert people(workspace) == [("Петров", "Иван"), ("Сидорова", "Мария")]


@pytest.mark.parametrize("between", [0, importing.BATCH])
def test_contradicting_names_on_one_phone_stay_two_in_a_batch_and_across(workspace: Workspace, between: int) -> None:
    rows = [
        row(1, full_name="Иван Петров", contacts=phone("+79000000001")),
        *(row(n, full_name="Ян Ли", contacts=email(f"p{n}@example.com")) for n in range(2, between + 2)),
        row(between + 2, full_name="Мария Сидорова", contacts=phone("8 900 000 00 01")),
        row(between + 3, full_name="Петров Иван", contacts=phone("9000000001")),
    ]
    assert counts(bring(workspace, rows)) == (between + 2, 0, 1, 0)
    assert counts(bring(workspace, rows)) == (0, 0, between + 3, 0)


def test_the_number_of_an_office_makes_nobody_a_double(workspace: Workspace) -> None:
    names = ["Петров", "Сидоров", "Кузнецов", "Волков", "Зайцев", "Медведев", "Лисицын", "Орлов", "Соколов", "Бобров"]
    rows = [row(n, full_name=f"Иван {name}", contacts=phone("+74950000001")) for n, name in enumerate(names, 1)]
    assert bring(workspace, rows).added == 10
    pairs = len(values(workspace, "SELECT id FROM possible_duplicate"))
    assert pairs == 15
    assert counts(bring(workspace, rows)) == (0, 0, 10, 0)
    assert len(values(workspace, "SELECT id FROM possible_duplicate")) == pairs


def test_two_said_to_be_two_are_not_asked_about_again(workspace: Workspace) -> None:
    rows = [
        row(1, full_name="Иван Петров", contacts=phone("+79000000001")),
        row(2, full_name="Мария Сидорова", contacts=phone("+79000000001")),
    ]
    bring(workspace, rows)

    def told(session: Session) -> None:
        session.execute(text("DELETE FROM possible_duplicate"))
        session.add(NotDuplicate(person_id=1, other_id=2))

    workspace.write(phrase("Two"), told)
    assert counts(bring(workspace, rows)) == (0, 0, 2, 0)
    assert values(workspace, "SELECT id FROM possible_duplicate") == []


def delete_person(workspace: Workspace, number: int = 1) -> None:
    workspace.write(
        phrase("Delete"), lambda s: s.execute(update(Person).where(Person.id == number).values(deleted_at=NOON))
    )


@pytest.mark.parametrize(
    "fields",
    [{"uid": "u-1"}, {"uid": "u-1", "contacts": phone("+79000000001")}, {}, {"contacts": phone("+79000000001")}],
)
def test_a_deleted_person_comes_in_anew_and_only_once(workspace: Workspace, fields: dict[str, Any]) -> None:
    rows = [row(1, full_name="Иван Петров", **fields)]
    bring(workspace, rows)
    delete_person(workspace)
    assert counts(bring(workspace, rows)) == (1, 0, 0, 0)
    assert counts(bring(workspace, rows)) == (0, 0, 1, 0)
    uids = values(workspace, "SELECT uid FROM person")
    assert len(set(uids)) == 2


def test_a_uid_merged_into_a_deleted_person_leads_to_nobody(workspace: Workspace) -> None:
    bring(workspace, [row(1, full_name="Иван Петров")])
    gone = MergedPerson(old_uid="old", old_id=9, person_id=1, merged_at=NOON)
    workspace.write(phrase("Merge"), lambda s: s.add(gone))
    delete_person(workspace)
    assert counts(bring(workspace, [row(1, uid="old", full_name="Иван Петров")])) == (1, 0, 0, 0)


def test_a_uid_longer_than_ours_is_still_known_again(workspace: Workspace) -> None:
    rows = [row(1, uid="u" * 300, full_name="Иван Петров")]
    assert counts(bring(workspace, rows)) == (1, 0, 0, 0)
    assert counts(bring(workspace, [row(1, uid="u" * 300, full_name="Иван Петров", city="Тула")])) == (0, 1, 0, 0)
    assert counts(bring(workspace, rows)) == (0, 0, 1, 0)
    assert len(str(values(workspace, "SELECT uid FROM person")[0])) <= 64


def test_one_uid_for_everybody_in_a_file_joins_nobody(workspace: Workspace) -> None:
    rows = [
        row(1, uid="1", full_name="Иван Петров"),
        row(2, uid="1", full_name="Мария Сидорова"),
        row(3, uid="1", full_name="Анна Ким", contacts=phone("+79000000001")),
    ]
    assert counts(bring(workspace, rows)) == (3, 0, 0, 0)
    assert counts(bring(workspace, rows)) == (0, 0, 3, 0)


def test_the_same_row_thrice_is_one_person_with_a_contact_and_three_without(workspace: Workspace) -> None:
    reachable = [row(n, full_name="Анна Ким", contacts=phone("+79000000001")) for n in (1, 2, 3)]
    assert counts(bring(workspace, reachable)) == (1, 0, 2, 0)
    silent = [row(n, full_name="Вера Ли") for n in (1, 2, 3)]
    assert counts(bring(workspace, silent)) == (3, 0, 0, 0)
    assert counts(bring(workspace, silent)) == (0, 0, 3, 0)


def test_two_files_of_one_import_join(workspace: Workspace) -> None:
    sources = [
        Source("a.vcf", "vcard", "", "", [row(1, full_name="Ян Ли", contacts=phone("+79000000001"))]),
        Source("b.csv", "table", "", "", [row(1, full_name="Ян Ли", contacts=phone("89000000001"), tags=("клуб",))]),
    ]
    outcome = workspace.write(phrase("Import"), lambda s: importing.import_people(s, sources, workspace.clock)).value
    assert [(file.added, file.updated) for file in outcome.files] == [(1, 0), (0, 1)]
    workspace.undo()
    assert people(workspace) == []
    assert values(workspace, "SELECT id FROM tag") == []


def test_archived_people_are_met_and_stay_archived(workspace: Workspace) -> None:
    rows = [row(1, full_name="Ян Ли", contacts=phone("+79000000001"))]
    bring(workspace, rows)
    workspace.write(phrase("Archive"), lambda s: s.execute(update(Person).values(archived_at=NOON)))
    assert counts(bring(workspace, rows)) == (0, 0, 1, 0)
    assert values(workspace, "SELECT count(*) FROM person WHERE archived_at IS NOT NULL") == [1]


@pytest.mark.parametrize(
    "fields",
    [
        {"organisation": "О" * 201},
        {"tags": ("т" * 300,)},
        {"note": "н" * 200_001},
        {"extra_columns": (("Ответ", "н" * 200_000),)},
        {"job_title": "д" * 201},
        {"prefix": "п" * 101},
    ],
)
def test_over_a_limit_a_row_is_rejected_by_name_and_leaves_nothing(
    workspace: Workspace, fields: dict[str, Any]
) -> None:
    outcome = bring(workspace, [row(1, full_name="Ян Ли", **fields)])
    assert counts(outcome) == (0, 0, 0, 1)
    assert outcome.files[0].rejected[0].code == "too_long"
    assert values(workspace, "SELECT count(*) FROM change") == [0]


def test_a_note_that_grows_over_its_limit_is_a_reject_and_the_person_stays(workspace: Workspace) -> None:
    bring(workspace, [row(1, full_name="Ян Ли", contacts=phone("+79000000001"), note="а" * 150_000)])
    more = row(1, full_name="Ян Ли", contacts=phone("+79000000001"), note="б" * 60_000, organisation="Ладога")
    assert counts(bring(workspace, [more])) == (0, 0, 0, 1)
    assert values(workspace, "SELECT length(note) FROM person") == [150_000]
    assert values(workspace, "SELECT id FROM organisation") == []


def test_a_contact_too_long_to_be_one_is_whole_in_the_note_with_a_notice(workspace: Workspace) -> None:
    link, label = "https://example.com/" + "a" * 600, "л" * 250
    contacts = (ImportedContact("site", link), ImportedContact("email", "ya@example.com", label))
    outcome = bring(workspace, [row(1, full_name="Ян Ли", contacts=contacts, birthday_text="х" * 300)])
    assert counts(outcome) == (1, 0, 0, 0)
    assert [notice.code for notice in outcome.files[0].notices] == ["contact_in_note", "contact_in_note"]
    note = str(values(workspace, "SELECT note FROM person")[0])
    assert {link, f"ya@example.com ({label})", "х" * 300} <= {line.partition(": ")[2] for line in note.split("\n")}


def test_a_note_that_is_part_of_a_longer_word_is_not_taken_for_known(workspace: Workspace) -> None:
    contacts = phone("+79000000001")
    bring(workspace, [row(1, full_name="Ян Ли", contacts=contacts, note="всегда приходит")])
    bring(workspace, [row(1, full_name="Ян Ли", contacts=contacts, note="да")])
    assert values(workspace, "SELECT note FROM person") == ["всегда приходит\nда"]


def test_a_full_name_that_says_more_than_its_parts_is_kept(workspace: Workspace) -> None:
    bring(workspace, [row(1, full_name="Маша йога", family_name="Иванова", given_name="Мария")])
    bring(workspace, [row(2, full_name="Ли Я. П.", family_name="Ли", given_name="Ян", additional_name="Петрович")])
    assert values(workspace, "SELECT note FROM person") == ["Имя полностью: Маша йога", ""]


def test_a_name_in_the_wrong_column_is_not_doubled(workspace: Workspace) -> None:
    bring(workspace, [row(1, given_name="Пётр", contacts=phone("+79000000001"))])
    bring(workspace, [row(1, family_name="Пётр", contacts=phone("+79000000001"))])
    assert people(workspace) == [("", "Пётр")]


def test_two_birthdays_no_calendar_has_are_both_kept(workspace: Workspace) -> None:
    for told in ("31 июня", "в мае"):
        bring(workspace, [row(1, full_name="Ян Ли", contacts=phone("+79000000001"), birthday_text=told)])
    assert values(workspace, "SELECT birthday_text || '|' || note FROM person") == [
        "31 июня|День рождения: в мае (list.vcf)"
    ]


def test_the_29th_of_february_is_a_birthday(workspace: Workspace) -> None:
    known = phone("+79000000001")
    bring(workspace, [row(1, full_name="Ян Ли", birthday=PartialDate(2, 29), contacts=known)])
    bring(workspace, [row(1, full_name="Ян Ли", birthday=PartialDate(2, 29, 2000), contacts=known)])
    assert values(workspace, "SELECT birth_day || '.' || birth_month || '.' || birth_year FROM person") == ["29.2.2000"]


@pytest.mark.parametrize("last", ["refused", "withdrawn"])
def test_a_list_does_not_give_back_a_consent_that_was_taken_back(workspace: Workspace, last: str) -> None:
    answer = (("Согласие на рассылку", "Да"),)
    rows = [row(1, full_name="Ян Ли", contacts=phone("+79000000001"), consents=answer)]
    bring(workspace, rows)
    taken_back = {"purpose": "messages", "status": last, "on": NOON.date(), "entered_at": NOON}
    workspace.write(phrase("Back"), lambda s: s.add(Consent(person_id=1, **taken_back)))
    assert counts(bring(workspace, rows)) == (0, 1, 0, 0)
    assert counts(bring(workspace, rows)) == (0, 0, 1, 0)
    assert values(workspace, "SELECT status FROM consent ORDER BY id") == ["given", last]
    assert values(workspace, "SELECT note FROM person") == ["Согласие на рассылку: Да (list.vcf)"]


def test_an_organisation_that_contradicts_is_kept_beside_and_not_made(workspace: Workspace) -> None:
    bring(workspace, [row(1, full_name="Ян Ли", contacts=phone("+79000000001"), organisation="Ладога")])
    bring(workspace, [row(1, full_name="Ян Ли", contacts=phone("+79000000001"), organisation="Нева")])
    assert values(workspace, "SELECT name FROM organisation") == ["Ладога"]
    assert values(workspace, "SELECT note FROM person") == ["Организация: Нева (list.vcf)"]


def test_a_file_whose_name_is_no_text_comes_in(workspace: Workspace) -> None:
    name = "спи\udcffсок\u202e\x00.vcf"
    rows = [row(1, full_name="Ян Ли")]
    source = Source(name, "vcard", "", "", rows)
    label = phrase("Import of {file}", file=name)
    outcome = workspace.write(label, lambda s: importing.import_people(s, [source], workspace.clock)).value
    shown = outcome.files[0].file
    assert shown == "спи\N{REPLACEMENT CHARACTER}сок.vcf"
    assert values(workspace, "SELECT name FROM import_file") == [shown]
    assert workspace.undo().label.arguments == {"file": shown}


HOSTILE = "NOTE:\x00\x07\u202e\u200b\ufffe конец"


def test_signs_nobody_sees_come_in_harmless(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "list.vcf"
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ян\x00 Ли\u202e\r\nUID:\x00u\r\n{HOSTILE}\r\n"
    card += "X-A;X=\x01:\x02\r\nCATEGORIES:\x0b\r\n"
    file.write_bytes(card.encode() + b"ORG:\xff\xfe\xed\xa0\x80\r\nTEL:+7\x009000000001\r\nEND:VCARD\r\n")

    def verb(session: Session) -> ImportOutcome:
        opened = open_sources([file], None, importing.silent, workspace.clock)
        return importing.import_people(session, opened, workspace.clock)

    assert workspace.write(phrase("Import"), verb).value.added == 1
    stored = workspace.read(
        lambda s: [
            str(value)
            for table in ("person", "contact_point", "organisation", "tag", "extra_property")
            for found in s.execute(text(f"SELECT * FROM {table}"))
            for value in found
            if isinstance(value, str)
        ]
    )
    assert not [value for value in stored if {"\x00", "\x01", "\x02", "\x07", "\u202e", "\u200b"} & set(value)]
    workspace.undo()
    assert people(workspace) == []
