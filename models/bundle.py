"""A learned model as files: booster text, calibration, manifest. Never pickle.

In and out: a ``Bundle`` and a directory ``models/<version>/`` with ``booster.txt``, ``calibration.json`` and
``manifest.json``. The version is a digest of the content, so equal bundles have one name and a changed byte is noticed.
Saving is atomic (a directory beside it, then one rename) and puts a whole bundle in the place of a damaged one of its name;
loading refuses what is foreign or damaged and says why. Only plain files are opened, and none that is larger than a bundle's
can be: a pipe would hold up the night for ever.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features import catalogue
from models.measures import calibration
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA_VERSION = 2
_BOOSTER, _CALIBRATION, _MANIFEST = "booster.txt", "calibration.json", "manifest.json"
_FILES = (_BOOSTER, _CALIBRATION, _MANIFEST)
#: Bytes of a file of a bundle at most; 150 trees of 109 features take 0.3 MB.
LARGEST_FILE = 64 << 20
#: End of the names of what is being written (``warehouse.atomic``): nobody's, removed by the next run.
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model that can score.

    Attributes:
        version: ``m-`` and 16 hex digits of the content's SHA-256.
        booster: LightGBM's text.
        calibration: How its log-odds become probabilities.
        manifest: What it is: ``schema_version``, ``features``, ``pack``, ``seed``, ``as_of``, ``params``, ``gate``,
            ``rows`` and the digests of the other files.
    """

    version: str
    booster: str
    calibration: calibration.Calibration
    manifest: Mapping[str, Any]


def make(
    booster: str, calibrated: calibration.Calibration, facts: Mapping[str, Any]
) -> Bundle:
    """Seal a trained model.

    Args:
        booster: LightGBM's text.
        calibrated: Its calibration.
        facts: What the manifest says beside the features, digests and schema version.
    """
    manifest = {
        **facts,
        "schema_version": SCHEMA_VERSION,
        "features": list(catalogue.NAMES),
        "sha256": {
            _BOOSTER: _digest(booster),
            _CALIBRATION: _digest(_calibration_text(calibrated)),
        },
    }
    return Bundle(_version(manifest), booster, calibrated, manifest)


def save(bundle: Bundle, root: Path) -> Path:
    """Write ``root/<version>/``; a bundle of that version that is already there and whole is left alone, a damaged one replaced.

    Returns:
        The directory. Nobody ever sees it half written.
    """
    target = root / bundle.version
    with contextlib.suppress(errors.ContractError):
        load(target)
        return target
    root.mkdir(parents=True, exist_ok=True)
    draft = root / f".{bundle.version}{_UNFINISHED}"
    _remove(draft)
    draft.mkdir()
    for name, text in (
        (_BOOSTER, bundle.booster),
        (_CALIBRATION, _calibration_text(bundle.calibration)),
        (_MANIFEST, _json({**bundle.manifest, "version": bundle.version})),
    ):
        with (draft / name).open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    _remove(target)
    draft.rename(target)
    return target


def load(path: Path) -> Bundle:
    """Read a bundle and check every byte of it.

    Raises:
        ContractError: a file is missing, unreadable, no plain file or one too many, a digest differs, or it was made for
            other features.
    """
    texts = _texts(path)
    try:
        manifest = json.loads(texts[_MANIFEST])
        values = json.loads(texts[_CALIBRATION])
    except json.JSONDecodeError as error:
        raise _refusal(path, f"a file is no JSON at line {error.lineno}") from error
    except (ValueError, RecursionError) as error:
        raise _refusal(path, f"a file is no usable JSON ({error})") from error
    if (
        not isinstance(manifest, dict)
        or manifest.get("schema_version") != SCHEMA_VERSION
    ):
        raise _refusal(path, f"its manifest is not of schema version {SCHEMA_VERSION}")
    version = manifest.pop("version", None)
    digests = {name: _digest(texts[name]) for name in (_BOOSTER, _CALIBRATION)}
    if manifest.get("sha256") != digests:
        raise _refusal(
            path, "booster or calibration do not have the digests of the manifest"
        )
    try:
        is_named = version == path.name == _version(manifest)
    except UnicodeEncodeError as error:
        raise _refusal(path, "its manifest holds half a character") from error
    if not is_named:
        said = repr(version)[:40]
        raise _refusal(
            path,
            f"its content is not version {said}, or not that of the directory's name",
        )
    if manifest.get("features") != list(catalogue.NAMES):
        raise _refusal(
            path, "it was trained on other features than features/catalogue.py names"
        )
    known = {field.name for field in dataclasses.fields(calibration.Calibration)}
    if not isinstance(values, dict) or set(values) != known:
        raise _refusal(
            path, f"its calibration does not have the fields {sorted(known)}"
        )
    calibrated = calibration.Calibration(
        values["kind"],
        tuple(values["points"]),
        tuple(values["values"]),
        tuple(values["covariance"]),
    )
    return Bundle(version, texts[_BOOSTER], calibrated, manifest)


def _texts(path: Path) -> dict[str, str]:
    """What the three files say; nothing else may lie beside them."""
    try:
        strangers = sorted({one.name for one in path.iterdir()} - {*_FILES})
    except OSError as error:
        raise _refusal(path, f"it cannot be opened ({type(error).__name__})") from error
    if strangers:
        raise _refusal(path, f"it holds {strangers[0][:80]!r}, which is no part of it")
    found = {}
    for name in _FILES:
        try:
            # Bytes: universal newlines would hide a changed line end.
            found[name] = _content(path / name).decode("utf-8")
        except (OSError, ValueError) as error:
            # An OSError's own words name the machine's folders, and a refusal is published.
            is_ours = type(error) is ValueError
            why = str(error) if is_ours else type(error).__name__
            raise _refusal(path, f"{name} cannot be read ({why})") from error
    return found


def _content(path: Path) -> bytes:
    """Bytes of a plain file. Opened without waiting and looked at when open, so that nobody can swap it in between."""
    if path.is_symlink():
        message = "it is a link"
        raise ValueError(message)
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(opened, "rb") as file:
        seen = os.fstat(file.fileno())
        if not stat.S_ISREG(seen.st_mode):
            message = "it is no plain file"
            raise ValueError(message)
        if seen.st_size > LARGEST_FILE:
            message = f"it has {seen.st_size:,} bytes, expected up to {LARGEST_FILE:,}"
            raise ValueError(message)
        return file.read(LARGEST_FILE + 1)


def _remove(path: Path) -> None:
    """Remove whatever has that name, a directory with what is in it; nothing happens without."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _refusal(path: Path, reason: str) -> errors.ContractError:
    return errors.ContractError(
        f"Bundle {path.name} refused: {reason}. Scores keep coming from the rules or another bundle; train a new one."
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _calibration_text(calibrated: calibration.Calibration) -> str:
    return _json(dataclasses.asdict(calibrated))


def _version(manifest: Mapping[str, Any]) -> str:
    return f"m-{_digest(_json(manifest))[:16]}"
