import polars as pl
import pytest

from features.sellers import fragments

OWNED = [
    ("phone", "19900001234", "douyin:a", "net-1"),
    ("phone", "19900005678", "douyin:z", "douyin:z"),
    ("wechat", "szr_demo_789", "douyin:a", "net-1"),
]


def complained(*texts, target=None):
    rows = [(f"heimao:{at}", target, None, text) for at, text in enumerate(texts)]
    return pl.DataFrame(rows, schema={"post_id": pl.String, "complaint_target": pl.String, "title": pl.String, "text": pl.String}, orient="row")  # fmt: skip


def owned(*more):
    return pl.DataFrame([*OWNED, *more], schema=["kind", "value", "seller_id", "home"], orient="row")  # fmt: skip


def called(*rows):
    return pl.DataFrame(list(rows), schema={"name": pl.String, "seller_id": pl.String, "home": pl.String}, orient="row")  # fmt: skip


def agreed(*rows):
    return pl.DataFrame(
        list(rows), schema={"post_id": pl.String, "home": pl.String}, orient="row"
    )


def briefly(found):
    return found.select("post_id", "seller_id", "link_reason").rows()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("业务员电话199****1234不接", "phone:19900001234"),
        ("手机：199xxxx1234", "phone:19900001234"),
        ("微信szr_***789拉黑我", "wechat:szr_demo_789"),
    ],
)
def test_masked_contact_leads_to_its_owner(text, reason):
    found = fragments.by_mask(complained(text), owned())
    assert briefly(found) == [("heimao:0", "douyin:a", reason)]


def test_masked_contact_that_fits_two_homes_or_shows_too_little_leads_nowhere():
    other = ("phone", "19911111234", "douyin:y", "net-2")
    found = fragments.by_mask(complained("电话199****1234", "微信sz***9"), owned(other))
    assert found.is_empty()


def test_last_digits_count_only_with_the_sum():
    said = complained("手机尾号1234，交了66000元", "手机尾号是5678")
    found = fragments.by_ending(said, owned(), agreed(("heimao:0", "net-1")))
    assert briefly(found) == [("heimao:0", "douyin:a", "phone:19900001234")]


COMPANY = called(("杭州云朵星网络科技有限公司", "douyin:a", "net-1"))


@pytest.mark.parametrize(
    "written",
    ["杭州云朵兴网络科技有限公司", "杭州云朵星网络科枝有限公司", "杭州云朵星网络科技有限公"],
)  # fmt: skip
def test_company_with_a_slip_leads_to_its_sellers(written):
    found = fragments.by_slip(complained("钱不退", target=written), COMPANY, agreed())
    assert briefly(found) == [("heimao:0", "douyin:a", "brand:杭州云朵星网络科技有限公司")]  # fmt: skip


def test_slip_in_a_brand_of_two_characters_needs_the_sum():
    short = called(("杭州云星网络科技有限公司", "douyin:a", "net-1"))
    said = complained("被杭州云兴网络科技有限公司骗了")
    assert fragments.by_slip(said, short, agreed()).is_empty()
    assert fragments.by_slip(said, short, agreed(("heimao:0", "net-1"))).height == 1


def test_company_that_differs_in_two_characters_is_another_one():
    said = complained("被杭州云朵月信息科技有限公司骗了")
    assert fragments.by_slip(said, COMPANY, agreed()).is_empty()


def test_known_name_in_passing_leads_to_its_home():
    known = COMPANY
    found = fragments.by_known_name(complained("我被云朵星骗了"), known, agreed())
    assert briefly(found) == [("heimao:0", "douyin:a", "brand:云朵星")]


def test_short_name_inside_other_words_is_no_name():
    known = COMPANY
    said = complained("天上云朵星光点点都不如退款")
    assert fragments.by_known_name(said, known, agreed()).is_empty()


def test_name_of_two_homes_leads_nowhere():
    known = called(("云朵星旗舰店", "douyin:a", "net-1"), ("云朵星专营店", "douyin:z", "douyin:z"))  # fmt: skip
    found = fragments.by_known_name(complained("被云朵星骗了"), known, agreed())
    assert found.is_empty()


def written(*rows):
    return pl.DataFrame(list(rows), schema={"seller_id": pl.String, "home": pl.String, "text": pl.String}, orient="row")  # fmt: skip


def test_quoted_line_leads_to_the_one_home_that_lives_from_it():
    said = complained("广告写着“云朵上开店，一人顶十人”，假的")
    ads = [("douyin:a", "net-1", "云朵上开店！一人顶十人，找我"), ("douyin:b", "net-1", "数字人：云朵上开店一人顶十人")]  # fmt: skip
    assert briefly(fragments.by_quotation(said, written(*ads))) == [
        ("heimao:0", "douyin:a", "quote:云朵上开店一人顶十人"),
        ("heimao:0", "douyin:b", "quote:云朵上开店一人顶十人"),
    ]
    everybody = [*ads, ("douyin:z", "douyin:z", "云朵上开店，一人顶十人")]
    assert fragments.by_quotation(said, written(*everybody)).is_empty()
    assert fragments.by_quotation(said, written(ads[0])).is_empty()


def test_nothing_in_nothing_out():
    nobody = complained()
    assert fragments.by_mask(nobody, owned()).is_empty()
    assert fragments.by_ending(nobody, owned(), agreed()).is_empty()
    assert fragments.by_slip(nobody, COMPANY, agreed()).is_empty()
    assert fragments.by_known_name(nobody, called(), agreed()).is_empty()
    assert fragments.by_quotation(nobody, written()).is_empty()
    assert fragments.by_likeness(nobody, called()).is_empty()
