"""`make bench`: every figure beside its peer, in the same run."""

from __future__ import annotations

from tests.benchmarks import fetch_bench, verify_bench, warc_bench, warc_write_bench

for bench in (warc_write_bench, fetch_bench, verify_bench, warc_bench):
    print(f"\n{(bench.__doc__ or bench.__name__).splitlines()[0]}", flush=True)
    bench.run()
