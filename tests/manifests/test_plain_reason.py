"""Why something could not be read, without the words of Python; and no message has them past this function."""

from __future__ import annotations

import ast
import base64
import errno
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import archive
import archive_cli
import archive_manifests
from archive.ssh.signature import BadSignature, parse
from archive_manifests.plain_text import plain_reason
from tests.world.sealed_bag import file_key

PYTHONS = frozenset({"UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "binascii.Error", "zlib.error", "RecursionError"})
"""Errors whose text only a programmer understands."""


def _error(cause: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as raised:  # noqa: PT011 -- whatever it is
        cause()
    return raised.value


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (lambda: b"ab\xe9".decode("ascii"), "byte 3 is no ASCII text"),
        (lambda: b"\xff".decode(), "byte 1 is no UTF-8 text"),
        (lambda: "é".encode("ascii"), "character 1 cannot be written as ASCII"),
        (lambda: base64.b64decode("a", validate=True), "it is not base64"),
        (lambda: zlib.decompress(b"x"), "its compressed data are damaged"),
        (lambda: Path("/nothing/here").read_bytes(), "/nothing/here: No such file or directory"),
        (lambda: int("x"), "invalid literal for int() with base 10: 'x'"),
    ],
)
def test_a_reason_is_plain(cause: Callable[[], object], said: str) -> None:
    assert plain_reason(_error(cause)) == said


def test_an_error_number_is_not_shown() -> None:
    assert plain_reason(OSError(errno.EIO, "Input/output error")) == "Input/output error"
    assert plain_reason(RecursionError("maximum recursion depth exceeded")) == "it is nested too deeply"


def test_a_damaged_signature_is_described_without_the_name_of_a_codec() -> None:
    from archive.ssh.signature import sign

    armoured = sign(b"x", "archive-bag", file_key(1)).split(b"\n")
    blob = base64.b64decode(b"".join(armoured[1:-2])).replace(b"sha512", b"sha5\xe92")
    broken = b"\n".join([armoured[0], base64.b64encode(blob), *armoured[-2:]])
    with pytest.raises(BadSignature) as raised:
        parse(broken)
    assert str(raised.value) == "malformed SSH signature: byte 5 is no ASCII text"


def _shown_as_they_are() -> Iterator[str]:
    """Handlers of such errors that put the error itself into a text."""
    for package in (archive, archive_cli, archive_manifests):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.ExceptHandler) or node.name is None or node.type is None:
                    continue
                caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                if not PYTHONS & {ast.unparse(one) for one in caught}:
                    continue
                shown = {ast.unparse(one.value) for one in ast.walk(node) if isinstance(one, ast.FormattedValue)}
                shown |= {ast.unparse(one) for one in ast.walk(node) if isinstance(one, ast.Call)}
                if shown & {node.name, f"str({node.name})"}:
                    yield f"{path.name}:{node.lineno}"


def test_no_message_has_the_text_of_such_an_error_as_it_is() -> None:
    assert list(_shown_as_they_are()) == []
