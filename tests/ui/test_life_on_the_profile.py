"""The profile's life: relations, consents and wishes, the photo, files, the care note, the past by kind and words."""

from __future__ import annotations

import io
import json
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from crm.i18n import phrase
from crm.models import Attendance, Person, Task
from crm.services import attachments, consents, contacting, people_editing, photos, relations
from crm.services.consents import ConsentDraft
from crm.services.people_editing import PersonDraft, named_draft
from crm.services.relations import RelationDraft
from crm.services.timeline import PAGE
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.consent_dialogs import ConsentDialog, ConsentHistory, WishDialog
from crm.ui.people.facts import TaskRow
from crm.ui.people.files import RenameDialog
from crm.ui.people.life_row import LifeRow
from crm.ui.people.page import PeoplePage
from crm.ui.people.relations import RelationDialog
from crm.ui.widgets.buttons import Button
from tests.conftest import NOON
from tests.support import makers

Key = Qt.Key
TODAY = date(2026, 11, 12)


@pytest.fixture
def add(deed, clock):
    def run(name, **fields):
        return deed(lambda s: people_editing.add_person(s, named_draft(name, PersonDraft(**fields)), clock))

    return run


@pytest.fixture
def anna(add):
    return add("Анина Анна", gender="female", care_note="канарейка бережно")


@pytest.fixture
def operations(workspace):
    return Operations(workspace)


@pytest.fixture
def refusals(operations):
    told = []
    operations.refused.connect(lambda error: told.append(error.text()))
    return told


@pytest.fixture
def page(qtbot, operations, theme, anna):
    jobs = Jobs()
    made = PeoplePage(operations, jobs, theme)
    qtbot.addWidget(made)
    made.resize(1240, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_item(anna)
    made.jobs = jobs
    yield made
    jobs.close()


@pytest.fixture
def idle(qtbot, page):
    return lambda: qtbot.waitUntil(lambda: not page.jobs.busy)


def seen(section):
    """The section as it is a moment later: the page waits a little for the next key."""
    section.window().show_profile()
    QApplication.processEvents()
    return section


def rows(section) -> list[LifeRow]:
    body = seen(section).body
    return [one for one in (body.itemAt(place).widget() for place in range(body.count())) if isinstance(one, LifeRow)]


def said(section) -> list[str]:
    return [row.accessibleName() for row in rows(section)]


def words_of(widget) -> str:
    QApplication.processEvents()
    told = [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    told += [one.accessibleName() for one in widget.findChildren(QWidget) if one.isVisibleTo(widget)]
    return "\n".join(told)


def dialog(page, kind):
    return next(one for one in page.findChildren(kind) if one.is_open)


def key(widget, which) -> None:
    widget.setFocus()
    QTest.keyClick(widget, which)
    QApplication.processEvents()


def png(side=80) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(target, "PNG")
    return target.getvalue()


# -- relations -------------------------------------------------------------------------------------------------------


def test_a_relation_is_added_by_search_shown_on_both_and_leads_there(workspace, page, add, anna) -> None:
    boris = add("Борин Борис", gender="male")
    assert page.panel.relations.isVisible()
    page.panel.relations.plus.click()
    form = dialog(page, RelationDialog)
    form.save_button.click()
    assert form.is_open
    form.other.setText("Борин")
    form.other.textEdited.emit("Борин")
    form.other.setText(form.other._find("Борин")[0][1])
    form.side.set_value("mentor")
    form.since.set_day(date(2024, 3, 1))
    form.note.setText("по дизайну")
    form.save_button.click()
    assert said(page.panel.relations) == ["Борис Борин. наставник. с 1\xa0мар\xa02024 · по дизайну"]
    key(rows(page.panel.relations)[0], Key.Key_Return)
    assert seen(page.panel).person.id == boris
    assert said(page.panel.relations) == ["Анна Анина. подопечная. с 1\xa0мар\xa02024 · по дизайну"]
    key(rows(page.panel.relations)[0], Key.Key_Delete)
    assert said(page.panel.relations) == []
    workspace.undo()
    assert len(said(page.panel.relations)) == 1


def test_a_relation_is_changed_in_its_dialog(page, deed, clock, add, anna) -> None:
    boris = add("Борин Борис")
    deed(lambda s: relations.add_relation(s, anna, RelationDraft(boris, "friend"), clock))
    page.show_profile()
    assert said(page.panel.relations) == ["Борис Борин. дружат"]
    menu = rows(page.panel.relations)[0].menu()
    assert [action.text() for action in menu.actions() if action.text()] == ["Изменить…", "Убрать связь"]
    menu.actions()[0].trigger()
    form = dialog(page, RelationDialog)
    form.side.set_value("colleague")
    form.save_button.click()
    assert said(page.panel.relations) == ["Борис Борин. коллега"]


def test_who_brought_whom_is_set_among_the_relations(workspace, page, add, anna) -> None:
    boris = add("Борин Борис", gender="male")
    page.panel.relations.add()
    form = dialog(page, RelationDialog)
    form.other.set_person(boris, "Борис Борин")
    form.side.set_value("brought_by")
    form.side.chosen.emit("brought_by")
    assert form.since.isHidden() or not form.since.isVisible()
    form.save_button.click()
    assert workspace.read(lambda s: s.get(Person, anna).referred_by_id) == boris
    assert said(page.panel.relations) == ["Борис Борин. привёл сюда"]


# -- consents and wishes ---------------------------------------------------------------------------------------------


def test_a_consent_is_recorded_withdrawn_with_one_click_and_undone(workspace, page, anna) -> None:
    section = page.panel.consents
    assert "О согласиях ещё не спрашивали" in words_of(section)
    section.record()
    form = dialog(page, ConsentDialog)
    form.purpose.set_value("messages")
    form.purpose.chosen.emit("messages")
    form.day.set_day(date(2026, 9, 1))
    form.until.set_day(date(2027, 9, 1))
    form.source.setText("анкета на входе")
    form.text.set_value(-1)
    form.text.chosen.emit(-1)
    form.version.setText("2026-09")
    form.words.set_text("Согласен на письма")
    form.save_button.click()
    given = "Приглашения и новости. с 1\xa0сен. анкета на входе · до 1\xa0сен\xa02027"
    assert given in said(section)
    row = next(row for row in rows(section) if row.accessibleName() == given)
    row.setFocus()
    withdraw = next(one for one in row._buttons if "Отозвать" in one.accessibleName())
    withdraw.click()
    assert "Приглашения и новости. отзыв сегодня" in said(section)
    workspace.undo()
    assert given in said(section)
    entries = workspace.read(lambda s: consents.consent_history(s, anna))
    assert (entries[-1].text_version, [entry.status for entry in entries]) == ("2026-09", ["withdrawn", "given"])


def test_a_day_that_is_none_keeps_the_dialog_open(page, anna, workspace) -> None:
    page.panel.consents.record()
    form = dialog(page, ConsentDialog)
    form.day.setText("31.02.2026")
    form.save_button.click()
    assert form.is_open
    form.day.set_day(TODAY + timedelta(days=1))
    form.save_button.click()
    assert "ещё впереди" in form.error
    assert workspace.read(lambda s: consents.consent_history(s, anna)) == ()


def test_the_history_marks_a_mistake_and_keeps_it_in_sight(deed, clock, page, anna) -> None:
    deed(lambda s: consents.record_consent(s, anna, ConsentDraft("data", status="refused", proof="№ 7"), clock))
    page.show_profile()
    assert "Хранение данных. отказ сегодня" in said(page.panel.consents)
    page.panel.consents.open_history()
    history = dialog(page, ConsentHistory)
    assert "№ 7" in words_of(history)
    history.mistake(history._operations.read(lambda s: consents.consent_history(s, anna))[0])
    assert "внесено по ошибке, отмечено сегодня" in words_of(history)
    assert said(page.panel.consents) == []


def test_a_wish_is_seen_at_the_top_and_lifted(workspace, page, anna) -> None:
    assert page.panel.wish.isHidden()
    page.panel.consents.ask_not()
    form = dialog(page, WishDialog)
    form.channel.set_value("telegram")
    form.until.set_day(date(2026, 12, 3))
    form.reason.setText("много писем")
    form.save_button.click()
    assert seen(page.panel).wish.isVisible()
    assert page.panel.wish.text() == "Просьба не писать: Телеграм, до 3\xa0дек"
    assert said(page.panel.consents)[0] == "Просьба не писать: Телеграм. до 3\xa0дек. много писем"
    assert not workspace.read(lambda s: contacting.may_contact(s, anna, "telegram", TODAY))
    wish = page.panel.profile.do_not_contact[0]
    page.panel.consents.lift(wish)
    assert seen(page.panel).wish.isHidden()
    workspace.undo()
    assert seen(page.panel).wish.isVisible()


# -- the photo -------------------------------------------------------------------------------------------------------


def test_a_photo_comes_from_a_file_is_shown_and_undone(workspace, page, idle, tmp_path, monkeypatch) -> None:
    file = tmp_path / "лицо.png"
    file.write_bytes(png(900))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    before = page.panel.photo.grab().toImage()
    page.panel.photo.choose()
    idle()
    photo = seen(page.panel).photo
    assert photo.has_photo
    assert photo.grab().toImage().pixelColor(26, 10).red() > 200
    workspace.undo()
    assert not seen(page.panel).photo.has_photo
    assert photo.grab().toImage() == before
    workspace.redo()
    seen(page.panel)
    key(photo, Key.Key_Delete)
    assert not seen(page.panel).photo.has_photo


def test_a_photo_is_dropped_or_pasted(workspace, page, idle, anna, tmp_path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(png())
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file))])
    page.panel.photo.take(dropped)
    idle()
    assert seen(page.panel).photo.has_photo
    page.panel.photo.remove()
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)
    page.panel.photo.setFocus()
    QTest.keyClick(page.panel.photo, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    idle()
    kept = workspace.read(lambda s: photos.photo_of(s, anna))
    assert Image.open(io.BytesIO(kept)).size == (200, 200)


def bomb() -> bytes:
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG"),
        (b"%PDF-1.7", "JPEG, PNG"),
        (png()[:60], "повреждена"),
        (bytes(6 * 1024 * 1024), "5"),
        ("bomb", "5"),
    ],
)
def test_t08_a_hostile_picture_is_refused_with_one_sentence(page, idle, refusals, tmp_path, content, why) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(bomb() if content == "bomb" else content)
    page.panel.photo.take_file(file)
    idle()
    assert len(refusals) == 1
    assert why in refusals[0]
    assert not seen(page.panel).photo.has_photo


def test_t11_a_picture_of_the_web_is_not_fetched(page, refusals) -> None:
    link = QMimeData()
    link.setUrls([QUrl("https://example.com/face.png")])
    page.panel.photo.take(link)
    page.panel.photo.take(QMimeData())
    assert [("ссылка" in refusals[0]), ("нет картинки" in refusals[1])] == [True, True]


# -- files -----------------------------------------------------------------------------------------------------------


def test_files_are_added_renamed_saved_and_taken_away(workspace, page, idle, anna, tmp_path, monkeypatch) -> None:
    first, second = tmp_path / "договор.pdf", tmp_path / "тезисы.txt"
    first.write_bytes(b"%PDF")
    second.write_text("тезисы", "utf-8")
    page.panel.files.take([first, second])
    idle()
    assert said(page.panel.files) == ["тезисы.txt. 12 Б · сегодня", "договор.pdf. 4 Б · сегодня"]
    line = workspace.read(lambda s: attachments.files_of(s, anna))[1]
    page.panel.files.rename(line)
    form = dialog(page, RenameDialog)
    assert form.name.selectedText() == "договор"
    form.name.setText("Соглашение")
    form.save_button.click()
    assert said(page.panel.files)[1] == "Соглашение.pdf. 4 Б · сегодня"
    target = tmp_path / "out.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.panel.files.save(line)
    idle()
    assert target.read_bytes() == b"%PDF"
    key(rows(page.panel.files)[1], Key.Key_Delete)
    assert said(page.panel.files) == ["тезисы.txt. 12 Б · сегодня"]
    workspace.undo()
    assert len(said(page.panel.files)) == 2


def test_one_file_that_cannot_be_kept_keeps_all_of_them_out(workspace, page, idle, refusals, anna, tmp_path) -> None:
    good, large = tmp_path / "good.txt", tmp_path / "large.bin"
    good.write_text("x")
    with large.open("wb") as sparse:
        sparse.truncate(attachments.FILE_LIMIT + 1)
    page.panel.files.take([good, large])
    idle()
    assert said(page.panel.files) == []
    assert len(refusals) == 1
    assert "20 МБ" in refusals[0]
    assert workspace.read(lambda s: attachments.files_of(s, anna)) == ()


def test_t17_an_opened_file_is_a_private_copy_to_be_read(page, idle, deed, clock, anna, tmp_path, monkeypatch) -> None:
    import tempfile

    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    deed(lambda s: attachments.add_file(s, anna, "договор.pdf", b"%PDF", clock))
    page.show_profile()
    key(rows(page.panel.files)[0], Key.Key_Return)
    idle()
    (path,) = opened
    assert (path.name, path.read_bytes(), path.parent.parent) == ("договор.pdf", b"%PDF", private)
    assert path.stat().st_mode & 0o777 == 0o400


def test_t05_what_would_run_is_saved_when_pressed(page, idle, deed, clock, anna, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: pytest.fail("opened"))
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asked.append(1) or ("", ""))
    deed(lambda s: attachments.add_file(s, anna, "setup.exe", b"MZ", clock))
    page.show_profile()
    row = rows(page.panel.files)[0]
    key(row, Key.Key_Return)
    idle()
    assert asked == [1]
    assert "Открыть" not in [action.text() for action in row.menu().actions()]


# -- the care note ---------------------------------------------------------------------------------------------------


def test_the_care_note_is_folded_until_it_is_wanted(page, add) -> None:
    care = page.panel.care
    assert not care.is_open
    assert "канарейка" not in words_of(page.panel)
    care.toggle.click()
    assert "канарейка бережно" in words_of(care)
    other = add("Борин Борис")
    page.show_item(other)
    assert not care.is_open
    care.toggle.click()
    assert "Написать заметку" in words_of(care)


def test_the_care_note_is_written_where_it_stands(workspace, page, anna) -> None:
    care = page.panel.care
    care.edit()
    editor = care._row.editor
    editor.start().set_text("звонить вечером")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert workspace.read(lambda s: s.get(Person, anna).care_note) == "звонить вечером"
    assert "звонить вечером" in words_of(seen(page.panel).care)
    workspace.undo()
    assert "канарейка бережно" in words_of(seen(page.panel).care)


def test_a_care_note_that_is_refused_stays_typed(page, add, anna, workspace) -> None:
    care, boris = page.panel.care, add("Борин Борис")
    care.edit()
    keep, care._row._keep = care._row._keep, lambda *_: "Сейчас пишет другая работа"
    care._row.editor.start().set_text("звонить вечером")
    page.show_item(boris)
    assert not care.is_open
    page.show_item(anna)
    assert care.is_open
    assert care._row.editor.start().text() == "звонить вечером"
    care._row._keep = keep
    page.show_item(boris)
    assert workspace.read(lambda s: s.get(Person, anna).care_note) == "звонить вечером"


def test_the_care_note_sings_in_no_list_search_file_or_report(workspace, page, anna, tmp_path) -> None:
    from crm.export.people import write_people
    from crm.export.vcard import write_vcards
    from crm.services import history, history_details, people, people_order, segments
    from crm.services.people_order import PeopleMemory
    from crm.store.search import find

    workspace.write(
        phrase("Changed"),
        lambda s: people_editing.change_field(s, anna, "care_note", "канарейка вторая", workspace.clock),
    )
    for words in ("канарейка", "бережно", "вторая"):
        assert not list(workspace.read(lambda s, one=words: find(s, one)).ids)
        found = workspace.read(lambda s, one=words: people_order.list_people(s, PeopleMemory(), TODAY, query=one))
        assert not len(found.ids)
    cards = workspace.read(lambda s: list(people.cards(s, [anna])))
    for version in ("3.0", "4.0"):
        write_vcards(cards, tmp_path / f"{version}.vcf", version)
    for kind in ("csv", "xlsx", "json"):
        write_people(cards, tmp_path / f"people.{kind}", kind)
    told = [file.read_bytes() for file in tmp_path.glob("*.*") if not file.name.startswith("community.krug")]
    told += [repr(workspace.read(lambda s: people.rows(s, [anna]))).encode()]
    deeds = workspace.read(history.deed_ids)
    told += [repr(workspace.read(lambda s, one=one: history_details.what_changed(s, one))).encode() for one in deeds]
    told += [page.panel.past.entries.accessibleName().encode(), words_of(page).encode()]
    told += [json.dumps(str(workspace.read(lambda s: segments.list_segments(s, workspace.clock)))).encode()]
    assert len(told) > 8
    for form in ("utf-8", "utf-16-le", "cp1251"):
        for part in told:
            assert "канарейка".encode(form) not in part


HOSTILE = ("<b>жирный</b>", "<img src='file:///etc/hostname'>", "<table><tr><td>" * 18 + "x", "=1+1", "W" * 4_000)


@pytest.mark.parametrize("words", HOSTILE, ids=["markup", "picture", "tables", "formula", "long"])
def test_t06_t07_hostile_words_are_shown_as_they_are(page, deed, clock, anna, add, words) -> None:
    def verb(session):
        draft = RelationDraft(boris, "other", words)
        relations.add_relation(session, anna, draft, clock)
        consents.record_consent(session, anna, ConsentDraft("data", source=words[:200], proof=words), clock)
        contacting.ask_not_to_contact(session, anna, "", None, words, clock)
        attachments.add_file(session, anna, words, b"x", clock)

    boris = add(words[:200])
    deed(verb)
    seen(page.panel)
    started = time.perf_counter()
    page.panel.consents.open_history()
    for widget in (page, dialog(page, ConsentHistory)):
        widget.grab()
    assert time.perf_counter() - started < 5
    for label in page.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    assert page.panel.width() <= 400


# -- the past --------------------------------------------------------------------------------------------------------


@pytest.fixture
def years(deed, anna):
    def verb(session):
        for n in range(70):
            one = makers.event(session, NOON - timedelta(days=n), f"Встреча {n}")
            session.add(Attendance(event_id=one.id, person_id=anna, status="attended", event_on=one.on))

    deed(verb)


def test_a_long_past_opens_with_a_page_and_goes_on_by_pages(page, years) -> None:
    past = seen(page.panel).past
    assert len(past.shown) == len(past.entries._lines) == PAGE
    assert past.entries.more.text() == f"Показать ещё, осталось {71 - PAGE}"
    past.entries.more.click()
    assert len(past.shown) == len(past.entries._lines) == 2 * PAGE
    page.refresh()
    page.show_profile()
    assert len(past.shown) == 2 * PAGE
    while past.entries.more.isVisibleTo(past):
        past.entries.more.click()
    assert len(past.shown) == 71


def test_of_many_tasks_the_first_are_shown_and_the_rest_on_demand(page, deed, anna) -> None:
    deed(lambda s: s.add_all([Task(title=f"Дело {n}", person_id=anna, created_at=NOON) for n in range(30)]))
    seen(page.panel)
    assert len(page.panel.findChildren(TaskRow)) == 8
    more = next(one for one in page.panel.findChildren(Button) if one.text() == "Показать ещё 22")
    more.click()
    assert len([row for row in seen(page.panel).findChildren(TaskRow) if row.isVisibleTo(page.panel)]) == 30


def test_the_past_is_narrowed_by_kind_and_searched_by_words(qtbot, page, years, deed, clock, anna) -> None:
    deed(lambda s: attachments.add_file(s, anna, "договор.pdf", b"x", clock))
    past = seen(page.panel).past
    assert [chip.accessibleName() for chip in past._filters.values()] == ["Всё", "События 70", "Файлы 1", "Изменения 1"]
    past._filters["file"].click()
    assert [entry.kind for entry in past.shown] == ["file"]
    past.narrow("")
    past.looking.click()
    assert past.search.hasFocus()
    past.search.setText("встреча 33")
    qtbot.waitUntil(lambda: len(past.shown) == 1)
    assert past.shown[0].title == "Встреча 33"
    past.search.setText("чего нет")
    qtbot.waitUntil(lambda: not past.shown)
    assert "С такими словами ничего нет" in words_of(past)
    past.search.clear()
    past.search.escaped.emit()
    assert past.search.isHidden()
    assert len(past.shown) == PAGE


def test_an_entry_leads_to_its_page(qtbot, page, years, deed, clock, anna) -> None:
    deed(lambda s: attachments.add_file(s, anna, "договор.pdf", b"x", clock))
    past = seen(page.panel).past
    past.narrow("file")
    with qtbot.waitSignal(page.navigate) as asked:
        key(past.entries._lines[0], Key.Key_Return)
    assert asked.args == ["history", past.shown[0].id]
