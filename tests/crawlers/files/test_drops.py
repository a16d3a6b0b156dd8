import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.files import drops
from crawlers.sources import catalogue
from warehouse import errors

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)
KEY = b"a key for tests only"
SECRET = "browser-secret-0123456789"


def complaint(number):
    return {
        "main": {
            "sn": f"1799999{number:04}",
            "title": f"示例云创{number}数字人代理费不退",
            "summary": "签约后无法登录",
            "uid": f"99900{number:05}",
            "timestamp": "1718330000",
            "url": f"//tousu.sina.com.cn/complaint/view/1799999{number:04}/?sld=abc{SECRET}",
        },
        "author": {"title": f"示例网友{number}"},
    }


def page(*numbers):
    data = {"lists": [complaint(number) for number in numbers], "pager": {"item_count": 9, "next": 0, "page_amount": 1}}  # fmt: skip
    return json.dumps({"result": {"status": {"code": 0, "msg": "ok"}, "data": data}}, ensure_ascii=False).encode()  # fmt: skip


def read(content, name="a.json", source="heimao"):
    opened = io.BytesIO(content) if isinstance(content, bytes) else content
    return list(
        drops.read(
            opened,
            name=name,
            source=source,
            parse=catalogue.SOURCES[source].parse,
            imported_at=NIGHT,
            hash_key=KEY,
        )
    )


def told(saved):
    return [(each.name, each.parsed.fetch_status, len(each.parsed.records)) for each in saved]  # fmt: skip


def test_one_answer_is_one_answer():
    assert told(read(page(1, 2))) == [("a.json", "ok", 2)]


def test_answers_one_after_another_in_chunks_or_a_list_are_answers():
    pages = [page(1), page(2, 3)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pages)
    listed = b"[" + b",".join(pages) + b"]"
    for content in (b"\n".join(pages), chunked + b"0\r\n\r\n", listed):
        assert told(read(content)) == [("a.json#1", "ok", 1), ("a.json#2", "ok", 2)]


def test_jsonp_html_and_a_zip_of_them():
    jsonp = b"try{cb(" + page(1) + b");}catch(e){};"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("1.txt", jsonp)
        archive.writestr("b/2.json", page(2) + b"\n" + page(3))
        archive.writestr("notes.txt", "nothing of a source")
        archive.writestr("../evil.json", page(4))
    assert told(read(target.getvalue(), "s.zip")) == [
        ("s.zip!../evil.json", "error", 0),
        ("s.zip!1.txt", "ok", 1),
        ("s.zip!b/2.json#1", "ok", 1),
        ("s.zip!b/2.json#2", "ok", 1),
        ("s.zip!notes.txt", "schema_drift", 0),
    ]


def har(*entries):
    return json.dumps(
        {
            "log": {
                "entries": [
                    {
                        "startedDateTime": started,
                        "request": {"url": url, "headers": [{"name": "Cookie", "value": f"SUB={SECRET}"}]},
                        "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": f"x={SECRET}"}], "content": {"mimeType": "application/json", "text": body.decode()}},
                    }
                    for url, body, started in entries
                ]
            }
        }
    ).encode()  # fmt: skip


def test_a_har_with_mixed_hosts_gives_the_sources_answers_and_one_row_of_its_own():
    before = (NIGHT - timedelta(days=1)).isoformat()
    later = (NIGHT + timedelta(days=1)).isoformat()
    saved = read(
        har(
            ("https://tousu.sina.com.cn/api/index/feed?page=1", page(1, 2), before),
            ("https://stats.example.com/api/index/feed", page(3), before),
            ("https://tousu.sina.com.cn/api/other", b'{"unrelated": 1}', before),
            ("https://tousu.sina.com.cn/api/index/feed?page=2", page(4), later),
        ),
        "s.har",
    )
    assert told(saved) == [
        ("s.har#1", "ok", 2),
        ("s.har#3", "schema_drift", 0),
        ("s.har#4", "ok", 1),
        ("s.har", "ok", 0),
    ]
    assert "3 of 4 entries" in saved[-1].parsed.reason
    assert [each.fetched_at for each in saved[:3]] == [
        NIGHT - timedelta(days=1),
        NIGHT - timedelta(days=1),
        NIGHT,
    ]


def test_nothing_secret_or_private_is_in_what_may_be_kept():
    body = page(1).replace(b'"msg": "ok"', f'"msg": "{SECRET}"'.encode())
    saved = read(har(("https://tousu.sina.com.cn/feed", body, ""))) + read(page(1))
    for each in saved:
        kept = (each.kept or b"").decode()
        for private in (SECRET, "9990000001", "示例网友1"):
            assert private not in kept
    parse = catalogue.SOURCES["heimao"].parse
    again = parse(saved[-1].kept, url="a.json", http_status=None, fetched_at=NIGHT)
    assert again.records[0]["author"]["id"].startswith("h-")
    assert again.records[0]["title"] == "示例云创1数字人代理费不退"


def test_a_folder_is_read_and_a_missing_file_refused(tmp_path):
    (tmp_path / "1.json").write_bytes(page(1))
    (tmp_path / "2.json").write_bytes(page(2))
    assert told(read(tmp_path, "saved")) == [
        ("saved/1.json", "ok", 1),
        ("saved/2.json", "ok", 1),
    ]
    with pytest.raises(errors.InputError, match="cannot be read"):
        read(tmp_path / "none.json", "none.json")


def test_an_address_is_told_as_it_is_and_a_file_without_its_folders():
    assert drops.shown_address("https://x.example/a/b") == "https://x.example/a/b"
    assert drops.shown_address("/srv/saved/s.zip!d/p.html") == "p.html"
    assert drops.shown_address("saved/p.xml.gz") == "p.xml"
