"""The whole way of a bag where the system has nothing that only POSIX has, in a narrow encoding: as far as Linux shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.verify.sample_bags import make_bag
from tests.world import World

pytestmark = pytest.mark.timeout(900)
"""Each command is a program of its own: a busy machine takes its time over a dozen of them."""

PRELUDE = '''
import asyncio, importlib.abc, importlib.machinery, multiprocessing, os, select, shutil, signal, socket, subprocess, sys, tempfile, types
for name in ("fork", "forkpty", "getuid", "geteuid", "getgid", "setsid", "fchmod", "fchown", "chown", "pread", "pwrite", "sync",
             "posix_fadvise", "posix_fallocate", "sched_getaffinity", "mkfifo", "killpg", "copy_file_range", "sendfile", "sysconf"):
    hasattr(os, name) and delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "alarm", "setitimer", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGCONT"):
    hasattr(signal, name) and delattr(signal, name)
os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, shutil._use_fd_functions = set(), set(), set(), False
class Missing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "resource", "pwd", "grp", "termios", "pty"):
            raise ImportError(name)
        return importlib.machinery.ModuleSpec(name, self) if name == "msvcrt" else None
    def create_module(self, spec):
        module = types.ModuleType("msvcrt")
        module.LK_NBLCK, module.locking = 2, lambda handle, mode, size: None
        return module
    def exec_module(self, module): ...
for name in ("fcntl", "resource", "pwd", "grp", "termios", "pty"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
'''
"""Takes away what Windows has not. The standard library's modules that need it themselves are imported before."""


def archive(folder: Path, *arguments: str) -> str:
    """Run the command in its own process; its stdout and stderr. Fails where it does not end with 0."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
    environment |= {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "ARCHIVE_CONFIG": ""}
    (folder / "prelude.py").write_text(PRELUDE, "utf-8")
    script = "exec(open('prelude.py', encoding='utf-8').read()); from archive_cli.main import main; main(prog_name='archive')"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    printed = (done.stdout + done.stderr).decode("cp1252")
    assert done.returncode == 0, f"{arguments}: {printed}"
    return printed


def test_a_bag_is_signed_handed_over_received_and_checked(tmp_path: Path) -> None:
    make_bag(tmp_path / "R1")
    archive(tmp_path, "keygen", "-o", "key", "--no-passphrase")
    archive(tmp_path, "sign", "R1", "--key", "key")
    archive(tmp_path, "pack", "R1", "-o", "out")
    archive(tmp_path, "receive", "out/R1.tar", "--into", "in")
    archive(tmp_path, "audit", "add", "in", "--catalogue", "audit.sqlite3")
    printed = archive(tmp_path, "verify", "in/R1")
    assert "the files agree with the bag's own manifests and with its seal" in printed
    assert (tmp_path / "in/R1.seal/receipts").is_dir()


def test_an_arabic_report_is_captured_and_its_address_spelled_out(tmp_path: Path) -> None:
    (tmp_path / "تقرير.txt").write_text("انظر https://sn4hr.org/?p=55768\n", "utf-8")
    with World() as world:
        options = [word for rule in world.everywhere for word in ("--connect-to", rule)]
        way = [*options, "--cacert", world.ca_file, "--no-browser", "--no-media", "--no-memento", "--delay", "0"]
        printed = archive(tmp_path, "fetch", "تقرير.txt", "-o", "حقيبة", *way)
    assert "\\u062d\\u0642\\u064a\\u0628\\u0629: the bag is made. 1 source: 1 captured." in printed
    assert (tmp_path / "حقيبة/bagit.txt").is_file()
