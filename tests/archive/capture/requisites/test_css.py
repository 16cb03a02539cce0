"""Style sheets, sound and broken, and the same by an independent tokenizer."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
import tinycss2

from archive.capture.requisites import css, read_css
from archive.capture.requisites.css import references
from archive.urls import parse

SHEET = parse("https://snhr.org/theme/style.css")


def found(text: str) -> list[tuple[str, str]]:
    return [(kind, target) for kind, _, target in references(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{background:url(a.png)} b{background: URL( 'b.png' ), url( \"c d.png\" )}", ["a.png", "b.png", "c d.png"]),
        ("@media x{@supports (y:z){@layer q{a{b:url(a.png)}}}}", ["a.png"]),
        ("a{b:image-set('a.avif' type('image/avif') 1x, url(b.png) 2x, \"c.jpg\" 3x)}", ["a.avif", "b.png", "c.jpg"]),
        ("a{b:-webkit-image-set(url(a.png) 1x, url('b.png') 2x); content:'no.png'}", ["a.png", "b.png"]),
        ("/* url(no) */ a{b:url(a.png)/* url('no') */} /* @import 'no';", ["a.png"]),
        ("a{b:url(x\\)y.png); c:url('d\\'e.png'); f:url(\\67 .png)}", ["x)y.png", "d'e.png", "g.png"]),
        ("a{b:u\\72l(a.png); c:\\75 rl(b.png); d:\\000055\\52\\4c(c.png)}", ["a.png", "b.png", "c.png"]),
        (".md\\:url{b:c} curl(no) -url(no) xurl(no) é-url(no){d:url(a.png)}", ["a.png"]),
        ("a{b:url(bad url.png); c:url(a.png)}", ["a.png"]),
        ("a{b:url(un\"quoted); c:url(a.png)}", ["a.png"]),
        ("a{b:'never closed\n; c:url(a.png)}", ["a.png"]),
        ("a{b:url(a.png", ["a.png"]),
        ("a{b:url('a.png", ["a.png"]),
        ("a{b:url();c:url('')}", []),
        ("@namespace url(http://www.w3.org/1999/xhtml); @namespace s 'http://no'; a{b:url(a.png)}", ["a.png"]),
        ("@supports (b:url(no.png)){a{b:url(a.png)}} @document url(http://no/){c{b:url(b.png)}}", ["a.png", "b.png"]),
        ("<!-- a{b:url(a.png)} -->", ["a.png"]),
        ("a{b:url(\n\ta.png\r\n)} c{d:'e\\\nf url(no)'}", ["a.png"]),
        ("a{filter:url(#f); --x: url(a.svg#g); cursor:url(b.cur),auto}", ["#f", "a.svg#g", "b.cur"]),
    ],
)  # fmt: skip
def test_pictures_are_found_wherever_a_sheet_names_them(text: str, expected: list[str]) -> None:
    assert found(text) == [("image", name) for name in expected]


def test_imports_are_styles_in_every_spelling() -> None:
    assert found(
        "@charset \"utf-8\"; @import 'a.css'; @import url(b.css) screen and (min-width:1px); @import/**/url('c.css') layer(x) "
        "supports(display: grid) print; @IMPORT \"d.css\"; @\\69mport 'e.css'; @important 'no'; @import url(); @import no;"
    ) == [("style", f"{letter}.css") for letter in "abcde"]


def test_fonts_are_distinguished_from_pictures() -> None:
    assert found(
        "@font-face{font-family:x;src:url(a.eot);src:url('a.eot?#iefix') format('embedded-opentype'),local('no'),"
        'url(a.woff2) format("woff2") tech(variations)} b{c:url(d.png)}'
    ) == [("font", "a.eot"), ("font", "a.eot?#iefix"), ("font", "a.woff2"), ("image", "d.png")]


def test_urls_are_resolved_against_the_sheet_and_listed_once() -> None:
    body = b"@import 'sub/a.css';b{c:url(../img/d.png);e:url(../img/d.png#f);g:url(#h);i:url(data:image/png,x);j:url(//cdn.org/k.png)}"
    assert [(one.kind, one.url.href, one.how) for one in read_css(body, url=SHEET, charset=None)] == [
        ("style", "https://snhr.org/theme/sub/a.css", "css @import"),
        ("image", "https://snhr.org/img/d.png", "css url()"),
        ("image", "https://cdn.org/k.png", "css url()"),
    ]


SETS = ("image-set", "-webkit-image-set")
NAMES = ("namespace", "supports", "document", "-moz-document", "container", "charset")
"""At-rules in whose preludes a URL is a name."""


def independent(nodes: list[Any], *, function: str = "", prelude: str = "") -> Iterator[str]:
    """What the tokens name, found by plain recursion: another way through the same sheet."""
    for node in nodes:
        kind = node.type
        if kind == "at-keyword":
            prelude = node.lower_value
        elif kind == "{} block":
            prelude = ""
            yield from independent(node.content)
        elif kind == "literal" and node.value == ";":
            prelude = ""
        elif prelude in NAMES:
            continue
        elif kind == "url" or (kind == "string" and (prelude == "import" or function in SETS)):
            yield node.value
            prelude = ""
        elif kind == "function" and node.lower_name == "url":
            yield from (argument.value for argument in node.arguments if argument.type == "string")
            prelude = ""
        elif kind == "function":
            yield from independent(node.arguments, function=node.lower_name)
        elif kind in ("() block", "[] block"):
            yield from independent(node.content)


PIECES = (
    "a", " ", "{", "}", ";", ":", "b:c;", "url(x.png)", "URL( 'y.png' )", 'url("z\\"w.png")', "/* url(no) */", "'q url(no)'", '"r"',
    "image-set('s.avif' 1x)", "image-set(url(t.png) 1x, 'u.png' 2x type('image/png'))", "@import 'v.css';", "@import url(w.css) print;",
    "@media (min-width:1px)", "@font-face", "@layer x;", ".md\\:flex", "format('woff2')", "rgb(1,2,3)", "\n", "calc(1px + (2px))", "<!--", "-->",
    "url(data:image/png;base64,AAAA)", "@namespace url(no);", "é", "u", "\\75 rl(aa.png)", "content:'\\201c';", "--v: url(bb.png);",
    ".md\\:url(no)", "\\:", "\\url(cc.png)", "x\\75 rl(no)", "url(d\\64 d.png)", "url('ee\\\n.png')",
)  # fmt: skip


def test_plain_recursion_over_the_tokens_finds_the_same() -> None:
    dice = random.Random(210517)
    for _ in range(1500):
        text = "".join(dice.choice(PIECES) for _ in range(dice.randrange(1, 25)))
        mine = [target for _, _, target in references(text)]
        theirs = [target for target in independent(tinycss2.parse_component_value_list(text)) if target]
        assert mine == theirs, text


def test_hostile_sheets_take_time_by_their_length_alone() -> None:
    pieces = (
        "(",
        "{",
        "'",
        "/*",
        "url(",
        "\\",
        "image-set(",
        "@import",
        "@import/**/",
        "@import url(",
        "u",
        "\\75",
        "/* * ",
        "url( ",
        '"\\',
        "'\n",
    )
    for piece, tail in itertools.product(pieces, ("", "}a{b:url(c.png)}")):
        text = piece * (60_000 // len(piece)) + tail
        assert all(target in ("c.png", "@import") for _, _, target in references(text)), piece


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "9" * 5000 + "px", "U+" + "1" * 5000])
def test_a_number_of_any_length_hides_no_picture(number: str) -> None:
    body = f"p {{ width: {number}; background: url(a.png) }}".encode()
    found = read_css(body, url=parse("https://a.example/b.css"), charset=None)
    assert [each.url.href for each in found] == ["https://a.example/a.png"]


def test_a_sheet_taken_apart_means_what_it_means_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(210517)
    rules = [
        *("a{b:url(c.png)}", "d{e:url('x}y.png')}", "/* } url(no) */", "@media x{", "}", "@font-face{src:url(f.woff)}"),
        *("@import 'g.css';", "@layer h{i{j:image-set('k.avif' 1x, url(l.png) 2x)}}", "m{n:url(data:x;{}})}"),
        *("o\\}{p:url(q.png)}", "r{content:'\\'}'}", "@supports (s:url(no.png)){t{u:url( 'v.png' )}}", '"w"', "\n"),
    ]
    for _ in range(500):
        text = "".join(dice.choice(rules) for _ in range(dice.randrange(1, 40)))
        whole = list(references(text))
        with monkeypatch.context() as small:
            small.setattr(css, "_PIECE", dice.choice((8, 20, 50)))
            assert list(references(text)) == whole, text


@pytest.mark.parametrize("sign", [",", "{", "'", "url(a)", "/**/", "+-", "#a", "@", "a{b:c}", '"', "(", "x "])
def test_no_sheet_is_taken_apart_in_large_pieces(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    monkeypatch.setattr(css, "_PIECE", 100)
    monkeypatch.setattr(css, "_MOST", 400)
    text = sign * (20_000 // len(sign))
    pieces = [piece for _, piece in css._pieces(text)]
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 410
