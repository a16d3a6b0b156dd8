"""How well texts and graphs are told, against the peers that people would try first, in one run.

Texts: a support vector machine on tf–idf of runs of one to four characters, its strength tuned on held-out parts; the
usual strong baseline for Chinese spam. Graphs: LightGBM on nodes' own features, and on those with neighbours' means over
one and two hops, as the tree ensembles of GADBench have them. Tables of your own are given by path:

    python -m tests.bench.yardsticks text --table FILE [--label COLUMN] [--group COLUMN] [--runs 5]
    python -m tests.bench.yardsticks graph --nodes FILE --edges FILE [--runs 10]

Without paths the invented market's texts and the invented graphs are used. Figures are printed, and appended with date
and commit to docs/yardsticks.json.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
from sklearn.model_selection import (
    GroupShuffleSplit,
    ShuffleSplit,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.svm import LinearSVC

from features import pack as pack_module
from features.positions import hops
from flows.reading import pool
from models import bench, learner
from tests.bench import __main__ as benchmarks
from tests.bench import graphs, posts

HISTORY = benchmarks.ROOT / "docs" / "yardsticks.json"
STRENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0)


def text(table: pl.DataFrame | None, *, runs: int) -> dict[str, object]:
    """Means over random 80/20 splits, whole groups where the table has ``group``.

    Args:
        table: ``text``, ``label`` and perhaps ``group``; null takes the market's posts, labelled by being on the trade.
        runs: Splits.
    """
    if table is None:
        mixed = posts.posts(1, 4_000)
        table = pl.DataFrame(
            {"text": [one for one, _ in mixed], "label": [int(on) for _, on in mixed]}
        )
    table = table.with_row_index("id")
    pack = pack_module.load_pack()
    truth = table["label"].to_numpy()
    figures: dict[str, list[float]] = {}
    for seed in range(runs):
        kind = GroupShuffleSplit if "group" in table.columns else ShuffleSplit
        cut = kind(1, test_size=0.2, random_state=seed)
        group = table["group"].to_numpy() if "group" in table.columns else None
        train, test = next(cut.split(truth, groups=group))
        y_true = truth[test]
        started = time.process_time()
        peer = _svm(
            table["text"].gather(train), truth[train], table["text"].gather(test)
        )
        middle = time.process_time()
        answer = bench.text(
            table[train].select("id", "text", "label"),
            table[test].select("id", "text"),
            pack=pack,
            seed=seed,
            num_threads=pool.processors(),
        ).frame
        ended = time.process_time()
        ours = (
            answer["label"].to_numpy()
            if "label" in answer.columns
            else (answer["score"].to_numpy() > 0.5).astype(truth.dtype)
        )
        for name, found in (("ours", ours), ("peer", peer)):
            for figure, value in (
                ("accuracy", float((found == y_true).mean())),
                ("macro_f1", float(f1_score(y_true, found, average="macro"))),
            ):
                figures.setdefault(f"{figure}_{name}", []).append(value)
        figures.setdefault("cpu_seconds_ours", []).append(ended - middle)
        figures.setdefault("cpu_seconds_peer", []).append(middle - started)
    return {"texts": table.height, "runs": runs, **_summary(figures)}


def _svm(texts: pl.Series, label, asked: pl.Series):
    """The peer's answers."""
    runs = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True
    )
    known, new = runs.fit_transform(texts.to_list()), runs.transform(asked.to_list())
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    best = max(
        STRENGTHS,
        key=lambda one: cross_val_score(
            LinearSVC(C=one, random_state=0), known, label, cv=folds
        ).mean(),
    )
    return LinearSVC(C=best, random_state=0).fit(known, label).predict(new)


def graph(given: graphs.Graph | None, *, runs: int) -> dict[str, object]:
    """Means over random 40/20/40 splits, of one graph or of every invented one."""
    if given is not None:
        return {"nodes": given.nodes.height, "runs": runs, **_graph(given, runs)}
    out: dict[str, object] = {"runs": runs}
    for name in graphs.FAMILIES:
        found = _graph(graphs.graph(name), runs)
        held = " (held out)" if name in graphs.HELD else ""
        out |= {f"{name}{held} {key}": value for key, value in found.items()}
    return out


def _graph(given: graphs.Graph, runs: int) -> dict[str, object]:
    truth = given.nodes["label"].to_numpy()
    own = given.nodes.select(pl.exclude("id", "label")).cast(pl.Float32).to_numpy()
    links = hops.links(given.nodes["id"], given.edges)
    mean = hops.means(links, hops.filled(own))
    wide = np.concatenate([own, mean, hops.means(links, hops.filled(mean))], axis=1)
    figures: dict[str, list[float]] = {}
    for seed in range(runs):
        nodes = graphs.with_splits(given.nodes, seed=seed)
        started = time.process_time()
        ours = bench.graph(
            nodes, given.edges, seed=seed, num_threads=pool.processors()
        ).frame["score"]
        figures.setdefault("cpu_seconds_ours", []).append(time.process_time() - started)
        is_test = (nodes["split"] == "test").to_numpy()
        for name, found in (
            ("ours", ours.to_numpy()),
            ("peer_means", _boosted(wide, nodes, seed)),
            ("peer_raw", _boosted(own, nodes, seed)),
        ):
            y_true, y_prob = truth[is_test], found[is_test]
            figures.setdefault(f"auroc_{name}", []).append(
                roc_auc_score(y_true, y_prob)
            )
            figures.setdefault(f"auprc_{name}", []).append(
                average_precision_score(y_true, y_prob)
            )
    return _summary(figures)


def _boosted(matrix, nodes: pl.DataFrame, seed: int):
    """LightGBM as it comes, stopped by ``valid``."""
    train, valid = ((nodes["split"] == name).to_numpy() for name in ("train", "valid"))
    label = nodes["label"].cast(pl.Float64).fill_null(0.0).to_numpy()
    threads = pool.processors()
    booster, rounds = learner.boost(
        matrix[train],
        label[train],
        params={
            "objective": "binary",
            "metric": "average_precision",
            "learning_rate": 0.05,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": threads,
            "seed": seed,
            "verbosity": -1,
        },
        rounds=500,
        stop=(matrix[valid], label[valid]),
    )
    return learner.probabilities(booster, matrix, rounds=rounds, num_threads=threads)


def _summary(figures: dict[str, list[float]]) -> dict[str, object]:
    out: dict[str, object] = {}
    for name, values in sorted(figures.items()):
        out[name] = round(float(np.mean(values)), 4)
        if not name.startswith("cpu"):
            out[f"{name}_sd"] = round(float(np.std(values)), 4)
    return out


def main(arguments: list[str] | None = None) -> int:
    """Run one yardstick and keep its figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.yardsticks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=["text", "graph"])
    parser.add_argument("--table", type=Path, metavar="FILE")
    parser.add_argument("--label", default="label", metavar="COLUMN")
    parser.add_argument("--group", metavar="COLUMN")
    parser.add_argument("--nodes", type=Path, metavar="FILE")
    parser.add_argument("--edges", type=Path, metavar="FILE")
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    parser.add_argument("--note", default="invented", help="what the tables are")
    given = parser.parse_args(arguments)
    if given.name == "text":
        table = None
        if given.table:
            columns = {"text": "text", "label": given.label}
            if given.group:
                columns["group"] = given.group
            table = pl.read_parquet(given.table).select(
                pl.col(column).alias(name) for name, column in columns.items()
            )
        figures = text(table, runs=given.runs)
    else:
        made = None
        if given.nodes:
            nodes = pl.read_parquet(given.nodes)
            first = next(name for name in ("id", "node") if name in nodes.columns)
            made = graphs.Graph(
                nodes.rename({first: "id"}), pl.read_parquet(given.edges)
            )
        figures = graph(made, runs=given.runs)
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):48} {value}")
    history = json.loads(HISTORY.read_text("utf-8")) if HISTORY.exists() else []
    history.append(
        {
            "bench": given.name,
            "tables": given.note,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": benchmarks._commit(),
            **figures,
        }
    )
    HISTORY.write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
