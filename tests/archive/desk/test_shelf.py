"""The shelf shows what lies in the folder, whatever lies there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.desk import shelf as shelves
from archive.errors import UsageProblem
from tests.archive.desk.desk_client import DeskClient


def made_bag(place: Path) -> Path:
    place.mkdir()
    (place / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    return place


def test_what_cannot_be_read_is_said_so_and_hides_nothing_else(client: DeskClient) -> None:
    client.drop("R1.txt", b"https://a.example/\n")
    client.drop("R2.txt", b"https://b.example/\n")
    broken, sound = client.desk.shelf.items()
    assert broken.draft is not None
    (broken.draft.folder / "lock").mkdir()
    answer = client.get()
    assert answer.status == 200 and answer.words.count("cannot be read") == 1
    assert broken.name in answer.words and sound.name in answer.words


def test_a_folder_that_this_user_may_not_open_hides_nothing_else(client: DeskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("closed", "open"):
        made_bag(client.root / name)
    is_file = Path.is_file

    def refused(place: Path) -> bool:
        if place.parent.name == "closed":
            raise PermissionError(13, "Permission denied", str(place))
        return is_file(place)

    monkeypatch.setattr(shelves.Path, "is_file", refused)
    answer = client.get()
    assert answer.status == 200 and [item.name for item in client.desk.shelf.items()] == ["open"]


def test_names_with_markup_and_signs_that_turn_text_are_shown_as_they_are(client: DeskClient) -> None:
    made_bag(client.root / "<img src=x onerror=alert(1)>")
    made_bag(client.root / "\u202egpj.exe")
    answer = client.get()
    assert answer.status == 200 and "<img" not in answer.text and "\u202e" not in answer.text


@pytest.mark.skipif(os.name != "posix", reason="names of bytes")
def test_a_name_that_is_no_text_is_shown(client: DeskClient) -> None:
    os.mkdir(os.fsencode(client.root) + b"/b\xff")  # noqa: PTH102 -- a name that no `Path` spells
    made_bag(Path(os.fsdecode(os.fsencode(client.root) + b"/b\xff/in")))
    os.rename(os.fsencode(client.root) + b"/b\xff/in", os.fsencode(client.root) + b"/c\xff")  # noqa: PTH104
    assert client.get().status == 200 and len(client.desk.shelf.items()) == 1


def test_the_desks_folder_is_no_link_to_another_place(client: DeskClient, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "uploads").mkdir(parents=True)
    (elsewhere / "uploads" / "precious").write_text("")
    root = tmp_path / "given"
    root.mkdir()
    (root / ".desk").symlink_to(elsewhere)
    with pytest.raises(UsageProblem, match="a link to another place"):
        DeskClient(root)
    assert (elsewhere / "uploads" / "precious").exists() and not (elsewhere / "desk.lock").exists()
