from pathlib import Path

import pytest

from flows import settings as settings_module
from flows.collecting import jobs
from warehouse import errors


def load(tmp_path, text, **keywords):
    path = tmp_path / "puppetwatch.toml"
    path.write_text(text, encoding="utf-8")
    return settings_module.load(config=path, environment={}, **keywords)


def test_without_a_file_nothing_is_configured(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    settings = settings_module.load(environment={})

    assert settings.config_path is None
    assert settings.sources == {}
    assert settings.home.root == tmp_path / "var"


def test_home_comes_from_the_option_then_the_environment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    by_environment = settings_module.load(environment={"PUPPETWATCH_HOME": "/srv/a"})
    by_option = settings_module.load(
        home=Path("/srv/b"), environment={"PUPPETWATCH_HOME": "/srv/a"}
    )

    assert (by_environment.home.root, by_option.home.root) == (
        Path("/srv/a"),
        Path("/srv/b"),
    )


def test_the_example_is_valid_and_changes_no_default(tmp_path):
    example = (
        Path(settings_module.__file__)
        .with_name("example.toml")
        .read_text(encoding="utf-8")
    )
    # Sources that are commented out are optional tables, not defaults.
    before, _, after = example.partition("# [sources.rss]")
    _, _, rest = after.partition("[lists]")
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line else line
        for line in f"{before}[lists]{rest}".splitlines()
    )

    settings = load(tmp_path, uncommented)
    defaults = settings_module.Settings(
        home=settings.home, config_path=settings.config_path
    )

    assert settings.lists == defaults.lists
    assert settings.quality == defaults.quality
    assert settings.publish == defaults.publish
    assert settings.crawl == defaults.crawl
    assert set(settings.sources) == {"heimao", "36kr"}


def test_the_example_in_the_root_is_the_one_that_init_writes():
    root = Path(settings_module.__file__).parent.parent

    assert (root / "puppetwatch.example.toml").read_bytes() == (
        root / "flows/example.toml"
    ).read_bytes()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[lists]\nhihg = 0.9\n", r"unknown key hihg in \[lists\]"),
        ("[sources.douyn]\n", r"unknown key douyn in \[sources\]"),
        ("[sources.rss]\nurl = 1\n", r"unknown key url in \[sources\.rss\]"),
        ("colour = 1\n", "unknown key colour"),
        ("[lists]\nhigh = 0.3\n", r"expected 0 < lists\.medium < lists\.high < 1"),
        ("[crawl]\ndelay_seconds = -1\n", "expected crawl.delay_seconds"),
        ("[publish]\nkeep = true\n", "expected publish.keep"),
        ("[crawl\n", "cannot be read"),
        ("lists = 3\n", r"expected a table \[lists\]"),
        ("[sources]\nrss = 3\n", r"expected a table \[sources\.rss\]"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, match):
    with pytest.raises(errors.InputError, match=match):
        load(tmp_path, text)


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(errors.InputError, match="does not exist"):
        settings_module.load(config=tmp_path / "none.toml", environment={})


def test_evidence_is_kept_for_180_days_unless_told_otherwise(tmp_path):
    assert load(tmp_path, "").evidence.keep_days == 180
    found = load(tmp_path, "[evidence]\nkeep_days = 30\n")
    assert settings_module.effective(found)["evidence"] == {"keep_days": 30}


def test_known_articles_are_crawled_by_their_links(tmp_path):
    link = "https://mp.weixin.qq.com/s/DemoShort_0001"
    text = f'[crawl]\ncontact = "mailto:a@example.org"\n[sources.wechat_mp]\nurls = ["{link}"]\n'
    (job,) = jobs.live_jobs(load(tmp_path, text), ["数字人"])
    assert (job["source"], job["start"], job["keywords"]) == ("wechat_mp", [link], [])
