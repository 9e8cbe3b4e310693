"""What kind of folder a store lies in: a disk of this computer, a share of a network, or one that a cloud copies.

A write-ahead log works only where all who write share memory, and a cloud copies files one by one, in any order: in
such folders the store keeps a rollback journal instead, and the person is told that it would be safer elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from crm.errors import CrmError
from crm.i18n import mark
from crm.store import clouds, drives
from crm.store.place import Place

__all__ = ["InCloud", "OnNetwork", "Place", "Source", "kind_of", "own_sources", "warning_of"]

Source = Callable[[Path], Place]


class InCloud(CrmError):
    """Not a refusal: what to know of a store in a cloud's folder."""

    code = "in_cloud"
    message = mark(
        "The community lies in a folder that {name} copies elsewhere. A copy made in the middle of saving can't be "
        "opened, and a cloud abroad is a transfer of personal data that 152-FZ restricts. Krug saves carefully and "
        "more slowly there; it is safer to close Krug and move the file to a folder of this computer alone."
    )


class OnNetwork(CrmError):
    """Not a refusal: what to know of a store on a network drive."""

    code = "on_network"
    message = mark(
        "The community lies on a network drive ({name}). If the connection breaks, what is being saved is lost, and "
        "others on the network may read the file. Krug saves carefully and more slowly there; it is safer to close "
        "Krug and move the file to a folder of this computer."
    )


def kind_of(path: Path, sources: Sequence[Source] | None = None) -> Place:
    """The place of a file; the first of `sources` (this computer's own by default) that knows more than «a disk» says.

    A link is followed: what counts is where the bytes are, and also the way by which one came.
    """
    asked = sources if sources is not None else own_sources()
    ways = dict.fromkeys((path.absolute(), _real(path)))
    for source in asked:
        for way in ways:
            place = source(way)
            if place.shared:
                return place
    return Place()


def own_sources() -> tuple[Source, ...]:
    """The sources of this computer: clouds by name, setting and mark, then network drives as the system lists them."""
    return clouds.of_cloud, drives.of_network


def warning_of(place: Place) -> CrmError | None:
    """What a person is told of a store that lies there; None of an ordinary disk."""
    if place.kind == "cloud":
        return InCloud(name=place.name)
    return OnNetwork(name=place.name) if place.kind == "network" else None


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
