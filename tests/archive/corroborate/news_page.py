"""A page of a newspaper, as a server sends it, with what stands around its article."""

from __future__ import annotations

ARTICLE = """<article><h1>Strike on hospital in Old Town kills 37</h1><p class="byline">By M. Haddad</p><time datetime="2021-05-21T10:30:00Z">21 May 2021</time>
<p>A missile struck the maternity ward of the Old Town hospital on Friday, killing 37 patients and two doctors, the health ministry said.</p>
<p>The army did not warn the staff, according to <a href="https://docs.example/file?id=1A2b3C4d5E6f7G8h9I0jKl">a document</a> seen by this newspaper.</p>
<figure><img src="/img/a.jpg" width=640 height=480 alt="The ward"><figcaption>The ward after the strike</figcaption></figure>
<p lang=ar dir=rtl>قُتل ٣٧ مريضاً في قسم الولادة، ولم يُحذَّر أحد</p>
<p>The operation lasted 10-20 minutes.</p>
<ol start=5><li>Witness A</li><li>Witness B</li></ol>
<table><tr><th>Dead<th>Wounded</tr><tr><td>37<td>112</tr></table>
<svg viewBox="0 0 10 10"><path d="M0 0L10 10"/></svg>
</article>"""
HEAD = (
    "<meta charset=utf-8><title>Strike on hospital kills 37 | The Observer</title>"
    '<meta name=date content="2021-05-21"><meta property="og:url" content="https://news.example/article">'
    '<meta property="og:image" content="https://news.example/img/a.jpg"><link rel=canonical href="https://news.example/article">'
    '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2021-05-21T10:30:00Z",'
    '"author":{"name":"M. Haddad"},"deaths":37}</script>'
)
MEDIA = {
    f"https://news.example/{name}": name.encode()
    for name in ("img/a.jpg", "img/b.jpg", "logo.png", "bg.jpg", "v.mp4", "ph.gif")
}


def news_page(
    body: str = "", head: str = "", article: str = ARTICLE, of_html: str = "", of_body: str = "", heads: str = HEAD
) -> str:
    """The page: `body` stands below the article, `of_html` and `of_body` are attributes."""
    return (
        f"<!DOCTYPE html><html{of_html}><head>{heads}{head}</head><body{of_body}><header><a href=/>The Observer</a></header>"
        f"<nav><a href=/w>World</a></nav><main>{article}</main>{body}<footer>© 2026 The Observer</footer></body></html>"
    )
