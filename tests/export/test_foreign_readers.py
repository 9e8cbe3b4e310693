"""Our cards read by programs not ours: ez-vcard's validator and ical.js. Where they are not installed, the reason is
printed; khard and vobject, which always are, stand in test_vcard.py."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crm import clock
from crm.export.vcard import CardChoice, write_vcards
from crm.partial_date import PartialDate
from crm.services.cards import AddressLine, ContactLine, ExtraProperty, NeedLine, PersonCard
from crm.services.custom_fields import FieldDefinition

MOMENT = clock.fixed(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
JARS = Path("/usr/share/java")
SIZE = FieldDefinition(1, "size", "Размер; футболки", "choice", ("L",))
CHOICE = CardChoice(fields={1: SIZE}, impp=True)
PEOPLE = [
    PersonCard(
        id=1,
        uid="b6f6b2f2-5d0e-4a8e-9a50-3a2f0d1c9a11",
        kind="partner",
        family_name="Константинопольская-Ржевская",
        given_name="Алёна",
        additional_name="Ильинична",
        display_name="Алёна Константинопольская-Ржевская",
        nickname="Алёнка, она же «А;К»",
        address_as="Алёна",
        address_form="informal",
        gender="female",
        preferred_channel="telegram",
        organisation="ООО «Ёлка; и, Ко»",
        job_title="Старший\\младший аналитик",
        city="Казань",
        birthday=PartialDate(3, 15, 1990),
        joined_on=date(2024, 3, 14),
        source="чат",
        note="Первая строка\nвторая, с запятой; и точкой " + "щ" * 200,
        contacts=(
            ContactLine("phone", "+79000000041", "8 900 000-00-41", "mobile", preferred=True),
            ContactLine("phone", "12-34-56", "12-34-56", "дача", valid=False),
            ContactLine("email", "a@example.com", "a@example.com", "work"),
            ContactLine("telegram", "alena_k", "@alena_k"),
            ContactLine("site", "https://example.com/?a=1;b=2,3", "https://example.com/?a=1;b=2,3"),
        ),
        addresses=(AddressLine("ул. Правды, 24; кв. 5", "Казань", "", "420000", "Россия", "home"),),
        tags=(("аналитик", "blue"), ("спикер, 2026; новый", "teal")),
        languages=("русский", "сербский"),
        skills=("монтаж, звук",),
        needs=(NeedLine(1, "offers", "проектор; экран"),),
        custom=((1, "L"),),
        extra=(ExtraProperty("item1", "X-SPOUSE", "", "Иван\\, муж"),),
        changed_at=datetime(2026, 10, 1, 12, 30, tzinfo=UTC),
    ),
    PersonCard(id=2, uid="u2", kind="member", nickname="Кот", display_name="Кот", birthday=PartialDate(2, 29)),
    PersonCard(
        id=3,
        uid="u3",
        kind="member",
        display_name="+7 900 000-00-42",
        contacts=(ContactLine("phone", "+79000000042", "+79000000042"),),
    ),
]
VALIDATOR = """
import ezvcard.*;
import java.io.File;
import java.util.*;

public class Validate {
    public static void main(String[] arguments) throws Exception {
        ezvcard.io.text.VCardReader reader = new ezvcard.io.text.VCardReader(new File(arguments[0]));
        List<VCard> cards = new ArrayList<>();
        for (VCard card = reader.readNext(); card != null; card = reader.readNext()) {
            for (Object one : reader.getWarnings()) System.out.println("parse " + one);
            cards.add(card);
        }
        System.out.println("cards " + cards.size());
        for (VCard card : cards) {
            System.out.println("name " + card.getFormattedName().getValue());
            String checked = card.validate(card.getVersion()).toString();
            if (!checked.isBlank()) System.out.println("warning " + checked.strip());
        }
    }
}
"""
READER = """
const ICAL = require('ical.js').default || require('ical.js');
const cards = ICAL.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
const list = Array.isArray(cards[0]) ? cards : [cards];
console.log(JSON.stringify(list.map(card => {
    const component = new ICAL.Component(card);
    const first = name => component.getFirstPropertyValue(name);
    return {fn: first('fn'), n: first('n'), note: first('note'), tel: first('tel'), org: first('org')};
})));
"""


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_ez_vcard_reads_every_card_and_has_nothing_to_say(tmp_path: Path, version: str) -> None:
    java = shutil.which("java")
    jars = [path for name in ("ez-vcard", "vinnie") for path in JARS.glob(f"{name}*.jar")]
    if java is None or not {"ez-vcard.jar", "vinnie.jar"} <= {path.name for path in jars}:
        pytest.skip("ez-vcard (libez-vcard-java, libvinnie-java) and Java are not here")
    write_vcards(PEOPLE, tmp_path / "a.vcf", version, choice=CHOICE, clock=MOMENT)
    (tmp_path / "Validate.java").write_text(VALIDATOR, "utf-8")
    command = [java, "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", ":".join(map(str, JARS.glob("*.jar")))]
    ran = subprocess.run(
        [*command, str(tmp_path / "Validate.java"), str(tmp_path / "a.vcf")], capture_output=True, check=False
    )
    told = ran.stdout.decode("utf-8").splitlines()
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")
    # «home» and «work» of an e-mail are every phone's words, though RFC 2426 has them for phones only.
    told = [line for line in told if '[Email] | W09: TYPE parameter value ("work")' not in line]
    assert told == ["cards 3", f"name {PEOPLE[0].display_name}", "name Кот", "name +7 900 000-00-42"]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_ical_js_reads_every_card(tmp_path: Path, version: str) -> None:
    node = shutil.which("node")
    found = node is not None and subprocess.run(
        [node, "-e", "require('ical.js')"], capture_output=True, check=False
    ).returncode == 0  # fmt: skip
    if not found:
        pytest.skip("node with ical.js (in NODE_PATH) is not here")
    write_vcards(PEOPLE, tmp_path / "a.vcf", version, choice=CHOICE, clock=MOMENT)
    (tmp_path / "read.cjs").write_text(READER, "utf-8")
    ran = subprocess.run(
        [str(node), str(tmp_path / "read.cjs"), str(tmp_path / "a.vcf")], capture_output=True, check=True
    )
    first, second, third = json.loads(ran.stdout)
    assert first["fn"] == PEOPLE[0].display_name
    assert first["n"][:3] == ["Константинопольская-Ржевская", "Алёна", "Ильинична"]
    # RFC 2426 escapes a semicolon in any text, and ical.js leaves that as it is; RFC 6350 does not escape it.
    assert (first["note"].replace("\\;", ";") if version == "3.0" else first["note"]) == PEOPLE[0].note
    assert second["fn"] == "Кот"
    assert third["tel"].removeprefix("tel:") == "+79000000042"
