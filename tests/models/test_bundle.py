"""Bundles on disk."""

import json

import pytest

from features import catalogue
from models import bundle, calibration
from warehouse import errors

PLATT = calibration.Calibration("platt", (0.9, -0.1), (), (0.04, 0.01, 0.02))


@pytest.fixture
def sealed():
    return bundle.make("tree\n数字人\n", PLATT, {"pack": "digital-human", "seed": 1})


def test_a_bundle_comes_back_as_it_was(sealed, tmp_path):
    folder = bundle.save(sealed, tmp_path / "models")
    assert bundle.load(folder) == sealed
    assert folder.name == sealed.version
    assert sorted(path.name for path in folder.iterdir()) == [
        "booster.txt",
        "calibration.json",
        "manifest.json",
    ]
    assert [path.name for path in folder.parent.iterdir()] == [sealed.version]


def test_equal_content_has_one_version(sealed, tmp_path):
    again = bundle.make("tree\n数字人\n", PLATT, {"seed": 1, "pack": "digital-human"})
    other = bundle.make("tree\n", PLATT, {"seed": 1, "pack": "digital-human"})
    assert again.version == sealed.version != other.version
    assert bundle.save(sealed, tmp_path) == bundle.save(again, tmp_path)


@pytest.mark.parametrize("name", ["booster.txt", "calibration.json", "manifest.json"])
def test_any_changed_byte_is_refused(sealed, tmp_path, name):
    path = bundle.save(sealed, tmp_path) / name
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("1", "2", 1) if "1" in text else text + " ", "utf-8", newline=""
    )
    with pytest.raises(errors.ContractError, match=f"Bundle {sealed.version} refused"):
        bundle.load(path.parent)


@pytest.mark.parametrize("name", ["booster.txt", "calibration.json", "manifest.json"])
def test_a_missing_file_is_named(sealed, tmp_path, name):
    folder = bundle.save(sealed, tmp_path)
    (folder / name).unlink()
    with pytest.raises(errors.ContractError, match=f"{name} cannot be read"):
        bundle.load(folder)


def test_garbage_is_refused_with_a_reason(sealed, tmp_path):
    folder = bundle.save(sealed, tmp_path)
    for text, said in (
        ("[]", "schema version"),
        ("{", "no JSON"),
        ('{"schema_version": 9}', "schema version"),
    ):
        (folder / "manifest.json").write_text(text, "utf-8")
        with pytest.raises(errors.ContractError, match=said):
            bundle.load(folder)
    (folder / "manifest.json").write_bytes(b"\xff\xfe")
    with pytest.raises(errors.ContractError, match="cannot be read"):
        bundle.load(folder)


def test_a_bundle_for_other_features_is_refused(sealed, tmp_path, monkeypatch):
    folder = bundle.save(sealed, tmp_path)
    monkeypatch.setattr(catalogue, "NAMES", (*catalogue.NAMES, "new_feature"))
    with pytest.raises(errors.ContractError, match="other features"):
        bundle.load(folder)


def test_a_bundle_under_another_name_is_refused(sealed, tmp_path):
    folder = bundle.save(sealed, tmp_path)
    with pytest.raises(errors.ContractError, match="directory's name"):
        bundle.load(folder.rename(tmp_path / "m-0000000000000000"))


def test_saving_over_a_damaged_bundle_says_so(sealed, tmp_path):
    folder = bundle.save(sealed, tmp_path)
    (folder / "booster.txt").write_text("", "utf-8")
    with pytest.raises(errors.ContractError, match="digests"):
        bundle.save(sealed, tmp_path)


def test_no_time_and_no_place_in_a_manifest(sealed, tmp_path):
    manifest = json.loads(
        (bundle.save(sealed, tmp_path) / "manifest.json").read_text("utf-8")
    )
    assert set(manifest) == {
        "pack",
        "seed",
        "schema_version",
        "features",
        "sha256",
        "version",
    }
