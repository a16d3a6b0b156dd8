"""Accounts by their names behind a platform: 小红书「示例大姐聊生意」, 抖音号:示例老板说, B站同步更新:示例聊AI.

In: plain text and a lead-in to an account (``leadins``). Out: the span of the name. Invariants: pure; linear: looks at a bounded stretch
behind the lead-in.

What people call themselves has no form, so the clause has to: it is the platform, a word that announces a name (号, ID, 搜, 更新) or
quotation marks, and the name up to the end of the clause. What is said of a platform (视频号 直播间, 小红书“种草”) is no name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions

if TYPE_CHECKING:
    from features.identifiers import leadins

#: How a name on a platform is announced, and such a name by itself.
_ANNOUNCED = expressions.compiled(r"[号搜找名]|id|更新")
#: What may stand between a platform and a name: something has to.
_BETWEEN = expressions.compiled(
    r"(?:[ :“\"「『【《搜找叫名号]|搜索|同名|同步|更新|也有|id|账号|帐号|昵称)+"
)
_QUOTED_NAME = expressions.compiled(
    r"[“\"「『【《](?P<name>[一-鿿A-Za-z0-9_·]{3,14})[”\"」』】》](?=[ ,。;!?\n|~…#&】)]|\Z|[❗❕✅👉👈💪🌾🔥👍✨]|[一-鿿]{0,2}[,。])"
)
_NAME_ALONE = expressions.compiled(
    r"(?P<name>(?=[A-Za-z0-9_·]*[一-鿿])[一-鿿A-Za-z0-9_·]{3,12})(?=[,。;!?\n|~…]|\Z| *(?:[#|,。~]|\Z)|  )"
)
#: What is said of a platform and names nobody on it.
_NO_NAME = expressions.compiled(
    r"直播间|直播|私信|主页|点击|关注|置顶|评论|简介|联系|同名|教程|课程|避坑|攻略|技巧|方法|关键词|穿搭|推荐|测评|合集|案例|价格|带货|运营|平台|流量|视频|种草|笔记|话题|变现|引流|电商|营销|[账帐]号|推广|代理|招商|发布|点赞|粉丝|开播|万|元|限流|封号|审核|规则|团购|挂车|橱窗|小店|模式|矩阵|赛道|后台|资料|可见|下载|预约|通知|公告|就能|[了吗呢吧请]|\A[不会要能可都也就是的在有没被已我你他这那每如怎加看去来]|我\Z|的\Z"
)
#: Behind what a clause begins, or words that quote it.
_OPENS_CLAUSE: Final = frozenset(
    ' ,。;!?\n|(“"「『【)~、:为是→👉🔥✅💡📌📈🌟⭐▪·是写印着'
) | {""}
#: An id stuck to the platform of which it is: 抖音demo_zb6949.
_STUCK_ID = expressions.compiled(
    r"[A-Za-z][A-Za-z_]{3,15}[0-9]{3,8}(?![A-Za-z0-9@.\-年月版个万元])"
)
_STUCK_PLATFORMS: Final = frozenset({"douyin", "kuaishou", "xiaohongshu"})


def may_stand(folded: str, end: int, value: int) -> bool:
    """Whether ``span`` may find a name behind a platform, by what stands between them; one look, for texts that are read at a glance."""
    if value == end:
        return folded[end : end + 1].isascii()
    return _BETWEEN.fullmatch(folded, end, value) is not None


def span(plain: str, folded: str, lead: leadins.Lead) -> tuple[int, int] | None:
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
    if match is None or _NO_NAME.search(match["name"]):
        return None
    return match.span("name")
