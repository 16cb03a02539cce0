"""Ctrl-C that arrives while a module is imported is neither lost nor a lock left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LATER = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nfinished = True\n"
"""A module during whose import the signal arrives."""


def run(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    (folder / "interrupted.py").write_text(LATER)
    program = f"import sys; sys.path.insert(0, {str(folder)!r})\n{program}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)


def test_an_import_is_finished_before_the_interrupt(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "from archive_cli.interrupt import heed_interrupts\n"
        "heed_interrupts()\n"
        "import time\n"
        "try:\n"
        "    import interrupted\n"
        "    time.sleep(30)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', sys.modules['interrupted'].finished)\n",
    )
    assert (done.returncode, done.stdout) == (0, "interrupted True\n"), done.stderr


@pytest.mark.parametrize("before", ["signal.SIG_IGN", "mine"])
def test_a_handler_of_somebody_else_stays(tmp_path: Path, before: str) -> None:
    done = run(
        tmp_path,
        "import signal\n"
        "def mine(*_): print('mine')\n"
        f"signal.signal(signal.SIGINT, {before})\n"
        "from archive_cli.interrupt import heed_interrupts\n"
        "heed_interrupts()\n"
        f"print(signal.getsignal(signal.SIGINT) is {before})\n",
    )
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
