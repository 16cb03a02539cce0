"""JSON and XML that a hostile server sent."""

from __future__ import annotations

import pytest

from archive.http.json_body import read_json
from archive.http.xml_body import MAX_ELEMENTS, MAX_SIZE, XmlRefused, root_element


def test_strings_of_json_can_be_written_in_utf_8() -> None:
    value = read_json(rb'{"a\ud83d": ["\ud83d", "x\udc4dy", {"b": "\ud83d\udc4d"}], "n": 1.5}')
    assert value == {"a\ufffd": ["\ufffd", "x\ufffdy", {"b": "👍"}], "n": 1.5}
    str(value).encode()


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[" * 500 + b"]" * 500, b"{", b"\xff\xff"])
def test_json_that_cannot_be_read_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- what json raises
        read_json(content)


BILLION = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
REFUSED = {
    "entities": b'<?xml version="1.0"?><!DOCTYPE MPD [<!ENTITY e0 "x">' + BILLION + b"]><MPD a='&e9;'/>",
    "default attributes": b'<!DOCTYPE MPD [<!ATTLIST S t CDATA "' + b"x" * 99 + b'">]><MPD><S/></MPD>',
    "an external subset": b'<!DOCTYPE MPD SYSTEM "file:///etc/passwd"><MPD/>',
    "a comment before it": b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><?y z?>\n<!DOCTYPE MPD [ ]><MPD/>',
    "UTF-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE MPD [ ]><MPD/>'.encode("utf-16"),
    "HTML with a subset": b'<!DOCTYPE html [<!ENTITY e "x">]><html/>',
    "too many elements": b"<MPD>" + b"<S/>" * MAX_ELEMENTS + b"</MPD>",
    "too many bytes": b"<MPD>" + b" " * MAX_SIZE + b"</MPD>",
}
HARMLESS = {
    "a manifest": (b'<?xml version="1.0"?><MPD><Period/></MPD>', "MPD"),
    "a prefix": (b'<m:MPD xmlns:m="urn:mpeg:dash:schema:mpd:2011"/>', "MPD"),
    "a long comment": (b"<!--" + b" " * 9000 + b"--><MPD/>", "MPD"),
    "UTF-16": ('<?xml version="1.0" encoding="utf-16"?><MPD/>'.encode("utf-16"), "MPD"),
    "HTML": (b"<!DOCTYPE html><html><p>unclosed", "html"),
    "XHTML": (b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/x.dtd"><html/>', "html"),
    "the word in a text": (b"<MPD><!-- --><a>&lt;!DOCTYPE x [</a></MPD>", "MPD"),
    "JSON": (b'{"a": "<!DOCTYPE x ["}', None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_xml_that_costs_more_than_its_bytes_is_refused(content: bytes) -> None:
    with pytest.raises(XmlRefused):
        root_element(content)


@pytest.mark.parametrize(("content", "name"), HARMLESS.values(), ids=HARMLESS)
def test_the_first_element_of_other_content_is_named(content: bytes, name: str | None) -> None:
    assert root_element(content) == name
