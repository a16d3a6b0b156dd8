"""Small invented tables for the yardsticks."""

import numpy as np
import polars as pl

from tests.bench import graphs

OFFERS = [
    "数字人代理招商 加V demo{n}",
    "市级代理仅剩{n}名额 月入十万",
    "区域独家 源头厂家 {n}",
]
TALK = ["今天吃了{n}碗面", "明天去公园{n}点见", "这场球{n}比零 真好看"]


def texts(number, *, seed):
    """``id``, ``text``, ``label``: 1 for offers, 0 for small talk."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, number)
    written = [
        (OFFERS if one else TALK)[rng.integers(0, 3)].format(n=rng.integers(0, 99))
        for one in label
    ]
    return pl.DataFrame(
        {"id": [f"t{at}" for at in range(number)], "text": written, "label": label}
    )


def graph_of(name="company", number=700, seed=3):
    """Nodes with splits, and the graph with all labels."""
    made = graphs.graph(name, number=number, seed=seed)
    return graphs.with_splits(made.nodes, seed=1), made
