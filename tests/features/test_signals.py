"""Tropes in texts that were written for the tests, one per meaning of CONTRACT §9, and their look-alikes."""

import random

import polars as pl
import pytest

from features import catalogue, pack, reading, signals
from features.matching import scan
from features.texts import documents
from warehouse import contracts

PACK = pack.load_pack()


def asserted(text):
    """Signals asserted in an agency pitch that goes on with the text."""
    document = {"doc_id": ["d"], "title": [None], "text": [PITCH + text]}
    frame = pl.DataFrame(document, schema=dict(contracts.DOCUMENTS.columns))
    found = reading.read_documents(frame, pack=PACK).signals
    return set(found.filter(voice="asserted")["signal"])


PITCH = "数字人诚招城市合伙人。"


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        ("fomo", "十年前错过了电商,这次别再错过"),
        ("fomo", "真人主播马上要失业了,招数字人代理"),
        ("guaranteed_income", "两个月就能回本"),
        ("guaranteed_income", "每月到手三万块"),
        ("guaranteed_income", "不赚钱全额退"),
        ("passive_income", "睡着觉也有钱进账"),
        ("passive_income", "你什么都不用管,坐等分红"),
        ("zero_threshold", "不懂技术也能做"),
        ("zero_threshold", "宝妈、退休大爷都能干"),
        ("ban_evasion", "平台根本检测不出来"),
        ("ban_evasion", "号绝对不会掉"),
        ("urgency", "全省仅剩四个名额"),
        ("urgency", "月底就要涨价"),
        ("false_authority", "央视专访推荐过"),
        ("false_authority", "国家扶持项目"),
        ("source_manufacturer", "砍掉中间商,总部直签"),
        ("recruitment_tiers", "省代、市代、县代都放"),
        ("recruitment_tiers", "介绍一个合伙人奖励8000元"),
        ("recruitment_tiers", "星主席6.8万,盟主席16.8万"),
        ("no_refund", "签约后费用概不退还"),
        ("contact_elsewhere", "想做的看我主页"),
        ("contact_elsewhere", "评论区扣1"),
        ("refund_on_target", "开满50家服务费全额返还"),
        ("liability_shift", "封号与本公司无关"),
        ("label_removal", "帮你去掉AI标识"),
        ("recovery_offer", "之前交过代理费没退的,我们帮你追回"),
    ],
)
def test_a_trope_is_found(signal, text):
    assert signal in asserted(text)


def test_every_signal_of_the_contract_has_a_case():
    marks = [
        mark for mark in test_a_trope_is_found.pytestmark if mark.name == "parametrize"
    ]
    assert {signal for signal, _ in marks[0].args[1]} == set(catalogue.SIGNALS)


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        ("recruitment_tiers", "现招市代一名"),
        ("recruitment_tiers", "推荐客户购买返佣10%"),
        ("contact_elsewhere", "微信 szr_demo_01"),
        ("guaranteed_income", "我们不承诺收益"),
        ("false_authority", "网站备案还没办下来"),
        ("urgency", "一城一商"),
        ("fomo", "标准版199元/年"),
        ("label_removal", "按要求添加AI标识"),
        ("no_refund", "七天不满意可退款"),
    ],
)
def test_a_look_alike_is_not(signal, text):
    assert signal not in asserted(text)


def test_spans_of_one_signal_do_not_overlap():
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": ["数字人代理稳赚不赔,月入十万稳赚"]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    found = reading.read_documents(frame, pack=PACK).signals
    spans = found.filter(signal="guaranteed_income").sort("span_start")
    assert spans.height >= 2
    assert (spans["span_start"][1:] >= spans["span_end"][:-1]).all()


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        ("recruitment_tiers", "省38万8,地级市12万8,区三万九"),
        ("contact_elsewhere", "名片在菜单栏"),
        ("urgency", "满座即停"),
        ("no_refund", "预存额度不退现"),
        ("liability_shift", "公司不对任何平台的账号处置结果负责"),
        ("passive_income", "由我司统一运营,您只看后台"),
        ("guaranteed_income", "去年同级伙伴人均回本47天"),
        ("zero_threshold", "唔使识电脑"),
    ],
)
def test_further_turns_are_heard(signal, text):
    assert signal in asserted(text)


def test_a_word_between_marks_is_no_trope_by_its_phrases_alone():
    assert "contact_elsewhere" not in asserted("我们有“云端店”")


def test_few_texts_are_looked_at_for_ladders_and_none_is_missed():
    rng = random.Random(4)
    words = ["星主席", "盟主席", "城主", "A级", "b级", "省", "市", "县代", "村", "加盟", "起", "只要", ",", "。", "3万", "6.8万", "16800元", "一个", "x"]  # fmt: skip
    texts = ["".join(rng.choices(words, k=rng.randrange(2, 14))) for _ in range(1500)]
    made = documents.documents([(str(n), None, text) for n, text in enumerate(texts)])
    found = documents.Finds(made, PACK.money, PACK.bare).sums
    seen = scan.scanner(PACK.vocabulary).scan([one.joined for one in made])
    expected = []
    for number, text in enumerate(seen.texts):
        here = found.texts == number
        spans = list(zip(found.starts[here].tolist(), found.ends[here].tolist(), strict=True))  # fmt: skip
        ladder = signals._ladder(text, spans)
        expected += [] if ladder is None else [(number, *ladder)]
    told = [(text, *span) for text, _, *span in signals._ladders(seen, found)]
    assert told == expected
    assert 20 < len(told) < 1000
