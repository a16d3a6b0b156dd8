import polars as pl
import pytest

from features.indicators import keys

SCHEMA = {"kind": pl.String, "value": pl.String}


def key(kind, value):
    rows = keys.link_key(
        pl.DataFrame([(kind, value)], schema=SCHEMA, orient="row")
    ).rows()
    return rows[0] if rows else None


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("wechat", "19900000001", ("phone", "19900000001")),
        ("wechat", "szr_demo_01", ("wechat", "szr_demo_01")),
        ("email", "8000000001@qq.com", ("qq", "8000000001")),
        ("email", "demo@szr.example", ("email", "demo@szr.example")),
        ("domain", "m.szr.example", ("domain", "szr.example")),
        ("domain", "shop-demo.wezhan.cn", ("domain", "shop-demo.wezhan.cn")),
        ("icp", "浙ICP备00000001号-2", ("icp", "浙ICP备00000001号")),
        (
            "url",
            "https://www.wjx.cn/vm/demo0001.aspx",
            ("url", "wjx.cn/vm/demo0001.aspx"),
        ),
        ("url", "https://szr.example/apply/form", None),
        ("url", "https://www.wjx.cn/vm", None),
        ("image", "00ff00ff00ff00ff", ("image", "00ff00ff00ff00ff")),
    ],
)
def test_key_is_coarser_than_the_value(kind, value, expected):
    assert key(kind, value) == expected
    assert expected is None or key(*expected) == expected


def test_no_rows_no_keys():
    assert keys.keys_of(pl.DataFrame(schema=SCHEMA)).is_empty()
