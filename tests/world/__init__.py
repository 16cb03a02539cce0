"""The loopback internet that tests and the demonstration run against."""

from tests.world.world import Seen, World

__all__ = ["Seen", "World"]
