"""Bundles on disk."""

import json
import os
import shutil

import pytest

from features import catalogue
from models import bundle
from models.measures import calibration
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


def _emptied(folder):
    (folder / "booster.txt").write_text("", "utf-8")


def _gone(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def _filed(folder):
    shutil.rmtree(folder)
    folder.write_text("x", "utf-8")


def _linked(folder):
    shutil.rmtree(folder)
    folder.symlink_to(folder.parent / "nowhere")


@pytest.mark.parametrize("damaged", [_emptied, _gone, _filed, _linked])
def test_saving_puts_a_whole_bundle_in_the_place_of_a_damaged_one(
    sealed, tmp_path, damaged
):
    folder = bundle.save(sealed, tmp_path)
    damaged(folder)

    assert bundle.load(bundle.save(sealed, tmp_path)) == sealed
    assert [path.name for path in tmp_path.iterdir()] == [sealed.version]


def _written(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def _piped(folder):
    (folder / "booster.txt").unlink()
    os.mkfifo(folder / "booster.txt")


def _link(folder):
    (folder / "booster.txt").rename(folder.parent / "elsewhere")
    (folder / "booster.txt").symlink_to(folder.parent / "elsewhere")


def _noted(folder):
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["note"] = "\ud800"
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (_written("manifest.json", b"[" * 200_000), "no usable JSON"),
        (_written("calibration.json", b"[" * 200_000), "no usable JSON"),
        (_written("manifest.json", b"1" * 5_000), "no usable JSON"),
        (_written("booster.pkl", b"\x80\x04."), "'booster.pkl', which is no part"),
        (_noted, "half a character"),
        (_piped, "no plain file"),
        (_link, "it is a link"),
        (_filed, "cannot be opened"),
    ],
)
def test_what_somebody_put_there_is_refused_at_once(sealed, tmp_path, damaged, said):
    folder = bundle.save(sealed, tmp_path / "models")
    damaged(folder)
    with pytest.raises(errors.ContractError, match=said) as refused:
        bundle.load(folder)
    assert str(tmp_path) not in str(refused.value)


def test_a_file_larger_than_any_bundle_is_not_read(sealed, tmp_path, monkeypatch):
    folder = bundle.save(sealed, tmp_path)
    monkeypatch.setattr(bundle, "LARGEST_FILE", 4)
    with pytest.raises(errors.ContractError, match=r"booster\.txt .* expected up to 4"):
        bundle.load(folder)


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
