"""What runs or loads something on a page, and what only shows something."""

from __future__ import annotations

import pytest

from archive.verify.seal.active_page import runs_or_loads

ACTIVE = (
    "<SCRIPT>1</SCRIPT>", "<p onclick=x>", "<svg/onload=1>", "<iframe src=a></iframe>", "<a href=' javascript:1'>x</a>",
    "<img src=https://e.example/p.png>", "<img srcset='//e.example/p.png 2x'>", "<meta http-equiv=refresh content=0>",
    "<style>@import 'x'</style>", "<p style='background:url(http://e.example/x)'>", "<form action=x></form>",
    "<link rel=stylesheet href=https://e.example/x.css>", "<base href=https://e.example/>",
)  # fmt: skip
QUIET = (
    "", "<p>onclick=1 &lt;script&gt; javascript:1</p>", "<a href=https://e.example/?onload=1>x</a>", "<img src=views/s01/a.png>",
    "<link rel=stylesheet href=source.css>", "<video src=media/s01/a.mp4></video>", "<style>p{background:url(data:image/png;base64,AA)}</style>",
)  # fmt: skip


@pytest.mark.parametrize("markup", ACTIVE)
def test_markup_that_runs_or_loads_something_is_known(markup: str) -> None:
    assert runs_or_loads(f"<!doctype html><body>{markup}".encode())


@pytest.mark.parametrize("markup", QUIET)
def test_markup_that_shows_something_is_quiet(markup: str) -> None:
    assert not runs_or_loads(f"<!doctype html><body>{markup}".encode())
