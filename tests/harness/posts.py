"""Posts that weights may be learned from: tests/features/corpus/annotated.jsonl, and spoken.jsonl for who speaks and how.

In: the files (their form is that of ``tests.harness.annotated``; of spoken posts nobody annotated contacts and sums, of the writers ``sixtieth`` and ``sixty_first`` nobody contacts).
Out: posts as they were annotated, and their writer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_CORPUS = Path(__file__).parents[1] / "features" / "corpus"
PATH, SPOKEN = _CORPUS / "annotated.jsonl", _CORPUS / "spoken.jsonl"
#: Posts of writers that nothing may be learned from: to be counted, not to be looked at.
HELD_OUT = _CORPUS / "annotated_held_out.jsonl"


def posts(path: Path = PATH, *, half: str = "tuning") -> list[dict[str, Any]]:
    """The posts of a half in a file."""
    read = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [post for post in read if post["half"] == half]


def voiced() -> list[dict[str, Any]]:
    """All posts whose stance and asserted tropes are known: ``contacts`` and ``amounts`` stand in annotated ones alone."""
    return posts() + posts(SPOKEN)


def writer(post: dict[str, Any]) -> str:
    """Who wrote a post: what stands before the number in its id."""
    return str(post["id"].rpartition("-")[0])
