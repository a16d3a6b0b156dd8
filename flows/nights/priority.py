"""Who goes first when the processors do not suffice for all: people who read, then the night.

In and out: this process, and its session where nobody else works in it. Analysts query the snapshot while a night runs; a page
that takes three times as long costs a person's time, a night that ends ten minutes later costs nothing.

Linux may share the processors among sessions first and by niceness only within each (``autogroup``, on by default in Debian's
kernel): a night of cron, niced to 19, then still takes as much as all that an analyst runs. Two busy processes each in two
sessions had 0.85 and 0.88 s of three seconds, and 0.91 and 0.29 s with the second session at niceness 5.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

#: Niceness of a run: a process at 0 gets three times its share (each step of niceness is a factor of 1.25 in Linux).
NICENESS = 5

#: The same while a run publishes, which reads and writes all that it has: p95 of twenty readers' looks at a snapshot of 1 GB
#: was 1.7 and 1.8 times that of the pause before at niceness 5, and no worse than it at 10 (a ninth of a share) and 19.
#: On a machine with 16 to 23 runnable processes for two cores a publish took 22 to 52 s at 5, 95 s at 10, 166 s at 19.
PUBLISHING = 10

#: ``/autogroup-7 nice 0``; not there where the kernel does not share among sessions.
_SESSION = Path("/proc/self/autogroup")


def give_way() -> None:
    """Let other processes go first from now on, for this thread and whatever it starts; never the other way round."""
    _lower(NICENESS)


def give_way_further() -> None:
    """The same for a run that is about to publish; one that never gave way does not begin now."""
    if os.getpriority(os.PRIO_PROCESS, 0) >= NICENESS:
        _lower(PUBLISHING)


def _lower(niceness: int) -> None:
    if os.getpriority(os.PRIO_PROCESS, 0) < niceness:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
    if _has_session_of_its_own():
        # Best effort: a sandbox may hide the file or keep it from being written.
        with contextlib.suppress(OSError, ValueError):
            if int(_SESSION.read_text(encoding="ascii").split()[-1]) < niceness:
                _SESSION.write_text(str(niceness), encoding="ascii")


def _has_session_of_its_own() -> bool:
    """Whether this run is what its session is for: cron and systemd start it so, or a shell that waits for it.

    A person's terminal is more than the run, and so is a session whose leader is further away.
    """
    if os.getsid(0) not in {os.getpid(), os.getppid()}:
        return False
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return True
    return False
