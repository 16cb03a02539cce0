"""A folder of Google Drive: its list without an account, each file in it, and the truth about what is not here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.systems import drive_folder
from archive.systems.drive_folder import Folder, folder_at
from archive.urls import parse
from archive.verify.run import verify
from tests.archive.systems.fetch_sources import Fetched, fetched
from tests.note_texts import text_of
from tests.world import World, media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, file, html, redirect
from tests.world.sites import all_sites, drive

ID, INNER = "1FoLdErOfTheWitnesses00", "1InNeRfOlDeR00000000000"
CITED = f"https://drive.google.com/drive/folders/{ID}?usp=sharing"
LIST = f"https://drive.google.com/embeddedfolderview?id={ID}"
_VIEW = html('<!DOCTYPE html><title>الشهادات - Google Drive</title><div id="drive_main_page"></div><script src="/x.js"></script><noscript>JavaScript must be enabled.</noscript>')


def entry(address: str, title: str) -> str:
    return (
        f'<div class="flip-entry" id="entry-x" tabindex="0" role="link"><div class="flip-entry-info"><a href="{address}" target="_blank">'
        f'<div class="flip-entry-title">{title}</div></a></div></div>'
    )


def listing(*entries: str) -> Reply:
    return html(f'<!DOCTYPE html><title>الشهادات</title><div class="folderview"><div class="flip-entries">{"".join(entries)}</div></div>')


def of_file(number: int) -> str:
    return f"https://drive.google.com/file/d/1File{number:020d}/view?usp=drive_web"


class Folders(drive.Drive):
    """Drive with a folder in it, whose list is `lists`; every file is a picture."""

    def __init__(self, lists: Mapping[str, Page], lost: tuple[int, ...] = ()) -> None:
        super().__init__()
        self._lists, self._lost = lists, lost

    def reply(self, request: Request) -> Reply:
        if request.path.startswith("/drive/folders/"):
            return self._sign_in() if self.mode == "login" else _VIEW
        if request.path == "/embeddedfolderview":
            page = self._lists.get(request.params["id"])
            return html("<h1>404</h1>", 404) if page is None else page if isinstance(page, Reply) else page(request)
        if request.path == "/open":
            return redirect(CITED, 302)
        if request.path == "/uc" and request.params["id"].startswith("1File"):
            number = int(request.params["id"][-20:])
            if number in self._lost:
                return html(drive._QUOTA)
            said = (("Content-Disposition", f"attachment; filename*=UTF-8''{number}.jpg"),)
            return file(picture(number), "image/jpeg", said)
        return super().reply(request)


def picture(number: int) -> bytes:
    return media_bytes.jpeg(f"witness {number}")


def of_folder(tmp_path: Path, lists: Mapping[str, Page], *lost: int, cited: str = CITED, mode: str = "small") -> Fetched:
    site = Folders(lists, lost)
    site.mode = mode
    with World([*[each for each in all_sites() if drive.HOST not in each.hosts], site]) as world:
        return fetched(world, tmp_path, cited, memento=False)


def test_every_file_that_the_list_names_is_fetched(tmp_path: Path) -> None:
    entries = [entry(of_file(number), f"شهادة {number}.jpg") for number in (1, 2)]
    inner = entry(f"https://drive.google.com/drive/folders/{INNER}", "أقدم")
    made = of_folder(tmp_path, {ID: listing(*entries, inner), INNER: listing(entry(of_file(3), "ثالثة.jpg"))})
    assert made.verdict == ("captured", None)
    live = made.copy("live")
    assert live.files == tuple(f"data/media/s01/file-{number:03d}.jpg" for number in (1, 2, 3))
    assert [(made.bag / path).read_bytes() for path in live.files] == [picture(number) for number in (1, 2, 3)]
    assert made.entry.facets.media.present
    assert LIST in made.urls()
    assert [each for each in verify(made.bag).findings if each.severity == "error"] == []


def test_a_file_that_does_not_come_is_named_and_the_others_are_here(tmp_path: Path) -> None:
    made = of_folder(tmp_path, {ID: listing(*(entry(of_file(number), f"{number}.jpg") for number in (1, 2, 3)))}, 2)
    assert made.verdict == ("partial", "media")
    assert len(made.copy("live").files) == 2
    assert "“2.jpg”: Drive gives the file to nobody for now" in text_of(made.entry.detail)


@pytest.mark.parametrize(
    ("lists", "mode", "verdict", "said"),
    [
        ({ID: listing()}, "small", ("partial", "media"), "Drive's list of the folder names no file"),
        ({}, "small", ("partial", "media"), "1FoLdErOfTheWitnesses00: status 404, and no list"),
        ({ID: html("<p>Sign in to continue")}, "small", ("partial", "media"), "1FoLdErOfTheWitnesses00: status 200, and no list"),
        ({ID: listing(entry("https://evil.example/x", "link"))}, "small", ("partial", "media"), "leads out of Drive"),
        ({ID: listing(entry("file:///etc/passwd", "x"))}, "small", ("partial", "media"), "names no file"),
        ({}, "login", ("blocked", "login"), "accounts.google.com"),
    ],
)
def test_a_folder_whose_files_are_not_here_says_why(
    tmp_path: Path, lists: Mapping[str, Page], mode: str, verdict: tuple[str, str], said: str
) -> None:
    made = of_folder(tmp_path, lists, mode=mode)
    assert made.verdict == verdict
    assert said in text_of(made.entry.detail)
    assert not (made.bag / "data/media").exists()
    assert {url.split("/")[2] for url in made.urls()} <= {drive.HOST, drive.ACCOUNTS}


def test_folders_that_hold_each_other_end(tmp_path: Path) -> None:
    round_about = listing(entry(f"/drive/folders/{ID}", "up"), entry(f"/drive/folders/{INNER}", "self"), entry(of_file(1), "1"))
    made = of_folder(tmp_path, {ID: round_about, INNER: round_about})
    assert len([url for url in made.urls() if "embeddedfolderview" in url]) == 2


def test_a_folder_of_too_many_files_is_fetched_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive_folder, "FILES_AT_MOST", 3)
    made = of_folder(tmp_path, {ID: listing(*(entry(of_file(number), str(number)) for number in range(9)))})
    assert made.verdict == ("partial", "policy")
    assert len(made.copy("live").files) == 3
    assert "more than the 3 files" in text_of(made.entry.detail)


def test_an_address_that_opens_a_folder_is_followed_to_it(tmp_path: Path) -> None:
    lists = {ID: listing(entry(of_file(1), "1.jpg"))}
    made = of_folder(tmp_path, lists, cited=f"https://drive.google.com/open?id={ID}")
    assert made.verdict == ("captured", None)
    assert len(made.copy("live").files) == 1


@pytest.mark.parametrize(
    ("address", "folder"),
    [
        (CITED, Folder(ID)),
        (f"https://drive.google.com/drive/u/0/folders/{ID}?resourcekey=0-AbC_d", Folder(ID, "0-AbC_d")),
        (f"https://drive.google.com/folderview?id={ID}#list", Folder(ID)),
        (f"https://drive.google.com/a/snhr.org/drive/folders/{ID}", Folder(ID)),
        ("https://drive.google.com/drive/my-drive", None),
        (f"https://drive.example/drive/folders/{ID}", None),
    ],
)
def test_what_an_address_names(address: str, folder: Folder | None) -> None:
    assert folder_at(parse(address)) == folder


def test_the_key_of_an_old_folder_goes_along() -> None:
    assert Folder(ID, "0-AbC").listing.href == f"{LIST}&resourcekey=0-AbC"
