"""What a long assurance has judged so far, kept between runs of the same commit.

One JSON line per step in ``build/assured/<name>.<commit>.jsonl``, written as the step ends: a run that was stopped goes on
with the first step that is not there or did not hold. Steps are named by the assurance; a later line of a name counts.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commit() -> str:
    """The commit that is checked out, short."""
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


class Journal:
    """The steps of one assurance on the commit that is checked out; a step with an empty ``wrong`` holds."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._path = ROOT / "build" / "assured" / f"{name}.{commit()}.jsonl"
        self.rows: dict[str, dict[str, object]] = {}
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                self.rows[row["step"]] = row

    def holds(self, step: str) -> bool:
        """Whether the step was judged and is as promised."""
        return step in self.rows and not self.rows[step]["wrong"]

    def write(self, step: str, *, wrong: str, **figures: object) -> None:
        """Keep a step's outcome and tell it."""
        row = {"step": step, "wrong": wrong, **figures}
        self.rows[step] = row
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(f"{self._name}: {step}: {wrong or 'holds'} {figures}", flush=True)
