"""Fit the table of payments and write it beside the pack: ``python -m tests.harness.fit_payments [--check]``.

In: annotated posts and the tuning half of tests/features/sums.txt. Out: ``<pack>.payments.tsv``. A logistic regression over the setting of each sum and the characters beside it, of sums that
are read with their right bounds. ``--check`` writes nothing and prints, by writer left out, how many roles are right and
F1 of entry fees with and without the table.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from features import beside, cues, pack, payments, slices, stance
from tests.features import spoken
from tests.harness import posts as posts_module

#: Inverse penalty: of 0.1, 0.3 and 1 the one that gave the best F1 of fees for writers left out (0.884, 0.892 and 0.897).
INVERSE_PENALTY = 1.0
#: Hundredths of log-odds below which a key is left out, and sums that a key must be shown by.
LEAST, LEAST_SUMS = 8, 2


class Example(NamedTuple):
    """A sum: keys of the table, its setting, the characters beside it, and its true role."""

    keys: set[str]
    setting: payments.Setting
    sides: tuple[str, str]
    role: str


def examples(posts: list[dict[str, Any]]) -> list[Example]:
    """Every sum that is read with the bounds that it was meant with."""
    bare = dataclasses.replace(pack.load_pack(), payments=payments.Table())
    part = slices.read([(post["id"], post.get("title"), post["text"]) for post in posts], pack=bare)  # fmt: skip
    doing = stance.best(part.odds).tolist()
    jobs = np.broadcast_to(cues.count(part.evidence.asserted, "job"), len(posts))
    found: list[Example] = []
    for number, post in enumerate(posts):
        meant = {float(one["yuan"]): one["role"] for one in post["amounts"]}
        listed = part.amounts[number]
        fees = sum(one.item.role == "agency_fee" for one in listed)
        for one in listed:
            item = one.item
            role = meant.get(float(item.yuan))
            if role is None:
                continue
            setting = payments.setting(one, doing[number], is_job=bool(jobs[number]), fees=fees)  # fmt: skip
            before, behind = payments.sides(part.made[number].joined, one)
            keys = {*setting.keys(), *beside.keys(before, behind)}
            found.append(Example(keys, setting, (before, behind), role))
    return found


def fitted(known: list[Example]) -> str:
    """The table that tells the roles of examples best."""
    counts = Counter(key for one in known for key in one.keys)
    keys = sorted(key for key, count in counts.items() if count >= LEAST_SUMS and key != "base")  # fmt: skip
    number = {key: place for place, key in enumerate(keys)}
    cells = [(row, number[key]) for row, one in enumerate(known) for key in one.keys if key in number]  # fmt: skip
    at = np.array(cells).T
    values = sparse.csr_matrix((np.ones(len(cells)), (at[0], at[1])), shape=(len(known), len(keys)))  # fmt: skip
    truth = [payments.ROLES.index(one.role) for one in known]  # type: ignore[arg-type]
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=400).fit(values, truth)
    rows = {"base": model.intercept_, **dict(zip(keys, model.coef_.T, strict=True))}
    lines = [
        "# What tells the role of sums, in hundredths of log-odds; read by features/payments.py, written by tests/harness/fit_payments.py.",
        f"# key <tab> {' '.join(payments.ROLES)}; fitted on {len(known)} sums",
    ]
    for key, row in sorted(rows.items()):
        figures = np.round(100 * row).astype(int)
        if key == "base" or np.abs(figures).max() >= LEAST:
            lines.append(f"{key.replace(chr(10), '¶')}\t{' '.join(map(str, figures))}")
    return "\n".join(lines) + "\n"


def check(by_writer: dict[str, list[Example]]) -> None:
    """How well sums of writers are read that nothing was learned from."""
    for name, asked in by_writer.items():
        table = payments.parse(fitted([one for other, listed in by_writer.items() if other != name for one in listed]))  # fmt: skip
        told = payments.likeliest(table, [payments.whole_of(table, one.setting) for one in asked], [one.sides for one in asked])  # fmt: skip
        for what, guesses in (("grammar", [one.setting.role for one in asked]), ("table", told)):  # fmt: skip
            pairs = list(zip(guesses, (one.role for one in asked), strict=True))
            right = sum(one == two for one, two in pairs)
            hit = sum(one == two == "agency_fee" for one, two in pairs)
            total = sum((one == "agency_fee") + (two == "agency_fee") for one, two in pairs)  # fmt: skip
            print(
                f"{name:8} {what:8} {len(asked)} sums, roles right {right / len(asked):.3f}, fees F1 {2 * hit / max(1, total):.3f}",
                file=sys.stderr,
            )


def write(known: list[Example]) -> None:
    """Fit on all there is and write the table."""
    path = (pack.PACKS / "digital_human.toml").with_suffix(".payments.tsv")
    path.write_text(fitted(known), encoding="utf-8")
    print(f"from {len(known)} sums", file=sys.stderr)


def sentences() -> list[dict[str, Any]]:
    """The tuning templates of tests/features/sums.txt, alone and in company, as annotated posts."""
    alone = spoken.said("sums.txt", held_out=False, seed=2)
    return [
        {
            "id": str(number),
            "text": one.text,
            "amounts": [{"yuan": each.yuan, "role": each.role} for each in one.sums],
        }
        for number, one in enumerate([*alone, *spoken.posts(alone, seed=2)])
    ]


def main() -> None:
    """Check or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    posts = posts_module.posts()
    writers = sorted({posts_module.writer(post) for post in posts})
    known = {name: examples([post for post in posts if posts_module.writer(post) == name]) for name in writers}  # fmt: skip
    known["sentences"] = examples(sentences())
    if parser.parse_args().check:
        check(known)
    else:
        write([one for listed in known.values() for one in listed])


if __name__ == "__main__":
    main()
