"""Whom the reader trusts: OpenSSH's allowed signers file. (ssh-keygen(1), ALLOWED SIGNERS)

Read as `ssh-keygen -Y verify` reads it: a line ends at LF and nowhere else, blanks are space, tab and CR. Whatever
ssh-keygen skips with a message is an error here, so that a mistake in the file is never passed over.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from archive.errors import StatementError
from archive.ssh.keys import KeyUnusable, PublicKey
from archive_manifests.plain_text import plain_reason
from archive_manifests.signature_namespaces import CORROBORATION, CUSTODY, RECEIPT, SEAL

KEY_NAMESPACES = (SEAL, CUSTODY, RECEIPT, CORROBORATION)
"""What a new key is trusted for: seals, custody logs, receipts, corroborations."""

_BLANKS = " \t\r\n"
_OPTION = re.compile(r'(?:(cert-authority)|(namespaces|valid-after|valid-before)="((?:\\"|[^"])*)")', re.IGNORECASE)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:Z|UTC)?\Z", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"[^\s,\"'*?!#\x00-\x1f\x7f-\x9f][^\s,\"'*?\x00-\x1f\x7f-\x9f]*")
_WORD = re.compile(r"[^\W_]")
_LONGEST_LINE = 1 << 16
_LONGEST_PATTERN = 1022
"""Bytes of one pattern that OpenSSH compares; with a longer one the list matches nothing. (match.c)"""


class AllowedSigner(Struct, frozen=True):
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

    def why_not(self, namespace: str) -> str:
        """Why a line with the key of a signature does not make its holder a signer of this namespace."""
        if self.is_authority:
            return "as cert-authority, which trusts the keys that it certifies, and not what it signs itself"
        if not self.names_somebody:
            return f"under {self.principals!r}, which names nobody"
        return f'for namespaces="{self.namespaces}" alone; add {namespace} there'

    @property
    def names_somebody(self) -> bool:
        """True where the line gives a name that can be seen: `*` names nobody, nor does a name that `!` excludes.

        ssh-keygen is given a name and accepts any under `*`; here the name is read from the line.
        """
        patterns = (pattern for pattern in self.principals.split(",") if not pattern.startswith("!"))
        return any(_is_a_name(pattern) and matches(pattern, self.principals) for pattern in patterns)

    def is_valid_at(self, when: datetime) -> bool:
        """Both ends belong to the span, as in OpenSSH."""
        return not (self.valid_after and when < self.valid_after) and not (
            self.valid_before and when > self.valid_before
        )

    @property
    def span(self) -> str:
        ends = (("from", self.valid_after), ("to", self.valid_before))
        return " ".join(f"{word} {end:%Y-%m-%dT%H:%M:%SZ}" for word, end in ends if end) or "always"


def parse(content: bytes) -> tuple[AllowedSigner, ...]:
    """Read the file. Raises `StatementError` with the number of the first line that is no entry."""
    entries = []
    for number, raw in enumerate(content.split(b"\n"), start=1):
        # getline(3) and the C strings after it: a line ends at LF, and what follows a NUL is not read.
        if raw.startswith(codecs.BOM_UTF8):
            what = "begins with a byte order mark, which ssh-keygen takes for part of a name; save the file without one"
            raise StatementError(f"allowed_signers line {number}: {what}", line=number)
        line = raw.partition(b"\0")[0].decode("utf-8", "surrogateescape").lstrip(" \t")
        if not line.strip(_BLANKS) or line.startswith("#"):
            continue
        try:
            if len(line) > _LONGEST_LINE:
                raise ValueError("longer than any entry")
            entries.append(_parse_line(line))
        except (ValueError, KeyUnusable) as error:
            raise StatementError(f"allowed_signers line {number}: {plain_reason(error)}", line=number) from error
    return tuple(entries)


def matches(text: str, patterns: str) -> bool:
    """OpenSSH's pattern list: `*`, `?`, commas, `!` before what must not match. (ssh_config(5), PATTERNS)"""
    accepted = False
    for pattern in patterns.split(","):
        wanted = pattern.removeprefix("!")
        if len(wanted.encode("utf-8", "surrogateescape")) > _LONGEST_PATTERN:
            return False
        if re.fullmatch("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in wanted), text, re.DOTALL):
            if pattern.startswith("!"):
                return False
            accepted = True
    return accepted


def entry_line(name: str) -> Callable[[PublicKey], str]:
    """What writes the line for a key under this name. Raises `StatementError` for a name that a line cannot hold."""
    if not _NAME.fullmatch(name):
        raise StatementError(f"{name!r}: a signer's name has no blanks, commas, quotes, stars, and no # or ! before it")
    return lambda key: f'{name} namespaces="{",".join(KEY_NAMESPACES)}" {key.text}'


def _is_a_name(pattern: str) -> bool:
    """False for blanks, for marks that nobody sees, and for what has no letter or digit."""
    return bool(_WORD.search(pattern)) and pattern.isprintable() and pattern == pattern.strip()


def _parse_line(line: str) -> AllowedSigner:
    principals, rest = _first_word(line)
    try:
        return AllowedSigner(principals, PublicKey.from_text(rest))
    except KeyUnusable:
        end = _end_of_options(rest)
        if not rest[:end]:
            raise
        return _with_options(principals, rest[:end], rest[end:].lstrip(" \t"))


def _first_word(line: str) -> tuple[str, str]:
    """The principals and what follows them: blanks end them, and quotes may stand round a part. (misc.c, strdelimw)"""
    stop = next((at for at, character in enumerate(line) if character in _BLANKS + '"'), None)
    if stop is None:
        raise ValueError("no key after the principals")
    word, rest = line[:stop], line[stop + 1 :]
    if line[stop] == '"':
        quoted, quote, rest = rest.partition('"')
        if not quote:
            raise ValueError("a quote that does not end")
        word += quoted
    return word, rest.lstrip(_BLANKS)


def _end_of_options(text: str) -> int:
    """Where the options end: at the first blank that is not quoted. (sshkey.c, sshkey_advance_past_options)"""
    is_quoted, at = False, 0
    while at < len(text) and (is_quoted or text[at] not in " \t"):
        if text.startswith('\\"', at):
            at += 1
        elif text[at] == '"':
            is_quoted = not is_quoted
        at += 1
    return at


def _with_options(principals: str, text: str, key: str) -> AllowedSigner:
    stated: dict[str, str] = {}
    at = 0
    while at < len(text):
        if text[at] == "," and at + 1 < len(text):  # OpenSSH takes an empty option for none
            at += 1
            continue
        found = _OPTION.match(text, at)
        if found is None:
            raise ValueError(f'options not understood: {text!r}; expected option="value", with commas between')
        name = (found[1] or found[2]).lower()
        if name in stated and name != "cert-authority":
            raise ValueError(f"option {name!r} given twice")
        stated[name] = (found[3] or "").replace('\\"', '"')
        at = found.end()
        if at < len(text) and (text[at] != "," or at + 1 == len(text)):
            raise ValueError(f"options not understood: {text!r}")
        at += 1
    after, before = (_time(stated.get(name)) for name in ("valid-after", "valid-before"))
    if after and before and before <= after:
        raise ValueError("valid-before is not later than valid-after")
    return AllowedSigner(
        principals,
        PublicKey.from_text(key),
        namespaces=stated.get("namespaces"),
        valid_after=after,
        valid_before=before,
        is_authority="cert-authority" in stated,
    )


def _time(text: str | None) -> datetime | None:
    """A time of the file, in UTC also where it has no `Z`.

    OpenSSH reads one without `Z` in the time zone of the machine; the same file would then mean different things.
    """
    if text is None:
        return None
    found = _TIME.match(text)
    try:
        if found is None:
            raise ValueError(text)
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        if not (year >= 1970 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 61):
            raise ValueError(text)
        # Day 31 of a shorter month is a day of the next one, as timegm(3) counts.
        time = datetime(year, month, 1, tzinfo=UTC) + timedelta(day - 1, second, hours=hour, minutes=minute)
        if time == datetime(1970, 1, 1, tzinfo=UTC):
            raise ValueError(text)
    except (ValueError, OverflowError):
        raise ValueError(f"not a time: {text!r}; expected YYYYMMDD or YYYYMMDDHHMM[SS], with a Z at its end") from None
    return time
