"""The current release, copied or checked for whoever asks for it.

In: the home, or a directory with a release. Out: the same files elsewhere, or the names of those that fit the manifest.
Nothing here writes the home or waits for a run.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from warehouse import atomic, errors
from warehouse.watchlist import signature

if TYPE_CHECKING:
    from pathlib import Path

    from flows import home as home_module

#: Files of a release by ``export --format``; a directory stands for everything in it.
FORMATS = {
    "csv": "watchlist.csv",
    "xlsx": "watchlist.xlsx",
    "jsonl": "watchlist.jsonl",
    "parquet": "watchlist.parquet",
    "stix": "watchlist.stix.json",
    "misp": "misp/",
    "ftm": "entities.ftm.json",
    "graphml": "networks.graphml",
    "changes": "changes.csv",
    "summary": "summary.md",
}


def export(home: home_module.Home, out: Path, *, formats: list[str]) -> list[Path]:
    """Copy files of the current release, with its manifest and signature.

    Args:
        home: Where the release is.
        out: Directory to copy into; made if it is not there.
        formats: Keys of ``FORMATS``; empty copies every file.

    Returns:
        The copies, the manifest last.

    Raises:
        InputError: no release yet, an unknown format, one that this release does not have (it is older), or a directory
            below the home's own releases and snapshots, which never change.
        ServiceError: the directory cannot be written, or the disk is full.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        message = f"Unknown format {unknown[0]!r}. Known: {', '.join(FORMATS)}."
        raise errors.InputError(message)
    if not home.latest_release.exists():
        message = f"Home {home.root} has no release yet. Run `puppetwatch nightly`."
        raise errors.InputError(message)
    release = home.latest_release.resolve()
    told = json.loads((release / signature.MANIFEST).read_text(encoding="utf-8"))
    wanted = tuple(FORMATS[each] for each in formats or FORMATS)
    names = [name for name in told["sha256"] if not formats or name.startswith(wanted)]
    if lacking := [each for each in wanted if not any(name.startswith(each) for name in names)] if formats else []:  # fmt: skip
        message = f"Release {release.name} has no {lacking[0]}: an older version made it. The next night's has."
        raise errors.InputError(message)
    if any(out.resolve().is_relative_to(each.resolve()) for each in (home.watchlists, home.published)):  # fmt: skip
        message = f"{out} lies among what {home.root} has published, which never changes. Name another directory."
        raise errors.InputError(message)
    names += [name for name in (signature.SIGNATURE, signature.MANIFEST) if (release / name).exists()]  # fmt: skip
    with atomic.disk_errors(f"The copy of {release.name}", out):
        for name in names:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(release / name, out / name)
        if signature.SIGNATURE not in names:  # that of an older copy
            (out / signature.SIGNATURE).unlink(missing_ok=True)
    return [out / name for name in names]


def verify(directory: Path, key: Path | None) -> list[str]:
    """Check a release or a copy of one; see ``signature.verify``.

    Raises:
        InputError: the key cannot be read, or anything does not fit.
    """
    try:
        public = None if key is None else key.read_bytes()
    except OSError as error:
        message = f"The public key cannot be read: {error}."
        raise errors.InputError(message) from error
    return signature.verify(directory, public)
