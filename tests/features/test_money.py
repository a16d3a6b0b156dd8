"""Amounts: notations one by one, roles and periods, then a forge of ads that knows what it wrote."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import money, normalise, pack
from tests.features.priced import NOISE, TABLE, amounts, forge, scores


def only(text: str) -> money.Amount:
    found = amounts(text)
    assert len(found) == 1, found
    return found[0]


def test_amounts_and_fees_of_varied_ads_are_read():
    figures, wrong = scores(forge(5, 800))
    assert figures["yuan"] >= 0.97, wrong[:10]
    assert figures["fee"] >= 0.95, wrong[:10]


def test_roles_of_varied_ads_are_read():
    assert scores(forge(17, 800))[0]["role"] >= 0.95


def test_noise_alone_holds_no_amount():
    wrong = {text: amounts(text) for text in NOISE if amounts(text)}
    assert not wrong


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("代理费10万", 100_000),
        ("代理费十万", 100_000),
        ("代理费10w", 100_000),
        ("代理费98k", 98_000),
        ("首期付8k,余下的月结", 8000),
        ("代理费9.98万", 99_800),
        ("代理费9万8", 98_000),
        ("代理费3万5千", 35_000),
        ("代理费1万2千5", 12_500),
        ("代理费一万二", 12_000),
        ("代理费两万八千", 28_000),
        ("代理费一万零五百元", 10_500),
        ("代理费壹拾万", 100_000),
        ("代理费2萬8", 28_000),
        ("代理费1.2个w", 12_000),
        ("代理费十w", 100_000),
        ("代理费12.8W元", 128_000),
        ("代理费￥12,800", 12_800),
        ("代理费RMB98000", 98_000),
        ("名额⑥⑧⑧⑧⑧", 68_888),
        ("代理费９８００", 9800),
        ("折后9800", 9800),
        ("代理费98000一年", 98_000),
        ("代理费十万一年", 100_000),
        ("保证金八万一一次交清", 81_000),
        ("代理费3块5", Decimal("3.5")),
        ("预存3w5成为市级代理", 35_000),
        ("招商，6 万拿下", 60_000),
        ("投资20万，回本3个月", 200_000),
        ("席位价统一三万五", 35_000),
    ],
)
def test_notation_is_read(text, yuan):
    one = only(text)
    assert one.yuan == yuan
    assert one.yuan_max is None


@pytest.mark.parametrize(
    ("text", "yuan", "yuan_max"),
    [
        ("代理费2-5w", 20_000, 50_000),
        ("代理费8-12k", 8000, 12_000),
        ("代理费8万-15万", 80_000, 150_000),
        ("代理费9800-1.2万", 9800, 12_000),
        ("代理费五到八万", 50_000, 80_000),
        ("代理费1000~3000元", 1000, 3000),
        ("代理费三五万", 30_000, 50_000),
        ("代理费十七八万", 170_000, 180_000),
        ("代理费十几万", 110_000, 190_000),
        ("代理费几万块", 20_000, 90_000),
        ("月入六位数", 100_000, 999_999),
        ("月入7位数", 1_000_000, 9_999_999),
        ("代理费十来万", 100_000, None),
        ("投资不过十多万", 100_000, None),
        ("代理费十几多万", 110_000, 190_000),
        ("代理费10几多万", 110_000, 190_000),
        ("代理费一百多万", 1_000_000, None),
        ("代理费10多万", 100_000, None),
        ("代理费近10万", 100_000, None),
        ("代理费6万左右", 60_000, None),
        ("月入上万", 10_000, None),
    ],
)
def test_vague_sums_and_ranges_have_bounds(text, yuan, yuan_max):
    one = only(text)
    assert (one.yuan, one.yuan_max) == (yuan, yuan_max)
    assert one.is_approximate


@pytest.mark.parametrize(
    "text",
    [
        "10万粉丝",
        "5万人报名",
        "3000家门店",
        "98.5%",
        "打8.8折",
        "2024年6月13日",
        "24小时",
        "播放量100万",
        "4k画质",
        "导出8k视频",
        "支持2k分辨率",
        "1080p",
        "$100",
        "100美元",
        "千万别信",
        "加盟千万别做",
        "十万个为什么",
        "一千零一夜",
        "第3000名",
        "拨打96110",
        "路数500起",
        "代理政策2024",
        "65W快充",
        "手机1990000\n4991，备注代理、加盟、招商",
        "客服400 000 1234，备注代理、加盟、招商",
    ],
)
def test_counts_dates_and_ids_are_no_amounts(text):
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "role", "period"),
    [
        ("市代3.5万/年", "agency_fee", "year"),
        ("花6万就能拿下一个县", "agency_fee", "none"),
        ("预存2.8W即是地市负责人，招商中", "agency_fee", "none"),
        ("交了6.6万代理费", "agency_fee", "none"),
        ("月入10万", "promised_income", "month"),
        ("日赚600", "promised_income", "day"),
        ("每个月稳定到手2万", "promised_income", "month"),
        ("一年下来少说30万", "promised_income", "none"),
        ("会员价299元/月", "price", "month"),
        ("一局20元", "price", "none"),
        ("单价9.9元/条", "price", "none"),
        ("被骗3万", "loss", "none"),
        ("除了代理费，买设备又搭了5万", "loss", "none"),
        ("罚款3万元", "other", "none"),
        ("底薪5000元", "other", "none"),
        ("GMV 5500万", "other", "none"),
    ],
)
def test_role_and_period(text, role, period):
    one = only(text)
    assert (one.role, one.period) == (role, period)


def test_a_packs_words_win():
    lexicon = money.Lexicon(
        fee=("入局金",), price=(), income=("月入",), loss=(), other=()
    )
    (one,) = money.find_amounts(normalise.normalise("入局金3万"), lexicon, TABLE)
    assert one.role == "agency_fee"


def test_raw_is_what_stands_between_the_offsets():
    for text, _ in forge(41, 300):
        for one in amounts(text):
            assert text[one.start : one.end] == one.raw


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "十",
                    "万",
                    "1",
                    "9.8",
                    "w",
                    "k",
                    "元",
                    "￥",
                    "代理费",
                    "月入",
                    "几",
                    "多",
                    "-",
                    "到",
                    "位数",
                    "一年",
                    "\ud800",
                    "\x00",
                ]
            ),
            st.characters(codec=None),
        ),
        max_size=30,
    ).map("".join)
)
@settings(deadline=None, max_examples=150)
def test_any_text_can_be_read(text):
    read = amounts(text)
    assert all(text[one.start : one.end] == one.raw for one in read)
    assert all(one.end <= two.start for one, two in itertools.pairwise(read))
    assert all(one.yuan_max is None or one.yuan_max > one.yuan for one in read)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("数字人代理 村级站九千九", 9900), ("数字人县代,我签了,39800,三年", 39800), ("数字人口播,单条180,可开票", 180),
        ("数字人合伙人,每单提六千。", 6000), ("课后出厂价2350,支持定制", 2350),
    ],
)  # fmt: skip
def test_bare_numbers_that_end_a_phrase_are_sums(text, yuan):
    lexicon = pack.load_pack().money
    assert yuan in {
        one.yuan
        for one in money.find_amounts(normalise.normalise(text), lexicon, TABLE)
    }


@pytest.mark.parametrize(
    "text", ["数字人代理,已有1500家", "满20减", "第180号", "尾号2350"]
)
def test_bare_numbers_that_count_or_name_are_none(text):
    lexicon = pack.load_pack().money
    assert money.find_amounts(normalise.normalise(text), lexicon, TABLE) == []
