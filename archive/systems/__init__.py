"""What particular sites need, one module each behind one interface (`interface.System`)."""

from archive.systems.interface import System
from archive.systems.page import PlainPage
from archive.urls import Url

SYSTEMS: tuple[System, ...] = (PlainPage(),)
"""Asked in this order which of them claims a URL; the plain page claims what is left."""


def system_for(url: Url) -> System:
    return next(system for system in SYSTEMS if system.claims(url))
