"""`krug demo` and `krug tour`: an invented community, and the whole main job in it without a screen."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crm import i18n
from crm.commands.front import Front
from crm.i18n import phrase


@click.command()
@click.option("--people", type=int, default=300, show_default=True, help="How many people to invent.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same community.")
@click.pass_obj
def demo(front: Front, people: int, seed: int) -> None:
    """Fill an empty store with an invented Russian community."""
    from crm.services.demo import fill_demo
    from crm.store.beside import remove_store

    missing = not front.store.exists()
    try:
        with front.workspace(create=True) as workspace:
            made = workspace.write(
                phrase("Demo community"), lambda session: fill_demo(session, front.clock, people, seed)
            ).value
    except BaseException:
        if missing:
            remove_store(front.store)
        raise
    front.emit(
        asdict(made),
        lambda: i18n.text(
            "{people} people, {events} events, {attendance} attendances, {feedback} pieces of feedback",
            **{name: i18n.number(count) for name, count in asdict(made).items()},
        ),
    )


@click.command()
@click.argument("out_dir", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def tour(front: Front, out_dir: Path) -> None:
    """Do the main job without a screen, in a store of its own, and leave its files in OUT_DIR."""
    from crm.commands.tour import take_tour

    files = [str(path) for path in take_tour(out_dir, front.clock, front.message)]
    front.emit({"files": files}, lambda: "\n".join(files))
