"""Another build of the site's own script or font, by the digest in its name: what it names anew, and what it may not do."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.evidence import RequisiteEvidence, SourceEvidence
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, evidence

SCRIPT = """!function(){var e={%(module)s:function(e,t,n){var %(name)s=e.items;return n("ul",{className:"List_list__%(made)s"},%(name)s.length)}};
var v="%(version)s";n.u=function(e){return"chunks/"+e+"."+{12:"%(made)s1"}[e]+".js"};
document.getElementById("menu").addEventListener("click",function(){document.body.classList.toggle("open")});%(more)s}();"""
ONE = {"module": "4412", "name": "t", "made": "3f2a1c9e", "version": "3.14.0", "more": ""}
OTHER = {"module": "5120", "name": "a", "made": "b8d7e6f5", "version": "3.15.1", "more": ""}


def seen(build: dict[str, str], later: bool = False) -> SourceEvidence:
    name = f"/static/main.{build['made']}.js"
    scripts = {f"https://news.example{name}": SCRIPT % build}
    visit = VISIT + LATER if later else VISIT
    return evidence(news_page(f"<script src={name}></script>"), visit, media=MEDIA, scripts=scripts)


def contradicts(one: SourceEvidence, other: SourceEvidence) -> bool:
    found = compare_sources(one, other)
    assert found is not None
    return any(each.is_substance for each in found.differences)


def test_what_a_build_names_anew_contradicts_nothing() -> None:
    assert not contradicts(seen(ONE), seen(OTHER, later=True))


@pytest.mark.parametrize("more", [
    'document.querySelector("h1").textContent="No strike there";', 'document.body.innerHTML=document.body.innerHTML.replace(/37/g,"3");',
    'document.querySelectorAll("p")[1].remove();', 'location.href="https://other.example/";', 'document.querySelector("h1").innerHTML=atob("Tm8gc3RyaWtl");',
    'e.push("No patients died");', 'document.querySelectorAll("p")[1].classList.add("x");',
])  # fmt: skip
def test_what_a_build_does_to_the_page_contradicts(more: str) -> None:
    assert contradicts(seen(ONE), seen(OTHER | {"more": more}, later=True))


def with_font(name: str, content: bytes, later: bool = False) -> SourceEvidence:
    sheet = f"@font-face{{font-family:Inter;src:url({name})}}"
    known = evidence(news_page(f"<style>{sheet}</style>"), VISIT + LATER if later else VISIT, media=MEDIA)
    font = RequisiteEvidence("font", "captured", hashlib.sha256(content).hexdigest())
    return replace(known, requisites={**known.requisites, f"https://news.example{name}": font})


def test_a_font_with_other_bytes_is_shown_and_another_font_contradicts() -> None:
    one = with_font("/f/inter.a1b2c3d4.woff2", b"one")
    assert not contradicts(one, with_font("/f/inter.d4c3b2a1.woff2", b"one", later=True))
    for name in ("/f/inter.d4c3b2a1.woff2", "/f/inter.a1b2c3d4.woff2"):
        found = compare_sources(one, with_font(name, b"other", later=True))
        assert found is not None and found.status is PairStatus.DIFFERS
        assert [each.what for each in found.differences if each.first != each.second] == ["font"]
    assert contradicts(one, with_font("/f/serif.d4c3b2a1.woff2", b"one", later=True))
