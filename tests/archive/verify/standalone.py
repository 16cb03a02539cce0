"""`verify.py` in this process: most tests are about what it answers; a few start it as people do."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import io
from pathlib import Path
from types import ModuleType
from unittest import mock

PROGRAM = Path(__file__).resolve().parents[3] / "archive/verify/alone/verify.py"


@functools.cache
def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_alone", PROGRAM)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_alone(bag: Path, *more: str) -> tuple[int, list[str]]:
    """Its exit code and its lines, those of stderr last."""
    out, err = io.StringIO(), io.StringIO()
    command = mock.patch("sys.argv", [str(PROGRAM), str(bag), *more])
    with command, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = _loaded().main()
    return code, out.getvalue().splitlines() + err.getvalue().splitlines()
