from types import SimpleNamespace

from crawlers import pipelines
from crawlers.memory.staging import Answer, Staged, Staging

RECORD = {"platform": "rss", "kind": "article", "post_id": "7", "text": "19900000007"}


def test_an_item_is_staged_and_handed_on(tmp_path):
    staging = Staging(tmp_path, source="rss", hash_key=b"")
    item = Staged(RECORD, Answer("u"))
    staging.expect(item.answer, records=1)
    crawler = SimpleNamespace(spider=SimpleNamespace(staging=staging))

    assert pipelines.StagingPipeline.from_crawler(crawler).process_item(item) is item
    assert "u" in staging.finished


def test_the_log_names_an_item_by_its_id_only():
    item = Staged(RECORD, Answer("u"))
    log = pipelines.DiscreetLog()

    for found in (
        log.scraped(item, None, None),
        log.item_error(item, ValueError(), None, None),
    ):
        assert "19900000007" not in found["msg"] % found["args"]
