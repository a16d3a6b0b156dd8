import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.indicators import canonical


def one(kind, value):
    frame = pl.DataFrame({"value": [value]}, schema={"value": pl.String})
    return frame.select(canonical.value_of(kind, pl.col("value"))).item()


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("wechat", " SZR＿Demo_01 ", "szr_demo_01"),
        ("domain", "WWW.Szr-Demo.Example.", "szr-demo.example"),
        ("phone", "+86 199-0000-0001", "19900000001"),
        ("phone", "0571-8800 0000", "057188000000"),
        ("uscc", "91990000ma0000000y", "91990000MA0000000Y"),
        ("company", "示例 聚星（杭州）有限公司", "示例聚星(杭州)有限公司"),
        ("icp", "浙ICP备 00000001号-2", "浙ICP备00000001号-2"),
        ("telegram", "@Szr_Demo", "szr_demo"),
        ("telegram", "+AbCdEf", "+AbCdEf"),
        ("url", "HTTPS://WWW.Szr.Example/A/b?C=d", "https://www.szr.example/A/b?C=d"),
        ("account", "@Szr_Demo", "szr_demo"),
        ("wechat", "   ", None),
        ("wechat", None, None),
    ],
)
def test_value_is_what_a_reader_would_type(kind, written, expected):
    assert one(kind, written) == expected


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(canonical.KINDS), st.text(alphabet="aB1９ @.:/-#？（W", max_size=12)
)
def test_canonical_values_come_back_unchanged(kind, written):
    value = one(kind, written)
    assert one(kind, value) == value


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://WWW.Szr.Example:8443/a", "szr.example"),
        ("//szr.example", "szr.example"),
        ("szr.example:8443/a", "szr.example"),
        ("http://user:secret@szr.example/", "szr.example"),
        ("mailto:a@szr.example", None),
        ("tel:19900000001", None),
        ("weixin://dl/business", None),
        ("/relative/path", None),
        ("", None),
    ],
)
def test_host_of_an_address(address, host):
    frame = pl.DataFrame({"url": [address]})
    assert frame.select(canonical.hosts(pl.col("url"))).item() == host


def test_registrable_name_follows_the_public_suffix_list():
    hosts = pl.Series(
        [
            "a.b.szr.example",
            "shop.szr.com.cn",
            "a.szr.github.io",
            "192.0.2.1",
            "szr.example",
            None,
        ]
    )
    expected = [
        "szr.example",
        "szr.com.cn",
        "szr.github.io",
        "192.0.2.1",
        "szr.example",
        None,
    ]
    assert canonical.registrable(hosts).to_list() == expected
