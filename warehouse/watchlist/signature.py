"""Who vouches for a release: an Ed25519 signature over its manifest, which names the digest of every other file.

In: a private key as PEM (PKCS 8) and bytes. Out: 64 bytes, as ``openssl pkeyutl -verify -rawin`` reads them.

Invariants: Ed25519 is deterministic (RFC 8032), so the same manifest has the same signature. Keys come as arguments and
are never logged or written.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from warehouse import errors

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"


def sign(content: bytes, private_key: bytes) -> bytes:
    """The raw signature of a content.

    Args:
        content: What is signed.
        private_key: An unencrypted Ed25519 key as PEM.

    Raises:
        InputError: the key is none.
    """
    try:
        key = load_pem_private_key(private_key, password=None)
    except (ValueError, TypeError) as error:
        message = "The signing key is no unencrypted PEM key, so nothing was released. `openssl genpkey -algorithm ed25519` makes one."
        raise errors.InputError(message) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        message = f"The signing key is a {type(key).__name__}, expected Ed25519; nothing was released. `openssl genpkey -algorithm ed25519` makes one."
        raise errors.InputError(message)
    return key.sign(content)


def verify(directory: Path, public_key: bytes | None = None) -> list[str]:
    """Check a release: the signature if a key is given, then the digest of every file.

    Args:
        directory: A release, or a copy of some of its files with the manifest.
        public_key: The publisher's Ed25519 key as PEM; null checks digests only.

    Returns:
        Names of the files whose digests fit, sorted. Files that are named and not there are left out.

    Raises:
        InputError: no manifest, no such key, a wrong or missing signature, a file that differs or that nobody named.
    """
    try:
        manifest = (directory / MANIFEST).read_bytes()
        digests: dict[str, str] = json.loads(manifest)["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{directory} holds no readable manifest.json ({error}), so nothing can be checked."
        raise errors.InputError(message) from error
    if public_key is not None:
        _verify_signature(directory, manifest, public_key)
    files = (path for path in directory.rglob("*") if path.is_file())
    names = {path.relative_to(directory).as_posix() for path in files}
    found = sorted(names - {MANIFEST, SIGNATURE})
    strangers = [name for name in found if name not in digests]
    if strangers:
        message = f"{directory / strangers[0]} is not named in the manifest: it is not part of the release. Do not use it."
        raise errors.InputError(message)
    for name in found:
        digest = hashlib.sha256((directory / name).read_bytes()).hexdigest()
        if digest != digests[name]:
            message = f"{directory / name} differs from the manifest (SHA-256 {digest}, expected {digests[name]}). Do not use it; fetch the release again."
            raise errors.InputError(message)
    return found


def _verify_signature(directory: Path, manifest: bytes, public_key: bytes) -> None:
    try:
        key = load_pem_public_key(public_key)
    except (ValueError, TypeError) as error:
        message = f"The public key is no PEM key: {error}."
        raise errors.InputError(message) from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        message = f"The public key is a {type(key).__name__}, expected Ed25519."
        raise errors.InputError(message)
    try:
        key.verify((directory / SIGNATURE).read_bytes(), manifest)
    except FileNotFoundError as error:
        message = f"{directory} is not signed: there is no {SIGNATURE}."
        raise errors.InputError(message) from error
    except InvalidSignature as error:
        message = f"{directory / SIGNATURE} does not fit the manifest and this key. Do not use the release."
        raise errors.InputError(message) from error
