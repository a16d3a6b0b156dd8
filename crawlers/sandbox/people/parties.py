"""Who is in a market: rings, lone sellers, vendors, agencies, press, police, victims, everybody else.

In: a generator and ``Size``. Out: accounts in a fixed order, victims after those whom they accuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawlers.sandbox import dice
from crawlers.sandbox.language import facts
from crawlers.sandbox.people import accounts, identities, rings
from crawlers.sandbox.platforms import venues

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each party there are.

    Attributes:
        rings: Rings of ``smallest`` to ``largest`` sellers, small ones more often.
        lone: Sellers of the scheme on their own.
        others: Sellers of the remaining parties.
    """

    rings: int = 9
    smallest: int = 3
    largest: int = 12
    lone: int = 16
    vendors: int = 14
    agencies: int = 8
    journalists: int = 8
    police: int = 5
    victims: int = 60
    noise: int = 150

    def scaled(self, scale: float) -> Size:
        """All counts times ``scale``, at least one ring."""
        return Size(
            rings=max(1, round(self.rings * scale)),
            smallest=self.smallest,
            largest=self.largest,
            lone=round(self.lone * scale),
            vendors=round(self.vendors * scale),
            agencies=round(self.agencies * scale),
            journalists=round(self.journalists * scale),
            police=round(self.police * scale),
            victims=round(self.victims * scale),
            noise=round(self.noise * scale),
        )


def populate(
    rng: random.Random,
    size: Size,
    *,
    wanted: Sequence[str],
    camouflage: float,
    ring_kinds: Sequence[str],
    cell: int = 0,
) -> list[accounts.Account]:
    """Make all accounts of a market.

    Args:
        rng: The generator.
        size: How many.
        wanted: Platforms; parties with no home among them are left out.
        camouflage: Share of ring posts that are innocent.
        ring_kinds: What joins rings, taken in turn.
        cell: Number of a small market within a stream.
    """
    registrar = accounts.Registrar(rng, cell=cell)
    vendors = _houses(rng, registrar, "vendor", size.vendors, wanted)
    pasted = [
        contact
        for vendor in vendors[:3]
        for contact in vendor.own
        if contact.kind == "phone"
    ]
    made_rings = []
    homes = venues.home("ring", wanted)
    for place in range(size.rings if homes else 0):
        spread = size.largest - size.smallest + 1
        made_rings.append(
            rings.ring(
                rng,
                registrar,
                ring_id=f"ring-{cell}-{place:03d}" if cell else f"ring-{place:03d}",
                kind=ring_kinds[place % len(ring_kinds)],
                size=size.smallest + int(spread * rng.random() * rng.random()),
                homes=homes,
                camouflage=camouflage,
                strangers=pasted if place % 4 == 1 else (),
            )
        )
    agencies = _houses(rng, registrar, "agency", size.agencies, wanted)
    lone = _lone(rng, registrar, size.lone, wanted)
    return [
        *vendors,
        *agencies,
        *(member for members in made_rings for member in members),
        *lone,
        *_speakers(rng, registrar, "journalist", size.journalists, wanted),
        *_speakers(rng, registrar, "police", size.police, wanted),
        *_victims(
            rng,
            registrar,
            size.victims,
            wanted,
            made_rings=made_rings,
            others=[*vendors, *lone],
        ),
        *_speakers(rng, registrar, "noise", size.noise, wanted),
    ]


def _houses(
    rng: random.Random,
    registrar: accounts.Registrar,
    party: str,
    count: int,
    wanted: Sequence[str],
) -> list[accounts.Account]:
    """Honest businesses: registered, with open contacts that are theirs alone."""
    homes = venues.home(party, wanted)
    made = []
    for _ in range(count if homes else 0):
        registry = registrar.registry(brand := registrar.fresh("brand"))
        known = facts.draw(rng, brand, registry.company)
        house = accounts.account(
            rng,
            registrar,
            party,
            dice.pick(rng, homes),
            known,
            posts=2 + int(rng.random() * 6),
        )
        house.registry = registry
        house.own = [registrar.contact("hotline", "phone")]
        house.own += [
            registrar.contact(kind)
            for kind in ("email", "domain", "wechat")
            if rng.random() < 0.5
        ]
        if house.platform == "landing":
            house.own = [item for item in house.own if item.kind != "domain"]
        accounts.show_profile(rng, house, house.own[:1] if rng.random() < 0.5 else ())
        made.append(house)
    return made


def _lone(
    rng: random.Random, registrar: accounts.Registrar, count: int, wanted: Sequence[str]
) -> list[accounts.Account]:
    """Sellers of the scheme who share nothing with anybody."""
    homes = venues.home("lone", wanted)
    made = []
    for _ in range(count if homes else 0):
        registry = registrar.registry(brand := registrar.fresh("brand"))
        known = facts.draw(rng, brand, registry.company)
        seller = accounts.account(
            rng,
            registrar,
            "lone",
            dice.pick(rng, homes),
            known,
            posts=1 + int(rng.random() * 5),
        )
        seller.own = [
            registrar.contact("wechat", "wechat", "phone", "qq", "qq_group", "telegram")
        ]
        if seller.platform == "landing" or seller.platform in venues.SHOPS:
            seller.registry = registry
        accounts.show_profile(rng, seller, seller.own if rng.random() < 0.4 else ())
        made.append(seller)
    return made


def _speakers(
    rng: random.Random,
    registrar: accounts.Registrar,
    party: str,
    count: int,
    wanted: Sequence[str],
) -> list[accounts.Account]:
    """Press, police, everybody else. 36氪 is one account, because its feed names no authors' ids."""
    homes = venues.home(party, wanted)
    made: list[accounts.Account] = []
    for place in range(count if homes else 0):
        brand = identities.brand(rng)
        known = facts.draw(rng, brand, identities.company(rng, brand))
        known.owns_company = False
        slug = (
            "36kr"
            if place == 0 and "36kr" in homes
            else dice.pick(rng, [name for name in homes if name != "36kr"] or homes)
        )
        if slug == "36kr" and place:
            break
        posts = (
            1
            + int(rng.random() * (3 if party == "noise" else 6))
            + (12 if slug == "36kr" else 0)
        )
        speaker = accounts.account(rng, registrar, party, slug, known, posts=posts)
        if party == "noise" and rng.random() < 0.1:
            speaker.own = [registrar.contact("email")]
        accounts.show_profile(rng, speaker, ())
        made.append(speaker)
    return made


def _victims(
    rng: random.Random,
    registrar: accounts.Registrar,
    count: int,
    wanted: Sequence[str],
    *,
    made_rings: Sequence[Sequence[accounts.Account]],
    others: Sequence[accounts.Account],
) -> list[accounts.Account]:
    """People who complain: mostly of rings, some of lone sellers and honest vendors, some of houses not in the market."""
    homes = venues.home("victim", wanted)
    made = []
    for _ in range(count if homes else 0):
        roll = rng.random()
        accused = None
        if made_rings and roll < 0.7:
            accused = dice.pick(rng, dice.pick(rng, made_rings))
        elif others and roll < 0.88:
            accused = dice.pick(rng, others)
        if accused:
            known = facts.draw(rng, accused.facts.brand, accused.facts.company)
            known.fee = accused.facts.fee
            reachable = [
                item
                for item in accused.own
                if item.kind in {"wechat", "phone", "qq", "domain"}
            ]
            if reachable and rng.random() < 0.4:
                known.theirs = [dice.pick(rng, reachable)]
        else:
            brand = identities.brand(rng)
            known = facts.draw(rng, brand, identities.company(rng, brand))
        known.owns_company = False
        slug = dice.pick(rng, homes)
        if (
            accused
            and accused.platform in venues.COMMENTABLE
            and accused.platform in homes
            and rng.random() < 0.3
        ):
            slug = accused.platform
        posts = 2 if rng.random() < 0.25 else 1
        victim = accounts.account(rng, registrar, "victim", slug, known, posts=posts)
        victim.accuses = accused
        victim.start = min(
            0.85, (accused.start if accused else 0.0) + 0.1 + rng.random() * 0.5
        )
        accounts.show_profile(rng, victim, ())
        made.append(victim)
    return made
