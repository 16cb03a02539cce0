"""The loopback internet for a report of one's own, until Ctrl-C. `make loopback` runs this.

    python -m tests.world [FILE]

FILE (default: build/loopback.txt) receives the options with which `archive fetch` reaches these sites and no other.
"""

from __future__ import annotations

import argparse
import contextlib
import shlex
import threading
from pathlib import Path

from tests.world import World
from tests.world.time_authority import Way, make_chain, make_reply, pem, serve, wall_clock

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = (
    "https://sn4hr.org/?p=55768",
    "https://sn4hr.org/blog/2019/04/30/53633/",
    "https://drive.google.com/file/d/1o-KAWNsfrHq6hAEDozEArdP3wEp2Tje6/view",
    "https://www.faselhd.pro/movies/%D9%81%D9%8A%D9%84%D9%85-cave-2019",
)
TEXT = """\
The loopback internet plays {sites} hosts until you press Ctrl-C. Write a report, as a text file, that cites addresses
which it has, such as:

{examples}

Then, in a second terminal:

  . .venv/bin/activate
  archive fetch my-report.txt -o my-bag $(cat {file})
  archive keygen -o my-key
  archive sign my-bag --key my-key --tsa {authority} --allow-private
  archive verify my-bag --trust {trust}

An address that it does not have is not reachable: nothing leaves this machine.
"""


def main(arguments: list[str] | None = None, stopped: threading.Event | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.world", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "build" / "loopback.txt", help="for the options")
    file = parser.parse_args(arguments).file.absolute()
    trust = file.with_name("loopback-trust")
    chain = make_chain(name="Loopback Time")
    with World() as world, serve(lambda query: make_reply(query, chain, Way(time=wall_clock()))) as authority:
        (trust / "tsa").mkdir(parents=True, exist_ok=True)
        (trust / "tsa" / "loopback.pem").write_bytes(pem(chain.root))
        file.write_text(shlex.join(options(world)) + "\n", encoding="utf-8")
        examples = "\n".join(f"  {url}" for url in EXAMPLES)
        places = {"file": _shown(file), "trust": _shown(trust), "authority": authority.url}
        print(TEXT.format(sites=len(world.sites), examples=examples, **places), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            (stopped or threading.Event()).wait()
    file.unlink(missing_ok=True)
    return 0


def options(world: World) -> list[str]:
    """What leads `archive fetch` here, and nowhere else."""
    rules = [word for rule in world.everywhere for word in ("--connect-to", rule)]
    return ["--demonstration", *rules, "--cacert", world.ca_file]


def _shown(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return shlex.quote(str(path.relative_to(Path.cwd())))
    return shlex.quote(str(path))


if __name__ == "__main__":
    raise SystemExit(main())
