"""The linear machine: it learns what it should and has an output for each of many classes."""

import numpy as np
import pytest

from models.language import linear
from tests.models import tables
from warehouse import errors


def market(number=120):
    table = tables.texts(number, seed=0)
    return table["text"].to_list(), table["label"].to_numpy().astype(np.int64)


def asked(machine, texts):
    keys = {name: known.key for name, known in machine.vocabularies.items()}
    return linear.margins(machine, linear.rows(texts, keys=keys))


def test_margins_tell_offers_from_talk_in_texts_that_were_not_seen():
    texts, label = market()
    machine = linear.fit(linear.rows(texts), np.arange(100), label[:100], seed=1)

    found = asked(machine, texts[100:])[:, 0]

    assert ((found > 0) == (label[100:] == 1)).mean() > 0.95
    assert (asked(machine, ["诚招数字人代理", "明天去吃面"])[:, 0] > 0).tolist() == [
        True,
        False,
    ]


def test_rows_are_sliced_as_if_they_had_been_counted_alone():
    texts, label = market()
    at = np.arange(0, 120, 2)
    sliced = linear.fit(linear.rows(texts), at, label[at], seed=1)
    alone = linear.fit(linear.rows(texts[::2]), np.arange(60), label[at], seed=1)

    assert np.allclose(asked(sliced, texts), asked(alone, texts))


def test_equal_texts_and_seed_give_equal_bytes():
    texts, label = market()
    one, two = (
        linear.fit(linear.rows(texts), np.arange(120), label, seed=1) for _ in range(2)
    )

    assert one.weight.tobytes() == two.weight.tobytes()
    assert one.bias.tobytes() == two.bias.tobytes()


def test_one_class_cannot_be_fitted():
    with pytest.raises(errors.ContractError, match="two classes, found 1"):
        linear.fit(linear.rows(["a", "a"]), np.arange(2), np.zeros(2, np.int64), seed=1)


def test_many_classes_have_an_output_each():
    texts, label = market()
    three = np.where(["面" in one for one in texts], 2, label)
    machine = linear.fit(linear.rows(texts), np.arange(120), three, seed=1)

    found = asked(machine, texts)

    assert found.shape == (120, 3)
    assert (found.argmax(axis=1) == three).mean() > 0.95
