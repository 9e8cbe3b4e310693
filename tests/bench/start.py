"""B1: from the start of the process to a painted, usable People page on L, in seconds of processor time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.large import ROOT
from tests.bench.row import Row, median

TIMES = 7
SECONDS = 1.0
RATIO = 2.5

_FLOOR = """
import sqlalchemy.orm
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(["floor"])
window = QMainWindow()
window.resize(1440, 900)
window.show()
app.processEvents()
import os, resource
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, flush=True)
os._exit(0)
"""
# The program's own way in, with People as the first page; the clock stops when rows, navigation and icons are painted.
_OURS = """
import sys
from pathlib import Path
from crm import starting
with starting.without_collecting():
    import crm.cli
    import crm.app
    import crm.app.opened
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from crm import clock, i18n, paths
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme

class Painted(QObject):
    done = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and page.table.model().rowCount():
            self.done = True
        return False

i18n.use("ru")
crm.app.opened.START_PAGE = "people"
app = QApplication(sys.argv[:1])
preferences = Preferences(paths.settings_file())
theme = Theme(mode="light")
theme.apply(app)
desktop = crm.app.Desktop(theme, preferences)
desktop.speak("ru")
with starting.without_collecting():
    window = desktop.open(Path(sys.argv[1]))
page = window.page("people")
painted = Painted()
page.table.viewport().installEventFilter(painted)
while not painted.done:
    app.processEvents()
app.processEvents()
import os, resource
used = resource.getrusage(resource.RUSAGE_SELF)
assert page.table.model().rowCount() > 90_000
print(used.ru_utime + used.ru_stime, flush=True)
os._exit(0)
"""


def measure(store: Path) -> list[Row]:
    """Start the program and the floor in turn, several times each."""
    ours, floor = [], []
    with tempfile.TemporaryDirectory(prefix="krug-bench-") as bytecode:
        for number in range(TIMES + 1):
            mine, bare = _run(bytecode, _OURS, str(store)), _run(bytecode, _FLOOR)
            if number:  # the first pair fills the caches of the disk, and the bytecode
                ours.append(mine)
                floor.append(bare)
    taken, least = median(ours), median(floor)
    met = taken <= SECONDS and taken <= RATIO * least
    bar = f"≤ {RATIO}× and ≤ {SECONDS} s"
    return [Row("B1", "start: People page painted on L, CPU", taken, "s", bar, met, least)]


def _run(bytecode: str, script: str, *arguments: str) -> float:
    """Seconds of one start. What is installed brings its bytecode along; a checkout need not have it written."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "KRUG_HOME": home, "PYTHONPATH": str(ROOT)}
        environment |= {"PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout.split()[-1])
