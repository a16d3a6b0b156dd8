import json
from datetime import UTC, datetime

import pytest

from flows import home as home_module
from flows import settings
from flows.nights import night
from flows.releases import exports
from warehouse import contracts, errors, publish
from warehouse.watchlist import facts, release

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    made = home_module.Home(tmp_path / "home")
    made.ensure(is_sandbox=True)
    told = facts.Facts(
        run_id="run1",
        as_of=NIGHT,
        model_version=None,
        pack_versions={},
        thresholds={},
        is_sandbox=True,
        public_values={"phone": ("12315",)},
    )
    content = facts.Release(
        "20240614T020000Z-00000000",
        contracts.WATCHLIST.empty(),
        contracts.WATCHLIST_CHANGES.empty(),
        contracts.EDGES.empty(),
        told,
    )
    publish.swing(made.latest_release, release.write_release(made.watchlists, content))
    return made


@pytest.mark.parametrize("name", exports.FORMATS)
def test_every_format_is_exported_and_verified(home, tmp_path, name):
    copies = exports.export(home, tmp_path / "out", formats=[name])

    found = exports.verify(tmp_path / "out", None)
    assert len(found) == len(copies) - 1
    assert all(each.startswith(exports.FORMATS[name]) for each in found)
    assert copies[-1].name == "manifest.json"


def test_all_formats_are_the_whole_release(home, tmp_path):
    exports.export(home, tmp_path / "out", formats=[])

    told = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert set(exports.verify(tmp_path / "out", None)) == set(told["sha256"])


def test_format_that_an_older_release_lacks_is_told(home, tmp_path):
    manifest = home.latest_release / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    del told["sha256"]["watchlist.xlsx"]
    manifest.write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(errors.InputError, match=r"has no watchlist\.xlsx"):
        exports.export(home, tmp_path / "out", formats=["xlsx"])


def test_unknown_format_is_told(home, tmp_path):
    with pytest.raises(errors.InputError, match="Unknown format 'doc'"):
        exports.export(home, tmp_path / "out", formats=["doc"])


def test_signing_key_is_named_never_written(tmp_path):
    (tmp_path / "key.pem").write_text("a key", encoding="utf-8")
    for line, environment in (
        ('signing_key_file = "key.pem"', {}),
        ('signing_key_env = "LIST_KEY"', {"LIST_KEY": "a key"}),
    ):
        config = tmp_path / "puppetwatch.toml"
        config.write_text(f"[lists]\n{line}\n", encoding="utf-8")
        found = settings.load(config=config, environment={})

        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            assert found.signing_key() == b"a key"
        assert "a key" not in json.dumps(settings.effective(found))


@pytest.mark.parametrize("where", ["watchlists/latest", "watchlists/new", "published"])
def test_what_is_published_is_never_copied_over(home, where):
    before = {path: path.read_bytes() for path in home.watchlists.rglob("*") if path.is_file()}  # fmt: skip
    with pytest.raises(errors.InputError, match="which never changes"):
        exports.export(home, home.root / where, formats=[])
    assert {path: path.read_bytes() for path in home.watchlists.rglob("*") if path.is_file()} == before  # fmt: skip


def test_a_file_in_the_way_is_told(home, tmp_path):
    (tmp_path / "list").write_text("", encoding="utf-8")
    with pytest.raises(errors.ServiceError, match="File exists"):
        exports.export(home, tmp_path / "list", formats=[])


def test_a_copy_does_not_keep_the_signature_of_an_older_one(home, tmp_path):
    (tmp_path / "list").mkdir()
    (tmp_path / "list/manifest.sig").write_bytes(b"old")
    exports.export(home, tmp_path / "list", formats=[])
    assert not (tmp_path / "list/manifest.sig").exists()


@pytest.mark.parametrize(
    ("key", "message"),
    [(None, "signing_key_file cannot be read"), ("no key", "no unencrypted PEM key")],
)
def test_a_key_that_cannot_sign_is_told_before_the_night_begins(tmp_path, key, message):
    config = tmp_path / "puppetwatch.toml"
    config.write_text('[lists]\nsigning_key_file = "list.key"\n', encoding="utf-8")
    if key is not None:
        (tmp_path / "list.key").write_text(key, encoding="utf-8")
    effective = settings.load(home=tmp_path / "home", config=config, environment={})

    with pytest.raises(errors.InputError, match=message):
        night.run(effective, as_of=NIGHT, started_at=NIGHT, is_crawling=False, use_sandbox=False, wait=False)  # fmt: skip
    assert not effective.home.root.exists()


def test_signing_key_that_is_not_there_stops_the_release(tmp_path):
    config = tmp_path / "puppetwatch.toml"
    config.write_text('[lists]\nsigning_key_env = "NO_SUCH_KEY"\n', encoding="utf-8")

    with pytest.raises(errors.InputError, match="NO_SUCH_KEY, which is not set"):
        settings.load(config=config, environment={}).signing_key()
