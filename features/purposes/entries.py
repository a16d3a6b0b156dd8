"""Sums that buy an entry: what amounts tell patterns, and what patterns tell of amounts.

In: amounts of a slice of documents and what a pack's patterns matched around them. Out: tokens for the scan (``#money``,
``#fee`` …), and amounts with the role that the whole document gives them. Invariants: pure; a role changes to fee
alone, and only in offers and complaints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from features.amounts import sums
from features.engine import expressions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers
    from features.matching import matcher

    #: Texts, and starts and ends in them.
    Places = tuple[Integers, Integers, Integers]

#: Yuan. Entry fees begin where few products of the trade still lie, prices end below them (DOMAIN §3).
LARGE: Final = 8_000
SMALL: Final = 3_000
#: No entry costs more, and no victim speaks of less as what it paid.
HIGHEST: Final = 1_000_000
LEAST_PAID: Final = 1_000
#: How far before a sum what explains it may stand.
_REACH: Final = 8
#: What else a sum of an offer is: turnover, worth, savings, debts, prizes, wages, what others sell for.
_EXPLAINED: Final = expressions.compiled(
    "流水|营收|营业额|销售额|成交|gmv|估值|融资|规模|资本|价值|原价|市场价|零售|售价|终端|卖|减|免|省|送|补贴|奖|罚|赔|亏|欠|贷|借|存了?|房|车|债|工资|月薪|底薪|年薪|收入|利润|挣|赚|分红|到账|提现|返|退"
    "|粉丝|播放|客户|商户|商家|门店|代理了"
)
_COUNTED: Final = expressions.compiled(
    r"(?:的)?(?:设备|流量|粉丝|奖金|补贴|债|房贷|工资|彩礼)"
)
_OWED: Final = expressions.compiled(
    r"(?:欠债|负债|欠款|外债|债务)(?:了|有|着|整整|近|约|高达|[: ])*+\Z"
)
#: What a complaint is about where a fee was paid for an agency.
_AGENCY: Final = expressions.compiled(
    "代理|加盟|合伙|服务商|运营商|运营中心|招商|总部|县代|市代"
)
#: What victims spend beside the fee, or get.
_BESIDE: Final = expressions.compiled(
    "亏|损失|赔|倒贴|搭进|房租|租金|广告|推广|投流|设备|电脑|路费|车费|律师|利息|工资|收入|赚|挣|罚|分红|总共|一共|前后|合计|只退|退了"
)
#: Frames in which a sum at either end buys an entry.
_ENTRIES: Final = ("frame:entry", "frame:tier_prices", "frame:right")
_ROLES: Final = {"#fee": sums.FEE, "#income": sums.INCOME, "#price": sums.PRICE}


def tokens(amounts: sums.Sums) -> dict[str, Places]:
    """Places of amounts for patterns: by role, and by size where they are neither income nor of a period.

    Args:
        amounts: Amounts of the documents.

    Returns:
        For each token in which documents it stands, and where in their joined texts.
    """
    is_paid_once = (amounts.roles != sums.INCOME) & (amounts.periods == sums.NO_PERIOD)
    wanted = {
        "#money": np.ones(len(amounts.texts), dtype=bool),
        "#large": is_paid_once & (amounts.cents >= LARGE * sums.CENTS),
        "#small": is_paid_once & (amounts.cents < SMALL * sums.CENTS),
        **{token: amounts.roles == role for token, role in _ROLES.items()},
    }
    return {
        token: (amounts.texts[each], amounts.starts[each], amounts.ends[each])
        for token, each in wanted.items()
    }


def fees(
    amounts: sums.Sums,
    found: matcher.Matches,
    texts: Sequence[str],
    *,
    is_offer: Integers,
    is_complaint: Integers,
) -> sums.Sums:
    """Amounts with the roles that their whole document gives them.

    In an offer, sums that buy an entry are fees whatever the seller calls them (盟金2w8); and where no sum of it is called
    one, the sum in the usual size that nothing else explains is what the entry costs (火种五万九). In a complaint that names
    no fee, the largest sum that is not spent beside it is what was paid.

    Args:
        amounts: Amounts of the documents.
        found: Matches of the pack's patterns in their joined texts.
        texts: The joined texts.
        is_offer: For each document whether it is an offer.
        is_complaint: For each document whether it is a complaint; one that speaks of no agency stays as it is.

    Returns:
        As ``amounts``.
    """
    of, cents, roles = amounts.texts, amounts.cents, amounts.roles.copy()
    is_once = amounts.periods == sums.NO_PERIOD
    numbers = [n for n, name in enumerate(found.names) if name in _ENTRIES]
    buys = found.are(numbers) & is_offer[found.texts]
    where = found.texts[buys]
    is_bought = np.isin(_keys(of, amounts.starts), _keys(where, found.starts[buys]))
    is_bought |= np.isin(_keys(of, amounts.ends), _keys(where, found.ends[buys]))
    is_price = roles == sums.PRICE
    roles[is_bought & is_price & is_once & (cents >= SMALL * sums.CENTS)] = sums.FEE
    is_open = ~amounts.has(roles == sums.FEE, len(texts))[of]
    is_open &= is_once & (cents <= HIGHEST * sums.CENTS)
    _settle_offers(amounts, roles, is_open & is_offer[of], texts)
    _settle_complaints(amounts, roles, is_open & (is_complaint & ~is_offer)[of], texts)
    return amounts._replace(roles=roles)


def _keys(texts: Integers, places: Integers) -> Integers:
    return texts << 32 | places


def _settle_offers(
    amounts: sums.Sums, roles: Integers, is_open: Integers, texts: Sequence[str]
) -> None:
    """Note as fees the sums in the usual size that nothing else explains."""
    least = np.full(len(sums.ROLES), HIGHEST + 1)
    least[[sums.OTHER, sums.PRICE]] = SMALL, LARGE
    for row in np.flatnonzero(
        is_open & (amounts.cents >= least[roles] * sums.CENTS)
    ).tolist():
        text = texts[amounts.texts[row]]
        if not is_explained(text, int(amounts.starts[row]), int(amounts.ends[row])):
            roles[row] = sums.FEE


def is_explained(text: str, start: int, end: int) -> bool:
    """Whether the words right beside a sum say that it is something else than an entry: turnover, debts, prizes."""
    return (
        _EXPLAINED.search(text, max(0, start - _REACH), start) is not None
        or _COUNTED.match(text, end) is not None
    )


def is_owed(text: str, start: int) -> bool:
    """Whether a sum is a debt by the word right before it."""
    return _OWED.search(text, max(0, start - _REACH), start) is not None


def _settle_complaints(
    amounts: sums.Sums, roles: Integers, is_open: Integers, texts: Sequence[str]
) -> None:
    """Note as the fee of each complaint about an agency the largest sum that is not spent beside it."""
    is_spent = np.isin(roles, [sums.OTHER, sums.PRICE, sums.LOSS])
    is_spent &= amounts.cents >= LEAST_PAID * sums.CENTS
    largest: dict[int, int] = {}
    for row in np.flatnonzero(is_open & is_spent).tolist():
        text, start = int(amounts.texts[row]), int(amounts.starts[row])
        if _BESIDE.search(texts[text], max(0, start - _REACH), start) is None:
            best = largest.get(text)
            if best is None or amounts.cents[row] > amounts.cents[best]:
                largest[text] = row
    for text, row in largest.items():
        if _AGENCY.search(texts[text]) is not None:
            roles[row] = sums.FEE
