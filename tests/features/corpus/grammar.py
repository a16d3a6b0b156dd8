"""Invented posts with their truth, by a grammar that shares nothing with the sandbox's market or with any pack.

In: the template files beside this one. Out: posts with stance and asserted tropes. A template is one line under a
heading ``## stance-section [variants]``; ``<slot>`` draws a filler, ``{gi|…}`` marks a trope that the author asserts,
``@`` in front disguises the words. Templates and fillers are split in two halves by their place in the file: ``tuning``
may be looked at and fitted on, ``held_out`` measures and nothing else.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

HALVES = ("tuning", "held_out")
STANCE_OF = {
    "offer": "offer", "vendor": "vendor", "other_trade": "other", "job": "other", "tutorial": "other", "satire": "other",
    "question": "other", "noise": "other", "news_success": "report", "investigation": "report", "warning": "report",
    "lawyer": "report", "victim_long": "complaint", "victim_short": "complaint",
}  # fmt: skip
SIGNAL_OF = {
    "fo": "fomo", "gi": "guaranteed_income", "pi": "passive_income", "zt": "zero_threshold", "be": "ban_evasion",
    "ur": "urgency", "fa": "false_authority", "sm": "source_manufacturer", "rt": "recruitment_tiers", "nr": "no_refund",
    "ce": "contact_elsewhere", "rf": "refund_on_target", "ls": "liability_shift", "liab": "liability_shift",
    "lr": "label_removal", "ro": "recovery_offer",
}  # fmt: skip
#: Fillers of each slot for the two halves.
FILLERS = {
    "noun": (
        ["数字人", "AI数字人", "数字人直播", "AI主播", "数智人", "虚拟主播"],
        [
            "数字人",
            "AI数字人直播",
            "虚拟人主播",
            "数字分身",
            "AI直播数字人",
            "无人直播",
        ],
    ),
    "newnoun": (
        ["蜂鸟拓客宝", "声影播报机", "灵犀导购员", "星链盒子"],
        ["小灵店员", "幻影播报台", "智镜导购屏", "云雀引客器"],
    ),
    "city": (["邯郸", "绵阳", "赣州", "柳州"], ["洛阳", "遵义", "衡阳", "临沂"]),
    "fee": (
        ["3.98万", "6.8w", "五万九", "48000元", "十来万", "2万8"],
        ["5.8万", "8w8", "四万六", "69800元", "十几万", "3万6"],
    ),
    "fee2": (["18万", "26.8万", "三十万"], ["15.8万", "22w", "四十万"]),
    "wx": (
        ["szr_demo_01", "szr_demo_07", "wx demo_szr_3"],
        ["szr_demo_12", "vx:szr_demo_15", "szr_demo_18"],
    ),
    "tel": (["19900001234", "19900005678"], ["19900001111", "19900002468"]),
    "mail": (["hr@example.com"], ["job@example.org"]),
    "honesttrade": (
        ["奶茶", "瓷砖", "火锅", "汽车美容"],
        ["烘焙", "涂料", "早餐", "童装"],
    ),
}
_DISGUISES = (
    ("数字人", "数字亻"), ("数字人", "szr"), ("数字人", "數字人"), ("代理", "代 理"), ("代理", "亻弋理"), ("代理", "代\u200b理"),
    ("加盟", "加·盟"), ("赚", "賺"), ("万", "w"), ("招", "扌召"), ("信", "亻言"), ("直播", "直·播"), ("月", "yue"),
)  # fmt: skip
_HEADING = re.compile(r"## (\w+)")
_SLOT = re.compile(r"<(\w+)>")
_MARK = re.compile(r"\{(\w+)\|([^{}]*)\}")
_VARIANTS = 3


#: Template files of which every second line is held out, and those that may be looked at as a whole.
SPLIT = (
    "offers", "honest", "echoes", "captions", "advertorials", "invented", "regional", "neighbours", "others_voice",
)  # fmt: skip
#: Written after everything was fitted: held out as a whole.
HELD_OUT = ("fresh",)
TUNING = (
    "tuning",
    "school_offers",
    "school_honest",
    "school_echoes",
    "school_more",
    "school_strangers",
    "school_last",
    "classic",
    "lines_everyday",
    "lines_structure",
    "lines_voices",
    "lines_longer",
    "lines_paraphrase",
)


@dataclass(frozen=True, slots=True)
class Post:
    """An invented post: gold stance, and the places of the tropes that its author asserts."""

    post_id: str
    book: str
    section: str
    stance: str
    text: str
    signals: frozenset[tuple[str, int, int]]


def templates() -> list[tuple[str, str, str, str]]:
    """All templates with their file, half and section; of the files in ``SPLIT`` every second is held out."""
    found: list[tuple[str, str, str, str]] = []
    for name in (*SPLIT, *TUNING, *HELD_OUT):
        section = ""
        path = Path(__file__).with_name(f"{name}.txt")
        for line in path.read_text(encoding="utf-8").splitlines():
            heading = _HEADING.match(line)
            if heading is not None:
                section = line.removeprefix("## ").replace(" ", "_")
            elif line and not line.startswith("#"):
                half = HALVES[len(found) % 2]
                half = "tuning" if name in TUNING else half
                half = "held_out" if name in HELD_OUT else half
                found.append((name, half, section, line))
    return found


def phrases() -> list[tuple[str, str]]:
    """Single clauses of the tuning half with the trope that each is; ``""`` where it is none."""
    found: list[tuple[str, str]] = []
    path, mark = Path(__file__).with_name("phrases.txt"), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            mark = line.removeprefix("## ")
        elif line and not line.startswith("#"):
            found.append((SIGNAL_OF.get(mark, ""), line))
    return found


def posts(half: str, *, seed: int = 4) -> list[Post]:
    """The posts of one half; same seed, same posts. Templates without slots give one post, others three."""
    side = HALVES.index(half)
    made: dict[str, Post] = {}
    for place, (book, own, section, template) in enumerate(templates()):
        if own != half:
            continue
        for variant in range(_VARIANTS):
            chance = random.Random(f"{seed}/{place}/{variant}")
            post = _written(
                f"{half}-{book}-{place}-{variant}", section, template, chance, side
            )
            made.setdefault(post.text, post)
    return list(made.values())


def _written(
    post_id: str, section: str, template: str, chance: random.Random, side: int
) -> Post:
    drawn: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        return drawn.setdefault(match[1], chance.choice(FILLERS[match[1]][side]))

    is_disguised = template.startswith("@")
    filled = _SLOT.sub(fill, template.removeprefix("@"))
    pairs = chance.sample(_DISGUISES, 6) if is_disguised else []
    text = ""
    signals: set[tuple[str, int, int]] = set()
    at = 0
    for match in _MARK.finditer(filled):
        text += _disguised(filled[at : match.start()], pairs)
        start = len(text)
        text += _disguised(match[2], pairs)
        signals.add((SIGNAL_OF[match[1]], start, len(text)))
        at = match.end()
    text += _disguised(filled[at:], pairs)
    stance = next(
        found for name, found in STANCE_OF.items() if section.startswith(name)
    )
    book = post_id.split("-")[1]
    return Post(post_id, book, section, stance, text, frozenset(signals))


def _disguised(text: str, pairs: list[tuple[str, str]]) -> str:
    for plain, disguised in pairs:
        text = text.replace(plain, disguised)
    return text
