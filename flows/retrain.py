"""Training outside the process that scores, and what a person does with bundles: train and promote, roll back.

LightGBM aborts its process on some inputs (measured: string columns) and may be killed for memory, so it trains in a
process of its own; one that dies, or finds no memory, leaves the champion as it was, and the night goes on with it. It dies
with the night that started it.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
from concurrent import futures
from concurrent.futures import process as process_pool
from typing import TYPE_CHECKING, Any

import polars as pl

from crawlers import process
from flows import home as home_module
from flows.learning import knowledge
from models import bundle, learner, train
from models.knowledge import seen
from models.promotion import champion, gate
from models.promotion import contest as contests
from warehouse import connect, contracts, errors, load, migrate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    import duckdb

    from flows import settings as settings_module


def in_a_process(
    material: train.Material, *, seed: int, num_threads: int, rounds: int
) -> train.Challenge:
    """``train.challenge`` in a process of its own, where there is anything to train on.

    Raises:
        TrainingDiedError: the process ended without a result, there was no memory for it, or LightGBM refused.
    """
    source, _ = gate.evidence_of(
        matrix=material.matrix, known=material.known, group=material.group
    )
    try:
        if source == "none":
            return train.challenge(
                material, seed=seed, num_threads=num_threads, rounds=rounds
            )
        with futures.ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=process.die_with_parent,
            initargs=(os.getpid(),),
        ) as executor:
            return executor.submit(
                train.challenge,
                material,
                seed=seed,
                num_threads=num_threads,
                rounds=rounds,
            ).result()
    except process_pool.BrokenProcessPool as error:
        message = "the training process ended without a result (killed, out of memory, or a fault in LightGBM)"
        raise train.TrainingDiedError(message) from error
    except MemoryError as error:
        message = "there was not enough memory"
        raise train.TrainingDiedError(message) from error
    except learner.RefusedError as error:
        message = f"LightGBM refused: {error}"
        raise train.TrainingDiedError(message) from error
    except OSError as error:
        message = f"its process could not start ({error.strerror})"
        raise train.TrainingDiedError(message) from error


def train_command(
    settings: settings_module.Settings,
    *,
    author: str,
    now: datetime,
    seed: int,
    wait: bool,
) -> dict[str, Any]:
    """Fit a bundle on what the last night left, gate it, and promote it if it passes; ends a hold after a rollback.

    Args:
        settings: Where the home is.
        author: Who asks.
        now: When; knowledge ends with the last night.
        seed: Of everything that is drawn.
        wait: Wait for a run that is writing.

    Returns:
        ``version``, ``event``, ``gate``; version and event are null when there is nothing to train on.

    Raises:
        InputError: there was no night yet.
    """
    home = settings.home
    with writing(settings, command="train", wait=wait) as connection:
        as_of = last_night(connection)
        known = knowledge.gather(connection, pack_name=settings.pack, as_of=as_of)
        material = seen.material_of(
            known.features,
            known.facts,
            pack=known.pack,
            verdicts=known.verdicts,
            before=known.before,
        )
        found = contests.contest(
            material.data,
            champion=None,
            is_held=False,
            decided_at=material.decided_at,
            pack=known.pack,
            as_of=as_of,
            seed=seed,
            trainer=in_a_process,
            num_threads=2,
            rounds=train.ROUNDS,
        )
        numbers = {**found.gate, "set_aside": material.set_aside}
        if found.challenger is None or found.event is None:
            return {"version": None, "event": None, "gate": numbers}
        bundle.save(found.challenger, home.models)
        _note(
            connection,
            version=found.challenger.version,
            event=found.event,
            author=author,
            now=now,
            gate_numbers=numbers,
        )
        return {
            "version": found.challenger.version,
            "event": found.event,
            "gate": numbers,
        }


def rollback_command(
    settings: settings_module.Settings, *, author: str, now: datetime, wait: bool
) -> dict[str, Any]:
    """Go back to the champion before; nights then train in the shadow until somebody runs ``train``.

    Returns:
        ``rolled_back``, ``champion`` (null: the rules score) and ``refused``: bundles in between that cannot be used, with
        the reason; nights pass over them as well.

    Raises:
        InputError: no champion stands.
    """
    with writing(settings, command="rollback", wait=wait) as connection:
        record = load.read(connection, contracts.BUNDLES)
        stack = champion.standing(record, before=now)
        if not stack:
            message = (
                "No bundle scores: the rules do, so there is nothing to roll back. "
                "See `puppetwatch query 'select distinct model_version from analyst.sellers'`."
            )
            raise errors.InputError(message)
        found, refused = readable(settings.home, stack[1:])
        before = found.version if found is not None else None
        _note(
            connection,
            version=stack[0],
            event=champion.ROLLED_BACK,
            author=author,
            now=now,
            gate_numbers={"why": f"{author} rolled back"},
        )
    return {
        "rolled_back": stack[0],
        "champion": before,
        "refused": [why for _, why in refused],
    }


def readable(
    home: home_module.Home, versions: Iterable[str]
) -> tuple[bundle.Bundle | None, list[tuple[str, str]]]:
    """The first bundle that can be read, null where none can, and those before it with the reason why not."""
    refused: list[tuple[str, str]] = []
    for version in versions:
        try:
            return bundle.load(home.models / version), refused
        except errors.ContractError as error:
            refused.append((version, str(error)))
    return None, refused


@contextlib.contextmanager
def writing(
    settings: settings_module.Settings, *, command: str, wait: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database under the home's lock, migrated.

    Raises:
        InputError: the home holds nothing yet.
        LockHeldError: somebody is writing and ``wait`` is false.
    """
    home = settings.home
    if not home.database.exists():
        message = f"Home {home.root} holds nothing yet. Run `puppetwatch nightly` or name the home with --home."
        raise errors.InputError(message)
    with (
        home_module.Lock(home, command=command, wait=wait),
        connect.open_work(home.database) as connection,
    ):
        migrate.migrate(connection)
        yield connection


def last_night(connection: duckdb.DuckDBPyConnection) -> datetime:
    """The moment of the last published night.

    Raises:
        InputError: there was none.
    """
    row = connection.execute(
        "select max(as_of) from core.runs where state = 'published'"
    ).fetchone()
    if row is None or row[0] is None:
        message = "No night was published here yet, so there is nothing to learn from. Run `puppetwatch nightly` first."
        raise errors.InputError(message)
    found: datetime = row[0]
    return found


def _note(
    connection: duckdb.DuckDBPyConnection,
    *,
    version: str,
    event: str,
    author: str,
    now: datetime,
    gate_numbers: dict[str, Any],
) -> None:
    row = {
        "run_id": f"{event}-{now:%Y%m%dT%H%M%S%f}",
        "version": version,
        "event": event,
        "as_of": now,
        "author": author,
        "gate": json.dumps(gate_numbers, ensure_ascii=False, sort_keys=True),
    }
    load.append(
        connection,
        contracts.BUNDLES,
        pl.DataFrame([row], schema=dict(contracts.BUNDLES.columns)),
    )
