"""Words that tell what a sum is for, where they stand in many texts, and which of them is nearest to each sum.

In: a ``Lexicon`` of role words (a pack's), code points of folded plain texts, places of sums. Out: ``Found``. Invariants:
pure; linear; at each place the longest word counts, left to right, not overlapping; each sum looks at most four words and
``_REACH`` characters to either side.

Words before a sum count more than words behind, long ones more than short ones; a comma, the end of a sentence or another
sum in between costs distance.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from features.engine import native, trie
from features.purposes import frames

if TYPE_CHECKING:
    from features.engine.trie import Integers

Role = Literal["agency_fee", "price", "promised_income", "loss", "other"]
#: What a word says; ``taken``: only that the money is in a swindler's hands; empty: no word is near.
Sense = Role | Literal["taken", ""]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that tell an amount's role; lower case, simplified script.

    Attributes:
        fee: Entry money for an agency, franchise or partner right.
        price: What an end customer pays.
        income: Earnings held out.
        loss: What a victim lost.
        other: Turnover, wages, fines, subsidies and the like.
    """

    fee: tuple[str, ...]
    price: tuple[str, ...]
    income: tuple[str, ...]
    loss: tuple[str, ...]
    other: tuple[str, ...]


class Word(NamedTuple):
    """A role word where it stands in the plain text."""

    start: int
    end: int
    role: Role


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


#: How any trade speaks of money, whatever the pack: added to every lexicon, which wins where both know a word.
_COMMON: Final = Lexicon(
    fee=_words(
        "代理费 代理费用 加盟费 加盟费用 代理权 代理价 保证金 押金 门槛 拿下 名额 席位 入门 入门费 入场费 合作费 授权费 定金 首付 贴牌 oem 加盟 代理 合伙人 城市合伙 省代 市代 "
        "区代 县代 总代 省级 市级 县级 区级 区县 地级市 联营 联创 独家 起步 入伙 服务商 运营中心 技术服务费 初装费 系统费 买断 拿货 开户费 铺货 首批 投资额 准入 打包 源码"
    ),
    price=_words(
        "售价 零售价 标价 单价 原价 会员价 会员费 月租 年租 包年 包月 套餐 课程 定制 按量 报价 租金 买一套 一套 克隆 终身 永久 每分钟 开通 续费 价格 定价 客单价 软件 购买 中标价 "
        "每路 单路 形象 声音 体验价 团购价 券后 到手价 标准版 基础版 专业版 旗舰版 年付 月付"
    ),
    income=_words(
        "月入 日入 年入 月赚 日赚 年赚 净赚 纯赚 稳赚 躺赚 赚到 赚了 能赚 可赚 赚 挣 纯利 利润 净利 收益 收入 回本 分红 提成 抽佣 返佣 佣金 奖励 返现 进账 到账 回款 流水 "
        "副业 睡后 变现 一单赚 出单 奖金 利差 差价 月均 日均 落袋 保底 分润"
    ),
    loss=_words(
        "被骗 骗走 骗了 骗我 损失 亏了 亏损 血亏 打水漂 打了水漂 血本无归 白花 砸进 砸了 搭进去 投进去 赔了 赔进去 推广费 流量费 退不回 要不回 耗费 倒贴"
    ),
    other=_words(
        "gmv 成交额 交易额 市场规模 规模 营收 营业额 销售额 估值 融资 注册资本 月薪 底薪 工资 薪资 年薪 时薪 退款 退还 退回 赔偿 罚款 罚没 涉案 补贴 扶持 贷款 债务 市值 投资 预算 成本 房租 人工 "
        "社保 场租 设备费 判决 返还 募资 奖学金 中奖 红包 产值 销量 捐 余额 成交 节约 节省 处以"
    ),
)
#: Words of loss that say only that the money is in a swindler's hands.
_TAKEN: Final = frozenset(
    _words("被骗 骗走 骗了 骗我 打水漂 打了水漂 血本无归 白花 投进去 砸了 投进")
)
#: Nothing further away than this is beside a sum, and no word counts whose distance is more.
_REACH: Final = 48
FAR: Final = 5.0
#: Words to either side of a sum that are looked at.
_MOST: Final = 4
# What the distance from a word to a sum grows by: the end of a sentence, a comma, a blank, another sum in between.
_COSTS: Final = {**dict.fromkeys("。!?\n;", 14), **dict.fromkeys(",，、", 5), " ": 3}
_OTHER_SUM: Final = 9.0
_COST_OF: Final = np.zeros(0x110000, dtype=np.uint8)
_COST_OF[[ord(one) for one in _COSTS]] = list(_COSTS.values())


class RoleWords:
    """All role words of a lexicon and of any trade.

    Args:
        lexicon: A pack's; it wins where both know a word.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        roles: dict[str, Role] = {}
        for source in (_COMMON, lexicon):
            listed: tuple[tuple[Role, tuple[str, ...]], ...] = (
                ("other", source.other),
                ("price", source.price),
                ("promised_income", source.income),
                ("agency_fee", source.fee),
                ("loss", source.loss),
            )
            for role, words in listed:
                roles.update(dict.fromkeys((one.lower() for one in words), role))
        self._trie = trie.Trie(list(roles))
        self.roles: list[Role] = list(roles.values())
        senses: list[Sense] = [
            "taken" if role == "loss" and word in _TAKEN else role
            for word, role in roles.items()
        ]
        # By number; the last one is that of no word.
        self.senses = np.array([frames.SENSES.index(one) for one in (*senses, "")])

    def find(self, points: Integers, first: Integers) -> Found:
        """All role words of some texts.

        Args:
            points: Code points of the texts, a line break behind each.
            first: Where each text begins in them, and where the last one ends.
        """
        starts, ends, numbers = self._trie.find(points)
        kept = _apart(starts, ends)
        starts, ends, numbers = starts[kept], ends[kept], numbers[kept]
        return Found(
            self, points, first, starts, ends, numbers, np.searchsorted(starts, first)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The role words of some texts.

    Attributes:
        known: The words looked for.
        points: Code points of the texts.
        first: Where each text begins in them.
        starts: Where words begin, ascending.
        ends: Where they end.
        numbers: Which words they are.
        bounds: For each text the index of its first word.
    """

    known: RoleWords
    points: Integers
    first: Integers
    starts: Integers
    ends: Integers
    numbers: Integers
    bounds: Integers

    def of(self, text: int) -> list[Word]:
        """The role words of one text, left to right."""
        low, high, moved = self.bounds[text], self.bounds[text + 1], self.first[text]
        roles = self.known.roles
        return [
            Word(start, end, roles[number])
            for start, end, number in zip(
                (self.starts[low:high] - moved).tolist(),
                (self.ends[low:high] - moved).tolist(),
                self.numbers[low:high].tolist(),
                strict=True,
            )
        ]

    def nearest(
        self, texts: Integers, starts: Integers, ends: Integers
    ) -> tuple[Integers, Integers]:
        """What the nearest word says of each sum, a number of ``frames.SENSES``, and how far it is, in characters; less than nothing where it is long.

        Args:
            texts: The index of the text of each sum, ascending.
            starts: Where it begins in that text, ascending in each.
            ends: Where it ends.
        """
        numbers, distances = _nearest(
            self.points, self.first, self.starts, self.ends, self.numbers, self.bounds,
            texts, starts, ends, _COST_OF,
        )  # fmt: skip
        return self.known.senses[numbers], distances


@functools.lru_cache(maxsize=8)
def words_of(lexicon: Lexicon) -> RoleWords:
    """The role words of a lexicon, made ready."""
    return RoleWords(lexicon)


def found_in(folded: str, lexicon: Lexicon) -> Found:
    """The role words of one text."""
    points = trie.points_of(f"{folded}\n")
    return words_of(lexicon).find(points, np.array([0, len(points)]))


@native.compiled
def _apart(starts: Integers, ends: Integers) -> Integers:
    """Which of some places stay, left to right, when none may overlap one before; they are sorted by start, longest first."""
    kept = np.empty(len(starts), np.int64)
    count = end = 0
    for index in range(len(starts)):
        if starts[index] >= end:
            kept[count], end = index, ends[index]
            count += 1
    return kept[:count].copy()


@native.compiled
def _distance(points: Integers, costs: Integers, start: Any, end: Any) -> Any:  # noqa: ANN401 (places, as numbers of numpy)
    """How far two places are, in characters; what stands between them may cost more."""
    if end - start > _REACH:
        return _REACH
    cost: Any = max(end - start, 0)
    for place in range(start, end):
        cost += np.int64(costs[points[place]])
    return cost


@native.compiled
def _nearest(  # noqa: PLR0917 (compiled functions take their arrays by place)
    points: Integers,
    first: Integers,
    word_starts: Integers,
    word_ends: Integers,
    words: Integers,
    bounds: Integers,
    texts: Integers,
    starts: Integers,
    ends: Integers,
    costs: Integers,
) -> tuple[Integers, Integers]:
    """For each sum the number of its nearest word, -1 without one, and the distance."""
    numbers = np.full(len(texts), -1, np.int64)
    distances = np.full(len(texts), FAR, np.float64)
    for index in range(len(texts)):
        text = texts[index]
        moved = first[text]
        start, end = starts[index] + moved, ends[index] + moved
        before = after = np.int64(-1)
        if index and texts[index - 1] == text:
            before = ends[index - 1] + moved
        if index + 1 < len(texts) and texts[index + 1] == text:
            after = starts[index + 1] + moved
        low, high = bounds[text], bounds[text + 1]
        middle = low + np.searchsorted(word_starts[low:high], start)
        best = FAR
        for word in range(middle - 1, max(low, middle - _MOST) - 1, -1):
            size = word_ends[word] - word_starts[word]
            distance = float(
                _distance(points, costs, np.int64(word_ends[word]), start) - size
            )
            if word_starts[word] < before:
                distance += _OTHER_SUM
            if distance < best:
                best, numbers[index] = distance, words[word]
        for word in range(middle, min(high, middle + _MOST)):
            # Stuck to the number (3万元保证金) a word behind is as good as one before.
            gap = _distance(points, costs, end, np.int64(word_starts[word]))
            distance = float(word_starts[word] - word_ends[word])
            if gap:
                distance += gap * 1.5 + 3.5
            if after >= 0 and word_starts[word] >= after:
                distance += _OTHER_SUM
            if distance < best:
                best, numbers[index] = distance, words[word]
        distances[index] = best
    return numbers, distances
