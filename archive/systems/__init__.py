"""What particular sites need, one module each behind one interface (`archive.capture.visit.System`)."""

from archive.capture.page import PlainPage
from archive.capture.visit import System, Visit, VisitOutcome
from archive.systems import video
from archive.systems.google_drive import GoogleDrive
from archive.systems.telegram import Telegram
from archive.systems.twitter import Twitter
from archive.systems.unwebtv import UnWebTv
from archive.systems.walled import UnlicensedVideoSite, Walled
from archive.urls import Url

SYSTEMS: tuple[System, ...] = (
    GoogleDrive(),
    UnWebTv(),
    Telegram(),
    Twitter(),
    Walled(),
    UnlicensedVideoSite(),
    PlainPage(),
)
"""In this order: the first that claims a URL captures it; the plain page claims every URL."""


def system_for(url: Url) -> System:
    return next(system for system in SYSTEMS if system.claims(url))


def capture(visit: Visit) -> VisitOutcome:
    """Capture a source by the system that claims it, and the videos that it shows."""
    outcome = system_for(visit.url).capture(visit)
    video.add_videos(visit, outcome)
    return outcome
