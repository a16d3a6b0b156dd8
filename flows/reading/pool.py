"""Reading with all processors: slices of documents go to worker processes, their rows come back in order.

In: parts of a long list of documents, each a frame. Out: each part with what ``reading.read_documents`` gives for it, whatever the
number of workers. Invariants: at most two parts are in work, so memory does not grow with the list; a worker that dies
ends the reading with an error that says so; workers die with the process that started them.

Importing this module loads neither polars nor the readers: a worker first says that it wants one thread.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
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

#: Texts that a worker reads before its first slice, with all words of the pack, so that all that is made once is made: tables,
#: imports. The first 2,500 posts took 104 us each without the words, 90 with them.
_PRACTICE: Final = (
    "数字人诚招县代，代理费２万8，三个月回本，加微信 szr_demo_01",
    "今天天气真好",
)

#: Words of the pack in one such text.
_WORDS: Final = 40

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
        pack: The scheme to read for.
        workers: Processes; with one, this process reads.

    Yields:
        Each part with its reading, in order.

    Raises:
        ContractError: a part is not a documents frame.
        PuppetwatchError: a worker died.
    """
    with started(pack, workers) as readers:
        yield from readers.read(parts)


class Readers:
    """Processes that read for one pack; made by ``started``.

    Args:
        pack: The scheme to read for.
        executor: The processes; None where this process reads.
        workers: How many they are.
    """

    def __init__(
        self,
        pack: pack_module.Pack,
        executor: futures.ProcessPoolExecutor | None,
        workers: int,
    ) -> None:
        self._pack, self._executor, self._workers = pack, executor, workers

    def read(
        self, parts: Iterable[pl.DataFrame]
    ) -> Iterator[tuple[pl.DataFrame, reading.Reading]]:
        """As ``read_all``."""
        from features import reading
        from warehouse import contracts

        if self._executor is None:
            for part in parts:
                yield part, reading.read_documents(part, pack=self._pack)
            return
        waiting: deque[tuple[pl.DataFrame, list[futures.Future[reading.Reading]]]] = (
            deque()
        )
        for part in parts:
            contracts.DOCUMENTS.check(part)
            slices = [
                self._executor.submit(_read, one)
                for one in reading.slices(part, among=self._workers)
            ]
            waiting.append((part, slices))
            if len(waiting) > 1:
                yield _collected(*waiting.popleft())
        while waiting:
            yield _collected(*waiting.popleft())


@contextlib.contextmanager
def started(pack: pack_module.Pack, workers: int) -> Iterator[Readers]:
    """Start processes that read, and end them.

    Args:
        pack: The scheme to read for.
        workers: Processes; with one, none is started and this process reads.
    """
    if workers <= 1:
        yield Readers(pack, None, 1)
        return
    executor = futures.ProcessPoolExecutor(
        workers,
        # A fork of a process with threads may hang; polars and Prefect have some.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        # Parsing its tables anew takes each worker two seconds, unpickling them a quarter of one.
        initargs=(pickle.dumps(pack), os.getpid()),
    )
    try:
        yield Readers(pack, executor, workers)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _collected(
    part: pl.DataFrame, slices: list[futures.Future[reading.Reading]]
) -> tuple[pl.DataFrame, reading.Reading]:
    from features import reading

    try:
        readings = [one.result() for one in slices]
    except process_pool.BrokenProcessPool as error:
        message = (
            f"A process that reads posts died while {part.height:,} texts were read; of these nothing was kept, earlier "
            "ones are. Usually the kernel ended it for want of memory: see its log, then run again."
        )
        raise errors.PuppetwatchError(message) from error
    return part, reading.joined(readings)


def _begin(pickled: bytes, parent: int) -> None:
    """Make a worker ready; the pack comes in bytes, because its modules may not be imported before Polars knows its threads."""
    process.die_with_parent(parent)
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    from features import reading
    from features.disguises import spelling
    from features.identifiers import leadins
    from warehouse import contracts

    leadins.LEAD.prepare()
    spelling.TRIGGER.prepare()
    pack = _worker["pack"] = pickle.loads(pickled)  # noqa: S301 (of the process that started this one)
    words = pack.vocabulary.words
    texts = (
        *_PRACTICE,
        *(",".join(words[n : n + _WORDS]) for n in range(0, len(words), _WORDS)),
    )
    practice = pl.DataFrame(
        [(str(n), None, text) for n, text in enumerate(texts)],
        schema=dict(contracts.DOCUMENTS.columns),
        orient="row",
    )
    reading.read_documents(practice, pack=pack)
    # What was made so far stays; reading itself makes many objects and hardly a circle of them, and looking for circles
    # among them took a twelfth of its time (106 us a post without, 115 with). A look after each slice finds the few.
    gc.collect()
    gc.freeze()
    gc.disable()


def _read(part: pl.DataFrame) -> reading.Reading:
    """Read one slice in a worker."""
    from features import reading

    found = reading.read_slice(part, pack=_worker["pack"])
    gc.collect()
    return found
