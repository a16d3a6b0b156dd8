"""Accounts by their names behind a platform: 小红书「示例大姐聊生意」, 抖音号:示例老板说, B站同步更新:示例聊AI.

In: plain text and a lead-in to an account (``leadins``). Out: the span of the name. Invariants: pure; linear: looks at a bounded stretch
behind the lead-in.

What people call themselves has no form, so the clause has to: it is the platform, a word that announces a name (号, ID, 搜, 更新) or
quotation marks, and the name up to the end of the clause. What is said of a platform (视频号 直播间, 小红书“种草”) is no name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import leadins

if TYPE_CHECKING:
    from features.identifiers.finds import Finds

#: How a name on a platform is announced, and such a name by itself.
_ANNOUNCED = expressions.compiled(r"[号搜找名叫]|id|更新")
#: What may stand between a platform and a name: something has to.
_BETWEEN = expressions.compiled(
    r"(?:[ :“\"「『【《搜找叫名号]|,(?=叫|搜|名)|搜索|同名|同步|更新|也有|id|账号|帐号|昵称)+"
)
_QUOTED_NAME = expressions.compiled(
    r"[“\"「『【《](?P<name>[一-鿿A-Za-z0-9_·]{3,14})[”\"」』】》](?=[ ,。;!?\n|~…#&】)]|\Z|[❗❕✅👉👈💪🌾🔥👍✨]|[一-鿿]{0,2}[,。])"
)
_NAME_ALONE = expressions.compiled(
    r"(?P<name>(?=[A-Za-z0-9_·]*[一-鿿])[一-鿿A-Za-z0-9_·]{3,12})(?=[,。;!?\n|~…]|\Z| *(?:[#|,。~]|\Z)|  )"
)
#: With what people's names for themselves begin. Behind it stands of what they talk (阿杰聊直播), and a blank may end it.
_PERSON = expressions.compiled(
    r"(?:[老阿][一-鿿]|小(?![程店视红米号白本说黄绿])[一-鿿]|[一-鿿]{1,2}(?:姐|哥|叔|姨|妈|爸|妹|婶|爷)|(?![一二两三四几各])[一-鿿](?:总|老师))(?=[一-鿿A-Za-z0-9·]{2})"
)
_PERSONAL = expressions.compiled(r"(?P<name>[一-鿿A-Za-z0-9_·]{4,12})(?=[ /])")
#: What no name of a person's account holds.
_SENTENCE = expressions.compiled(
    r"私信|主页|点击|关注|评论|简介|联系|同名|[账帐]号|粉丝|可见|万|元|[了吗呢吧请我你]|的\Z|直播间|公告|通知|发布"
)
#: What is said of a platform and names nobody on it.
_NO_NAME = expressions.compiled(
    r"直播间|直播|私信|主页|点击|关注|置顶|评论|简介|联系|同名|教程|课程|避坑|攻略|技巧|方法|关键词|穿搭|推荐|测评|合集|案例|价格|带货|运营|平台|流量|视频|种草|笔记(?!\Z)|\A.{0,3}笔记|话题|变现|引流|电商|营销|[账帐]号|推广|代理|招商|发布|点赞|粉丝|开播|万|元|限流|封号|审核|规则|团购|挂车|橱窗|小店|模式|矩阵|赛道|后台|资料|可见|下载|预约|通知|公告|就能|[了吗呢吧请]|\A[不会要能可都也就是的在有没被已我你他这那每如怎加看去来]|我\Z|的\Z"
)
#: Behind what a clause begins, or words that quote it.
_OPENS_CLAUSE: Final = frozenset(
    ' ,。;!?\n|(“"「『【)~、:为是→👉🔥✅💡📌📈🌟⭐▪·是写印着在'
) | {""}
#: An id stuck to the platform of which it is: 抖音demo_zb6949.
_STUCK_ID = expressions.compiled(
    r"[A-Za-z][A-Za-z_]{3,15}[0-9]{3,8}(?![A-Za-z0-9@.\-年月版个万元])"
)
_STUCK_PLATFORMS: Final = frozenset({"douyin", "kuaishou", "xiaohongshu"})
_ACCOUNT_NAME = expressions.compiled(r"[一-鿿A-Za-z0-9_\-.·]{2,24}")
#: A Latin id that the next word is stuck to: 订阅号:yfx168订阅号….
_LATIN_NAME = expressions.compiled(
    r"(?=[a-z_\-]*[0-9])[A-Za-z0-9_\-]{5,}(?=[一-鿿])", re.IGNORECASE
)
_ACCOUNT_ID = expressions.compiled(r"[A-Za-z0-9][A-Za-z0-9_.\-]{3,29}")
_NAMING = expressions.compiled(r"[:=【「“\"《\[@搜]")
#: Where a name in quotation marks is somebody's on any platform: 抖音搜“…”, 快手叫“…”.
_CALLED = expressions.compiled(
    r" ?(?:[搜找叫名号是为:]|同名|搜索|账号|昵称|ID|id| )*+[“\"「『【《]?@?"
)
QUOTING: Final = frozenset('“"「『【《@')
_CALLS: Final = frozenset("搜找叫名号:@")
_WECHAT_ID = expressions.compiled(r"[A-Za-z][A-Za-z0-9_\-]{5,19}")
#: Platforms where accounts have names of any characters.
NAMED_PLATFORMS: Final = frozenset({"wechat_mp", "wechat_channels"})
#: Words before 公众号 and a blank after which its name stands, and what ends the name there.
_SEEKS = expressions.compiled(r"(?:认准|关注|搜|搜索|去|来|看|找|我的?|移步|请到)\Z")
_NAME_ENDS = expressions.compiled(r"[ ,。!?);、\n]|\Z")
#: What is read there, not how it is called: 公众号文章节选:….
_NOT_NAMING = expressions.compiled(
    "文章|节选|内容|推文|推送|写道|显示|截图|原文|消息|回复|发布|[通公]告|声明|公布|设置"
)
_ANSWERS = expressions.compiled(r" ?(?:后台|回复|私信|菜单|留言)")
#: Digits with a unit or a year behind them are nobody's handle: 抖音:2024年.
_NOT_HANDLE = expressions.compiled(r"[0-9]{1,4}\Z")


def may_stand(folded: str, end: int, value: int) -> bool:
    """Whether ``span_of`` may find a name behind a platform, by what stands between them; one look, for texts that are read at a glance."""
    if value == end:
        return folded[end : end + 1].isascii()
    return _BETWEEN.fullmatch(folded, end, value) is not None


def is_guess(plain: str, lead: leadins.Lead, name: tuple[int, int]) -> bool:
    """Whether nothing but 搜 and a blank says that a name is an account's: people are told to search for much else (B站搜 示例说刑法)."""
    between = plain[lead.end : name[0]]
    return between.strip(" 索") == "搜"


def span_of(plain: str, folded: str, lead: leadins.Lead) -> tuple[int, int] | None:
    """Where the name of an account stands behind the platform that a lead-in names.

    Args:
        plain: The text.
        folded: Its lower-case twin.
        lead: A lead-in of kind ``account``.

    Returns:
        The span of the name; None where no name follows.
    """
    if lead.platform in _STUCK_PLATFORMS and lead.value == lead.end:
        stuck = _STUCK_ID.match(plain, lead.value)
        if stuck and folded[lead.start - 1 : lead.start] != "#":
            return stuck.span()
    if (
        folded[lead.start - 1 : lead.start] not in _OPENS_CLAUSE
        or _BETWEEN.fullmatch(folded, lead.end, lead.value) is None
    ):
        return None
    quoted = (
        _QUOTED_NAME.match(plain, lead.value - 1) if lead.value > lead.end else None
    )
    match = quoted
    if match is None and _ANNOUNCED.search(folded, lead.start, lead.value):
        match = _NAME_ALONE.match(plain, lead.value)
        if match is None and _PERSON.match(plain, lead.value):
            match = _PERSONAL.match(plain, lead.value)
    if match is None:
        return None
    is_person = _PERSON.match(match["name"]) is not None
    if (_SENTENCE if is_person else _NO_NAME).search(match["name"]):
        return None
    return match.span("name")


#: An id that may stand behind LINE and the like with no more than a blank.
_MIXED_ID = expressions.compiled(r"(?=[a-z_.]*[0-9_])[a-z][a-z0-9_.\-]{5,19}")
ABROAD: Final = frozenset({"line", "instagram", "facebook"})


def _is_abroad(finds: Finds, lead: leadins.Lead) -> bool:
    """Whether an id follows the name of a messenger that nobody here writes of otherwise."""
    return (
        lead.platform in ABROAD
        and _MIXED_ID.match(finds.folded, lead.value) is not None
    )


def add_account(finds: Finds, lead: leadins.Lead) -> None:
    """A handle on another platform: an id, or for 公众号 and 视频号 a name."""
    between = finds.text.text[lead.end : lead.value]
    named = span_of(finds.text.text, finds.folded, lead)
    if named and finds.is_free(*named):
        value = f"{lead.platform}:{finds.folded[named[0] : named[1]]}"
        if is_guess(finds.text.text, lead, named):
            # Somebody who is only spoken of must not be joined to whoever speaks of him.
            finds.add("account", value, named, 0.6, whose="mentioned")
        else:
            finds.add("account", value, named, 0.85, lead=lead.start)
        return
    is_named = lead.platform in NAMED_PLATFORMS
    is_called = (
        not is_named
        and (between[-1:] in QUOTING or between.endswith("同名:"))
        and _CALLED.fullmatch(between) is not None
        and not _CALLS.isdisjoint(
            finds.folded[lead.value - len(between) - 1 : lead.value]
        )
    )
    is_called = is_called or between.startswith("同名 ")
    is_sought = (
        is_named
        and between == " "
        and (
            _SEEKS.search(finds.folded, max(lead.start - 4, 0), lead.start) is not None
            or _is_answered(finds, lead.value)
        )
    )
    if is_named and _NOT_NAMING.search(between):
        return
    if (
        not (
            lead.is_explicit
            or is_called
            or is_sought
            or "同" in finds.text.text[lead.start : lead.value]
            or _is_abroad(finds, lead)
        )
        or "\n" in between
        or (is_named and not (is_sought or is_called) and not _NAMING.search(between))
    ):
        return
    pattern = _ACCOUNT_NAME if is_named or is_called else _ACCOUNT_ID
    match = pattern.match(finds.text.text, lead.value)
    if not match or not finds.is_free(*match.span()):
        return
    if is_sought and not _NAME_ENDS.match(finds.text.text, match.end()):
        return
    latin = _LATIN_NAME.match(match[0])
    value = (latin[0] if latin else match[0]).rstrip(".-·")
    if not value or _NOT_HANDLE.match(value):
        return
    span = (match.start(), match.start() + len(value))
    finds.add(
        "account", f"{lead.platform}:{value.lower()}", span, 0.85, lead=lead.start
    )
    kinds = {*lead.kinds, *leadins.same_as(finds.folded, span[1])}
    if "wechat" in kinds and _WECHAT_ID.fullmatch(value):
        finds.add("wechat", value.lower(), span, 0.85, lead=lead.start)


def _is_answered(finds: Finds, start: int) -> bool:
    """Whether a name is followed by what to do there: 公众号 某某手记 后台回复“资料”."""
    name = _ACCOUNT_NAME.match(finds.text.text, start)
    return name is not None and _ANSWERS.match(finds.folded, name.end()) is not None
