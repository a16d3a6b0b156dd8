"""What each platform's records look like: ids, addresses, counters, and who is at home there.

One row per platform slug of CONTRACT §3. Ids are too long for the live sites, so no record points at a real post.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Venue:
    """One platform.

    Attributes:
        slug: Source name.
        kind: Kind of its records.
        id_kind: What ``author.id`` is.
        transport: How records arrive.
        precision: Of ``published_at``; ``none`` leaves it null.
        title_share: Share of posts with a title.
        shows_bio: Records carry the author's bio.
        has_media: Images may hold a contact (OCR, QR).
        metrics: Counters that the platform shows.
        url: Address pattern with ``{post}`` and ``{author}``.
        digits: Length of a native post id.
        is_long: Posts are long texts.
    """

    slug: str
    kind: str
    id_kind: str
    transport: str
    precision: str
    title_share: float
    shows_bio: bool
    has_media: bool
    metrics: tuple[str, ...]
    url: str
    digits: int
    is_long: bool = False


_SOCIAL = ("likes", "comments", "shares", "collects")
_ROWS = (
    ("douyin", "post", "native", "export", "second", 0.0, True, True, _SOCIAL, "https://www.douyin.com/video/{post}", 22),
    ("kuaishou", "post", "native", "export", "second", 0.0, True, True, ("views", "likes", "comments"), "https://www.kuaishou.com/short-video/{post}", 21),
    ("wechat_channels", "post", "native", "export", "second", 0.0, True, True, _SOCIAL, "https://channels.weixin.qq.com/demo/{post}", 22),
    ("xiaohongshu", "post", "native", "export", "second", 0.95, True, True, _SOCIAL, "https://www.xiaohongshu.com/explore/{post}", 24),
    ("weibo", "post", "native", "rss", "minute", 0.0, True, True, ("likes", "comments", "shares"), "https://weibo.com/{author}/{post}", 20),
    ("bilibili", "post", "native", "export", "second", 1.0, True, True, ("views", "likes", "comments", "collects"), "https://www.bilibili.com/video/{post}", 18),
    ("tieba", "post", "handle", "rss", "minute", 0.9, False, True, ("comments",), "https://tieba.baidu.com/p/{post}", 19),
    ("zhihu", "article", "handle", "export", "second", 1.0, True, False, ("likes", "comments", "collects"), "https://zhuanlan.zhihu.com/p/{post}", 19, True),
    ("telegram", "post", "handle", "web", "second", 0.0, False, True, ("views",), "https://t.me/s/{author}/{post}", 18),
    ("taobao", "listing", "native", "api", "none", 1.0, False, True, ("sales",), "https://item.taobao.com/item.htm?id={post}", 19),
    ("jd", "listing", "native", "api", "none", 1.0, False, True, ("comments",), "https://item.jd.com/{post}.html", 20),
    ("1688", "listing", "native", "export", "none", 1.0, False, True, ("sales",), "https://detail.1688.com/offer/{post}.html", 18),
    ("xianyu", "listing", "native", "export", "minute", 1.0, False, True, ("views", "likes"), "https://www.goofish.com/item?id={post}", 19),
    ("wechat_mp", "article", "native", "web", "second", 1.0, True, True, (), "https://mp.weixin.qq.com/s/demo{post}", 18, True),
    ("36kr", "article", "feed", "rss", "second", 1.0, False, False, (), "https://www.36kr.com/p/{post}", 18, True),
    ("heimao", "complaint", "anonymous", "api", "second", 1.0, False, False, ("likes", "comments", "shares"), "https://tousu.sina.com.cn/complaint/view/{post}/?sld=demo", 18),
    ("rss", "article", "feed", "rss", "second", 1.0, False, False, (), "https://{author}.feeds.example/p/{post}", 18),
    ("landing", "article", "domain", "web", "none", 1.0, False, False, (), "https://{post}/", 0, True),
)  # fmt: skip
VENUES = {row[0]: Venue(*row) for row in _ROWS}
ALL = tuple(VENUES)

#: The feed that all of 36氪's articles come from; it names no author ids, so the feed is the author.
KR36_FEED = "www.36kr.com/feed"
#: Where comments stand under posts.
COMMENTABLE = frozenset(("douyin", "kuaishou", "xiaohongshu", "weibo", "bilibili"))
#: Where hashtags belong into the text.
TAGGED = frozenset(("douyin", "kuaishou", "wechat_channels", "xiaohongshu", "weibo"))
#: Where a business shows its registration.
SHOPS = frozenset(("taobao", "jd", "1688"))

_CROWD = (
    "douyin",
    "kuaishou",
    "wechat_channels",
    "xiaohongshu",
    "weibo",
    "bilibili",
    "tieba",
)
#: Where each party is at home; a platform named twice is twice as likely.
HOMES: dict[str, tuple[str, ...]] = {
    "ring": (
        "douyin", "rss", "landing", "douyin", "kuaishou", "wechat_channels", "xiaohongshu", "xiaohongshu", "weibo", "taobao", "jd",
        "1688", "xianyu", "wechat_mp", "telegram", "tieba", "zhihu", "landing", "bilibili",
    ),
    "vendor": ("taobao", "jd", "1688", "landing", "rss", "wechat_mp", "douyin", "zhihu", "bilibili", "weibo"),
    "agency": ("douyin", "xiaohongshu", "landing", "rss", "wechat_mp", "taobao", "xianyu", "weibo"),
    "journalist": ("36kr", "wechat_mp", "rss", "weibo", "zhihu", "bilibili", "rss"),
    "police": ("weibo", "wechat_mp", "rss", "douyin"),
    "victim": ("heimao", "heimao", "heimao", "heimao", *_CROWD, "zhihu"),
    "noise": (*_CROWD, *_CROWD, "zhihu", "telegram", "xianyu", "wechat_mp", "rss", "rss", "heimao"),
}  # fmt: skip
HOMES["lone"] = HOMES["ring"]


def home(party: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """The platforms, of those wanted, where a party is at home; empty where it has none."""
    return tuple(slug for slug in HOMES[party] if slug in wanted)
