"""README-VERIFY.txt: how to check a bag with tools that everybody has, so that it outlives ours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from archive.words import Catalogue, languages, load
from archive_manifests import layout

CHECKS = (
    ("tags", "sha256sum -c tagmanifest-sha256.txt"),
    ("payload", "sha256sum -c manifest-sha256.txt"),
    ("bagit", "bagit.py --validate ."),
    ("warc", "warcio check data/archive/*.warc.gz"),
    ("ours", "archive verify ."),
)
"""Key of the sentence that says what it proves -> the command, given in the bag's folder."""


_WIDTH = 88

_POWERSHELL = (
    "Get-Content -Encoding UTF8 {list} | ForEach-Object { $sum, $path = $_ -split '  ', 2;"
    " $is = (Get-FileHash -Algorithm SHA256 -LiteralPath $path).Hash;"
    ' if ($is -eq $sum) { "$path OK" } else { "$path FAILED" } }'
)
"""`-eq` on strings takes no notice of case; `Get-FileHash` gives upper-case hex."""


def readme_verify(name: str, *, demonstration: bool = False, language: str = "en") -> str:
    """The text of README-VERIFY.txt for the bag of that name, in every language; `language` stands first."""
    first = load(language).code
    codes = (first, *(code for code in languages() if code != first))
    parts = ["\n".join(_one_language(load(code), name, demonstration)) for code in codes]
    return f"\n\n{'=' * _WIDTH}\n\n".join(parts) + "\n"


def _one_language(words: Catalogue, name: str, demonstration: bool) -> Iterator[str]:
    title = words.sentence("readme.title", name=name)
    yield from (title, "=" * len(title), "")
    if demonstration:
        yield from (*_wrapped(words, "demonstration"), "")
    yield from (*_wrapped(words, "what"), "", *_wrapped(words, "where"), "")
    tags, payload = layout.TAG_MANIFEST, layout.PAYLOAD_MANIFEST
    yield from _step(
        words,
        "one",
        ("on_linux", f"sha256sum {tags}"),
        ("on_mac", f"shasum -a 256 {tags}"),
        ("on_windows_cmd", f"certutil -hashfile {tags} SHA256"),
    )
    yield from _step(words, "two", *_list_commands(tags))
    yield from _step(
        words, "three", *_list_commands(payload), ("on_windows_one", r"certutil -hashfile data\sources.json SHA256")
    )
    yield from _step(words, "four", ("anywhere", "bagit.py --validate ."))
    yield from _step(words, "five", ("anywhere", "warcio check data/archive/*.warc.gz"))
    yield from _step(words, "six", ("anywhere", "archive verify ."))
    yield from _paragraphs(words, "proves", "proves_integrity")
    yield from (*_wrapped(words, "proves_since", seal=f"{name}.seal"), "")
    yield from _paragraphs(words, "proves_not", "proves_not_all")


def _list_commands(listing: str) -> tuple[tuple[str, str], ...]:
    return (
        ("on_linux", f"sha256sum -c {listing}"),
        ("on_mac", f"shasum -a 256 -c {listing}"),
        ("on_windows", _POWERSHELL.replace("{list}", listing)),
    )


def _step(words: Catalogue, key: str, *commands: tuple[str, str]) -> Iterator[str]:
    """A heading, the commands with where each runs, and what the outcome means."""
    heading = words.sentence(f"readme.{key}")
    yield from (heading, "-" * len(heading))
    for place, command in commands:
        yield from (words.sentence(f"readme.{place}"), f"    {command}")
    if words.has(f"readme.{key}_why"):
        yield from _wrapped(words, f"{key}_why")
    yield ""


def _paragraphs(words: Catalogue, heading: str, *keys: str) -> Iterator[str]:
    title = words.sentence(f"readme.{heading}")
    yield from (title, "-" * len(title))
    for key in keys:
        yield from _wrapped(words, key)
    yield ""


def _wrapped(words: Catalogue, key: str, **values: object) -> list[str]:
    return textwrap.wrap(
        words.sentence(f"readme.{key}", **values), _WIDTH, break_long_words=False, break_on_hyphens=False
    )
