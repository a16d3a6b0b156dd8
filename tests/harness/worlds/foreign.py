"""Markets in dialects that neither pack nor rules were written against, with their truth.

In: a dialect (``tests/harness/dialects``), a seed, a size. Out: import records (CONTRACT §3) and one truth row per seller.
The same arguments give the same bytes. A share of the scheme's sellers speaks with the trade's known nouns; the others
use none of them, so that confidence has to travel from the known ones through contacts and wordings.
"""

import importlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from crawlers.sandbox.language import grammar

DIALECTS = ("harbour", "orchard")
#: Nothing in pack, rules or learner was chosen by looking at it.
HELD_OUT = ("theatre",)
EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
KNOWN = {
    "thing": ["数字人", "AI数字人", "数字人直播"],
    "title": ["城市代理", "城市合伙人", "市代"],
    "fee": ["代理费", "加盟费", "代理费"],
}
CITIES = [
    "安宁",
    "宝应",
    "昌黎",
    "丹棱",
    "恩平",
    "丰城",
    "固安",
    "海盐",
    "吉水",
    "开化",
    "兰溪",
    "蒙城",
    "南召",
    "平湖",
    "祁阳",
    "如东",
    "石泉",
    "桐乡",
    "武穴",
    "襄城",
    "仪陇",
    "枝江",
]
CONTACTS = (
    "加V{}", "薇❤{}", "wx:{}", "联系微信 {}", "➕{}", "VX {} 备注来意", "找我 {}", "微信同名 {}",
)  # fmt: skip
STANCES = {
    "vendor": "vendor",
    "agency": "vendor",
    "journalist": "report",
    "police": "report",
    "victim": "complaint",
}
PLATFORMS = ("douyin", "kuaishou", "xiaohongshu", "weibo", "tieba")


@dataclass(frozen=True, slots=True)
class Market:
    """A market.

    Attributes:
        records: Import records, sorted by time.
        sellers: ``seller_id``, ``party`` (ring, lone, vendor, agency, journalist, police, victim, job, noise),
            ``ring_id``, ``is_known`` (speaks with known nouns), ``names_fee``.
        posts: ``post_id``, ``stance``.
    """

    records: tuple[dict[str, Any], ...]
    sellers: pl.DataFrame
    posts: pl.DataFrame


class _Voice:
    """One account's way of speaking: its words and the banks of its dialect."""

    def __init__(self, dialect: Any, rng: random.Random, *, is_known: bool) -> None:
        self.rng = rng
        self.banks = dialect.BANKS
        # A seller keeps to one or two of the words that go round.
        words = {**dialect.WORDS, **(KNOWN if is_known else {})}
        self.words = {
            name: rng.sample(options, min(2, len(options)))
            for name, options in words.items()
        }
        self.contact = ""
        fee = rng.choice((19800, 28000, 36000, 39800, 58000, 66000, 88000, 128000))
        self.sums = {
            "sum": fee, "sum2": round(fee * 0.6, -2), "gain": rng.choice((12000, 18000, 26000, 35000, 60000)),
            "gain_year": rng.choice((300000, 500000, 800000, 1200000)), "cut": rng.choice((2000, 3000, 5000)),
            "price": rng.choice((98, 198, 365, 680, 1280, 2980)), "wage": rng.choice((4500, 5500, 7000)),
        }  # fmt: skip

    def say(self, bank: str) -> str:
        return self._write(self.rng.choice(self.banks[bank]))

    def _write(self, node: grammar.Node) -> str:
        if isinstance(node, grammar.Slot):
            return self._fill(str(node))
        if isinstance(node, str):
            return node
        if isinstance(node, list):
            return self._write(self.rng.choice(node))
        return "".join(self._write(child) for child in node)

    def _fill(self, name: str) -> str:
        if name == "contact":
            return self.contact
        if name in self.sums:
            return self._sum(self.sums[name])
        return self.rng.choice(CITIES if name == "city" else self.words[name])

    def _sum(self, yuan: float) -> str:
        if yuan >= 10000 and self.rng.random() < 0.8:
            text = f"{yuan / 10000:g}"
            return text + self.rng.choice(("万", "w", "万", "万元"))
        return f"{yuan:.0f}" + self.rng.choice(("", "元", "块"))


def _dialect(name: str) -> Any:
    module = importlib.import_module(f"tests.harness.dialects.{name}")
    module.BANKS = {
        bank: [clause.node for clause in grammar.bank(getattr(module, bank))]
        for bank in dir(module)
        if bank.isupper() and bank not in {"WORDS", "BANKS"}
    }
    return module


def build(
    name: str,
    seed: int,
    *,
    known_share: float = 0.4,
    scale: float = 1.0,
    days: int = 40,
    turnover: bool = False,
) -> Market:
    """Invent a market.

    Args:
        name: A dialect.
        seed: Same seed, same market.
        known_share: Share of the scheme's sellers that speak with the trade's known nouns.
        scale: Multiplies the counts of parties.
        days: Length.
        turnover: Whether rings and accounts appear one after another rather than all in the first days.
    """
    builder = _Builder(
        _dialect(name), seed, known_share=known_share, days=days, turnover=turnover
    )
    return builder.market(scale)


class _Builder:
    def __init__(
        self,
        dialect: Any,
        seed: int,
        *,
        known_share: float,
        days: int,
        turnover: bool,
    ) -> None:
        self.dialect, self.days, self.known_share = dialect, days, known_share
        self.turnover, self.born = turnover, 0.0
        self.rng = random.Random(f"{seed}:{dialect.__name__}")
        self.count = 0
        self.records: list[dict[str, Any]] = []
        self.truth: list[dict[str, Any]] = []
        self.stances: list[tuple[str, str]] = []

    def market(self, scale: float) -> Market:
        def times(count: int) -> range:
            return range(max(1, round(count * scale)))

        contacts = [self._ring(f"ring-{at}") for at in times(10)]
        lone = [self._lone() for _ in times(16)]
        for _ in times(16):
            self._honest("vendor", ("VENDOR",), posts=(2, 7), has_contact=True)
        for _ in times(8):
            self._honest(
                "agency", ("PARTNER", "VENDOR"), posts=(2, 6), has_contact=True
            )
        for _ in times(9):
            self._honest("journalist", ("NEWS",), posts=(1, 4))
        for _ in times(5):
            self._honest("police", ("WARN",), posts=(1, 3))
        for _ in times(50):
            accused = self.rng.choice([*contacts, *contacts, lone])
            self._honest(
                "victim", ("VICTIM",), posts=(1, 2), about=self.rng.choice(accused)
            )
        for _ in times(10):
            self._honest("job", ("JOB",), posts=(1, 3), has_contact=True)
        for _ in times(150):
            self._honest("noise", ("DAILY",), posts=(1, 3))
        self.records.sort(key=lambda row: (row["crawled_at"], row["post_id"]))
        sellers = pl.DataFrame(self.truth, infer_schema_length=None)
        posts = pl.DataFrame(self.stances, schema=["post_id", "stance"], orient="row")
        return Market(tuple(self.records), sellers, posts)

    def _appear(self) -> None:
        """The day from which the next ring or account posts."""
        self.born = self.rng.random() * self.days * 0.95 if self.turnover else 0.0

    def _contact(self) -> str:
        self.count += 1
        stem = "".join(self.rng.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(5))
        return f"{stem}_demo{self.count:04d}"

    def _ring(self, ring_id: str) -> list[str]:
        self._appear()
        shared = [self._contact() for _ in range(self.rng.randint(1, 3))]
        size = 3 + int(9 * self.rng.random() * self.rng.random())
        copied = None
        for member in range(size):
            is_known = self.rng.random() < self.known_share
            # One in three never names a fee, one in four leaves its contact in the profile only.
            names_fee = self.rng.random() >= 0.33
            is_bio = self.rng.random() < 0.25
            voice = self._voice(is_known=is_known)
            contact = shared[member % len(shared)] if member else shared[0]
            voice.contact = self.rng.choice(CONTACTS).format(contact)
            account = self._account(voice, bio=voice.contact if is_bio else None)
            for _ in range(self.rng.randint(2, 7)):
                stance = "offer"
                if self.rng.random() < 0.25:
                    text, stance = voice.say("DAILY"), "other"
                elif copied and self.rng.random() < 0.25:
                    text = copied.replace("@@", voice.contact)
                else:
                    text = self._ad(voice, names_fee=names_fee, shows=not is_bio)
                    if names_fee and not is_bio:
                        copied = text.replace(voice.contact, "@@")
                self._post(account, text, stance)
            # Somebody links the contacts of the ring: its first members post each of them.
            if not is_bio and member < len(shared):
                second = shared[(member + 1) % len(shared)]
                self._post(
                    account,
                    self._ad(voice, names_fee=names_fee, shows=True)
                    + " 备用微信"
                    + second,
                    "offer",
                )
            self._truth(
                account, "ring", ring_id=ring_id, is_known=is_known, names_fee=names_fee
            )
        return shared

    def _lone(self) -> str:
        self._appear()
        is_known = self.rng.random() < self.known_share
        names_fee = self.rng.random() >= 0.33
        voice = self._voice(is_known=is_known)
        contact = self._contact()
        voice.contact = self.rng.choice(CONTACTS).format(contact)
        account = self._account(voice)
        for _ in range(self.rng.randint(1, 4)):
            self._post(
                account, self._ad(voice, names_fee=names_fee, shows=True), "offer"
            )
        self._truth(account, "lone", is_known=is_known, names_fee=names_fee)
        return contact

    def _honest(
        self,
        party: str,
        banks: Sequence[str],
        *,
        posts: tuple[int, int],
        has_contact: bool = False,
        about: str | None = None,
    ) -> None:
        self._appear()
        voice = self._voice(is_known=self.rng.random() < self.known_share)
        contact = self._contact()
        voice.contact = self.rng.choice(CONTACTS).format(contact)
        account = self._account(voice)
        for _ in range(self.rng.randint(*posts)):
            bank = self.rng.choice(banks)
            said = [
                voice.say(bank)
                for _ in range(self.rng.randint(1, 2) + (party == "journalist"))
            ]
            if has_contact and self.rng.random() < 0.6:
                said.append(voice.contact)
            if about and self.rng.random() < 0.4:
                said.append(f"对方微信{about}")
            self._post(
                account,
                "，".join(dict.fromkeys(said)),
                STANCES.get(party, "other"),
                kind="complaint" if about and self.rng.random() < 0.4 else "post",
            )
        self._truth(account, party, is_known=None, names_fee=None)

    def _voice(self, *, is_known: bool) -> _Voice:
        return _Voice(self.dialect, self.rng, is_known=is_known)

    def _ad(self, voice: _Voice, *, names_fee: bool, shows: bool) -> str:
        banks = ["OFFER"]
        if names_fee and self.rng.random() < 0.7:
            banks.append("FEE")
        for bank, share in (
            ("INCOME", 0.55),
            ("RECRUIT", 0.4),
            ("PUSH", 0.3),
            ("CLAIM", 0.5),
        ):
            if self.rng.random() < share:
                banks.append(bank)
        said = [voice.say(bank) for bank in banks]
        if self.rng.random() < 0.3:
            self.rng.shuffle(said)
        if shows:
            call = voice.say("CALL")
            said.append(
                call
                if voice.contact in call or self.rng.random() < 0.3
                else voice.contact
            )
        return self.rng.choice("，。！ \n").join(said)

    def _account(self, voice: _Voice, *, bio: str | None = None) -> dict[str, Any]:
        self.count += 1
        platform = self.rng.choice(PLATFORMS)
        return {
            "platform": platform,
            "author": {
                "id": f"demo{self.count:06d}",
                "name": f"示例{self.rng.choice(CITIES)}{self.count}",
                "bio": bio,
            },
        }

    def _post(
        self, account: dict[str, Any], text: str, stance: str, *, kind: str = "post"
    ) -> None:
        self.count += 1
        day = self.born + self.rng.random() * (self.days - self.born)
        at = EPOCH + timedelta(days=day)
        self.stances.append((f"{account['platform']}:p{self.count:07d}", stance))
        self.records.append({
            **account, "kind": kind, "post_id": f"p{self.count:07d}", "text": text,
            "published_at": at.isoformat(timespec="seconds"),
            "crawled_at": (at + timedelta(hours=5)).isoformat(timespec="seconds"),
        })  # fmt: skip

    def _truth(
        self,
        account: dict[str, Any],
        party: str,
        *,
        ring_id: str | None = None,
        is_known: bool | None,
        names_fee: bool | None,
    ) -> None:
        self.truth.append({
            "seller_id": f"{account['platform']}:{account['author']['id']}", "party": party, "ring_id": ring_id,
            "is_known": is_known, "names_fee": names_fee,
        })  # fmt: skip
