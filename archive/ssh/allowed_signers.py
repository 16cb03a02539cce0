"""Whom the reader trusts: OpenSSH's allowed signers file. (ssh-keygen(1), ALLOWED SIGNERS)"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.errors import StatementError
from archive.ssh.keys import KeyUnusable, PublicKey
from archive_manifests.receipt import NAMESPACE as RECEIPTS
from archive_manifests.seal import NAMESPACE

_PRINCIPALS = re.compile(r'(?:"([^"]*)"|([^\s"]+))\s+')
_OPTIONS = re.compile(r'((?:[^\s"]|"[^"]*")+)\s+')
_OPTION = re.compile(r'([A-Za-z-]+)(?:=(?:"([^"]*)"|([^",]*)))?(?:,|\Z)')
_TIME = re.compile(r"(\d{8})(\d{4})?(\d{2})?(Z?)\Z", re.IGNORECASE)
_NAME = re.compile(r"[^\s,\"'*?!#][^\s,\"'*?]*")
_WORD = re.compile(r"\w")
_LONGEST_LINE = 1 << 16


@dataclass(frozen=True, slots=True)
class AllowedSigner:
    """One line: under these names, this key is trusted, for these namespaces, in this span of time."""

    principals: str
    """As written: `anna@ngo.example`, or several, or patterns, with commas between."""
    key: PublicKey
    namespaces: str | None = None
    """A pattern list; None allows every namespace."""
    valid_after: datetime | None = None
    valid_before: datetime | None = None
    is_authority: bool = False
    """Trusted to certify other keys, which is not trust in what this key itself signs."""

    def speaks_for(self, key: PublicKey, namespace: str) -> bool:
        return (
            not self.is_authority
            and key.blob == self.key.blob
            and self.names_somebody
            and (self.namespaces is None or matches(namespace, self.namespaces))
        )

    @property
    def names_somebody(self) -> bool:
        """True where a name is left: `*` is everybody's, and what `!` takes back is nobody's.

        OpenSSH is told a name and accepts any under `*`; here the line is what the name is read from.
        """
        patterns = (pattern for pattern in self.principals.split(",") if not pattern.startswith("!"))
        return any(_WORD.search(pattern) and matches(pattern, self.principals) for pattern in patterns)

    def is_valid_at(self, when: datetime) -> bool:
        """Both ends belong to the span, as in OpenSSH."""
        return not (self.valid_after and when < self.valid_after) and not (
            self.valid_before and when > self.valid_before
        )

    @property
    def span(self) -> str:
        ends = (("from", self.valid_after), ("to", self.valid_before))
        return " ".join(f"{word} {end:%Y-%m-%dT%H:%M:%SZ}" for word, end in ends if end) or "always"


def parse(text: str) -> tuple[AllowedSigner, ...]:
    """Read the file. Raises `StatementError` with the number of the first line that is no entry."""
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        try:
            if len(stripped) > _LONGEST_LINE:
                raise ValueError("longer than any entry")
            entries.append(_parse_line(stripped))
        except (ValueError, KeyUnusable) as error:
            raise StatementError(f"allowed_signers line {number}: {error}", line=number) from error
    return tuple(entries)


def matches(text: str, patterns: str) -> bool:
    """OpenSSH's pattern list: `*`, `?`, commas, `!` before what must not match. (ssh_config(5), PATTERNS)"""
    accepted = False
    for pattern in patterns.split(","):
        wanted = pattern.removeprefix("!")
        if re.fullmatch("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in wanted), text, re.DOTALL):
            if pattern.startswith("!"):
                return False
            accepted = True
    return accepted


def entry_line(name: str) -> Callable[[PublicKey], str]:
    """What writes the line for a key under this name. Raises `StatementError` for a name that a line cannot hold."""
    if not _NAME.fullmatch(name):
        raise StatementError(f"{name!r}: a signer's name has no blanks, commas, quotes, stars, and no # or ! before it")
    return lambda key: f'{name} namespaces="{NAMESPACE},{RECEIPTS}" {key.text}'


def _parse_line(line: str) -> AllowedSigner:
    found = _PRINCIPALS.match(line)
    if found is None:
        raise ValueError("no key after the principals")
    principals, rest = found[1] if found[1] is not None else found[2], line[found.end() :]
    try:
        return AllowedSigner(principals, PublicKey.from_text(rest))
    except KeyUnusable:
        options = _OPTIONS.match(rest)
        if options is None:
            raise
        return _with_options(principals, options[1], PublicKey.from_text(rest[options.end() :]))


def _with_options(principals: str, text: str, key: PublicKey) -> AllowedSigner:
    stated: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _OPTION.match(text, at)
        if found is None:
            raise ValueError(f"options not understood: {text!r}")
        name = found[1].lower()
        if name not in ("cert-authority", "namespaces", "valid-after", "valid-before") or name in stated:
            raise ValueError(f"option {found[1]!r} not known, or given twice")
        stated[name] = found[2] if found[2] is not None else found[3] or ""
        at = found.end()
    return AllowedSigner(
        principals,
        key,
        namespaces=stated.get("namespaces"),
        valid_after=_time(stated.get("valid-after")),
        valid_before=_time(stated.get("valid-before")),
        is_authority="cert-authority" in stated,
    )


def _time(text: str | None) -> datetime | None:
    """A timestamp of the file, in UTC also where it has no `Z`.

    OpenSSH reads one without `Z` in the time zone of the machine; an answer that depends on where it is asked is none.
    """
    if text is None:
        return None
    found = _TIME.match(text)
    if found is None or (found[3] and not found[2]):
        raise ValueError(f"not a time: {text!r}; expected YYYYMMDD or YYYYMMDDHHMM[SS], with a Z at its end")
    digits = found[1] + (found[2] or "0000") + (found[3] or "00")
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
