"""What a records log and an index say of a WARC that was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.warc.report import WarcReport
from archive_manifests.cdxj import index_cdx
from archive_manifests.records import RecordLine


def record_lines(report: WarcReport) -> Iterator[RecordLine]:
    """The lines of a records log about one WARC, in file order.

    The digest of the stored member is empty where the records' own digests are none in SHA-256, and length and digest
    where a member holds several records: such a file can be indexed, and cannot be logged.
    """
    for record in report.records():
        is_answer = record.type == "response"
        yield RecordLine(
            file=report.path.text,
            offset=record.offset,
            length=record.length,
            sha256=record.sha256,
            id=record.id,
            type=record.type,
            uri=record.uri,
            date=record.date,
            http_status=record.http_status,
            mime=record.mime if is_answer else record.content_type if record.type == "resource" else None,
            payload_sha256=record.payload_sha256 if is_answer else None,
            truncated=record.truncated,
        )


def index_of(reports: Iterable[WarcReport]) -> str:
    """The index of WARCs that nobody has logged, such as those that a person supplied."""
    return index_cdx(line for report in reports for line in record_lines(report))
