"""What the program stands on and what it can use if it is there: looked for, its version asked, how to get it."""

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
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import archive

_PATIENCE = 20
"""Seconds that a program may take to say its version."""

_OLDEST_DENO = (2, 3)
"""The first that yt-dlp takes. (yt_dlp/utils/_jsruntime.py, DenoJsRuntime)"""

CORE = (
    *("bagit", "can_ada", "certifi", "click", "cryptography", "isal.igzip", "jinja2", "linkify_it", "lxml.html"),
    *("markdown_it", "msgspec", "protego", "pypdf", "pypdfium2.raw", "pyrage", "requests", "rfc3161_client", "rich"),
    *("tinycss2", "warcio"),
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
"""Program -> package manager -> the package's name where it is another than the program's."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was looked for."""

    name: str
    purpose: str
    state: str
    """`there`, `missing`, `broken` or `doubtful`."""
    version: str | None = None
    get: str | None = None
    """How to get it, or to mend it, on this machine."""
    is_core: bool = False
    without: str | None = None
    """What is lost where it is not there."""


def all_parts() -> Iterator[Part]:
    """Every part, what is needed first. Starts programs to ask for their versions; asks nothing of the network."""
    yield _python()
    yield from (_core(module) for module in CORE)
    for part in optional():
        yield replace(part, without=WITHOUT[part.name])


def optional() -> Iterator[Part]:
    """The parts that the program can do without, in the order of what one is likely to miss first."""
    yield _library("yt-dlp", "yt_dlp", "video and sound behind players", "video")
    yield _library("pycryptodomex", "Cryptodome", "video that is sent encrypted", "video")
    yield runtime()
    yield _program("ffmpeg", ("-version",), "joining the picture and the sound of a video")
    yield _library("playwright", "playwright", "drawing captured pages", "browser")
    yield _chromium()
    yield player()
    yield _other("pywb", "replay without ReplayWeb.page", ("pywb", "wayback"))
    yield _other("wacz", "a second opinion on a .wacz file", ("wacz", "wacz"))
    yield _program("age", ("--version",), "opening an encrypted package without this program")
    yield _program("openssl", ("version",), "checking timestamps without this program")
    yield _program("ssh-keygen", None, "checking signatures without this program")


WITHOUT = {
    "yt-dlp": "no film behind a player is captured; its page is, as partial (media)",
    "pycryptodomex": "encrypted films take a night for an hour",
    "deno": "YouTube's best forms of a film are not offered",
    "ffmpeg": "a film whose picture and sound come apart stays in two files",
    "playwright": "no page is drawn: no screenshots, and what only scripts show is not captured",
    "chromium": "no page is drawn: no screenshots, and what only scripts show is not captured",
    "ReplayWeb.page": "`archive view --replay` has nothing to show captures with",
    "pywb": "nothing, where ReplayWeb.page is there",
    "wacz": "nothing: `archive pack --as wacz` checks what it makes itself",
    "age": "nothing here: this program opens such packages itself",
    "openssl": "nothing here: `archive verify` checks timestamps itself",
    "ssh-keygen": "nothing here: `archive verify` checks signatures itself",
}
"""Name of an optional part -> what is lost where it is not there."""


def install_line(program: str) -> str:
    """The command that gets a program with this machine's package manager, or a plain hint."""
    for manager, command in _MANAGERS:
        if shutil.which(manager):
            return f"{command} {_PACKAGES.get(program, {}).get(manager, program)}"
    return f"get {program} from your system's package manager"


def _python() -> Part:
    return Part("python", "everything", "there", ".".join(map(str, sys.version_info[:3])), is_core=True)


def _core(module: str) -> Part:
    name = module.partition(".")[0]
    try:
        importlib.import_module(module)
    except Exception as error:  # noqa: BLE001 -- whatever a broken installation raises is what is told
        state = "missing" if isinstance(error, ModuleNotFoundError) else "broken"
        return Part(name, "everything", state, None, "pip install --force-reinstall evidence-archive", is_core=True)
    return Part(name, "everything", "there", _version_of(name), is_core=True)


def _library(name: str, module: str, purpose: str, extra: str) -> Part:
    if importlib.util.find_spec(module) is None:
        return Part(name, purpose, "missing", None, f"pip install 'evidence-archive[{extra}]'")
    return Part(name, purpose, "there", _version_of(name))


def runtime() -> Part:
    """What runs a player's script: deno alone, since it gives such a script neither network nor disk."""
    purpose = "the script of YouTube's player"
    beside = Path(sysconfig.get_path("scripts")) / f"deno{sysconfig.get_config_var('EXE') or ''}"
    found = str(beside) if beside.is_file() else shutil.which("deno")
    if found is None:
        return Part("deno", purpose, "missing", None, "pip install deno")
    answered, version = _asked([found, "--version"])
    if not answered:
        return Part("deno", purpose, "broken", None, "pip install --force-reinstall deno")
    if tuple(map(int, re.findall(r"\d+", version or "0")[:2])) < _OLDEST_DENO:
        return Part("deno", purpose, "doubtful", version, "too old for yt-dlp; pip install --upgrade deno")
    return Part("deno", purpose, "there", version)


def player(here: Path | None = None) -> Part:
    """ReplayWeb.page's two files, where `archive view --replay` would find them from this folder."""
    import json

    from archive.replay.player import NoPlayer, find_player

    purpose, here = "looking at captures as they were", here or Path()
    try:
        find_player(None, here / "bag", here)
    except NoPlayer:
        return Part("ReplayWeb.page", purpose, "missing", None, "npm pack replaywebpage && tar xzf replaywebpage-*.tgz")
    for place in ("node_modules/replaywebpage", "package"):
        try:
            version = str(json.loads((here / place / "package.json").read_bytes())["version"])[:20]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # its files alone, without the package's
        return Part("ReplayWeb.page", purpose, "there", version)
    return Part("ReplayWeb.page", purpose, "there")


def _other(name: str, purpose: str, known_by: tuple[str, str]) -> Part:
    """A Python program of others, by its module here or by its command anywhere."""
    module, command = known_by
    if importlib.util.find_spec(module) is not None:
        return Part(name, purpose, "there", _version_of(name))
    if shutil.which(command) is not None:
        return Part(name, purpose, "there")
    return Part(name, purpose, "missing", None, f"pip install {name}")


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _program(name: str, ask: tuple[str, ...] | None, purpose: str) -> Part:
    found = shutil.which(name)
    if found is None:
        return Part(name, purpose, "missing", None, install_line(name))
    if ask is None:  # ssh-keygen does not know its version; the ssh beside it does
        beside = shutil.which("ssh")
        return Part(name, purpose, "there", _asked([beside, "-V"])[1] if beside else None)
    answered, version = _asked([found, *ask])
    if not answered:
        return Part(name, purpose, "broken", None, f"it does not answer `{name} {ask[0]}`; {install_line(name)}")
    return Part(name, purpose, "there", version)


def _chromium() -> Part:
    from archive.browser.installed import find

    purpose = "drawing captured pages"
    found = find()
    if isinstance(found, str):
        has_driver = importlib.util.find_spec("playwright") is not None
        unlooked = "" if has_driver else "not looked for without playwright; "
        return Part("chromium", purpose, "missing", None, unlooked + install_line("chromium"))
    if sys.platform == "win32":  # chrome.exe --version opens a window there
        return Part("chromium", purpose, "there")
    answered, version = _asked([str(found.chromium), "--version"])
    if not answered:
        return Part("chromium", purpose, "broken", None, f"it does not say its version; {install_line('chromium')}")
    return Part("chromium", purpose, "there", version)


def _asked(command: list[str]) -> tuple[bool, str | None]:
    """Whether a program answered, and the first thing in its answer that looks like a version."""
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


def room() -> Part:
    """How much is free on the disk of the working folder."""
    purpose = "bags made in this folder"
    try:
        free = shutil.disk_usage(".").free
    except OSError:
        return Part("disk", purpose, "doubtful", None, "the free space of this folder cannot be told")
    told = f"{free / 1e9:,.1f} GB"
    if free < _LITTLE:
        return Part("disk", purpose, "doubtful", told, "less than 5 GB free; make room, or write elsewhere with -o")
    return Part("disk", purpose, "there", told)


def clock(now: float | None = None) -> Part:
    """Whether the clock can be right: it is not before the program itself, and the system does not doubt it."""
    purpose = "the times in bags and seals"
    moment = time.time() if now is None else now
    told = time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(moment))
    if not _newest() <= moment < _FUTURE:
        return Part("clock", purpose, "doubtful", told, "the clock is wrong: this program is newer than it")
    if _is_kept() is False:
        return Part("clock", purpose, "doubtful", told, "the system does not keep its clock by a network's; compare it")
    return Part("clock", purpose, "there", told)


def _newest() -> float:
    return Path(archive.__file__).stat().st_mtime


def _is_kept() -> bool | None:
    """Whether systemd says that the clock follows the network's; None where nobody says."""
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
