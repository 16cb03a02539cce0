"""The loopback internet that tests and the demonstration run against.

`World` plays whole sites (`sites/`) for whole runs; `pilot` says what a reader must find on them; `failures`, `walls`
make any host fail, `troubles` has each failure on a host of its own with its verdict; `faulty` misbehaves byte by byte
(`cases/`); `proxies` stand in between. `demo` shows the main job.
"""

from tests.world.world import Seen, World

__all__ = ["Seen", "World"]
