"""A learned model as files: booster text, calibration, manifest. Never pickle.

In and out: a ``Bundle`` and a directory ``models/<version>/`` with ``booster.txt``, ``calibration.json`` and
``manifest.json``. The version is a digest of the content, so equal bundles have one name and a changed byte is noticed.
Saving is atomic (a directory beside it, then one rename); loading refuses what is foreign or damaged and says why.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features import catalogue
from models import calibration
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA_VERSION = 2
_BOOSTER, _CALIBRATION, _MANIFEST = "booster.txt", "calibration.json", "manifest.json"


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
    """Write ``root/<version>/``; a bundle of that version that is already there and whole is left alone.

    Returns:
        The directory. Nobody ever sees it half written.
    """
    target = root / bundle.version
    if target.exists():
        load(target)
        return target
    root.mkdir(parents=True, exist_ok=True)
    draft = root / f".{bundle.version}.{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
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
    draft.rename(target)
    return target


def load(path: Path) -> Bundle:
    """Read a bundle and check every byte of it.

    Raises:
        ContractError: a file is missing or unreadable, a digest differs, or it was made for other features.
    """
    texts = {}
    for name in (_BOOSTER, _CALIBRATION, _MANIFEST):
        try:
            # Bytes: universal newlines would hide a changed line end.
            texts[name] = (path / name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _refusal(
                path, f"{name} cannot be read ({type(error).__name__})"
            ) from error
    try:
        manifest = json.loads(texts[_MANIFEST])
        values = json.loads(texts[_CALIBRATION])
    except json.JSONDecodeError as error:
        raise _refusal(path, f"a file is no JSON at line {error.lineno}") from error
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
    if version != _version(manifest) or version != path.name:
        raise _refusal(
            path,
            f"its content is not version {version!r}, or not that of the directory's name",
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
