"""Hard people to find, and what somebody may type to find each: one line for each way of «however typed».

The same cases run on a small store with the tests and on the community of 100,000 with the bench.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.models import Language, Motive, NeedOffer, Skill
from crm.services import custom_fields
from crm.services.people_editing import ContactDraft, PersonDraft, add_person, change_field, named_draft

CARE: Final = "тайнослов"
"""A word that stands in a care note and nowhere else."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody beside the draft."""

    draft: PersonDraft
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    motives: tuple[str, ...] = ()
    offers: str = ""
    seeks: str = ""
    size: str = ""
    extra: dict[str, str] = field(default_factory=dict)


PEOPLE: Final = {
    "Хвощинский": Known(
        named_draft(
            "Хвощинский Пётр Ильич",
            PersonDraft(
                nickname="квазимодо",
                organisation="ООО «Мыльный Пузырь»",
                job_title="верстальщик",
                city="Усть-Кутск",
                note="просил тезисы заранее",
                tags=("докладчик-гость",),
                contacts=(
                    ContactDraft("phone", "8 (981) 555-83-29"),
                    ContactDraft("email", "petr.hv@primer-pochta.example"),
                    ContactDraft("telegram", "@hvosch_petr"),
                ),
            ),
        ),
        skills=("макраме",),
        languages=("суахили",),
        motives=("признание",),
        offers="прочтёт лекцию про дирижабли",
        seeks="наставника по керамике",
        size="XXL-особый",
        extra={"address_as": "Петруччо", "care_note": f"болеет, {CARE}"},
    ),
    "Ящуржинская": Known(named_draft("Ящуржинская Александра Юрьевна")),
    "Щербатюк": Known(named_draft("Щербатюк Юлия Евгеньевна")),
    "Ёлочников": Known(named_draft("Ёлочников Семён Алексеевич")),
    "Шольценберг": Known(named_draft("Шольценберг Дмитрий Константинович")),
    "Жихаревский": Known(named_draft("Жихаревский Михаил")),
    "Цветохина": Known(named_draft("Цветохина-Рябая Екатерина")),
    "Уголькович": Known(named_draft("Угольчиков Аркадий Васильевич")),
    "Fitzsimmons": Known(named_draft("Fitzsimmons Gerald")),
    "Хайруллаев": Known(named_draft("Хайруллаев Георгий Тимурович")),
}  # fmt: skip

CASES: Final[tuple[tuple[str, str, str], ...]] = (
    # how, what is typed, who is meant
    ("name", "хвощинский", "Хвощинский"),
    ("name", "ХВОЩИНСКИЙ", "Хвощинский"),
    ("name", "хвощ", "Хвощинский"),
    ("name", "пётр хвощинский", "Хвощинский"),
    ("name", "хвощинский петр ильич", "Хвощинский"),
    ("name", "ильич петр хвощ", "Хвощинский"),
    ("name", "квазимодо", "Хвощинский"),
    ("name", "петруччо", "Хвощинский"),
    ("name", "елочников", "Ёлочников"),
    ("name", "ЁЛОЧНИКОВ", "Ёлочников"),
    ("name", "рябая", "Цветохина"),
    ("name", "цветохина-рябая", "Цветохина"),
    ("name", "рябая цветохина", "Цветохина"),
    ("name", "fitzsim ger", "Fitzsimmons"),
    ("initials", "хвощинский п и", "Хвощинский"),
    ("initials", "хвощинский п.и.", "Хвощинский"),
    ("initials", "П.И. Хвощинский", "Хвощинский"),
    ("initials", "ПИ Хвощинский", "Хвощинский"),
    ("initials", "хвощинский пи", "Хвощинский"),
    ("initials", "п и хвощинский", "Хвощинский"),
    ("initials", "[djobycrbq g b", "Хвощинский"),
    ("initials", "ящуржинская а.ю.", "Ящуржинская"),
    ("phone", "8329", "Хвощинский"),
    ("phone", "83-29", "Хвощинский"),
    ("phone", "83 29", "Хвощинский"),
    ("phone", "8 981 555", "Хвощинский"),
    ("phone", "+7 981 555", "Хвощинский"),
    ("phone", "89815558329", "Хвощинский"),
    ("phone", "+7 (981) 555-83-29", "Хвощинский"),
    ("phone", "9815558329", "Хвощинский"),
    ("phone", "хвощ 8329", "Хвощинский"),
    ("handle", "@hvosch_petr", "Хвощинский"),
    ("handle", "hvosch_petr", "Хвощинский"),
    ("handle", "@hvosch", "Хвощинский"),
    ("handle", "https://t.me/hvosch_petr", "Хвощинский"),
    ("handle", "petr.hv@primer-pochta.example", "Хвощинский"),
    ("handle", "petr.hv@", "Хвощинский"),
    ("handle", "@primer-pochta.example", "Хвощинский"),
    ("field", "мыльный пузырь", "Хвощинский"),
    ("field", "ООО Мыльный Пузырь", "Хвощинский"),
    ("field", "«мыльный пузырь»", "Хвощинский"),
    ("field", "ооо «мыльный", "Хвощинский"),
    ("field", "vskmysq gepshm", "Хвощинский"),
    ("field", "верстальщик", "Хвощинский"),
    ("field", "усть-кутск", "Хвощинский"),
    ("field", "докладчик-гость", "Хвощинский"),
    ("field", "тезисы заранее", "Хвощинский"),
    ("field", "макраме", "Хвощинский"),
    ("field", "суахили", "Хвощинский"),
    ("field", "признание", "Хвощинский"),
    ("field", "дирижабли", "Хвощинский"),
    ("field", "керамике", "Хвощинский"),
    ("field", "xxl-особый", "Хвощинский"),
    ("field", "хвощинский макраме", "Хвощинский"),
    ("field", "петр мыльный", "Хвощинский"),
    ("layout", "[djobycrbq", "Хвощинский"),
    ("layout", "`kjxybrjd", "Ёлочников"),
    ("layout", "oth,fn.r", "Щербатюк"),
    ("layout", "Ашеяышььщты", "Fitzsimmons"),
    ("layout", "oth,fn.r .kbz", "Щербатюк"),
    ("translit", "khvoshchinskii", "Хвощинский"),
    ("translit", "hvoschinsky", "Хвощинский"),
    ("translit", "khvoshchinskiy petr", "Хвощинский"),
    ("translit", "shcherbatyuk", "Щербатюк"),
    ("translit", "sherbatyuk", "Щербатюк"),
    ("translit", "scherbatiuk", "Щербатюк"),
    ("translit", "schtscherbatjuk", "Щербатюк"),
    ("translit", "yuliya shcherbatyuk", "Щербатюк"),
    ("translit", "julia sherbatyuk", "Щербатюк"),
    ("translit", "iuliia shcherbatiuk", "Щербатюк"),
    ("translit", "yolochnikov", "Ёлочников"),
    ("translit", "elochnikov", "Ёлочников"),
    ("translit", "elotschnikow", "Ёлочников"),
    ("translit", "scholzenberg", "Шольценберг"),
    ("translit", "sholtsenberg dmitry", "Шольценберг"),
    ("translit", "zhikharevsky", "Жихаревский"),
    ("translit", "tsvetokhina", "Цветохина"),
    ("translit", "khairullaev", "Хайруллаев"),
    ("translit", "hayrullayev", "Хайруллаев"),
    ("translit", "геральд", "Fitzsimmons"),
    ("typo", "хвощниский", "Хвощинский"),
    ("typo", "хвощинсий", "Хвощинский"),
    ("typo", "хвошинский", "Хвощинский"),
    ("typo", "ххвощинский", "Хвощинский"),
    ("typo", "жихаревкий", "Жихаревский"),
    ("typo", "щербатюкк юлия", "Щербатюк"),
    ("typo", "щербатюк юлья", "Щербатюк"),
    ("typo", "хайрулаев", "Хайруллаев"),
    ("typo", "fitzsimons", "Fitzsimmons"),
    ("diminutive", "петя хвощинский", "Хвощинский"),
    ("diminutive", "саша ящуржинская", "Ящуржинская"),
    ("diminutive", "шура ящуржинская", "Ящуржинская"),
    ("diminutive", "сёма ёлочников", "Ёлочников"),
    ("diminutive", "жихаревский миша", "Жихаревский"),
    ("diminutive", "катюша цветохина", "Цветохина"),
    ("diminutive", "гоша хайруллаев", "Хайруллаев"),
    ("diminutive", "жора хайруллаев", "Хайруллаев"),
    ("diminutive", "дима шольценберг", "Шольценберг"),
    ("two", "[djobcrbq", "Хвощинский"),
    ("two", "[djobbycrbq gtnh", "Хвощинский"),
    ("two", "oth,nf.r", "Щербатюк"),
    ("two", "khvoschinsky petya", "Хвощинский"),
    ("two", "sasha yaschurzhinskaya", "Ящуржинская"),
    ("two", "dima sholtsenberg", "Шольценберг"),
    ("two", "misha zhikharevsky", "Жихаревский"),
    ("two", "khvoshchinsiy", "Хвощинский"),
    ("two", "shcherbatuk yuliya", "Щербатюк"),
    ("two", "zhikharveskiy mikhail", "Жихаревский"),
    ("two", "сащка ящуржинская", "Ящуржинская"),
    ("two", "птя хвощинский", "Хвощинский"),
    ("two", "катя цветохна", "Цветохина"),
    ("two", "cfif zoeh;bycrfz", "Ящуржинская"),
    ("two", "gtnz [djobycrbq", "Хвощинский"),
    ("two", "rfnz wdtnj[byf", "Цветохина"),
    ("two", "ырукифенгл", "Щербатюк"),
)


def fill(session: Session, clock: Clock) -> dict[str, int]:
    """Add everybody of `PEOPLE`; their ids by name."""
    size = custom_fields.define_field(session, "Размер футболки", "text")
    ids = {}
    for name, known in PEOPLE.items():
        person = ids[name] = add_person(session, known.draft, clock)
        for key, value in known.extra.items():
            change_field(session, person, key, value, clock)
        for model, values in ((Skill, known.skills), (Language, known.languages), (Motive, known.motives)):
            session.add_all(model(person_id=person, name=one, search_name=text.fold(one)) for one in values)
        for direction, said in (("offers", known.offers), ("seeks", known.seeks)):
            if said:
                session.add(NeedOffer(person_id=person, direction=direction, text=said, search_text=text.fold(said)))
        if known.size:
            custom_fields.set_value(session, [person], size, known.size, clock)
    return ids
