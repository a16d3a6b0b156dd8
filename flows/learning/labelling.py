"""Labels in and out: lists of others that teach, and what has been decided here, as CSV, JSON Lines or Parquet.

An imported list is filed in the inbox as one file and applied by the next run, so importing is safe while a run writes.
Labels teach and move their own seller's score; they list nobody and decide no case, and a reviewer's verdict beats them.
"""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import polars as pl

from flows import home as home_module
from flows.deciding import inbox
from flows.looking import explanation
from models import labels
from warehouse import contracts, errors

if TYPE_CHECKING:
    from pathlib import Path

#: Names that the columns of a list may have, the promised one first.
COLUMNS = {
    "target": ("target", "seller_id", "id"),
    "verdict": ("verdict", "label"),
    "source": ("source", "author", "by"),
    "note": ("note", "reason"),
    "decided_at": ("decided_at", "date", "time"),
}
#: Words for verdicts in lists of others.
WORDS = {
    "fraud": "fraud", "scam": "fraud", "1": "fraud", "1.0": "fraud", "true": "fraud",
    "benign": "benign", "honest": "benign", "0": "benign", "0.0": "benign", "false": "benign",
    "unsure": "unsure", "unknown": "unsure",
}  # fmt: skip
_SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
#: End of the names of lists that wait in the inbox.
SUFFIX = ".labels.jsonl"


def import_labels(
    home: home_module.Home, path: Path, *, source: str | None, now: datetime
) -> dict[str, int]:
    """File a list of labels for the next night.

    Args:
        home: Whose inbox.
        path: CSV, JSONL or Parquet by its suffix, with ``target`` and ``verdict`` and optionally ``source``, ``note``,
            ``decided_at`` (ISO 8601 or a native time; without an offset Asia/Shanghai; missing: now).
        source: Name of the list where its rows name none; null takes the file's name.
        now: When it is imported.

    Returns:
        ``read``, ``filed``, and how many say ``fraud``, ``benign`` and ``unsure``.

    Raises:
        InputError: no such home or file, a column is missing, or a row cannot be understood; nothing was filed then.
    """
    if not home.exists():
        message = f"Home {home.root} holds nothing yet. Run `puppetwatch nightly` or name the home with --home."
        raise errors.InputError(message)
    rows = [
        _label(row, place, path, source or path.stem, now)
        for place, row in enumerate(_table(path).iter_rows(named=True), start=1)
    ]
    text = "".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows
    )
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    home_module.write_atomically(
        home.inbox / f"{now:%Y%m%dT%H%M%S%f}-{digest}{SUFFIX}", text, mode=0o600
    )
    told = {"read": len(rows), "filed": len(rows)}
    for verdict in inbox.VERDICTS:
        told[verdict] = sum(row["verdict"] == verdict for row in rows)
    return told


def read_labels(
    path: Path, *, now: datetime, source: str | None = None
) -> pl.DataFrame:
    """A list of labels as contracts.LABELS.

    Raises:
        InputError: as ``import_labels``.
    """
    rows: list[dict[str, Any]] = [
        {**_label(row, place, path, source or path.stem, now)}
        for place, row in enumerate(_table(path).iter_rows(named=True), start=1)
    ]
    for row in rows:
        row["decided_at"] = datetime.fromisoformat(row["decided_at"])
    return pl.DataFrame(rows, schema=dict(contracts.LABELS.columns))


def pending(
    home: home_module.Home,
) -> tuple[list[Path], pl.DataFrame, list[tuple[Path, Exception]]]:
    """Lists that wait in the inbox.

    Returns:
        The files, their labels as contracts.LABELS (each once), and files that cannot be used, with the reason; nothing
        is moved.
    """
    paths: list[Path] = []
    bad: list[tuple[Path, Exception]] = []
    rows: list[dict[str, Any]] = []
    for path in sorted(home.inbox.glob(f"*{SUFFIX}")):
        try:
            found = [_filed(line) for line in path.read_text(encoding="utf-8").splitlines()]  # fmt: skip
        except FileNotFoundError:
            continue  # a run applied it in between
        except inbox.UNUSABLE as error:
            bad.append((path, error))
            continue
        paths.append(path)
        rows += found
    frame = pl.DataFrame(rows, schema=dict(contracts.LABELS.columns))
    return paths, frame.unique("label_id", keep="first", maintain_order=True), bad


def without(path: Path, seller_id: str) -> int:
    """Take an erased seller out of a list that waits; returns how many labels it had there.

    Raises:
        ValueError, KeyError, OSError: it is no such list.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if _filed(line)["target"] != seller_id]
    if kept and len(kept) < len(lines):
        home_module.write_atomically(path, "".join(f"{line}\n" for line in kept), mode=0o600)  # fmt: skip
    elif not kept:
        path.unlink()
    return len(lines) - len(kept)


def export_labels(home: home_module.Home, path: Path) -> int:
    """Write the words that hold, of reviewers and lists, in the shape that ``import_labels`` reads.

    Args:
        home: Whose snapshot and database.
        path: CSV, JSONL or Parquet by its suffix.

    Returns:
        Number of rows: one per target, sorted.

    Raises:
        InputError: there is no published night, or the suffix is none of the three.
    """
    verdicts = _frame(
        explanation.query(home, "select * from analyst.verdicts"), contracts.VERDICTS
    )
    imported = _imported(home)
    newest = pl.concat(
        [
            verdicts.select("target", "decided_at", "note", order="verdict_id"),
            imported.select("target", "decided_at", "note", order="label_id"),
        ]
    )
    frame = (
        labels.combined(verdicts, imported, as_of=datetime.max.replace(tzinfo=UTC))
        .join(
            newest.sort("decided_at", "order")
            .unique(["target", "decided_at"], keep="last", maintain_order=True)
            .drop("order"),
            on=["target", "decided_at"],
            how="left",
        )
        .select(
            "target",
            "verdict",
            pl.col("by").str.split_exact(":", 1).struct[1].alias("source"),
            "note",
            pl.col("decided_at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00"),
        )
        .sort("target")
    )
    out = io.BytesIO()
    match path.suffix.lower():
        case ".csv":
            frame.write_csv(out)
        case ".jsonl" | ".ndjson":
            frame.write_ndjson(out)
        case ".parquet":
            frame.write_parquet(out)
        case other:
            message = f"{path}: expected .csv, .jsonl or .parquet, found {other!r}; nothing was written."
            raise errors.InputError(message)
    path.write_bytes(out.getvalue())
    return frame.height


def _imported(home: home_module.Home) -> pl.DataFrame:
    """Labels of earlier nights and those that wait."""
    _, waiting, _ = pending(home)
    kept = _frame(
        explanation.query(home, "select * from analyst.labels"), contracts.LABELS
    )
    return pl.concat([kept, waiting]).unique(
        "label_id", keep="first", maintain_order=True
    )


def _frame(rows: list[dict[str, Any]], contract: contracts.Contract) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(contract.columns), strict=False)


def _table(path: Path) -> pl.DataFrame:
    if not path.is_file():
        message = f"{path} is no file; nothing was filed."
        raise errors.InputError(message)
    try:
        match path.suffix.lower():
            case ".csv":
                frame = pl.read_csv(path, infer_schema=False)
            case ".jsonl" | ".ndjson" | ".json":
                frame = pl.read_ndjson(path, infer_schema_length=None)
            case ".parquet":
                frame = pl.read_parquet(path)
            case other:
                message = f"{path}: expected .csv, .jsonl or .parquet, found {other!r}; nothing was filed."
                raise errors.InputError(message)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"{path} cannot be read as {path.suffix}: {error}. Nothing was filed."
        raise errors.InputError(message) from error
    names = {}
    for column, known in COLUMNS.items():
        found = [name for name in known if name in frame.columns]
        if found:
            names[found[0]] = column
        elif column in {"target", "verdict"}:
            message = f"{path}: no column {' or '.join(known)} (found {', '.join(frame.columns)}); nothing was filed."
            raise errors.InputError(message)
    return frame.select(list(names)).rename(names)


def _label(
    row: dict[str, Any], place: int, path: Path, source: str, now: datetime
) -> dict[str, str | None]:
    target = str(row["target"] or "").strip()
    verdict = WORDS.get(str(row["verdict"]).strip().lower())
    if not target or ":" not in target:
        message = f"{path}, row {place}: expected a seller as platform:native_id, found {target!r}; nothing was filed."
        raise errors.InputError(message)
    if verdict is None:
        message = f"{path}, row {place}: expected fraud, benign or unsure, found {row['verdict']!r}; nothing was filed."
        raise errors.InputError(message)
    decided_at = _moment(row.get("decided_at"), place, path) or now
    label = {
        "target": target,
        "verdict": verdict,
        "source": str(row.get("source") or source).strip(),
        "note": None if row.get("note") is None else str(row["note"]),
        "decided_at": decided_at.astimezone(UTC).isoformat(),
    }
    content = json.dumps(label, ensure_ascii=False, sort_keys=True)
    digest = hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
    return {"label_id": digest, **label}


def _filed(line: str) -> dict[str, Any]:
    """One label as ``import_labels`` filed it."""
    row: dict[str, Any] = json.loads(line)
    if set(row) != set(contracts.LABELS.columns) or row["verdict"] not in inbox.VERDICTS:  # fmt: skip
        message = "it is no list of labels"
        raise ValueError(message)
    texts = (row["label_id"], row["target"], row["source"], row["note"] or "")
    if not all(isinstance(text, str) for text in texts):
        message = "a field of a label is no text"
        raise TypeError(message)
    return row | {"decided_at": datetime.fromisoformat(row["decided_at"]).astimezone(UTC)}  # fmt: skip


def _moment(value: object, place: int, path: Path) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        found = (
            value
            if isinstance(value, datetime)
            else datetime.fromisoformat(str(value).strip())
        )
    except ValueError:
        message = f"{path}, row {place}: expected an ISO 8601 time, found {value!r}; nothing was filed."
        raise errors.InputError(message) from None
    return found if found.tzinfo else found.replace(tzinfo=_SHANGHAI)
