"""The parts that the program needs or can use: which are installed, their versions, how to get the others."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

import archive
from archive.installation import install_command
from archive_cli import places

_INSTALL_HERE = "the folder `replaywebpage` beside the config file (`archive help config`)"
"""Written without the path: doctor prints nothing of this machine."""

_PATIENCE = 20
"""Seconds that a program may take to print its version."""

_OLDEST_DENO = (2, 3)
"""The first that yt-dlp accepts. (yt_dlp/utils/_jsruntime.py, DenoJsRuntime)"""

CORE = (
    *("bagit", "can_ada", "certifi", "click", "cryptography", "isal.igzip", "jinja2", "linkify_it", "lxml.html"),
    *("markdown_it", "msgspec", "protego", "pypdf", "pypdfium2.raw", "pyrage", "requests", "rfc3161_client", "rich"),
    *("cssselect2", "tinycss2", "turbohtml", "warcio", "webencodings"),
)
"""Modules without which some command cannot work. Those with compiled parts are the ones that break."""

_MANAGERS = (
    *(("apt-get", "sudo apt install"), ("dnf", "sudo dnf install"), ("pacman", "sudo pacman -S")),
    *(("zypper", "sudo zypper install"), ("apk", "sudo apk add"), ("brew", "brew install")),
    ("winget", "winget install"),
)

_PACKAGES: dict[str, dict[str, str]] = {
    "ffmpeg": {"dnf": "ffmpeg-free", "winget": "Gyan.FFmpeg"},
    "chromium": {"brew": "--cask google-chrome", "winget": "Google.Chrome"},
    "age": {"winget": "FiloSottile.age"},
    "openssl": {"winget": "ShiningLight.OpenSSL.Light"},
    "ssh-keygen": {
        "apt-get": "openssh-client",
        "apk": "openssh-client",
        "brew": "openssh",
        "dnf": "openssh-clients",
        "pacman": "openssh",
        "winget": "Microsoft.OpenSSH.Preview",
        "zypper": "openssh-clients",
    },
}
"""Program -> package manager -> the name of the package, where it differs from the program's."""


class DoctorPart(Struct, frozen=True):
    """One part of the program."""

    name: str
    purpose: str
    state: str
    """`there`, `missing`, `broken` or `doubtful`."""
    version: str | None = None
    get: str | None = None
    """How to install or repair it on this machine."""
    is_core: bool = False
    without: str | None = None
    """What the program cannot do without it."""


def all_parts() -> Iterator[DoctorPart]:
    """Every part, the needed ones first. Starts programs to read their versions; uses no network."""
    yield _python()
    yield from (_core(module) for module in CORE)
    for part in optional():
        yield replace(part, without=WITHOUT[part.name])


def optional() -> Iterator[DoctorPart]:
    """The optional parts, in the order in which a user is likely to miss them."""
    yield _library("yt-dlp", "yt_dlp", "video and sound behind players", "video")
    yield _library("pycryptodomex", "Cryptodome", "video that is sent encrypted", "video")
    yield runtime()
    yield _program("ffmpeg", ("-version",), "joining the picture and the sound of a video")
    yield _library("playwright", "playwright", "pictures of captured pages", "browser")
    yield _chromium()
    yield player()
    yield _other("pywb", "replay without ReplayWeb.page", ("pywb", "wayback"))
    yield _other("wacz", "a second opinion on a .wacz file", ("wacz", "wacz"))
    yield _library("starlette", "starlette", "the page of `archive desk`", "desk")
    yield _library("uvicorn", "uvicorn", "the page of `archive desk`", "desk")
    yield _library("fpdf2", "fpdf", "PDF annex and exhibits of `archive annotate`", "annotate")
    yield _library("uharfbuzz", "uharfbuzz", "Arabic in the annex of `archive annotate`", "annotate")
    yield _library("segno", "segno", "codes in the annex of `archive annotate`", "annotate")
    yield _library("SQLAlchemy", "sqlalchemy", "the catalogue of `archive audit`", "audit")
    yield _library("obstore", "obstore", "bags in object stores", "stores")
    yield _library("distributed", "distributed", "an audit with a cluster", "cluster")
    yield _program("par2", None, "recovery data beside a package")
    yield _program("age", ("--version",), "opening an encrypted package without this program")
    yield _program("openssl", ("version",), "checking timestamps without this program")
    yield _program("ssh-keygen", None, "checking signatures without this program")


WITHOUT = {
    "starlette": "`archive desk` does not start; every command works in the terminal",
    "uvicorn": "`archive desk` does not start; every command works in the terminal",
    "yt-dlp": "it captures no video behind a player; the page is captured with gaps (media)",
    "pycryptodomex": "one hour of encrypted video takes a night",
    "deno": "YouTube does not offer its best video formats",
    "ffmpeg": "video and sound that a site sends separately stay in two files",
    "playwright": "no browser renders pages: no pictures, and what only scripts show is not captured",
    "chromium": "no browser renders pages: no pictures, and what only scripts show is not captured",
    "ReplayWeb.page": "`archive view --replay` cannot show captures",
    "pywb": "nothing, if ReplayWeb.page is installed",
    "wacz": "nothing: `archive pack --as wacz` checks what it makes itself",
    "fpdf2": "`archive annotate` annotates office files, HTML and text, but no PDF, and makes no exhibits",
    "uharfbuzz": "`archive annotate` annotates office files, HTML and text, but no PDF, and makes no exhibits",
    "segno": "`archive annotate` annotates office files, HTML and text, but no PDF, and makes no exhibits",
    "SQLAlchemy": "`archive audit` and `archive repair` do not work",
    "obstore": "`verify`, `audit`, `pack` and `receive` take no s3://, gs://, az:// or https:// address",
    "distributed": "`archive audit` uses this machine alone",
    "par2": "`archive pack --par2` writes nothing, and a last copy cannot be repaired from such data",
    "age": "nothing here: this program opens such packages itself",
    "openssl": "nothing here: `archive verify` checks timestamps itself",
    "ssh-keygen": "nothing here: `archive verify` checks signatures itself",
}
"""Name of an optional part -> what the program cannot do without it."""


def install_line(program: str) -> str:
    """The command that gets a program with this machine's package manager, or a plain hint."""
    for manager, command in _MANAGERS:
        if shutil.which(manager):
            return f"{command} {_PACKAGES.get(program, {}).get(manager, program)}"
    return f"get {program} from your system's package manager"


def _python() -> DoctorPart:
    return DoctorPart("python", "everything", "there", ".".join(map(str, sys.version_info[:3])), is_core=True)


def _core(module: str) -> DoctorPart:
    name = module.partition(".")[0]
    try:
        importlib.import_module(module)
    except Exception as error:  # noqa: BLE001 -- a broken installation may raise anything
        state = "missing" if isinstance(error, ModuleNotFoundError) else "broken"
        return DoctorPart(
            name, "everything", state, None, "pip install --force-reinstall evidence-archive", is_core=True
        )
    return DoctorPart(name, "everything", "there", _version_of(name), is_core=True)


def _library(name: str, module: str, purpose: str, extra: str) -> DoctorPart:
    if importlib.util.find_spec(module) is None:
        return DoctorPart(name, purpose, "missing", None, install_command(extra))
    return DoctorPart(name, purpose, "there", _version_of(name))


def runtime() -> DoctorPart:
    """What runs the script of a player: deno alone, because it gives such a script neither network nor disk."""
    purpose = "the script of YouTube's player"
    beside = Path(sysconfig.get_path("scripts")) / f"deno{sysconfig.get_config_var('EXE') or ''}"
    found = str(beside) if beside.is_file() else shutil.which("deno")
    if found is None:
        return DoctorPart("deno", purpose, "missing", None, "pip install deno")
    answered, version = _run_for_version([found, "--version"])
    if not answered:
        return DoctorPart("deno", purpose, "broken", None, "pip install --force-reinstall deno")
    if tuple(map(int, re.findall(r"\d+", version or "0")[:2])) < _OLDEST_DENO:
        return DoctorPart("deno", purpose, "doubtful", version, "too old for yt-dlp; pip install --upgrade deno")
    return DoctorPart("deno", purpose, "there", version)


def player() -> DoctorPart:
    """ReplayWeb.page's two files, where `archive view --replay` finds them."""
    import json

    from archive.replay.player import NoPlayer, find_player

    purpose = "replaying captures"
    how = f"npm pack replaywebpage, unpack it, and copy ui.js and sw.js to {_INSTALL_HERE}"
    try:
        find_player(None, places.player_folder(), Path("BAG"))
    except NoPlayer:
        return DoctorPart("ReplayWeb.page", purpose, "missing", None, how)
    try:
        version = str(json.loads((places.player_folder() / "package.json").read_bytes())["version"])[:20]
    except (OSError, ValueError, KeyError, TypeError):
        return DoctorPart("ReplayWeb.page", purpose, "there")  # its two files alone, without the package's
    return DoctorPart("ReplayWeb.page", purpose, "there", version)


def _other(name: str, purpose: str, known_by: tuple[str, str]) -> DoctorPart:
    """Another Python program, found by its module here or by its command anywhere."""
    module, command = known_by
    if importlib.util.find_spec(module) is not None:
        return DoctorPart(name, purpose, "there", _version_of(name))
    if shutil.which(command) is not None:
        return DoctorPart(name, purpose, "there")
    return DoctorPart(name, purpose, "missing", None, f"pip install {name}")


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _program(name: str, version_option: tuple[str, ...] | None, purpose: str) -> DoctorPart:
    found = shutil.which(name)
    if found is None:
        return DoctorPart(name, purpose, "missing", None, install_line(name))
    if version_option is None:  # ssh-keygen does not know its version; the ssh beside it does
        beside = shutil.which("ssh")
        return DoctorPart(name, purpose, "there", _run_for_version([beside, "-V"])[1] if beside else None)
    answered, version = _run_for_version([found, *version_option])
    if not answered:
        return DoctorPart(
            name, purpose, "broken", None, f"`{name} {version_option[0]}` does not work; {install_line(name)}"
        )
    return DoctorPart(name, purpose, "there", version)


def _chromium() -> DoctorPart:
    from archive.browser.installed import find_chromium

    purpose = "pictures of captured pages"
    found = find_chromium()
    if found is None:
        return DoctorPart("chromium", purpose, "missing", None, install_line("chromium"))
    if sys.platform == "win32":  # chrome.exe --version opens a window there
        return DoctorPart("chromium", purpose, "there")
    answered, version = _run_for_version([str(found.chromium), "--version"])
    if not answered:
        return DoctorPart(
            "chromium", purpose, "broken", None, f"it does not print its version; {install_line('chromium')}"
        )
    return DoctorPart("chromium", purpose, "there", version)


def _run_for_version(command: list[str]) -> tuple[bool, str | None]:
    """Whether a program ran, and the first text in its output that looks like a version."""
    try:
        done = subprocess.run(  # noqa: S603 -- a program of the user's own PATH, with fixed arguments
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False, None
    said = (done.stdout + done.stderr)[:4096].decode("utf-8", "replace")
    version = re.search(r"\d+(?:\.\d+)+[\w.-]*", said)
    return done.returncode == 0, version[0] if version else None


_LITTLE = 5 * 10**9
"""Bytes below which a report with videos is likely not to fit."""
_FUTURE = 4_102_444_800
"""2100-01-01, in seconds since 1970."""


def room() -> DoctorPart:
    """How much is free on the disk of the current folder."""
    purpose = "bags made in this folder"
    try:
        free = shutil.disk_usage(".").free
    except OSError:
        return DoctorPart("disk", purpose, "doubtful", None, "the free space is unknown")
    amount = f"{free / 1e9:,.1f} GB"
    if free < _LITTLE:
        return DoctorPart(
            "disk", purpose, "doubtful", amount, "less than 5 GB free; make room, or write elsewhere with -o"
        )
    return DoctorPart("disk", purpose, "there", amount)


def clock(now: float | None = None) -> DoctorPart:
    """Whether the clock can be right: it is later than the program itself, and the system trusts it."""
    purpose = "the times in bags and seals"
    moment = time.time() if now is None else now
    text = time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(moment))
    if not _newest() <= moment < _FUTURE:
        return DoctorPart("clock", purpose, "doubtful", text, "the clock is wrong: this program is newer than it")
    if _is_synchronised() is False:
        return DoctorPart("clock", purpose, "doubtful", text, "the system does not synchronise its clock; compare it")
    return DoctorPart("clock", purpose, "there", text)


def _newest() -> float:
    return Path(archive.__file__).stat().st_mtime


def _is_synchronised() -> bool | None:
    """Whether systemd says that the clock follows the network's; None where that is unknown."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 -- a program of the user's own PATH, with fixed arguments
            [program, "show", "--property=NTPSynchronized", "--value"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=5, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {b"yes": True, b"no": False}.get(done.stdout.strip())
