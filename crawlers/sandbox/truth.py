"""The truth of a market: what was planted where, as frames.

In: posts with the drafts that they were made from. Out: five frames, sorted by all columns. Values are canonical after
CONTRACT §9, ``raw`` is the written form and stands in the field named.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from crawlers.sandbox.platforms import records
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawlers.sandbox.language.writer import PlantedContact
    from crawlers.sandbox.people.accounts import Account
    from crawlers.sandbox.posts import Post

_TEXT, _FLAG = pl.String(), pl.Boolean()
#: Grain: seller. ``party``: ring, lone, vendor, agency, journalist, police, victim, noise. ``joined_by`` is the kind of
#: ring (``rings.KINDS``), null outside rings.
SELLERS: Mapping[str, pl.DataType] = {
    "seller_id": _TEXT,
    "party": _TEXT,
    "ring_id": _TEXT,
    "joined_by": _TEXT,
}
#: Grain: post. ``genre``: ad, viral, camouflage, price_list, report, success, warning, complaint, comment, grumble,
#: trap, tutorial, job, daily. ``about_seller``/``about_ring``: whom a complaint accuses, if that is in the market.
POSTS: Mapping[str, pl.DataType] = {
    "post_id": _TEXT,
    "seller_id": _TEXT,
    "stance": _TEXT,
    "genre": _TEXT,
    "about_seller": _TEXT,
    "about_ring": _TEXT,
}
#: Grain: post × field × contact. ``field``: title, text, bio, media, listing, identifiers, or author (a landing page's
#: own domain). ``disguise`` is the family. Hubs (hotlines, couriers, platforms) belong to nobody.
CONTACTS: Mapping[str, pl.DataType] = {
    "post_id": _TEXT,
    "kind": _TEXT,
    "value": _TEXT,
    "ownership": _TEXT,
    "field": _TEXT,
    "raw": _TEXT,
    "disguise": _TEXT,
    "is_hub": _FLAG,
}
#: Grain: post × written sum, in title or text; equal sums of one post stand as often as they are written.
AMOUNTS: Mapping[str, pl.DataType] = {
    "post_id": _TEXT,
    "yuan": contracts.MONEY,
    "yuan_max": contracts.MONEY,
    "role": _TEXT,
    "is_approximate": _FLAG,
    "period": _TEXT,
    "voice": _TEXT,
    "field": _TEXT,
    "raw": _TEXT,
    "notation": _TEXT,
}
#: Grain: post × signal × voice, over title and text.
SIGNALS: Mapping[str, pl.DataType] = {"post_id": _TEXT, "signal": _TEXT, "voice": _TEXT}


class Truth:
    """Collects what is planted, post by post."""

    def __init__(self) -> None:
        self._sellers: dict[str, tuple[Any, ...]] = {}
        self._posts: list[tuple[Any, ...]] = []
        self._contacts: set[tuple[Any, ...]] = set()
        self._amounts: list[tuple[Any, ...]] = []
        self._signals: set[tuple[Any, ...]] = set()

    def note(self, seller: Account, post: Post) -> None:
        """Note one post."""
        key = f"{seller.platform}:{post.native}"
        written, accused = post.written, seller.accuses
        self._sellers[seller.seller_id] = (
            seller.seller_id,
            seller.party,
            seller.ring_id,
            seller.joined_by,
        )
        about = (accused.seller_id, accused.ring_id) if accused else (None, None)
        self._posts.append(
            (key, seller.seller_id, written.stance, written.genre, *about)
        )
        for name, draft in (("title", written.title), ("text", written.text)):
            if draft is None:
                continue
            self._contacts.update(_contact(key, name, item) for item in draft.contacts)
            self._signals.update(
                (key, signal, voice) for signal, voice in draft.signals
            )
            for item in draft.sums:
                amount = item.amount
                high = None if amount.yuan_max is None else Decimal(amount.yuan_max)
                self._amounts.append(
                    (
                        key,
                        Decimal(amount.yuan),
                        high,
                        item.role,
                        amount.is_approximate,
                        item.period,
                        item.voice,
                        name,
                        amount.raw,
                        amount.notation,
                    )
                )
        pictured = post.picture.contacts if post.picture else ()
        for found in records.outside(seller, in_picture=pictured, qr=post.qr):
            self._contacts.add(_contact(key, found.field, found.contact))

    def sellers(self) -> pl.DataFrame:
        """Columns of ``SELLERS``."""
        return _frame(list(self._sellers.values()), SELLERS)

    def posts(self) -> pl.DataFrame:
        """Columns of ``POSTS``."""
        return _frame(self._posts, POSTS)

    def contacts(self) -> pl.DataFrame:
        """Columns of ``CONTACTS``."""
        return _frame(list(self._contacts), CONTACTS)

    def amounts(self) -> pl.DataFrame:
        """Columns of ``AMOUNTS``."""
        return _frame(self._amounts, AMOUNTS)

    def signals(self) -> pl.DataFrame:
        """Columns of ``SIGNALS``."""
        return _frame(list(self._signals), SIGNALS)


def _contact(post: str, field: str, item: PlantedContact) -> tuple[Any, ...]:
    return (
        post,
        item.kind,
        item.value,
        item.ownership,
        field,
        item.raw,
        item.disguise,
        item.is_hub,
    )


def _frame(
    rows: Sequence[tuple[Any, ...]], schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row").sort(list(schema))
