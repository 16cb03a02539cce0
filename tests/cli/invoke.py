"""The command line, called as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from archive_cli.main import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def answer(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    """What `--json` prints, of a call that ends with `code`."""
    done = run(*arguments, "--json")
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found
