"""What a profile's fields are filled with where the organisation does not say: facts of the bag, closed values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from archive.bag.interface import Bag
from archive.errors import BagUnreadable, StatementError
from archive_manifests import ledger as ledgers
from archive_manifests.datapackage import title_of
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.profiles import Field
from archive_manifests.tags import BagInfo

_LEDGER = BagPath("data/sources.json")
_LIMIT = 64 << 20
_LANGUAGES = (
    *(("ar", "ara"), ("de", "ger"), ("en", "eng"), ("es", "spa"), ("fa", "per"), ("fr", "fre"), ("he", "heb")),
    *(("ku", "kur"), ("my", "bur"), ("pt", "por"), ("ru", "rus"), ("so", "som"), ("sw", "swa"), ("tr", "tur")),
    *(("uk", "ukr"), ("ur", "urd"), ("zh", "chi")),
)
"""ISO 639-1 -> ISO 639-2/B, for the languages that reports are mostly written in. (id.loc.gov)"""


@dataclass(frozen=True, slots=True)
class Filling:
    """The facts of one bag."""

    name: str
    info: BagInfo | None
    ledger: Ledger | None
    octets: int
    files: int
    today: date
    """For a bag that does not say when it was made: its version is made today."""

    def of(self, wanted: Field) -> str | None:
        """The value for one field, None where the bag does not say either."""
        if wanted.closed is not None:
            return wanted.closed
        return self._fact(wanted.fill) if wanted.fill else None

    def _fact(self, fill: str) -> str | None:
        stated = self.ledger.report.stated if self.ledger else None
        started, ended = (self.ledger.started[:10], self.ledger.ended[:10]) if self.ledger else (None, None)
        facts = {
            "title": title_of(self.ledger) if self.ledger else self._own("External-Description") or self.name,
            "description": self._own("External-Description") or f"The bag {self.name}",
            "identifier": self._own("External-Identifier"),
            "date": self._own("Bagging-Date") or self.today.isoformat(),
            "size": self._own("Bag-Size") or f"{self.octets} bytes",
            "oxum": f"{self.octets}.{self.files}",
            "report": stated.id if stated else self.name,
            "started": started,
            "ended": ended,
            "language": _language(stated.language if stated else None),
            "restrictions": stated.access if stated else self._own("Access") or "restricted",
        }
        value = facts[fill]
        return " ".join(value.split()) if value else None

    def _own(self, label: str) -> str | None:
        values = self.info.values(label) if self.info else ()
        return values[0] if values else None


def _language(tag: str | None) -> str | None:
    code = dict(_LANGUAGES).get((tag or "").partition("-")[0].lower())
    return f"http://id.loc.gov/vocabulary/iso639-2/{code}" if code else None


def read_ledger(bag: Bag) -> Ledger | None:
    """The ledger of a bag of ours, None where there is none that can be read."""
    try:
        with bag.open(_LEDGER) as stream:
            return ledgers.from_json(stream.read(_LIMIT))
    except (BagUnreadable, StatementError):
        return None
