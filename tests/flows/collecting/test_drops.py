"""Drop folders: what is new in them is read once, by the code that reads every saved answer."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.sandbox.platforms import videos
from flows import home as home_module
from flows import settings as settings_module
from flows.collecting import drops, jobs, sources
from warehouse import connect, contracts, load, migrate

NIGHT = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    made = home_module.Home(tmp_path / "home")
    made.ensure(is_sandbox=False)
    return made


@pytest.fixture
def work(home):
    connection = connect.open_work(home.database)
    migrate.migrate(connection)
    yield connection
    connection.close()


@pytest.fixture
def job(tmp_path):
    (tmp_path / "drop").mkdir()
    return {"source": "kuaishou", "drop": str(tmp_path / "drop")}


def save(job, name, *numbers, text="数字人招商"):
    """A search page, as an operator saves it."""
    records = [
        {"platform": "kuaishou", "kind": "post", "post_id": f"3xdemo{number}", "text": text, "title": None,
         "crawled_at": NIGHT.isoformat(), "published_at": NIGHT.isoformat(),
         "author": {"id": f"3xshop{number}", "name": "示例招商"}, "metrics": {"likes": 3}}
        for number in numbers
    ]  # fmt: skip
    path = settings_module.Path(job["drop"]) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(videos.kuaishou_search(records, has_more=False)))
    return path


def night(work, home, job, number):
    """Read the folder in one night; counts of the records and the source's row."""
    name, as_of = f"night-{number}", NIGHT + timedelta(days=number)
    counts = drops.import_new(work, home, job, night=name, as_of=as_of)
    sources.note_sources(work, jobs=[job], run_id=name, as_of=as_of)
    (row,) = load.read(work, contracts.SOURCES).iter_rows(named=True)
    return counts, row


def test_each_file_is_read_once_also_under_another_name(home, work, job):
    path = save(job, "monday.json", 1, 2)
    counts, row = night(work, home, job, 1)
    assert (counts.new, row["state"], row["record_count"]) == (2, "green", 2)
    path.rename(path.with_name("renamed.json"))
    counts, row = night(work, home, job, 2)
    assert (counts.read, row["state"]) == (0, "green")
    save(job, "deeper/tuesday.json", 3)
    counts, _ = night(work, home, job, 3)
    assert (counts.read, counts.new) == (1, 1)
    seen = work.execute("select post_id, crawled_at from raw.posts order by 1").fetchall()  # fmt: skip
    assert [(number, moment.astimezone(UTC)) for number, moment in seen] == [
        ("kuaishou:3xdemo1", NIGHT + timedelta(days=1)),
        ("kuaishou:3xdemo2", NIGHT + timedelta(days=1)),
        ("kuaishou:3xdemo3", NIGHT + timedelta(days=3)),
    ]


def test_what_cannot_be_read_is_red_and_stays_so_until_something_usable_comes(home, work, job):  # fmt: skip
    folder = settings_module.Path(job["drop"])
    (folder / "login.html").write_text("<html><title>登录</title><body>请先登录</body></html>")  # fmt: skip
    assert night(work, home, job, 1)[1]["state"] == "red"
    _, row = night(work, home, job, 2)
    assert row["state"] == "red"
    assert "login_wall" in row["why"]
    save(job, "good.json", 1)
    assert night(work, home, job, 3)[1]["state"] == "green"
    assert night(work, home, job, 12)[1]["state"] == "yellow"


def test_hidden_files_and_links_are_left_alone_and_a_missing_folder_is_red(home, work, job):  # fmt: skip
    folder = settings_module.Path(job["drop"])
    outside = save({"drop": str(folder.parent)}, "outside.json", 9)
    (folder / "link.json").symlink_to(outside)
    save(job, ".part.json", 8)
    counts, row = night(work, home, job, 1)
    assert (counts.read, row["state"], row["why"]) == (0, "yellow", "nothing was dropped yet")  # fmt: skip
    counts, row = night(work, home, {**job, "drop": str(folder / "nowhere")}, 2)
    assert (counts.read, row["state"]) == (0, "red")
    assert "no such folder" in row["why"]


def test_drops_stand_in_no_minimum_and_no_usual_count(home, work, job):
    save(job, "monday.json", *range(40))
    night(work, home, job, 1)
    (run,) = load.read(work, contracts.FETCHES)["run_id"].unique()
    assert run == drops.run_id("night-1")


def test_a_folder_beside_the_configuration_is_a_job_without_asking(tmp_path):
    path = tmp_path / "puppetwatch.toml"
    path.write_text(
        """[crawl]
contact = "mailto:ops@example.org"
[sources.kuaishou]
drop = "saved/kuaishou"
[sources.douyin]
drop = "saved/douyin"
[sources.jd]
drop = "saved/jd"
app_key_env = "DEMO_KEY"
app_secret_env = "DEMO_SECRET"
canary = "示例"
[sources.wechat_channels]
"""
    )
    found = jobs.live_jobs(settings_module.load(home=tmp_path, config=path), ["数字人代理"])  # fmt: skip
    by_source = {job["source"]: job for job in found}
    assert set(by_source) == {"kuaishou", "douyin", "jd"}
    assert by_source["kuaishou"] == {"source": "kuaishou", "drop": str(tmp_path / "saved/kuaishou")}  # fmt: skip
    # Without keys 抖音 is not asked; 京东 is asked and dropped.
    assert sources.is_only_dropped(by_source["douyin"])
    assert not sources.is_only_dropped(by_source["jd"])
    assert "keyword=%E7%A4%BA%E4%BE%8B" in by_source["jd"]["canary"]
