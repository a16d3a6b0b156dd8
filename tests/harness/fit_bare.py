"""Fit the table of bare numbers and write it beside the pack: ``python -m tests.harness.fit_bare [--check]``.

In: annotated posts and the tuning half of ``fit_payments.SENTENCES``. Out: ``<pack>.bare.tsv``. A logistic regression over what
``features.amounts.bare`` sees of each number without unit and currency; it is money where the post was annotated with its value.
``--check`` writes nothing and prints, for folds of writers left out, how many sums are found, missed and wrongly heard.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from features import pack
from features.amounts import bare, beginnings, quantities
from features.texts import documents
from tests.harness import fit_payments
from tests.harness import posts as posts_module

#: Inverse penalty: of 0.2, 0.5, 1 and 2 the one with the fewest errors on writers left out (170, 149, 143 and 141 of 2,760; 1 is the simpler).
INVERSE_PENALTY = 1.0
#: Hundredths of log-odds below which a key is left out, and numbers that a key must be shown by.
LEAST, LEAST_NUMBERS = 8, 2
_FOLDS = 4


class Example(NamedTuple):
    """A bare number, and whether it is money."""

    number: bare.Number
    is_money: bool


def examples(posts: list[dict[str, Any]]) -> list[Example]:
    """Every candidate of annotated posts."""
    made = documents.documents([(post["id"], post.get("title"), post["text"]) for post in posts])  # fmt: skip
    found: list[Example] = []
    for post, one in zip(posts, made, strict=True):
        meant = {(float(a["yuan"]), float(a.get("yuan_max") or 0)) for a in post["amounts"]}  # fmt: skip
        for field in one.fields:
            listed = list(quantities.quantities(field.folded, beginnings.starts_of(field.folded)))  # fmt: skip
            for index, number in bare.numbers(field.folded, listed):
                value = float(round(listed[index].low, 2)), float(listed[index].high or 0)  # fmt: skip
                found.append(Example(number, value in meant))
    return found


def fitted(known: list[Example]) -> str:
    """The table that tells the money among examples best."""
    counts = Counter(key for one in known for key in set(one.number.keys()))
    keys = sorted(key for key, count in counts.items() if count >= LEAST_NUMBERS and key != "base")  # fmt: skip
    number = {key: place for place, key in enumerate(keys)}
    cells = [(row, number[key]) for row, one in enumerate(known) for key in set(one.number.keys()) if key in number]  # fmt: skip
    at = np.array(cells).T
    values = sparse.csr_matrix((np.ones(len(cells)), (at[0], at[1])), shape=(len(known), len(keys)))  # fmt: skip
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=400).fit(values, [one.is_money for one in known])  # fmt: skip
    rows = {"base": model.intercept_[0], **dict(zip(keys, model.coef_[0], strict=True))}
    lines = [
        "# What makes bare numbers money, in hundredths of log-odds; read by features/amounts/bare.py, written by tests/harness/fit_bare.py.",
        f"# key <tab> weight; fitted on {len(known)} numbers",
    ]
    for key, weight in sorted(rows.items()):
        figure = round(100 * weight)
        if key == "base" or abs(figure) >= LEAST:
            lines.append(f"{key.replace(chr(10), '¶')}\t{figure}")
    return "\n".join(lines) + "\n"


def check(by_writer: dict[str, list[Example]]) -> None:
    """How well bare numbers of writers are told that nothing was learned from."""
    names = sorted(by_writer)
    whole: Counter[tuple[bool, bool]] = Counter()
    for fold in range(_FOLDS):
        left_out = names[fold::_FOLDS]
        table = bare.parse(fitted([one for name in names if name not in left_out for one in by_writer[name]]))  # fmt: skip
        asked = [one for name in left_out for one in by_writer[name]]
        told = bare.are_money([one.number for one in asked], table)
        pairs = Counter(zip((one.is_money for one in asked), told, strict=True))
        _say(", ".join(left_out), pairs)
        whole += pairs
    _say("all", whole)


def _say(name: str, pairs: Counter[tuple[bool, bool]]) -> None:
    print(
        f"{name}: {pairs[True, True]} found, {pairs[True, False]} missed, {pairs[False, True]} wrongly heard of {pairs.total()}",
        file=sys.stderr,
    )


def write(known: list[Example]) -> None:
    """Fit on all there is and write the table."""
    path = (pack.PACKS / "digital_human.toml").with_suffix(".bare.tsv")
    path.write_text(fitted(known), encoding="utf-8")
    print(f"from {len(known)} numbers", file=sys.stderr)


def main() -> None:
    """Check or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    posts = posts_module.posts()
    writers = sorted({posts_module.writer(post) for post in posts})
    known = {name: examples([post for post in posts if posts_module.writer(post) == name]) for name in writers}  # fmt: skip
    known["sentences"] = examples(fit_payments.sentences())
    if parser.parse_args().check:
        check(known)
    else:
        write([one for listed in known.values() for one in listed])


if __name__ == "__main__":
    main()
