"""Matches a bag against a partner's profile, by its tag files and the names of its payload files."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from archive.bag.interface import Bag, Broken, stem
from archive.bag.tagfiles import TEXT_LIMIT, TagFiles
from archive.errors import BagUnreadable, StatementError
from archive_manifests import layout
from archive_manifests import ledger as ledgers
from archive_manifests.datapackage import title_of
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.profiles import BAG_INFO, Described, Field, Profile, Shortcoming, shortcomings
from archive_manifests.tags import BagInfo, parse_bag_info

_LEDGER = BagPath(layout.LEDGER)
_LIMIT = 64 << 20
_LANGUAGES = (
    *(("ar", "ara"), ("de", "ger"), ("en", "eng"), ("es", "spa"), ("fa", "per"), ("fr", "fre"), ("he", "heb")),
    *(("ku", "kur"), ("my", "bur"), ("pt", "por"), ("ru", "rus"), ("so", "som"), ("sw", "swa"), ("tr", "tur")),
    *(("uk", "ukr"), ("ur", "urd"), ("zh", "chi")),
)
"""ISO 639-1 -> ISO 639-2/B, for the languages that reports are mostly written in. (id.loc.gov)"""


class Filling(Struct, frozen=True):
    """The facts of one bag."""

    name: str
    info: BagInfo | None
    ledger: Ledger | None
    octets: int
    files: int
    today: date
    """For a bag that does not say when it was made: its version is made today."""

    def of(self, wanted: Field) -> str | None:
        """The value for one field, None where the bag does not say either."""
        if wanted.closed is not None:
            return wanted.closed
        return self._fact(wanted.fill) if wanted.fill else None

    def _fact(self, fill: str) -> str | None:
        stated = self.ledger.report.stated if self.ledger else None
        started, ended = (self.ledger.started[:10], self.ledger.ended[:10]) if self.ledger else (None, None)
        facts = {
            "title": title_of(self.ledger) if self.ledger else self._own("External-Description") or self.name,
            "description": self._own("External-Description") or f"The bag {self.name}",
            "identifier": self._own("External-Identifier"),
            "date": self._own("Bagging-Date") or self.today.isoformat(),
            "size": self._own("Bag-Size") or f"{self.octets} bytes",
            "oxum": f"{self.octets}.{self.files}",
            "report": stated.id if stated else self.name,
            "started": started,
            "ended": ended,
            "language": _language(stated.language if stated else None),
            "restrictions": stated.access if stated else self._own("Access") or "restricted",
        }
        value = facts[fill]
        return " ".join(value.split()) if value else None

    def _own(self, label: str) -> str | None:
        values = self.info.values(label) if self.info else ()
        return values[0] if values else None


def _language(tag: str | None) -> str | None:
    code = dict(_LANGUAGES).get((tag or "").partition("-")[0].lower())
    return f"http://id.loc.gov/vocabulary/iso639-2/{code}" if code else None


def read_ledger(bag: Bag) -> Ledger | None:
    """The ledger of a bag of ours, None where there is none that can be read."""
    try:
        with bag.open(_LEDGER) as stream:
            return ledgers.from_json(stream.read(_LIMIT))
    except (BagUnreadable, StatementError):
        return None


_ODD = re.compile(r"[^A-Za-z0-9._/-]|\.\Z")


def describe(bag: Bag, tags: TagFiles, profile: Profile, *, form: str | None, package: str | None) -> Described:
    """`form` and `package` are the format and the name of the file it comes in, None for a folder."""
    version = tags.declaration.version if tags.declaration else None
    octets, odd, folders = 0, list[str](), set()
    marks, ends = frozenset(profile.refused_in_names), tuple(profile.refused_name_ends)
    for entry in bag.payload_entries():
        octets += entry.size
        folders.add("/".join(entry.path.split("/", 2)[:2]) if entry.path.count("/") > 1 else "data")
        if _ODD.search(entry.path) and (not marks.isdisjoint(entry.path) or entry.path.endswith(ends)):
            odd.append(entry.path)
    return Described(
        name=bag.name,
        form=form,
        package=package,
        version=f"{version[0]}.{version[1]}" if version else None,
        manifests=tuple(manifest.algorithm for manifest in tags.payload_manifests),
        tag_manifests=tuple(manifest.algorithm for manifest in tags.tag_manifests),
        fields={BAG_INFO: tags.info.fields if tags.info else (), **_other_fields(bag, tags, profile)},
        tag_files=tuple(tags.entries),
        octets=octets,
        has_fetch="fetch.txt" in tags.entries,
        odd_names=tuple(odd),
        payload_folders=frozenset(folders),
    )


def _other_fields(bag: Bag, tags: TagFiles, profile: Profile) -> dict[str, tuple[tuple[str, str], ...]]:
    found = {}
    for name in profile.other_tag_files:
        entry = tags.entries.get(name)
        if entry is not None and entry.size <= TEXT_LIMIT:
            try:
                found[name] = parse_bag_info(bag.reader().chunks(entry)).fields
            except Broken:  # reported where the tag files are read
                continue
    return found


def profile_findings(profile: Profile, described: Described) -> list[Finding]:
    """What a bag lacks of a profile, as findings: what is only recommended is a warning."""
    return [_as_finding(profile, lack) for lack in shortcomings(profile, described)]


def _as_finding(profile: Profile, lack: Shortcoming) -> Finding:
    severity = Severity.ERROR if lack.is_required else Severity.WARNING
    place, _, label = lack.what.partition(" ")
    where = BagPath(place) if "." in place or "/" in place else None
    note = f"{label or lack.what}: {lack.advice}"
    rule = profile.title
    return make_finding(
        "profile-lacks", where, expected=lack.expected, found=lack.found, note=note, rule=rule, severity=severity
    )


def form_of(name: str) -> str:
    """The format of a package by its name, as profiles spell it."""
    ending = name[len(stem(name)) + 1 :].lower()
    return "tar.gz" if ending == "tgz" else ending


def as_sentence(lack: Shortcoming) -> str:
    """One shortcoming for people: what, what is expected, what there is, what to do."""
    return f"{lack.what}: expected {lack.expected}, found {lack.found}; {lack.advice}"
