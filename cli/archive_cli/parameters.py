"""The types of values on the command line: bags, files, sizes, instants."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive_cli import places
from archive_cli.output import message
from archive_manifests.errors import ArchiveError
from archive_manifests.moments import moment

if TYPE_CHECKING:
    from archive.fetch.run_clock import RunClock
    from archive.handover.organisation import Organisation
    from archive_manifests.fixity import Fixity
    from archive_manifests.profiles import Profile

PROFILES = ("aptrust", "archivematica", "btr", "fedora", "metaarchive", "plain", "rac", "wellcome")
"""Named here so that `--help` reads no profile."""

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kmgt]i?)?b?\Z", re.ASCII | re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/|www\.[a-z0-9.-]+\Z"
    r"|(?:[a-z0-9-]+\.)+(?!(?:pdf|docx?|odt|html?|xhtml|mht|mhtml|md|csv|txt|toml|rtf|epub|warc|wacz|gz|tar|zip)\Z)[a-z]{2,}\Z",
    re.IGNORECASE,
)
"""What people type of a web address: a host name with a path, or one that does not end as a report's file does."""
_PACKAGES = (".tar", ".tar.gz", ".tgz", ".zip", ".wacz", ".warc", ".warc.gz")
_SIZE_PLAIN = re.compile(r"\d{1,18}\Z", re.ASCII)


class Size(click.ParamType[int]):
    """A number of bytes, also as `2GB` or `700MiB`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if _SIZE_PLAIN.match(value):
            return int(value)
        found = _SIZE.match(value)
        if found is None or (found[2] or "").lower() not in _UNITS:
            self.fail(f"{value!r}: expected bytes, as 2000000000, 2GB or 700MiB", param, ctx)
        return int(float(found[1]) * _UNITS[(found[2] or "").lower()])


def profile_of(name: str | None) -> Profile | None:
    """Raises `StatementError` for a name that is not known."""
    if name is None:
        return None
    from archive.errors import UsageProblem
    from archive_manifests.profiles import load, names

    if name not in names():
        raise UsageProblem(f"no profile {name!r}; there are {', '.join(names())}")
    return load(name)


def organisation_of(path: Path | None) -> Organisation:
    """The file that was named, else `organisation.toml` in the program's configuration folder, else an empty one."""
    from archive.handover.organisation import Organisation, read_organisation

    if path is not None:
        return read_organisation(path)
    usual = places.organisation_file()
    if not usual.is_file():
        return Organisation()
    click.echo(f"organisation: {usual}", err=True)
    return read_organisation(usual)


def recipients_of(given: tuple[str, ...]) -> tuple[Any, ...]:
    """Every recipient named on the command line or in a file. Raises `UsageProblem`."""
    if not given:
        return ()
    from archive.handover.encrypt import parse_recipient, read_recipients

    lines = [line for text in given for line in ([text] if _is_key(text) else read_recipients(_existing(text)))]
    return tuple(parse_recipient(line) for line in dict.fromkeys(lines))


def _is_key(text: str) -> bool:
    # A secret key that was typed is none, which is said without printing it.
    return text.startswith(("age1", "ssh-")) or text.lower().startswith(("age-secret-key-", "age-plugin-"))


def _existing(text: str) -> Path:
    from archive.errors import UsageProblem

    path = Path(text)
    if not path.is_file():
        raise UsageProblem(f"{text[:100]!r}: neither a recipient (age1…, ssh-ed25519 …, ssh-rsa …) nor a file of them")
    return path


def run_clock() -> RunClock:
    """The machine's clock. SOURCE_DATE_EPOCH sets the instant of finishing, so that a build can be repeated.

    It dates no capture: an environment variable must not move evidence in time.
    """
    from archive.fetch.run_clock import RunClock

    stated = os.environ.get("SOURCE_DATE_EPOCH")
    if stated is None:
        return RunClock()
    try:
        moment = datetime.fromtimestamp(int(stated), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={stated!r}: expected seconds since 1970") from error
    return RunClock(bagged=lambda: moment)


class NotThere(ArchiveError):
    """The path on the command line is not there, is not a file, or may not be read."""


def is_whole_disk(path: Path) -> bool:
    return path.absolute().resolve() == Path(path.absolute().resolve().anchor)


class ExistingBag(click.Path):
    """The path of a bag or of an unfinished work folder. An empty name and a whole disk are wrong usage."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            self.fail(message("error.empty_name"), param, ctx)
        path = Path(value)
        if is_whole_disk(path):
            self.fail(message("error.whole_disk", name=path), param, ctx)
        self._check_around(path)
        return path

    def _check_around(self, path: Path) -> None:
        """Raise `NotThere` for a part of a bag, with the bag that it is a part of."""
        from archive.bag.open import bag_around

        bag = bag_around(path) if path.exists() and not self._may_be_part(path) else None
        if bag is not None:
            text = f"{path}: a part of a bag, and no bag itself; give the bag: {bag}"
            raise NotThere(text).worded("inside-bag", path=str(path), bag=str(bag))

    def _may_be_part(self, path: Path) -> bool:
        """True for a package, which may lie in a bag as a file of its payload."""
        return path.is_file() and path.name.lower().endswith(_PACKAGES)


class FinishedBagPath(ExistingBag):
    """The path of a finished bag. Raises `NotThere` for an unfinished one, with the command that continues it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from archive.workfolder.unfinished import find_unfinished

        path = super().convert(value, param, ctx)
        unfinished = find_unfinished(path)
        if unfinished is not None:
            key = "unfinished.finish" if unfinished.is_captured else "unfinished.resume"
            key += "_copy" if unfinished.takes_copy else ""
            facts = {"name": unfinished.name, "place": str(unfinished.path), "command": unfinished.command}
            raise NotThere(message(key, **facts)).worded(key.replace(".", "-"), **facts)
        return path


class ObservedBag(FinishedBagPath):
    """The path of one of several observers' bags. One that is missing is wrong usage: it is no observation."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = super().convert(value, param, ctx)
        if not os.path.lexists(path):
            self.fail(message("error.said.no-file", path=path), param, ctx)
        return path


class GivenFolder(click.Path):
    """The path of a folder, there or not yet: a pipe or a device would be taken for the absence of one."""

    def __init__(self, wanted: str, *, exists: bool = False) -> None:
        """`wanted`: what the folder is, for the message about a path that is none."""
        super().__init__(path_type=Path)
        self._wanted = wanted
        self._must_exist = exists

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from archive.posix import kind_of_place

        path = Path(value)
        if path.exists() and not path.is_dir():
            self.fail(f"{path}: {kind_of_place(path)}, and no folder; give {self._wanted}", param, ctx)
        if self._must_exist and not path.exists():
            self.fail(f"{path}: no such folder; give {self._wanted}", param, ctx)
        return path


class ShelfFolder(GivenFolder):
    """A folder that is looked through as a whole; a disk would take hours, and its folders are nobody's shelf."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = super().convert(value, param, ctx)
        if is_whole_disk(path):
            self.fail(message("error.whole_disk_folder", name=path), param, ctx)
        return path


class ExistingFile(click.Path):
    """The path of a file that is there. A missing one is wrong usage; a pipe would be waited for."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, exists=True, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from archive.posix import kind_of_place

        path = Path(value)
        if path.exists() and not path.is_file():
            self.fail(f"{path}: {kind_of_place(path)}; give a file", param, ctx)
        super().convert(value, param, ctx)
        return path


FILE = ExistingFile()
FOLDER = GivenFolder("a folder")
TRUST = GivenFolder("a folder with allowed_signers and tsa/*.pem")
SEAL = GivenFolder("the folder of a seal")
THERE = GivenFolder("the folder of a seal", exists=True)
CORROBORATION = GivenFolder("the folder that `archive corroborate` wrote", exists=True)
EXHIBITS = GivenFolder("the folder that `archive annotate` wrote")
PLAYER = GivenFolder("the folder of ReplayWeb.page, with ui.js and sw.js")
KEYS = GivenFolder("the folder of your keys")
SHELF = ShelfFolder("a folder for reports and bags")


class GivenFile(click.Path):
    """The path of a file that can be opened. Raises `NotThere`: a missing file is not wrong usage."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.is_dir():
            raise NotThere(f"{path}: is a folder; give one file").worded("folder-given", path=str(path))
        if not path.exists():
            text = f"{path}: no such file; check the name, and the folder you are in"
            raise NotThere(text).worded("no-file", path=str(path))
        if not path.is_file():
            from archive.posix import kind_of_place

            raise NotThere(f"{path}: {kind_of_place(path)}; give a file")
        if not os.access(path, os.R_OK):
            text = f"{path}: you may not read it; ask its owner, or copy it to where you can read it"
            raise NotThere(text).worded("not-readable", path=str(path))
        return path


def fingerprint(text: str) -> Fixity:
    """Read `sha256:HEX`; 64 hex digits alone are of SHA-256. Raises `StatementError`."""
    from archive_manifests.fixity import Fixity

    return Fixity.parse(f"sha256:{text}" if _SHA256.match(text) else text)


class ProxyAddress(click.ParamType[str]):
    """The URL of a proxy. One without a scheme is refused: the program does not guess how traffic leaves."""

    name = "proxy"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if "://" not in text:
            host = text.rpartition("@")[2].partition(":")[0] or "HOST"  # what is before @ is secret
            self.fail(message("error.proxy_scheme", host=host), param, ctx)
        return text


class TimestampAuthority(click.ParamType[str]):
    """The address of a timestamp authority, or its name; any other text is wrong usage before anything is done."""

    name = "authority"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from archive.timestamp.authority import read_url

        read_url(str(value))
        return str(value)


TSA = TimestampAuthority()


class GivenInput(GivenFile):
    """A file that can be opened, or a web address, which is no path."""

    name = "input"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if "://" in str(value):
            return str(value)
        if _ADDRESS.match(str(value)) and not Path(value).exists():
            raise NotThere(message("error.no_file_address", name=value)).worded("no-file-address", name=str(value))
        return super().convert(value, param, ctx)


def one_input(given: tuple[Path | str, ...]) -> Path | tuple[str, ...]:
    """The one file that was given, or the addresses. Raises `UsageError` where it is a mixture."""
    addresses = tuple(each for each in given if isinstance(each, str))
    files = [each for each in given if isinstance(each, Path)]
    if files and (addresses or len(files) > 1):
        raise click.UsageError("give one report, one source manifest, or web addresses only")
    return files[0] if files else addresses


class Moment(click.ParamType[str]):
    """A day, or an instant with its zone, as a bag writes it: `2026-11-22`, `2026-11-22T10:00:00Z`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return moment(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Percent(click.ParamType[int]):
    """A share in percent, from 1 to 100: `10%`, `10`."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip().removesuffix("%")
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 100:
            self.fail(f"{value!r} is no share; write 10%", param, ctx)
        return int(text)


class StoreOrPath(click.Path):
    """A path, or the URL of an object store."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return store_place(value) or Path(value)


class PackagePlace(ExistingBag):
    """The place of what somebody handed over: a path, or the URL of an object store."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return store_place(value) or super().convert(value, param, ctx)


def store_place(value: Any) -> Path | None:
    """The place in a store that a URL names, with the interface of a path. None for any other URL."""
    from typing import cast

    from archive.bag.store.place import StorePlace, is_store_url

    return cast(Path, StorePlace.parse(value)) if isinstance(value, str) and is_store_url(value) else None


class BagPlace(FinishedBagPath):
    """The place of a finished bag: a path, or the URL of an object store. A folder that is no bag is one to look at."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return store_place(value) or super().convert(value, param, ctx)

    def _may_be_part(self, path: Path) -> bool:
        return path.is_dir() or super()._may_be_part(path)
