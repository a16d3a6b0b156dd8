"""What a post tells its reader to leave out of an id, and that one is written backwards: 中间去掉点, 字不要, 倒着写.

In: plain text in lower case. Out: signs and kinds of characters. Invariants: pure; linear: every pattern begins at a fixed word.
What is asked rather than told (是不是要去掉下划线?) tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions, openings

if TYPE_CHECKING:
    from collections.abc import Iterable

_REMOVE: Final = "去掉|抠掉|去除|删掉|删了|删除|删去|去|忽略|无视|不要|拿掉|除去|略过|跳过|减掉|拿走|省略|不算|没有|不含"
SIGN_NAMES: Final = {
    "小数点": ".",
    "句号": ".。",
    "句点": ".",
    "圆点": ".·•",
    "点": ".·•点",
    "空格": " ",
    "空": " 空",
    "下划线": "_",
    "下横线": "_",
    "底线": "_",
    "横线": "-",
    "横杠": "-",
    "中划线": "-",
    "短横": "-",
    "短杠": "-",
    "连字符": "-",
    "破折号": "-—",
    "杠": "-杠",
    "减号": "-减",
    "星号": "*",
    "星星": "*★☆🌟⭐✨",
    "星": "*",
    "井号": "#",
    "井": "#",
    "斜杠": "/",
    "斜线": "/",
    "竖线": "|",
    "逗号": ",",
    "加号": "+加",
    "括号": "()[]【】",
    "引号": "\"“”'‘’",
    "等号": "=",
    "波浪": "~",
    "艾特": "@",
}
_KIND_NAMES: Final = (
    "汉字",
    "中国字",
    "中文字",
    "方块字",
    "中文",
    "文字",
    "的字",
    "表情",
    "符号",
    "标点",
    "特殊字符",
    "多余",
)
_HAN_NAMES: Final = frozenset(
    {"字", *(one for one in _KIND_NAMES if one[-1] in "字文")}
)
_WHAT: Final = "|".join(
    [
        *sorted(SIGN_NAMES, key=lambda one: (-len(one), one)),
        *_KIND_NAMES,
        r"[^\w\s。!?；;]",
    ]
)
#: What stands behind the sign that it removes: 横线去掉, 空格和点都不要, 加号不用打.
_REMOVED: Final = r"去掉|去除|删掉|删了|删除|删去|拿掉|略过|跳过|省略|忽略|无视|不要|不算|抠掉|扔掉|丢掉|剔掉|抹掉|删(?=[ ,。!)]|\Z)|不用[打输填管]?|不必[打输填]|不[打输]|别[打要输填]|是(?:干扰|多余|迷惑|装饰|摆设)"
_NAMED: Final = "|".join(
    [*sorted(SIGN_NAMES, key=lambda one: (-len(one), one)), *_KIND_NAMES]
)
#: What tells that a name is written backwards.
_BACKWARDS: Final = "倒(?:着|过来|序|写|念|读)|反(?:着|过来)[写念读看打抄的]|反着(?=[,。)])|从后往前|从右往左|从右到左|翻过来|反转过来"
REVERSED: Final = "⇄"
#: Before what is asked rather than told: 是不是要去掉下划线?
_ASKED: Final = ("是不是", "是不是要", "要不要", "是否", "是否要")
_BREAKS: Final = frozenset(" \n")
#: What tells that pieces of a name belong together, and that characters were put between them.
_JOINED: Final = "连(?:起来|在一起|着|写)|拼(?:起来|在一起|一起|成一)|合(?:起来|在一起|成一)|无空格|没有?空格"
_MIXED: Final = "(?:夹|混|插|掺)(?:了|着|进|入|个|几个|一个)*(?:汉字|中国字|中文|文字)"
INSTRUCTION = expressions.compiled(
    openings.guarded(
        rf"(?:{_REMOVE})(?:中间|里面|其中|所有|全部|这个|那个|多余|的|掉|一下|[“\"'「【(])*+({_WHAT})"
        rf"|(?:把|将)(?:中间|里面|其中|所有|全部|的|[“\"'「【(])*+({_WHAT}|字)(?:[”\"'」】)]|号|都|全|全部)*+(?:{_REMOVE})"
        rf"|(?P<one>{_NAMED}|(?<![一-鿿])字)(?:[和跟与、](?P<two>{_NAMED}))?(?:都|全部?|请|记得|自[己行]|一律|统统|要|是[^。!?\n]{{0,8}}?[,，])*+(?:{_REMOVED})"
        rf"|(?P<back>{_BACKWARDS})|(?P<join>{_JOINED})|(?P<mixed>{_MIXED})|(?P<only>只[要看留取读](?:其中)?(?:的)?(?:英文)?(?:字母|数字|英文))"
    )
)


def dropped_signs(folded: str, places: Iterable[int] | None = None) -> frozenset[str]:
    """What a post tells its reader to leave out of an id: signs, or ``汉字`` for Chinese characters, ``符号`` for all signs.

    Args:
        folded: Plain text in lower case.
        places: Where ``INSTRUCTION`` may match, ascending; None for anywhere.
    """
    dropped: set[str] = set()
    for match in openings.matches(INSTRUCTION, folded, places):
        if match["back"]:
            dropped.add(REVERSED)
            continue
        if folded[max(match.start() - 4, 0) : match.start()].endswith(_ASKED):
            continue
        if match["join"] or match["mixed"]:
            dropped.update(_BREAKS if match["join"] else {"汉字"})
            continue
        if match["only"]:
            dropped.update({"汉字", "符号"})
            continue
        for what in match[1] or match[2] or match["one"], match["two"]:
            if what is None:
                continue
            if what in SIGN_NAMES:
                dropped.update(SIGN_NAMES[what])
            elif what in _HAN_NAMES:
                dropped.add("汉字")
            elif what in _KIND_NAMES:
                dropped.add("符号")
            else:
                dropped.add(what)
    return frozenset(dropped)
