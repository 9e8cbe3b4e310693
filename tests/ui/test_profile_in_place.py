"""The profile changed where it stands: by pointer and keyboard, kept by leaving, given back by Esc, never lost."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import func, select

from crm import i18n
from crm.models import Deed, Person
from crm.services import custom_fields, needs, people, people_editing, profiles
from crm.services.cards import AddressLine
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people import words
from crm.ui.people.editor import PersonEditor
from crm.ui.people.fact_row import FactRow, NeedChip
from crm.ui.people.page import PeoplePage
from crm.ui.people.profile_facts import facts_of
from crm.ui.widgets.menus import Menu
from tests.conftest import NOON
from tests.ui.test_people_page import press, words_of, write

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def operations(workspace):
    return Operations(workspace)


@pytest.fixture
def add(deed, clock):
    return lambda name, **fields: deed(
        lambda s: people_editing.add_person(s, named_draft(name, PersonDraft(**fields)), clock)
    )


@pytest.fixture
def anna(add):
    contacts = (ContactDraft("phone", "89000004117", "рабочий"), ContactDraft("site", "anna.example"))
    return add("Иванова Анна", city="Томск", contacts=contacts, note="ждёт тезисы")


@pytest.fixture
def show(qtbot, operations, theme):
    """Show the page with somebody's profile; gives the page."""
    jobs = Jobs()

    def run(person_id):
        page = PeoplePage(operations, jobs, theme)
        qtbot.addWidget(page)
        page.resize(1240, 900)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.show_item(person_id)
        return page

    yield run
    jobs.close()


@pytest.fixture
def card(workspace):
    return lambda person_id: workspace.read(lambda s: people.card(s, person_id))


@pytest.fixture
def said(operations):
    """What the toasts said."""
    heard = []
    operations.said.connect(heard.append)
    return heard


@pytest.fixture
def deeds(workspace):
    return lambda: workspace.read(lambda s: s.scalar(select(func.count(Deed.id))))


def row(page, key) -> FactRow:
    return page.panel.facts._rows[key]


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() - 60, widget.height() // 2))


def retype(words_typed) -> None:
    """Other words in whatever has the focus."""
    QApplication.focusWidget().selectAll()
    write(words_typed)


def test_a_click_enter_and_it_is_kept_and_can_be_undone(qtbot, show, anna, card, operations, said) -> None:
    page = show(anna)
    click(row(page, "city"))
    assert QApplication.focusWidget() is row(page, "city").editor.start()
    retype("Уфа")
    press(Key.Key_Return)
    assert card(anna).city == "Уфа"
    assert [one.what.text() for one in said] == ["Город: Анна Иванова"]
    assert row(page, "city").hasFocus()
    qtbot.waitUntil(lambda: row(page, "city").fact.said == "Уфа")
    assert row(page, "city").hasFocus()
    operations.undo(said[0].deed)
    assert card(anna).city == "Томск"


def test_leaving_keeps_and_escape_gives_back(qtbot, show, anna, card, deeds) -> None:
    page = show(anna)
    page.panel.facts.edit("city")
    retype("Омск")
    page.table.setFocus()
    assert card(anna).city == "Омск"
    before = deeds()
    page.panel.facts.edit("city")
    retype("Бийск")
    press(Key.Key_Escape)
    assert row(page, "city").editor is None
    assert row(page, "city").hasFocus()
    page.panel.facts.edit("city")
    page.table.setFocus()
    assert (card(anna).city, deeds()) == ("Омск", before)


def test_what_is_refused_stays_typed_with_its_reason_and_waits_for_ones_return(qtbot, show, add, anna, card) -> None:
    other = add("Яшин Лев")
    page = show(anna)
    page.panel.facts.add("birthday")
    write("31.02")
    press(Key.Key_Return)
    editor = row(page, "birthday").editor
    assert "31.02" in editor.error
    assert editor.start().text() == "31.02"
    page.show_item(other)
    page.show_profile()
    assert "birthday" not in page.panel.facts._rows
    page.show_item(anna)
    page.show_profile()
    again = row(page, "birthday").editor
    assert (again.start().text(), "31.02" in again.error) == ("31.02", True)
    assert card(anna).birthday is None
    again.start().setFocus()
    retype("14.03.1990")
    press(Key.Key_Return)
    assert card(anna).birthday.iso() == "1990-03-14"


def test_another_person_takes_nothing_of_what_was_typed_for_the_first(show, add, anna, card) -> None:
    other = add("Яшин Лев", city="Пермь")
    page = show(anna)
    page.panel.facts.edit("city")
    row(page, "city").editor.start().setText("Омск")
    page.table.select_id(other)
    page.show_profile()
    assert (card(anna).city, card(other).city) == ("Омск", "Пермь")
    assert row(page, "city").fact.said == "Пермь"


def test_a_window_that_is_locked_keeps_what_is_typed(qtbot, show, anna, deeds) -> None:
    page = show(anna)
    before = deeds()
    page.panel.facts.edit("city")
    retype("Красно")
    page.hide()
    QApplication.processEvents()
    assert (row(page, "city").editor.start().text(), deeds()) == ("Красно", before)
    page.show()
    page.refresh()
    page.show_profile()
    assert row(page, "city").editor.start().text() == "Красно"


def test_closing_the_window_keeps_what_is_typed_and_waits_once_for_what_is_refused(show, anna, card) -> None:
    page = show(anna)
    page.panel.facts.edit("city")
    retype("Омск")
    assert page.close()
    assert card(anna).city == "Омск"
    page.show()
    page.show_profile()
    page.panel.facts.add("birthday")
    row(page, "birthday").editor.start().setText("31.02")
    assert not page.close()
    assert "31.02" in row(page, "birthday").editor.error
    assert page.close()


def test_a_deed_made_elsewhere_meanwhile_leaves_the_typing_alone(qtbot, show, anna, deed, clock) -> None:
    page = show(anna)
    page.panel.facts.edit("city")
    retype("Красно")
    deed(lambda s: people_editing.change_fields(s, anna, {"job_title": "аналитик", "city": "Уфа"}, clock))
    qtbot.waitUntil(lambda: "work" in page.panel.facts._rows)
    assert QApplication.focusWidget() is row(page, "city").editor.start()
    assert QApplication.focusWidget().text() == "Красно"
    press(Key.Key_Escape)
    assert row(page, "city").fact.said == "Уфа"


def test_the_keyboard_walks_from_fact_to_fact(show, anna) -> None:
    page = show(anna)
    page.open_current()
    assert page.panel.log_button.hasFocus()
    row(page, "contact:0").setFocus(Qt.FocusReason.TabFocusReason)
    press(Key.Key_Down)
    assert row(page, "contact:1").hasFocus()
    press(Key.Key_Down)
    assert row(page, "city").hasFocus()
    press(Key.Key_Up)
    press(Key.Key_Tab)
    assert row(page, "city").hasFocus()
    press(Key.Key_F2)
    assert row(page, "city").editor is not None
    press(Key.Key_Tab)
    assert row(page, "city").editor is None
    assert row(page, "note").hasFocus()
    for _ in range(40):
        press(Key.Key_Tab)
        if not page.panel.isAncestorOf(QApplication.focusWidget()):
            break
    assert not page.panel.isAncestorOf(QApplication.focusWidget())


def test_copy_and_open_by_key_and_by_button(qtbot, show, anna, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(
        "crm.ui.people.facts_section.QDesktopServices.openUrl", lambda url: opened.append(url.toString())
    )
    page = show(anna)
    row(page, "contact:0").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(page.panel.copied) as copied:
        press(Key.Key_C, CONTROL)
    assert copied.args == ["+7 900 000-41-17"]
    assert QGuiApplication.clipboard().text() == "+7 900 000-41-17"
    press(Key.Key_Return, CONTROL)
    assert opened == ["tel:+79000004117"]
    row(page, "contact:1").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(page.panel.site_chosen) as asked:
        press(Key.Key_Return, CONTROL)
    assert asked.args == ["https://anna.example"]
    assert opened == ["tel:+79000004117"]


def test_a_contact_is_added_with_its_kind_read_from_what_is_pasted(qtbot, show, anna, card, said) -> None:
    page = show(anna)
    page.panel.facts.add("phone")
    write("@anna_i")
    press(Key.Key_Return)
    assert [(one.kind, one.value) for one in card(anna).contacts][-1] == ("telegram", "anna_i")
    assert said[0].what.text() == "Телеграм: Анна Иванова"
    qtbot.waitUntil(lambda: "contact:2" in page.panel.facts._rows)
    assert "new:phone" not in page.panel.facts._rows
    assert row(page, "contact:2").hasFocus()


def test_a_contact_keeps_what_came_in_when_only_its_label_changes(show, anna, card, workspace) -> None:
    page = show(anna)
    page.panel.facts.edit("contact:0")
    editor = row(page, "contact:0").editor
    editor.note.setText("личный")
    editor.preferred.setChecked(True)
    assert row(page, "contact:0").commit()
    first = card(anna).contacts[0]
    assert (first.value, first.label, first.preferred) == ("+79000004117", "личный", True)


def test_the_main_one_is_marked_only_among_several_of_its_kind(workspace, add, card) -> None:
    def marked(*contacts):
        person = add("Ким Вера", contacts=contacts)
        facts = facts_of(workspace.read(lambda s: profiles.profile(s, person, NOON.date())))
        return [fact.said for fact in facts if fact.preferred]

    main, other = ContactDraft("phone", "89000004117", "", True), ContactDraft("phone", "89000004118")
    assert marked(main, ContactDraft("email", "a@b.example")) == []
    assert marked(main, other) == ["+7 900 000-41-17"]


def test_a_contact_that_is_there_twice_is_refused_beside_the_field(show, anna, card) -> None:
    page = show(anna)
    page.panel.facts.add("phone")
    write("+7 900 000 41 17")
    press(Key.Key_Return)
    assert "уже есть" in row(page, "new:phone").editor.error
    assert len(card(anna).contacts) == 2
    press(Key.Key_Escape)
    assert "new:phone" not in page.panel.facts._rows


def test_a_birthday_that_no_import_could_read_is_shown_and_can_be_put_right_or_taken_away(
    show, anna, card, deed, deeds
) -> None:
    deed(lambda s: setattr(s.get(Person, anna), "birthday_text", "весной"))
    page = show(anna)
    assert row(page, "birthday").fact.said == "весной"
    before = deeds()
    page.panel.facts.edit("birthday")
    press(Key.Key_Return)
    assert (card(anna).birthday_text, deeds()) == ("весной", before)
    page.panel.facts.edit("birthday")
    QApplication.focusWidget().clear()
    press(Key.Key_Return)
    assert (card(anna).birthday_text, card(anna).birthday) == ("", None)


def test_a_click_on_a_neighbour_of_a_field_opens_that_neighbour(qtbot, show, anna, card) -> None:
    page = show(anna)
    page.panel.facts.edit("contact:0")
    qtbot.waitUntil(row(page, "contact:0").editor.isVisible)
    other = row(page, "city")
    at = QPoint(100, other.height() // 2)
    QTest.mousePress(other, Qt.MouseButton.LeftButton, pos=at)
    on_screen = other.mapToGlobal(at)
    QApplication.processEvents()
    assert row(page, "contact:0").editor is None
    QTest.mouseRelease(other, Qt.MouseButton.LeftButton, pos=other.mapFromGlobal(on_screen))
    assert other.editor is not None


def test_work_is_one_fact_of_two_fields_and_the_label_names_the_one_that_changed(show, anna, card, said) -> None:
    page = show(anna)
    page.panel.facts.add("work")
    write("Ладога")
    press(Key.Key_Tab)
    assert row(page, "work").editor is not None
    press(Key.Key_Return)
    assert (card(anna).organisation, said[-1].what.text()) == ("Ладога", "Организация: Анна Иванова")
    page.show_profile()
    page.panel.facts.edit("work")
    retype("Ладога Банк")
    press(Key.Key_Tab)
    write("аналитик")
    press(Key.Key_Return)
    assert (card(anna).job_title, said[-1].what.text()) == ("аналитик", "Работа: Анна Иванова")


def test_a_choice_is_kept_as_soon_as_it_is_made(show, anna, card) -> None:
    page = show(anna)
    page.panel.facts.add("gender")
    select_box = row(page, "gender").editor.start()
    select_box.setCurrentIndex(1)
    select_box.activated.emit(1)
    assert card(anna).gender == "female"


def test_a_note_of_several_lines_takes_enter_and_is_kept_by_control_enter(show, anna, card) -> None:
    page = show(anna)
    page.panel.facts.edit("note")
    press(Key.Key_Return)
    write("вторая")
    press(Key.Key_Return, CONTROL)
    assert card(anna).note == "ждёт тезисы\nвторая"


def test_the_name_at_the_top_leads_to_its_parts(show, anna, card, said) -> None:
    page = show(anna)
    page.panel._name.setFocus()
    press(Key.Key_Return)
    parts = row(page, "name").editor.inputs()
    assert [one.text() for one in parts] == ["Иванова", "Анна", "", ""]
    parts[2].setText("Петровна")
    assert row(page, "name").commit()
    assert card(anna).additional_name == "Петровна"
    assert said[-1].what.text() == "Имя: Анна Иванова"
    page.show_profile()
    assert row(page, "name").fact.said == "Иванова Анна Петровна"


def test_needs_are_written_down_settled_opened_again_and_removed(qtbot, show, anna, card) -> None:
    page = show(anna)
    page.panel.facts.add("seeks")
    write("наставника")
    press(Key.Key_Return)
    page.panel.facts.add("offers")
    write("SQL")
    press(Key.Key_Return)
    page.show_profile()
    chips = {chip.need.text: chip for chip in page.panel.facts.findChildren(NeedChip) if not chip.isHidden()}
    assert {chip.accessibleName() for chip in chips.values()} == {"ищет: наставника", "может помочь: SQL"}
    chips["наставника"].click()
    row(page, "needs").editor.settle_button.click()
    assert [need.closed_on for need in card(anna).needs] == [NOON.date(), None]
    page.show_profile()
    assert [chip.accessibleName() for chip in row(page, "needs").stops()] == ["может помочь: SQL", "закрыто: 1"]
    row(page, "needs").stops()[1].click()
    assert row(page, "needs").stops()[0].accessibleName() == "ищет: наставника, закрыто"
    row(page, "needs").stops()[0].click()
    row(page, "needs").editor.settle_button.click()
    assert card(anna).needs[0].closed_on is None
    page.show_profile()
    row(page, "needs").edit(card(anna).needs[0].id)
    row(page, "needs").editor.remove_button.click()
    assert [need.text for need in card(anna).needs] == ["SQL"]


def test_every_kind_of_own_field_is_changed_in_place(qtbot, show, anna, card, deed, said) -> None:
    kinds = {"text": "без орехов", "number": "12,5", "date": "14.03.2024", "choice": "M", "yes_no": "да"}
    ids = {kind: deed(lambda s, k=kind: custom_fields.define_field(s, f"Поле {k}", k, ("S", "M"))) for kind in kinds}
    page = show(anna)
    for kind, typed in kinds.items():
        page.panel.facts.add(f"custom:{ids[kind]}")
        control = row(page, f"custom:{ids[kind]}").editor.start()
        if kind in {"choice", "yes_no"}:
            control.set_value(typed)
        elif kind == "text":
            control.set_text(typed)
        else:
            control.setText(typed)
        assert row(page, f"custom:{ids[kind]}").commit()
        assert said[-1].what.text() == f"Поле {kind}: Анна Иванова"
        page.show_profile()
    assert dict(card(anna).custom) == dict(
        zip(ids.values(), ("без орехов", "12.5", "2024-03-14", "M", "yes"), strict=True)
    )
    assert row(page, f"custom:{ids['number']}").fact.said == "Поле number: 12,5"
    page.panel.facts.edit(f"custom:{ids['number']}")
    retype("много")
    press(Key.Key_Return)
    assert "много" in row(page, f"custom:{ids['number']}").editor.error


def test_an_address_languages_and_tags_are_changed_in_place(show, anna, card) -> None:
    page = show(anna)
    page.panel.facts.add("address")
    write("ул. Примерная, 7")
    press(Key.Key_Return)
    assert card(anna).addresses == (AddressLine(street="ул. Примерная, 7"),)
    for field in ("languages", "skills", "motives", "tags"):
        page.show_profile()
        page.panel.facts.add(field)
        write("первое, второе")
        press(Key.Key_Return)
        press(Key.Key_Return)
    one = card(anna)
    assert one.languages == one.skills == one.motives == ("первое", "второе")
    assert [name for name, _ in one.tags] == ["первое", "второе"]


def test_what_is_empty_is_one_quiet_line(show, add) -> None:
    bare = add("Яшин Лев")
    page = show(bare)
    facts = page.panel.facts
    assert facts._rows == {}
    assert [one._words for one in facts._adding.stops()] == [
        "телефон", "эл. почта", "Телеграм", "работа", "город", "ещё…",
    ]  # fmt: skip
    menu = facts.menu()
    offered = [action.text() for one in (menu, *menu.findChildren(Menu)) for action in one.actions()]
    for title in (
        "Телефон",
        "MAX",
        "Адрес",
        "Языки",
        "Навыки",
        "Зачем приходит",
        "Может помочь",
        "Ищет",
        "Пол",
    ):
        assert title in offered
    # The care note has a section of its own.
    assert "Бережно" not in offered


@pytest.mark.parametrize(
    "payload", ["<b>жирный</b>", "<img src='file:///etc/hostname'>", "\u202eRTL", "=1+1", "&amp; 'кавычки'"]
)
def test_hostile_text_of_every_field_is_shown_as_it_is(show, deed, clock, payload, qtbot) -> None:
    def verb(session):
        field = custom_fields.define_field(session, payload, "text")
        draft = PersonDraft(
            family_name="Ким", nickname=payload, organisation=payload, city=payload, source=payload, note=payload,
            address_as=payload, languages=(payload,), skills=(payload,), offers=(payload,), custom=((field, payload),),
            addresses=(AddressLine(street=payload),), tags=(payload,), contacts=(ContactDraft("other", payload),),
        )  # fmt: skip
        return people_editing.add_person(session, draft, clock)

    page = show(deed(verb))
    cleaned = page.panel.person.city
    assert words_of(page.panel.facts).count(cleaned) >= 10
    for label in page.panel.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    for one in page.panel.facts._rows.values():
        assert "<b>" not in one.toolTip()
    page.grab()


def test_a_word_longer_than_the_panel_breaks_and_widens_nothing(show, add) -> None:
    page = show(add("Ким Вера", note="Ш" * 500, languages=("ы" * 180,), city="Щ" * 200))
    assert page.panel.width() == 374
    note = next(label for label in row(page, "note").findChildren(QLabel))
    assert note.text().replace("\u200b", "") == "Ш" * 500
    assert note.heightForWidth(300) > 10 * note.fontMetrics().lineSpacing()


@pytest.mark.parametrize("gender", ["unknown", "female", "male"])
def test_gendered_words_stand_only_where_the_gender_is_known(show, deed, clock, add, gender, workspace) -> None:
    anna = add("Иванова Анна")
    full = PersonDraft(
        family_name="Цой", given_name="Саша", gender=gender, referred_by_id=anna, joined_on=date(2023, 3, 3),
        birthday=None, source="конференция", address_form="informal", preferred_channel="telegram",
        contacts=(ContactDraft("phone", "1"), ContactDraft("email", "2"), ContactDraft("vk", "3 3")),
        offers=("SQL",), seeks=("работу",),
    )  # fmt: skip
    one = deed(lambda s: people_editing.add_person(s, full, clock))
    add("Пак Ян", referred_by_id=one)
    need = deed(lambda s: needs.add_need(s, one, "seeks", "дело", clock))
    deed(lambda s: needs.close_need(s, need, NOON.date(), clock))
    profile = workspace.read(lambda s: profiles.profile(s, one, NOON.date()))
    said = " ".join(fact.said + " " + fact.marked for fact in facts_of(profile)).casefold()
    for word in ("пришла", "пришёл", "привела", "привёл", "сама ", "сам ", "просила", "просил ", "хотела", "хотел "):
        assert word not in said.replace("следом пришёл 1 человек", "")
    for status in ("attended", "no_show", "walk_in", "registered", "invited", "cancelled", "waitlisted"):
        title = words._attendance(status, gender, "встреча").casefold()
        gendered = any(word in title for word in ("пришла", "пришёл"))
        assert gendered == (gender != "unknown" and status in {"attended", "no_show", "walk_in"})


def test_origins_are_asked_for_the_fact_under_the_pointer(qtbot, show, anna) -> None:
    page = show(anna)
    with qtbot.waitSignal(page.panel.origin_asked) as asked:
        next(
            one for one in row(page, "contact:0").menu().actions() if one.text() == i18n.text("Where this comes from")
        ).trigger()
    assert asked.args == ["contact:0"]


@pytest.fixture
def form(qtbot, show, anna, operations, theme):
    """The form of a person over the page."""

    def run(person=None):
        page = show(anna)
        editor = PersonEditor(theme, page, operations, person)
        editor.open()
        return editor

    return run


def test_the_form_shows_little_and_keeps_everything(deed, card, form, clock) -> None:
    shirt = deed(lambda s: custom_fields.define_field(s, "Футболка", "choice", ("S", "M")))
    years = deed(lambda s: custom_fields.define_field(s, "Стаж", "number"))
    editor = form()
    assert editor.more.isHidden()
    editor.show_all()
    assert not editor.more.isHidden()
    editor.name.setText("Ким Вера Петровна")
    editor._read_name()
    more = editor.more
    more.joined_on.setText("03.03.2023")
    for what, typed in (("languages", "русский"), ("skills", "SQL"), ("motives", "друзья"), ("offers", "ревью"),
                        ("seeks", "наставника")):  # fmt: skip
        more.words[what].add(typed)
    address = more.addresses.add(AddressLine())
    address.parts["city"].setText("Томск")
    address.parts["label"].setText("домашний")
    more.addresses.add(AddressLine(label="без адреса"))
    more.own[shirt].set_value("M")
    more.own[years].setText("много")
    saved = []
    editor.saved.connect(saved.append)
    editor.save()
    assert saved == []
    assert "много" in more._own_fields[years].error
    more.own[years].setText("12,5")
    more.joined_on.setText("31.02.2023")
    editor.save()
    assert "31.02.2023" in more._joined_field.error
    more.joined_on.setText("03.03.2023")
    editor.save()
    one = card(saved[0])
    assert (one.joined_on, one.gender) == (date(2023, 3, 3), "female")
    assert (one.languages, one.skills, one.motives) == (("русский",), ("SQL",), ("друзья",))
    assert [(need.direction, need.text) for need in one.needs] == [("offers", "ревью"), ("seeks", "наставника")]
    assert one.addresses == (AddressLine(city="Томск", label="домашний"),)
    assert dict(one.custom) == {shirt: "M", years: "12.5"}


def test_the_form_changes_nothing_that_nobody_touched(deed, card, form, clock, deeds) -> None:
    def verb(session):
        choice = custom_fields.define_field(session, "Футболка", "choice", ("S", "M"))
        years = custom_fields.define_field(session, "Стаж", "number")
        draft = PersonDraft(
            family_name="Ким", joined_on=date(2023, 3, 3), languages=("русский",), offers=("SQL",),
            addresses=(AddressLine(street="дом 1\nкв. 2", city="Томск"),), custom=((choice, "M"), (years, "1,5")),
            contacts=(ContactDraft("phone", "89000004117", "рабочий", True),), note="строка\nвторая",
        )  # fmt: skip
        person = people_editing.add_person(session, draft, clock)
        custom_fields.change_definition(session, choice, "Футболка", ("S", "L"))
        need = needs.add_need(session, person, "seeks", "работу", clock)
        needs.close_need(session, need, NOON.date(), clock)
        return person

    person_id = deed(verb)
    before, count = card(person_id), deeds()
    editor = form(before)
    assert not editor.more.isHidden()
    assert not editor.contacts.rows[0].note.isHidden()
    editor.save()
    assert deeds() == count
    assert card(person_id) == before
