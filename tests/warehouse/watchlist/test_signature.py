"""Who vouches for a release, and that no file of it can change unnoticed."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from warehouse import errors
from warehouse.watchlist import (
    signature,
)


def _manifest(directory):
    return json.loads((directory / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def keys():
    """A private and a public key as PEM."""
    private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )  # fmt: skip


def test_signed_release_is_verified_and_any_change_is_noticed(write, keys):
    private, public = keys
    directory = write(signing_key=private)

    assert set(signature.verify(directory, public)) == set(
        _manifest(directory)["sha256"]
    )
    (directory / "manifest.sig").write_bytes(bytes(64))
    with pytest.raises(errors.InputError, match="does not fit the manifest"):
        signature.verify(directory, public)


@pytest.mark.parametrize("name", ["watchlist.csv", "misp/hashes.csv"])
def test_changed_file_is_noticed(write, name):
    directory = write()
    (directory / name).write_bytes(b"entry_id\n")
    with pytest.raises(errors.InputError, match=f"{name} differs from the manifest"):
        signature.verify(directory)


def test_added_file_is_noticed(write):
    directory = write()
    (directory / "more.csv").write_bytes(b"")
    with pytest.raises(errors.InputError, match="not named in the manifest"):
        signature.verify(directory)


def test_unsigned_release_is_told_from_a_signed_one(write, keys):
    with pytest.raises(errors.InputError, match="is not signed"):
        signature.verify(write(), keys[1])


@pytest.mark.parametrize("key", [b"secret words", b""])
def test_unusable_key_is_told_without_showing_it(write, tmp_path, key):
    with pytest.raises(errors.InputError, match="no unencrypted PEM key") as caught:
        write(signing_key=key)
    assert "secret words" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
