"""Where the program begins: Ctrl-C before a command runs, or after it ended, ends it in one line.

Nothing has been done then, or nothing is left to do, so the process ends on the spot. What Python itself loads before
this module is not ours to guard; this module loads nothing more, so that it comes first.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` loads enum, which takes longer than all of this
import os

INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    is_ours = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if is_ours:
        _signal.signal(_signal.SIGINT, leave)
    try:
        from archive_cli.main import main as run

        run(prog_name="archive")
    except KeyboardInterrupt:
        leave()
    finally:
        if is_ours:
            _signal.signal(_signal.SIGINT, leave)
        import gc  # late: this module loads nothing more

        gc.freeze()  # what is left ends with the process: looking it through for cycles takes a tenth of a second


def leave(*_signalled: object) -> None:
    """End this process at once; no catalogue of sentences is loaded yet."""
    os.write(2, b"archive: interrupted; run the same command again\n")
    os._exit(INTERRUPTED)
