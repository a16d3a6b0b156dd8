"""The second pack: another noun, the same script, no code. All posts are invented."""

import math

import polars as pl
import pytest

from features import pack, reading, stance
from warehouse import contracts

PACK = pack.load_pack("local-life")

CASES = [
    ("offer", "本地生活服务商全国招募,代理费3万8,一城一席,三个月回本,加微信 szr_demo_01"),
    ("offer", "团购服务商城市合伙人,保证金6万,下级每签一家商户你拿提成,名额只剩两个,私信我"),
    ("offer", "同城生活县级代理还有空位,入门费29800元,发展区县服务商拿差价,有意者联系 19900001234"),
    ("vendor", "本地生活代运营,服务费每月3000元,按月结算,提供发票,不满意随时解约"),
    ("report", "警方提醒:近期有人以招募本地生活服务商为名收取高额保证金,请市民谨防上当"),
    ("report", "法院判决:本地生活区域代理合同解除,被告公司返还原告代理费六万元"),
    ("complaint", "我交了59000元做本地生活服务商,说好三个月回本,结果一单没有,要求退款被拉黑"),
    ("other", "招聘本地生活运营专员,底薪5000加提成,五险一金,双休,简历发 hr@example.com"),
    ("other", "今天天气真好,出去走走"),
]  # fmt: skip


def read(text):
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    return reading.read_documents(frame, pack=PACK)


@pytest.mark.parametrize(("expected", "text"), CASES)
def test_another_noun_is_read_by_the_same_script(expected, text):
    assert stance.best(read(text).stances.row(0, named=True)) == expected


def test_tropes_and_fees_of_the_new_wave_are_asserted():
    found = read(CASES[0][1])
    asserted = found.signals.filter(pl.col("voice") == "asserted")
    assert {"guaranteed_income"} <= set(asserted["signal"])
    fee = found.amounts.row(0, named=True)
    assert (math.floor(fee["yuan"]), fee["role"]) == (38000, "agency_fee")


def test_the_new_wave_is_on_its_own_topic_and_not_on_the_first_packs():
    text = "本地生活服务商全国招募"
    assert read(text).stances["is_on_topic"][0]
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    first = reading.read_documents(frame, pack=pack.load_pack())
    assert not first.stances["is_on_topic"][0]
