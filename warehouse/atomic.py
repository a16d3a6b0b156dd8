"""Making files and directories appear whole or not at all.

In: finished files under temporary names. Out: the same files under their names, on disk and not only in the cache.

Invariants: whatever has a public name is complete. A name is given by one ``rename``, after the content has reached the
disk, and the directory is written out after the rename.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from typing import TYPE_CHECKING

from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

#: End of the names of what is being built; such things are nobody's and may be removed by the next run.
UNFINISHED = ".unfinished"

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def sync(path: Path) -> None:
    """Write a file, or a directory's list of names, out to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(directory: Path) -> None:
    """Write a directory and all files in it out to the disk."""
    for path in sorted(directory.rglob("*")):
        sync(path)
    sync(directory)


def unfinished(directory: Path, name: str) -> Path:
    """The temporary name for something that will be called ``name``: hidden, in the same directory."""
    return directory / f".{name}{UNFINISHED}"


def remove_unfinished(directory: Path) -> list[str]:
    """Remove what killed runs left half-built in a directory; returns the names, sorted."""
    left = sorted(
        path for path in directory.glob(f".*{UNFINISHED}*") if path.name.startswith(".")
    )
    for path in left:
        remove(path)
    return [path.name for path in left]


def remove(path: Path) -> None:
    """Remove a file, link or whole directory; nothing happens if it is not there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def disk_errors(what: str, directory: Path) -> Iterator[None]:
    """Turn a full or broken disk into a message that says what did not happen.

    Raises:
        ServiceError: the disk is full or cannot be written.
    """
    try:
        yield
    except (_duckdb().IOException, _duckdb().FatalException, OSError) as error:
        first = _first(error)
        if isinstance(first, OSError) and first.errno in _FULL:
            cause = "the disk is full"
        else:
            cause = str(first).splitlines()[0] if str(first) else type(first).__name__
        free = shutil.disk_usage(directory).free >> 20 if directory.is_dir() else 0
        message = (
            f"{what} was not written under {directory}: {cause} ({free} MiB are free after cleaning up). What was visible "
            "before is unchanged. Free some space or check the directory's permissions, and run again."
        )
        raise errors.ServiceError(message) from error


def _first(error: BaseException) -> BaseException:
    """What went wrong first: closing a file on a full disk fails too, and would hide the reason."""
    while isinstance(error.__context__, (_duckdb().Error, OSError)):
        error = error.__context__
    return error


def _duckdb() -> ModuleType:
    """Imported only when something went wrong: most who write a file wait for no database."""
    import duckdb  # noqa: PLC0415

    return duckdb
