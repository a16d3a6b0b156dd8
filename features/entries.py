"""Sums that buy an entry: what amounts tell patterns, and what patterns tell of amounts.

In: amounts of a slice of documents and what a pack's patterns matched around them. Out: tokens for the scan (``#money``,
``#fee`` …), and amounts with the role that the whole document gives them. Invariants: pure; a role changes from price to
fee alone, and only in an offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features import documents, matcher, money, patterns
    from features.trie import Integers

    Amounts = Sequence[Sequence[documents.Placed[money.Amount]]]

#: Yuan. Entry fees begin where few products of the trade still lie, prices end below them (DOMAIN §3).
LARGE: Final = 8_000
SMALL: Final = 3_000
#: Frames in which a sum at either end buys an entry.
_ENTRIES: Final = ("frame:entry", "frame:tier_prices", "frame:right")
_ROLES: Final = {"agency_fee": "#fee", "promised_income": "#income", "price": "#price"}


def tokens(amounts: Amounts) -> dict[str, tuple[list[int], list[patterns.Span]]]:
    """Places of amounts for patterns: by role, and by size where they are neither income nor of a period.

    Args:
        amounts: Amounts of each document.

    Returns:
        For each token in which documents it stands, and where in their joined texts.
    """
    names = ("#money", "#large", "#small", *_ROLES.values())
    found: dict[str, tuple[list[int], list[patterns.Span]]] = {
        name: ([], []) for name in names
    }

    def note(name: str, text: int, span: patterns.Span) -> None:
        found[name][0].append(text)
        found[name][1].append(span)

    for text, listed in enumerate(amounts):
        for one in listed:
            span = one.span
            note("#money", text, span)
            if one.item.role in _ROLES:
                note(_ROLES[one.item.role], text, span)
            if one.item.role != "promised_income" and one.item.period == "none":
                if one.item.yuan >= LARGE:
                    note("#large", text, span)
                elif one.item.yuan < SMALL:
                    note("#small", text, span)
    return found


def fees(
    amounts: Amounts, found: matcher.Matches, *, is_offer: Integers
) -> list[Sequence[documents.Placed[money.Amount]]]:
    """Amounts, where in an offer sums that buy an entry are fees whatever the seller calls them (盟金2w8).

    Args:
        amounts: Amounts of each document.
        found: Matches of the pack's patterns in their joined texts.
        is_offer: For each document whether it is an offer.

    Returns:
        As ``amounts``.
    """
    starts: dict[int, set[int]] = {}
    ends: dict[int, set[int]] = {}
    numbers = [n for n, name in enumerate(found.names) if name in _ENTRIES]
    buys = found.are(numbers) & is_offer[found.texts]
    for text, start, end in zip(
        found.texts[buys].tolist(),
        found.starts[buys].tolist(),
        found.ends[buys].tolist(),
        strict=True,
    ):
        starts.setdefault(text, set()).add(start)
        ends.setdefault(text, set()).add(end)
    heard = list(amounts)
    for text, opens in starts.items():
        heard[text] = [
            one._replace(item=one.item._replace(role="agency_fee"))
            if (one.start in opens or one.end in ends[text])
            and one.item.role == "price"
            and one.item.yuan >= SMALL
            and one.item.period == "none"
            else one
            for one in amounts[text]
        ]
    return heard
