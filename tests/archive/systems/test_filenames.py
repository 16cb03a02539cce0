"""A file keeps its own name for people, and gets a plain one in the bag."""

from __future__ import annotations

import pytest

from archive.http import Head
from archive.systems.filenames import path_in_bag, stated_name
from archive.urls import parse
from archive.workfolder.recorded import Recorded


def said(disposition: str) -> Recorded:
    head = Head("1.1", 200, "OK", (("Content-Disposition", disposition),), True)
    return Recorded(parse("https://a.example/"), "GET", "a", head, None, None, "", "", 0)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=\"x.jpg\"; filename*=UTF-8''%D8%B5%D9%88%D8%B1%D8%A9.jpg", "صورة.jpg"),
        ("attachment; filename*=iso-8859-1'en'%A3.txt; filename=x", "£.txt"),
        ("attachment; filename*=no-such-charset''%41.txt", "A.txt"),
        ('attachment; filename="a \\"quoted\\" name.pdf"', 'a "quoted" name.pdf'),
        ("attachment; filename=plain.pdf", "plain.pdf"),
        ('attachment; filename="' + "صورة".encode().decode("latin-1") + '.jpg"', "صورة.jpg"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\Users\\\\me\\\\a.doc"', "a.doc"),
        ('attachment; filename="gpj.\u202eexe"'.encode().decode("latin-1"), "gpj.exe"),
        ("attachment; filename*=UTF-8''%00%0Aa.txt", "a.txt"),
        ("attachment; filename*=unicode_escape''%5Cud83d.txt", "\\ud83d.txt".rpartition("\\")[2]),
        ("attachment; filename*=idna''a.txt", "a.txt"),
        ("attachment; filename*=rot13''a.txt", "a.txt"),
        ("attachment; filename*=utf-7''%2BAGE-.txt", "+AGE-.txt"),
        ("attachment; filename*=utf-16''%D8%3D.txt", "\ufffd=.txt"),
        ("attachment; filename*=UTF-8''%ED%A0%BD.txt", "\ufffd\ufffd\ufffd.txt"),
        ("attachment; filename*=UTF-8''a%C2%85%E2%80%A8%E2%80%8E%EF%BB%BFb.txt", "ab.txt"),
        ("inline", None),
        ('attachment; filename=""', None),
    ],
)
def test_the_name_that_is_stated(disposition: str, name: str | None) -> None:
    assert stated_name(said(disposition)) == name


@pytest.mark.parametrize(
    ("name", "media_type", "path"),
    [
        ("صورة.JPG", "image/jpeg", "data/media/s01/file.jpg"),
        ("no suffix", "application/pdf", "data/media/s01/file.pdf"),
        (None, "application/x-nobody-knows", "data/media/s01/file.bin"),
        ("a.صورة", "image/png", "data/media/s01/file.png"),
    ],
)
def test_the_name_in_the_bag_is_ascii(name: str | None, media_type: str, path: str) -> None:
    assert path_in_bag("s01", "file", name, media_type) == path
