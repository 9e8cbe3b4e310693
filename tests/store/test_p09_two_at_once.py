"""P9: of many who start at the same moment one writes; a lock left by a kill is taken over; who has it is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm.cli import run
from crm.clock import Clock
from crm.store.workspace import Workspace

STARTS = 50
RACE = f"""
import os, sys
from pathlib import Path
from crm.errors import CrmError
from crm.store.workspace import Workspace

store = Path(sys.argv[1])
gate_out, gate_in = os.pipe()
said_out, said_in = os.pipe()
hold_out, hold_in = os.pipe()
for _ in range({STARTS}):
    if os.fork() == 0:
        os.close(hold_in)
        os.close(gate_in)
        os.read(gate_out, 1)
        try:
            workspace = Workspace.open_or_create(store)
        except CrmError as error:
            os.write(said_in, f"{{error.code}} {{error.details.get('pid', '')}}\\n".encode())
        else:
            os.write(said_in, f"writer {{os.getpid()}}\\n".encode())
            os.read(hold_out, 1)
            workspace.close()
        os._exit(0)
os.close(gate_in)
said = b""
while said.count(b"\\n") < {STARTS}:
    said += os.read(said_out, 65536)
os.close(hold_in)
for _ in range({STARTS}):
    os.wait()
sys.stdout.write(said.decode())
"""
HOLDER = """
import sys
from pathlib import Path
from crm.store.workspace import Workspace

workspace = Workspace.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.parametrize("there", [True, False], ids=["existing", "new"])
def test_p09_of_fifty_simultaneous_starts_one_writes(tmp_path: Path, clock: Clock, there: bool) -> None:
    store = tmp_path / "community.krug"
    if there:
        Workspace.create(store, clock).close()
    done = subprocess.run(
        [sys.executable, "-c", RACE, str(store)], capture_output=True, text=True, check=True, timeout=60
    )
    lines = done.stdout.splitlines()
    writers = [line for line in lines if line.startswith("writer")]
    assert len(lines) == STARTS
    assert len(writers) == 1
    assert {line.split()[0] for line in lines} <= {"writer", "store_held"}
    with Workspace.open(store, clock) as workspace:
        assert workspace.read(lambda s: s.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"


@pytest.fixture
def holder(tmp_path: Path, clock: Clock):
    store = tmp_path / "community.krug"
    Workspace.create(store, clock).close()
    command = [sys.executable, "-c", HOLDER, str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        yield child, store
        child.kill()


def test_p09_a_command_on_a_held_store_ends_with_3_and_names_who_has_it(holder, capsys) -> None:
    child, store = holder
    assert run(["--store", str(store), "people", "--json"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["error"] == "store_held"
    assert str(child.pid) in said.err


def test_p09_a_lock_left_by_a_kill_is_taken_over(holder, clock: Clock) -> None:
    child, store = holder
    child.kill()
    child.wait()
    owner = store.with_name(store.name + ".owner")
    assert json.loads(owner.read_text("utf-8"))["pid"] == child.pid
    with Workspace.open(store, clock):
        assert json.loads(owner.read_text("utf-8"))["pid"] == os.getpid()
    assert not owner.exists()
