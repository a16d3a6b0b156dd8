"""A home in one file, and a home made of that file: what cannot be crawled, decided or released again.

The file is a zip: ``manifest.json`` (what it is, the migrations behind its tables, a SHA-256 per member), ``dump.duckdb``
(``warehouse.upkeep.dump``), the home's marker and hash key, all releases, the decisions that wait, the model bundles, and with
``with_evidence`` the archive of what sources answered. Snapshots are not in it: restoring builds the last one anew.

Invariants: the file appears whole or not at all, readable by its owner only, because it holds the hash key; nothing is
unpacked before every digest was compared; a home that was written already is never restored over.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from flows import home as home_module
from flows import log
from flows.releases import publication
from warehouse import atomic, connect, contracts, errors, load, migrate, publish
from warehouse.upkeep import dump

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

#: Raised when a reader of the file has to change.
FORMAT = 1
_MANIFEST, _DUMP, _MARKER, _KEY = (
    "manifest.json",
    "dump.duckdb",
    "home.json",
    "hash.key",
)
_PIECE = 1 << 20


def backup(
    home: home_module.Home,
    target: Path,
    *,
    now: datetime,
    with_evidence: bool = False,
    wait: bool = False,
) -> dict[str, Any]:
    """Write everything irreplaceable of a home into one file.

    Args:
        home: The home; no run may be writing it meanwhile.
        target: The file; an existing one is not replaced.
        now: Noted as the time of the backup, UTC.
        with_evidence: Also the evidence archive.
        wait: Wait for a run that is writing instead of raising.

    Returns:
        ``file``, ``bytes``, ``members`` and ``rows`` by table.

    Raises:
        InputError: there is no such home, or the file exists.
        LockHeldError: a run is writing.
        ServiceError: the disk is full; nothing is left of the file.
    """
    if not home.exists():
        message = f"Home {home.root} holds nothing yet, so there is nothing to back up. Name another with --home."
        raise errors.InputError(message)
    if target.exists():
        message = (
            f"{target} exists and was left alone. Name a file that does not exist yet."
        )
        raise errors.InputError(message)
    with (
        home_module.Lock(home, command="backup", wait=wait),
        atomic.disk_errors(f"Backup {target.name}", target.parent),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        building = atomic.unfinished(target.parent, target.name)
        atomic.remove(building)
        try:
            with tempfile.TemporaryDirectory(
                dir=home.work, prefix="backup-"
            ) as scratch:
                dumped = Path(scratch) / _DUMP
                manifest = _dump(home, dumped, now=now)
                members = {
                    _DUMP: dumped,
                    **dict(_members(home, with_evidence=with_evidence)),
                }
                _write(building, members, manifest)
            atomic.sync(building)
            building.rename(target)
            atomic.sync(target.parent)
        finally:
            atomic.remove(building)
    return {
        "file": str(target),
        "bytes": target.stat().st_size,
        "members": len(members),
        "rows": manifest["rows"],
    }


def _dump(home: home_module.Home, path: Path, *, now: datetime) -> dict[str, Any]:
    """Dump the database; what the manifest says of it."""
    with connect.open_work(home.database) as connection:
        migrate.migrate(connection)
        # A release that a killed run left half-made is settled first: the dump leaves its staging out.
        publication.recover(connection, home)
        rows = dump.write_dump(connection, path)
        applied = dump.applied(connection)
    return {
        "format": FORMAT,
        "written_at": now.isoformat(),
        "is_sandbox": home.is_sandbox(),
        "migrations": applied,
        "rows": rows,
        "latest_release": home.latest_release.readlink().name
        if home.latest_release.is_symlink()
        else None,
    }


def _members(
    home: home_module.Home, *, with_evidence: bool
) -> Iterator[tuple[str, Path]]:
    """Name in the file and path of everything that is kept as it is."""
    yield _MARKER, home.marker
    yield _KEY, home.hash_key_file
    folders = [home.watchlists, home.inbox, home.models]
    for folder in [*folders, home.evidence] if with_evidence else folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(home.root)
            is_passing = any(part.startswith(".") for part in inside.parts)
            if (
                path.is_file()
                and not is_passing
                and home.latest_release not in path.parents
            ):
                yield inside.as_posix(), path


def _write(path: Path, members: dict[str, Path], manifest: dict[str, Any]) -> None:
    digests: dict[str, str] = {}
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "w+b") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        log.progress("backup", len(members), unit="files") as report,
    ):
        for number, (name, source) in enumerate(members.items(), start=1):
            digest = hashlib.sha256()
            with (
                source.open("rb") as content,
                archive.open(name, "w", force_zip64=True) as out,
            ):
                while piece := content.read(_PIECE):
                    digest.update(piece)
                    out.write(piece)
            digests[name] = digest.hexdigest()
            report(number, name)
        archive.writestr(
            _MANIFEST, json.dumps({**manifest, "sha256": digests}, indent=1) + "\n"
        )


def restore(
    home: home_module.Home, source: Path, *, wait: bool = False
) -> dict[str, Any]:
    """Make a home from a backup: same ids, lineage, verdicts and lists from the next night on.

    Args:
        home: A home that was never written, or whose restoring was cut off.
        source: As from ``backup``.
        wait: Wait for another process at this home instead of raising.

    Returns:
        ``home``, ``written_at``, ``rows`` by table, ``latest_release`` and ``snapshot`` (null where none was published).

    Raises:
        InputError: the file is no backup, or is damaged, or the home holds something.
        MigrationError: the backup is of a newer program.
        ServiceError: the disk is full or cannot be written.
    """
    if home.exists():
        message = f"Home {home.root} is in use and was left alone. Move it away, or restore into another --home."
        raise errors.InputError(message)
    manifest = _checked(source)
    with (
        atomic.disk_errors(f"Restoring {source.name}", home.root.parent),
        home_module.Lock(home, command="restore", wait=wait),
        zipfile.ZipFile(source) as archive,
    ):
        for folder in (home.work, home.inbox, home.models, home.evidence):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        for folder in (home.published, home.watchlists):
            folder.mkdir(parents=True, exist_ok=True)
        _unpack(archive, home, manifest)
        _fill(archive, home, manifest)
        shown = _show(home, manifest)
        # Last: until the marker is there the home counts as empty, and restoring may be tried again.
        home_module.write_atomically(home.marker, archive.read(_MARKER).decode("utf-8"))
    return {
        "home": str(home.root),
        "written_at": manifest["written_at"],
        "rows": manifest["rows"],
        "latest_release": manifest["latest_release"],
        "snapshot": shown,
    }


def _checked(source: Path) -> dict[str, Any]:
    """The manifest of a backup whose every member is as it was written."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
            if manifest["format"] != FORMAT:
                message = f"{source} has format {manifest['format']}; this program reads format {FORMAT}. Nothing was restored."
                raise errors.InputError(message)
            expected: dict[str, str] = manifest["sha256"]
            names = set(archive.namelist()) - {_MANIFEST}
            if names != set(expected) or not {_DUMP, _MARKER, _KEY} <= names:
                message = f"{source} does not hold what its manifest says. Nothing was restored. Use another backup."
                raise errors.InputError(message)
            for name, digest in expected.items():
                with archive.open(name) as content:
                    found = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
                if found != digest or not _is_safe(name):
                    message = f"{source} is damaged: {name} is not what was written. Nothing was restored. Use another backup."
                    raise errors.InputError(message)
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        message = f"{source} is no backup of ours or is damaged ({error}). Nothing was restored. `puppetwatch backup FILE` writes one."
        raise errors.InputError(message) from error
    return manifest


def _is_safe(name: str) -> bool:
    """Whether a member stays inside the home when it is unpacked."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _unpack(
    archive: zipfile.ZipFile, home: home_module.Home, manifest: dict[str, Any]
) -> None:
    """Everything but the database and the marker to its place."""
    for name in manifest["sha256"]:
        if name in {_DUMP, _MARKER}:
            continue
        target = home.hash_key_file if name == _KEY else home.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        is_public = home.watchlists in target.parents
        descriptor = os.open(
            target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644 if is_public else 0o600
        )
        with archive.open(name) as content, os.fdopen(descriptor, "wb") as out:
            shutil.copyfileobj(content, out, _PIECE)
    atomic.sync_tree(home.root)


def _fill(
    archive: zipfile.ZipFile, home: home_module.Home, manifest: dict[str, Any]
) -> None:
    """The working database from the dump."""
    for left in home.work.glob(home.database.name + "*"):
        atomic.remove(left)
    with tempfile.TemporaryDirectory(dir=home.work, prefix="restore-") as scratch:
        dumped = Path(archive.extract(_DUMP, scratch))
        with connect.open_work(home.database) as connection:
            dump.read_dump(
                connection,
                dumped,
                applied=[
                    (version, checksum) for version, checksum in manifest["migrations"]
                ],
            )


def _show(home: home_module.Home, manifest: dict[str, Any]) -> str | None:
    """Point to the last release, and build the last published snapshot anew and point to it."""
    if manifest["latest_release"] is not None:
        publish.swing(home.latest_release, home.watchlists / manifest["latest_release"])
    with connect.open_work(home.database) as connection:
        runs = load.read(connection, contracts.RUNS).sort("started_at", "run_id")
        published = [
            row
            for row in runs.iter_rows(named=True)
            if row["state"] == publication.PUBLISHED
        ]
        if not published:
            return None
        last = published[-1]
        snapshot = home.published / f"{last['run_id']}.duckdb"
        for left in (snapshot, snapshot.with_suffix("")):
            atomic.remove(left)
        snapshot = publish.build_snapshot(
            connection, home.published, last["run_id"], as_of=last["as_of"]
        )
    publish.swing(home.snapshot, snapshot)
    return str(home.snapshot)
