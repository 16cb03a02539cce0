"""The one spelling of JSON in our bags, so that the same values always give the same bytes."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from archive_manifests.errors import StatementError

Value = TypeVar("Value")


def document(value: Any) -> str:
    """A value as a readable JSON document: our field order, one space of indent, UTF-8, LF."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n"


def line(value: Any) -> str:
    """A value as one line of a `.jsonl` file, with its LF."""
    return msgspec.json.encode(value).decode() + "\n"


def is_document(text: bytes) -> bool:
    """True for a document in our spelling, whatever its fields: another version may have more of them or fewer."""
    try:
        return document(msgspec.json.decode(text)).encode() == text
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


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
        raise StatementError(f"{place}: {error}", line=at_line) from error
