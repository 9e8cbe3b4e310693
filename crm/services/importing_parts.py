"""What hangs on a person of an import: contacts, tags, addresses, kept lines, consents, the photo.

Only what is not there yet is added; nothing is taken away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from crm import i18n, pictures, text
from crm.importing.rows import ImportedPerson
from crm.models import new_uid
from crm.services.imported_rows import NO, YES, ReadyRow
from crm.services.importing_batch import Batch
from crm.services.people_there import PersonThere

_REFUSALS: Final = ("refused", "withdrawn")


class Parts:
    """Adds parts to people, as of one moment."""

    def __init__(self, batch: Batch, now: datetime, today: date) -> None:
        self._batch, self._now, self._today = batch, now, today

    def add(self, person: int, there: PersonThere, taken: ReadyRow) -> bool:
        """Contacts, tags, addresses, kept lines and consents that are not there yet; True when there were any."""
        row, added = taken.entry, False
        points = there.points
        for columns in taken.points:
            if columns["value"] and (columns["kind"], columns["value"]) not in points:
                self._batch.rows["contact_point"].append({**columns, "person_id": person, "position": len(points)})
                points.add((columns["kind"], columns["value"]))
                added = True
        for word in row.tags:
            tag = self._batch.tag(word)
            if tag is not None and tag not in there.tags:
                self._batch.rows["person_tag"].append({"person_id": person, "tag_id": tag})
                there.tags.add(tag)
                added = True
        for address in row.addresses:
            parts = (address.street, address.city, address.region, address.postcode, address.country)
            if any(parts) and parts not in there.addresses:
                self._batch.rows["address"].append(
                    {
                        "person_id": person,
                        "street": address.street,
                        "city": address.city,
                        "region": address.region,
                        "postcode": address.postcode,
                        "country": address.country,
                        "label": address.label,
                        "position": len(there.addresses),
                    }
                )
                there.addresses.add(parts)
                added = True
        for extra in row.extra:
            line = (text.clean(extra.name), text.clean(extra.parameters), extra.value)
            if line not in there.extras:
                self._batch.rows["extra_property"].append(
                    {
                        "person_id": person,
                        "group_name": text.clean(extra.group),
                        "name": line[0],
                        "parameters": line[1],
                        "value": line[2],
                        "position": len(there.extras),
                    }
                )
                there.extras.add(line)
                added = True
        for header, cell in row.consents:
            added |= self._consent(person, there, header, cell)
        return added

    def _consent(self, person: int, there: PersonThere, header: str, cell: str) -> bool:
        purpose, status = _told_consent(header, cell)
        last = there.consents.get(purpose, "")
        if not status or last == status or last in _REFUSALS:
            return False
        self._batch.rows["consent"].append(
            {
                "uid": new_uid(),
                "person_id": person,
                "purpose": purpose,
                "status": status,
                "channel": "",
                "source": i18n.text("import"),
                "proof": f"{header}: {cell}",
                "given_on": self._today,
                "entered_at": self._now,
            }
        )
        there.consents[purpose] = status
        return True

    def add_photo(self, person: int, there: PersonThere, photo: bytes) -> bool:
        """Keep the card's picture, made small and safe; True when it is a new one. Raises what `pictures` refuses."""
        picture = pictures.small(photo)
        sha256 = hashlib.sha256(picture.content).hexdigest()
        if sha256 in there.photos:
            return False
        there.photos.add(sha256)
        content = self._batch.content(sha256, picture.content)
        self._batch.rows["attachment"].append(
            {
                "owner_table": "person",
                "owner_id": person,
                "person_id": person,
                "purpose": "photo",
                "file_name": "",
                "media_type": picture.media_type,
                "size": len(picture.content),
                "content_id": content,
                "added_at": self._now,
            }
        )
        return True


def consents_not_taken(there: PersonThere, row: ImportedPerson) -> Iterator[str]:
    """A list never gives back a consent that the person refused or withdrew: somebody has to ask them."""
    for header, cell in row.consents:
        purpose, status = _told_consent(header, cell)
        if status == "given" and there.consents.get(purpose) in _REFUSALS:
            yield f"{header}: {cell}"


def _told_consent(header: str, cell: str) -> tuple[str, str]:
    """Purpose and status that a consent column tells; no status where the cell is neither yes nor no."""
    purpose = "data" if "персональн" in header.casefold() or "data" in header.casefold() else "messages"
    answer = text.fold(cell).strip()
    return purpose, "given" if answer in YES else "refused" if answer in NO else ""
