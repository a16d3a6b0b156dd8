"""What texts and posts are doing. The texts were written for this file; none was used to set a weight."""

import polars as pl
import pytest

from features import pack, reading, stance
from warehouse import contracts

PACK = pack.load_pack()


def odds_of(text, title=None):
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [title], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    return reading.read_documents(frame, pack=PACK).stances.row(0, named=True)


CASES = [
    ("offer", "AI数字人项目诚招县级代理,代理费2万8,名额仅剩两个,加微信 szr_demo_01"),
    ("offer", "智能播报员城市掌舵人招募,占位金5.8万,一城一席,旗下每来一位掌舵人奖一万"),
    ("offer", "我也被骗过,直到遇到这家源头厂家,第二个月就回本了,想做数字人代理的加我 vx szr_demo_02"),
    ("offer", "别信那些套壳公司!我们自研数字人,六万给你整个市的独家代理,找我看后台"),
    ("vendor", "数字人视频制作,每条80元,支持开发票,企业对公,不满意免费改两次"),
    ("vendor", "数字人直播软件,标准版2980元/年,提供API文档,免费试用七天,不招代理,不承诺收益"),
    ("report", "记者调查发现,多家公司以招募数字人代理为名收取高额加盟费,警方提醒市民谨防上当"),
    ("report", "法院判决:数字人代理合同解除,被告公司返还原告王某代理费8万元"),
    ("complaint", "本人交了6万6数字人代理费,对方承诺三个月回本,结果直播间秒封,要求退款被拉黑"),
    ("complaint", "避雷!数字人加盟就是坑,被骗了五万,有没有一起维权的姐妹,私信我进群"),
    ("other", "招聘数字人直播运营专员,底薪6000加提成,五险一金,双休,简历投递邮箱"),
    ("other", "数字人开源项目本地部署教程,显卡8G就能跑,三步搞定"),
    ("other", "奶茶品牌诚招区域代理,市代15万,县代6万,名额有限,三个月回本"),
    ("other", "今天天气真好,出去走走"),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "text"), CASES)
def test_a_text_is_read_for_what_it_does(expected, text):
    assert stance.best(odds_of(text)) == expected


def test_a_word_that_merely_contains_the_topic_is_off_topic():
    assert not odds_of("数字人民币红包今晚开抢,名额有限")["is_on_topic"]
    assert odds_of("数字人生成视频软件")["is_on_topic"]


def test_an_entry_sum_with_a_territory_is_on_topic_by_a_hint():
    assert odds_of("城市主理人,占位金5.8万拿下全县,AI替你干活")["is_on_topic"]


def posts(**columns):
    return pl.DataFrame({"post_id": ["p"], "doc_id": ["d"], **columns})


def stances(**odds):
    row = {"doc_id": ["d"], "is_on_topic": [True]}
    row |= {name: [odds.get(name, 0.0)] for name in stance.STANCES}
    return pl.DataFrame(row, schema=dict(contracts.DOC_STANCES.columns))


def test_a_verified_newspaper_reports_where_the_wording_is_open():
    read = stance.post_stances(posts(author_verified=["media"]), stances(offer=1.5))
    assert read["stance"].to_list() == ["report"]


def test_a_complaint_form_complains():
    read = stance.post_stances(posts(kind=["complaint"]), stances(offer=2.0))
    assert read["stance"].to_list() == ["complaint"]


def test_a_post_without_a_read_document_is_other():
    read = stance.post_stances(posts(), stances().clear())
    assert read.row(0, named=True)["stance"] == "other"
    assert read.row(0, named=True)["is_on_topic"] is False


def test_the_probability_is_that_of_the_softmax():
    read = stance.post_stances(posts(), stances(offer=2.0))
    assert read["stance_probability"].to_list() == [pytest.approx(0.6488, abs=1e-4)]
