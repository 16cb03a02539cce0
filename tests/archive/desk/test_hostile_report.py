"""A report, and what a server says, may try to be a page: everything of it is shown as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.archive.desk.desk_client import DeskClient

HOSTILE = """<script>alert(1)</script> "'><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} ]]> --> </textarea>
See https://a.example/"><script>alert(2)</script> and https://b.example/'onmouseover='alert(3) and
https://c.example/{{config}}/x and https://d.example/\u202egpj.exe and javascript:alert(4) and
https://e.example/-
</svg><base href=//evil.example/><form action=//evil.example/><meta http-equiv=refresh content=0>
"""


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.tags


def test_a_hostile_report_stays_text_on_every_screen(client: DeskClient) -> None:
    ident = client.drop("<img src=x onerror=alert(1)>.txt", HOSTILE.encode())
    screens = [client.get(f"r/{ident}/review"), client.get(f"r/{ident}/seen"), client.get(f"r/{ident}/run"), client.get()]
    for answer in screens:
        assert answer.status == 200
        tags = tags_of(answer.text)
        assert [attrs.get("src") for tag, attrs in tags if tag == "script"] == [f"{client.home}static/desk.js"]
        assert not [tag for tag, _ in tags if tag in ("base", "iframe", "object", "embed", "style")]
        assert not [name for _, attrs in tags for name in attrs if name.startswith("on") or name == "style"]
        targets = [attrs.get("href") or attrs.get("action") or attrs.get("src") or "" for _, attrs in tags]
        outside = [target for target in targets if not re.match(rf"(?:\Z|#|\?|{re.escape(client.home)})", target)]
        assert outside == []
        assert "\u202e" not in answer.text


def test_no_cited_site_is_a_link(client: DeskClient) -> None:
    """A click would show the documenter to the server before anything was decided."""
    ident = client.drop("R1.txt", b"https://a.example/one and b.example/two\n")
    for screen in ("review", "seen", "run"):
        hrefs = [attrs.get("href") or "" for tag, attrs in tags_of(client.get(f"r/{ident}/{screen}").text) if tag == "a"]
        assert not [href for href in hrefs if "example" in href]


def test_what_a_run_says_is_text_too(client: DeskClient) -> None:
    ident = client.drop("R1.txt", b"https://a.example/one\n")
    draft = client.desk.shelf.find(ident).draft
    assert draft is not None
    hostile = "<script>alert(1)</script>\\u202e"
    lines = [
        '{"kind":"started","at":1,"pid":1}',
        f'{{"kind":"source","at":1,"source":"s01","url":"https://a.example/{hostile}"}}',
        f'{{"kind":"waiting","at":99999999999,"host":"{hostile}","seconds":9,"why":"{hostile}"}}',
        f'{{"kind":"ended","at":2,"how":"refused","said":"{hostile}"}}',
        '{"kind":"judged","source":"s01","status":',  # cut off
    ]
    (draft.folder / "events.jsonl").write_text("\n".join(lines) + "\n")
    answer = client.get(f"r/{ident}/run")
    assert answer.status == 200 and "<script>alert" not in answer.text and "\u202e" not in answer.text


def test_ids_and_numbers_of_addresses_are_no_paths(client: DeskClient) -> None:
    ident = client.drop("R1.txt", b"https://a.example/one\n")
    for path in (
        "r/../review", "r/..%2f..%2fetc/review", f"r/{ident}/page/../1.png", f"r/{ident}/page/-1.png",
        f"r/{ident}/page/1e9.png", f"r/{ident}/file/..", f"r/{ident}/file/0", "check/..", "task/..", "static/../gate.py",
        "static/app.py", f"r/{ident}/sign", f"r/{ident}/pack", f"r/{ident}/slip",
    ):  # fmt: skip
        assert client.get(path).status in (404, 303), path
