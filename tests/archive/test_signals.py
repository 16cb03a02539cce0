"""A signal that arrives while a module is imported raises once the import is done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a program can catch")
@pytest.mark.parametrize("place", ["in an import", "outside of imports"])
def test_a_process_that_is_terminated_ends_in_order(tmp_path: Path, place: str) -> None:
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    within, after = (kill, "pass") if place == "in an import" else ("pass", kill)
    (tmp_path / "loaded.py").write_text(f"{within}\nfinished = True\n")
    program = (
        f"import signal, sys, time; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from archive.signals import raising\n"
        "signal.signal(signal.SIGTERM, raising(SystemExit, 7))\n"
        "try:\n"
        "    import loaded\n"
        f"    print(loaded.finished); {after}\n"
        "    time.sleep(30)\n"
        "finally:\n"
        "    print('in order')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (7, "True\nin order\n", "")
