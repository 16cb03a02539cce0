"""A script cut into code, texts, patterns and comments, whichever of them begins first. (ECMA-262, section 12)

A script is read once, from its beginning to its end. A quotation mark that opens no text, and a comment without an end,
make a script that no browser runs: the rest of it is code, and is compared as that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Kind = Literal["code", "text", "pattern", "comment"]

ENDS_LINE = "\n\r\u2028\u2029"
_STOP = re.compile(r"[\"'`/]")
_TEXT = re.compile(r"\"(?:[^\"\\\n\r]|\\(?:\r\n|[\s\S]))*\"|'(?:[^'\\\n\r]|\\(?:\r\n|[\s\S]))*'")
_LINE_END = re.compile(f"[{ENDS_LINE}]")
_PATTERN = re.compile(
    rf"/(?![*/])(?:[^\\/\[{ENDS_LINE}]|\\[^{ENDS_LINE}]|\[(?:[^\]\\{ENDS_LINE}]|\\[^{ENDS_LINE}]){{0,2000}}\]){{1,2000}}"
    r"/[dgimsuvy]*(?![\w$])"
)
_BEHIND_PATTERN = re.compile(r"\s*(?:[.,;:)\]}?&|=!]|\Z)")
"""What stands behind a pattern that stands behind a bracket; `(a)/b/(c)` divides twice."""
_IN_TEMPLATE = re.compile(r"\\[\s\S]|`|\$\{")
_IN_CODE = re.compile(r"[{}`\"'/]")
_BEFORE = re.compile(r"(?P<word>[\w$]+)\s*\Z|(?P<sign>\S)\s*\Z")
_BEFORE_PATTERN = frozenset(
    (
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "instanceof", "yield",
        "await",
    )
)  # fmt: skip
"""Words behind which a slash begins a pattern; behind any other it divides."""
_MOST_GUESSES = 10_000
_FAR = 60
"""Characters before a slash that are looked at."""


def tokens(script: str) -> Iterator[tuple[Kind, str]]:
    """Yield the parts of a script in order, none of them empty: joined, they are the script."""
    slashes = _Slashes(script)
    start = at = 0
    is_value = False  # what stands before ends a value: a slash divides it
    while (stop := _STOP.search(script, at)) is not None:
        at = stop.start()
        before = script[max(start, at - _FAR) : at]
        kind: Kind = "text"
        end = _end_of_text(script, at)
        if stop[0] == "/":
            kind, end = slashes.read(at, before, is_value=is_value)
        if end is None:
            break
        if kind == "code":
            at = end
            continue
        if start < at:
            yield "code", script[start:at]
        yield kind, script[at:end]
        is_value = kind != "comment" or not _may_begin_pattern(before, is_value=is_value)
        start = at = end
    if start < len(script):
        yield "code", script[start:]


class _Slashes:
    """Says what each slash of a script begins.

    Only a grammar knows for sure whether one behind a bracket divides. Up to the end of a line in which that was
    guessed, what seems a comment is code: it is compared, and nothing is left out by mistake.
    """

    def __init__(self, script: str) -> None:
        self._script = script
        self._doubtful = self._failed = -1
        """Up to here what seems a comment is code, and no slash begins a pattern."""
        self._guesses = 0

    def read(self, at: int, before: str, *, is_value: bool) -> tuple[Kind, int | None]:
        """What the slash at a place begins, and where that ends; None for a comment without an end."""
        if self._script[at + 1 : at + 2] in ("/", "*"):
            return ("code", at + 2) if at < self._doubtful else ("comment", _end_of_comment(self._script, at))
        is_guess = before.rstrip()[-1:] in (")", "}")
        end = None
        if at >= self._failed and self._guesses < _MOST_GUESSES and _may_begin_pattern(before, is_value=is_value):
            end = _end_of_pattern(self._script, at, is_guess=is_guess)
            self._guesses += is_guess
            if end is None and not is_guess:
                self._failed = self._doubtful = _line_end(self._script, at)
        if is_guess and at >= self._doubtful:
            self._doubtful = _line_end(self._script, at)
        return ("pattern", end) if end is not None else ("code", at + 1)


def _end_of_pattern(script: str, at: int, *, is_guess: bool) -> int | None:
    found = _PATTERN.match(script, at)
    if found is None or (is_guess and _BEHIND_PATTERN.match(script, found.end()) is None):
        return None
    return found.end()


def _end_of_comment(script: str, at: int) -> int | None:
    if script[at + 1] == "/":
        return _line_end(script, at)
    end = script.find("*/", at + 2)
    return end + 2 if end >= 0 else None


def _line_end(script: str, at: int) -> int:
    found = _LINE_END.search(script, at)
    return found.start() if found is not None else len(script)


def _may_begin_pattern(before: str, *, is_value: bool) -> bool:
    found = _BEFORE.search(before)
    if found is None:
        return not is_value
    return found["word"] in _BEFORE_PATTERN if found["word"] else found["sign"] != "]"


def _end_of_text(script: str, at: int) -> int | None:
    """Where a text, or a template, ends; None for one without an end, and for anything else."""
    if script[at] == "`":
        return _end_of_template(script, at)
    found = _TEXT.match(script, at)
    return found.end() if found is not None else None


def _end_of_template(script: str, at: int) -> int | None:
    """Where a template ends, in whose code may be other templates; None for one without an end."""
    slashes = _Slashes(script)
    open_braces: list[int] = []  # in the code of each template that is open
    is_code, at = False, at + 1
    while (found := (_IN_CODE if is_code else _IN_TEMPLATE).search(script, at)) is not None:
        sign, at = found[0], found.end()
        if not is_code:
            if sign == "${":
                open_braces.append(0)
                is_code = True
            elif sign == "`":
                if not open_braces:
                    return at
                is_code = True  # the code of the template around this one goes on
        elif sign == "`":
            is_code = False
        elif sign in "{}":
            if sign == "}" and open_braces[-1] == 0:
                open_braces.pop()
                is_code = False
            else:
                open_braces[-1] += 1 if sign == "{" else -1
        else:
            start = found.start()
            end = _end_of_text(script, start)
            if sign == "/":
                _, end = slashes.read(start, script[max(0, start - _FAR) : start], is_value=False)
            if end is None:
                return None
            at = end
    return None


_ESCAPED = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{1,3})|(\r\n|[\s\S]))")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_JOINED, _MEMBER = re.compile(r"\"\s*\+\s*\""), re.compile(r"(?<=[\w$)\]])(?:\?\.)?\[\s*\"([A-Za-z_$][\w$]*)\"\s*\]")
_OPTIONAL, _AROUND_POINT = re.compile(r"\s*\?\.(?=[(\[])|\s*\?(?=\.[A-Za-z_$])"), re.compile(r"\s*\.\s*")


def plain(code: str) -> str:
    """Code as it acts, however it is written: `d["bo"+"dy"]` is `d.body`. Its texts stand in `"` alone."""
    parts = [_quoted(text) if kind == "text" else _names(text) for kind, text in tokens(code)]
    joined = _OPTIONAL.sub("", _AROUND_POINT.sub(".", _JOINED.sub("", "".join(parts))))
    return _MEMBER.sub(r".\1", joined)


def _quoted(text: str) -> str:
    said = unescaped(text[1:-1]).replace('"', "'")
    return f'"{said}"'


def patterns_in(code: str) -> Iterator[str]:
    return (text for kind, text in tokens(code) if kind == "pattern")


def _names(code: str) -> str:
    return _ESCAPED.sub(_sign, code) if "\\u" in code else code


def unescaped(text: str) -> str:
    """A text as a script means it. (ECMA-262, section 12.9.4)"""
    return _ESCAPED.sub(_sign, text) if "\\" in text else text


def _sign(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    if match[4]:
        return chr(int(match[4], 8))
    return "" if match[5] in ("\r\n", *ENDS_LINE) else _LETTERS.get(match[5], match[5])
