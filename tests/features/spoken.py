"""Sentences with their truth, from two files of templates: what they hold in money and in contacts.

In: ``sums.txt``, ``sums_hard.txt``, ``sums_wide.txt`` and ``reachable.txt`` beside this file, which say how a template is written, and a seed. Out: ``Said``:
a text, and its gold. Templates are split in two halves by their own bytes, so that one half can be worked on and
the other only measured.
"""

from __future__ import annotations

import itertools
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
ROLES = {
    "F": "agency_fee",
    "P": "price",
    "I": "promised_income",
    "L": "loss",
    "O": "other",
}
PERIODS = {"d": "day", "m": "month", "y": "year", None: "none"}
KINDS = {
    "wx": "wechat", "tel": "phone", "qq": "qq", "qun": "qq_group", "mail": "email", "dom": "domain", "tg": "telegram",
    "co": "company",
}  # fmt: skip
_CHOICE = re.compile(r"<([^<>{}]*\|[^<>{}]*)>")
_SUM = re.compile(
    r"\{([FPILO])(?:/([dmy]))?(?::([sb]))?(?:=([^{}:]*):([0-9.]+)(?:-([0-9]+))?(~)?)?\}"
)
_CONTACT = re.compile(r"\{(wx|tel|qq|qun|mail|dom|tg|co)(!)?(?:=([^{}]*):([^{}:]*))?\}")


@dataclass(frozen=True)
class Gold:
    """A sum that stands in a text."""

    raw: str
    yuan: Decimal
    yuan_max: Decimal | None
    is_approximate: bool
    role: str
    period: str


@dataclass(frozen=True)
class Reach:
    """A contact that stands in a text."""

    raw: str
    kind: str
    value: str
    ownership: str


@dataclass(frozen=True)
class Said:
    """A text with its truth."""

    text: str
    genre: str
    sums: tuple[Gold, ...]
    contacts: tuple[Reach, ...]


def templates(*names: str) -> dict[bool, list[tuple[str, str]]]:
    """Genre and text of every template of some files, by whether it is held out."""
    halves: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    written = [(HERE / name).read_text(encoding="utf-8") for name in names]
    for line in itertools.chain.from_iterable(map(str.splitlines, written)):
        if line.startswith("#") or not line.strip():
            continue
        genre, text = line.split(" | ", 1)
        halves[zlib.crc32(text.encode()) % 2 == 0].append((genre, text))
    return halves


def said(*names: str, held_out: bool, seed: int, times: int = 2) -> list[Said]:
    """Every template of one half, written out several times."""
    rng = random.Random(seed)
    return [
        write(rng, genre, text)
        for genre, text in templates(*names)[held_out]
        for _ in range(times)
    ]


def posts(
    sentences: list[Said], *, seed: int, sizes: tuple[int, ...] = (1, 1, 2, 2, 3, 4)
) -> list[Said]:
    """The sentences shuffled within their genre and joined to posts of some sizes."""
    rng = random.Random(seed)
    made = []
    for genre in sorted({one.genre for one in sentences}):
        left = [one for one in sentences if one.genre == genre]
        rng.shuffle(left)
        while left:
            size = rng.choice(sizes)
            part, left = left[:size], left[size:]
            joint = rng.choice(("。", "！", "\n", "；", "，"))
            made.append(
                Said(
                    joint.join(one.text for one in part),
                    genre,
                    tuple(gold for one in part for gold in one.sums),
                    tuple(gold for one in part for gold in one.contacts),
                )
            )
    return made


def write(rng: random.Random, genre: str, template: str) -> Said:
    """One template written out."""
    text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), template)
    sums: list[Gold] = []
    contacts: list[Reach] = []

    def add_sum(match: re.Match[str]) -> str:
        role, period, size, raw, low, high, vague = match.groups()
        if raw is None:
            raw, low_yuan, high_yuan, is_vague = notation(rng, role, period, size)
        else:
            low_yuan = Decimal(low)
            high_yuan = Decimal(high) if high else None
            is_vague = vague is not None
        sums.append(
            Gold(raw, low_yuan, high_yuan, is_vague, ROLES[role], PERIODS[period])
        )
        return raw

    def add_contact(match: re.Match[str]) -> str:
        slot, foreign, raw, value = match.groups()
        kind = KINDS[slot]
        if raw == "":
            # {wx=:}: the number just written, once more under this kind.
            contacts.append(
                Reach(
                    contacts[-1].raw, kind, contacts[-1].value, contacts[-1].ownership
                )
            )
            return ""
        if raw is None:
            value = invented(rng, kind)
            raw = disguised(rng, kind, value)
        contacts.append(Reach(raw, kind, value, "mentioned" if foreign else "own"))
        return raw

    text = _CONTACT.sub(add_contact, _SUM.sub(add_sum, text))
    return Said(text, genre, tuple(sums), tuple(contacts))


# ---------------------------------------------------------------- sums

_HAN = "零一二三四五六七八九"
_SIZES = {
    "F": (9_800, 19_800, 26_000, 28_000, 33_000, 39_800, 45_000, 58_000, 60_000, 66_000, 69_800, 98_000, 120_000, 168_000, 200_000),
    "P": (298, 499, 980, 1_280, 1_980, 2_980, 3_980, 4_980, 6_800),
    "I": (3_000, 6_000, 8_000, 12_000, 20_000, 35_000, 50_000, 100_000, 300_000),
    "L": (3_000, 6_800, 12_000, 20_000, 35_000, 78_000),
    "O": (3_000, 5_000, 10_000, 20_000, 37_000),
}  # fmt: skip


def spoken(number: int) -> str:
    """Written-out Chinese of a number below 10^8 that ends in three zeros or is below 10,000."""
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        return spoken(head) + "万" + (spoken(rest) if rest else "")
    out = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += _HAN[digit] + name
    return out.removeprefix("一") if out.startswith("一十") else out


def notation(
    rng: random.Random, role: str, period: str | None, size: str | None
) -> tuple[str, Decimal, Decimal | None, bool]:
    """A sum of a role in one of the ways in which people write it: text, lower and upper bound, vagueness."""
    if size == "s":
        yuan = rng.choice((60, 150, 200, 380, 600))
        return (
            rng.choice((f"{yuan}元", f"{yuan}块", f"{yuan}块钱")),
            Decimal(yuan),
            None,
            False,
        )
    if size == "b":
        wan = rng.choice((1200, 3600, 8000))
        return (
            rng.choice((f"{wan}万元", f"{wan}万", f"{wan}余万元")),
            Decimal(wan * 10_000),
            None,
            False,
        )
    choices = tuple(
        x
        for x in _SIZES[role]
        if period is None or x <= (2000 if period == "d" else 100_000)
    )
    yuan = rng.choice(choices or (1200,))
    ways = [f"{yuan}元", f"{yuan}块", f"¥{yuan}", f"￥{yuan:,}", f"{yuan}"]
    if yuan % 1000 == 0:
        ways += [spoken(yuan), spoken(yuan) + "块", f"{yuan // 1000}k"]
    if yuan >= 10_000 and yuan % 100 == 0:
        wan = (
            f"{Decimal(yuan) / 10_000:f}".rstrip("0").rstrip(".")
            if yuan % 10_000
            else str(yuan // 10_000)
        )
        ways += [
            f"{wan}万",
            f"{wan}w",
            f"{wan}W",
            f"{wan}万元",
            f"{wan}万块",
            f"{wan}个w",
            f"{wan} 万",
        ]
        head, tail = divmod(yuan // 1000, 10)
        if yuan % 1000 == 0 and tail and head < 10:
            ways += [
                f"{head}万{tail}",
                f"{head}w{tail}",
                f"{_HAN[head]}万{_HAN[tail]}",
                f"{head}萬{tail}",
            ]
    return rng.choice(ways), Decimal(yuan), None, False


# ---------------------------------------------------------------- contacts

_WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_KEYCAPS = {digit: f"{digit}\ufe0f\u20e3" for digit in "0123456789"}


def invented(rng: random.Random, kind: str) -> str:  # noqa: PLR0911  one form a kind
    """A value of a kind that belongs to nobody."""
    number = f"{rng.randrange(10_000):04d}"
    if kind == "phone":
        return f"1990000{number}"
    if kind in {"qq", "qq_group"}:
        return f"{rng.randrange(1, 9)}0000{number}"
    if kind == "wechat":
        return rng.choice(
            (
                f"szr_demo{number}",
                f"shili{number}",
                f"demo-ai-{number}",
                f"ai{number}szr",
            )
        )
    if kind == "telegram":
        return f"szr_demo_{number}"
    if kind == "email":
        return f"hr{number}@szr.example.com"
    if kind == "domain":
        return rng.choice(
            (
                f"szr{number}.example.com",
                f"agent{number}.example.net",
                f"demo{number}.example.org",
            )
        )
    place = rng.choice(("", "杭州", "郑州", "深圳市"))
    form = rng.choice(("有限公司", "有限责任公司", "股份有限公司"))
    trade = rng.choice(("智能科技", "数字传媒", "网络科技", "信息技术", "文化发展"))
    return f"{place}示例{rng.choice('甲乙丙丁戊')}{rng.choice('星云海山')}{trade}{form}"


def disguised(rng: random.Random, kind: str, value: str) -> str:
    """The value as somebody writes it who wants people to read it and filters not to."""
    if kind in {"company", "email"} or rng.random() < 0.3:
        return value
    if kind == "domain":
        return rng.choice(
            (value, f"www.{value}", f"https://{value}", f"http://{value}/")
        )
    if kind == "telegram":
        return f"@{value}"
    ways = [
        "".join(_WIDE.get(one, one) for one in value),
        "".join(_KEYCAPS.get(one, one) for one in value),
        "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(one)] if one.isdigit() else one for one in value),
        "\u200b".join(value),
    ]
    if value.isdigit():
        ways += [
            " ".join(value), "".join(_HAN[int(one)] for one in value), value.replace("0", "O"),
            "".join("⓿❶❷❸❹❺❻❼❽❾"[int(one)] for one in value),
            "".join("零壹贰叁肆伍陆柒捌玖"[int(one)] for one in value),
            "".join("洞幺二三四五六拐八九"[int(one)] for one in value),
            "".join(chr(0x1D7CE + int(one)) for one in value),
        ]  # fmt: skip
        if kind == "phone":
            ways += [
                f"{value[:3]}-{value[3:7]}-{value[7:]}",
                f"{value[:3]} {value[3:7]} {value[7:]}",
                f"{value[:3]}🔥{value[3:7]}🔥{value[7:]}",
            ]
    else:
        ways += [value.upper(), value.title(), value.replace("_", "下划线")]
    return rng.choice(ways)


def batches(sentences: list[Said], size: int) -> Iterator[list[Said]]:
    """The sentences in lists of a size."""
    for first in range(0, len(sentences), size):
        yield sentences[first : first + size]
