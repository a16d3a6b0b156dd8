"""Forgetting a seller: the archive, the working database, what waits in the inbox; later the snapshots and the list.

Invariants: what was archived goes first and the database last, so an erasure that is cut off is simply asked for again.
Snapshots and lists that are out already are never changed; the next ones no longer show the seller, and old ones leave by
pruning. The lookup shows its entries no more as soon as the erasure begins.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crawlers import evidence
from crawlers.archive import erasing
from flows import home as home_module
from flows.deciding import inbox
from flows.keeping import archive
from flows.learning import labelling
from flows.service import lookups
from warehouse import atomic, connect, errors, migrate
from warehouse.upkeep import erasure

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb


def forget(
    home: home_module.Home,
    seller_id: str,
    *,
    author: str,
    note: str,
    now: datetime,
    wait: bool = False,
) -> dict[str, Any]:
    """Erase a seller from a home.

    Args:
        home: The home.
        seller_id: ``platform:native``.
        author: Who asks for it.
        note: Why; kept.
        now: UTC.
        wait: Wait for a run that is writing instead of raising.

    Returns:
        ``seller_id``, ``posts``, ``answers`` erased from the archive, ``decisions``: what waited or was set aside in the inbox, ``rows`` by table.

    Raises:
        InputError: no such home, or the id is none of a seller.
        LockHeldError: a run is writing.
        ServiceError: the archive cannot be written.
    """
    platform, _, native = seller_id.partition(":")
    if not platform or not native:
        message = f"Expected a seller id such as douyin:MS4wLjAB, found {seller_id!r}. Nothing was erased."
        raise errors.InputError(message)
    if not home.exists():
        message = f"Home {home.root} holds nothing yet. Name another with --home."
        raise errors.InputError(message)
    with home_module.Lock(home, command="forget", wait=wait):
        with connect.open_work(home.database) as connection:
            migrate.migrate(connection)
            found = erasure.traces(connection, seller_id)
            _hide_entries(connection, home, seller_id, author=author, now=now)
            answers = _erase_answers(connection, home, native, found, now=now)
            rows = erasure.forget_seller(
                connection,
                seller_id,
                author=author,
                note=note,
                forgotten_at=now,
                answer_count=answers,
            )
            connection.execute("checkpoint")
        waiting = _erase_waiting(home, seller_id)
    return {
        "seller_id": seller_id,
        "posts": len(found.post_ids),
        "answers": answers,
        "decisions": waiting,
        "rows": rows,
    }


def _hide_entries(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    seller_id: str,
    *,
    author: str,
    now: datetime,
) -> None:
    """Take the seller's entries, and those of what only it owns, off the lookup until a release without them is out."""
    rows = connection.execute(
        """
        with owned as (
            select kind, value from core.corroborated group by all having bool_and(seller_id = $seller)
        )

        select entry_id from core.watchlist where status = 'active' and entity = 'seller' and value = $seller
        union
        select entry_id from core.watchlist inner join owned on owned.kind = entity and owned.value = watchlist.value
        where status = 'active'
        order by entry_id
        """,
        {"seller": seller_id},
    ).fetchall()
    for (entry_id,) in rows:
        inbox.file_decision(
            home,
            kind="forget",
            target=entry_id,
            verdict=None,
            note="the seller was erased",
            author=author,
            decided_at=now,
        )


def _erase_answers(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    native: str,
    found: erasure.Traces,
    *,
    now: datetime,
) -> int:
    """Take the answers that show the seller or a post of its out of the archive; a row stays as their tombstone."""
    ids = [native, *(post.partition(":")[2] for post in found.post_ids)]
    needles = [each.encode() for each in ids if len(each) >= erasure.SHORTEST_NEEDLE]
    erased = 0
    with atomic.disk_errors("Evidence without the seller", home.evidence):
        for path in archive.files(home):
            try:
                gone = erasing.erase(path, digests=found.digests, needles=needles)
            except evidence.DamagedError as error:
                message = f"{error}. Delete {path} by hand if it may show the seller, then ask again. The database is unchanged."
                raise errors.InputError(message) from error
            if gone:
                connection.execute(
                    "update core.evidence set erased_at = $at where warc_file = $file and list_contains($gone, sha256) and erased_at is null",
                    {"at": now, "file": path.name, "gone": gone},
                )
                erased += len(gone)
    return erased


def _erase_waiting(home: home_module.Home, seller_id: str) -> int:
    """Take what is said of the seller and no release knows yet out of the inbox, and the indexes of past releases away."""
    count = 0
    for path in sorted(home.inbox.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            if path.name.endswith(labelling.SUFFIX):
                count += labelling.without(path, seller_id)
                continue
            said = json.loads(path.read_text(encoding="utf-8"))
            is_about = bool({said.get("target"), said.get("value")} & {seller_id, f"seller:{seller_id}"})  # fmt: skip
        except (*inbox.UNUSABLE, AttributeError):
            # No decision, or none that can be read: set aside already, or by the next night. It must not keep the id.
            is_about = _names(path, seller_id)
        if is_about:
            path.unlink(missing_ok=True)
            count += 1
    lookups.prune(home, keep=1)
    return count


def _names(path: Path, seller_id: str) -> bool:
    """Whether a file's name or bytes hold a seller's id, or its native part where that is long enough to tell."""
    native = seller_id.partition(":")[2]
    texts = {seller_id, *([native] if len(native) >= erasure.SHORTEST_NEEDLE else [])}
    texts |= {json.dumps(text)[1:-1] for text in texts}
    needles = [text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be")]  # fmt: skip
    if any(text in path.name for text in texts):
        return True
    tail = b""
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            if any(needle in tail + piece for needle in needles):
                return True
            tail = piece[-max(map(len, needles)) :]
    return False
