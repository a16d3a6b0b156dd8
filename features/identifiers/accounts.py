"""Accounts on a post's own platform, by their names behind an at-sign: 大号 @某某说副业, 找@某某小助手.

In: the text of ``finds.Finds`` and what was found there so far. Out: contacts of kind ``account`` added to it. Invariants: linear; a
stretch that something else took is left alone.

Whoever is named so may as well be called to look, thanked, quoted or complained to. A name is an account's where a word before it says
so or asks to be sought there, or where it stands apart. Names of services (…官方号, …小助手) are a brand's only with a brand in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import platforms

if TYPE_CHECKING:
    import re

    from features.identifiers.finds import Finds

#: Where a name with an at-sign may stand that is an account's.
CALLED: Final = expressions.compiled(
    r"@[一-鿿]|@[a-z0-9_][a-z0-9_一-鿿\-]|号[: ]{0,2}@|(?:名为|[账帐]号)[ :“\"「]{0,2}[a-z]"
)
#: A name with an at-sign and a character of Chinese in it.
_OWN_ACCOUNT = expressions.compiled(
    r"@(?=[a-z0-9_·]*[一-鿿])((?:(?!已(?:被|注销|封|经|停|失)|被(?:封|禁|永))[一-鿿a-z0-9_·]){2,20})"
)
#: What says before it that it is an account, or asks to be sought there.
_ACCOUNT_BEFORE = expressions.compiled(
    r"(?:号|(?<!部门)关注|认准|唯一|备用|账户|主页|团队|老板|本人|我|我们|这里|这边|同名|搜|搜索|联系|咨询|找|滴滴?|戳|艾特(?:一下)?|私信?|加|问|看|去|来|详情|对接|合作|报名|落地|负责人|昵称|名字?叫?|就?是|叫|请|到|名为|见|关于|添加|可|[在为聊]|兴趣的|想做的|要的|[👉→])[: “\"「]{0,2}\Z"
)
#: What precedes somebody who is thanked, answered or asked to look.
_THANKED = expressions.compiled(
    "转|感谢|谢谢|回复|抽|来自|出自|图源|作者|素材|抽奖|好友|曝光|投稿"
)
#: What follows a name that is spoken to, so near behind it.
_SPOKEN_TO = expressions.compiled("[你您我还退骗求]|要账|第[0-9]+天|什么|[吗呢]")
_ADDRESSING: Final = 12
#: Whom posts call upon who are nobody's account: everybody, authorities, media.
_CALLED_UPON = expressions.compiled(
    r"所有人|全体|好友|朋友|网友|楼主|群主|管理|投诉|平台|安全中心|小秘书|警|公安|法院|检察|消费者|消协|监管|税务|工商|日报|晚报|新闻|央视|新华|人民|电视|时报|共青|政府|同学们|老师们|热点|话题|\A(?:你|大家|自己|本人|我们|咱|所有|各位|每|全部|那些|这些|想|正在)"
)
#: How services call themselves, and on which platforms: what is left of a name without them is a brand.
_SERVICE = expressions.compiled("官方|小?助手|账号|旗舰店|客服|号|微信|服务")
_PLATFORM: Final = expressions.compiled(
    "|".join(sorted(platforms.PLATFORMS, key=lambda one: (-len(one), one)))
)
_LEAST_BRAND: Final = 2
#: What a service is asked to do.
_ASKED_TO = expressions.compiled(r"[ ,]{0,2}(?:请|出来|快来|能不能|回复|回应|解释|处理|管管|管一管|给个|给我|看看|说话)| ?[你您我还退]")  # fmt: skip
#: What says that an account of the post's own platform follows: a further one of its own, or one to be followed.
_FOLLOWED: Final = r"(?:(?:[大小主副新旧老]|备用|第二个|另一个)[账帐]?号|关注(?:我们?|一下|本人)?|主页[在是]?|艾特(?:一下)?)"
#: An account of letters and digits that is announced so: 我大号 @demo_88, 关注 @demo88.
_OTHER_ACCOUNT = expressions.compiled(
    rf"{_FOLLOWED}[: ]{{0,2}}@([a-z0-9_][a-z0-9_\-]{{3,23}})(?![a-z0-9@.])"
)
_FOLLOWED_BEFORE = expressions.compiled(rf"{_FOLLOWED}[: ]{{0,2}}\Z")
#: An account of letters and digits that a report names: 名为demo_5773的账号, 涉案账号demo1517.
_REPORTED = expressions.compiled(
    r"(?:名为[“\"「]?(?P<named>[a-z][a-z0-9_\-]{4,23})[”\"」]?的(?:[一-鿿]{0,4}(?:[账帐]号|用户|主播|博主|网友))|(?:(?:涉案|涉事|违规|涉嫌|被封|封禁|冒充|仿冒|山寨|带头)的?[账帐]|关注[大小主新]|主播)号[ :“\"「]{0,2}@?(?P<seized>(?=[a-z_\-]*[0-9])[a-z][a-z0-9_\-]{4,23}))(?![a-z0-9@.])"
)
#: What a text without such an account lacks.
_REPORTS: Final = (
    "账号",
    "帐号",
    "名为",
    "播号",
    "注大号",
    "注小号",
    "注主号",
    "注新号",
)
#: A messenger named beside a name with an at-sign.
TELEGRAM: Final = expressions.compiled(r"飞机|电报|telegram|(?<![a-z])tg(?![a-z])|纸飞")
#: Whose name it is that a post shares or thanks: an account of its own platform.
SHARED: Final = expressions.compiled(
    r"(?:转发|转自|转载|感谢|来自|出自|作者|图源|素材|via|by|cr|rt)[ :]{0,2}@\Z"
)
#: Names of fewer characters are those of friends that are called.
_LEAST_NAME: Final = 4
_OPENS: Final = frozenset(' ,。;!?\n|(“"「『【)~') | {""}
_ENDS: Final = frozenset(",。;!?\n|、:~…#(") | {""}


def add_accounts(finds: Finds) -> None:
    """Accounts on the post's own platform, by their names."""
    folded = finds.folded
    if any(one in folded for one in _REPORTS):
        for match in _REPORTED.finditer(folded):
            name = "named" if match["named"] else "seized"
            if finds.is_free(*match.span(name)):
                finds.add("account", match[name], match.span(name), 0.75)
    if "@" not in folded:
        return
    for match in _OTHER_ACCOUNT.finditer(folded):
        start, end = match.span(1)
        if finds.is_free(start, end) and not _is_beside_telegram(folded, start, end):
            finds.add("account", match[1], match.span(1), 0.6)
    for match in _OWN_ACCOUNT.finditer(folded):
        start, end = match.span()
        if not finds.is_free(start, end) or _CALLED_UPON.search(match[1]):
            continue
        is_led = _ACCOUNT_BEFORE.search(folded, max(start - 10, 0), start) is not None
        if _SERVICE.search(match[1]):
            is_account = is_led and _is_of_brand(folded, match)
        else:
            is_account = is_led or _is_apart(folded, start, end)
        if is_account:
            finds.add("account", match[1], match.span(1), 0.6)


def is_followed(folded: str, start: int, end: int) -> bool:
    """Whether a name with an at-sign, without it at a place, is announced as an account of the post's own platform."""
    before = _FOLLOWED_BEFORE.search(folded, max(start - 12, 0), start - 1)
    return before is not None and not _is_beside_telegram(folded, start, end)


def _is_beside_telegram(folded: str, start: int, end: int) -> bool:
    return (
        TELEGRAM.search(folded, max(start - 20, 0), start) is not None
        or TELEGRAM.search(folded, end, end + 12) is not None
    )


def _is_of_brand(folded: str, name: re.Match[str]) -> bool:
    """Whether the name of a service is that of a brand and not of a platform, and the service is not spoken to."""
    brand = _PLATFORM.sub("", _SERVICE.sub("", name[1]))
    return len(brand) >= _LEAST_BRAND and _ASKED_TO.match(folded, name.end()) is None


def _is_apart(folded: str, start: int, end: int) -> bool:
    """Whether a name with an at-sign stands apart, the only one of its line, and is neither shared nor spoken to (@某某科技 还钱)."""
    rest = folded[end : end + 2].strip(" ")[:1]
    if folded[start - 1 : start] not in _OPENS or (
        folded[end : end + 1] != " " and rest not in _ENDS
    ):
        return False
    low = folded.rfind("\n", 0, start) + 1
    high = folded.find("\n", end)
    line = folded[low : high if high >= 0 else len(folded)]
    return (
        end - start > _LEAST_NAME
        and line.count("@") == 1
        and SHARED.search(folded, max(start - 8, 0), start + 1) is None
        and _THANKED.search(folded, max(start - 8, 0), start) is None
        and _SPOKEN_TO.search(folded, end, end + _ADDRESSING) is None
    )
