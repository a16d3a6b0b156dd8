"""The command line in a process that stays: what many nights would each import and start is imported and started once.

Every command runs whole, from its arguments to its exit code, on a home of its own; commands of one process share its
imports, all share one Prefect API, as an operator's nights do where ``PREFECT_API_URL`` is set.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import io
import multiprocessing
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from flows import home
from tests.harness.homes import orchestrated


@contextlib.contextmanager
def processes(
    scratch: Path, *, count: int = 2
) -> Iterator[concurrent.futures.Executor]:
    """So many processes (two cores) for calls of ``command``; Prefect's data lies in ``scratch``."""
    with (
        orchestrated.api(home.Home(scratch / "prefect")),
        concurrent.futures.ProcessPoolExecutor(
            count,
            # A fork would inherit the threads' locks of Polars and DuckDB.
            mp_context=multiprocessing.get_context("spawn"),
        ) as pool,
    ):
        yield pool


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command in this process; what ``puppetwatch ARGUMENTS`` ends with and prints."""
    from flows import cli  # noqa: PLC0415 (only in the processes that run commands)

    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["puppetwatch", *arguments]
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)  # fmt: skip
    except Exception:  # noqa: BLE001 (as the interpreter ends with what nobody caught)
        err.write(traceback.format_exc())
        code = 1
    finally:
        sys.argv = before
    return subprocess.CompletedProcess(list(arguments), code, out.getvalue(), err.getvalue())  # fmt: skip
