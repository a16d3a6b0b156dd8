"""Accounts: who writes, under which names, with which contacts, and where identities come from.

In: a generator. Out: ``Account`` objects. Invariant: a ``Registrar`` hands out no identity twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawlers.sandbox import dice
from crawlers.sandbox.language import texts, vocabulary
from crawlers.sandbox.language.facts import Contact, Facts
from crawlers.sandbox.people import identities
from crawlers.sandbox.platforms import venues

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from crawlers.sandbox.language.writer import Draft


@dataclass(frozen=True, slots=True)
class Registry:
    """A registered business and what its web pages show."""

    company: str
    uscc: str
    icp: str
    police_filing: str
    analytics_id: str


@dataclass(slots=True)
class Account:
    """One seller: an account on one platform.

    Attributes:
        platform: Where.
        native: The platform's id of the author.
        party: Of the truth.
        facts: What it has to say.
        name, handle, region, verified, followers: As the platform shows them.
        style: How it writes; ``costume`` is its chance per trade word of a disguise.
        post_count: How many posts it writes; ``start`` is the share of the market's time before the first.
        fee_shyness: Share of advertisements that name no sum.
        phash: Its usual picture; ``qr`` a payload that its pictures may hold.
        ring_id, joined_by: Null outside rings.
        joining: Contacts that tie it to its ring; each is shown at least once.
        own: All own contacts.
        bio: Its profile text with truth; null where the platform shows none.
        registry: Business that it shows; null for private people.
        camouflage: Share of innocent posts.
        foreign: Contacts of strangers that it pastes into some advertisements.
        script: Seed of the text that the whole ring copies; null where each writes its own.
        accuses: Whom a victim complains about.
    """

    platform: str
    native: str
    party: str
    facts: Facts
    name: str
    region: str | None
    verified: str
    followers: int
    style: str
    costume: float
    post_count: int
    start: float
    fee_shyness: float
    phash: str
    handle: str | None = None
    qr: str | None = None
    ring_id: str | None = None
    joined_by: str | None = None
    joining: list[Contact] = field(default_factory=list)
    own: list[Contact] = field(default_factory=list)
    bio: Draft | None = None
    registry: Registry | None = None
    camouflage: float = 0.0
    foreign: list[Contact] = field(default_factory=list)
    script: int | None = None
    accuses: Account | None = None

    @property
    def seller_id(self) -> str:
        """``platform:native``, as in CONTRACT §1 (before complainants and commenters are hashed)."""
        return f"{self.platform}:{self.native}"


class Registrar:
    """Hands out identities that nobody else has.

    Args:
        rng: The generator.
        cell: Number of a small market within a stream; keeps their numbers apart. 0 is a market of its own.
    """

    def __init__(self, rng: random.Random, *, cell: int = 0) -> None:
        self._rng = rng
        self._cell = cell
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._make: dict[str, Callable[[], str]] = {
            "wechat": lambda: identities.wechat(rng),
            "qq": lambda: identities.qq(rng),
            "qq_group": lambda: identities.qq_group(rng),
            "email": lambda: identities.email(rng),
            "telegram": lambda: identities.telegram(rng),
            "domain": lambda: identities.host(rng),
            "feed": lambda: identities.feed(rng),
            "brand": lambda: identities.brand(rng),
            "uscc": lambda: identities.uscc(rng),
            "icp": lambda: identities.icp(rng),
            "police_filing": lambda: identities.police_filing(rng),
        }

    def fresh(self, kind: str) -> str:
        """A value of a kind that was not handed out before."""
        return self._unlike(self._make[kind])

    def _unlike(self, make: Callable[[], str]) -> str:
        value = make()
        for _ in range(50):
            if value not in self._taken:
                break
            value = make()
        else:
            # Short names run out in large markets.
            value += str(len(self._taken))
        self._taken.add(value)
        return value

    def _number(self, name: str, size: int) -> int:
        """A running number, scrambled within its block; small markets of a stream take turns of 400."""
        count = self._counts.get(name, 0)
        self._counts[name] = count + 1
        block, last = divmod(self._cell * 400 + count, size)
        return block * size + (last * 7919 + 1234) % size

    def contact(self, *kinds: str) -> Contact:
        """A new contact of one of the kinds; ``hotline`` is a service number."""
        kind = dice.pick(self._rng, kinds)
        if kind == "phone":
            return Contact(
                "phone",
                identities.phone(self._number("phone", 10_000)),
                self._rng.random() < 0.35,
            )
        if kind == "hotline":
            return Contact("phone", identities.hotline(self._number("hotline", 8_000)))
        return Contact(kind, self.fresh(kind))

    def registry(self, brand: str) -> Registry:
        """A new business around a house name."""
        return Registry(
            company=self._unlike(lambda: identities.company(self._rng, brand)),
            uscc=self.fresh("uscc"),
            icp=self.fresh("icp"),
            police_filing=self.fresh("police_filing"),
            analytics_id=identities.analytics_id(self._rng),
        )

    def native(self, platform: str) -> str:
        """A new author id in the platform's shape."""
        rng = self._rng
        if platform == "landing":
            return self.fresh("domain")
        if platform == "36kr":
            return venues.KR36_FEED
        if platform == "douyin":
            return f"MS4wDEMO{rng.getrandbits(100):025x}"
        if platform == "rss":
            return self.fresh("feed")
        if platform in {"telegram", "tieba", "zhihu"}:
            return self.fresh("telegram")
        return f"99{self._cell:05d}{rng.randrange(10**9):09d}"


def account(
    rng: random.Random,
    registrar: Registrar,
    party: str,
    platform: str,
    known: Facts,
    *,
    posts: int,
) -> Account:
    """An account without contacts."""
    verified = "none"
    if party == "police":
        verified = "government"
    elif party == "journalist":
        verified = "media"
    elif party in {"vendor", "agency"} and rng.random() < 0.7:
        verified = "business"
    elif party in {"ring", "lone"} and rng.random() < 0.18:
        verified = dice.pick(rng, ("personal", "business"))
    if not venues.VENUES[platform].shows_bio:
        verified = "none"
    return Account(
        platform=platform,
        native=registrar.native(platform),
        party=party,
        facts=known,
        name=_name(rng, party, known),
        region=None if rng.random() < 0.3 else dice.pick(rng, vocabulary.REGION),
        verified=verified,
        followers=int(
            10 ** (1 + rng.random() * (3 if party in {"noise", "victim"} else 4.3))
        ),
        style=dice.pick(rng, texts.STYLE_NAMES),
        costume=0.0 if rng.random() < 0.6 else 0.1 + rng.random() * 0.4,
        post_count=posts,
        start=rng.random() * 0.6,
        fee_shyness=dice.pick(rng, (0.2, 0.5, 0.5, 0.8, 1.0)),
        phash=identities.phash(rng),
    )


_NAMES: dict[str, tuple[str, ...]] = {
    "ring": (
        "{brand}{person}", "{person}聊AI", "{city}{person}", "{person}在创业", "{brand}{city}站", "数字人{person}", "{person}说项目",
        "AI{surname}总", "{surname}老师的副业课", "{brand}", "{brand}招商部", "{city}数字人{surname}姐", "{person}带你看风口",
    ),
    "vendor": ("{brand}", "{brand}官方", "{brand}{city}", "{brand}客服", "{brand}旗舰店", "{brand}数字人"),
    "journalist": ("{press}", "{press}{surname}记者", "{surname}写商业", "{person}的采访本"),
    "police": ("{office}",),
    "noise": ("{person}", "{city}{person}", "{surname}小{n}", "用户demo{n}{n}", "爱吃的{person}", "{person}的日常", "{surname}同学", "{n}号观众"),
}  # fmt: skip
_NAMES["lone"], _NAMES["agency"], _NAMES["victim"] = (
    _NAMES["ring"],
    _NAMES["vendor"],
    _NAMES["noise"],
)


def _name(rng: random.Random, party: str, known: Facts) -> str:
    lists = vocabulary.LISTS
    words = {
        name: dice.pick(rng, lists[name])
        for name in ("person", "surname", "press", "office", "n")
    }
    return dice.pick(rng, _NAMES[party]).format(
        brand=known.brand, city=known.city, **words
    )


def show_profile(
    rng: random.Random, seller: Account, contacts: Sequence[Contact]
) -> None:
    """Give an account a bio with these contacts, where its platform shows one."""
    if venues.VENUES[seller.platform].shows_bio:
        bio = texts.profile(rng, seller.facts, contacts, party=seller.party)
        seller.bio = bio if bio.text else None
