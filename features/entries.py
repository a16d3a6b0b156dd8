"""Sums that buy an entry: what amounts tell patterns, and what patterns tell of amounts.

In: amounts of a slice of documents and what a pack's patterns matched around them. Out: tokens for the scan (``#money``,
``#fee`` …), and amounts with the role that the whole document gives them. Invariants: pure; a role changes to fee
alone, and only in offers and complaints.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features import documents, matcher, money, patterns
    from features.trie import Integers

    Amounts = Sequence[Sequence[documents.Placed[money.Amount]]]

#: Yuan. Entry fees begin where few products of the trade still lie, prices end below them (DOMAIN §3).
LARGE: Final = 8_000
SMALL: Final = 3_000
#: No entry costs more, and no victim speaks of less as what it paid.
HIGHEST: Final = 1_000_000
LEAST_PAID: Final = 1_000
#: How far before a sum what explains it may stand.
_REACH: Final = 8
#: What else a sum of an offer is: turnover, worth, savings, debts, prizes, wages, what others sell for.
_EXPLAINED: Final = re.compile(
    "流水|营收|营业额|销售额|成交|gmv|估值|融资|规模|资本|价值|原价|市场价|零售|售价|终端|卖|减|免|省|送|补贴|奖|罚|赔|亏|欠|贷|借|存了?|房|车|债|工资|月薪|底薪|年薪|收入|利润|挣|赚|分红|到账|提现|返|退"
    "|粉丝|播放|客户|商户|商家|门店|代理了"
)
_COUNTED: Final = re.compile(r"(?:的)?(?:设备|流量|粉丝|奖金|补贴|债|房贷|工资|彩礼)")
#: What a complaint is about where a fee was paid for an agency.
_AGENCY: Final = re.compile("代理|加盟|合伙|服务商|运营商|运营中心|招商|总部|县代|市代")
#: What victims spend beside the fee, or get.
_BESIDE: Final = re.compile(
    "亏|损失|赔|倒贴|搭进|房租|租金|广告|推广|投流|设备|电脑|路费|车费|律师|利息|工资|收入|赚|挣|罚|分红|总共|一共|前后|合计|只退|退了"
)
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
    amounts: Amounts,
    found: matcher.Matches,
    texts: Sequence[str],
    *,
    is_offer: Integers,
    is_complaint: Integers,
) -> list[Sequence[documents.Placed[money.Amount]]]:
    """Amounts with the roles that their whole document gives them.

    In an offer, sums that buy an entry are fees whatever the seller calls them (盟金2w8); and where no sum of it is called
    one, the sum in the usual size that nothing else explains is what the entry costs (火种五万九). In a complaint that names
    no fee, the largest sum that is not spent beside it is what was paid.

    Args:
        amounts: Amounts of each document.
        found: Matches of the pack's patterns in their joined texts.
        texts: The joined texts.
        is_offer: For each document whether it is an offer.
        is_complaint: For each document whether it is a complaint; one that speaks of no agency stays as it is.

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
            _as_fee(one)
            if (one.start in opens or one.end in ends[text])
            and one.item.role == "price"
            and one.item.yuan >= SMALL
            and one.item.period == "none"
            else one
            for one in amounts[text]
        ]
    for text in np.flatnonzero(is_offer | is_complaint).tolist():
        listed = heard[text]
        if not listed or any(one.item.role == "agency_fee" for one in listed):
            continue
        if not is_offer[text] and _AGENCY.search(texts[text]) is None:
            continue
        if is_offer[text]:
            chosen = [one for one in listed if _is_unexplained(one, texts[text])]
        else:
            spent = [one for one in listed if _is_paid(one, texts[text])]
            chosen = [max(spent, key=lambda one: one.item.yuan)] if spent else []
        heard[text] = [_as_fee(one) if one in chosen else one for one in listed]
    return heard


def _as_fee(
    one: documents.Placed[money.Amount],
) -> documents.Placed[money.Amount]:
    return one._replace(item=one.item._replace(role="agency_fee"))


def _is_unexplained(one: documents.Placed[money.Amount], text: str) -> bool:
    item = one.item
    least = {"other": SMALL, "price": LARGE}.get(item.role)
    return (
        least is not None
        and least <= item.yuan <= HIGHEST
        and item.period == "none"
        and not is_explained(one, text)
    )


def is_explained(one: documents.Placed[money.Amount], text: str) -> bool:
    """Whether the words right beside a sum say that it is something else than an entry: turnover, debts, prizes."""
    return (
        _EXPLAINED.search(text, max(0, one.start - _REACH), one.start) is not None
        or _COUNTED.match(text, one.end) is not None
    )


def _is_paid(one: documents.Placed[money.Amount], text: str) -> bool:
    item = one.item
    return (
        item.role in {"other", "price", "loss"}
        and LEAST_PAID <= item.yuan <= HIGHEST
        and item.period == "none"
        and _BESIDE.search(text, max(0, one.start - _REACH), one.start) is None
    )
