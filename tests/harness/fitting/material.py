"""What the weights of reading are learned from: the tuning half of the corpus and the market of some seeds, as read.

In: nothing. Out: ``Material``: one row for each text that reads differently once names are hidden, with its truth, its
cues, its runs of characters, and its clauses with the tropes that were planted in them. Held-out templates and market
seeds from 300 on are never read.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from crawlers.sandbox import market
from features import catalogue, pack, stance
from features.speech import cues, phrasebook, voice
from features.texts import slices
from tests.features.corpus import grammar
from tests.harness import posts as posts_module

#: What an annotated post counts beside a template.
ANNOTATED_WEIGHT = 1.0
#: And what a template counts: at 0.4 writers left out are read slightly better (0.831 for 0.825), held-out templates worse (0.935).
TEMPLATE_WEIGHT = 1.0
SEEDS = range(200, 204)
#: What the posts of a stance of the market weigh together, in tuning templates; noise is the most varied and the most frequent.
MARKET_WEIGHTS = {"offer": 0.25, "vendor": 0.08, "report": 0.08, "complaint": 0.12, "other": 0.3}  # fmt: skip
Array = np.ndarray[Any, Any]
#: A signal, where it stands (start, exclusive end), and in which field.
Shown = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of an author who speaks for himself: its text with names hidden, the signals planted in it and those that patterns see, and whether it begins in somebody else's words."""

    group: str
    stance: str
    text: str
    planted: frozenset[int]
    seen: frozenset[int]
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """Rows to learn from.

    Attributes:
        groups: Template of each text, ``market <stance>``, or ``written <id>`` for annotated posts.
        texts: Texts with names hidden.
        truth: Index of the stance.
        weight: What the text counts.
        cues: A row for each text, a column for each of ``cues.CUES``.
        clauses: Clauses of the offers, vendors and other posts of the corpus; those of one text stand together, in its order.
    """

    groups: list[str]
    texts: list[str]
    truth: Array
    weight: Array
    cues: Array
    clauses: list[Clause]


def material(half: str = "tuning") -> Material:
    """Read all there is; with ``held_out`` the other half of the corpus and no market, to measure."""
    posts = grammar.posts(half)
    rows: list[tuple[str, str | None, str]] = [(post.post_id, None, post.text) for post in posts]  # fmt: skip
    golds = [post.stance for post in posts]
    groups = [post.post_id.rsplit("-", 1)[0] for post in posts]
    planted = [frozenset((*one, "text") for one in post.signals) for post in posts]
    asserted: dict[int, list[str]] = {}
    for post in posts_module.voiced() if half == "tuning" else ():
        shown, unplaced = _shown(post)
        asserted[len(rows)] = unplaced
        rows.append((post["id"], post.get("title"), post["text"]))
        golds.append(post["stance"])
        groups.append(f"written {post['id']}")
        planted.append(shown)
    for seed in SEEDS if half == "tuning" else ():
        made = market.build(seed, epoch=datetime(2025, 3, 1, tzinfo=UTC), scale=0.4)
        truth = dict(made.posts.select("post_id", "stance").rows())
        for record in made.records:
            post_id = f"{record['platform']}:{record['post_id']}"
            gold = truth.pop(post_id, None)
            if gold is not None:
                rows.append((f"{seed}/{post_id}", record.get("title"), record.get("text") or ""))  # fmt: skip
                golds.append(gold)
                groups.append(f"market {gold}")
                planted.append(frozenset())
    shipped = pack.load_pack()
    kept: dict[tuple[str, str], int] = {}
    texts: list[str] = []
    values, clauses = [], []
    for first in range(0, len(rows), 2000):
        part = slices.read(rows[first : first + 2000], pack=shipped)
        found = cues.values(part.evidence)
        columns = np.zeros((len(part.made), len(cues.CUES)))
        for name, value in found.items():
            columns[:, cues.CUES.index(name)] = value
        for place in range(len(part.made)):
            number = first + place
            read = part.hidden.texts == place
            text = "".join(map(chr, part.hidden.points[read].tolist())).rstrip("\n")
            if not part.is_read[place] or kept.setdefault((text, groups[number]), number) != number:  # fmt: skip
                continue
            texts.append(text)
            values.append(columns[place])
            if golds[number] not in stance.ECHOES and "market" not in groups[number]:
                found_here = _clauses(part, place, (groups[number], golds[number]), planted[number])  # fmt: skip
                if asserted.get(number):
                    found_here = _placed(found_here, asserted[number], shipped.phrases)
                clauses += found_here
    clauses += _phrases(shipped) if half == "tuning" else []
    order = sorted(kept.values())
    names = [groups[number] for number in order]
    sizes = Counter(names)
    half_size = len([name for name in sizes if not name.startswith(("market", "written"))])  # fmt: skip
    weight = [
        ANNOTATED_WEIGHT
        if name.startswith("written ")
        else TEMPLATE_WEIGHT * (half_size * MARKET_WEIGHTS[name[7:]] if name.startswith("market ") else 1) / sizes[name]
        for name in names
    ]  # fmt: skip
    return Material(
        groups=names,
        texts=texts,
        truth=np.array([stance.STANCES.index(golds[number]) for number in order]),
        weight=np.array(weight),
        cues=np.array(values),
        clauses=clauses,
    )


def _phrases(shipped: pack.Pack) -> list[Clause]:
    """The single clauses of the tuning half."""
    bank = grammar.phrases()
    part = slices.read([(f"{number}", None, text) for number, (_, text) in enumerate(bank)], pack=shipped)  # fmt: skip
    return [
        clause
        for place, (signal, text) in enumerate(bank)
        for clause in _clauses(part, place, (f"phrase {place}", "offer"), frozenset({(signal, 0, len(text), "text")} if signal else ()))
    ]  # fmt: skip


def _clauses(
    part: slices.Slice, place: int, owner: tuple[str, str], planted: frozenset[Shown]
) -> list[Clause]:
    document, hidden = part.made[place], part.hidden
    if not part.is_read[place]:
        text = document.joined
        return [Clause(*owner, text, frozenset(catalogue.SIGNALS.index(name) for name, *_ in planted), frozenset())]  # fmt: skip
    offset = int(np.flatnonzero(hidden.texts == place)[0])
    begin = int(hidden.places[offset])
    mine = np.flatnonzero(hidden.texts == place)
    found = []
    is_mine = (part.patterned.texts == place) & (part.patterned.voices == voice.ASSERTED)  # fmt: skip
    tropes = list(zip(part.patterned.names[is_mine].tolist(), part.patterned.starts[is_mine].tolist(), part.patterned.ends[is_mine].tolist(), strict=True))  # fmt: skip
    numbers, opens = np.unique(hidden.clauses[mine], return_index=True)
    voices = part.heard.at(np.full(len(opens), place), hidden.places[mine[opens]] - begin)  # fmt: skip
    for number, of in zip(numbers.tolist(), voices.tolist(), strict=True):
        inside = mine[hidden.clauses[mine] == number]
        text = "".join(map(chr, hidden.points[inside].tolist())).rstrip("\n")
        start, end = (int(hidden.places[inside[at]]) - begin for at in (0, -1))
        if start >= end:
            # One character shows no trope, and still stands beside the next clause.
            found.append(Clause(*owner, text, frozenset(), frozenset()))
            continue
        field, first, last = document.original(start, end)
        found.append(
            Clause(
                *owner,
                text,
                frozenset(
                    catalogue.SIGNALS.index(name)
                    for name, low, high, where in planted
                    if where == field.name and low < last and high > first
                ),
                frozenset(
                    name for name, low, high in tropes if low < end and high > start
                ),
                is_quoted=of != voice.ASSERTED,
            )
        )
    return found


def _shown(post: dict[str, Any]) -> tuple[frozenset[Shown], list[str]]:
    """Where a post asserts which trope, as its writer showed it, and the tropes that the writer only named."""
    places, named = set(), []
    for signal in post["signals"].get("asserted", []):
        spans = post.get("spans", {}).get(signal, ())
        here = [(signal, at, at + len(span), name) for span in spans for name in ("title", "text") if (at := (post.get(name) or "").find(span)) >= 0]  # fmt: skip
        places.update(here)
        if not here:
            named.append(signal)
    return frozenset(places), named


def _placed(
    clauses: list[Clause], asserted: list[str], table: phrasebook.Table
) -> list[Clause]:
    """Clauses of a post of which only the tropes as a whole are known: each trope stands where a pattern sees it, else where phrases say it likeliest does."""
    number_of = {run: place for place, run in enumerate(table.runs)}
    odds = [
        table.base + sum((table.signals[number_of[run]] for run in inside(one.text) if run in number_of), np.zeros(phrasebook.SIGNAL_COUNT))
        for one in clauses
    ]  # fmt: skip
    planted = [set(one.planted) for one in clauses]
    for signal in map(catalogue.SIGNALS.index, asserted):
        seen = [at for at, one in enumerate(clauses) if signal in one.seen]
        if not seen and clauses:
            seen = [max(range(len(clauses)), key=lambda at: odds[at][signal])]
        for at in seen:
            planted[at].add(signal)
    return [
        dataclasses.replace(one, planted=frozenset(here))
        for one, here in zip(clauses, planted, strict=True)
    ]


def runs_of(texts: list[str], *, least: int, longest: int = phrasebook.LONGEST) -> list[str]:  # fmt: skip
    """Runs of up to so many characters that stand in so many texts, sorted."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(inside(text, longest))
    return sorted(run for run, count in counts.items() if count >= least)


def inside(text: str, longest: int = phrasebook.LONGEST) -> set[str]:
    """The runs of a text."""
    return {
        text[at : at + size]
        for size in range(1, longest + 1)
        for at in range(len(text) - size + 1)
    }
