"""A run gives way; in a process of its own, because only root can take it back."""

import subprocess
import sys

import pytest

from flows import priority

PROGRAM = "import os; from flows import priority; print(os.nice({more})); priority.give_way(); print(os.nice(0))"


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
