"""Annotated posts that weights may be learned from: those of tests/features/corpus/annotated.jsonl.

In: the file (its form is that of ``tests.harness.annotated``). Out: posts as they were annotated, and their writer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PATH = Path(__file__).parents[1] / "features" / "corpus" / "annotated.jsonl"


def posts(path: Path = PATH) -> list[dict[str, Any]]:
    """All posts of a file, but for held-out ones."""
    read = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [post for post in read if post["half"] == "tuning"]


def writer(post: dict[str, Any]) -> str:
    """Who wrote a post: what stands before the number in its id."""
    return str(post["id"].rpartition("-")[0])
