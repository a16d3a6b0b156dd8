"""What signs and pictures are called: 下划线, 艾特, 小老鼠, 星号, 月亮, 西瓜.

Names and the characters they mean, for posts that spell their contacts out or tell what to do with them. Sources: how annotated
posts call them; pictures by the Chinese names of Unicode CLDR, as far as people put them between the characters of an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.identifiers import instructions

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Signs by their names, as one writes them.
SIGN_OF: Final = {
    "下划线": "_", "下横线": "_", "底线": "_", "下杠": "_", "底杠": "_", "地杠": "_", "底下一杠": "_", "下面一杠": "_", "底下一横": "_",
    "下面一横": "_", "底下划线": "_",
    "斜杠": "/", "斜线": "/", "艾特": "@", "爱特": "@", "圈a": "@", "花a": "@", "小老鼠": "@",
    "小短横线": "-", "小短横": "-", "小横线": "-", "小横杠": "-", "中间一横": "-", "中横线": "-", "横杠": "-", "横线": "-", "中划线": "-",
    "减号": "-", "短横线": "-", "短横": "-", "短杠": "-", "连字符": "-", "一横": "-", "一杠": "-", "杠": "-",
    "小数点": ".", "英文句点": ".", "句点": ".", "点儿": ".", "点": ".",
}  # fmt: skip
#: Pictures by what they show.
_PICTURES: Final = {
    "爱心": "❤♥💗💕💓💖💛💚💙💜🖤🧡🤍♡❥", "红心": "❤♥", "心": "❤♥💗💕💓💖💛💚💙💜🖤🧡🤍♡❥", "蛇": "🐍", "月亮": "🌙🌛🌜🌝☽☾", "太阳": "☀🌞",
    "梨子": "🍐", "梨": "🍐", "苹果": "🍎🍏", "西瓜": "🍉", "桃子": "🍑", "葡萄": "🍇", "柠檬": "🍋", "草莓": "🍓", "香蕉": "🍌", "橘子": "🍊",
    "小花": "🌸🌺🌹🌷🌼🌻💐🏵✿❀", "玫瑰": "🌹", "花": "🌸🌺🌹🌷🌼🌻💐🏵✿❀", "火焰": "🔥", "火": "🔥", "云朵": "☁", "云": "☁", "雪花": "❄", "闪电": "⚡",
    "小猫": "🐱🐈", "猫": "🐱🐈", "小狗": "🐶🐕", "狗": "🐶🐕", "兔子": "🐰🐇", "小猪": "🐷🐖", "猪": "🐷🐖", "小鱼": "🐟🐠", "鱼": "🐟🐠", "鸡": "🐔🐓", "小鸟": "🐦",
    "老虎": "🐯🐅", "龙": "🐲🐉", "马": "🐴🐎", "熊猫": "🐼", "猴子": "🐵🐒", "青蛙": "🐸", "蝴蝶": "🦋", "蜜蜂": "🐝", "鸡蛋": "🥚", "蛋": "🥚",
    "钻石": "💎💠", "皇冠": "👑", "箭头": "→➡👉⇒▶", "三角": "▲△▼▽", "方块": "■□▪◆◇", "叶子": "🍀🍃🌿🍁", "四叶草": "🍀", "树": "🌲🌳🌴", "气球": "🎈",
    "礼物": "🎁", "火箭": "🚀", "笑脸": "😀😁😂😃😄😊🙂", "金币": "💰🪙", "钱袋": "💰", "铃铛": "🔔", "音符": "🎵🎶♪", "手机": "📱", "飞机": "✈",
    "五角星": "★☆🌟⭐", "圆圈": "○⭕◯⚪o", "圈圈": "○⭕◯⚪o", "圈": "○⭕◯⚪o",
}  # fmt: skip
_SIGNS: Final = {
    **instructions.SIGN_NAMES,
    "星": "*★☆🌟⭐✨",
    "星号": "*★☆🌟⭐✨",
    "竖杠": "|丨",
    "竖线": "|丨",
    "引号": "\"“”'‘’„「」『』",
    "点点": ".·•…丶",
    "点": ".·•点丶",
    "米字": "※*",
    "米字号": "※*",
    "间隔点": "·•丶",
    "中间点": ".·•丶",
    "顿号": "、丶",
    "省略号": "…",
    "感叹号": "!",
    "叹号": "!",
    "问号": "?",
    "冒号": ":",
    "分号": ";",
    "波浪号": "~",
    "波浪线": "~",
    "百分号": "%",
}
#: Before what is asked rather than told.
ASKED: Final = ("是不是", "是不是要", "要不要", "是否", "是否要")
#: Of whatever a note may name the characters that it may mean.
CHARACTERS_OF: Final = (
    _PICTURES
    | _SIGNS
    | {name: _SIGNS.get(name, sign) for name, sign in SIGN_OF.items()}
)


def longest_first(names: Iterable[str]) -> str:
    """Names as alternatives of an expression, so that none hides a longer one."""
    return "|".join(sorted(names, key=lambda one: (-len(one), one)))


def is_part(character: str) -> bool:
    """Whether a character belongs to an id."""
    return character.isascii() and (character.isalnum() or character in {"_", "-"})
