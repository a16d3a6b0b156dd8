"""How fast texts are grouped, and how well: ours against rensa on all posts and datasketch on a tenth, in one run.

The posts are 120 characters of an invented language: words drawn by Zipf's law, so that strangers share common words and no
passages (posts of the sandbox share its finite grammar's clauses, and nobody could say which of them are copies). Each has a
place, a sum and a contact. One in ten is a copy of another as sellers make them: place, sum and contact swapped, some words
replaced, some characters changed, clauses shuffled. All three get the same texts and give families; pairs within families are
compared with the pairs that were planted. The peers are used as their manuals say: sets of three neighbouring characters, 64
permutations, 16 bands of four, pairs with an estimated similarity of 0.5 or more; rensa through its bulk calls. Times are CPU
seconds of the process, which a busy machine lengthens for all alike; the ratios are what can be compared between runs.
"""

import os
import random
import resource
import time
from collections import Counter

import numpy as np
import polars as pl
from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

from crawlers.sandbox import dice
from features import templates
from features.families import signatures
from features.writing import places

PERMUTATIONS, PEER_BANDS, PEER_THRESHOLD = 64, 16, 0.5
#: The goals of issue 5.
TIMES_DATASKETCH, TIMES_RENSA = 5, 1
COPIED = 0.1
#: Words that a copy replaces, as a share; words of a post, and of the language.
REPLACED, LENGTH, WORDS = 0.08, 49, 20_000


def run(number: int, *, seed: int = 1) -> dict[str, object]:
    """Time all three.

    Args:
        number: Posts for ours and rensa; datasketch gets a tenth, at most 100,000, and ours those once more.
        seed: Of the posts and the copies.

    Returns:
        CPU microseconds a post, ratios, precision and recall of pairs, peak memory, load of the machine.
    """
    texts, origins = planted(seed, number)
    few = texts[: min(100_000, max(1_000, number // 10))]
    load = os.getloadavg()[0]
    ours(texts[:1_000])
    figures: dict[str, object] = {"posts": number, "datasketch_posts": len(few)}
    timed = {}
    for name, work, given in (
        ("ours", ours, texts),
        ("rensa", rensa, texts),
        ("ours_few", ours, few),
        ("datasketch", datasketch, few),
    ):
        cpu = time.process_time()
        found = work(given)
        timed[name] = (time.process_time() - cpu) / len(given)
        precision, recall = quality(found, origins[: len(given)])
        figures |= {
            f"{name}_cpu_microseconds_per_post": round(timed[name] * 1e6, 1),
            f"{name}_pair_precision": round(precision, 4),
            f"{name}_pair_recall": round(recall, 4),
        }
        if name == "ours":
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            figures["peak_mebibytes_with_all_texts"] = round(peak / 1024)
    return figures | {
        "times_rensa": round(timed["rensa"] / timed["ours"], 2),
        "times_datasketch": round(timed["datasketch"] / timed["ours_few"], 2),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "goal_met": timed["rensa"] >= TIMES_RENSA * timed["ours"]
        and timed["datasketch"] >= TIMES_DATASKETCH * timed["ours_few"]
        and figures["ours_pair_recall"] >= figures["rensa_pair_recall"]
        and figures["ours_pair_precision"] >= figures["rensa_pair_precision"],
    }


def planted(seed: int, number: int) -> tuple[list[str], list[int]]:
    """Posts in an order without meaning, and for each the number of what it was copied from, or its own."""
    rng = dice.dice(seed, "copies")
    copies = round(number * COPIED)
    originals = [_post(rng, words) for words in _words(seed, number - copies)]
    rows = list(enumerate(originals))
    for _ in range(copies):
        origin = rng.randrange(len(originals))
        rows.append((origin, _copy(rng, originals[origin])))
    rng.shuffle(rows)
    return ["".join(clauses) for _, clauses in rows], [origin for origin, _ in rows]


def _words(seed: int, number: int) -> list[list[str]]:
    """Words of each post."""
    rng = np.random.default_rng(seed)
    signs = [chr(point) for point in range(0x4E00, 0x4E00 + 3_000)]
    lexicon = np.array(["".join(rng.choice(signs, 2)) for _ in range(WORDS)])
    chances = 1 / np.arange(1, WORDS + 1)
    drawn = rng.choice(WORDS, (number, LENGTH), p=chances / chances.sum())
    return lexicon[drawn].tolist()


def _post(rng: random.Random, words: list[str]) -> list[str]:
    """Clauses of a post."""
    clauses = ["".join(words[at : at + 7]) + "，" for at in range(0, LENGTH, 7)]
    place, fee = dice.pick(rng, places.PLACES), rng.randrange(10_000, 300_000)
    return [f"{place}{clauses[0]}", *clauses[1:], f"只要{fee}元，", f"加微信demo{rng.randrange(10**5)}。"]  # fmt: skip


def _copy(rng: random.Random, clauses: list[str]) -> list[str]:
    """A seller's copy."""
    words = [clause[at : at + 2] for clause in clauses[1:-2] for at in range(0, 14, 2)]
    spun = [dice.pick(rng, words) if rng.random() < REPLACED else word for word in [clauses[0][-15:-1][at : at + 2] for at in range(0, 14, 2)] + words]  # fmt: skip
    made = _post(rng, (spun + words)[:LENGTH])
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(made) - 2)
        cut = rng.randrange(3, len(made[at]))
        made[at] = made[at][: cut - 1] + dice.pick(rng, ("", "就", "好")) + made[at][cut:]  # fmt: skip
    if rng.random() < 0.5:
        rng.shuffle(made)
    return made


def ours(texts: list[str]) -> list[int]:
    """Family of each text by this project: everything from the raw text on."""
    written = pl.Series(texts, dtype=pl.String)
    found = signatures.signatures(pl.Series([None] * len(texts), dtype=pl.String), written)  # fmt: skip
    names, first, inverse = np.unique(found.names, return_index=True, return_inverse=True)  # fmt: skip
    order = np.argsort(first, kind="stable")
    rows = first[order][found.counts[first[order]] >= signatures.LEAST]
    copies = found.take(rows)
    low = signatures.minima(copies)
    numbers = np.arange(rows.shape[0])
    nobody = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    near = templates.candidates(signatures.bands(low), numbers, *nobody)
    shared = templates.verified(copies, low, near.later, near.earlier)
    at = shared > 0
    cores = templates.families(copies, numbers, near.later[at], near.earlier[at], shared[at])  # fmt: skip
    family = np.arange(names.shape[0])
    family[inverse[rows]] = inverse[rows][cores]
    # Too short to be compared: nobody's copy, also where two are equal.
    short = found.counts < signatures.LEAST
    labels = family[inverse]
    labels[short] = names.shape[0] + np.flatnonzero(short)
    return labels.tolist()


def rensa(texts: list[str]) -> list[int]:
    """Family of each text by rensa's bulk calls."""
    hashes = []
    # In parts, or the sets of a million texts take 10 GB.
    for at in range(0, len(texts), 20_000):
        sets = [_shingles(text) for text in texts[at : at + 20_000]]
        hashes += RMinHash.from_token_sets(sets, PERMUTATIONS, 1)
    index = RMinHashLSH(PEER_THRESHOLD, PERMUTATIONS, PEER_BANDS)
    index.insert_many(hashes)
    parents = list(range(len(texts)))
    for row, near in enumerate(index.query_all(hashes)):
        for other in near:
            if other < row and hashes[row].jaccard(hashes[other]) >= PEER_THRESHOLD:
                _join(parents, row, other)
    return [_root(parents, row) for row in range(len(texts))]


def datasketch(texts: list[str]) -> list[int]:
    """Family of each text by datasketch's bulk calls."""
    sets = [[sign.encode() for sign in _shingles(text)] for text in texts]
    hashes = MinHash.bulk(sets, num_perm=PERMUTATIONS, seed=1)
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(PEER_BANDS, PERMUTATIONS // PEER_BANDS))  # fmt: skip
    parents = list(range(len(texts)))
    for row, one in enumerate(hashes):
        for other in index.query(one):
            if one.jaccard(hashes[other]) >= PEER_THRESHOLD:
                _join(parents, row, other)
        index.insert(row, one, check_duplication=False)
    return [_root(parents, row) for row in range(len(texts))]


def quality(families: list[int], origins: list[int]) -> tuple[float, float]:
    """Precision and recall of pairs of texts in one family."""
    joined = _pairs(Counter(families))
    true = _pairs(Counter(origins))
    both = _pairs(Counter(zip(families, origins, strict=True)))
    return both / joined if joined else 1.0, both / true if true else 1.0


def _pairs(sizes: Counter) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _shingles(text: str) -> list[str]:
    return [text[at : at + 3] for at in range(len(text) - 2)]


def _root(parents: list[int], row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


def _join(parents: list[int], one: int, other: int) -> None:
    parents[_root(parents, one)] = _root(parents, other)
