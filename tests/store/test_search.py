"""A person is found however typed; the reason is known; nothing typed breaks the search."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import text
from crm.services import people_editing
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.services.people_order import PeopleMemory, Sort, ordered
from crm.store.search import NameWords, Order, find


@pytest.fixture
def community(deed, clock):
    """Names → ids of a few people who are hard to find."""
    drafts = {
        "Иванов": named_draft("Иванов Иван Петрович", PersonDraft(city="Казань", organisation="Ладога Банк")),
        "Ёлкин": named_draft("Семён Ёлкин", PersonDraft(contacts=(ContactDraft("phone", "8 (900) 000-41-17"),))),
        "Щербакова": named_draft("Щербакова Александра", PersonDraft(tags=("спикер",))),
        "Ржевская": named_draft("Алёна Константинопольская-Ржевская"),
        "Smith": named_draft(
            "John Smith",
            PersonDraft(
                contacts=(ContactDraft("telegram", "@john_primer"), ContactDraft("email", "JS@primer.example"))
            ),
        ),
        "Саша": PersonDraft(given_name="Саша", nickname="Шурик", note="любит отчёты"),
        "Юсупова": named_draft("Юсупова Гульнара", PersonDraft(contacts=(ContactDraft("phone", "+7 917 411 70 00"),))),
    }
    return {name: deed(lambda s, d=draft: people_editing.add_person(s, d, clock)) for name, draft in drafts.items()}


@pytest.fixture
def who(workspace, community):
    """Whom a query finds, by the names of the community, in order."""
    by_id = {person_id: name for name, person_id in community.items()}

    def ask(query, **options):
        return [by_id[one] for one in workspace.read(lambda s: find(s, query, **options)).ids]

    return ask


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("иванов", "Иванов"),
        ("ИВАНОВ", "Иванов"),
        ("bdfyjd", "Иванов"),
        ("ivanov", "Иванов"),
        ("иваноы", "Иванов"),
        ("ивпно", "Иванов"),
        ("иавнов", "Иванов"),
        ("ивнов", "Иванов"),
        ("елкин", "Ёлкин"),
        ("ёлкин", "Ёлкин"),
        ("yolkin", "Ёлкин"),
        ("`krby", "Ёлкин"),
        ("elkin", "Ёлкин"),
        ("shcherbakova", "Щербакова"),
        ("sherbakova", "Щербакова"),
        ("ржевская", "Ржевская"),
        ("ржев алё", "Ржевская"),
        ("Ыьшер", "Smith"),
        ("смит", "Smith"),
        ("петрович", "Иванов"),
        ("иван иванов", "Иванов"),
        ("иванов иван", "Иванов"),
        ("ладога", "Иванов"),
        ("казань", "Иванов"),
        ("rfpfym", "Иванов"),
        ("спикер", "Щербакова"),
        ("отчеты", "Саша"),
        ("шурик", "Саша"),
        ("@john", "Smith"),
        ("@john_primer", "Smith"),
        ("https://t.me/john_primer", "Smith"),
        ("js@primer.example", "Smith"),
        ("js@pri", "Smith"),
        ("4117", "Ёлкин"),
        ("41-17", "Ёлкин"),
        ("8900000", "Ёлкин"),
        ("+7 900 000", "Ёлкин"),
        ("+7 (900) 000-41-17", "Ёлкин"),
        ("ёлкин 4117", "Ёлкин"),
    ],
)
def test_a_person_is_found_however_typed(who, query, name) -> None:
    assert who(query) == [name]


def test_a_diminutive_finds_the_full_name_after_the_name_itself(who) -> None:
    assert who("саша") == ["Саша", "Щербакова"]
    assert "Саша" in who("александра")


def test_the_reason_of_a_hit_is_known(workspace, community) -> None:
    def reason(query, name):
        reading = workspace.read(lambda s: find(s, query)).reading(community[name])
        return reading and reading.reason

    assert reason("иван", "Иванов") == ""
    assert reason("bdfyjd", "Иванов") == "layout"
    assert reason("ivanov", "Иванов") == "translit"
    assert reason("ивпнов", "Иванов") == "similar"
    assert reason("саша", "Щербакова") == "diminutive"
    assert reason("", "Иванов") is None


def test_digits_in_the_middle_of_a_phone_are_no_hit(who) -> None:
    """4117 ends Ёлкин's phone and stands in the middle of Юсупова's; 7114 is its end read backwards."""
    assert who("0004") == []
    assert who("7114") == []
    assert who("9174") == ["Юсупова"]


def test_every_word_must_be_found(who) -> None:
    assert who("иванов семён") == []
    assert who("иванов ладога") == ["Иванов"]


def test_typos_are_looked_for_only_when_nothing_is_found(deed, clock, workspace, community) -> None:
    deed(lambda s: people_editing.add_person(s, named_draft("Ивонов Пётр"), clock))
    found = workspace.read(lambda s: find(s, "иванов"))
    assert list(found.ids) == [community["Иванов"]]


def test_a_short_word_has_no_typos(who) -> None:
    assert who("ызж") == []


def test_within_keeps_to_some_people(workspace, community) -> None:
    some = {community["Ёлкин"], community["Smith"]}
    assert list(workspace.read(lambda s: find(s, "иванов", within=some)).ids) == []
    assert list(workspace.read(lambda s: find(s, "елкин", within=some)).ids) == [community["Ёлкин"]]
    assert set(workspace.read(lambda s: find(s, "", within=some)).ids) == some


def test_deleted_people_are_never_found_and_archived_ones_not_in_lists(deed, clock, who, community) -> None:
    deed(lambda s: people_editing.delete_people(s, [community["Иванов"]], clock))
    deed(lambda s: people_editing.archive_people(s, [community["Ёлкин"]], clock))
    assert who("иванов") == []
    assert who("елкин") == []
    assert who("4117") == []
    deed(lambda s: people_editing.archive_people(s, [community["Ёлкин"]], clock, archived=False))
    assert who("елкин") == ["Ёлкин"]


def test_an_undone_name_is_found_no_more(workspace, deed, clock, who, community) -> None:
    deed(lambda s: people_editing.change_field(s, community["Иванов"], "family_name", "Петров", clock))
    assert who("петров") == ["Иванов"]
    workspace.undo()
    assert who("петров") == ["Иванов"], "the patronymic begins so"
    assert who("петров казань") == ["Иванов"]
    assert who("иванов") == ["Иванов"]


def test_an_order_and_no_order_give_the_same_people_in_the_same_order(workspace, community) -> None:
    def both(session):
        order = ordered(session, PeopleMemory(), Sort())
        return [(list(find(session, q, order=order).ids), list(find(session, q).ids)) for q in ("", "а", "и", "с")]

    for with_order, without in workspace.read(both):
        assert with_order == without


def test_later_readings_come_after_earlier_ones(deed, clock, workspace, community) -> None:
    latin = deed(lambda s: people_editing.add_person(s, named_draft("Ivan Abramov"), clock))
    found = workspace.read(lambda s: find(s, "ива"))
    assert list(found.ids) == [community["Иванов"], latin]
    assert found.reading(latin).reason == "translit"


def test_name_words_follow_the_store(workspace, deed, clock, community) -> None:
    names = NameWords()
    assert not len(workspace.read(lambda s: find(s, "крапивин", names=names)))
    person = deed(lambda s: people_editing.add_person(s, named_draft("Крапивин Лев"), clock))
    assert list(workspace.read(lambda s: find(s, "крапевин", names=names)).ids) == [person]


def test_arranging_keeps_to_the_order_and_to_whom_it_knows() -> None:
    from array import array

    order = Order.of(array("q", [7, 3, 9]))
    assert list(order.arrange([9, 7, 4, 1000])) == [7, 9]


@pytest.mark.parametrize(
    "hostile",
    ['"', "'", "*", "иван*", "NEAR(a b)", "a OR b", "-иван", "^иван", "{names}", "names:иван", "()", "%", "_", "\\",
     "') OR 1=1;--", "\x00", "иван\x00ов", "\ud800", "🙂", "ﷺ", "Ⅷ", "a" * 5000, "и " * 3000, "1" * 400, "@", "+", "//",
     "https://", "t.me/", "@@", "ა𐐀Ა", "𞤀𞤁", "中文 名"],
)  # fmt: skip
def test_nothing_typed_breaks_the_search(workspace, community, hostile) -> None:
    workspace.read(lambda s: find(s, hostile))


def test_a_name_comes_before_a_patronymic_and_a_whole_word_before_a_beginning(deed, clock, workspace) -> None:
    names = ("Авдеев Пётр Иванович", "Белова Анна Ивановна", "Иванова Юлия", "Ивановский Лев", "Иванов Ян", "Яшин Лев")
    ids = {name: deed(lambda s, n=name: people_editing.add_person(s, named_draft(n), clock)) for name in names}
    deed(lambda s: people_editing.change_field(s, ids["Яшин Лев"], "note", "друг Иванова", clock))
    wanted = [ids[name] for name in (names[4], names[2], names[3], names[0], names[1], names[5])]
    for query in ("иванов", "ИВАНОВ"):
        assert list(workspace.read(lambda s, q=query: find(s, q)).ids) == wanted
    for query in ("bdfyjd", "ivanov"):
        assert list(workspace.read(lambda s, q=query: find(s, q)).ids) == wanted[:-1], "a note is read as typed alone"


def test_a_given_name_comes_before_the_surname_and_the_patronymic_that_begin_so(deed, clock, workspace) -> None:
    names = ("Авдеев Пётр Иванович", "Иванов Ян", "Яшин Иван", "Юдин Иван Иванович")
    ids = [deed(lambda s, n=name: people_editing.add_person(s, named_draft(n), clock)) for name in names]
    assert list(workspace.read(lambda s: find(s, "иван")).ids) == [ids[3], ids[2], ids[1], ids[0]]


def test_a_surname_that_looks_like_a_patronymic_is_a_name(deed, clock, workspace) -> None:
    names = ("Авдеев Марк Рабинович", "Рабинович Лев")
    first, second = (deed(lambda s, n=name: people_editing.add_person(s, named_draft(n), clock)) for name in names)
    assert list(workspace.read(lambda s: find(s, "рабинович")).ids) == [second, first]
    assert list(workspace.read(lambda s: find(s, "рабин")).ids) == [second, first]


def test_a_name_comes_before_a_firm_a_handle_and_a_note(deed, clock, workspace) -> None:
    drafts = (
        named_draft("Авдеев Пётр", PersonDraft(organisation="Северин и партнёры")),
        named_draft("Белов Пётр", PersonDraft(note="знаком с Севериным")),
        named_draft("Северин Яков"),
    )
    ids = [deed(lambda s, d=draft: people_editing.add_person(s, d, clock)) for draft in drafts]
    assert list(workspace.read(lambda s: find(s, "северин")).ids) == [ids[2], ids[0], ids[1]]
    assert list(workspace.read(lambda s: find(s, "северин", by_rank=False)).ids) == ids


def test_initials_in_their_order_come_first(deed, clock, workspace) -> None:
    names = ("Щёголев Иван Петрович", "Щёголев Пётр Ильич")
    ids = [deed(lambda s, n=name: people_editing.add_person(s, named_draft(n), clock)) for name in names]
    for query in ("щёголев п и", "П. И. Щёголев", "otujktd g b"):
        assert list(workspace.read(lambda s, q=query: find(s, q)).ids) == [ids[1], ids[0]]


def test_what_a_slip_may_have_meant_does_not_hide_behind_a_chance_hit(deed, clock, workspace) -> None:
    draft = named_draft("Речкин Антон", PersonDraft(organisation="Вандея"))
    by_chance = deed(lambda s: people_editing.add_person(s, draft, clock))
    meant = deed(lambda s: people_editing.add_person(s, named_draft("Речкин Иван"), clock))
    assert list(workspace.read(lambda s: find(s, "ван речкин")).ids) == [meant, by_chance]
    assert list(workspace.read(lambda s: find(s, "вандея речкин")).ids) == [by_chance]


def test_a_slip_and_the_end_of_a_phone_go_together(who) -> None:
    assert who("ёлкни 4117") == ["Ёлкин"]
    assert who("ёлкни 7114") == []


def test_both_mistakes_are_named(deed, clock, workspace) -> None:
    person = deed(lambda s: people_editing.add_person(s, named_draft("Щербакова Александра"), clock))

    def reason(query):
        reading = workspace.read(lambda s: find(s, query)).reading(person)
        return reading and reading.reason

    assert reason("cfif oth,frjdf") == "layout diminutive"
    assert reason("oth,fkrjdf") == "layout similar"
    assert reason("sasha shcherbakova") == "translit diminutive"
    assert reason("shcherbkova") == "translit similar"
    assert reason("сащка щербакова") == "diminutive similar"


def test_a_name_of_digits_with_a_blank_is_no_phone_alone(deed, clock, workspace) -> None:
    draft = PersonDraft(family_name="0", given_name="00")
    person = deed(lambda s: people_editing.add_person(s, draft, clock))
    assert list(workspace.read(lambda s: find(s, "0 00")).ids) == [person]


_WRITTEN = st.text(alphabet="абвеёийщьяАЁЙabcéüßøzZ'’-–.@/+()«»07 ", min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_WRITTEN, _WRITTEN), min_size=1, max_size=6))
def test_a_name_typed_as_it_is_written_is_always_found(workspace, deed, clock, names) -> None:
    drafts = [PersonDraft(family_name=text.clean(family), given_name=text.clean(given)) for family, given in names]
    drafts = [one for one in drafts if text.words(one.family_name) and text.words(one.given_name)]
    ids = deed(lambda s: [people_editing.add_person(s, draft, clock) for draft in drafts])
    for one, draft in zip(ids, drafts, strict=True):
        for query in (f"{draft.family_name} {draft.given_name}", f"{draft.given_name} {draft.family_name}"):
            assert one in workspace.read(lambda s, q=query: find(s, q)).ids, query


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_no_text_breaks_the_search(workspace, query) -> None:
    workspace.read(lambda s: find(s, query))
