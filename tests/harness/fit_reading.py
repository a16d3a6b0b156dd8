"""Fit the weights of reading and write them into the pack: ``python -m tests.harness.fit_reading [--check]``.

In: ``tests.harness.material``. Out: the table ``[stance]`` of the shipped pack, between its marks, and its table of phrases.

Stance: corrections of ``stance.judged_odds`` by cues and by runs of characters, a softmax regression with the judged
log-odds as offsets, so that a cue that the material says nothing about keeps its judged weight. Tropes: for each signal a
logistic regression over the runs of a clause and the match of a pattern. ``--check`` writes nothing and prints, by
template left out, how well both do.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from typing import Any

import numpy as np
from scipy import optimize, sparse
from sklearn.linear_model import LogisticRegression

from features import catalogue, cues, pack, phrases, stance
from tests.harness import material as material_module

#: Penalties on squares of weights of cues and of runs; and the inverse one of tropes. A run is penalised less the fewer
#: texts it stands in, as with tf-idf: of writers left out 0.857 are read right so, 0.82 with one penalty for all.
CUES, RUNS, TROPES = 0.1, 0.05, 1.0
LEAST_TEXTS, LEAST_CLAUSES = 3, 3
#: Hundredths of log-odds below which runs are left out: five in six runs, and half a percent of accuracy (measured).
LEAST_STANCE, LEAST_TROPES = 6, 8
#: Log-odds from which on a clause is taken for a trope; that which gave the best F1 for posts of templates left out.
CUT = -1.5
FOLDS = 4
_BEGIN, _END = "# --- fitted: begin\n", "# --- fitted: end\n"
Array = np.ndarray[Any, Any]


def counted(texts: list[str], runs: list[str]) -> sparse.csr_matrix:
    """A row for each text, 1 for each of the runs in it."""
    number = {run: place for place, run in enumerate(runs)}
    columns, rows = [], []
    for row, text in enumerate(texts):
        here = [number[run] for run in material_module.inside(text) if run in number]
        columns += here
        rows += [row] * len(here)
    shape = len(texts), len(runs)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def fitted(
    values: sparse.csr_matrix,
    judged: Array,
    truth: Array,
    weight: Array,
    penalty: Array,
) -> Array:
    """Weights per column and stance: the minimum of weighted log loss plus ``penalty`` times their squares."""
    size, kinds = values.shape[1], judged.shape[1]
    wanted = np.eye(kinds)[truth]
    turned = values.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        found = flat.reshape(size, kinds)
        chance = probabilities(judged + values @ found)
        right = np.log(chance[np.arange(len(truth)), truth] + 1e-12)
        slope = turned @ ((chance - wanted) * weight[:, None])
        slope += 2 * penalty[:, None] * found
        total = -(weight * right).sum() + (penalty[:, None] * found**2).sum()
        return total, slope.ravel()

    best = optimize.minimize(
        loss, np.zeros(size * kinds), jac=True, method="L-BFGS-B",
        options={"maxiter": 150, "ftol": 1e-7},
    )  # fmt: skip
    return best.x.reshape(size, kinds)


def probabilities(odds: Array) -> Array:
    """Softmax by row."""
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def of_stance(
    known: material_module.Material,
) -> tuple[list[str], sparse.csr_matrix, Array]:
    """Runs, what each text shows, and penalties."""
    runs = material_module.runs_of(known.texts, least=LEAST_TEXTS)
    lengths = np.array([len(text) + 1 for text in known.texts])
    here = sparse.diags(phrases.weight_of(lengths)) @ counted(known.texts, runs)
    values = sparse.hstack([sparse.csr_matrix(known.cues), here]).tocsr()
    rarity = 1 + np.log((1 + len(known.texts)) / (1 + np.diff(here.tocsc().indptr)))
    penalty = np.concatenate([np.full(len(cues.CUES), CUES), RUNS * (5 / rarity) ** 2])
    return runs, values, penalty


def of_tropes(
    clauses: list[material_module.Clause], runs: list[str]
) -> tuple[Array, Array, Array, sparse.csr_matrix]:
    """Weights of runs (a row for each), of patterns and of nothing, for each signal."""
    values = counted([clause.text for clause in clauses], runs)
    sight = np.zeros(len(catalogue.SIGNALS))
    base, weights = sight.copy(), np.zeros((len(runs), len(sight)))
    for number in range(len(sight)):
        truth = np.array([number in clause.planted for clause in clauses])
        seen = sparse.csr_matrix(
            np.array([[2.0 * (number in clause.seen)] for clause in clauses])
        )
        if truth.sum() < 5:
            base[number], sight[number] = -4.0, 8.0
            continue
        model = LogisticRegression(C=TROPES, solver="liblinear", intercept_scaling=3)
        model.fit(sparse.hstack([seen, values]).tocsr(), truth)
        base[number] = model.intercept_[0] - CUT
        sight[number] = 2.0 * model.coef_[0, 0]
        weights[:, number] = model.coef_[0, 1:]
    return weights, sight, base, values


def check(known: material_module.Material) -> None:
    """How well texts and clauses of templates are read that nothing was learned from."""
    fold = np.array([zlib.crc32(name.encode()) % FOLDS for name in known.groups])
    of_market = np.array([name.startswith("market") for name in known.groups])
    _, values, penalty = of_stance(known)
    right = total = 0.0
    for left_out in range(FOLDS):
        out = (fold == left_out) & ~of_market
        weights = fitted(values[~out], known.judged[~out], known.truth[~out], known.weight[~out], penalty)  # fmt: skip
        odds = known.judged[out] + values[out] @ weights
        right += (known.weight[out] * (odds.argmax(axis=1) == known.truth[out])).sum()
        total += known.weight[out].sum()
    print(f"stance, templates left out: accuracy {right / total:.4f}", file=sys.stderr)
    runs = material_module.runs_of([one.text for one in known.clauses], least=LEAST_CLAUSES)  # fmt: skip
    folds = np.array([zlib.crc32(one.group.encode()) % FOLDS for one in known.clauses])
    hits = false = missed = by_pattern = 0
    for left_out in range(FOLDS):
        learn = [one for one, at in zip(known.clauses, folds, strict=True) if at != left_out]  # fmt: skip
        ask = [one for one, at in zip(known.clauses, folds, strict=True) if at == left_out]  # fmt: skip
        weights, sight, base, _ = of_tropes(learn, runs)
        seen = np.array([[n in one.seen for n in range(len(sight))] for one in ask])
        odds = base + counted([one.text for one in ask], runs) @ weights + sight * seen
        truth = np.array([[n in one.planted for n in range(len(sight))] for one in ask])
        hits += int(((odds > 0) & truth).sum())
        false += int(((odds > 0) & ~truth).sum())
        missed += int(((odds <= 0) & truth).sum())
        by_pattern += int((seen & truth).sum())
    f1 = 2 * hits / (2 * hits + false + missed)
    print(
        f"tropes by clause, templates left out: F1 {f1:.4f} (hits {hits}, false {false}, missed {missed}; patterns alone see {by_pattern})",
        file=sys.stderr,
    )


def write(known: material_module.Material) -> None:
    """Fit on all there is and write both tables."""
    runs, values, penalty = of_stance(known)
    weights = fitted(values, known.judged, known.truth, known.weight, penalty)
    lines = [
        f"# Fitted on {len(known.texts)} texts of the tuning half of tests/features/corpus and market seeds {material_module.SEEDS.start}-{material_module.SEEDS.stop - 1}:",
        "# what each cue adds to the judged log-odds of offer, vendor, report, complaint, other. Written by tests/harness/fit_reading.py.",
    ]
    for name, row in zip(cues.CUES, weights[: len(cues.CUES)], strict=True):
        if np.abs(row).max() >= 0.02:
            lines.append(f"{name} = [{', '.join(f'{one:.2f}' for one in row)}]")
    path = pack.PACKS / "digital_human.toml"
    head, rest = path.read_text(encoding="utf-8").split(_BEGIN)
    _, tail = rest.split(_END)
    text = head + _BEGIN + "\n".join(lines) + "\n" + _END + tail
    path.write_text(text, encoding="utf-8")
    of_clauses = material_module.runs_of([one.text for one in known.clauses], least=LEAST_CLAUSES)  # fmt: skip
    signals, sight, base, _ = of_tropes(known.clauses, of_clauses)
    table = {run: np.zeros(phrases.STANCE_COUNT + phrases.SIGNAL_COUNT) for run in {*runs, *of_clauses}}  # fmt: skip
    for run, row in zip(runs, weights[len(cues.CUES) :], strict=True):
        table[run][: phrases.STANCE_COUNT] = row
    for run, row in zip(of_clauses, signals, strict=True):
        table[run][phrases.STANCE_COUNT :] = row
    zeros = np.zeros(phrases.STANCE_COUNT)
    listed = [
        "# What turns of phrase add to log-odds, in hundredths; read by features/phrases.py, written by tests/harness/fit_reading.py.",
        f"# run <tab> {' '.join(stance.STANCES)} {' '.join(catalogue.SIGNALS)}",
    ]
    for run, row in [("@base", np.concatenate([zeros, base])), ("@sight", np.concatenate([zeros, sight])), *sorted(table.items())]:  # fmt: skip
        figures = np.round(100 * row).astype(int)
        figures[: phrases.STANCE_COUNT] *= (
            np.abs(figures[: phrases.STANCE_COUNT]).max() >= LEAST_STANCE
        )
        figures[phrases.STANCE_COUNT :] *= (
            np.abs(figures[phrases.STANCE_COUNT :]).max() >= LEAST_TROPES
        )
        if figures.any():
            listed.append(f"{run}\t{' '.join(map(str, figures.tolist()))}")
    path.with_suffix(".phrases.tsv").write_text("\n".join(listed) + "\n", encoding="utf-8")  # fmt: skip
    print(f"{len(listed)} phrases", file=sys.stderr)


def main() -> None:
    """Check or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    known = material_module.material()
    print(f"{len(known.texts)} texts, {len(known.clauses)} clauses", file=sys.stderr)
    if parser.parse_args().check:
        check(known)
    else:
        write(known)


if __name__ == "__main__":
    main()
