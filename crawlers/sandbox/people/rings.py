"""Rings: sellers of one business under many names, and what joins them.

In: a kind and a size. Out: accounts. Invariants: the members are connected by contacts that their own posts or profiles
show; nobody outside shares one of them, except where a ring pastes in a stranger's, which is ``mentioned``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawlers.sandbox import dice
from crawlers.sandbox.language import facts
from crawlers.sandbox.people import accounts, identities
from crawlers.sandbox.platforms import venues

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

#: What joins a ring. The hard ones show no common contact: families of text or pictures join them. Only on request.
KINDS = ("wechat", "phone", "qq", "domain", "company", "rotating", "mixed")
HARD_KINDS = ("template", "image", "qr", "spun")


def ring(
    rng: random.Random,
    registrar: accounts.Registrar,
    *,
    ring_id: str,
    kind: str,
    size: int,
    homes: Sequence[str],
    camouflage: float,
    strangers: Sequence[facts.Contact],
) -> list[accounts.Account]:
    """Make one ring.

    Args:
        rng: The generator.
        registrar: Where identities come from.
        ring_id: For the truth.
        kind: One of ``KINDS`` or ``HARD_KINDS``.
        size: Sellers.
        homes: Platforms to spread over, at least one.
        camouflage: Share of innocent posts.
        strangers: Honest contacts that some advertisements paste in; may be empty.
    """
    if kind in {"image", "qr"}:
        # Nobody can show a picture where there are none.
        homes = [home for home in homes if venues.VENUES[home].has_media] or homes
    brand = registrar.fresh("brand")
    registry = registrar.registry(brand)
    ladder = facts.draw(rng, brand, registry.company)
    shared = _shared(rng, registrar, kind, size)
    picture, payload, script = (
        identities.phash(rng),
        identities.qr_payload(rng),
        rng.getrandbits(48),
    )
    members = []
    for place in range(size):
        known = facts.draw(
            rng,
            brand if rng.random() < 0.7 else registrar.fresh("brand"),
            registry.company,
        )
        known.fee, known.fee_low, known.fee_high = (
            ladder.fee,
            ladder.fee_low,
            ladder.fee_high,
        )
        # The first three sit on different platforms, so that no ring is a matter of one source.
        slug = homes[place % len(homes)] if place < 3 else dice.pick(rng, homes)
        member = accounts.account(
            rng, registrar, "ring", slug, known, posts=3 + int(rng.random() * 7)
        )
        member.ring_id, member.joined_by, member.camouflage = ring_id, kind, camouflage
        member.joining = list(shared[place])
        member.own = list(member.joining)
        if kind == "company":
            member.joining = [facts.Contact("company", registry.company)]
            member.own.append(registrar.contact("wechat", "phone"))
        elif rng.random() < 0.35 or not member.own:
            member.own.append(
                registrar.contact("wechat", "phone", "qq", "telegram", "email")
            )
        _register(registrar, member, kind, registry)
        if kind == "image" or (kind == "mixed" and rng.random() < 0.5):
            member.phash = picture
        if kind == "qr":
            member.qr = payload
        if kind in {"template", "spun"} or (kind == "mixed" and rng.random() < 0.5):
            member.script = script
        if strangers and rng.random() < 0.6:
            member.foreign = [dice.pick(rng, strangers)._replace(is_same_number=False)]
        accounts.show_profile(rng, member, member.own[:1] if rng.random() < 0.4 else ())
        members.append(member)
    if kind == "domain":
        _seat(registrar, members, shared[0][0].value, homes)
    return members


def _register(
    registrar: accounts.Registrar,
    member: accounts.Account,
    kind: str,
    registry: accounts.Registry,
) -> None:
    """Which business a member shows: the ring's where that joins it, else a shell of its own."""
    is_shared = kind == "company" or (
        kind in {"domain", "mixed"} and member.platform == "landing"
    )
    shown = registry if is_shared else registrar.registry(member.facts.brand)
    member.facts.company = shown.company
    if (
        kind == "company"
        or member.platform == "landing"
        or member.platform in venues.SHOPS
    ):
        member.registry = shown


def _seat(
    registrar: accounts.Registrar,
    members: Sequence[accounts.Account],
    domain: str,
    homes: Sequence[str],
) -> None:
    """The shared domain has a page of its own: the ring's first landing page, if landing pages are asked for."""
    for member in members:
        if member.platform == "landing":
            member.native = domain
            return
    if "landing" in homes:
        first = members[0]
        first.platform, first.native, first.bio = "landing", domain, None
        first.registry = first.registry or registrar.registry(first.facts.brand)


def _shared(
    rng: random.Random, registrar: accounts.Registrar, kind: str, size: int
) -> list[list[facts.Contact]]:
    """Which contacts each member shows so that the ring hangs together."""
    if kind in {"wechat", "phone", "qq", "domain"}:
        common = registrar.contact(kind)
        return [[common] for _ in range(size)]
    if kind == "rotating":
        # Member i shows links i and i+1: every pair of neighbours shares exactly one contact.
        links = [
            registrar.contact("wechat", "wechat", "phone", "qq")
            for _ in range(size + 1)
        ]
        return [[links[place], links[place + 1]] for place in range(size)]
    if kind == "mixed":
        pool = [registrar.contact(name) for name in ("wechat", "phone", "qq", "domain")]
        return [
            [pool[place % 4], pool[(place + 1) % 4]]
            if place < 4
            else rng.sample(pool, 2)
            for place in range(size)
        ]
    return [[] for _ in range(size)]
