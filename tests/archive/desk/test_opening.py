from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest

from archive.desk.another_link import fulfilling_wishes, wish_for_link
from archive.desk.gate import COOKIE, Access
from archive.desk.opening import SECONDS, Codes, link, write_redirect
from archive.errors import InUse
from tests.archive.desk.desk_client import HOST, ORIGIN, DeskClient

FRESH = {"host": HOST, "sec-fetch-site": "same-origin", "origin": ORIGIN}


def test_the_code_of_the_link_lets_one_browser_in_once(client: DeskClient) -> None:
    code = client.codes.new().encode()
    first = client.send("POST", "/open", code, headers=FRESH)
    again = client.send("POST", "/open", code, headers=FRESH)
    assert (first.status, again.status) == (200, 403)
    cookie = first.header("set-cookie") or ""
    assert cookie == f"{COOKIE}={client.access.cookie}; Path={client.home}; HttpOnly; SameSite=Strict"
    assert again.header("set-cookie") is None


def test_looking_at_the_link_uses_nothing_up(client: DeskClient) -> None:
    code = client.codes.new()
    for _ in range(3):
        page = client.send("GET", "/open", headers={"host": HOST})
        assert page.status == 200 and client.access.path not in page.text
    assert client.send("POST", "/open", code.encode(), headers=FRESH).status == 200


@pytest.mark.parametrize("change", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}])
def test_another_page_cannot_use_a_code(client: DeskClient, change: dict[str, str]) -> None:
    code = client.codes.new().encode()
    assert client.send("POST", "/open", code, headers=FRESH | change).status == 403
    assert client.send("POST", "/open", code, headers=FRESH).status == 200


def test_a_code_ends_after_five_minutes_and_guessing_ends_all() -> None:
    now = [0.0]
    codes = Codes(clock=lambda: now[0])
    code = codes.new()
    now[0] = SECONDS + 1
    assert not codes.use(code)
    late = codes.new()
    assert not any(codes.use(f"guess {number}") for number in range(60))
    assert not codes.use(late)


def test_a_second_command_gets_a_link_of_the_desk_that_is_open(tmp_path: Path) -> None:
    (tmp_path / ".desk").mkdir()
    access, codes, places = Access(4000), Codes(), []

    def new_link(place: Path) -> None:
        places.append(place)
        write_redirect(place, link(access, codes.new()))

    with fulfilling_wishes(tmp_path, new_link):
        address, place = wish_for_link(tmp_path)
    assert (places, place.name) == ([place], "open.html")
    assert codes.use(address.partition("#")[2]) and address.startswith("http://127.0.0.1:4000/open#")
    assert not (tmp_path / ".desk/link-wanted").exists()
    with pytest.raises(InUse, match="does not respond"):
        wish_for_link(tmp_path, patience=0.0)
    assert not (tmp_path / ".desk/link-wanted").exists()


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
def test_the_file_that_leads_there_is_for_this_user_alone(tmp_path: Path) -> None:
    place, access = tmp_path / "open.html", Access(4000)
    write_redirect(place, link(access, "CODE&x"))
    assert place.stat().st_mode & 0o777 == 0o600
    stated = re.search(r"url=([^\"]+)", place.read_text())
    assert stated is not None and html.unescape(stated[1]) == "http://127.0.0.1:4000/open#CODE&x"
    assert access.path not in place.read_text() and access.cookie not in place.read_text()
