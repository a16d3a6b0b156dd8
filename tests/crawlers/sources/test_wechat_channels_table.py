import random
from datetime import UTC, datetime

import pytest

from crawlers.sources import wechat_channels_table

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
CELLS = {
    "ID": "ID_147990000000000000301",
    "标题": "招代理 #数字人",
    "作者": "示例招商",
    "认证主体": "示例星播科技有限公司",
    "点赞": "1.2万",
    "发布时间": "2026-02-28 08:00:00",
    "下载时间": "2026-03-01 08:00:00",
}


def table(cells, mark=","):
    return "\n".join(mark.join(line) for line in (cells, cells.values()))


def parse(text, encoding="utf-8-sig"):
    return wechat_channels_table.parse(text.encode(encoding), fetched_at=AT)


def test_the_order_of_columns_does_not_matter():
    expected = parse(table(CELLS)).records
    names = list(CELLS)
    random.Random(5).shuffle(names)
    assert parse(table({name: CELLS[name] for name in names})).records == expected
    assert expected[0]["post_id"] == "147990000000000000301"
    assert expected[0]["metrics"]["likes"] == 12000


@pytest.mark.parametrize("mark", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separator_and_encoding_do_not_matter(mark, encoding):
    expected = parse(table(CELLS)).records
    assert parse(table(CELLS, mark), encoding).records == expected


def test_a_row_that_was_cut_off_is_a_reject_and_costs_no_other():
    whole = table(CELLS)
    parsed = parse(f"{whole}\n{','.join(list(CELLS.values())[:4])}")
    assert len(parsed.records) == 1
    assert [reject.field for reject in parsed.rejects] == ["row[1].cells"]


def test_a_row_was_crawled_when_it_was_taken_but_never_in_the_future():
    taken = parse(table(CELLS)).records[0]["crawled_at"]
    later = parse(table({**CELLS, "下载时间": "2027-01-01 00:00:00"})).records[0]
    assert taken == "2026-03-01T00:00:00+00:00"
    assert later["crawled_at"] == AT.isoformat()


def test_an_id_that_a_spreadsheet_rounded_is_a_reject():
    parsed = parse(table({**CELLS, "ID": "1.4799E+20"}))
    assert [reject.field for reject in parsed.rejects] == ["row[0].id"]
    assert parsed.records == ()


def test_a_column_that_nobody_knows_is_named():
    parsed = parse(table({**CELLS, "新栏目": "x"}))
    assert parsed.unknown_fields == {"column 新栏目"}


def test_another_table_is_not_read():
    assert parse("姓名,年龄\n甲,1\n") is None
    assert parse("") is None


def test_a_header_alone_proves_nothing():
    assert parse(",".join(CELLS)).fetch_status == "error"
