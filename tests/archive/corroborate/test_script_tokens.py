"""A script is cut where a browser cuts it, and is read as it acts."""

from __future__ import annotations

import pytest

from archive.corroborate.texts.script_tokens import plain, tokens

CUT = {
    'var a="/*";x();var b="*/";': ["var a=", '"/*"', ";x();var b=", '"*/"', ";"],
    "x=/[/]//1;y()": ["x=", "/[/]/", "/1;y()"],
    "//x\rz()": ["//x", "\rz()"],
    "//a\u2028z()": ["//a", "\u2028z()"],
    "var a=`\n //`;z()": ["var a=", "`\n //`", ";z()"],
    "a=`${`//`}`;z()": ["a=", "`${`//`}`", ";z()"],
    'a=`x${ {a:"}"}.a }y`+1': ["a=", '`x${ {a:"}"}.a }y`', "+1"],
    "if(x)/'/.test(y);z('q')": ["if(x)", "/'/", ".test(y);z(", "'q'", ")"],
    "(a)/b/(c) //d": ["(a)/b/(c) //d"],
    "a/b/c /* d */ /e": ["a/b/c ", "/* d */", " /e"],
    'return /x"/g': ["return ", '/x"/g'],
    "a='b": ["a='b"],
    "/* b": ["/* b"],
}


@pytest.mark.parametrize("script", CUT)
def test_a_script_is_cut_where_a_browser_cuts_it(script: str) -> None:
    assert [text for _, text in tokens(script)] == CUT[script]


@pytest.mark.parametrize(
    ("written", "acts"),
    [
        ('d["bo"+\'dy\']["x"] (1)', 'd.body.x (1)'), ('d["\\x62\\u{6f}d\\171"]', "d.body"), ("d.b\\u006fdy ?. x", "d.body.x"), ('q?.["append"]?.(t)', "q.append(t)"),
        ('a["b c"]', 'a["b c"]'), ("f('it\\'s')", 'f("it\'s")'), ('a ? .5 : "x"', 'a ?.5 : "x"'),
    ],
)  # fmt: skip
def test_a_script_is_read_as_it_acts(written: str, acts: str) -> None:
    assert plain(written) == acts
