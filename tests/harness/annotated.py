"""How annotated posts are read: ``python -m tests.harness.annotated FILE… [--errors]``.

In: JSONL, a post a line: ``id``, ``half``, ``group``, ``title``, ``text``, ``author`` (``name``, ``verified``),
``contacts`` (``kind``, ``value``, ``raw``, ``ownership``, ``family``) and ``amounts`` (``yuan``, ``yuan_max``, ``role``,
``raw``) where somebody annotated them (sums alone in some), ``signals`` (lists ``asserted``, ``quoted``, ``negated``) and ``stance``. Out: a table by file and over all of
contacts, amounts, tropes and stance, contacts by family of disguise (a row each), tropes by name, and with ``--errors`` every post
of a tuning half that is read otherwise than meant. Held-out posts are counted and never shown; public hotlines are not.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from features import pack, reading, stance
from features.indicators import hubs
from warehouse import contracts

_KINDS = {"heimao": "complaint", "taobao": "listing", "jd": "listing", "xianyu": "listing", "1688": "listing"}  # fmt: skip


@dataclass(slots=True)
class Heard:
    """What the reader hears in one post: contacts and amounts with their raw words, asserted tropes, stance."""

    contacts: dict[tuple[str, str], str] = field(default_factory=dict)
    amounts: dict[tuple[float, float | None, str], str] = field(default_factory=dict)
    tropes: dict[str, str] = field(default_factory=dict)
    stance: str = "other"
    bad_spans: int = 0


def kind_of(post: dict[str, Any]) -> str:
    """What a post of its platform is recorded as."""
    return _KINDS.get(post.get("platform", ""), "post")


def heard(posts: list[dict[str, Any]], *, of: pack.Pack) -> list[Heard]:
    """Read posts as the night does: by text, then by post with its account."""
    doc_ids = [f"{place:06d}" for place in range(len(posts))]
    frame = pl.DataFrame(
        {
            "doc_id": doc_ids,
            "title": [post.get("title") for post in posts],
            "text": [post["text"] for post in posts],
        },
        schema=dict(contracts.DOCUMENTS.columns),
    )
    found = reading.read_documents(frame, pack=of)
    authors = [post.get("author") or {} for post in posts]
    rows = pl.DataFrame(
        {
            "post_id": doc_ids,
            "doc_id": doc_ids,
            "kind": [kind_of(post) for post in posts],
            "author_verified": [one.get("verified", "none") for one in authors],
            "author_name": [one.get("name") for one in authors],
        },
        schema_overrides={
            "post_id": pl.String,
            "doc_id": pl.String,
            "author_name": pl.String,
        },
    ).with_columns(
        crawled_at=pl.lit(0).cast(contracts.TIME),
        first_crawled_at=pl.lit(0).cast(contracts.TIME),
    )
    reads = reading.post_reads(rows, found.stances, pack=of)
    sellers = rows.select("post_id", seller_id=pl.col("post_id"))
    signals = reading.post_signals(reads, sellers, found.signals)
    read = [Heard() for _ in posts]
    for row in reads.iter_rows(named=True):
        read[int(row["post_id"])].stance = row["stance"]
    for row in signals.iter_rows(named=True):
        if row["voice"] == "asserted":
            one = read[int(row["post_id"])]
            one.tropes.setdefault(row["signal"], row["span_text"])
    for row in found.amounts.iter_rows(named=True):
        one = read[int(row["doc_id"])]
        top = None if row["yuan_max"] is None else float(row["yuan_max"])
        one.amounts[float(row["yuan"]), top, row["role"]] = row["span_text"]
    for row in found.contacts.iter_rows(named=True):
        one = read[int(row["doc_id"])]
        if row["value"] not in hubs.HOTLINES:
            one.contacts[_contact(row["kind"], row["value"])] = row["raw"]
        whole = posts[int(row["doc_id"])][row["field"]]
        is_exact = whole[row["span_start"] : row["span_end"]] == row["raw"]
        one.bad_spans += not is_exact
    return read


def _contact(kind: str, value: str) -> tuple[str, str]:
    """A contact as annotators write it: an account without its platform, in lower case as ``canonical`` has it."""
    if kind == "account":
        value = (value.partition(":")[2] or value).lower()
    return kind, value


def _contacts(post: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The contacts meant; public hotlines are nobody's and count neither way."""
    return {
        _contact(one["kind"], one["value"]): one
        for one in post.get("contacts", ())
        if one["value"] not in hubs.HOTLINES
    }


def matched(meant: set[Any], found: set[Any], table: Counter[str], name: str) -> None:
    """Count hits, false and missed."""
    table[name + "+"] += len(meant & found)
    table[name + "!"] += len(found - meant)
    table[name + "-"] += len(meant - found)


def f1(table: Counter[str], name: str) -> str:
    """Precision, recall and F1 of what ``matched`` counted."""
    hit, false, missed = (table[name + mark] for mark in "+!-")
    precision = hit / (hit + false) if hit + false else 1
    recall = hit / (hit + missed) if hit + missed else 1
    total = 2 * hit + false + missed
    both = 2 * hit / total if total else 1
    return f"P {precision:.3f} R {recall:.3f} F1 {both:.3f} (hit {hit}, false {false}, missed {missed})"


def counted(posts: list[dict[str, Any]], read: list[Heard]) -> Counter[str]:
    """Everything countable of some posts."""
    table: Counter[str] = Counter()
    for post, one in zip(posts, read, strict=True):
        if "amounts" in post:
            _count_values(post, one, table)
        tropes = set(post["signals"].get("asserted", []))
        matched(tropes, set(one.tropes), table, "trope")
        for name in tropes | set(one.tropes):
            matched(tropes & {name}, set(one.tropes) & {name}, table, f"trope {name}")
        table["posts"] += 1
        table["right"] += one.stance == post["stance"]
        table[f"{post['stance']} as {one.stance}"] += 1
        table["echoes"] += post["stance"] in stance.ECHOES
        table["loud"] += post["stance"] in stance.ECHOES and bool(one.tropes)
        is_job = post["group"].startswith("job") and post["stance"] != "offer"
        is_near = post["stance"] == "vendor" or is_job
        table["near"] += is_near
        table["near as offer"] += is_near and one.stance == "offer"
        table["bad spans"] += one.bad_spans
    return table


def _count_values(post: dict[str, Any], one: Heard, table: Counter[str]) -> None:
    """Contacts, sums and fees of a post whose writer annotated them."""
    if "contacts" in post:
        meant = _contacts(post)
        matched(set(meant), set(one.contacts), table, "contact")
        for key, contact in meant.items():
            family = contact.get("family", "none")
            table[f"family {family}" + ("+" if key in one.contacts else "-")] += 1
    sums = _sums(post)
    matched({s[:2] for s in sums}, {s[:2] for s in one.amounts}, table, "amount")
    matched(_fees(sums), _fees(set(one.amounts)), table, "fee")


def _sums(post: dict[str, Any]) -> set[tuple[float, float | None, str]]:
    return {
        (float(a["yuan"]), None if a.get("yuan_max") is None else float(a["yuan_max"]), a["role"])
        for a in post["amounts"]
    }  # fmt: skip


def _fees(sums: set[tuple[float, float | None, str]]) -> set[float]:
    return {yuan for yuan, _, role in sums if role == "agency_fee"}


def _of_post(post: dict[str, Any], one: Heard) -> list[str]:
    """What is read otherwise than meant, a line for each."""
    lines = []
    if one.stance != post["stance"]:
        lines.append(f"  stance {post['stance']} read as {one.stance}")
    reach = {key: contact["raw"] for key, contact in _contacts(post).items()}
    heard = one.contacts if "contacts" in post else {}
    sums = {
        (float(a["yuan"]), None if a.get("yuan_max") is None else float(a["yuan_max"]), a["role"]): a["raw"]
        for a in post["amounts"]
    }  # fmt: skip
    tropes = dict.fromkeys(post["signals"].get("asserted", []), "")
    for what, meant, found in (
        ("contact", reach, heard),
        ("amount", sums, one.amounts),
        ("trope", tropes, one.tropes),
    ):
        lines += [f"  missed {what} {key} {meant[key]}" for key in meant.keys() - found.keys()]  # fmt: skip
        lines += [f"  false {what} {key} {found[key]}" for key in found.keys() - meant.keys()]  # fmt: skip
    return lines


def report(name: str, table: Counter[str]) -> None:
    """Print the totals of one file."""
    posts, near, echoes = table["posts"], table["near"], table["echoes"]
    print(
        f"== {name}: {posts} posts  stance {table['right'] / max(posts, 1):.3f}"
        f"  vendors and jobs as offers {table['near as offer']}/{near}"
        f"  reports and complaints asserting {table['loud']}/{echoes}  wrong spans {table['bad spans']}"
    )
    for what in ("contact", "amount", "fee", "trope"):
        print(f"   {what:8} {f1(table, what)}")


def main() -> None:
    """Read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--pack", default="digital-human")
    args = parser.parse_args()
    of = pack.load_pack(args.pack)
    whole: Counter[str] = Counter()
    for path in args.files:
        lines = path.read_text(encoding="utf-8").splitlines()
        posts = [json.loads(line) for line in lines if line.strip()]
        read = heard(posts, of=of)
        if args.errors:
            for post, one in zip(posts, read, strict=True):
                wrong = _of_post(post, one) if post["half"] == "tuning" else []
                if wrong:
                    print(f"{post['id']} [{post['group']}] {post.get('title') or ''} {post['text']}")  # fmt: skip
                    print("\n".join(wrong))
        table = counted(posts, read)
        report(str(path), table)
        whole += table
    if len(args.files) > 1:
        report("all", whole)
    names: dict[str, list[str]] = defaultdict(list)
    for key in whole:
        if key[-1] in "+-" and key.startswith("family "):
            names[key[:-1]].append(key)
    for name in sorted(names):
        hit, missed = whole[name + "+"], whole[name + "-"]
        print(f"   {name:36} recall {hit / (hit + missed):.3f} of {hit + missed}")
    for name in sorted({key[:-1] for key in whole if key.startswith("trope ")}):
        print(f"   {name:36} {f1(whole, name)}")
    wrong_stances = {k: n for k, n in whole.items() if " as " in k and k.split(" as ")[0] in stance.STANCES}  # fmt: skip
    for key, number in sorted(wrong_stances.items(), key=lambda item: -item[1]):
        said, read_as = key.split(" as ")
        if said != read_as:
            print(f"   {key}: {number}")


if __name__ == "__main__":
    main()
