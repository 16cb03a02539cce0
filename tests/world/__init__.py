"""The loopback internet that tests and the demonstration run against.

`World` serves whole sites (`sites/`) for whole runs; `pilot` states the verdicts on them; `failures` and `walls`
make any host fail, `failing_host` has a host for each failure with its verdict; `faulty` breaks HTTP byte by byte
(`cases/`); `proxies` stand in between. `demo` shows the main job.
"""

from tests.world.world import Seen, World

__all__ = ["Seen", "World"]
