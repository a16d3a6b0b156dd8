"""Who took a copy of the list, when: one JSON object a line in ``work/access.jsonl``, readable by the owner only.

Invariants: a line is written before the copy is made, by one append, so concurrent exports never mix; lines name no
entry, only the release.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from flows import home as home_module


def note(
    home: home_module.Home, *, action: str, what: str, who: str, now: datetime
) -> None:
    """Log one access.

    Args:
        home: Whose data are accessed; it exists.
        action: What is done, for example ``export``.
        what: Which release, and which formats of it.
        who: The account that does it.
        now: UTC.
    """
    line = json.dumps(
        {"at": now.isoformat(), "action": action, "what": what, "who": who},
        ensure_ascii=False,
    )
    descriptor = os.open(
        home.work / "access.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
    )
    try:
        os.write(descriptor, (line + "\n").encode())
    finally:
        os.close(descriptor)
