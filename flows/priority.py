"""Who goes first when the processors do not suffice for all: people who read, then the night.

In and out: this process. Analysts query the snapshot while a night runs; a page that takes three times as long costs a person's
time, a night that ends ten minutes later costs nothing.
"""

from __future__ import annotations

import os

#: Niceness of a run: a process at 0 gets three times its share (each step of niceness is a factor of 1.25 in Linux).
NICENESS = 5


def give_way() -> None:
    """Let other processes go first from now on, for this thread and whatever it starts; never the other way round."""
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    if nice < NICENESS:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
