"""What a speaker has to say: names, contacts, and the sums behind the grammar's slots.

In: nothing but draws. Out: ``Facts`` and the table of figures. Sums are yuan; roles and periods are those of
CONTRACT §5 and §9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crawlers.sandbox import dice
from crawlers.sandbox.language import vocabulary

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

#: Entry money seen in the trade (DOMAIN §3), and what products honestly cost.
FEES = (
    19_800, 21_800, 25_800, 28_000, 29_800, 35_000, 36_800, 39_800, 49_800, 58_000, 60_000, 65_000, 66_000, 68_000,
    88_000, 98_000, 100_000, 120_000, 128_000, 150_000, 168_000, 180_000, 198_000, 260_000, 300_000,
)  # fmt: skip
PRICES = (
    680,
    980,
    1_280,
    1_980,
    2_980,
    3_980,
    4_980,
    6_980,
    7_999,
    9_800,
    12_800,
    28_000,
    36_000,
    50_000,
)
INCOMES = (8_000, 10_000, 15_000, 20_000, 30_000, 50_000, 80_000, 100_000, 200_000)
#: A courier's service number, which everybody names.
COURIER = "4000008000"


class Contact(NamedTuple):
    """A contact that somebody has. ``is_same_number``: the telephone is also the WeChat id (电话微信同号)."""

    kind: str
    value: str
    is_same_number: bool = False


@dataclass(slots=True)
class Facts:
    """What a speaker has to say. Sums are yuan.

    Attributes:
        brand: House name.
        company: Registered name; ``owns_company`` tells whether it is the speaker's own.
        city: Home town, named in most local clauses.
        fee_low: Entry money of the lowest rank; ``fee`` of the usual and ``fee_high`` of the highest one.
        income_month: What the pitch holds out.
        price: What an end customer pays once.
        contacts: Own contacts, for ``<contact>``.
        theirs: Somebody else's contacts, for ``<theirs>``.
    """

    brand: str
    company: str
    city: str
    owns_company: bool = True
    fee_low: int = 35_000
    fee: int = 66_000
    fee_high: int = 128_000
    income_month: int = 30_000
    price: int = 4_980
    contacts: Sequence[Contact] = ()
    theirs: Sequence[Contact] = ()


def draw(rng: random.Random, brand: str, company: str) -> Facts:
    """A speaker with a fee ladder, an income to hold out and a price."""
    fee = dice.pick(rng, FEES)
    return Facts(
        brand=brand,
        company=company,
        city=dice.pick(rng, vocabulary.CITY),
        fee_low=max(9_800, fee // 2 // 1000 * 1000),
        fee=fee,
        fee_high=min(1_000_000, fee * 2),
        income_month=dice.pick(rng, INCOMES),
        price=dice.pick(rng, PRICES),
    )


class Figure(NamedTuple):
    """How a slot of the grammar becomes a sum. ``is_large`` writes it as the press does."""

    role: str
    period: str
    vagueness: float
    yuan: Callable[[random.Random, Facts], float]
    is_large: bool = False


def _one_of(*choices: int) -> Callable[[random.Random, Facts], float]:
    return lambda rng, _facts: dice.pick(rng, choices)


def _earned(months: float) -> Callable[[random.Random, Facts], float]:
    return lambda rng, facts: neat(facts.income_month * (0.5 + rng.random()) * months)


FIGURES: dict[str, Figure] = {
    "fee": Figure("agency_fee", "none", 0.22, lambda _rng, facts: facts.fee),
    "fee_low": Figure("agency_fee", "none", 0.08, lambda _rng, facts: facts.fee_low),
    "fee_high": Figure("agency_fee", "none", 0.08, lambda _rng, facts: facts.fee_high),
    "income_day": Figure("promised_income", "day", 0.1, _earned(1 / 30)),
    "income_month": Figure("promised_income", "month", 0.3, _earned(1)),
    "income_year": Figure("promised_income", "year", 0.3, _earned(12)),
    "income": Figure("promised_income", "none", 0.3, _earned(3)),
    "bonus": Figure(
        "promised_income", "none", 0.1, _one_of(200, 500, 1000, 2000, 3000, 5000, 8000)
    ),
    "price": Figure("price", "none", 0.0, lambda _rng, facts: facts.price),
    "price_low": Figure(
        "price", "none", 0.0, lambda _rng, facts: max(99, facts.price // 10)
    ),
    "price_year": Figure(
        "price", "year", 0.0, lambda _rng, facts: neat(facts.price * 1.6)
    ),
    "price_month": Figure(
        "price", "month", 0.0, lambda _rng, facts: neat(max(400, facts.price / 6))
    ),
    "price_day": Figure("price", "day", 0.0, _one_of(19, 29, 39, 68, 99, 158)),
    "price_tiny": Figure(
        "price", "none", 0.0, _one_of(12, 15, 19, 25, 30, 68, 99, 158)
    ),
    "price_small": Figure("price", "none", 0.0, _one_of(2, 3, 5, 8, 15, 20)),
    "loss": Figure(
        "loss", "none", 0.2, lambda rng, facts: neat(facts.fee * (0.3 + rng.random()))
    ),
    "salary": Figure(
        "other", "month", 0.5, _one_of(4000, 5000, 6000, 8000, 9000, 12_000)
    ),
    "subsidy": Figure("other", "none", 0.0, _one_of(20, 50, 88, 100, 200)),
    "saving": Figure("other", "year", 0.2, _one_of(20_000, 36_000, 60_000, 80_000)),
    "fine": Figure("other", "none", 0.05, _one_of(30_000, 50_000, 100_000, 200_000)),
    "gmv": Figure(
        "other",
        "none",
        0.0,
        _one_of(350_000, 1_200_000, 5_000_000, 23_000_000, 55_000_000),
        is_large=True,
    ),
    "market": Figure(
        "other",
        "none",
        0.0,
        _one_of(30_000_000, 120_000_000, 3_200_000_000, 10_500_000_000),
        is_large=True,
    ),
    "case_sum": Figure(
        "other",
        "none",
        0.0,
        _one_of(1_300_000, 18_000_000, 44_000_000, 440_000_000),
        is_large=True,
    ),
}


def neat(yuan: float) -> int:
    """A sum that people would say: two leading digits."""
    if yuan < 100:
        return max(1, round(yuan))
    scale: int = 10 ** (len(str(int(yuan))) - 2)
    return max(scale, round(yuan / scale) * scale)
