"""The sites that the loopback internet plays."""

from tests.world.site import Site
from tests.world.sites.coe import CouncilOfEurope
from tests.world.sites.drive import Drive
from tests.world.sites.faselhd import FaselHd
from tests.world.sites.fonts import Fonts
from tests.world.sites.parking import Parking
from tests.world.sites.snhr import Photon, SyrianNetwork
from tests.world.sites.unwebtv import UnWebTv
from tests.world.sites.wayback import Wayback
from tests.world.sites.youtube import YouTube


def all_sites() -> list[Site]:
    """One of each, fresh, in its usual mode."""
    kinds = (SyrianNetwork, Photon, Fonts, YouTube, FaselHd, Parking, CouncilOfEurope, UnWebTv, Drive, Wayback)
    return [kind() for kind in kinds]
