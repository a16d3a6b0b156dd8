"""Fit the weights of reading and write them into the pack: ``python -m tests.harness.fit_reading [--check]``.

In: ``tests.harness.fitting.material``. Out: the table ``[stance]`` of the shipped pack, between its marks, and its tables of phrases, traits and bylines.

Stance: cues and runs of characters, anywhere and at the borders of a text, by linear support vectors, one stance against
the rest; their distances become log-odds by one factor and one constant for each stance, fitted on texts of writers and
templates left out. Tropes: the runs of a clause, of its neighbours, and the match of a pattern, by ``fit_traits``. ``--check`` writes nothing and prints, by writer and template left out, how well both do.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from typing import Any

import numpy as np
from scipy import optimize, sparse, special
from sklearn.svm import LinearSVC

from features import catalogue, pack, stance
from features.speech import cues, phrasebook, phrases, traits
from tests.harness.fitting import fit_bylines, fit_traits
from tests.harness.fitting import material as material_module

#: Inverse penalty of stance; what a cue and a run at the border count beside a run. A run is penalised less
#: the fewer texts it stands in, as with tf-idf. Of posts of writers left out 0.882 are read right so, 0.855 by a softmax
#: regression over cues and runs anywhere.
STANCE = 0.03
_CUE, _BORDER = 0.2, 0.8
LEAST_TEXTS, LEAST_CLAUSES = 3, 3
#: Hundredths of log-odds below which runs are left out: five in six runs, and half a percent of accuracy (measured).
LEAST_STANCE, LEAST_TROPES, LEAST_BESIDE = 12, 8, 10
#: And how far along a trait, below which a run doesn't move a clause. Log-odds from which on a clause may be taken for a trope.
LEAST_TRAITS = 0.02
_CUTS = np.arange(-2.5, 1.01, 0.1)
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
) -> tuple[sparse.csr_matrix, Array, Array, Array, Array]:
    """What traits are learned from and told by, as ``fit_traits.learned`` takes it: a row for each clause in each."""
    values = counted([clause.text for clause in clauses], runs)
    groups = [clause.group for clause in clauses]
    is_new = [one != other for one, other in itertools.pairwise(groups)]
    texts = np.cumsum([0, *is_new])
    known = np.array([[one.stance == "vendor", one.stance == "other", one.is_quoted] for one in clauses])  # fmt: skip
    seen, planted = (
        np.array([[name in of(one) for name in range(len(catalogue.SIGNALS))] for one in clauses])
        for of in (lambda one: one.seen, lambda one: one.planted)
    )  # fmt: skip
    return values, texts, known, seen, planted


def left_out(
    clauses: list[material_module.Clause],
    shown: tuple[sparse.csr_matrix, Array, Array, Array, Array],
) -> tuple[Array, Array]:
    """Log-odds of each signal in each text, that of its likeliest clause, learned from other writers and templates; and the truth."""
    folds = folds_of([one.group for one in clauses])
    values, texts, known, seen, planted = shown
    odds = np.zeros(planted.shape)
    for fold in range(FOLDS):
        out = folds == fold
        told = fit_traits.learned(values[~out], *(one[~out] for one in shown[1:]))
        odds[out] = told.odds(values[out], texts[out], known[out], seen[out])
    names = {name: row for row, name in enumerate(dict.fromkeys(one.group for one in clauses))}  # fmt: skip
    row_of = np.array([names[one.group] for one in clauses])
    best = np.full((len(names), planted.shape[1]), -np.inf)
    truth = np.zeros(best.shape, dtype=bool)
    np.maximum.at(best, row_of, odds)
    np.logical_or.at(truth, row_of, planted)
    written = np.array([name.startswith("written ") for name in names])
    return best[written], truth[written]


def cuts_of(odds: Array, truth: Array) -> Array:
    """Log-odds of each signal from which on a clause is taken for its trope: those that gave the best F1 for texts left out."""

    def f1(signal: int, cut: float) -> float:
        found = odds[:, signal] > cut
        both = (found & truth[:, signal]).sum()
        return 2 * both / max(1, found.sum() + truth[:, signal].sum())

    return np.array([max(_CUTS, key=lambda cut: f1(signal, cut)) for signal in range(odds.shape[1])])  # fmt: skip


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
    best, truth = left_out(known.clauses, of_tropes(known.clauses, runs))
    heard = best > cuts_of(best, truth)
    hits, wrong = int((heard & truth).sum()), int((heard != truth).sum())
    print(
        f"tropes by post, but for echoes, writers left out: F1 {2 * hits / (2 * hits + wrong):.4f}",
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
    shown = of_tropes(known.clauses, of_clauses)
    tropes = fit_traits.learned(*shown)
    count = len(catalogue.SIGNALS)
    base = tropes.base[:count] - cuts_of(*left_out(known.clauses, shown))
    table = {run: np.zeros(phrasebook.STANCE_COUNT + count) for run in {*runs, *of_clauses, *(phrasebook.BESIDE + run for run in of_clauses)}}  # fmt: skip
    for run, row in zip(runs, weights[len(cues.CUES) :], strict=True):
        table[run][: phrasebook.STANCE_COUNT] = row
    moved: dict[str, Array] = {"@base": tropes.base[count:], **{f"@{name}": column for name, column in zip(catalogue.SIGNALS, tropes.of_traits.T, strict=True)}}  # fmt: skip
    for mark, rows in (
        ("", tropes.runs),
        (phrasebook.BESIDE, fit_traits.BESIDE * tropes.beside),
    ):
        for run, row in zip(of_clauses, rows, strict=True):
            table[mark + run][phrasebook.STANCE_COUNT :] = row[:count]
            if np.abs(row[count:]).max() >= LEAST_TRAITS:
                moved[mark + run] = row[count:]
    zeros = np.zeros(phrasebook.STANCE_COUNT)
    listed = [
        "# What turns of phrase add to log-odds, in hundredths; read by features/speech/phrases.py, written by tests/harness/fit_reading.py.",
        f"# run <tab> {' '.join(stance.STANCES)} {' '.join(catalogue.SIGNALS)}",
    ]
    vendor, other, quoted = tropes.told
    alone = (("@base", base), ("@sight", tropes.sight), ("@quoted", quoted), ("@vendor", vendor), ("@other", other))  # fmt: skip
    for run, row in [*((name, np.concatenate([zeros, row])) for name, row in alone), *sorted(table.items())]:  # fmt: skip
        figures = np.round(100 * row).astype(int)
        figures[: phrasebook.STANCE_COUNT] *= (
            np.abs(figures[: phrasebook.STANCE_COUNT]).max() >= LEAST_STANCE
        )
        least = LEAST_BESIDE if run[0] == phrasebook.BESIDE else LEAST_TROPES
        figures[phrasebook.STANCE_COUNT :] *= (
            np.abs(figures[phrasebook.STANCE_COUNT :]).max() >= least
        )
        if figures.any():
            listed.append(f"{run}\t{' '.join(map(str, figures.tolist()))}")
    told = [
        "# How far runs move clauses along traits, in thousandths, and what whole traits add to log-odds, likewise; read by features/speech/traits.py,",
        f"# written by tests/harness/fit_reading.py. run <tab> {traits.WIDTH} traits",
    ]
    told += [
        f"{run}\t{' '.join(map(str, np.round(traits.UNITS * row).astype(int).tolist()))}"
        for run, row in sorted(moved.items())
    ]
    path.with_suffix(".traits.tsv").write_text("\n".join(told) + "\n", encoding="utf-8")  # fmt: skip
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
