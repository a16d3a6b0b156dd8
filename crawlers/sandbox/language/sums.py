"""Sums of money as people write them, with what they mean.

In: a sum in yuan. Out: ``Sum`` with the written form and its meaning after CONTRACT §9: ``yuan`` is the lower bound,
``yuan_max`` the upper one where a range is meant. Percentages and counts are not sums and are not made here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawlers.sandbox import dice

if TYPE_CHECKING:
    import random

HAN = "零一二三四五六七八九"
FINANCIAL = "零壹贰叁肆伍陆柒捌玖"
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"
WIDE = "０１２３４５６７８９"
WAN = ("万", "万", "万", "w", "W", "万元", "个w", "萬", "万块")
YUAN = ("元", "块", "块钱", "元整", "圆")


class Sum(NamedTuple):
    """A written sum.

    Attributes:
        raw: As it stands in the text, unit included.
        yuan: Lower bound.
        yuan_max: Upper bound, null where none is meant.
        is_approximate: The text is vague or gives a range.
        notation: Which way of writing it is.
    """

    raw: str
    yuan: int
    yuan_max: int | None
    is_approximate: bool
    notation: str


def han(
    number: int, digits: str = HAN, *, units: tuple[str, str, str] = ("十", "百", "千")
) -> str:
    """A number below 10^8 in Chinese numerals: 12 is 十二, 105 is 一百零五, 98000 is 九万八千."""
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        zero = digits[0] if 0 < rest < 1000 else ""
        return (
            han(head, digits, units=units)
            + "万"
            + zero
            + (han(rest, digits, units=units) if rest else "")
        )
    text, pending = "", False
    for place, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        digit = number // place % 10
        if digit:
            text += (digits[0] if pending else "") + digits[digit] + unit
            pending = False
        elif text:
            pending = True
    if digits is HAN and text.startswith("一十"):
        text = text[1:]
    return text


def decimal(number: int, unit: int) -> str:
    """A number in a unit with as few decimals as it takes: 98000 in 10000 is 9.8."""
    return f"{number / unit:.4f}".rstrip("0").rstrip(".")


def plain(rng: random.Random, yuan: int) -> Sum:
    """A sum with one exact meaning, in one of its notations."""
    roll = int(rng.random() * 16)
    is_round = yuan >= 10_000 and yuan % 100 == 0
    if roll < 4 and is_round:
        raw, notation = decimal(yuan, 10_000) + dice.pick(rng, WAN), "wan"
    elif roll == 4 and yuan % 1000 == 0 and yuan < 1_000_000:
        raw, notation = f"{yuan // 1000}{dice.pick(rng, 'kK')}", "k"
    elif roll in {5, 6} and yuan > 10_000 and yuan % 1000 == 0 and yuan % 10_000:
        wan, thousand = divmod(yuan // 1000, 10)
        raw, notation = f"{wan}{dice.pick(rng, '万万wW')}{thousand}", "elliptic"
    elif roll in {7, 8} and yuan % 1000 == 0 and 1000 <= yuan < 10_000_000:
        raw, notation = _spoken(rng, yuan), "han"
    elif roll == 9 and yuan % 1000 == 0 and yuan >= 10_000:
        raw = han(yuan, FINANCIAL, units=("拾", "佰", "仟")) + dice.pick(
            rng, ("元", "元整", "圆整", "")
        )
        notation = "financial"
    elif roll == 10:
        raw, notation = (
            "".join(CIRCLED[int(digit)] for digit in str(yuan))
            + dice.pick(rng, ("元", "块", "" if yuan > 9999 else "元")),
            "circled",
        )
    elif roll == 11:
        raw, notation = (
            "".join(WIDE[int(digit)] for digit in str(yuan)) + dice.pick(rng, YUAN),
            "wide",
        )
    elif roll == 12:
        raw, notation = f"{yuan:,}{dice.pick(rng, YUAN)}", "grouped"
    elif roll == 13:
        raw, notation = f"{dice.pick(rng, ('￥', '¥', '¥ ', 'RMB'))}{yuan}", "sign"
    else:
        raw, notation = f"{yuan}{dice.pick(rng, YUAN)}", "digits"
    return Sum(raw, yuan, None, is_approximate=False, notation=notation)


def _spoken(rng: random.Random, yuan: int) -> str:
    wan, rest = divmod(yuan, 10_000)
    if wan and rest and rng.random() < 0.6:
        return f"{han(wan)}万{HAN[rest // 1000]}"
    return han(yuan) + (
        dice.pick(rng, ("", "元", "块", "块钱")) if rng.random() < 0.5 else ""
    )


def vague(rng: random.Random, yuan: int) -> Sum:
    """A sum with a meaning that is not exact: 十来万, 六位数, 8-15万, 六万多."""
    wan = max(1, yuan // 10_000)
    roll = int(rng.random() * 10)
    if 10 <= wan < 20 and roll < 4:
        raw, low, high = dice.pick(
            rng,
            (
                ("十来万", 100_000, None),
                ("十几万", 110_000, 190_000),
                ("10来万", 100_000, None),
                ("十多万", 100_000, None),
            ),
        )
        return Sum(raw, low, high, is_approximate=True, notation="vague")
    if roll == 4 and 10 <= wan < 100:
        return Sum(
            dice.pick(rng, ("六位数", "6位数")),
            100_000,
            999_999,
            is_approximate=True,
            notation="places",
        )
    if roll == 4 and 1 <= wan < 10 and yuan >= 10_000:
        return Sum(
            dice.pick(rng, ("五位数", "5位数")),
            10_000,
            99_999,
            is_approximate=True,
            notation="places",
        )
    if yuan >= 10_000 and roll < 8:
        more = dice.pick(
            rng,
            (
                "{}万多",
                "{}多万",
                "{}万出头",
                "{}万余",
                "{}余万",
                "{}万起",
                "{}w起",
                "{}万左右",
                "{}w+",
            ),
        )
        word = str(wan) if "w" in more or rng.random() < 0.6 else han(wan)
        if more.startswith(("{}多", "{}余")) and wan % 10:
            more = "{}万多"
        return Sum(
            more.format(word), wan * 10_000, None, is_approximate=True, notation="vague"
        )
    return ranged(rng, yuan)


def ranged(rng: random.Random, yuan: int) -> Sum:
    """A range that begins near the sum."""
    if yuan < 20_000:
        low = max(1, yuan // 1000)
        high = low + 1 + int(rng.random() * max(2, low))
        raw = dice.pick(
            rng, ("{}-{}k", "{}~{}k", "{}-{}千", "{}k-{}k", "{}到{}千")
        ).format(low, high)
        return Sum(raw, low * 1000, high * 1000, is_approximate=True, notation="range")
    low = yuan // 10_000
    high = low + 1 + int(rng.random() * max(3, low))
    form = dice.pick(
        rng,
        (
            "{}-{}万",
            "{}万-{}万",
            "{}到{}万",
            "{}~{}w",
            "{}-{}w",
            "{}万到{}万",
            "{}至{}万元",
            "{}—{}万",
        ),
    )
    return Sum(
        form.format(low, high),
        low * 10_000,
        high * 10_000,
        is_approximate=True,
        notation="range",
    )


def any_sum(rng: random.Random, yuan: int, *, vagueness: float = 0.22) -> Sum:
    """A sum in any notation; ``vagueness`` is the share of forms that are not exact."""
    if yuan >= 8000 and rng.random() < vagueness:
        return vague(rng, yuan)
    return plain(rng, yuan)


def large(rng: random.Random, yuan: int) -> Sum:
    """A sum as the press writes it: 3200万元, 45.6亿元."""
    if yuan >= 100_000_000:
        return Sum(
            decimal(yuan, 100_000_000) + dice.pick(rng, ("亿元", "亿", "亿元人民币")),
            yuan,
            None,
            is_approximate=False,
            notation="yi",
        )
    return Sum(
        decimal(yuan, 10_000) + dice.pick(rng, ("万元", "万")),
        yuan,
        None,
        is_approximate=False,
        notation="wan",
    )
