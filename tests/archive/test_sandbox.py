"""Native code in the process that reads a report reaches neither other files nor the network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

START = """
import ctypes, os, sys
sys.path[:0] = sys.argv[2:]
from archive import sandbox
effective = sandbox.confine(sandbox.Reachable(sandbox.code_folders()))
libc = ctypes.CDLL(None, use_errno=True)
opened = libc.open(sys.argv[1].encode(), 0)
made = libc.socket(2, 1, 0)
import xml.dom.minidom  # what lies in the program's own folders can still be loaded
print(*effective, "opened" if opened >= 0 else "refused", "socket" if made >= 0 else "refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")
def test_a_c_library_opens_no_file_and_no_socket(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("names of witnesses")
    roots = [str(Path(__file__).parents[2] / each) for each in (".", "manifests")]
    command = [sys.executable, "-c", START, str(secret), *roots]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *effective, file, socket = done.stdout.split()
    if "landlock" not in effective:
        pytest.skip("this kernel has no Landlock")
    assert (file, socket) == ("refused", "refused")
