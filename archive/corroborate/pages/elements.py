"""Which elements of a page flow, show nothing, hold lists, media or headings. (HTML Living Standard, 15)"""

from __future__ import annotations

FLOWS = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "svg", "path", "g", "use", "output",
))  # fmt: skip
"""Elements that do not break a line: a name may run through several of them."""
NOT_SHOWN = frozenset((
    "script", "style", "template", "noscript", "noframes", "noembed", "head", "datalist", "object", "title", "rp",
    "iframe", "audio", "video", "canvas", "meter", "progress", "annotation", "annotation-xml",
))  # fmt: skip
"""Elements whose texts a browser does not show, or only where it cannot show the element itself."""
NEVER_SHOWN = frozenset(("template", "noscript", "object", "iframe", "audio", "video", "canvas", "meter", "progress"))
"""Those of which no style shows the text."""
NOT_DRAWN = frozenset((
    "defs", "symbol", "metadata", "desc", "title", "clippath", "mask", "pattern", "marker", "lineargradient",
    "radialgradient", "filter",
))  # fmt: skip
"""Parts of a drawing that are not drawn where they stand. (SVG 2, 5.5)"""
CHOICES = frozenset(("option", "optgroup", "button"))
"""What a closed `select` shows."""
LISTS = frozenset(("nav", "aside", "header", "footer"))
MEDIA = {
    "img": ("src",), "video": ("src", "poster"), "audio": ("src",), "source": ("src",), "embed": ("src",),
    "object": ("data",), "track": ("src",), "image": ("href", "xlink:href"), "input": ("src",),
}  # fmt: skip
FRAMES = frozenset(("iframe", "frame"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "label", "legend", "caption", "summary"))
ICONS = {
    "eye": "views", "views": "views", "comment": "comments", "comments": "comments", "reply": "replies",
    "replies": "replies", "heart": "likes", "like": "likes", "likes": "likes", "retweet": "retweets",
    "repost": "reposts", "reposts": "reposts", "share": "shares", "shares": "shares",
}  # fmt: skip
"""Signs by which numbers are shown, by words of their classes."""
TOOLBARS = frozenset(("wm-ipp-base", "wm-ipp", "wm-ipp-print", "wm-capinfo", "donato"))
"""Ids of the bars that the Wayback Machine puts over its copies."""
MARKS = frozenset(("del", "s", "strike", "ins", "sup", "sub", "bdo", "rt", "q"))
