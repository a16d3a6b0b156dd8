"""Benchmarks: ``python -m tests.bench reading|crawling|parsing [--posts N]`` (``make bench``).

Prints the figures and appends them, with date and commit, to docs/bench.json, the history of all runs.
"""

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import crawling, parsing, reading

ROOT = Path(__file__).parents[2]
HISTORY = ROOT / "docs" / "bench.json"


def main(arguments: list[str] | None = None) -> int:
    """Run a benchmark and keep its figures; 0 also where the goal was missed: the machine may have been busy."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=["reading", "crawling", "parsing"])
    parser.add_argument("--posts", type=int, default=100_000, metavar="N")
    parser.add_argument("--pages", type=int, default=20_000, metavar="N")
    parser.add_argument("--workers", type=int, metavar="N")
    parser.add_argument(
        "--no-history", action="store_true", help="print only, keep nothing"
    )
    given = parser.parse_args(arguments)
    if given.name == "crawling":
        figures = crawling.run(given.pages)
    elif given.name == "parsing":
        figures = parsing.run()
    else:
        figures = reading.run(given.posts, workers=given.workers)
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
