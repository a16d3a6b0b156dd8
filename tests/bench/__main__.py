"""Benchmarks: ``python -m tests.bench NAME [--posts N] [--entries N] [--sellers N] [--pages N]`` (``make bench``).

Prints the figures and appends them, with date and commit, to docs/bench.json, the history of all runs.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import crawling, graph, lookup, nights, parsing, reading, templates

ROOT = Path(__file__).parents[2]
HISTORY = ROOT / "docs" / "bench.json"

#: Name → what runs it with the arguments given.
BENCHES: dict[str, Callable[[argparse.Namespace], dict[str, object]]] = {
    "reading": lambda given: reading.run(given.posts, workers=given.workers),
    "lookup": lambda given: lookup.run(given.entries),
    "templates": lambda given: templates.run(given.posts),
    "graph": lambda given: graph.run(given.sellers),
    "parsing": lambda _: parsing.run(),
    "nights": lambda given: nights.run(given.posts),
    "crawling": lambda given: crawling.run(given.pages),
}


def main(arguments: list[str] | None = None) -> int:
    """Run a benchmark and keep its figures; 0 also where the goal was missed: the machine may have been busy."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=list(BENCHES))
    parser.add_argument("--posts", type=int, default=100_000, metavar="N")
    parser.add_argument("--entries", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--sellers", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--pages", type=int, default=20_000, metavar="N")
    parser.add_argument("--workers", type=int, metavar="N")
    parser.add_argument(
        "--no-history", action="store_true", help="print only, keep nothing"
    )
    given = parser.parse_args(arguments)
    figures = BENCHES[given.name](given)
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):40} {value}")
    if not given.no_history:
        history = (
            json.loads(HISTORY.read_text(encoding="utf-8")) if HISTORY.exists() else []
        )
        history.append(
            {
                "bench": given.name,
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "commit": _commit(),
                **figures,
            }
        )
        HISTORY.write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
    return 0


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
