"""Shops of a platform, by their names: 店铺:青禾影像定制铺, 闲鱼铺子叫「示例数码旗舰店」, 淘宝店 示例软件专营店.

In: plain text. Out: names of shops and their spans. Invariants: pure; linear: each search starts at a word for a shop and looks at a
bounded stretch behind it.

A colon or quotation marks say that a name follows. A blank, a verb (搜, 叫, 是) or nothing say so only of what ends as the
names of shops do and holds no word of a sentence: 店铺 开了三家分店 names none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What names of shops end with, and such as nothing else ends with.
_ENDS: Final = (
    "店|铺子?|档口?|专营|专卖|坊|馆|厂|商行|经营部|工作室|杂货|小屋|商城|超市"
)
_SURE: Final = "旗舰店|专营店|专卖店|企业店|服务店|设备店|数码店|杂货[店铺]|小店|小铺|铺子|商行|经营部|工作室|工坊|杂货|商城"
_NUMBERED: Final = "(?:[0-9]{1,3}号)?"
#: On which platform a shop is, as people write it.
_PLATFORM: Final = "淘宝|桃宝|某宝|tb|TB|天猫|京东|jd|JD|某东|拼多多|pdd|PDD|闲鱼|咸鱼|旺旺|抖音|快手|小红书|1688|阿里|微信|视频号|橙色软件|橙色"
_CALLED: Final = rf"(?:(?:{_PLATFORM})(?:搜)?(?:店铺?|铺子|小店)名?|店铺名?|搜店铺?|店名(?![额单])|网店|旺铺|抖店|微店|店内搜|[的个]店(?!铺))"
_SHOP = expressions.compiled(
    rf"(?=[店搜网旺抖微的个淘桃某天京拼闲咸快小橙阿视1tTjJpP]){_CALLED}(?:"
    rf"(?:(?:是|为|叫|名|搜)?(?:[:：] ?| ?(?=[“\"「『【《]))|(?<=旺铺|抖店) ?|(?<=店名|铺名)(?P<verb>[搜找叫是为]? ?))[“\"「『【《]?(?P<named>[一-鿿A-Za-z0-9·]{{2,18}}?(?:{_ENDS}){_NUMBERED})(?![一-鿿A-Za-z0-9])"
    rf"|(?:搜索?|叫做?|是|为|名|就是|的是| ){{0,3}}(?P<sure>[一-鿿A-Za-z0-9·]{{2,14}}?(?:{_SURE}){_NUMBERED})(?=[^一-鿿A-Za-z0-9]|\Z|(?:目前|现在|现)?[已仍还又被](?:下架|关|被|经|在)))"
)
#: Words of a sentence that no name of a shop holds.
_SENTENCE = expressions.compiled(
    r"[了的在有我你他她们这那哪都也还去来到把给跟和开找做卖买吗呢吧没不请要想让就]|(?<!智)能|以及|可以|一个|各种|[几一分多]家"
)
#: What begins so is the platform's own: 天猫超市, 京东自营旗舰店. Whoever names it owns nothing by it.
_OF_PLATFORM: Final = (
    "淘宝", "天猫", "京东", "拼多多", "闲鱼", "抖音", "快手", "小红书", "阿里", "1688",
)  # fmt: skip
TRIGGER: Final = (
    r"(?:店铺名?|店名|网店|旺铺|抖店|微店|搜店铺?|店内搜|[淘桃某][宝东]店铺?|[宝东]铺子|tb店铺?|jd店|京东店|多多店|pdd店|[闲咸]鱼(?:店|铺子|小店)|旺旺店|猫店|[音信号]小店|软件搜?店|色搜?店)(?:[名搜是叫为:：“\"「『【《 就的]|(?=[^,。!?\n:；]{2,14}(?:店|铺|室|行|部|坊|货|城)))"
    r"|旺铺|抖店|[我的]店[叫是名]"
)


def shops(text: str) -> Iterator[tuple[str, int, int]]:
    """Names of shops with their spans, left to right."""
    if "店" not in text and "铺" not in text:
        return
    for match in _SHOP.finditer(text):
        group = "named" if match["named"] else "sure"
        name = match[group]
        if name.startswith(_OF_PLATFORM):
            continue
        may_be_sentence = group == "sure" or match["verb"] is not None
        if may_be_sentence and _SENTENCE.search(name):
            continue
        yield (name, *match.span(group))
