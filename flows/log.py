"""Messages and progress for people: stderr only, a bar on a terminal, plain lines elsewhere. Results go to stdout."""

from __future__ import annotations

import logging
import re
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Report(Protocol):
    """Tells how far the work is: ``done`` is the amount so far, not an increment."""

    def __call__(self, done: int, note: str = "") -> None:
        """Show it."""


#: Seconds between two plain progress lines where there is no terminal.
PLAIN_INTERVAL_SECONDS = 5.0


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """A text for a terminal: names and posts are strangers' words, and their control characters are not to be obeyed."""
    return _CONTROL.sub(lambda sign: f"\\x{ord(sign[0]):02x}", text)


def say(message: str) -> None:
    """One line for the person at the other end."""
    sys.stderr.write(visible(message) + "\n")
    sys.stderr.flush()


def configure(*, verbose: bool) -> None:
    """Send our loggers' warnings (or everything, if verbose) to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    for name in ("flows", "crawlers", "features", "models", "warehouse"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO if verbose else logging.WARNING)
        logger.handlers = [handler]
        logger.propagate = False


@contextmanager
def progress(label: str, total: int | None, *, unit: str = "") -> Iterator[Report]:
    """Show how far long work is.

    Args:
        label: What is being done.
        total: The amount of work, null where it cannot be known.
        unit: Named after the numbers of a plain line.

    Yields:
        The report to call as the work goes on.
    """
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=False,
        )
        with bar:
            task = bar.add_task(label, total=total, note="")

            def draw(done: int, note: str = "") -> None:
                bar.update(task, completed=done, note=note)

            yield draw
        return

    last = time.monotonic()

    def report(done: int, note: str = "") -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PLAIN_INTERVAL_SECONDS:
            last = now
            share = (
                f"{100 * done / total:.0f}%" if total else f"{done:,} {unit}".rstrip()
            )
            say(f"{label}: {share} {note}".rstrip())

    yield report
