"""Registered identities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.identifiers import registrations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(head: str) -> str:
    """Append the check character of GB 32100-2015, by trying all."""
    return next(head + one for one in ALPHABET if registrations.is_code(head + one))


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in registrations.registrations(text)]


@given(st.text(ALPHABET, min_size=9, max_size=9))
def test_exactly_one_check_character_fits(tail):
    head = "91000000" + tail
    assert sum(registrations.is_code(head + one) for one in ALPHABET) == 1


def test_code_is_found_as_a_word():
    whole = code("91990000MA0DEMO12".replace("O", "0"))
    assert found(f"信用代码：{whole.lower()}。") == [("uscc", whole)]
    assert found(f"x{whole}") == []
    assert found(f"{whole}9") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [("谁有大同示例云播科技有限公司老板电话", "大同示例云播科技有限公司"), ("求滕州示例云播科技有限公司退钱", "滕州示例云播科技有限公司"), ("技术方示例云播科技有限公司提供系统", "示例云播科技有限公司"), ("供应商示例云播科技有限公司", "示例云播科技有限公司"), ("收款账户属于示例云播科技有限公司", "示例云播科技有限公司"), ("记者查询示例云播科技有限公司 已注销", "示例云播科技有限公司"), ("公司名示例云播科技有限公司", "示例云播科技有限公司"), ("东方示例数智科技有限公司", "东方示例数智科技有限公司"), ("示例同舟数智科技有限公司", "示例同舟数智科技有限公司"), ("南昌·示例·云播科技有限公司", "南昌示例云播科技有限公司")],
)  # fmt: skip
def test_words_before_a_company_are_no_part_of_it(text, name):
    assert found(text) == [("company", name)]


def test_number_of_a_licence_is_a_code():
    assert found("执照号 91440300MA000056H0") == [("uscc", "91440300MA000056H0")]


def test_constant_and_foreign_codes_are_refused():
    assert not registrations.is_code("0" * 18)
    assert not registrations.is_code("91990000MA0DEM")
    assert not registrations.is_code("I1990000MA0DEMP12X")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("示例星河科技有限公司", "示例星河科技有限公司"),
        ("我们是示例星河科技有限公司的", "示例星河科技有限公司"),
        ("欢迎联系杭州示例科技有限公司", "杭州示例科技有限公司"),
        ("示例(杭州)科技有限责任公司", "示例(杭州)科技有限责任公司"),
        ("示例街区(上海示例声动智能科技有限公司)", "上海示例声动智能科技有限公司"),
        ("被示例星河科技有限公司骗了", "示例星河科技有限公司"),
        ("华为示例技术有限公司", "华为示例技术有限公司"),
    ],
)
def test_company_name_begins_where_it_begins(text, name):
    assert found(text) == [("company", name)]


def test_filings_are_read():
    assert found("浙ICP备00001234号-2") == [("icp", "浙ICP备00001234号-2")]
    assert found("粤公网安备44000002000001号") == [
        ("police_filing", "粤公网安备44000002000001号")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("店铺:青禾影像定制铺 客服在线", [("shop", "青禾影像定制铺")]), ("商家店铺“灵犬口播专营店”,客服", [("shop", "灵犬口播专营店")]), ("开一家店铺要多少钱", []), ("我们的店铺:欢迎光临", []),
        ("杭州云上智播科技诚招城市合伙人", [("company", "杭州云上智播科技")]), ("收款方:徐州云梭数据服务部(个体户)", [("company", "徐州云梭数据服务部")]),
        ("杭州科技诚招", []), ("最新科技面向全国", []), ("统计 UA-199000-0", [("analytics_id", "UA-199000-0")]), ("我们共同的有限合伙", []),
    ],
)  # fmt: skip
def test_shops_and_companies_without_a_legal_form(text, expected):
    assert found(text) == expected


def test_a_code_that_is_called_one_may_be_copied_wrongly():
    assert found("统一社会信用代码92320300MA00000X19。") == [
        ("uscc", "92320300MA00000X19")
    ]
    assert found("编号92320300MA00000X19。") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("谁能联系上示例鹿文化传媒有限责任公司？", "示例鹿文化传媒有限责任公司"), ("可联系上海示例智能科技有限公司", "上海示例智能科技有限公司"),
        ("阜阳市场监管局对济南示例云数字科技有限公司作出处罚", "济南示例云数字科技有限公司"), ("要求济南示例云数字科技有限公司退款", "济南示例云数字科技有限公司"), ("泉州警方对示例猫信息技术有限公司立案", "示例猫信息技术有限公司"),
        ("涉事企业示例帆信息技术集团有限公司", "示例帆信息技术集团有限公司"), ("涉案公司义乌示例企业管理咨询有限公司", "义乌示例企业管理咨询有限公司"),
        ("刘某某诉示例灵企业管理咨询有限公司", "示例灵企业管理咨询有限公司"), ("可以是你(一级拿三成)示例星电子商务有限公司", "示例星电子商务有限公司"),
        ("示例鹿(杭州)科技有限公司", "示例鹿(杭州)科技有限公司"), ("示例鹿(中国)科技有限公司", "示例鹿(中国)科技有限公司"),
        ("认准成都示例云文化传媒有限公 司", "成都示例云文化传媒有限公司"), ("开票方:示例鹿科技有限 公司", "示例鹿科技有限公司"), ("消协约谈示例鹿科技有限公司", "示例鹿科技有限公司"),
    ],
)  # fmt: skip
def test_what_acts_on_a_company_is_no_part_of_its_name(text, name):
    assert [one.value for one in registrations.registrations(text)] == [name]


def test_a_tax_number_is_a_code_and_an_order_number_is_none():
    assert [one.value for one in registrations.registrations("税号91410105ma7wpwja5r")] == ["91410105MA7WPWJA5R"]  # fmt: skip
    assert not list(registrations.registrations("订单91410105MA7WPWJA5R"))
