"""One table of a TOML text, read strictly: every complaint names the table, the line and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from typing import Any

from archive_manifests.errors import StatementError
from archive_manifests.moments import moment
from archive_manifests.plain_text import plain_reason

LARGEST = 2**53
"""Numbers above it lose their value in other readers."""

_KINDS = {str: "a text in quotes", bool: "true or false", int: "a whole number", float: "a number", list: "a list"}


class Table:
    """The values of one table. Unknown keys are refused when it is made."""

    def __init__(
        self, values: dict[str, Any], where: str, text: str, *, keys: Sequence[str],
        line: Callable[[], int | None] = int,
    ) -> None:
        self._values, self._where, self._text = values, where, text
        self._line = line  # called only for an error message: it reads the whole text
        for key in values:
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(keys)}"
                raise self.error(key, f"is no key that may stand here; {hint}")

    def error(self, key: str, complaint: str) -> StatementError:
        """An error about `key`, with its line where it is known."""
        line = self._line_of(key)
        place = f" line {line}" if line else ""
        where = "" if self._where == "source manifest" else f", {self._where}"
        return StatementError(f"source manifest{place}{where}: {key} {complaint}", line=line)

    def _line_of(self, key: str) -> int | None:
        """The line of `key` in this table, else the line where the table starts."""
        start = self._line()
        if not start:
            return None
        stated = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
        for number, line in enumerate(self._text.split("\n")[start:], start + 1):
            if stated.match(line):
                return number
            if line.startswith("["):
                break
        return start

    def _of_kind(self, key: str, kind: type) -> Any:
        value = self._values.get(key)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        found = _KINDS.get(type(value), "a table" if isinstance(value, dict) else "a date")
        raise self.error(key, f"must be {_KINDS[kind]}, and is {found}: {str(value)[:60]!r}")

    def text(self, key: str) -> str | None:
        """A text; an empty one counts as not set."""
        value: str | None = self._of_kind(key, str)
        return value or None

    def required_text(self, key: str) -> str:
        value = self.text(key)
        if value is None:
            raise self.error(key, "is missing")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._of_kind(key, list) or []
        if not all(isinstance(value, str) and value for value in values):
            raise self.error(key, "must be a list of texts in quotes")
        return tuple(values)

    def flag(self, key: str) -> bool | None:
        value: bool | None = self._of_kind(key, bool)
        return value

    def number(self, key: str, *, least: int) -> int | None:
        value: int | None = self._of_kind(key, int)
        if value is not None and not least <= value <= LARGEST:
            raise self.error(key, f"is {str(value)[:30]}; it counts from {least}")
        return value

    def day(self, key: str) -> str | None:
        """A day, as a text or as TOML's own date."""
        value = self._values.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        words = self.text(key)
        if words is not None and not _is_day(words):
            raise self.error(key, f"is {words!r}; write the day as 2021-05-21")
        return words

    def moment(self, key: str) -> str | None:
        """A day, or a moment with its zone, as a text or as TOML's own."""
        value = self._values.get(key)
        words = value.isoformat() if isinstance(value, date) else self.text(key)
        try:
            return moment(words) if words is not None else None
        except ValueError as error:
            raise self.error(key, plain_reason(error)) from None

    def sha256(self, key: str) -> str | None:
        words = self.text(key)
        if words is None:
            return None
        words = words.lower().removeprefix("sha256:")
        if not re.fullmatch(r"[0-9a-f]{64}", words):
            raise self.error(key, f"must be 64 hex digits, and is {words[:80]!r}")
        return words

    def table(self, key: str, keys: Sequence[str]) -> Table:
        value = self._values.get(key)
        if not isinstance(value, dict):
            complaint = "is missing" if value is None else f"must be a table: [{key}] on a line of its own"
            raise self.error(f"[{key}]", complaint)
        header = re.compile(rf"\s*\[\s*{key}\s*\]")
        return Table(value, f"[{key}]", self._text, keys=keys, line=lambda: _first(header, self._text))

    def tables(self, key: str, keys: Sequence[str], lines: Sequence[int] = ()) -> list[Table]:
        """A list of tables; `lines` are those of their headers, if there are as many."""
        values = self._values.get(key) or []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(key, f"must be a list of tables, each under its [[{key}]]")
        at: list[Callable[[], int | None]] = [partial(self._line_of, key)] * len(values)
        if len(lines) == len(values):
            at = [partial(int, line) for line in lines]
        outer = "" if self._where == "source manifest" else f"{self._where}, "
        return [
            Table(value, f"{outer}{key} {number}", self._text, keys=keys, line=line)
            for number, (value, line) in enumerate(zip(values, at, strict=True), 1)
        ]


def _first(header: re.Pattern[str], text: str) -> int | None:
    """The number of the first line that is this header."""
    return next((number for number, line in enumerate(text.split("\n"), 1) if header.match(line)), None)


def _is_day(words: str) -> bool:
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False
