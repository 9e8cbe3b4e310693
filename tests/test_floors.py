"""The floors of the house: imports go down only, and the graph has no cycle (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "crm"
CELLAR = {
    "errors",
    "files",
    "paths",
    "starting",
    "temporary",
    "text",
    "i18n",
    "clock",
    "pictures",
    "contact_points",
    "partial_date",
}
FLOORS = ["cellar", "models", "store", "services", "export", "ui", "front"]
MAY_SEE = {
    "cellar": {"cellar"},
    "importing": {"cellar", "importing"},
    "models": {"cellar", "models"},
    "store": {"cellar", "models", "store"},
    "services": {"cellar", "models", "services"},
    "export": {"cellar", "services", "export"},
    "ui": {"cellar", "importing", "services", "export", "ui"},
    "front": {"cellar", "models", "store", "services", "export", "importing", "ui", "front"},
}
SERVICES_MAY_SEE = {
    "crm.store.search",
    "crm.store.health",
    "crm.store.dialect",
}
TRANSACTION_ROOMS = {"crm.ui.operations"}


def floor(module: str) -> str:
    parts = module.split(".")
    if len(parts) == 1 or parts[1] in {"__main__", "app", "cli", "commands"}:
        return "front"
    return "cellar" if parts[1] in CELLAR else parts[1]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def imports(module: str) -> Iterator[str]:
    """Every module `module` imports anywhere, functions included; `from a import b` gives a.b where that is one."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide the floor"
            base = node.module or ""
            for alias in node.names:
                inside = f"{base}.{alias.name}"
                yield inside if inside in MODULES else base


def own(module: str) -> set[str]:
    return {name for name in imports(module) if name == "crm" or name.startswith("crm.")}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_down_only(module: str) -> None:
    here = floor(module)
    for name in own(module):
        if name == "crm" and floor(module) == "front":
            continue
        there = floor(name)
        if here == "services" and there == "importing":
            assert name.split(".")[2:3] in (["rows"], ["errors"], ["places"]), f"{module} imports {name}"
            continue
        if here == "services" and there == "store":
            assert name in SERVICES_MAY_SEE, f"{module} imports {name}"
            continue
        if here == "ui" and name.startswith("crm.store.workspace"):
            assert module in TRANSACTION_ROOMS, f"{module} imports {name}"
            continue
        assert there in MAY_SEE[here], f"{module} ({here}) imports {name} ({there})"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_each_library_stays_on_its_floor(module: str) -> None:
    roots = {name.split(".")[0] for name in imports(module)}
    here = floor(module)
    if here not in {"ui", "front"}:
        assert "PySide6" not in roots
    if here in {"cellar", "importing", "export", "ui"}:
        assert "sqlalchemy" not in roots
    if not module.startswith("crm.store.migrating") and ".migrations" not in module:
        assert "alembic" not in roots


def test_the_import_graph_has_no_cycle() -> None:
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path[path.index(module) :], module))
        if module in done:
            return
        for name in own(module):
            target = name if name in MODULES else None
            if target and target != module:
                walk(target, (*path, module))
        done.add(module)

    for module in MODULES:
        walk(module, ())


def test_only_the_operations_room_knows_the_workspace_among_pages() -> None:
    for module in MODULES:
        if floor(module) == "ui" and module not in TRANSACTION_ROOMS:
            assert not any(name.startswith("crm.store") for name in own(module)), module


def test_time_and_printing_come_from_one_place() -> None:
    """`datetime.now()`, `date.today()` and `print()` are nobody's but the clock's and the command line's."""
    for module, path in MODULES.items():
        if module == "crm.clock":
            continue
        source = path.read_text("utf-8")
        for forbidden in ("datetime.now(", "date.today(", "datetime.utcnow(", "time.sleep("):
            assert forbidden not in source, f"{module} calls {forbidden})"
