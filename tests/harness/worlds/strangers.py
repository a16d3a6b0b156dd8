"""Markets put together from posts that strangers wrote: ``python -m tests.harness.worlds.strangers FILE… [--seeds N]``.

In: annotated posts (``tests/harness/annotated``) whose writers knew neither pack nor rules. Out: import records and the truth,
as from ``foreign``. Offers are dealt out to rings, whose members show the ring's contacts in place of the writer's, and to lone
sellers; the posts of each other stance to accounts of that party, of which vendors and lookalikes also come in chains that
share their contacts. Every post is used once, so that the posts of an account agree in nothing but their party: reading errs
here as it does on writers it has never seen.
"""

import argparse
import itertools
import json
import random
import tempfile
from datetime import timedelta
from pathlib import Path

import polars as pl

from tests.harness import markets
from tests.harness.homes import scored
from tests.harness.worlds import foreign

#: What is left of posts without a contact of their own once it is their turn to show the ring's: one in ten is forgotten.
FORGOTTEN = 0.1
#: Share of offers in rings, and of ring members that also chat.
IN_RINGS, CHATTING = 0.75, 0.2
HONEST = {"vendor": "vendor", "report": "journalist", "complaint": "victim", "other": "noise"}  # fmt: skip
_LOOKALIKES = ("franchise", "lookalike", "trade")


def market(posts: list[dict], seed: int) -> foreign.Market:
    """Deal posts out to parties.

    Args:
        posts: Annotated posts.
        seed: Same seed, same market.
    """
    return _Dealer(posts, seed).market()


class _Dealer:
    def __init__(self, posts: list[dict], seed: int) -> None:
        self.rng = random.Random(f"strangers {seed}")
        self.of: dict[str, list[dict]] = {}
        for post in posts:
            self.of.setdefault(post["stance"], []).append(post)
        for some in self.of.values():
            self.rng.shuffle(some)
        self.count = 0
        self.records: list[dict] = []
        self.truth: list[dict] = []
        self.stances: list[tuple[str, str]] = []

    def market(self) -> foreign.Market:
        offers = iter(self.of["offer"])
        in_rings = int(len(self.of["offer"]) * IN_RINGS)
        ring = dealt = 0
        while dealt < in_rings:
            ring, contacts = ring + 1, self._contacts()
            for _ in range(3 + int(8 * self.rng.random() * self.rng.random())):
                dealt += self._seller(offers, contacts, f"ring-{ring}")
        while self._seller(offers, self._contacts(), None):
            pass
        shops, likes = self.of["vendor"], [p for p in self.of["other"] if any(w in p["group"] for w in _LOOKALIKES)]  # fmt: skip
        for party, some in (("vendor", shops), ("noise", likes)):
            chained = iter(some[: len(some) // 2])
            while self._honest(party, chained, contacts := self._contacts()):
                for _ in range(self.rng.randint(1, 3)):
                    self._honest(party, chained, contacts)
        gone = {post["id"] for some in (shops, likes) for post in some[: len(some) // 2]}  # fmt: skip
        for stance, party in HONEST.items():
            rest = iter([post for post in self.of[stance] if post["id"] not in gone])
            while self._honest(party, rest, self._contacts()):
                pass
        self.records.sort(key=lambda row: (row["crawled_at"], row["post_id"]))
        return foreign.Market(
            tuple(self.records),
            pl.DataFrame(self.truth, infer_schema_length=None),
            pl.DataFrame(self.stances, schema=["post_id", "stance"], orient="row"),
        )

    def _some(self, posts, most: int) -> list[dict]:
        return list(itertools.islice(posts, self.rng.randint(1, most)))

    def _seller(self, offers, contacts: dict[str, str], ring_id: str | None) -> int:
        posts = self._some(offers, 4)
        if not posts:
            return 0
        is_bio = ring_id is not None and self.rng.random() < 0.25
        account = self._account(posts, bio=f"微信{contacts['wechat']}" if is_bio else None)  # fmt: skip
        for at, post in enumerate(posts):
            shows = self.rng.random() >= FORGOTTEN and at == 0 and not is_bio
            self._post(account, post, contacts, shows=shows)
        if ring_id is not None and self.rng.random() < CHATTING:
            self._post(account, self.rng.choice(self.of["other"]), contacts)
        fees = [one for post in posts for one in post["amounts"] if one["role"] == "agency_fee"]  # fmt: skip
        self._truth(account, "lone" if ring_id is None else "ring", ring_id, names_fee=bool(fees))  # fmt: skip
        return len(posts)

    def _honest(self, party: str, posts, contacts: dict[str, str]) -> int:
        some = self._some(posts, 5 if party == "vendor" else 3)
        if some:
            account = self._account(some)
            for post in some:
                shows = party == "vendor" and self.rng.random() < 0.5
                self._post(account, post, contacts, shows=shows)
            self._truth(account, party, None)
        return len(some)

    def _contacts(self) -> dict[str, str]:
        self.count += 1
        stem = "".join(self.rng.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(6))
        return {"wechat": f"{stem}{self.count:04d}", "phone": f"1990000{self.count:04d}", "qq": f"9{self.count:08d}"}  # fmt: skip

    def _account(self, posts: list[dict], *, bio: str | None = None) -> dict:
        self.count += 1
        said = [post["author"].get("verified") or "none" for post in posts]
        name = posts[0]["author"]["name"] or f"用户{self.count}"
        return {
            "platform": self.rng.choice(foreign.PLATFORMS),
            "author": {
                "id": f"demo{self.count:06d}",
                "name": name,
                "bio": bio,
                "verified": next((one for one in said if one != "none"), "none"),
            },
        }

    def _post(
        self, account: dict, post: dict, contacts: dict[str, str], *, shows: bool = False
    ) -> None:  # fmt: skip
        self.count += 1
        title, text, is_shown = post.get("title"), post["text"], False
        for one in sorted(post.get("contacts", ()), key=lambda one: -len(one["raw"])):
            if one["ownership"] == "own" and one["raw"] in text:
                text = text.replace(one["raw"], contacts.get(one["kind"], contacts["wechat"]))  # fmt: skip
                is_shown = True
        if shows and not is_shown:
            text += f"\n微信{contacts['wechat']}"
        at = foreign.EPOCH + timedelta(days=self.rng.random() * 40)
        is_complaint = post["stance"] == "complaint" and post["platform"] == "heimao"
        self.stances.append((f"{account['platform']}:p{self.count:07d}", post["stance"]))  # fmt: skip
        self.records.append({
            **account, "kind": "complaint" if is_complaint else "post", "post_id": f"p{self.count:07d}", "title": title,
            "text": text, "published_at": at.isoformat(timespec="seconds"),
            "crawled_at": (at + timedelta(hours=5)).isoformat(timespec="seconds"),
        })  # fmt: skip

    def _truth(
        self, account: dict, party: str, ring_id: str | None, *, names_fee: bool | None = None
    ) -> None:  # fmt: skip
        self.truth.append({
            "seller_id": f"{account['platform']}:{account['author']['id']}", "party": party, "ring_id": ring_id,
            "is_known": None, "names_fee": names_fee,
        })  # fmt: skip


def figures(posts: list[dict], seed: int) -> dict[str, float | int | None]:
    """What the first night, without any label, makes of such a market; ``honest`` are all who do not run the scheme."""
    made = market(posts, seed)
    with tempfile.TemporaryDirectory() as scratch:
        night = scored.night_of(scored.imported(made.records, Path(scratch)))
        scored.read_and_linked(night)
        scored.rescored(night)
        judged = scored.judged(night, made.sellers)
    honest = judged.filter(~pl.col("is_scam"))
    told = {"honest": honest.height, "honest_listed": int(honest["is_listed"].sum())}
    return markets.figures(judged) | told


def read(files: list[Path]) -> list[dict]:
    """Annotated posts of some files."""
    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    """Print a row a seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=2, metavar="N")
    given = parser.parse_args()
    posts = read(given.files)
    for seed in range(given.seeds):
        print(json.dumps(figures(posts, seed)), flush=True)


if __name__ == "__main__":
    main()
