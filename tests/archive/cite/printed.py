"""Reports with addresses of every shape, broken at every kind of place, and what reading them must give."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable

from archive.cite import CitedReport

SHAPES = (
    "https://s{n}.example.org/2021/05/21/56247/",
    "https://s{n}.example.org/en/documents/2020/a-long-title-of-a-document-that-goes-on.html",
    "https://s{n}.example.org/watch?v=ut0DuECJLjs&t=12",
    "https://s{n}.example.org/page?id=12345&lang=en&ref=abc#section-2",
    "https://s{n}.example.org/averyveryverylongsegmentwithoutanybreak/end.html",
    "https://www.s{n}.example.org/a_b_c/d_e.pdf",
    "https://s{n}.example.org/ar/%D8%B3%D9%88%D8%B1/page",
    "https://s{n}.example.org/~user/x=1,2;y/z",
    "https://web.archive.org/web/20210304050607/https://s{n}.example.org/a-b_c.html",
    "http://s{n}.example.org/Report_Of-2019.pdf",
    "https://s{n}.example.org/status/1234567890123456789",
    "https://s{n}.example.org/A/HRC/46/54",
    "https://s{n}.example.org:8443/x/y.php?a[]=1&b=2",
)
LATIN = "The Commission heard witnesses who described the shelling of the market on that day."
ARABIC = "أفاد شهود عيان بأن القصف استهدف السوق في ذلك اليوم وما تلاه من أحداث."


def plain(address: str) -> str:
    return html.escape(address)


def breaking(mark: str, places: str) -> Callable[[str], str]:
    """What writes `mark` behind each of these characters of an address."""
    return lambda address: "".join(html.escape(each) + (mark if each in places else "") for each in address)


def every(mark: str, characters: int) -> Callable[[str], str]:
    """What writes `mark` after so many characters, wherever that is."""
    return lambda address: mark.join(
        html.escape(address[at : at + characters]) for at in range(0, len(address), characters)
    )


LAYOUTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "anywhere": ("width:250px;overflow-wrap:anywhere", plain),
    "break-all": ("width:210px;word-break:break-all", plain),
    "justified": ("width:300px;text-align:justify;overflow-wrap:anywhere", plain),
    "letter-spaced": ("width:330px;letter-spacing:1px;overflow-wrap:anywhere", plain),
    "wbr": ("width:190px", breaking("<wbr>", "/?=&-_.#%")),
    "zero-width-space": ("width:230px", breaking("&#8203;", "/?=&-_.#%")),
    "soft-hyphen": ("width:260px", every("&shy;", 7)),
    "word-joiner": ("width:310px;overflow-wrap:anywhere", breaking("&#8288;", "/-")),
    "wide-lines": ("width:300px;line-height:2.3;overflow-wrap:anywhere", plain),
    "bold": ("width:270px;font-weight:bold;overflow-wrap:anywhere", plain),
    "columns": ("columns:2;column-gap:18px;font-size:9pt;text-align:justify;overflow-wrap:anywhere", plain),
    "fallback-font": ("width:300px;font-family:Letters,Rest,'Noto Sans Arabic';overflow-wrap:anywhere", plain),
}
STYLE = """
@font-face { font-family: Letters; src: local('Noto Sans'), local('DejaVu Sans'); unicode-range: U+41-5A, U+61-7A, U+20 }
@font-face { font-family: Rest; src: local('DejaVu Serif'); unicode-range: U+21-40, U+5B-60, U+7B-7E }
body { font: 11pt 'Noto Sans', 'Noto Sans Arabic', 'DejaVu Sans' }
"""


def page(layouts: Iterable[str], *, arabic: bool) -> tuple[str, list[str]]:
    """An HTML page with every shape in each of these layouts, and the addresses that it prints."""
    words, see = (ARABIC, "انظر") if arabic else (LATIN, "See")
    truth: list[str] = []
    parts: list[str] = []
    for layout in layouts:
        style, written = LAYOUTS[layout]
        paragraphs: list[str] = []
        for shape in SHAPES:
            truth.append(shape.format(n=len(truth) + 1))
            paragraphs.append(f"<p>{words} {see} {written(truth[-1])}. {words}</p>")
        parts.append(f'<div style="{style}">{"".join(paragraphs)}</div>')
    attributes = 'dir="rtl" lang="ar"' if arabic else 'lang="en"'
    body = "\n".join(parts)
    head = f"<meta charset='utf-8'><style>{STYLE}</style>"
    return f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>", truth


def problems(cited: CitedReport, truth: list[str]) -> list[str]:
    """What is wrong: an address that is no reading, or a first reading that is wrong without a warning."""
    found = {source.cited for source in cited.sources}
    among = {other for source in cited.sources if source.is_uncertain for other in source.candidates}
    wrong = [f"missing: {address}" for address in truth if address not in found and address not in among]
    wrong += [
        f"certain, and not printed: {source.cited}"
        for source in cited.sources if not source.is_uncertain and source.cited not in truth
    ]
    return wrong


def numbers(cited: CitedReport) -> list[str]:
    """Which of the numbered hosts are cited, in order."""
    return [match[1] for source in cited.sources if (match := re.search(r"\bs([0-9]+)\.example", source.cited))]
