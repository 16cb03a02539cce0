"""Who may talk to the desk: our own page, and nobody else. Each test breaks one thing of a good request."""

from __future__ import annotations

import pytest

from archive.desk.gate import COOKIE, LARGEST_FORM
from tests.archive.desk.desk_client import HOST, ORIGIN, PORT, DeskClient

CHANGES = ("open", "language", "stop", "r/0123456789abcdef/review", "r/0123456789abcdef/run", "r/0123456789abcdef/sign")


def test_our_own_page_is_let_in(client: DeskClient) -> None:
    assert client.get().status == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"host": "evil.example"}, 421),  # DNS rebinding: the name leads to this machine, and it is not ours
        ({"host": f"localhost:{PORT}"}, 421),
        ({"host": f"127.0.0.1:{PORT + 1}"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": None}, 421),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),  # another port of this machine: replayed captures
        ({"origin": "https://evil.example"}, 403),
        ({"origin": f"http://127.0.0.1:{PORT + 1}"}, 403),
        ({"origin": f"http://localhost:{PORT}"}, 403),
        ({"origin": "null"}, 403),
        ({"cookie": None}, 403),
        ({"cookie": f"{COOKIE}=guess"}, 403),
        ({"cookie": f"{COOKIE}="}, 403),
    ],
)
def test_a_page_is_shown_to_nobody_else(client: DeskClient, change: dict[str, str | None], status: int) -> None:
    headers = {name: value for name, value in (client.browser_headers() | change).items() if value is not None}
    answer = client.send("GET", client.home, headers=headers)
    assert (answer.status, answer.body) == (status, b"")


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", f"http://127.0.0.1:{PORT + 1}", f"https://{HOST}"]
)
def test_no_other_page_can_change_anything(client: DeskClient, path: str, origin: str | None) -> None:
    headers = client.browser_headers("POST")
    del headers["origin"]
    headers |= {"origin": origin} if origin is not None else {}
    assert client.send("POST", client.home + path, b"do=start", headers=headers).status == 403


def test_two_hosts_or_two_origins_are_refused(client: DeskClient) -> None:
    pairs = list(client.browser_headers("POST").items())
    assert client.send("POST", f"{client.home}language", headers=[*pairs, ("host", HOST)]).status == 421
    assert client.send("POST", f"{client.home}language", headers=[*pairs, ("origin", ORIGIN)]).status == 403


def test_without_the_secret_path_nothing_is_there(client: DeskClient) -> None:
    paths = ("/", "/static/desk.css", f"/{'0' * 24}/", "//", f"/x{client.home}", "/..%2f", "/open/x", "/open.js/x")
    assert {path: client.send("GET", path).status for path in paths} == dict.fromkeys(paths, 404)


@pytest.mark.parametrize("method", ["OPTIONS", "DELETE", "PATCH", "TRACE", "CONNECT"])
def test_other_methods_are_refused_also_as_a_preflight(client: DeskClient, method: str) -> None:
    headers = client.browser_headers() | {"access-control-request-method": "PUT"}
    answer = client.send(method, client.home, headers=headers)
    assert (answer.status, answer.header("access-control-allow-origin")) == (405, None)


def test_every_answer_binds_the_browser(client: DeskClient) -> None:
    answers = [client.get(), client.get("nothing"), client.send("GET", "/"), client.send("GET", "/open")]
    for answer in answers:
        policy = answer.header("content-security-policy") or ""
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.header("cross-origin-resource-policy") == "same-origin"
        assert answer.header("cross-origin-opener-policy") == "same-origin"
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("cache-control") == "no-store"
        assert answer.header("access-control-allow-origin") is None


def test_a_form_has_a_bounded_size(client: DeskClient) -> None:
    headers = client.browser_headers("POST") | {"content-length": str(LARGEST_FORM + 1)}
    answer = client.send("POST", f"{client.home}language", headers=headers)
    assert (answer.status, answer.header("connection")) == (413, "close")
    chunked = client.browser_headers("POST") | {"transfer-encoding": "chunked"}
    pairs = [*chunked.items(), ("content-length", "many")]
    assert client.send("POST", f"{client.home}language", headers=pairs).status == 413


def test_pages_name_nothing_outside_and_run_nothing_inline(client: DeskClient) -> None:
    text = client.get().text
    assert "http://" not in text and "https://" not in text
    assert " on" + "click" not in text and "<style" not in text and "style=" not in text
    assert text.count("<script") == 1 and f'<script src="{client.home}static/desk.js"' in text


VISIT = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}


@pytest.mark.parametrize(
    "change",
    [
        {"cookie": None},  # the address was copied into another browser
        {"host": f"localhost:{PORT}"},
        {"sec-fetch-site": "cross-site"},  # a link in somebody's mail
    ],
)
def test_a_person_who_is_not_let_in_reads_what_to_do(client: DeskClient, change: dict[str, str | None]) -> None:
    good = client.browser_headers() | VISIT | change | {"accept-language": "ar-SY, en;q=0.5"}
    headers = {name: value for name, value in good.items() if value is not None}
    answer = client.send("GET", client.home, headers=headers)
    assert answer.status in (403, 421) and 'dir="rtl"' in answer.text and "archive desk" in answer.words
    assert client.access.path not in answer.text and client.access.cookie not in answer.text and "<script" not in answer.text


@pytest.mark.parametrize("change", [{"host": "evil.example"}, {"sec-fetch-dest": "iframe"}, {"origin": "https://evil.example"}])
def test_a_page_elsewhere_gets_not_even_the_explanation(client: DeskClient, change: dict[str, str]) -> None:
    answer = client.send("GET", client.home, headers=client.browser_headers() | VISIT | {"cookie": ""} | change)
    assert answer.status in (403, 421) and answer.body == b""


def test_the_file_that_the_browser_opens_may_lead_to_the_page_with_the_code(client: DeskClient) -> None:
    """A page at `file:` is another site to a browser: it says `cross-site`."""
    led = {"host": f"127.0.0.1:{PORT}", "sec-fetch-site": "cross-site"} | VISIT
    assert client.send("GET", "/open", headers=led).status == 200
    assert client.send("GET", "/open", headers=led | {"sec-fetch-dest": "iframe"}).status == 403
    assert client.send("GET", client.home, headers=led | {"cookie": client.browser_headers()["cookie"]}).status == 403
    assert client.send("POST", "/open", client.codes.new().encode(), headers=led | {"origin": "null"}).status == 403


@pytest.mark.parametrize(
    "other", ["[x]=\"1", "a b=c", "x", "archive-desk=tossed", "archive-desk=", "x=\xff", "=", ";;", "archive-desk"]
)
@pytest.mark.parametrize("first", [True, False])
def test_what_another_port_puts_into_the_cookie_jar_locks_nobody_out(client: DeskClient, other: str, first: bool) -> None:
    """Cookies know no ports: any page of this machine can set some that reach the desk. (RFC 6265, 8.5)"""
    ours = client.browser_headers()["cookie"]
    cookie = f"{other}; {ours}" if first else f"{ours}; {other}"
    assert client.send("GET", client.home, headers=client.browser_headers() | {"cookie": cookie}).status == 200


def test_what_cannot_be_understood_is_no_fault(client: DeskClient, capfd: pytest.CaptureFixture[str]) -> None:
    answers = [
        client.get("r/none/events"), client.get("r/none/page/x.png"), client.get("r/none/picture/s01.png"),
        client.get("r/none/review?" + "a=1&" * 5000), client.post("open", {f"f{n}": n for n in range(5000)}),
    ]  # fmt: skip
    assert [answer.status for answer in answers] == [404, 404, 404, 413, 413]
    assert "Traceback" not in capfd.readouterr().err
