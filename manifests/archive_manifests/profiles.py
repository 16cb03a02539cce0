"""Partners' profiles as data: what each requires of a bag, and what a bag lacks. (BagIt Profiles 1.4.0)"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct

from archive_manifests import layout
from archive_manifests.errors import StatementError

BAG_INFO = layout.BAG_INFO
PROFILE_LABEL = "BagIt-Profile-Identifier"

_FOLDER = "profiles"
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z", re.ASCII)
_XML_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_MANY = 10
"""Names that are names one by one."""


class Field(Struct, frozen=True):
    """What a profile requires of one tag."""

    label: str
    file: str = BAG_INFO
    need: str = "required"
    """`required` or `recommended`."""
    values: tuple[str, ...] = ()
    """The closed list, where there is one."""
    closed: str | None = None
    """The value that is taken where nobody says otherwise: the most closed one."""
    fill: str | None = None
    """What of the bag fills it where the organisation does not: `title`, `date`, `oxum`…"""
    form: str | None = None
    """`date`: ISO 8601, a day, a month or a year."""
    once: bool = False
    never_empty: bool = False
    """True where a recommended field that is there and empty is refused."""


class Profile(Struct, frozen=True):
    """What a partner requires of a bag. Lists are in the partner's spelling, lower case."""

    id: str
    title: str
    sources: tuple[str, ...]
    read: str
    """The day on which the facts were taken from the sources."""
    bagit_versions: tuple[str, ...]
    serialization: str
    """`required` or `optional`."""
    formats: tuple[str, ...]
    """`tar`, `tar.gz`, `zip`; the first is what a package is made as."""
    identifier: str | None = None
    """The `BagIt-Profile-Identifier` that a conforming bag carries; None where the partner has none."""
    accepts_identifiers: tuple[str, ...] = ()
    """What earlier and draft versions of the same profile were called: bags that name them are taken too."""
    identifier_required: bool = True
    """False where the partner's own tools accept bags that do not name the profile."""
    manifests_required: tuple[str, ...] = ()
    manifests_any: tuple[str, ...] = ()
    manifests_allowed: tuple[str, ...] = ()
    tag_manifests_required: tuple[str, ...] = ()
    tag_manifests_any: tuple[str, ...] = ()
    tag_manifests_allowed: tuple[str, ...] = ()
    tag_manifests_like_manifests: bool = False
    folder_named_like_package: bool = False
    flat_tag_files: bool = False
    labels_are_xml_names: bool = False
    refused_in_names: str = ""
    refused_name_ends: str = ""
    payload_folders_with_a_meaning: tuple[str, ...] = ()
    largest_bag: int | None = None
    """Octets of the payload."""
    field: tuple[Field, ...] = ()

    @property
    def other_tag_files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.file for one in self.field if one.file != BAG_INFO))


class Described(Struct, frozen=True):
    """A bag as a profile looks at it."""

    name: str
    form: str | None
    """Format of the package, None for a folder."""
    package: str | None
    """The package's name without its ending."""
    version: str | None
    manifests: tuple[str, ...]
    tag_manifests: tuple[str, ...]
    fields: Mapping[str, tuple[tuple[str, str], ...]]
    """Label and value pairs of each tag file that holds some, by the file's name."""
    tag_files: tuple[str, ...]
    octets: int
    has_fetch: bool = False
    odd_names: tuple[str, ...] = ()
    """Payload paths that the profile may refuse: others are not held."""
    payload_folders: frozenset[str] = frozenset()


class Shortcoming(Struct, frozen=True):
    """One thing that a bag lacks, and what to do about it."""

    what: str
    """`bag-info.txt Contact-Name`, `manifest-md5.txt`, `format`…"""
    expected: str
    found: str
    advice: str
    is_required: bool = True


def names() -> tuple[str, ...]:
    """The profiles that are known, by id."""
    folder = resources.files("archive_manifests") / _FOLDER
    return tuple(sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml")))


def load(name: str) -> Profile:
    """A profile by its id. Raises `StatementError` where there is none of that name."""
    if name not in names():
        raise StatementError(f"no profile {name!r}; there are {', '.join(names())}")
    return parse((resources.files("archive_manifests") / _FOLDER / f"{name}.toml").read_text("utf-8"), name)


def parse(text: str, what: str) -> Profile:
    """Read a profile's TOML strictly. Raises `StatementError`."""
    try:
        return msgspec.convert(tomllib.loads(text), Profile, strict=True)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StatementError(f"profile {what}: {error}") from error


def shortcomings(profile: Profile, bag: Described) -> list[Shortcoming]:
    """Everything that the bag lacks, all at once; what is only recommended comes last."""
    found = [
        *_of_package(profile, bag),
        *_of_manifests(profile, bag),
        *_of_tag_files(profile, bag),
        *_of_payload(profile, bag),
        *_of_identifier(profile, bag),
        *(lack for one in profile.field for lack in _of_field(one, bag.fields.get(one.file, ()))),
    ]
    return sorted(found, key=lambda one: not one.is_required)


def _of_package(profile: Profile, bag: Described) -> Iterable[Shortcoming]:
    forms = ", ".join(profile.formats)
    if bag.form is None and profile.serialization == "required":
        yield Shortcoming("format", forms, "a folder", f"pack it: --as {profile.formats[0]}")
    if bag.form is not None and bag.form not in profile.formats:
        yield Shortcoming("format", forms, bag.form, f"pack it with --as {profile.formats[0]}")
    if profile.folder_named_like_package and bag.package not in (None, bag.name):
        yield Shortcoming("folder", str(bag.package), bag.name, "name the package like the bag's folder")
    if bag.version not in profile.bagit_versions:
        advice = "a bag of another version has to be made by its maker"
        yield Shortcoming("BagIt-Version", ", ".join(profile.bagit_versions), str(bag.version), advice)
    if bag.has_fetch:
        yield Shortcoming("fetch.txt", "none", "one", "fetch what it lists, and make a new bag without it")
    if profile.largest_bag is not None and bag.octets > profile.largest_bag:
        advice = f"pack it in parts: --size {profile.largest_bag}"
        yield Shortcoming("size", f"{profile.largest_bag:,} bytes at most", f"{bag.octets:,}", advice)


def _of_manifests(profile: Profile, bag: Described) -> Iterable[Shortcoming]:
    wanted = profile.tag_manifests_required
    if profile.tag_manifests_like_manifests:
        wanted = tuple(dict.fromkeys((*wanted, *bag.manifests)))
    kinds = (
        ("manifest", bag.manifests, profile.manifests_required, profile.manifests_any, profile.manifests_allowed),
        ("tagmanifest", bag.tag_manifests, wanted, profile.tag_manifests_any, profile.tag_manifests_allowed),
    )
    for kind, there, required, any_of, allowed in kinds:
        names = ", ".join(there) or "none"
        for one in required:
            if one not in there:
                yield Shortcoming(f"{kind}-{one}.txt", one, names, "`archive pack --profile` adds it")
        if any_of and not set(any_of) & set(there):
            yield Shortcoming(f"{kind}-*.txt", f"one of {', '.join(any_of)}", names, "`archive pack --profile` adds it")
        for one in there:
            if allowed and one not in allowed:
                advice = "`archive pack --profile` leaves it out"
                yield Shortcoming(f"{kind}-{one}.txt", f"only {', '.join(allowed)}", one, advice)


def _of_tag_files(profile: Profile, bag: Described) -> Iterable[Shortcoming]:
    if profile.flat_tag_files:
        for name in bag.tag_files:
            if "/" in name:
                yield Shortcoming(name, "tag files in the root alone", "in a folder", "make a bag without it")
    if profile.labels_are_xml_names:
        for label, _ in bag.fields.get(BAG_INFO, ()):
            if not _XML_NAME.match(label):
                advice = "letters, digits, . - _ only"
                yield Shortcoming(f"{BAG_INFO} {label}", "a label that XML can name", label, advice, is_required=False)


def _of_payload(profile: Profile, bag: Described) -> Iterable[Shortcoming]:
    marks = set(profile.refused_in_names)
    ends = profile.refused_name_ends
    wrong = [path for path in bag.odd_names if marks & set(path) or (ends and path.endswith(tuple(ends)))]
    expected = f"none of {profile.refused_in_names}" if marks else f"no {ends} last"
    for path in wrong[:_MANY]:
        more = f", and {len(wrong) - _MANY:,} more names" if len(wrong) > _MANY and path is wrong[_MANY - 1] else ""
        yield Shortcoming(path, expected, path + more, "the bag's maker has to name it otherwise")
    for folder in profile.payload_folders_with_a_meaning:
        if folder in bag.payload_folders:
            advice = "its content will be taken for what that folder means there"
            yield Shortcoming(folder, "meant so", "there", advice, is_required=False)


def _of_identifier(profile: Profile, bag: Described) -> Iterable[Shortcoming]:
    """A conforming bag names its profile, perhaps among others. (BagIt Profiles 1.4.0, Implementation details)"""
    if profile.identifier is None:
        return
    stated = [value for label, value in bag.fields.get(BAG_INFO, ()) if label.lower() == PROFILE_LABEL.lower()]
    if not {profile.identifier, *profile.accepts_identifiers} & set(stated):
        names = ", ".join(stated) or "none"
        advice = "`archive pack --profile` adds it"
        what, is_required = f"{BAG_INFO} {PROFILE_LABEL}", profile.identifier_required
        yield Shortcoming(what, profile.identifier, names, advice, is_required)


def _of_field(wanted: Field, fields: tuple[tuple[str, str], ...]) -> Iterable[Shortcoming]:
    what = f"{wanted.file} {wanted.label}"
    is_required = wanted.need == "required"
    stated = [value for label, value in fields if label.lower() == wanted.label.lower()]
    expected = f"one of {', '.join(wanted.values)}" if wanted.values else "a value"
    advice = f'say it in the organisation file: ["{wanted.file}"] "{wanted.label}" = "…"'
    if not stated:
        yield Shortcoming(what, expected, "none", advice, is_required)
        return
    if wanted.once and len(stated) > 1:
        yield Shortcoming(what, "one value", f"{len(stated)} values", advice)
    for value in stated:
        if not value.strip():
            yield Shortcoming(what, expected, "an empty value", advice, is_required or wanted.never_empty)
        elif wanted.values and value not in wanted.values:
            yield Shortcoming(what, expected, value, advice)
        elif wanted.form == "date" and not _DATE.match(value):
            yield Shortcoming(what, "a date as 2026-11-22", value, advice)


def as_table(profile: Profile) -> dict[str, Any]:
    """The profile's facts, ready for JSON."""
    return dict(msgspec.to_builtins(profile))
