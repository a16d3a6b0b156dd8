"""The linear text member: it learns what it should, holds out what it must, and comes back from its bytes unchanged."""

import numpy as np
import polars as pl
import pytest

from models import text
from tests.models import tables
from warehouse import errors


def market(number=120):
    table = tables.texts(number, seed=0)
    return table["text"].to_list(), table["label"].to_numpy().astype(float)


def test_held_out_margins_tell_offers_from_talk():
    texts, label = market()
    found, model = text.oof_scores(texts, label, pl.Series(map(str, range(120))), 1)
    assert ((found > 0) == (label == 1)).mean() > 0.95
    assert (text.scores(model, ["诚招数字人代理", "明天去吃面"]) > 0).tolist() == [
        True,
        False,
    ]


def test_a_text_never_sees_its_own_label_or_its_groups():
    texts, label = market()
    group = pl.Series([f"g{n % 12}" for n in range(120)])
    before, _ = text.oof_scores(texts, label, group, 1)
    other = label.copy()
    other[group.to_numpy() == "g3"] = 1 - other[group.to_numpy() == "g3"]
    after, _ = text.oof_scores(texts, other, group, 1)
    is_same = before == after
    assert is_same[group.to_numpy() == "g3"].all()
    assert not is_same.all()


def test_unknown_and_even_labels_teach_nothing_and_are_scored():
    texts, label = market()
    label[:20] = np.nan
    label[20:30] = 0.5
    group = pl.Series(map(str, range(120)))
    found, model = text.oof_scores(texts, label, group, 1)
    fewer, _ = text.oof_scores(
        texts, np.where(np.arange(120) < 30, 0.5, label), group, 1
    )
    assert found.tolist() == fewer.tolist()
    assert np.abs(found[:30]).min() > 0
    assert model is not None


def test_leaning_labels_count_by_how_far_they_lean():
    texts, label = market()
    group = pl.Series(map(str, range(120)))
    soft, _ = text.oof_scores(texts, np.where(label == 1, 0.8, 0.2), group, 1)
    hard, _ = text.oof_scores(texts, label, group, 1)
    assert ((soft > 0) == (hard > 0)).mean() > 0.95
    assert soft.tolist() != hard.tolist()


def test_one_class_gives_no_member():
    found, model = text.oof_scores(["a b", "a c"], np.ones(2), pl.Series(["x", "y"]), 1)
    assert model is None
    assert not found.any()
    empty, model = text.oof_scores([], np.zeros(0), pl.Series([], dtype=pl.String), 1)
    assert model is None
    assert empty.size == 0


def test_one_class_cannot_be_fitted():
    with pytest.raises(errors.ContractError, match="two classes, found 1"):
        text.fit(text.rows(["a", "a"]), np.arange(2), np.zeros(2, np.int64), seed=1)


def test_bytes_come_back_and_are_equal_for_equal_members():
    texts, label = market()
    group = pl.Series(map(str, range(120)))
    _, model = text.oof_scores(texts, label, group, 1)
    _, again = text.oof_scores(texts, label, group, 1)
    content = text.dump(model)
    assert content == text.dump(again)
    back = text.load(content)
    assert text.scores(back, texts).tolist() == text.scores(model, texts).tolist()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\x80\x04K\x01."])
def test_foreign_bytes_are_refused(content):
    with pytest.raises(errors.ContractError, match="refused"):
        text.load(content)


def test_many_classes_have_an_output_each():
    texts, label = market()
    three = np.where(["面" in one for one in texts], 2, label.astype(int))
    model = text.fit(text.rows(texts), np.arange(120), three, seed=1)
    found = text.margins(
        model, text.rows(texts, keys={n: v.key for n, v in model.vocabularies.items()})
    )
    assert found.shape == (120, 3)
    assert (found.argmax(axis=1) == three).mean() > 0.95
