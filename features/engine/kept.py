"""What follows from this code and the packs alone, made once and kept on disk for the processes that come after.

In: a name, what it was made of, and how to make it. Out: what was made, now or by an earlier process. Invariants: what is kept under a
key was made by the same sources, lists and libraries from the same content, or is not used; a missing, damaged or foreign file, a full
disk or a folder that cannot be written costs time and nothing else.

Tables that tell where expressions can match, and parsed packs, take seconds of every start to make and a tenth of a second to load.
They lie where Python keeps its compiled modules (``__pycache__``), or in the user's cache where that cannot be written.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pickle
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")

_FEATURES: Final = Path(__file__).parents[1]
_ENDING: Final = ".kept"
#: Libraries whose objects are kept, or that read words on the way there.
_MADE_WITH: Final = ("numpy", "polars", "OpenCC")


def kept(name: str, content: str, make: Callable[[], Made]) -> Made:
    """What was made before of the same, else what is made now.

    Args:
        name: Of the thing; only the last one of a name is kept.
        content: A digest of what it is made of beside the sources of this package, or nothing.
        make: Makes it; equal at every call with the same sources and content.
    """
    key = hashlib.sha256(f"{_sources()}\0{content}".encode()).hexdigest()[:32]
    with contextlib.suppress(LookupError):
        return cast("Made", load(name, key))
    made = make()
    save(name, key, made)
    return made


def load(name: str, key: str) -> object:
    """What an earlier process saved under a name and a key.

    Raises:
        LookupError: nothing, or nothing that can be used.
    """
    folder = _folder()
    if folder is None:
        raise LookupError(name)
    try:
        path = folder / f"{name}.{key}{_ENDING}"
        # A file of somebody else might run what it likes.
        if path.stat().st_uid == os.getuid():
            return pickle.loads(path.read_bytes())  # noqa: S301 (written below by this user)
    except Exception as error:
        # A damaged pickle may raise anything.
        raise LookupError(name) from error
    raise LookupError(name)


def save(name: str, key: str, made: object) -> None:
    """Keep a thing, in place of all that was kept under its name; where nothing can be written, nothing is."""
    folder = _folder()
    if folder is None:
        return
    path = folder / f"{name}.{key}{_ENDING}"
    with contextlib.suppress(OSError):
        _write(path, pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
        # Also what a process that was killed while writing left.
        for other in folder.glob(f"{name}.*"):
            if other != path:
                other.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


@functools.cache
def _folder() -> Path | None:
    """Where things are kept; None where nothing can be written."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    for folder in (_FEATURES / "__pycache__", Path(home).expanduser() / "puppetwatch"):
        with contextlib.suppress(OSError, RuntimeError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    return None


@functools.cache
def _sources() -> str:
    """A digest of the sources and lists of this package, packs aside, and of what runs them."""
    versions = (sys.version, *map(metadata.version, _MADE_WITH))
    digest = hashlib.sha256("\0".join(versions).encode())
    lists = _FEATURES.glob("*.toml")
    for path in sorted([*_FEATURES.rglob("*.py"), *lists]):
        digest.update(f"\0{path.relative_to(_FEATURES)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
