"""Pictures that lie beside saved answers."""

import base64
import io
import json
import zipfile
from datetime import UTC, datetime

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from flows import home as home_module
from flows import settings as settings_module
from flows.collecting import album, imports
from warehouse import connect, contracts, load

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>示例号</title><link>https://feed.example.org/</link>
<item><guid>https://feed.example.org/1</guid><title>数字人招商</title><description>扫码详聊</description></item>
</channel></rss>"""


def picture(seed=1, code="微信号:szr_demo_01"):
    noise = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize((640, 480))
    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
    image.paste(Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=5))), (20, 20))  # fmt: skip
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def settings(tmp_path):
    return settings_module.Settings(
        home=home_module.Home(tmp_path / "home"), config_path=None
    )


def imported(settings, path):
    counts, code = imports.import_command(settings, [str(path)], source="rss", column_map=(), started_at=NOW, wait=False)  # fmt: skip
    with connect.open_work(settings.home.database) as con:
        fetches = dict(con.execute("select url_or_file, fetch_status from core.fetches").fetchall())  # fmt: skip
        return counts, code, load.read(con, contracts.PICTURES), fetches


def zipped(path):
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("feed.xml", FEED)
        target.writestr("images/cover-0001.png", picture())
        target.writestr("images/broken-0001.png", picture()[:500])


def folder(path):
    (path / "images").mkdir(parents=True)
    (path / "feed.xml").write_text(FEED, encoding="utf-8")
    (path / "images" / "cover-0001.png").write_bytes(picture())
    (path / "images" / "broken-0001.png").write_bytes(picture()[:500])


@pytest.mark.parametrize("make", [zipped, folder])
def test_pictures_beside_answers_are_looked_at(settings, tmp_path, make):
    make(tmp_path / "drop")

    counts, code, found, fetches = imported(settings, tmp_path / "drop")

    assert (code, counts["new"], counts["rejected"]) == (0, 1, 0)
    assert [address.partition(":")[0] for address in found["address"]] == ["name", "sha256"]  # fmt: skip
    assert set(found["qr"]) == {"微信号:szr_demo_01"}
    states = {name.rpartition("/")[2]: state for name, state in fetches.items()}
    assert states["cover-0001.png"] == "ok"
    assert states["broken-0001.png"] == "error"


def test_pictures_of_a_browser_session_are_known_by_their_address(settings, tmp_path):
    def answer(url, kind, content):
        body = {"mimeType": kind, "text": base64.b64encode(content).decode(), "encoding": "base64"}  # fmt: skip
        return {"request": {"url": url}, "response": {"status": 200, "content": body}}

    entries = [
        answer("https://feed.example.org/feed", "application/xml", FEED.encode()),
        answer("https://cdn.example.net/a/cover.png?sign=secret", "image/png", picture()),
        answer("https://cdn.example.net/a/fake.png", "image/png", b"x" * 3_000),
    ]  # fmt: skip
    (tmp_path / "session.har").write_text(json.dumps({"log": {"entries": entries}}))

    _, code, found, _ = imported(settings, tmp_path / "session.har")

    assert code == 0
    assert "cdn.example.net/a/cover.png" in found["address"].to_list()
    assert not any("secret" in address for address in found["address"])


def test_a_name_that_two_pictures_have_says_nothing():
    kept = album.Album(NOW)
    kept.add("a/cover-0001.png", "a/cover-0001.png", picture(1))
    kept.add("b/cover-0001.png", "b/cover-0001.png", picture(2))

    assert [address.partition(":")[0] for address in kept.pictures()["address"]] == ["sha256", "sha256"]  # fmt: skip


def test_no_pictures_no_rows():
    assert album.Album(NOW).pictures().is_empty()
