"""The clock of the command line: the machine's; only the moment of finishing may be set, by SOURCE_DATE_EPOCH."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.capture.run import Clockwork


def clockwork() -> Clockwork:
    """The machine's clock; SOURCE_DATE_EPOCH sets the moment of finishing, so that a bag can be made again alike.

    No capture is ever dated by it: an environment variable must not be able to move evidence in time.
    """
    from archive.capture.run import Clockwork

    stated = os.environ.get("SOURCE_DATE_EPOCH")
    if stated is None:
        return Clockwork()
    try:
        moment = datetime.fromtimestamp(int(stated), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={stated!r}: expected seconds since 1970") from error
    return Clockwork(bagged=lambda: moment)
