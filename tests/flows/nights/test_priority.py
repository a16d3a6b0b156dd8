"""A run gives way; in a process of its own, because only root can take it back."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.nights import priority

PROGRAM = "import os; from flows.nights import priority; print(os.nice({more})); priority.give_way(); print(os.nice(0))"
SESSION = Path("/proc/self/autogroup")
#: What a run leaves its session at: a kernel that does not share among sessions has none to lower, and the run goes on.
LOWERED = priority.NICENESS if SESSION.exists() else 0
TOLD = "session.read_text().split()[-1] if session.exists() else 0"
RUN = [sys.executable, "-c", f"from pathlib import Path; from flows.nights import priority; priority.give_way(); session = Path('{SESSION}'); print({TOLD})"]  # fmt: skip


@pytest.mark.parametrize("more", [0, priority.NICENESS + 3])
def test_a_run_gives_way_and_takes_nothing_back(more):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(more=more)],
        check=True,
        capture_output=True,
        text=True,
    )
    before, after = (int(line) for line in done.stdout.split())
    assert after == max(before, priority.NICENESS)


@pytest.mark.parametrize(
    ("first", "expected"),
    [("", 0), ("priority.give_way();", priority.PUBLISHING)],
)
def test_only_a_run_that_gave_way_gives_way_further(first, expected):
    program = f"import os; from flows.nights import priority; {first} priority.give_way_further(); print(os.nice(0))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # fmt: skip
    assert int(done.stdout) == expected


def session_after(*command):
    """Niceness of the session that a command was started in, as it says itself."""
    done = subprocess.run(
        command, start_new_session=True, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )  # fmt: skip
    return int(done.stdout)


@pytest.mark.parametrize("before", [(), ("/bin/sh", "-c", 'cd . && "$@"; true', "sh")])
def test_a_session_gives_way_as_a_whole_where_it_is_the_runs_own(before):
    assert session_after(*before, *RUN) == LOWERED


@pytest.mark.parametrize(
    "inside",
    [
        f"import subprocess; subprocess.run({RUN}, check=True)",  # below somebody's program
        f"import pty; pty.spawn({RUN})",  # in a terminal
    ],
)
def test_a_session_of_others_keeps_its_priority(inside):
    assert session_after("/bin/sh", "-c", '"$@"; true', "sh", sys.executable, "-c", inside) == 0  # fmt: skip


def test_a_kernel_that_does_not_share_among_sessions_is_no_obstacle():
    program = "import os; from pathlib import Path; from flows.nights import priority; priority._SESSION = Path('/proc/self/none'); priority.give_way(); print(os.nice(0))"
    assert session_after(sys.executable, "-c", program) == priority.NICENESS
