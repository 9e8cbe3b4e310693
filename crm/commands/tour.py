"""The tour: one day of a community manager, lived through the real services and without a screen.

Morning: the demo community, two files imported (twice), a segment made and invited. Evening: the desk, the feedback.
Night: the event closed, reports and exports written. Pictures of the pages are taken on the way.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.export.people import write_people
from crm.export.vcard import write_vcards
from crm.i18n import phrase, phrase_plural
from crm.importing.sources import open_sources
from crm.services import attendance, attendees, desk, event_lists, events, feedback, importing, people, reports, surveys
from crm.services.cards import PersonCard
from crm.services.demo import fill_demo
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import load_desk
from crm.services.desk_rows import CheckIn, Guest
from crm.services.event_rows import EventRow
from crm.services.figures import all_figures
from crm.services.importing_rows import FileOutcome, ImportOutcome
from crm.services.periods import month_start
from crm.services.segment_editing import add_segment
from crm.services.segments import members
from crm.store.proof import prove_encryption
from crm.store.search import find
from crm.store.workspace import Workspace

Tell = Callable[[str], None]
_ARRIVING: Final = 0.72
"""The share of those on the list who come in the evening of the tour."""
_SEGMENT_RULE: Final[dict[str, object]] = {
    "version": 1,
    "match": "all",
    "rules": [
        {"field": "city", "operator": "is", "value": "Москва"},
        {"field": "attended", "operator": "at_least", "value": 3},
    ],
}
_GUESTS: Final = (
    Guest("Мелентий Полустанков", "+7 900 000-00-07"),
    Guest("Ёлка Снегирёва"),
    Guest("Emre Öztürk", "8 (900) 000-00-09"),
)
_SAID: Final = (
    (10, "Наконец-то про ошибки говорят вслух. Приведу коллег."),
    (9, "Ёмко & по делу: <b>три примера</b> из жизни."),
    (9, ""),
    (8, "Хорошо бы слайды до начала, а не после."),
    (10, ""),
    (7, "Перерыв подлиннее: за десять минут только в очередь встать."),
    (4, "Полчаса стояли в очереди за бейджами, пропустил первый доклад."),
    (10, "Спасибо, что встретили у входа: я был один и никого не знал."),
    (9, ""),
    (6, "Мало времени на вопросы."),
)
_TABLE: Final = """Список на вечер;;;;
ФИО;Телефон;Почта;Город;Теги
Вечерний Пахом Устинович;8 (900) 000-11-22;p.vecherny@primer.example;Москва;SQL, новичок
Ёлочкина-Ольхова Стефания;+7 900 000-33-44;stefania@pochta.example;Тверь;BI
{known};;{email};;наставник
;;;;
Сверчкова Глафира;7,90E+10;glafira@primer.example;Казань;
;;;Омск;
Итого;4;;;
"""
_CARDS: Final = """BEGIN:VCARD
VERSION:3.0
N:Тихомирова;Эмма;Львовна;;
FN:Эмма Тихомирова
TEL;TYPE=CELL:+7 900 000-55-66
EMAIL:emma@primer.example
BDAY:--05-17
CATEGORIES:Python,наставник
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=91=D1=83=D0=B1=D0=BD=D0=BE=D0=B2;=D0=9B=D1=83=D0=BA=D0=B0
TEL;CELL:89000007788
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:
END:VCARD
"""


class _Watch:
    """A clock that the tour puts forward: it begins on the morning of today."""

    def __init__(self, clock: Clock) -> None:
        day = clocks.today(clock)
        self._zone = clocks.laptop_zone()
        self._now = datetime.combine(day, time(9, 0), self._zone).astimezone(UTC)

    def __call__(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Go on to `moment`; time never runs back."""
        self._now = max(self._now, moment)

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)


def take_tour(out: Path, clock: Clock, tell: Tell) -> list[Path]:
    """Do the main job once and leave its files in `out`; gives every file, in the order in which it was written."""
    out.mkdir(parents=True, exist_ok=True)
    prove_encryption(out)
    watch = _Watch(clock)
    with (
        tempfile.TemporaryDirectory(prefix=".tour-", dir=out) as folder,
        Workspace.create(Path(folder) / "tour.krug", watch, demo=True) as workspace,
    ):
        return list(_Tour(workspace, watch, out, tell).files())


class _Tour:
    def __init__(self, workspace: Workspace, watch: _Watch, out: Path, tell: Tell) -> None:
        self._workspace = workspace
        self._watch = watch
        self._out = out
        self._tell = tell

    def files(self) -> Iterator[Path]:
        """Live through the day; yields each file when it is written."""
        self._fill()
        yield from self._import()
        self._invite()
        event = self._workspace.read(lambda session: event_lists.next_event(session, self._watch))
        if event is None:
            raise LookupError("the demo has no next event")
        yield from self._print_list(event)
        yield from self._evening(event)
        yield from self._pictures(("event", "desk"))
        self._afterwards(event)
        yield from self._reports()
        yield from self._exports()
        yield from self._pictures(
            ("today", "people", "organisations", "segments", "events", "feedback", "reports", "import")
        )

    def _fill(self) -> None:
        made = self._workspace.write(phrase("Demo community"), lambda session: fill_demo(session, self._watch)).value
        self._tell(
            i18n.text(
                "The demo community: {people} people, {events} events, {attendance} attendances",
                people=i18n.number(made.people),
                events=i18n.number(made.events),
                attendance=i18n.number(made.attendance),
            )
        )

    def _import(self) -> Iterator[Path]:
        """Bring two files in, twice: the second time nothing is new. What became of every row is written down."""
        known = self._workspace.read(lambda session: next(iter(people.cards(session, [find(session, "Ёлкин").ids[0]]))))
        email = known.first("email")
        folder = self._out / "import"
        folder.mkdir(exist_ok=True)
        table, cards = folder / "registration.csv", folder / "phone-book.vcf"
        text = _TABLE.format(
            known=f"{known.family_name} {known.given_name}", email=email.value if email is not None else ""
        )
        table.write_bytes(text.replace("\n", "\r\n").encode("cp1251"))
        cards.write_bytes(_CARDS.replace("\n", "\r\n").encode())
        yield from (table, cards)
        accounts = []
        for _ in range(2):
            label = phrase_plural("Import of {count} file", "Import of {count} files", 2)
            outcome = self._workspace.write(label, self._bring_in([table, cards])).value
            accounts.append([_account(file) for file in outcome.files])
            self._tell(
                i18n.text(
                    "Imported: {added} added, {updated} updated, {unchanged} unchanged, {rejected} not taken",
                    added=outcome.added,
                    updated=outcome.updated,
                    unchanged=outcome.unchanged,
                    rejected=outcome.rejected,
                )
            )
        yield self._write_json("import/account.json", {"first": accounts[0], "second": accounts[1]})

    def _bring_in(self, files: list[Path]) -> Callable[[Session], ImportOutcome]:
        def verb(session: Session) -> ImportOutcome:
            sources = open_sources(files, None, importing.silent, self._watch)
            return importing.import_people(session, sources, self._watch)

        return verb

    def _invite(self) -> None:
        """Make a segment, invite it to the next event and put the first of it on the list."""
        name = i18n.text("Regulars in Moscow")

        def verb(session: Session) -> tuple[int, int]:
            segment = add_segment(session, name, _SEGMENT_RULE, self._watch)
            inside = members(session, segment, self._watch)
            event = event_lists.next_event(session, self._watch)
            if event is None:
                raise LookupError("the demo has no next event")
            attendance.invite_people(session, event.id, inside, self._watch)
            attendance.register_people(session, event.id, inside[:5], self._watch)
            return len(inside), min(5, len(inside))

        inside, registered = self._workspace.write(phrase("Added the segment «{name}»", name=name), verb).value
        self._tell(
            i18n.plural(
                "Segment “{name}”: {count} person, {registered} of them registered",
                "Segment “{name}”: {count} people, {registered} of them registered",
                inside,
                name=name,
                registered=registered,
            )
        )

    def _print_list(self, event: EventRow) -> Iterator[Path]:
        from crm.export.pdf.register import write_register

        target = self._out / "registration-sheet.pdf"
        contents = self._workspace.read(
            lambda session: reports.register_sheet(session, event.id, self._watch, language=i18n.current())
        )
        write_register(contents, target)
        yield target

    # -- the evening ----------------------------------------------------------------------------------------------

    def _evening(self, event: EventRow) -> Iterator[Path]:
        """Let people in by ticket and by name, each in a transaction of its own, and refuse what must be refused."""
        self._watch.set(event.starts_at - timedelta(minutes=35))
        self._workspace.write(
            phrase("Opened the desk at «{event}»", event=event.title),
            lambda session: events.open_event(session, event.id, self._watch),
        )
        index = self._workspace.read(lambda session: DeskIndex(load_desk(session, event.id)))
        expected = [arrival for arrival in index.people() if arrival.status == "registered" and arrival.ticket_code]
        expected.sort(key=lambda arrival: arrival.ticket_code[::-1])
        coming = expected[: round(len(expected) * _ARRIVING)]
        log = [self._at_the_door(event, f"KRUG-{arrival.ticket_code}") for arrival in coming]
        last = coming[-1]
        log.append(self._at_the_door(event, last.ticket_code))
        log.append(self._take_back(event, last.attendance_id))
        log.append(self._at_the_door(event, last.ticket_code))
        log.extend(self._at_the_door(event, text) for text in (expected[-1].name, "00000000", "яъя"))
        log.extend(self._guest(event, guest) for guest in _GUESTS)
        counters = self._workspace.read(lambda session: DeskIndex(load_desk(session, event.id))).counters(self._watch())
        self._tell(
            i18n.text(
                "At the door: {came} came, {expected} were expected, {walk_ins} without a registration",
                came=counters.came,
                expected=counters.expected,
                walk_ins=counters.walk_ins,
            )
        )
        yield self._write_json("desk.json", {"event": event.title, "attempts": log, "counters": counters.as_json()})

    def _at_the_door(self, event: EventRow, text: str) -> dict[str, Any]:
        self._watch.forward(17)
        done = self._workspace.write(
            phrase("Check-in at «{event}»", event=event.title),
            lambda session: desk.check_in(session, event.id, text, self._watch),
        )
        return _attempt(text, done.value)

    def _guest(self, event: EventRow, guest: Guest) -> dict[str, Any]:
        self._watch.forward(40)
        done = self._workspace.write(
            phrase("Checked in {name}", name=guest.name),
            lambda session: desk.check_in_guest(session, event.id, guest, self._watch),
        )
        return _attempt(guest.name, done.value)

    def _take_back(self, event: EventRow, attendance_id: int | None) -> dict[str, Any]:
        self._watch.forward(5)
        done = self._workspace.write(
            phrase("Check-in at «{event}»", event=event.title),
            lambda session: desk.undo_check_in(session, event.id, attendance_id, self._watch),
        )
        return _attempt("", done.value)

    def _afterwards(self, event: EventRow) -> None:
        """Collect what people say, answer one of them, close the event."""
        self._watch.set(event.ends_at + timedelta(minutes=10))

        def collect(session: Session) -> int:
            came = attendees.attended_person_ids(session, event.id)
            for (score, words), person_id in zip(_SAID, came[::3], strict=False):
                recorded = surveys.record_response(
                    session, event_id=event.id, person_id=person_id, nps=score, text=words, clock=self._watch
                )
                if recorded.item_id is not None and score < 7:
                    feedback.reply(session, recorded.item_id, "Спасибо, исправим к следующему разу.", self._watch)
            surveys.record_response(
                session, event_id=event.id, nps=10, text="Анонимно: всё понравилось.", clock=self._watch
            )
            return len(_SAID) + 1

        forms = self._workspace.write(phrase("Feedback about “{event}”", event=event.title), collect).value
        closed = self._workspace.write(
            phrase("Closed event «{title}»", title=event.title),
            lambda session: events.close_event(session, event.id, self._watch),
        ).value
        self._tell(
            i18n.text(
                "Closed: {came} came, {no_shows} did not, {forms} said what they thought",
                came=closed.came,
                no_shows=closed.no_shows,
                forms=forms,
            )
        )

    # -- out ------------------------------------------------------------------------------------------------------

    def _reports(self) -> Iterator[Path]:
        """The month that is going on, the evening included, and the last whole one; the figures behind the first."""
        today = clocks.today(self._watch)
        start, end = month_start(today), today + timedelta(days=1)
        yield self._write_month("month-so-far", start)
        yield self._write_month("last-month", month_start(today, -1))
        figures = self._workspace.read(lambda session: all_figures(session, start, end, self._watch))
        yield self._write_json(
            "figures.json",
            {
                figure.key: {
                    "value": figure.value,
                    "n": figure.n,
                    "definition": figure.definition,
                    "from": figure.start,
                    "to": figure.end,
                }
                for figure in figures
            },
        )

    def _write_month(self, name: str, month: date) -> Path:
        from crm.export.pdf.month import write_month

        target = self._out / f"{name}.pdf"
        contents = self._workspace.read(
            lambda session: reports.month_report(session, month, self._watch, language=i18n.current())
        )
        pages = write_month(contents, target)
        self._workspace.maintain(
            lambda session: reports.note_run(session, reports.MONTH, {"month": month.isoformat()}, pages, self._watch)
        )
        return target

    def _exports(self) -> Iterator[Path]:
        def everyone(session: Session) -> list[PersonCard]:
            return list(people.cards(session, find(session, "").ids))

        cards = self._workspace.read(everyone)
        for version in ("3.0", "4.0"):
            target = self._out / f"people-{version}.vcf"
            write_vcards(cards, target, version, clock=self._watch)
            yield target
        for kind in ("csv", "xlsx"):
            target = self._out / f"people.{kind}"
            write_people(cards, target, kind, title=i18n.text("People"))
            yield target

    def _pictures(self, pages: tuple[str, ...]) -> Iterator[Path]:
        from crm.commands.page_pictures import take_pictures

        yield from take_pictures(self._workspace, self._out / "pictures", pages=pages)

    def _write_json(self, name: str, document: dict[str, Any]) -> Path:
        target = self._out / name
        target.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
        return target


def _account(file: FileOutcome) -> dict[str, Any]:
    return {
        "file": file.file,
        "kind": file.kind,
        "encoding": file.encoding,
        "read": file.read,
        "added": file.added,
        "updated": file.updated,
        "unchanged": file.unchanged,
        "rejected": [{"where": row.where, "code": row.code, "message": row.message} for row in file.rejected],
    }


def _attempt(text: str, outcome: CheckIn) -> dict[str, Any]:
    return {
        "text": text,
        "result": outcome.result,
        "person": outcome.person.name if outcome.person is not None else None,
        "at": outcome.at.isoformat() if outcome.at is not None else None,
        "candidates": [arrival.name for arrival in outcome.candidates],
    }
