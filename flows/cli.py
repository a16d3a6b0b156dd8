"""The entry point of the command line; the commands are in ``flows.commands``.

Messages go to stderr, results to stdout. Exit codes are CONTRACT §2's: 0 done, 1 our fault, 2 the caller's input, 3 an
outside service, 4 stopped by a quality minimum or a lock, 5 published with red sources.
"""

from __future__ import annotations

import sys

from flows import log
from flows.commands import (  # noqa: F401  (importing them registers them)
    benching,
    collecting,
    deciding,
    frame,
    keeping,
    learning,
    looking,
    nights,
    reading,
    serving,
)
from warehouse import errors


def main() -> None:
    """Run a command: errors made for people become one message and their exit code."""
    try:
        frame.app()
    except errors.PuppetwatchError as error:
        log.say(f"puppetwatch: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
