"""Fit the table of payments and write it beside the pack: ``python -m tests.harness.fit_payments [--check]``.

In: annotated posts. Out: ``<pack>.payments.tsv``. A logistic regression over what ``payments.shown`` says of each sum that
is read with its right bounds. ``--check`` writes nothing and prints, by writer left out, how many roles are right and
F1 of entry fees with and without the table.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections import Counter
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from features import cues, pack, payments, slices, stance
from tests.harness import posts as posts_module

#: Inverse penalty: of 0.1, 0.3 and 1 the one that gave the best F1 of fees for writers left out.
INVERSE_PENALTY = 0.3
#: Hundredths of log-odds below which a key is left out, and sums that a key must be shown by.
LEAST, LEAST_SUMS = 8, 2
#: What an example shows, its true role, its role by grammar.
Example = tuple[set[str], str, str]


def examples(posts: list[dict[str, Any]]) -> list[Example]:
    """Every sum that is read with the bounds that it was meant with."""
    bare = dataclasses.replace(pack.load_pack(), payments={})
    part = slices.read([(post["id"], post.get("title"), post["text"]) for post in posts], pack=bare)  # fmt: skip
    doing = stance.best(part.odds).tolist()
    jobs = np.broadcast_to(cues.count(part.evidence.asserted, "job"), len(posts))
    found: list[Example] = []
    for number, post in enumerate(posts):
        meant = {(float(one["yuan"]), one.get("yuan_max") and float(one["yuan_max"])): one["role"] for one in post["amounts"]}  # fmt: skip
        listed = part.amounts[number]
        fees = sum(one.item.role == "agency_fee" for one in listed)
        for one in listed:
            item = one.item
            role = meant.get((float(item.yuan), item.yuan_max and float(item.yuan_max)))
            if role is None:
                continue
            keys = payments.shown(
                part.made[number].joined, one, doing[number], is_job=bool(jobs[number]),
                has_fee=fees > (item.role == "agency_fee"),
            )  # fmt: skip
            found.append((set(keys), role, item.role))
    return found


def fitted(known: list[Example]) -> payments.Table:
    """The table that tells the roles of examples best."""
    counts = Counter(key for keys, _, _ in known for key in keys)
    keys = sorted(key for key, count in counts.items() if count >= LEAST_SUMS and key != "base")  # fmt: skip
    number = {key: place for place, key in enumerate(keys)}
    cells = [(row, number[key]) for row, (shown, _, _) in enumerate(known) for key in shown if key in number]  # fmt: skip
    at = np.array(cells).T
    values = sparse.csr_matrix((np.ones(len(cells)), (at[0], at[1])), shape=(len(known), len(keys)))  # fmt: skip
    truth = [payments.ROLES.index(role) for _, role, _ in known]  # type: ignore[arg-type]
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=400).fit(values, truth)
    rows = {"base": model.intercept_, **dict(zip(keys, model.coef_.T, strict=True))}
    table = {key: tuple(np.round(row, 2).tolist()) for key, row in rows.items()}
    return {key: row for key, row in table.items() if key == "base" or max(map(abs, row)) * 100 >= LEAST}  # fmt: skip


def check(by_writer: dict[str, list[Example]]) -> None:
    """How well sums of writers are read that nothing was learned from."""
    for name, asked in by_writer.items():
        table = fitted([one for other, listed in by_writer.items() if other != name for one in listed])  # fmt: skip
        told = [payments.likeliest(table, iter(keys)) for keys, _, _ in asked]
        for what, guesses in (("grammar", [one[2] for one in asked]), ("table", told)):
            pairs = list(zip(guesses, (one[1] for one in asked), strict=True))
            right = sum(one == two for one, two in pairs)
            hit = sum(one == two == "agency_fee" for one, two in pairs)
            total = sum((one == "agency_fee") + (two == "agency_fee") for one, two in pairs)  # fmt: skip
            print(
                f"{name:8} {what:8} {len(asked)} sums, roles right {right / len(asked):.3f}, fees F1 {2 * hit / max(1, total):.3f}",
                file=sys.stderr,
            )


def write(known: list[Example]) -> None:
    """Fit on all there is and write the table."""
    table = fitted(known)
    lines = [
        "# What tells the role of sums, in hundredths of log-odds; read by features/payments.py, written by tests/harness/fit_payments.py.",
        f"# key <tab> {' '.join(payments.ROLES)}; fitted on {len(known)} sums",
    ]
    for key, row in sorted(table.items()):
        figures = " ".join(str(round(100 * one)) for one in row)
        lines.append(key.replace("\n", "¶") + "\t" + figures)
    path = (pack.PACKS / "digital_human.toml").with_suffix(".payments.tsv")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(table)} keys from {len(known)} sums", file=sys.stderr)


def main() -> None:
    """Check or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    posts = posts_module.posts()
    writers = sorted({posts_module.writer(post) for post in posts})
    known = {name: examples([post for post in posts if posts_module.writer(post) == name]) for name in writers}  # fmt: skip
    if parser.parse_args().check:
        check(known)
    else:
        write([one for listed in known.values() for one in listed])


if __name__ == "__main__":
    main()
