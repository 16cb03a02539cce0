from __future__ import annotations

from pathlib import Path

import pytest

from archive.desk.draft import new_draft, safe_name
from tests.archive.desk.desk_client import DeskClient

REPORT = b"The attack is described in https://a.example/one and at b.example/two.\n"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/etc/shadow", "shadow"),
        ("..", "_"),
        ("", "_"),
        (".hidden.txt", "hidden.txt"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("a\u202egnp.txt", "a_gnp.txt"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("x" * 300 + ".pdf", "x" * 180 + ".pdf"),
        ("\U0001f600" * 300 + ".pdf", "\U0001f600" * 45 + ".pdf"),  # file systems count bytes
        ("تقرير" * 100 + "." + "د" * 100, "تقرير" * 18 + "." + "د" * 20),
        ("a:b?c*.pdf", "a_b_c_.pdf"),
    ],
)
def test_a_name_from_a_browser_is_a_plain_name(given: str, stored: str) -> None:
    assert safe_name(given) == stored


def test_nothing_is_written_outside_the_desks_own_folder(client: DeskClient) -> None:
    before = {place for place in client.root.parent.rglob("*") if not place.is_relative_to(client.root)}
    client.drop("../../../../escaped.txt", REPORT)
    after = {place for place in client.root.parent.rglob("*") if not place.is_relative_to(client.root)}
    assert after == before
    assert [place.name for place in client.root.iterdir()] == [".desk"]


def test_the_same_report_is_one_draft_and_another_one_of_the_same_id_has_its_own(client: DeskClient) -> None:
    first = client.drop("R210517.txt", REPORT)
    assert client.drop("R210517.txt", REPORT) == first
    other = client.drop("R210517.txt", b"Another text, https://c.example/x.\n")
    names = {item.name for item in client.desk.shelf.items()}
    assert other != first and len(names) == 2


def test_a_report_that_cannot_be_read_leaves_nothing(client: DeskClient) -> None:
    answer = client.post("open", {"upload": client.upload("report.pdf", b"%PDF-1.7 broken")})
    assert answer.status == 409 and "report.pdf" in answer.words
    assert client.desk.shelf.items() == []


def test_a_source_manifest_is_a_draft_without_a_report(client: DeskClient, tmp_path: Path) -> None:
    toml = b'[report]\nid = "R1"\n[[source]]\ncited = "https://a.example/"\n'
    client.drop("sources.toml", toml)
    answer = client.get(client.path.removeprefix(client.home))
    assert "https://a.example/" in answer.text and "without its report" in answer.words


def test_a_manifest_that_supplies_files_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "sources.toml"
    given.write_text('[report]\nid = "R1"\n[[source]]\ncited = "https://a.example/"\n'
                     'supplied = [ { path = "x.png", how = "h" } ]\n')  # fmt: skip
    with pytest.raises(Exception, match="supplies files"):
        new_draft(tmp_path, given)


def test_an_upload_is_as_long_as_it_says(client: DeskClient) -> None:
    headers = client.browser_headers("PUT")
    short = client.send("PUT", f"{client.home}upload?name=x.txt", b"abc", headers=headers | {"content-length": "9"})
    long = client.send("PUT", f"{client.home}upload?name=x.txt", b"abcdef", headers=headers | {"content-length": "3"})
    none = client.send("PUT", f"{client.home}upload?name=x.txt", b"", headers=headers | {"content-length": "x"})
    much = client.send("PUT", f"{client.home}upload?name=x.txt", b"", headers=headers | {"content-length": str(1 << 60)})
    assert [answer.status for answer in (short, long, none, much)] == [400, 400, 413, 413]
    assert [place for place in (client.root / ".desk" / "uploads").rglob("*") if place.is_file()] == []


@pytest.mark.parametrize("name", ["outbox", "Outbox", "pictures", "R1.part", "R1.seal", "R1.tar", "R1.tar.gz", "R1.wacz", "con", "NUL.txt"])
def test_a_source_manifest_cannot_take_a_name_that_means_something_else(client: DeskClient, name: str) -> None:
    client.drop("sources.toml", f'[report]\nid = "{name}"\n[[source]]\ncited = "https://a.example/"\n'.encode())
    (item,) = client.desk.shelf.items()
    assert item.name == f"{name.replace('.', '-')}-report"
    assert client.desk.shelf.find(item.id).name == item.name


def test_a_draft_with_links_in_it_is_left_alone(client: DeskClient, tmp_path: Path) -> None:
    client.drop("R1.txt", REPORT)
    (item,) = client.desk.shelf.items()
    assert item.draft is not None
    (tmp_path / "target").write_text("")
    (item.draft.folder / "events.jsonl").symlink_to(tmp_path / "target")  # a run would write there
    assert client.desk.shelf.items() == []
