"""Bringing people in: nobody twice, nobody joined by mistake, every row accounted for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from crm.i18n import phrase
from crm.importing.errors import EmptyFile
from crm.importing.rows import CARD, Entry, ExtraProperty, ImportedContact, ImportedPerson, Place, Reject, Source
from crm.models import (
    Consent,
    ContactPoint,
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
            tuple(found) for found in s.execute(select(Person.family_name, Person.given_name).order_by(Person.id))
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
