"""The main job, shown: a report in, a checked bag out, against the loopback internet. `make demo` runs this.

    python -m tests.world.demo [FOLDER]

Nothing leaves the machine: hosts that the loopback internet does not play are led to it all the same, and counted.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

from archive.browser.installed import Installed, find, find_chromium
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
REPORT = Path("manifests", "examples", "R210517", "report.txt")
MARK = "made-by-make-demo"
"""Names the file by which an older demonstration is known as ours to overwrite."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.world.demo", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "demo", help="where it is made; default: demo")
    folder = parser.parse_args(arguments).folder
    if not _make_room(folder):
        print(f"{folder}: exists and was not made by this demonstration; move it away", file=sys.stderr)
        return 2
    bag = folder / "R210517"
    with World() as world:
        print(f"A loopback internet plays {len(world.sites)} hosts; no other can be reached.")
        # The last switch counts: where there is a browser, it renders the captured pages.
        rendered = ["--browser"] if isinstance(find(), Installed) else []
        switches = ["--demonstration", "--delay", "0.2", *world.cli_args, *_led_here(world), *rendered]
        # Exit code 1: some of the nine sources, as in real life, are gaps.
        steps: tuple[tuple[list[str], tuple[int, ...]], ...] = (
            (["cite", str(REPORT), "-o", str(folder / "sources.toml")], (0,)),
            (["fetch", str(REPORT), "-o", str(bag), *switches], (0, 1)),
            (["verify", str(bag)], (0,)),
            (["show", str(bag)], (0,)),
        )
        for words, good in steps:
            code = _run(words)
            if code not in good:
                print(f"\nThat ended with {code}, which is wrong.", file=sys.stderr)
                return code or 1
        requests, strays = len(world.log), sorted(set(world.strays))
        _report(requests, strays, bag)
        if _can_show_desk():
            print("Next: the desk, on this loopback internet. Open the address in your browser; Ctrl-C ends it.")
            with contextlib.suppress(KeyboardInterrupt):
                _run(["desk", str(folder), "--no-open", "--demonstration", *world.cli_args, *_led_here(world), *rendered])
            return 0
    print(f"Then, in your shell: . {_shown(Path(sys.prefix))}/bin/activate; archive desk {_shown(folder)}")
    print("A report of your own, without any network: make loopback")
    return 0


def _can_show_desk() -> bool:
    """Whether a person sits here who can open a browser."""
    return sys.stdin.isatty() and sys.stdout.isatty() and find_chromium() is not None


def _report(requests: int, strays: list[str], bag: Path) -> None:
    print(f"\nThe loopback internet received {requests} requests.", end=" ")
    print(f"It does not play: {', '.join(strays)}." if strays else "The program contacted no other host.")
    print(f"Next: open the page in the bag in any browser: {_shown(bag / 'data' / 'index.html')}")


def _make_room(folder: Path) -> bool:
    """Remove what an earlier run made; False where something else is in the way."""
    if folder.exists():
        if not (folder / MARK).is_file() and any(folder.iterdir()):
            return False
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("The next `make demo` replaces this folder.\n", encoding="utf-8")
    return True


def _led_here(world: World) -> list[str]:
    """Switches that lead every other host and port to the loopback internet too, which hangs up on it."""
    return [word for rule in world.everywhere for word in ("--connect-to", rule)]


def _run(words: list[str]) -> int:
    print(f"\n$ archive {_typed(words)}", flush=True)
    command = shutil.which("archive", path=str(Path(sys.executable).parent))
    start = [command] if command else [sys.executable, "-c", "from archive_cli.main import main; main()"]
    return subprocess.run([*start, *words], cwd=ROOT, check=False).returncode


def _typed(words: list[str]) -> str:
    """A command as a person would write it down: paths relative, the many `--connect-to` shortened to the first."""
    out: list[str] = []
    for word in words:
        if word == "--connect-to" and word in out:
            continue
        if ":127.0.0.1:" in word:
            if out[-1] == "--connect-to":
                out += [word, "--connect-to …"]
            continue
        out.append(_shown(Path(word)) if Path(word).is_absolute() else word)
    return " ".join(out)


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve()))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
