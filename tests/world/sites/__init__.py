"""The sites that the loopback internet plays."""

from tests.world.site import Site
from tests.world.sites.brightcove import Brightcove
from tests.world.sites.coe import CouncilOfEurope
from tests.world.sites.drive import Drive
from tests.world.sites.faselhd import FaselHd
from tests.world.sites.fonts import Fonts
from tests.world.sites.kaltura import Kaltura
from tests.world.sites.parking import Parking
from tests.world.sites.snhr import Photon, SyrianNetwork
from tests.world.sites.social import Twitter, Walled
from tests.world.sites.streaming import Station
from tests.world.sites.successor import Successor
from tests.world.sites.telegram import Telegram
from tests.world.sites.unwebtv import UnWebTv
from tests.world.sites.vimeo import Vimeo
from tests.world.sites.wayback import Wayback
from tests.world.sites.youtube import VIDEOS, YouTube
from tests.world.sites.youtube_player import GoogleVideo


def all_sites() -> list[Site]:
    """One of each, fresh, in its usual mode: first the pilot's, then what other reports cite."""
    pilot = (SyrianNetwork, Photon, Fonts, YouTube, FaselHd, Parking, CouncilOfEurope, UnWebTv, Drive, Wayback)
    others = (Successor, Kaltura, Brightcove, Station, Telegram, Twitter, Walled, Vimeo)
    return [*(kind() for kind in pilot), GoogleVideo(VIDEOS), *(kind() for kind in others)]
