"""Platforms whose accounts are named in posts of another, as people write them: 抖音, 小地瓜, B站.

In: a name as it is written. Out: the contract's source name of the platform. Invariants: pure; a table.
"""

from __future__ import annotations

from typing import Final

#: Platforms whose handles are named in posts of another; the slug is the contract's source name.
PLATFORMS: Final = {
    "抖音": "douyin",
    "抖": "douyin",
    "斗音": "douyin",
    "某音": "douyin",
    "d音": "douyin",
    "dy": "douyin",
    "douyin": "douyin",
    "快手": "kuaishou",
    "快": "kuaishou",
    "kuaishou": "kuaishou",
    "小红书": "xiaohongshu",
    "红薯": "xiaohongshu",
    "某红书": "xiaohongshu",
    "小红薯": "xiaohongshu",
    "xhs": "xiaohongshu",
    "小地瓜": "xiaohongshu",
    "音符软件": "douyin",
    "黑白音符": "douyin",
    "ks号": "kuaishou",
    "小音符": "douyin",
    "西瓜视频": "xigua",
    "🍠": "xiaohongshu",
    "小绿书": "wechat_mp",
    "订阅号": "wechat_mp",
    "服务号": "wechat_mp",
    "视频号": "wechat_channels",
    "公众号": "wechat_mp",
    "公号": "wechat_mp",
    "公众平台": "wechat_mp",
    "b站": "bilibili",
    "小破站": "bilibili",
    "哔哩哔哩": "bilibili",
    "bilibili": "bilibili",
    "微博": "weibo",
    "围脖": "weibo",
    "weibo": "weibo",
    "知乎": "zhihu",
    "闲鱼": "xianyu",
    "淘宝": "taobao",
    "贴吧": "tieba",
    "tiktok": "tiktok",
    "line": "line",
    "赖": "line",
    "instagram": "instagram",
    "ig": "instagram",
    "facebook": "facebook",
    "fb": "facebook",
    "youtube": "youtube",
    "油管": "youtube",
}


def platform_of(written: str) -> str:
    """The source that the name of a platform means."""
    for name, slug in PLATFORMS.items():
        if name in written:
            return slug
    return ""
