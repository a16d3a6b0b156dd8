import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.indicators import canonical, keys
from flows.service import contact_reader
from tests.features.corpus import grammar

VALUES = [
    ("wechat", "szr_demo_01"), ("wechat", "19900000001"), ("wechat", "1990000"), ("phone", "19900000001"),
    ("email", "10001000@qq.com"), ("email", "szr@example.com"), ("email", "01@qq.com"), ("qq", "10001000"),
    ("domain", "a.b.szr.example.com"), ("domain", "example.co.uk"), ("domain", "com.cn"), ("domain", "10.1.2.3"),
    ("domain", "szr.youzan.com"), ("domain", "youzan.com"), ("domain", "szr.unknownsuffix"), ("domain", "localhost"),
    ("icp", "豫ICP备2024000001号-2"), ("icp", "豫ICP备2024000001号"), ("company", "示例数字科技有限公司"),
    ("url", "https://v.douyin.com/iABCDEF/"), ("url", "https://szr.example.com/join"), ("url", "https://mp.weixin.qq.com/s/abcDEF123?x=1#a"),
    ("url", "https://www.zhihu.com/a"), ("url", "mailto:szr@example.com"), ("url", "https://user:pw@m.tb.cn:8080/h.abcdefg"),
    ("template", "t1"), ("image", "0f0f0f0f0f0f0f0f"), ("account", "douyin:szr1"), ("telegram", "szr_demo"),
]  # fmt: skip


def of_frame(pairs):
    frame = pl.DataFrame(
        pairs, schema={"kind": pl.String, "value": pl.String}, orient="row"
    )
    found = keys.keys_of(frame.unique())
    return {
        (row["kind"], row["value"]): (row["link_kind"], row["link_value"])
        for row in found.to_dicts()
    }


def test_one_link_key_is_that_of_a_frame():
    expected = of_frame(VALUES)
    assert {pair: contact_reader.link_key(*pair) for pair in VALUES} == {
        pair: expected.get(pair) for pair in VALUES
    }


HOSTS = st.lists(
    st.sampled_from(["szr", "demo", "a", "com", "cn", "youzan", "qq", "douyin", "v", "github", "io", "example"]),
    min_size=1, max_size=5,
).map(".".join)  # fmt: skip
PATHS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\\^`|"),
    max_size=20,
)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.tuples(HOSTS, PATHS), min_size=20, max_size=20))
def test_link_keys_agree_on_hosts_and_addresses(drawn):
    pairs = [("domain", host) for host, _ in drawn]
    pairs += [("url", f"https://{host}/{path}") for host, path in drawn]
    pairs += [("url", f"{host}/{path}") for host, path in drawn]
    expected = of_frame(pairs)
    for pair in pairs:
        assert contact_reader.link_key(*pair) == expected.get(pair), pair
    urls = [value for kind, value in pairs if kind == "url"]
    bare = pl.select(canonical.bare_address(pl.Series(urls, dtype=pl.String))).to_series()  # fmt: skip
    assert [contact_reader.bare_address(url) for url in urls] == bare.to_list()


def looked_for(text):
    return {key for mention in contact_reader.read([text])[0] for key in mention.keys}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("加薇：szr_demo_01 详谈", ("wechat", "szr_demo_01", "exact")),
        ("➕V❤ s z r _ d e m o _ 0 1", ("wechat", "szr_demo_01", "exact")),
        ("电话①⑨⑨零零零零零零零壹", ("phone", "19900000001", "exact")),
        ("看他主页 douyin:MS4wLjABdemo 就知道", ("seller", "douyin:MS4wLjABdemo", "exact")),
        ("douyin:video/9900000391761176780000", ("seller", "douyin:video/9900000391761176780000", "exact")),
        ("见 wechat_channels:v2_9900@finder，已举报", ("seller", "wechat_channels:v2_9900@finder", "exact")),
        ("bluesky:did:plc:demo99", ("seller", "bluesky:did:plc:demo99", "exact")),
        ("douyin:MS4wLjABdemo/快手", ("seller", "douyin:MS4wLjABdemo", "exact")),
        ("douyin:MS4wLjABdemo/another", ("seller", "douyin:MS4wLjABdemo", "exact")),
        ("抖音号：szr_Handle1", ("handle", "douyin:szr_handle1", "handle")),
        ("https://www.douyin.com/user/MS4wDEMO?from=x", ("page", "douyin.com/user/MS4wDEMO", "page")),
        ("szr_demo_01", ("wechat", "szr_demo_01", "exact")),
        ("  SZR_DEMO_01 ", ("telegram", "szr_demo_01", "exact")),
        ("+86 199-0000-0001", ("phone", "19900000001", "exact")),
        ("wl-0123456789abcdef0123", ("entry", "wl-0123456789abcdef0123", "exact")),
        ("示例三数字科技有限公司", ("company", "示例三数字科技有限公司", "exact")),
        ("官网 www.join.szr3.example.com", ("link:domain", "example.com", "link")),
        ("微信同号 19900000001", ("link:phone", "19900000001", "link")),
    ],
)  # fmt: skip
def test_whatever_the_disguise_the_key_is_looked_for(text, key):
    assert key in looked_for(text)


@pytest.mark.parametrize("text", ["", " ", "今天天气不错，大家早点休息。" * 20, "12:30 开会"])  # fmt: skip
def test_small_talk_is_looked_up_nowhere(text):
    assert not [key for key in looked_for(text) if key[0] != "seller"]


def test_spans_are_the_text():
    text = (
        "先看 douyin:szr1 再加薇：szr_demo_01，或 https://www.kuaishou.com/profile/demo"
    )
    (found,) = contact_reader.read([text])
    assert {each.kind for each in found} >= {"seller", "wechat", "url"}
    assert all(text[each.start : each.end] == each.raw for each in found)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "：" * 5_000, "a:" * 5_000, "http://" * 2_000, "@" * 9_000])  # fmt: skip
def test_odd_text_is_read(text):
    contact_reader.read([text])


def test_many_are_read_as_each_alone(monkeypatch):
    odd = ["", "\x00", "\ud800", "a\nb", "：" * 500, "加薇：szr_demo_01"]
    texts = [*odd, *(post.text for post in grammar.posts("tuning")[::9])]
    monkeypatch.setattr(contact_reader, "_MANY", len(texts) + 1)
    alone = [contact_reader.read([text])[0] for text in texts]
    assert contact_reader.read(texts) == alone
    monkeypatch.setattr(contact_reader, "_MANY", 1)
    assert contact_reader.read(texts) == alone
    monkeypatch.setattr(contact_reader, "_MANY_CHARACTERS", 400)
    assert contact_reader.read(texts) == alone


def test_no_text_at_all_is_no_answer():
    assert contact_reader.read([]) == []
