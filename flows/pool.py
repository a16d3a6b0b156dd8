"""Reading with all processors: slices of documents go to worker processes, their rows come back in order.

In: parts of a long list of documents, each a frame. Out: each part with what ``reading.read_documents`` gives for it, whatever the
number of workers. Invariants: at most two parts are in work, so memory does not grow with the list; a worker that dies
ends the reading with an error that says so; workers die with the process that started them.

Importing this module loads neither polars nor the readers: a worker first says that it wants one thread.
"""

from __future__ import annotations

import contextlib
import gc
import io
import multiprocessing
import os
from collections import deque
from concurrent import futures
from concurrent.futures import process as process_pool
from typing import TYPE_CHECKING, Final

from crawlers import process
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from features import pack as pack_module
    from features import reading

#: Below this number of documents starting workers takes longer than reading.
WORTH: Final = 10_000
_FRAMES: Final = ("signals", "amounts", "contacts", "stances")

#: Objects made before the interpreter looks for unused circles of them. Reading makes many objects and no circles; by
#: default looking for them took about a twentieth of its time (best of 5: 305 us a post, 291 us with this).
_GARBAGE: Final = 200_000

#: What a worker keeps between slices.
_worker: dict[str, pack_module.Pack] = {}


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def read_all(
    parts: Iterable[pl.DataFrame], *, pack: pack_module.Pack, workers: int
) -> Iterator[tuple[pl.DataFrame, reading.Reading]]:
    """Read parts of a list of documents.

    Args:
        parts: contracts.DOCUMENTS each.
        pack: The scheme to read for; one that ``pack.load_pack`` finds by its name.
        workers: Processes; with one, this process reads.

    Yields:
        Each part with its reading, in order.

    Raises:
        PuppetwatchError: a worker died.
    """
    from features import reading

    if workers <= 1:
        for part in parts:
            yield part, reading.read_documents(part, pack=pack)
        return
    with _started(pack.name, workers) as executor:
        waiting: deque[tuple[pl.DataFrame, list[futures.Future[list[bytes]]]]] = deque()
        for part in parts:
            slices = [
                executor.submit(_read, pack.version, _packed(one))
                for one in reading.slices(part)
            ]
            waiting.append((part, slices))
            if len(waiting) > 1:
                yield _collected(*waiting.popleft())
        while waiting:
            yield _collected(*waiting.popleft())


@contextlib.contextmanager
def _started(name: str, workers: int) -> Iterator[futures.ProcessPoolExecutor]:
    executor = futures.ProcessPoolExecutor(
        workers,
        # A fork of a process with threads may hang; polars and Prefect have some.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(name, os.getpid()),
    )
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _collected(
    part: pl.DataFrame, slices: list[futures.Future[list[bytes]]]
) -> tuple[pl.DataFrame, reading.Reading]:
    import polars as pl

    from features import reading

    try:
        answers = [one.result() for one in slices]
    except process_pool.BrokenProcessPool as error:
        message = (
            f"A process that reads posts died while {part.height:,} texts were read; of these nothing was kept, earlier "
            "ones are. Usually the kernel ended it for want of memory: see its log, then run again."
        )
        raise errors.PuppetwatchError(message) from error
    return part, reading.joined(
        [
            reading.Reading(
                **{
                    name: pl.read_ipc(io.BytesIO(packed))
                    for name, packed in zip(_FRAMES, answer, strict=True)
                }
            )
            for answer in answers
        ]
    )


def _packed(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_ipc(target)
    return target.getvalue()


def _begin(name: str, parent: int) -> None:
    """Make a worker ready."""
    process.die_with_parent(parent)
    os.environ["POLARS_MAX_THREADS"] = "1"
    gc.set_threshold(_GARBAGE, 50, 50)
    from features import pack as pack_module

    _worker["pack"] = pack_module.load_pack(name)


def _read(version: str, packed: bytes) -> list[bytes]:
    """Read one slice in a worker."""
    import polars as pl

    from features import reading

    pack = _worker["pack"]
    if pack.version != version:
        message = f"Pack {pack.name} changed while posts were read: version {pack.version}, expected {version}. Run again."
        raise errors.ContractError(message)
    found = reading.read_documents(pl.read_ipc(io.BytesIO(packed)), pack=pack)
    return [_packed(getattr(found, name)) for name in _FRAMES]
