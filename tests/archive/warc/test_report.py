"""What is said of a WARC that was read, beside what its writer and another indexer say of it."""

from __future__ import annotations

import json
from pathlib import Path

from cdxj_indexer.main import CDXJIndexer

from archive.warc.report import index_of, record_lines
from tests.archive.warc.warc_bytes import ANSWER, BODY, PATH, member, record, scan, sha256, sound, uuid, zipped


def test_the_lines_say_of_each_record_where_it_lies_and_what_it_is() -> None:
    info, question, answer, note = record_lines(scan(zipped(sound())))
    assert [line.type for line in (info, question, answer, note)] == ["warcinfo", "request", "response", "metadata"]
    stored = member(sound()[2])
    assert (answer.file, answer.offset, answer.length, answer.sha256) == (
        PATH.text,
        len(zipped(sound()[:2])),
        len(stored),
        sha256(stored),
    )
    assert (answer.id, answer.uri, answer.http_status) == (uuid(2), "https://sn4hr.org/a", 200)
    assert (answer.mime, answer.payload_sha256) == ("text/html", sha256(BODY))
    assert (info.mime, info.payload_sha256, info.uri) == (None, None, None)


def test_the_index_of_a_foreign_file_is_the_one_that_cdxj_indexer_makes_digests_aside(tmp_path: Path) -> None:
    image = record("resource", 7, b"png", Content_Type="image/png", WARC_Target_URI="https://sn4hr.org/a.png")
    data = zipped([record("response", 2, ANSWER, WARC_Payload_Digest=f"sha256:{sha256(BODY)}"), image])
    (tmp_path / "s01.warc.gz").write_bytes(data)
    theirs = tmp_path / "index.cdx"
    CDXJIndexer(str(theirs), [str(tmp_path / "s01.warc.gz")], sort=True).process_all()
    assert without_digests(index_of([scan(data)])) == without_digests(theirs.read_text())


def without_digests(index: str) -> list[tuple[str, str, dict[str, str]]]:
    lines = []
    for line in index.splitlines():
        key, moment, fields = line.split(" ", 2)
        lines.append((key, moment, {name: value for name, value in json.loads(fields).items() if name != "digest"}))
    return lines
