"""A place in an object store, named by its URL. It has the attributes of a path that opening a bag uses."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from msgspec import Struct

from archive.errors import UsageProblem

SCHEMES = ("s3", "gs", "az", "https", "http")
"""`http` is for stores on loopback."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class StorePlace(Struct, frozen=True):
    """An object, or a prefix that is a folder to people."""

    scheme: str
    container: str
    """The bucket; of `az` account and container; of `https` the host with its port."""
    key: str
    """Without slashes at its ends."""

    @classmethod
    def parse(cls, url: str) -> StorePlace:
        """Read `s3://bucket/prefix` and the like. Raises `UsageProblem`."""
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            known = ", ".join(f"{each}://" for each in SCHEMES[:-1])
            raise UsageProblem(f"{url}: not a place in a store; expected {known}")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise UsageProblem(
                f"{parts.scheme}://{parts.hostname}: a URL with credentials, a query or a fragment is not taken;"
                " credentials come from the provider's usual places"
            )
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise UsageProblem(f"{url}: http:// is for stores on this machine; use https://")
        return cls(parts.scheme, parts.netloc, unquote(parts.path).strip("/"))

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2] or self.container

    @property
    def suffix(self) -> str:
        dot = self.name.rfind(".")
        return self.name[dot:] if 0 < dot < len(self.name) - 1 else ""

    @property
    def store_url(self) -> str:
        """The URL of the whole store."""
        return f"{self.scheme}://{self.container}"

    def absolute(self) -> StorePlace:
        return self

    def with_name(self, name: str) -> StorePlace:
        folder = self.key.rpartition("/")[0]
        return StorePlace(self.scheme, self.container, f"{folder}/{name}" if folder else name)

    def below(self, path: str) -> StorePlace:
        return StorePlace(self.scheme, self.container, f"{self.key}/{path}" if self.key else path)

    def __str__(self) -> str:
        return f"{self.store_url}/{self.key}"


def is_store_url(place: object) -> bool:
    """True for a URL of a scheme that is read here."""
    scheme, mark, _ = str(place).partition("://")
    return bool(mark) and scheme in SCHEMES
