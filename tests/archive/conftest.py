"""Chains of certificates, made once: keys of 2048 bits take their time."""

from __future__ import annotations

import pytest

from tests.world.time_authority import Chain, make_chain


@pytest.fixture(scope="session")
def chain() -> Chain:
    """The authority that the reader trusts."""
    return make_chain("ec", "Loopback Time")


@pytest.fixture(scope="session")
def other_chain() -> Chain:
    """An authority with the very same names, and other keys."""
    return make_chain("ec", "Loopback Time")


@pytest.fixture(scope="session")
def rsa_chain() -> Chain:
    return make_chain("rsa", "Loopback Time RSA")
