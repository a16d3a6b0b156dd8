"""Reading whole frames: contracts, spans, independence of the batch, and what a post adds to its document."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import pack, reading
from warehouse import contracts, errors

PACK = pack.load_pack()
AD = "数字人诚招县代,代理费2万8,三个月回本,不封号,仅剩2个名额,加微信 szr_demo_01"


def documents(*pairs):
    return pl.DataFrame(
        {
            "doc_id": [f"d{index:03}" for index in range(len(pairs))],
            "title": [title for title, _ in pairs],
            "text": [text for _, text in pairs],
        },
        schema=dict(contracts.DOCUMENTS.columns),
    )


def read(*pairs):
    return reading.read_documents(documents(*pairs), pack=PACK)


def assert_spans_exact(frame, found):
    for rows, raw in (
        (found.signals, "span_text"),
        (found.amounts, "span_text"),
        (found.contacts, "raw"),
    ):
        for row in rows.join(frame, on="doc_id").to_dicts():
            assert row[row["field"]][row["span_start"] : row["span_end"]] == row[raw]


def test_empty_in_empty_out():
    found = read()
    assert [
        frame.height
        for frame in (found.signals, found.amounts, found.contacts, found.stances)
    ] == [0, 0, 0, 0]


def test_a_frame_of_another_shape_is_refused():
    with pytest.raises(errors.ContractError, match="documents"):
        reading.read_documents(pl.DataFrame({"doc_id": ["a"]}), pack=PACK)


def test_nothing_said_is_other():
    found = read((None, None), ("", ""), ("   ", None))
    assert found.stances.height == 3
    assert (found.stances["other"] > found.stances["offer"]).all()


def test_an_advert_is_read_whole():
    found = read((None, AD))
    assert {"guaranteed_income", "ban_evasion", "urgency"} <= set(
        found.signals.filter(voice="asserted")["signal"]
    )
    assert found.amounts.select("role", "voice").rows() == [("agency_fee", "asserted")]
    assert found.contacts.select("value", "ownership").rows() == [
        ("szr_demo_01", "own")
    ]
    assert found.stances["is_on_topic"].to_list() == [True]


def test_a_sum_that_buys_an_entry_is_a_fee_whatever_its_name():
    found = read(
        (
            None,
            "智能主播城市盟主招募,盟金2.8万,一县一席,推荐一位盟主奖三千,加微信 szr_demo_03",
        )
    )
    assert "agency_fee" in found.amounts.filter(span_text="2.8万")["role"].to_list()


def test_a_report_asserts_nothing():
    found = read(
        (
            None,
            "记者调查:多家公司声称“数字人代理三个月回本”,有人被收取代理费6万元,警方提醒警惕",
        )
    )
    assert "asserted" not in set(found.signals["voice"])
    assert "asserted" not in set(found.amounts["voice"])


def test_disguises_do_not_hide_tropes():
    found = read(("数·字·人", "诚招亻弋王里,月入⑩万,不#封#号"))
    assert {"guaranteed_income", "ban_evasion"} <= set(found.signals["signal"])
    assert_spans_exact(documents(("数·字·人", "诚招亻弋王里,月入⑩万,不#封#号")), found)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.text(max_size=20)),
            st.one_of(
                st.none(),
                st.text(max_size=30),
                st.text(
                    "数字人代理月入万不封号“”加V:123ａ🔥\u200b亻弋王里。? ", max_size=60
                ),
            ),
        ),
        max_size=6,
    )
)
@settings(deadline=None, max_examples=60)
def test_spans_are_exact_in_any_text(pairs):
    frame = documents(*pairs)
    found = reading.read_documents(frame, pack=PACK)
    assert found.stances["doc_id"].to_list() == frame["doc_id"].to_list()
    assert_spans_exact(frame, found)


def test_the_batch_and_its_order_change_nothing(monkeypatch):
    pairs = [
        (None, AD),
        ("标题", "今天天气好"),
        (None, None),
        (None, "警惕!数字人代理躺赚都是骗人的"),
        (AD, AD),
    ]
    frame = documents(*pairs)
    whole = reading.read_documents(frame, pack=PACK)
    monkeypatch.setattr(reading, "_SLICE_ROWS", 2)
    progress = []
    sliced = reading.read_documents(
        frame.reverse(),
        pack=PACK,
        on_progress=lambda done, of: progress.append((done, of)),
    )
    for name in ("signals", "amounts", "contacts", "stances"):
        assert getattr(whole, name).equals(getattr(sliced, name))
    assert progress == [(2, 5), (4, 5), (5, 5)]


def posts(*rows):
    now = datetime(2024, 6, 1, tzinfo=UTC)
    frame = pl.DataFrame(
        rows,
        schema={
            "post_id": pl.String,
            "doc_id": pl.String,
            "kind": pl.String,
            "author_verified": pl.String,
            "author_name": pl.String,
        },
        orient="row",
    )
    return frame.with_columns(
        pl.lit(now).cast(contracts.TIME).alias(name)
        for name in ("crawled_at", "first_crawled_at")
    )


def test_one_text_is_an_offer_of_a_seller_and_an_exhibit_of_the_police():
    found = read((None, AD))
    frame = posts(
        ("a:1", "d000", "post", "none", "小李"),
        ("b:1", "d000", "post", "government", "示例反诈中心"),
    )
    reads = reading.post_reads(frame, found.stances, pack=PACK)
    assert reads["stance"].to_list() == ["offer", "report"]
    sellers = pl.DataFrame({"post_id": ["a:1", "b:1"], "seller_id": ["a:x", "b:y"]})
    signals = reading.post_signals(reads, sellers, found.signals)
    assert set(signals.filter(post_id="a:1")["voice"]) == {"asserted"}
    assert set(signals.filter(post_id="b:1")["voice"]) == {"quoted"}
    amounts = reading.post_amounts(reads, sellers, found.amounts)
    assert amounts.select("post_id", "seller_id", "voice").rows() == [
        ("a:1", "a:x", "asserted"),
        ("b:1", "b:y", "quoted"),
    ]


def test_posts_of_nothing_read_nothing():
    reads = reading.post_reads(posts(), contracts.DOC_STANCES.empty(), pack=PACK)
    sellers = pl.DataFrame(schema={"post_id": pl.String, "seller_id": pl.String})
    assert reads.height == 0
    assert (
        reading.post_signals(reads, sellers, contracts.DOC_SIGNALS.empty()).height == 0
    )
    assert (
        reading.post_amounts(reads, sellers, contracts.DOC_AMOUNTS.empty()).height == 0
    )


@pytest.mark.parametrize(
    "unit", ["月入十万,", "不“", "省代市代", "如果有人", "没有任何所谓的"]
)
def test_a_long_repetition_is_read_in_linear_work(unit):
    found = read((None, unit * (20_000 // len(unit))))
    assert found.stances.height == 1
