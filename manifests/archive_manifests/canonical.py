"""The one spelling of JSON in our bags, so that the same values always give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from msgspec.structs import asdict

from archive_manifests.errors import StatementError
from archive_manifests.plain_text import plain_reason

Value = TypeVar("Value")
_DISGUISED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""DEL and C1 controls, line and paragraph separators, marks that reorder text."""


def document(value: Any) -> str:
    """A value as a readable JSON document: our field order, one space of indent, UTF-8, LF.

    Characters that control a terminal or turn the text round them are written as escapes, so that a reader of the raw
    file sees them.
    """
    return escaped(_formatted(value))


def _formatted(value: Any) -> str:
    return msgspec.json.format(_encoded(value), indent=1).decode() + "\n"


def escaped(text: str) -> str:
    """The same JSON with every character that a terminal or a reader would not see as it is written as an escape."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _DISGUISED.sub(_escape_of, text)


def _escape_of(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def line(value: Any) -> str:
    """A value as one line of a `.jsonl` file, with its LF."""
    return _encoded(value).decode() + "\n"


def _encoded(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(well_formed(value))


def well_formed(value: Value) -> Value:
    r"""The same value, each lone surrogate in its text replaced by U+FFFD, since UTF-8 has none. (Web IDL, USVString)

    Servers write `\ud800` in JSON and Latin-1 in file names; a value that holds none is returned as it is.
    """
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.convert(_replaced(msgspec.to_builtins(value)), type(value))
    return value


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_replaced(key): _replaced(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each) for each in value]
    return value


def is_document(text: bytes) -> bool:
    """True for a document in our spelling; its fields do not count: another version may have more of them or fewer."""
    try:
        return any(is_joined(map(form, _pieces(text)), text) for form in (escaped, str))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def is_joined(pieces: Iterable[str], text: bytes) -> bool:
    """True where `text` is just the pieces, one after the other; only one of them is in memory at a time."""
    at = 0
    for piece in pieces:
        encoded = piece.encode("utf-8", "surrogatepass")
        if not text.startswith(encoded, at):
            return False
        at += len(encoded)
    return at == len(text)


def _pieces(text: bytes) -> Iterator[str]:
    """What `_formatted` makes of the values of a document, one after the other: all at once take nine times its size.

    The values are those of the fields of an object, and of the lists in them: a ledger has thousands of sources.
    """
    if not text.startswith(b"{\n"):
        yield _formatted(msgspec.json.decode(text))
        return
    for number, (name, value) in enumerate(msgspec.json.decode(text, type=dict[str, msgspec.Raw]).items()):
        yield f"{',' if number else '{'}\n {_encoded(name).decode()}: "
        is_list = bytes(memoryview(value)[:1]) == b"["
        values = msgspec.json.decode(value, type=list[msgspec.Raw]) if is_list else []
        for place, each in enumerate(values):
            yield f"{',' if place else '['}\n  {_indented(each, 2)}"
        yield "\n ]" if values else _indented(value, 1)
    yield "\n}\n"


def _indented(value: msgspec.Raw, depth: int) -> str:
    formatted = msgspec.json.format(_encoded(msgspec.json.decode(value)), indent=1).decode()
    return formatted.replace("\n", "\n" + " " * depth)


def first_unknown(text: bytes, value: Any) -> str | None:
    """The place of the first key of a document that the value read of it does not have: `sources[3].copies[0].seen`.

    `value` is the struct, or the dictionary, that the text was read into; None where it has every key. A list is
    compared piece by piece: a ledger has thousands of sources.
    """
    names = asdict(value) if isinstance(value, msgspec.Struct) else value
    try:
        for name, raw in msgspec.json.decode(text, type=dict[str, msgspec.Raw]).items():
            if name not in names:
                return name
            is_list = bytes(memoryview(raw)[:1]) == b"["
            pieces = enumerate(msgspec.json.decode(raw, type=list[msgspec.Raw])) if is_list else [(None, raw)]
            for number, piece in pieces:
                place, known = (name, names[name]) if number is None else (f"{name}[{number}]", names[name][number])
                stated, read = msgspec.json.decode(piece), msgspec.json.decode(msgspec.json.encode(known))
                # Nearly every piece is equal, and has the same keys then.
                for found in () if stated == read else _unknown(stated, read, place):
                    return found
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # what cannot be read whole is reported as such
    return None


def _unknown(stated: Any, known: Any, place: str) -> Iterator[str]:
    if isinstance(stated, dict) and isinstance(known, dict):
        for name, value in stated.items():
            if name not in known:
                yield f"{place}.{name}"
            else:
                yield from _unknown(value, known[name], f"{place}.{name}")
    elif isinstance(stated, list) and isinstance(known, list | tuple):
        for number, (each, other) in enumerate(zip(stated, known, strict=False)):
            yield from _unknown(each, other, f"{place}[{number}]")


def is_line(text: bytes) -> bool:
    """The same for one line of a `.jsonl` file."""
    try:
        return line(msgspec.json.decode(text)).encode() == text
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def parse(text: str | bytes, into: type[Value], *, what: str, at_line: int | None = None) -> Value:
    """Read JSON into a value of type `into`, strictly. Raises `StatementError` that names `what` and the place."""
    try:
        return msgspec.json.decode(text, type=into)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        place = what if at_line is None else f"{what} line {at_line}"
        raise StatementError(f"{place}: {plain_reason(error)}", line=at_line) from error
