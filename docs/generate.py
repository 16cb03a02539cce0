"""Write the generated part of the docs, and the JSON Schemas of the package.

`python -m docs.generate` writes what has changed; with `--check` it writes nothing, and ends with 1 where it would.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    os.environ["ARCHIVE_CONFIG"] = ""  # defaults of whoever generates would stand in the help
    from docs.generating.pages import files

    stale = {place: text for place, text in files().items() if _read(ROOT / place) != text}
    for place, text in stale.items():
        sys.stdout.write(f"{place}\n")
        if "--check" not in arguments:
            (ROOT / place).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / place).write_text(text, encoding="utf-8", newline="\n")
    return 1 if stale and "--check" in arguments else 0


def _read(place: Path) -> str | None:
    return place.read_text(encoding="utf-8") if place.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
