import polars as pl
import pytest

from features.indicators import hubs
from warehouse import errors


def listed(kind, value):
    frame = pl.DataFrame(
        {"kind": [kind], "value": [value]},
        schema={"kind": pl.String, "value": pl.String},
    )
    return frame.select(hubs.is_listed(pl.col("kind"), pl.col("value"))).item()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "110"),
        ("phone", "96110"),
        ("phone", "12315"),
        ("phone", "12377"),
        ("phone", "95338"),
        ("phone", "950616"),
        ("phone", "9510211"),
        ("phone", "4008111111"),
        ("domain", "douyin.com"),
        ("domain", "v.douyin.com"),
        ("domain", "a.b.weixin.qq.com"),
        ("domain", "beian.miit.gov.cn"),
        ("domain", "t.cn"),
        ("domain", "youzan.com"),
        ("email", "jubao@12377.cn"),
        ("wechat", "weixin"),
        ("qr", "https://www.douyin.com/"),
        ("domain", "www.sf-express.com"),
        ("company", "抖音"),
    ],
)
def test_public_values_are_listed(kind, value):
    assert listed(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "19900000001"),
        ("phone", "4000000123"),
        ("phone", "057188000000"),
        ("domain", "szr-douyin.example"),
        ("domain", "mydouyin.com"),
        ("domain", "szr.youzan.com"),
        ("email", "8000000001@qq.com"),
        ("wechat", "szr_demo_01"),
        ("url", "https://www.wjx.cn/vm/demo0001.aspx"),
        ("company", "示例聚星有限公司"),
        ("qr", "https://weixin.qq.com/r/demo0001"),
        ("qr", "szr-demo-0001"),
        ("domain", None),
    ],
)
def test_a_sellers_values_are_not_listed(kind, value):
    assert not listed(kind, value)


def test_service_numbers_may_be_public_and_mobiles_are_not():
    phones = pl.DataFrame({"phone": ["4000000123", "19900000001", "057188000000"]})
    assert phones.select(
        hubs.is_public_phone(pl.col("phone"))
    ).to_series().to_list() == [True, False, False]


def test_own_list_is_read_in_canonical_form():
    found = hubs.read_list(
        'phone = ["400-000-0777"]\ndomain = ["https://www.Builder.example/"]',
        name="mine",
    )
    assert found.rows() == [("domain", "builder.example"), ("phone", "4000000777")]
    assert hubs.read_list("", name="mine").is_empty()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("phone = [", "cannot be read"),
        ('hotline = ["1"]', "no list of a known kind"),
        ('phone = "4000000777"', "no list of a known kind"),
        ('domain = ["not a host"]', "'not a host' is no domain"),
    ],
)
def test_wrong_own_list_says_what_is_wrong(text, reason):
    with pytest.raises(errors.InputError, match=reason):
        hubs.read_list(text, name="mine")
