"""Posts: what an account says on which day, and where it shows its contacts.

In: an account and a market's days. Out: one ``Post`` after the other, each with its records (the first crawl and
perhaps a later one). Invariant: each contact that joins a seller to its ring is shown at least once, in a text or, where
the platform has pictures, in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crawlers.sandbox import dice
from crawlers.sandbox.language import spin, texts
from crawlers.sandbox.language.writer import Draft, Writer
from crawlers.sandbox.platforms import records, venues

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from datetime import datetime

    from crawlers.sandbox.language.facts import Contact
    from crawlers.sandbox.people.accounts import Account

#: Share of posts that are crawled twice, and of those how many were edited in between.
AGAIN, EDITED = 0.14, 0.3
#: Share of posts that stand in the innocent genres of everybody else.
NOISE_GENRES = ("daily", "daily", "daily", "trap", "trap", "tutorial", "job")
#: Rings that copies join (``rings.HARD_KINDS``).
COPYING = frozenset(("template", "spun", "image", "qr"))
CAPTIONS = (
    "招商热线",
    "扫码咨询",
    "城市合伙人",
    "加盟咨询",
    "数字人",
    "名片",
    "",
    "添加好友",
)


class Post(NamedTuple):
    """A post: its id on the platform, its words, its picture, its records in the order of crawling."""

    native: str
    written: texts.Written
    picture: Draft | None
    qr: str | None
    records: list[dict[str, Any]]


@dataclass(slots=True)
class _Plan:
    """Words before they become a record."""

    written: texts.Written
    picture: Draft | None = None
    qr: str | None = None
    is_copy: bool = False


def posts(
    rng: random.Random,
    seller: Account,
    *,
    midnight: datetime,
    days: int,
    cell: int,
    parent_id: str | None = None,
) -> Iterator[Post]:
    """All posts of an account, oldest first.

    Args:
        rng: The account's own generator.
        seller: Who writes.
        midnight: Beginning of the market's first day in Shanghai.
        days: The market's length.
        cell: Number of a small market within a stream.
        parent_id: A post of the seller whom this account accuses; its posts become comments there.
    """
    venue = venues.VENUES[seller.platform]
    unshown = list(seller.joining)
    count = max(seller.post_count, len(unshown) + 1 if unshown else 0)
    span = days * 86_400
    first = seller.start * span
    last_night = midnight + timedelta(days=days + 1)
    # What ties a ring of copiers is shown at least once, as contacts are.
    owes_copy = seller.joined_by in COPYING
    moments = sorted(first + rng.random() * (span - first) for _ in range(count))
    for number, seconds in enumerate(moments):
        published = midnight + timedelta(seconds=int(seconds))
        # 02:00 of the night that follows; what is published between midnight and two is found at once.
        night = (published + timedelta(hours=22)).replace(hour=2, minute=0, second=0)
        crawled = night + timedelta(seconds=int(rng.random() * 3600))
        is_last_chance = count - number <= len(unshown)
        plan = (
            _Plan(texts.comment(rng, seller.facts))
            if parent_id
            else _plan(
                rng,
                seller,
                venue,
                unshown,
                is_last_chance=is_last_chance,
                must_copy=owes_copy and number == count - 1,
            )
        )
        tags = records.hashtags(rng, venue.slug)
        if tags and rng.random() < 0.6:
            plan.written.text.text += dice.pick(rng, (" ", "\n")) + " ".join(
                f"#{tag}" for tag in tags
            )
        native = records.post_id(rng, seller, number, cell=cell)
        found = records.record(
            rng,
            seller,
            plan.written,
            native=native,
            published=published,
            crawled=crawled,
            picture_text=plan.picture.text if plan.picture else None,
            qr=plan.qr,
            parent_id=parent_id,
            tags=tags,
        )
        if owes_copy and seller.joined_by == "image" and number == count - 1:
            records.show_own_picture(rng, seller, found)
        owes_copy = owes_copy and not _shows_copy(seller, plan, found)
        versions = [found]
        if rng.random() < AGAIN:
            later = crawled + timedelta(days=1 + int(rng.random() * 9))
            if later < last_night:
                versions.append(
                    records.again(rng, found, later, is_edited=rng.random() < EDITED)
                )
        yield Post(native, plan.written, plan.picture, plan.qr, versions)


def _shows_copy(seller: Account, plan: _Plan, found: dict[str, Any]) -> bool:
    """Whether a post is an advertisement that shows what its ring copies."""
    if seller.joined_by == "image":
        own = [each for each in found["media"] if each["phash"] not in records.STOCK]
        return plan.written.genre == "ad" and bool(own)
    return plan.is_copy or (seller.joined_by == "qr" and plan.qr is not None)


def _plan(
    rng: random.Random,
    seller: Account,
    venue: venues.Venue,
    unshown: list[Contact],
    *,
    is_last_chance: bool,
    must_copy: bool,
) -> _Plan:
    facts, party = seller.facts, seller.party
    has_title = rng.random() < venue.title_share
    if party in {"ring", "lone"}:
        must_show = bool(unshown) and (is_last_chance or rng.random() < 0.6)
        return _advertise(
            rng,
            seller,
            venue,
            unshown.pop(0) if must_show else None,
            has_title=has_title,
            must_copy=must_copy,
        )
    if party in {"vendor", "agency"}:
        roll = rng.random()
        shows = seller.own if roll < 0.6 else seller.own[:1] if roll < 0.8 else ()
        written = texts.vendor(
            rng, facts, shows=shows, has_title=has_title, party=party
        )
    elif party == "journalist":
        written = texts.report(rng, facts, has_title=has_title, is_long=venue.is_long)
    elif party == "police":
        written = texts.warning(rng, facts, has_title=has_title)
    elif party == "victim":
        written = texts.grievance(rng, facts, has_title=has_title)
    elif venue.kind == "complaint":
        written = texts.grumble(rng, facts)
    else:
        facts.contacts = seller.own
        written = texts.other(
            rng, facts, genre=dice.pick(rng, NOISE_GENRES), has_title=has_title
        )
    return _Plan(written)


def _advertise(
    rng: random.Random,
    seller: Account,
    venue: venues.Venue,
    due: Contact | None,
    *,
    has_title: bool,
    must_copy: bool,
) -> _Plan:
    """A post of a ring member or lone seller; ``due`` is a contact that has to be shown now, ``must_copy`` what it copies."""
    facts = seller.facts
    if due is None and not must_copy and rng.random() < seller.camouflage:
        return _Plan(texts.other(rng, facts, genre="camouflage", has_title=has_title))
    if due is None and not must_copy and not venue.is_long and rng.random() < 0.04:
        return _Plan(texts.viral(rng, facts))
    shown: list[Contact] = [due] if due else []
    if due is None and seller.own and rng.random() < 0.45:
        shown = [dice.pick(rng, seller.own)]
    picture = None
    if shown and venue.has_media and rng.random() < 0.3:
        picture, shown = _caption(rng, seller, shown), []
    ad = texts.Ad(
        contacts=shown,
        has_fee=rng.random() >= seller.fee_shyness,
        sends_elsewhere=not shown and rng.random() < 0.7,
        foreign=seller.foreign if rng.random() < 0.5 else (),
        size=1 + int(rng.random() * 5) + (4 if venue.is_long else 0),
    )
    if seller.joined_by in {"template", "spun"} and (must_copy or rng.random() < 0.7):
        # The whole ring copies one of two texts; the contact behind it is each one's own.
        written = spin.version(
            rng,
            facts,
            ad,
            script=seller.script or 0,
            variant=int(rng.random() * 2),
            style=seller.style,
            is_spun=seller.joined_by == "spun",
        )
        return _Plan(written, picture, is_copy=True)
    costume = seller.costume
    words = rng
    if seller.script is not None and rng.random() < 0.7:
        # Some of a mixed ring draw on one of two texts.
        words, costume = dice.dice(seller.script, int(rng.random() * 2)), 0.0
    written = texts.offer(
        words, facts, ad, style=seller.style, has_title=has_title, costume=costume
    )
    shows_code = venue.has_media and (rng.random() < 0.6 or must_copy)
    qr = seller.qr if shows_code else None
    return _Plan(written, picture, qr)


def _caption(rng: random.Random, seller: Account, contacts: list[Contact]) -> Draft:
    """What stands in a picture: a slogan and a contact."""
    writer = Writer(rng, seller.facts)
    writer.raw(dice.pick(rng, CAPTIONS) + "\n")
    for contact in contacts:
        writer.contact(contact, plainness=0.8)
    return writer.finish()
