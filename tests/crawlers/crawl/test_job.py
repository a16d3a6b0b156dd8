import json
from datetime import UTC, datetime

import pytest

from crawlers.crawl import job
from warehouse import errors


def write(path, **changes):
    given = {
        "source": "rss",
        "out_dir": str(path / "out"),
        "start": ["https://demo.example/rss"],
        "contact": "ops@example.org",
        **changes,
    }
    file = path / "job.json"
    file.write_text(
        json.dumps({name: value for name, value in given.items() if value is not ...})
    )
    return file


def test_a_job_is_read_with_its_defaults(tmp_path):
    found = job.read(write(tmp_path))
    assert [ask.url for ask in found.asks] == ["https://demo.example/rss"]
    assert found.limits == job.Limits()
    assert "1" not in found.known
    assert not found.allow_loopback


def test_everything_a_job_may_hold_is_read(tmp_path):
    (tmp_path / "key").write_bytes(b"secret")
    (tmp_path / "known").write_text("heimao:1\nheimao:3\nrss:2\n")
    found = job.read(
        write(
            tmp_path,
            source="heimao",
            start=...,
            hash_key_file=str(tmp_path / "key"),
            known=str(tmp_path / "known"),
            limits={"pages": 5, "delay": 0.5},
            as_of="2026-03-02T02:00:00+08:00",
            allow_loopback=True,
            proxy="http://127.0.0.1:1",
            canary={"url": "https://demo.example/c", "id": "c"},
        ),
        source="heimao",
    )
    assert found.asks[0].url.startswith("https://tousu.sina.com.cn/")
    assert [number in found.known for number in "0123"] == [False, True, False, True]
    assert found.hash_key == b"secret"
    assert "secret" not in repr(found)
    assert (found.limits.pages, found.limits.delay) == (5, 0.5)
    assert found.as_of == datetime(2026, 3, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": "nobody"}, "Unknown source 'nobody'"),
        ({"source": "heimao"}, "hash_key_file: needed"),
        ({"start": []}, "name at least one URL"),
        ({"start": ["ftp://x"]}, r"start\[0\]: expected an http"),
        ({"start": [{"link": "x"}]}, r"start\[0\]: expected a URL"),
        ({"contact": ""}, "contact: expected text"),
        ({"out_dir": ...}, "out_dir: expected text"),
        ({"keywords": "x"}, "keywords: expected a list"),
        ({"limits": {"pages": 0}}, "limits.pages: expected a number from 1"),
        ({"limits": {"speed": 1}}, "limits.speed: unknown"),
        ({"typo": 1}, "unknown fields .'typo'."),
        ({"allow_loopback": "yes"}, "allow_loopback: expected true or false"),
        ({"proxy": "http://127.0.0.1:1"}, "proxy: only the sandbox"),
        (
            {"allow_loopback": True, "proxy": "http://proxy.example:1"},
            "proxy: only the sandbox",
        ),
        ({"known": "/no/such/file"}, "known: .* cannot be used"),
        ({"as_of": "soon"}, "as_of: expected"),
    ],
)
def test_a_mistake_is_named_with_its_field(tmp_path, changes, message):
    with pytest.raises(errors.InputError, match=message):
        job.read(write(tmp_path, **changes))


def test_the_command_line_and_the_file_must_agree(tmp_path):
    with pytest.raises(errors.InputError, match="is for 'rss'"):
        job.read(write(tmp_path), source="landing")


@pytest.mark.parametrize("content", [b"", b"[1]", b"{"])
def test_a_file_that_is_no_job_is_an_input_error(tmp_path, content):
    (tmp_path / "job.json").write_bytes(content)
    with pytest.raises(errors.InputError):
        job.read(tmp_path / "job.json")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"night": {"counter": "x"}}, "night"),
        ({"night": {"counter": "x", "requests": -1}}, "night.requests"),
        ({"night": {"counter": "x", "requests": True}}, "night.requests"),
        ({"credentials": {"app_key": {"env": "X"}}}, "credentials"),
        ({"credentials": ["app_key"]}, "credentials"),
    ],
)
def test_a_wrong_budget_or_a_key_that_nobody_takes_is_named(tmp_path, changes, field):
    with pytest.raises(errors.InputError, match=field):
        job.read(write(tmp_path, **changes))
