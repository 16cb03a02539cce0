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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a program can catch")
def test_a_pool_of_processes_that_is_terminated_leaves_nothing_to_warn_of(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "import os, signal, time\n"
        "from archive.audit.engine.processes import Processes\n"
        "from archive_cli.interrupt import terminated_in_order\n"
        "try:\n"
        "    with terminated_in_order(), Processes(1) as engine:\n"
        "        assert engine.executor.submit(os.getppid).result() == os.getpid()\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        time.sleep(30)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)\n",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted True\n", "")


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


START = "from archive_cli.start import main\nmain()\n"


@pytest.mark.parametrize("module", ["click", "typing", "archive.version", "archive_cli.output", "archive_cli.errors"])
def test_ctrl_c_while_the_program_is_loaded_ends_it_in_a_line(tmp_path: Path, module: str) -> None:
    finder = (
        "import os, signal, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        f"sys.modules.pop({module!r}, None)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "sys.argv[:] = ['archive', 'verify', 'none']\n"
    )
    done = run(tmp_path, finder + START)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (130, "", 1), done.stderr
    assert done.stderr.startswith("archive: interrupted; run the same command again")


def test_ctrl_c_while_an_interrupt_is_reported_ends_in_a_line(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "import os, signal, sys\n"
        "import archive.verify.run, archive_cli.errors\n"
        "def again(*_, **__): os.kill(os.getpid(), signal.SIGINT)\n"
        "archive.verify.run.verify = archive_cli.errors.exit_with = again\n"
        "sys.argv[:] = ['archive', 'verify', 'none']\n" + START,
    )
    assert (done.returncode, done.stdout) == (130, ""), done.stderr
    assert "Traceback" not in done.stderr


def test_a_program_that_ignores_ctrl_c_goes_on_ignoring_it(tmp_path: Path) -> None:
    ignoring = "import signal, sys\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsys.argv[:] = ['archive', '--version']\n"
    seen = "import atexit\natexit.register(lambda: print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN))\n"
    done = run(tmp_path, ignoring + seen + START)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "True"), done.stderr


def test_the_module_that_comes_first_loads_nothing_that_takes_time(tmp_path: Path) -> None:
    program = "import sys; before = set(sys.modules); import archive_cli.start; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60)
    assert set(done.stdout.split()) <= {"__future__", "archive_cli", "archive_cli.start"}
