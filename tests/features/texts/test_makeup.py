"""What a text is made of, in numbers."""

import polars as pl
import pytest

from features import pack as pack_module
from features.texts import makeup


def test_characters_are_counted_by_kind_and_run():
    row = makeup.characters(["加V abc123，月入5万"]).row(0, named=True)
    assert row["length"] == 14
    assert row["digit_count"] == 4
    assert row["latin_count"] == 4
    assert row["han_count"] == 4
    assert row["digit_run_max"] == 3
    assert row["code_run_max"] == 6
    assert row["latin_run_count"] == 2
    assert row["digit_share"] == pytest.approx(4 / 14)


def test_disguise_is_told_by_how_much_of_the_text_reading_changes():
    plain, worn = makeup.characters(["加微信demo1", "➕徵亻言ⓓⓔmo①"])["disguised_share"]
    assert plain == 0
    assert worn > 0.5


def test_reading_is_told_in_numbers():
    pack = pack_module.load_pack()
    texts = ["数字人区域代理招商,代理费3万,加微信 demo_1 咨询", "今天天气好", None]
    found = makeup.told(texts, pack=pack)
    first = found.row(0, named=True)
    assert first["agency_fee_role"] == 1
    assert first["wechat_kind"] == 1
    assert first["own_ownership"] == 1
    assert first["offer"] > found["offer"][1]
    assert found.null_count().sum_horizontal().item() == 0


def test_empty_and_broken_texts_have_numbers_too():
    found = makeup.characters([None, "", "\ud800"])
    assert found.height == 3
    assert found.null_count().sum_horizontal().item() == 0
    assert not found.select(pl.any_horizontal(pl.all().is_nan().any())).item()
    assert makeup.characters([]).is_empty()
    assert makeup.told([], pack=pack_module.load_pack()).is_empty()
