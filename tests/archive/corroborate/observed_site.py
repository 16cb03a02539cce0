"""A site that observers visit: it changes what changes on every visit, cloaks, is edited, or is played by a forger."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.fetch.run_clock import RunClock
from archive.trust.seal_folder import seal_folder
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World
from tests.world.media_bytes import png
from tests.world.replies import Reply, Request
from tests.world.sealed_bag import facts_of, file_key
from tests.world.site import Page, Site, css, file, html, redirect

HOST = "daily.example"
STORY = "<p>On 21 May 2021 shells killed 37 people in the market, witnesses said.</p>"
VISITS = itertools.count(1)
"""Of all readers of the site, whoever plays it."""
PAGES = ("story", "arabic", "photo", "clip", "moved", "plain")


class ObservedSite(Site):
    """`modes` are what it does to its readers."""

    hosts = (HOST,)
    modes = (
        "ok", "rotating", "edited", "cloaking", "forged", "forged-otherwise", "hidden", "normalised", "closed", "gone",
        "forged-style", "forged-file", "removed",
    )  # fmt: skip

    def pages(self, host: str) -> dict[str, Page]:
        return {
            "/story": self._story,
            "/arabic": self._arabic,
            "/photo": lambda _: html("<title>Photo</title><p>The street after the attack.</p><img src=/street.png>"),
            "/street.png": lambda _: file(
                png("street" if self.mode != "forged-otherwise" else "other street"), "image/png"
            ),
            "/clip": self._file,
            "/moved": lambda _: redirect("/story" if self.mode != "forged-otherwise" else "/photo"),
            "/plain": lambda _: html(
                "<title>Plain</title><p>This page has never changed since it was put here.</p>",
                410 if self.mode == "removed" else 200,
            ),
            "/style.css": lambda _: css(
                "p { color: black }" if self.mode != "forged-style" else "h1 + p { opacity: 0 }"
            ),
        }

    def _story(self, request: Request) -> Reply:
        number = next(VISITS)
        story = STORY
        if self.mode == "edited":
            story = story.replace("37", "31")
        if self.mode == "cloaking" and "Second" in request.header("User-Agent"):
            story = "<p>Nothing happened in the market, officials said.</p>"
        if self.mode in ("forged", "forged-otherwise"):
            story = story.replace("shells killed", "a gas leak killed")
        if self.mode == "closed":
            return html("<title>403</title><p>Closed to you.</p>", status=403)
        if self.mode == "gone":
            return html("<title>404</title><p>There is no such page.</p>", status=404)
        more = "<p style='display:none'>Witnesses were paid.</p>" if self.mode == "hidden" else ""
        rotating = ""
        if self.mode == "rotating":
            now = datetime.now(UTC)
            rotating = (
                f"<div class='advert'><a href='https://ads.example/{number}'>Offer number {number}</a></div>"
                f"<p class='clock'>{now:%A, %d %B %Y, %H:%M:%S} UTC</p><p>{1200 + number * 7} views</p>"
            )
        return html(
            f"<title>The market</title><link rel=stylesheet href=/style.css><h1>The market</h1>{story}{more}{rotating}"
        )

    def _arabic(self, _: Request) -> Reply:
        text = "قتل سبعة وثلاثون شخصًا في السوق"
        return html(
            f"<title>السوق</title><p>{'قتـل سبعة وثلاثون شخصا في السوق' if self.mode == 'normalised' else text}</p>"
        )

    def _file(self, _: Request) -> Reply:
        title = b"b" if self.mode == "forged-file" else b"a"
        made = f"/CreationDate (D:{datetime.now(UTC):%Y%m%d%H%M%S})".encode() if self.mode == "rotating" else b""
        return file(b"%PDF-1.7\n1 0 obj <</Title (" + title + b")" + made + b">>\n%%EOF\n", "application/pdf")


def make_report(folder: Path, names: tuple[str, ...] = PAGES) -> Path:
    """A source manifest that every observer gets."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = "".join(f'\n[[source]]\ncited = "http://{HOST}/{name}"\n' for name in names)
    path = folder / "sources.toml"
    path.write_text(f'[report]\nid = "R1"\nsha256 = "{"ab" * 32}"\n{sources}')
    return path


def observe(
    report: Path,
    bag: Path,
    mode: str = "ok",
    key: int | None = None,
    run_clock: RunClock | None = None,
    route: str = "",
    **settings: object,
) -> Path:
    """One observer's bag, signed with a key of its own."""
    site = ObservedSite()
    site.mode = mode
    with World([site]) as world:
        routes = (*world.connect_to, *([route] if route else []))
        made: FetchSettings = settings_for(world, **{"connect_to": routes, **settings})
        path = fetch(report, bag, made, run_clock=run_clock).bag
    if key is not None:
        sign(path, key)
    return path


def sign(bag: Path, key: int) -> None:
    from archive.seal.sign import add_signature, write_seal

    folder = seal_folder(bag)
    add_signature(folder, write_seal(folder, facts_of(bag)), file_key(key))
