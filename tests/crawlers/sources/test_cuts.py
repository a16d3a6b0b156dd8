import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.sources import catalogue, cuts
from crawlers.sources.parsed import Ask

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
BEGIN = "<!doctype html><html lang=zh><head><title>t</title></head><body>"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "数字人代理",
        "<p>1 < 2",
        f"{BEGIN}<div><p>text</div></body></html>",
        # The last tags are optional, and minifiers leave them out.
        f"{BEGIN}<div><ul><li>text</ul></div>",
        f"{BEGIN}<div><p>text",
        f"{BEGIN}<div><div><p>text</body>",
        f"{BEGIN}<div><div></html><!-- served in 3 ms",
        "<div><section><p>a part of a page",
        f'{BEGIN}<script>document.write("<div><div>")</script><p>text',
        f"{BEGIN}<!-- <div><div> --><div/><div/><article/>text",
        f"{BEGIN}<textarea><div><div></textarea>",
    ],
)
def test_nothing_proves_that_a_page_is_cut(page):
    assert cuts.cut_off(page) is None


@pytest.mark.parametrize(
    ("page", "proof"),
    [
        (f"{BEGIN}<p>text<!-- a comment", "inside a comment"),
        (f"{BEGIN}<p>text<script>var a = '</div>", "inside <script>"),
        (f"{BEGIN}<STYLE>p {{", "inside <style>"),
        (f"{BEGIN}<p>text<a hre", "inside a tag"),
        (f"{BEGIN}<p>text</p", "inside a tag"),
        (f'{BEGIN}<div class="a', "inside a tag"),
        ("<p>text<img src='x", "inside a tag"),
        (f"{BEGIN}<div><main><p>text", "with 2 elements open"),
        (f'{BEGIN}<script>"</html>"</script><div><ul><li>text', "with 2 elements open"),
    ],
)
def test_an_end_inside_something_proves_a_cut(page, proof):
    assert cuts.cut_off(page) == proof


@pytest.mark.parametrize(
    ("source", "case", "after"),
    [
        ("landing", "utf8", b"</h1>"),
        ("wechat_mp", "article", b'id="js_content"'),
        ("36kr", "article", b"articleDetailContent"),
        ("heimao", "detail", "合同盖章".encode()),
        ("taobao", "page", b"title--"),
    ],
)
def test_a_page_that_is_cut_off_says_so_and_keeps_what_was_read(source, case, after):
    directory = PAGES / source / case
    (path,) = directory.glob("input.*")
    meta = json.loads((directory / "meta.json").read_text())
    whole = path.read_bytes()

    def read(body):
        return catalogue.SOURCES[source].parse(
            body,
            url=meta["url"],
            http_status=200,
            fetched_at=datetime(2026, 3, 2, tzinfo=UTC),
            ask=Ask(meta["url"]),
        )

    assert not [each for each in read(whole).rejects if each.field == "html"]
    place = whole.rindex(after)
    cut = read(whole[: whole.index(b"<", place + len(after)) + 2])
    assert cut.records
    assert [each.reason for each in cut.rejects if each.field == "html"] == ["cut off inside a tag"]  # fmt: skip
    if source != "taobao":
        assert [each["text_truncated"] for each in cut.records] == [True]
