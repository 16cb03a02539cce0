"""Take the pictures of the docs from the demonstration bag: `make demo`, then `python -m docs.pictures`.

Needs the extra `[browser]` and the system's Chromium. Uses no network.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "demo/R210517/data/index.html"
FOLDER = ROOT / "docs/pictures"
_WIDTH = 1_000
SHOTS: dict[str, tuple[str, str, int]] = {
    "page.png": ("en", "body", 620),
    "card.png": ("en", "#en-s05", 640),
    "card-ar.png": ("ar", "#ar-s05", 900),
}
"""File -> language, the part of the page it shows, and how much of its height."""


def main() -> int:
    if not PAGE.is_file():
        sys.stderr.write("no demonstration bag; run `make demo` first\n")
        return 3
    from archive.browser.installed import Installed, find
    from archive.words.notes import describe

    found = find()
    if not isinstance(found, Installed):
        sys.stderr.write(f"{describe(found)}\n")
        return 3
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--host-resolver-rules=MAP * ~NOTFOUND", *([] if found.has_sandbox else ["--no-sandbox"])]
        browser = playwright.chromium.launch(executable_path=str(found.chromium), args=arguments)
        tab = browser.new_page(viewport={"width": _WIDTH, "height": 800}, color_scheme="light")
        for name, (language, part, height) in SHOTS.items():
            tab.goto(f"{PAGE.as_uri()}#{language}")
            _draw(tab, FOLDER / name, part, height)
        browser.close()
    return 0


def _draw(tab: Any, place: Path, part: str, height: int) -> None:
    found = tab.locator(part).first.bounding_box()
    clip = {"x": 0, "y": found["y"], "width": _WIDTH, "height": min(height, found["height"])}
    tab.screenshot(path=place, clip=clip, full_page=True)
    sys.stdout.write(f"{place.relative_to(ROOT).as_posix()}\n")


if __name__ == "__main__":
    sys.exit(main())
