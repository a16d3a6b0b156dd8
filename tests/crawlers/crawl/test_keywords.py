import pytest

from crawlers.crawl.keywords import Keywords


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"title": "ＡＩ数字人代理"}, "ai数字人"),
        ({"text": "空调坏了", "complaint": {"target": "示例AI数字人公司"}}, "ai数字人"),
        ({"text": None, "complaint": {"issues": ["加盟费"]}}, "加盟"),
        ({"title": "空调坏了"}, False),
        ({}, False),
    ],
)
def test_the_first_keyword_anywhere_in_a_record_chooses_it(record, expected):
    assert Keywords(["ai数字人", "加盟"]).matched(record) == expected


def test_without_keywords_everything_is_wanted():
    assert Keywords(()).matched({}) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我交了六万六做数字人直播，到现在没有收益", "数字人加盟"),
        ("代理费交了三万，说好的数字人系统打不开", "数字人代理费"),
        ("数字人加盟，总部跑路", "数字人加盟"),
        ("虚拟主播公司收了代理费不退", "虚拟主播代理"),
        ("酒水代理费不退", False),
        ("主播推荐的面膜过敏", False),
        ("快递丢件，客服不理", False),
    ],
)
def test_what_a_search_would_find_is_found_without_the_whole_keyword(text, expected):
    words = ["数字人代理费", "数字人加盟", "虚拟主播代理"]
    assert Keywords(words).matched({"text": text}) == expected
