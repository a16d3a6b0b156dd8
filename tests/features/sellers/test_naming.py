import polars as pl
import pytest

from features.sellers import naming

MEMBERS = pl.DataFrame(
    [("net-1", "douyin:a"), ("net-1", "douyin:b"), ("net-2", "douyin:c")],
    schema=["network_id", "seller_id"],
    orient="row",
)


def complained(*, target=None, title=None, text=None):
    return pl.DataFrame(
        [("heimao:1", target, title, text)],
        schema={
            "post_id": pl.String,
            "complaint_target": pl.String,
            "title": pl.String,
            "text": pl.String,
        },
        orient="row",
    )


def linked(complaint, *written, names=(), selling=("a", "b", "c", "z")):
    """Sellers that a complaint leads to; ``written`` are (seller, text), ``names`` (seller, name)."""
    mentioned = naming.mentioned_names(complaint)
    used = naming.users(
        mentioned["form"].unique(),
        pl.DataFrame(
            list(written),
            schema={"seller_id": pl.String, "text": pl.String},
            orient="row",
        ),
        pl.DataFrame(
            list(names),
            schema={"seller_id": pl.String, "name": pl.String},
            orient="row",
        ),
    )
    found = naming.links(
        mentioned,
        used,
        MEMBERS,
        selling=pl.Series([f"douyin:{letter}" for letter in selling], dtype=pl.String),
    )
    return sorted(found["seller_id"].to_list())


def writes(seller, name, times=3):
    return [(seller, f"{name}招城市代理，第{number}期") for number in range(times)]


@pytest.mark.parametrize(
    "complaint",
    [
        complained(target="聚星云播"),
        complained(title="聚星云播拒不退款，求处理"),
        complained(text="去年被聚星云播忽悠了，交了三万块"),
        complained(text="给大家提个醒：聚星云播的加盟千万别碰"),
        complained(text="一直打电话，把钱给了聚星云播，现在联系不上"),
    ],
)
def test_name_that_a_seller_writes_of_itself_links(complaint):
    assert linked(complaint, *writes("douyin:z", "聚星云播")) == ["douyin:z"]


def test_name_of_one_network_means_all_who_use_it():
    found = linked(
        complained(target="聚星云播"),
        *writes("douyin:a", "聚星云播"),
        *writes("douyin:b", "聚星云播"),
    )
    assert found == ["douyin:a", "douyin:b"]


def test_name_of_two_networks_links_nobody():
    found = linked(
        complained(target="聚星云播"),
        *writes("douyin:a", "聚星云播"),
        *writes("douyin:c", "聚星云播"),
    )
    assert found == []


def test_network_is_meant_although_a_lone_account_uses_its_name():
    found = linked(
        complained(target="聚星云播"),
        *writes("douyin:a", "聚星云播"),
        *writes("douyin:b", "聚星云播"),
        *writes("douyin:z", "聚星云播"),
    )
    assert found == ["douyin:a", "douyin:b"]


@pytest.mark.parametrize("words", ["数字人代理", "全国招商加盟", "杭州直播"])
def test_the_trades_own_words_are_no_name(words):
    complaint = complained(target=words, text=f"被{words}骗了")
    assert linked(complaint, *writes("douyin:z", words)) == []


def test_beside_an_unknown_target_no_other_name_is_tried():
    complaint = complained(target="启明互娱", text="以前也被聚星云播骗了")
    assert linked(complaint, *writes("douyin:z", "聚星云播")) == []


def test_piece_of_a_companys_name_is_no_name():
    complaint = complained(text="投诉示例聚星云有限公司，诱导签约")
    assert linked(complaint, *writes("douyin:z", "聚星")) == []


def test_company_that_a_seller_names_links():
    complaint = complained(text="投诉示例聚星云（杭州）网络有限公司，诱导签约")
    shown = writes("douyin:z", "示例聚星云(杭州)网络有限公司")
    assert linked(complaint, *shown) == ["douyin:z"]


def test_account_name_counts_as_use():
    found = linked(complained(target="聚星云播"), names=[("douyin:z", "聚星云播官方")])
    assert found == ["douyin:z"]


def test_nothing_in_nothing_out():
    empty = complained().clear()
    assert naming.mentioned_names(empty).is_empty()
    assert linked(complained(text="今天很热"), *writes("douyin:z", "聚星云播")) == []


def test_whoever_sells_nothing_is_not_meant_and_shows_that_the_name_is_common():
    complaint = complained(target="聚星云播")
    hobby = writes("douyin:q", "聚星云播")
    assert linked(complaint, *hobby) == []
    assert linked(complaint, *hobby, *writes("douyin:z", "聚星云播")) == []
