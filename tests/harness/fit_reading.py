"""Fit the weights of reading and write them into the pack: ``python -m tests.harness.fit_reading [--check]``.

In: ``tests.harness.material``. Out: the table ``[stance]`` of the shipped pack, between its marks, and its tables of phrases and of bylines.

Stance: cues and runs of characters, anywhere and at the borders of a text, by linear support vectors, one stance against
the rest; their distances become log-odds by one factor and one constant for each stance, fitted on texts of writers and
templates left out. Tropes: for each signal a logistic regression over the runs of a clause and
the match of a pattern. ``--check`` writes nothing and prints, by writer and template left out, how well both do.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np
from scipy import optimize, sparse, special
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from features import catalogue, cues, pack, phrasebook, phrases, stance
from tests.harness import fit_bylines
from tests.harness import material as material_module

#: Inverse penalties of stance and of tropes; what a cue and a run at the border count beside a run. A run is penalised less
#: the fewer texts it stands in, as with tf-idf. Of posts of writers left out 0.882 are read right so, 0.855 by a softmax
#: regression over cues and runs anywhere.
STANCE, TROPES = 0.03, 1.0
_CUE, _BORDER = 0.2, 0.8
LEAST_TEXTS, LEAST_CLAUSES = 3, 3
#: Hundredths of log-odds below which runs are left out: five in six runs, and half a percent of accuracy (measured).
LEAST_STANCE, LEAST_TROPES = 12, 8
#: Log-odds from which on a clause is taken for a trope; that which gave the best F1 for posts of writers left out.
CUT = -1.0
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


def of_stance(known: material_module.Material) -> tuple[list[str], Array, sparse.csr_matrix]:  # fmt: skip
    """Names of columns (cues, then runs with their marks), the scale of each, and what each text shows, scaled."""
    texts = known.texts
    weight = sparse.diags(phrases.weight_of(np.array([len(text) + 1 for text in texts])))  # fmt: skip
    names, scales = list(cues.CUES), [np.full(len(cues.CUES), _CUE)]
    parts = [sparse.csr_matrix(known.cues)]
    for mark, share in (
        ("", 1.0),
        (phrasebook.BEGIN, _BORDER),
        (phrasebook.CLOSE, _BORDER),
    ):
        parted = [_part(text, mark) for text in texts]
        runs = material_module.runs_of(parted, least=LEAST_TEXTS)
        here = counted(parted, runs)
        rarity = 1 + np.log((1 + len(texts)) / (1 + np.diff(here.tocsc().indptr)))
        names += [mark + run for run in runs]
        parts.append(weight @ here)
        scales.append(share * rarity / 5)
    scale = np.concatenate(scales)
    scale[names.index("always")] = 0.0
    return names, scale, (sparse.hstack(parts) @ sparse.diags(scale)).tocsr()


def _part(text: str, mark: str) -> str:
    borders = {phrasebook.BEGIN: text[: phrasebook.BORDER], phrasebook.CLOSE: text[-phrasebook.BORDER :]}  # fmt: skip
    return borders.get(mark, text)


def distances(
    known: material_module.Material, values: sparse.csr_matrix, folds: Array
) -> Array:
    """How far each text stands on the side of each stance, learned from the other folds; fold -1 is only learned from."""
    found = np.zeros((len(known.texts), len(stance.STANCES)))
    for fold in range(FOLDS):
        out = folds == fold
        model = LinearSVC(C=STANCE, random_state=0)
        model.fit(values[~out], known.truth[~out], sample_weight=known.weight[~out])
        found[out] = model.decision_function(values[out])
    return found


def folds_of(groups: list[str]) -> Array:
    """A fold for each text: all of a writer or of a template in one; -1 for markets, whose texts are made alike."""
    owners = [name.rpartition("-")[0] if name.startswith("written ") else name for name in groups]  # fmt: skip
    numbers = {owner: number % FOLDS for number, owner in enumerate(dict.fromkeys(owners))}  # fmt: skip
    return np.array([-1 if name.startswith("market") else numbers[name] for name in owners])  # fmt: skip


def tempered(known: material_module.Material, found: Array, kept: Array) -> Array:
    """The factor and the constants that make log-odds of distances: those of least weighted log loss."""
    truth, weight = known.truth[kept], known.weight[kept]

    def loss(point: Array) -> float:
        chance = special.softmax(point[0] * found[kept] + point[1:], axis=1)
        right = np.log(chance[np.arange(len(truth)), truth] + 1e-12)
        return float(-(weight * right).sum() / weight.sum())

    best: Array = optimize.minimize(loss, np.array([2.0] + [0.0] * len(stance.STANCES)), method="BFGS").x  # fmt: skip
    return best


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
    """How well texts and clauses of writers and templates are read that nothing was learned from."""
    _, _, values = of_stance(known)
    folds = folds_of(known.groups)
    found = distances(known, values, folds)
    point = tempered(known, found, folds >= 0)
    odds = point[0] * found + point[1:]
    is_right = known.weight * (odds.argmax(axis=1) == known.truth)
    written = np.array([name.startswith("written ") for name in known.groups])
    for name, asked in (("writers", written), ("templates", ~written & (folds >= 0))):
        share = is_right[asked].sum() / known.weight[asked].sum()
        print(f"stance, {name} left out: accuracy {share:.4f}", file=sys.stderr)
    plain, told = fit_bylines.check(known, odds, folds)
    print(
        f"the same of posts, without bylines {plain:.4f}, with {told:.4f}",
        file=sys.stderr,
    )
    runs = material_module.runs_of([one.text for one in known.clauses], least=LEAST_CLAUSES)  # fmt: skip
    folds = folds_of([one.group for one in known.clauses])
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
    """Fit on all there is and write the tables."""
    names, scale, values = of_stance(known)
    folds = folds_of(known.groups)
    found = distances(known, values, folds)
    point = tempered(known, found, folds >= 0)
    model = LinearSVC(C=STANCE, random_state=0)
    model.fit(values, known.truth, sample_weight=known.weight)
    weights = point[0] * scale[:, None] * model.coef_.T
    weights[names.index("always")] = point[0] * model.intercept_ + point[1:]
    runs = names[len(cues.CUES) :]
    lines = [
        f"# Fitted on {len(known.texts)} texts of the tuning half of tests/features/corpus and market seeds {material_module.SEEDS.start}-{material_module.SEEDS.stop - 1}:",
        "# what each cue adds to the log-odds of offer, vendor, report, complaint, other. Written by tests/harness/fit_reading.py.",
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
    told = fit_bylines.lines(known, point[0] * found + point[1:])
    path.with_suffix(".bylines.tsv").write_text("\n".join(told) + "\n", encoding="utf-8")  # fmt: skip
    signals, sight, base, _ = of_tropes(known.clauses, of_clauses)
    table = {run: np.zeros(phrasebook.STANCE_COUNT + phrasebook.SIGNAL_COUNT) for run in {*runs, *of_clauses}}  # fmt: skip
    for run, row in zip(runs, weights[len(cues.CUES) :], strict=True):
        table[run][: phrasebook.STANCE_COUNT] = row
    for run, row in zip(of_clauses, signals, strict=True):
        table[run][phrasebook.STANCE_COUNT :] = row
    zeros = np.zeros(phrasebook.STANCE_COUNT)
    listed = [
        "# What turns of phrase add to log-odds, in hundredths; read by features/phrases.py, written by tests/harness/fit_reading.py.",
        f"# run <tab> {' '.join(stance.STANCES)} {' '.join(catalogue.SIGNALS)}",
    ]
    for run, row in [("@base", np.concatenate([zeros, base])), ("@sight", np.concatenate([zeros, sight])), *sorted(table.items())]:  # fmt: skip
        figures = np.round(100 * row).astype(int)
        figures[: phrasebook.STANCE_COUNT] *= (
            np.abs(figures[: phrasebook.STANCE_COUNT]).max() >= LEAST_STANCE
        )
        figures[phrasebook.STANCE_COUNT :] *= (
            np.abs(figures[phrasebook.STANCE_COUNT :]).max() >= LEAST_TROPES
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
