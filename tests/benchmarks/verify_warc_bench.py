"""Complete verification of bags of WARCs beside `bagit.py --validate` and then `warcio check`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.measure import BenchmarkReport, Line, Program, alternating, installed, scaled, show_progress
from tests.benchmarks.sample_files import Crawl, make_crawl, page_body, small_body
from tests.benchmarks.verify_bench import OURS, bagit, ours

_PEER = "bagit.py, then warcio check"
_SMALL, _PAGES = "8x by the clock, 4x of the processor", "3.3x by the clock, 1.8x of the processor"
SHAPES = (
    ("60,000 small records", Crawl(scaled(60_000), 4, small_body), _SMALL),
    ("200,000 small records", Crawl(scaled(200_000), 4, small_body), _SMALL),
    ("8,000 pages of 40 kB", Crawl(scaled(16_000), 4, page_body), _PAGES),
)


def run(report: BenchmarkReport) -> None:
    """The WARCs are written by warcio, as the crawls of others are."""
    for work, crawl, target in SHAPES:
        with tempfile.TemporaryDirectory(prefix="warc-bench-") as folder:
            show_progress(f"making a crawl of {crawl.records:,} records")
            bag = make_crawl(Path(folder) / "bag", crawl)
            warcs = tuple(str(path) for path in sorted((bag / "data").iterdir()))
            check = Program("warcio check", (installed("warcio"), "check", *warcs))
            taken = alternating([ours(bag), bagit(bag), check], bag)
        theirs = taken["bagit.py --validate"].then(taken["warcio check"])
        each = f"{taken[OURS].cpu / crawl.records * 1e6:.1f} µs processor a record"
        report.add("verify_warc", Line(work, taken[OURS], _PEER, theirs, target=target, note=each))
