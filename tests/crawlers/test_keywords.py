import pytest

from crawlers.keywords import Keywords


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
