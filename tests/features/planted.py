"""Planted markets of sellers × sightings with hidden membership, and how well networks recover it.

In: a seed and what rings are joined by. Out: contracts.SIGHTINGS, contracts.SELLER_FACTS and the truth. No text is read:
these are the tables that reading would give, with its mistakes (values of strangers taken for own) planted as well.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)
KINDS = ("wechat", "rotating", "windows", "template", "image", "mixed", "variants")
PLATFORMS = ("douyin", "kuaishou", "xiaohongshu", "wechat_mp")
#: How specific a family is that only one ring uses, and one that the whole trade copies.
RARE, COMMON = (0.6, 0.95), (0.05, 0.3)


@dataclass
class Market:
    """A planted market.

    Attributes:
        sightings: contracts.SIGHTINGS.
        facts: contracts.SELLER_FACTS.
        ring_of: Ring of each ring member.
        kind_of: What joins each ring.
        honest: Sellers that are in no ring and run no scheme.
        lone: Sellers of the scheme on their own.
        vendor_values: Values of honest vendors that rings paste.
    """

    sightings: pl.DataFrame
    facts: pl.DataFrame
    ring_of: dict[str, str]
    kind_of: dict[str, str]
    honest: set[str]
    lone: set[str]
    vendor_values: set[str] = field(default_factory=set)


class _Writer:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.rows: list[dict] = []
        self.facts: list[dict] = []
        self.number = Counter()

    def fresh(self, kind: str) -> str:
        """A value nobody else has."""
        self.number[kind] += 1
        number = self.number[kind]
        if kind == "image":
            return f"{self.dice.getrandbits(64):016x}"
        return {
            "wechat": f"szr_demo_{number:05d}", "qq": f"8{number:09d}", "phone": f"19900{number:06d}",
            "domain": f"szr{number}.example", "telegram": f"szr_tg_{number}", "template": f"tpl-{number:06d}",
            "company": f"示例{number}号有限公司", "qr": f"szr-qr-{number}",
        }[kind]  # fmt: skip

    def seller(self, role: str, name: str, *, offers: int) -> str:
        self.number["seller"] += 1
        platform = self.dice.choice(PLATFORMS)
        seller = f"{platform}:s{self.number['seller']:06d}"
        first = START + timedelta(hours=self.dice.randrange(24 * 30))
        self.facts.append(
            {
                "seller_id": seller,
                "platform": platform,
                "name": name,
                "role": role,
                "post_count": 6,
                "offer_count": offers,
                "complaint_count": 0,
                "first_seen_at": first,
                "last_seen_at": first + timedelta(days=3),
            }
        )
        return seller

    def show(self, seller, kind, value, confidence=0.9, *, where=None, posts=None):
        """Show a value in some of the seller's posts, or in its profile.

        What an account lives from stands in most of its posts, though in one alone for every fourth.
        """
        media = kind in {"image", "qr"}
        if where is None:
            is_profiled = kind != "template" and self.dice.random() < 0.25
            where = "media" if media else "bio" if is_profiled else "text"
        for _ in range(posts or self.dice.choice((1, 2, 2, 3))):
            self.number["post"] += 1
            self.rows.append(
                {
                    "post_id": None
                    if where == "bio"
                    else f"{seller}-{self.number['post']}",
                    "seller_id": seller,
                    "kind": kind,
                    "value": value,
                    "raw": value,
                    "field": where,
                    "ownership": "own",
                    "confidence": confidence,
                    "seen_at": START
                    + timedelta(minutes=self.dice.randrange(60 * 24 * 30)),
                }
            )


def _ties(writer: _Writer, kind: str, size: int) -> list[list[tuple[str, str, float]]]:
    """What each member shows so that the ring hangs together."""
    dice = writer.dice

    def rare() -> float:
        return round(dice.uniform(*RARE), 3)

    if kind == "wechat":
        value = writer.fresh(dice.choice(["wechat", "phone", "qq"]))
        name = (
            "phone"
            if value.startswith("199")
            else "wechat"
            if value.startswith("szr")
            else "qq"
        )
        return [[(name, value, 0.9)] for _ in range(size)]
    if kind == "rotating":
        links = [writer.fresh("wechat") for _ in range(size + 1)]
        return [
            [("wechat", links[place], 0.9), ("wechat", links[place + 1], 0.9)]
            for place in range(size)
        ]
    if kind == "windows":
        # The contact of the week: an account lives for two or three weeks.
        weeks = [writer.fresh("wechat") for _ in range(max(2, size // 6) + 2)]
        out = []
        for place in range(size):
            first = place * (len(weeks) - 2) // max(1, size - 1)
            out.append(
                [
                    ("wechat", week, 0.9)
                    for week in weeks[first : first + 2 + (dice.random() < 0.3)]
                ]
            )
        return out
    if kind in {"template", "image"}:
        value, sure = writer.fresh(kind), rare()
        return [[(kind, value, sure)] for _ in range(size)]
    if kind == "variants":
        # One script in three spins, each a family of its own, and two of them per account.
        spins = [("template", writer.fresh("template"), rare()) for _ in range(3)]
        return [
            [spins[place % 3], spins[(place + 1) % 3]]
            if place < 3
            else dice.sample(spins, 2)
            for place in range(size)
        ]
    if kind == "mixed":
        pool = [(name, writer.fresh(name), 0.9) for name in ("wechat", "phone", "qq")]
        picture = ("image", writer.fresh("image"), rare())
        script = ("template", writer.fresh("template"), rare())
        out = []
        for place in range(size):
            ties = (
                [pool[place % 3], pool[(place + 1) % 3]]
                if place < 3
                else dice.sample(pool, 1)
            )
            ties += [picture] if dice.random() < 0.5 else []
            ties += [script] if dice.random() < 0.5 else []
            out.append(ties)
        return out
    raise ValueError(kind)


def market(
    seed: int,
    *,
    rings: int = 24,
    kinds: tuple[str, ...] = KINDS,
    sizes: tuple[int, ...] = (3, 4, 5, 6, 8, 12, 20, 40, 90, 200),
    honest: int = 200,
    lone: int = 120,
    vendors: int = 30,
    accidents: float = 0.15,
    is_hostile: bool = True,
) -> Market:
    """Invent a market.

    Args:
        seed: Same seed, same market.
        rings: How many; kinds are taken in turn, sizes at random.
        kinds: What joins rings.
        sizes: Numbers of members.
        honest: Accounts of no trade at all.
        lone: Sellers of the scheme on their own.
        vendors: Honest sellers with contacts that rings paste.
        accidents: Share of rings one member of which shows one value of another ring in one post.
        is_hostile: Whether hotlines, slogans, stock photos and vendors' contacts are strewn over everybody.
    """
    writer = _Writer(seed)
    dice = writer.dice
    ring_of: dict[str, str] = {}
    kind_of: dict[str, str] = {}
    members: dict[str, list[str]] = defaultdict(list)
    values: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for number in range(rings):
        ring_id, kind = f"ring-{number}", kinds[number % len(kinds)]
        kind_of[ring_id] = kind
        size = dice.choice(sizes)
        for ties in _ties(writer, kind, size):
            brand = (
                f"聚{number}星" if dice.random() < 0.6 else f"号{dice.randrange(10**6)}"
            )
            seller = writer.seller(
                "seller", f"{brand}数字人{dice.randrange(99)}", offers=3
            )
            ring_of[seller] = ring_id
            members[ring_id].append(seller)
            for tie in ties:
                writer.show(seller, *tie)
                values[ring_id].append(tie)
            if dice.random() < 0.4:
                kind_own = dice.choice(["wechat", "phone", "qq", "telegram"])
                writer.show(seller, kind_own, writer.fresh(kind_own))
    lone_sellers = set()
    for _ in range(lone):
        seller = writer.seller("seller", f"独{dice.randrange(10**6)}", offers=2)
        lone_sellers.add(seller)
        for name in dice.sample(["wechat", "phone", "qq"], dice.choice([1, 2])):
            writer.show(seller, name, writer.fresh(name))
    vendor_values: list[tuple[str, str]] = []
    honest_sellers = set()
    for number in range(vendors):
        seller = writer.seller("vendor", f"诚{number}科技", offers=0)
        honest_sellers.add(seller)
        for name, where in (("phone", "bio"), ("domain", "link"), ("company", "bio")):
            value = writer.fresh(name)
            writer.show(seller, name, value, where=where)
            vendor_values.append((name, value))
    for _ in range(honest):
        honest_sellers.add(
            writer.seller("other", f"日常{dice.randrange(10**6)}", offers=0)
        )
    if is_hostile:
        _strew(writer, ring_of, lone_sellers, honest_sellers, vendor_values)
    names = sorted(members)
    for ring_id in names:
        if dice.random() < accidents:
            other = dice.choice([name for name in names if name != ring_id])
            kind, value, sure = dice.choice(values[other])
            where = "media" if kind == "image" else "text"
            writer.show(
                dice.choice(members[ring_id]), kind, value, sure, where=where, posts=1
            )
    return Market(
        sightings=pl.DataFrame(writer.rows, schema=dict(contracts.SIGHTINGS.columns)),
        facts=pl.DataFrame(writer.facts, schema=dict(contracts.SELLER_FACTS.columns)),
        ring_of=ring_of,
        kind_of=kind_of,
        honest=honest_sellers,
        lone=lone_sellers,
        vendor_values={value for _, value in vendor_values},
    )


def _strew(writer, ring_of, lone, honest, vendor_values) -> None:
    """What everybody shows: half of a ring's posts are camouflage made of such."""
    dice = writer.dice
    slogans = [writer.fresh("template") for _ in range(4)]
    photos = [writer.fresh("image") for _ in range(6)]
    hotline, builder = "4000000777", "builder.example"
    common = [round(dice.uniform(*COMMON), 3) for _ in range(10)]
    for group, share in (
        (sorted(ring_of), 0.5),
        (sorted(lone), 0.5),
        (sorted(honest), 0.2),
    ):
        for seller in group:
            if dice.random() < share:
                place = dice.randrange(4)
                writer.show(seller, "template", slogans[place], common[place])
            if dice.random() < share:
                place = dice.randrange(6)
                writer.show(seller, "image", photos[place], common[4 + place])
            if dice.random() < 0.1:
                writer.show(seller, "phone", hotline, where="text")
            if dice.random() < 0.1:
                writer.show(seller, "domain", builder, where="link")
            if seller in ring_of and dice.random() < 0.08:
                # The reader took a pasted vendor's contact for the ring's own.
                writer.show(seller, *dice.choice(vendor_values), where="text")


def b_cubed(found: dict[str, str], truth: dict[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 after Bagga and Baldwin (1998), over the sellers of ``truth``.

    Args:
        found: Network of each seller; a seller that is missing is alone.
        truth: Ring of each seller to be judged. Others in ``found`` count against precision.
    """
    networks, rings = defaultdict(set), defaultdict(set)
    for seller, name in found.items():
        networks[name].add(seller)
    for seller, name in truth.items():
        rings[name].add(seller)
    precision = recall = 0.0
    for seller, name in truth.items():
        here = networks[found[seller]] if seller in found else {seller}
        common = len(here & rings[name])
        precision += common / len(here)
        recall += common / len(rings[name])
    precision, recall = precision / len(truth), recall / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def mixed(
    found: dict[str, str], planted: Market, *, tolerated: int = 0
) -> list[tuple[str, Counter]]:
    """Networks that hold more than ``tolerated`` members of a second ring, or anybody honest."""
    inside: dict[str, Counter] = defaultdict(Counter)
    for seller, name in found.items():
        party = planted.ring_of.get(
            seller, "honest" if seller in planted.honest else "lone"
        )
        inside[name][party] += 1
    out = []
    for name, parties in sorted(inside.items()):
        rings = sorted(
            (count for party, count in parties.items() if party.startswith("ring")),
            reverse=True,
        )
        if (len(rings) > 1 and rings[1] > tolerated) or (rings and parties["honest"]):
            out.append((name, parties))
    return out


def scores(found: dict[str, str], planted: Market) -> dict[str, float]:
    """B³ F1 by kind of ring."""
    out = {}
    for kind in sorted(set(planted.kind_of.values())):
        truth = {
            seller: ring
            for seller, ring in planted.ring_of.items()
            if planted.kind_of[ring] == kind
        }
        out[kind] = b_cubed(found, truth)[2]
    return out
