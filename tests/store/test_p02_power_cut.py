"""P2: every acknowledged deed was synced to the disk before it was acknowledged, in both modes of journal."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEEDS = 100
CHILD = f"""
import os, sys
from pathlib import Path
from crm import clock
from crm.i18n import phrase
from crm.services import people_editing
from crm.services.people_editing import PersonDraft
from crm.store.workspace import Workspace

workspace = Workspace.create(Path(sys.argv[1]))
for number in range({DEEDS}):
    os.write(1, b"begun\\n")
    draft = PersonDraft(family_name=f"F{{number}}")
    workspace.write(phrase("Add"), lambda s: people_editing.add_person(s, draft, clock.now))
    os.write(1, b"saved\\n")
"""


def _works(strace: str | None) -> bool:
    return strace is not None and subprocess.run([strace, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("folder", ["Стол", "OneDrive"])
def test_p02_every_acknowledged_deed_was_synced(tmp_path: Path, folder: str) -> None:
    strace = shutil.which("strace")
    if strace is None or not _works(strace):
        pytest.skip("strace is not here, or may not trace")
    log = tmp_path / "trace"
    command = [
        strace,
        "-f",
        "-o",
        str(log),
        "-e",
        "trace=fsync,fdatasync,write",
        "-s",
        "8",
        sys.executable,
        "-c",
        CHILD,
    ]
    subprocess.run([*command, str(tmp_path / folder / "c.krug")], check=True, capture_output=True)
    synced, acknowledged, syncs = 0, 0, 0
    for line in log.read_text("utf-8", "replace").splitlines():
        if re.search(r'write\(1, "begun', line):
            syncs = 0
        elif re.search(r"(fsync|fdatasync)\(\d+\) += 0", line):
            syncs += 1
        elif re.search(r'write\(1, "saved', line):
            acknowledged += 1
            synced += syncs > 0
    assert (acknowledged, synced) == (DEEDS, DEEDS)
