"""How posts of the corpus are read, by file and section: ``python -m tests.harness.read_corpus [tuning|held_out]``.

In: one half of tests/features/corpus. Out: a table of stance accuracy and of F1 of asserted tropes per post, and with
``--errors`` every post of the tuning half that is read otherwise than meant. Held-out posts are never shown.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict

import polars as pl

from features import pack, reading, stance
from tests.features.corpus import grammar
from warehouse import contracts


def heard(posts: list[grammar.Post]) -> list[tuple[str, set[str]]]:
    """Stance and asserted tropes of each post as the reader hears them."""
    frame = pl.DataFrame(
        {
            "doc_id": [f"{place:06d}" for place in range(len(posts))],
            "title": [None] * len(posts),
            "text": [post.text for post in posts],
        },
        schema=dict(contracts.DOCUMENTS.columns),
    )
    found = reading.read_documents(frame, pack=pack.load_pack())
    tropes: dict[str, set[str]] = defaultdict(set)
    asserted = found.signals.filter(pl.col("voice") == "asserted")
    for doc_id, signal in asserted.select("doc_id", "signal").rows():
        tropes[doc_id].add(signal)
    return [
        (stance.best(row), tropes[row["doc_id"]])
        for row in found.stances.iter_rows(named=True)
    ]


def main() -> None:
    """Read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=grammar.HALVES, nargs="?", default="tuning")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--only", default="", help="file or section that begins so")
    args = parser.parse_args()
    posts = [
        post
        for post in grammar.posts(args.half)
        if post.book.startswith(args.only) or post.section.startswith(args.only)
    ]
    read = heard(posts)
    tables: dict[str, Counter[str]] = defaultdict(Counter)
    for post, (found, tropes) in zip(posts, read, strict=True):
        meant = {name for name, _, _ in post.signals}
        names = ["all", post.book, f"  {post.book} {post.section}", f"= {post.stance}"]
        names += [f"~ {name}" for name in meant | tropes]
        for name in names:
            row = tables[name]
            row["posts"] += 1
            row["right"] += found == post.stance
            row["offer"] += found == "offer" != post.stance
            row["echo"] += post.stance in stance.ECHOES and bool(tropes)
            one = {name[2:]} if name.startswith("~ ") else meant | tropes
            row["hit"] += len(meant & tropes & one)
            row["false"] += len((tropes - meant) & one)
            row["missed"] += len((meant - tropes) & one)
        if args.errors and args.half == "tuning":
            if found != post.stance:
                print(f"{post.stance} read as {found} [{post.book}]: {post.text}")
            for name in sorted(meant ^ tropes):
                kind = "missed" if name in meant else "false"
                print(f"{kind} {name} [{post.book} {post.stance}]: {post.text}")
    for name in sorted(tables):
        row = tables[name]
        total = 2 * row["hit"] + row["false"] + row["missed"]
        print(
            f"{name:42} posts {row['posts']:5}  stance {row['right'] / row['posts']:.3f}"
            f"  read as offer {row['offer']:3}  echoes asserting {row['echo']:3}"
            f"  tropes F1 {2 * row['hit'] / total if total else 1:.3f} (false {row['false']}, missed {row['missed']})"
        )


if __name__ == "__main__":
    main()
