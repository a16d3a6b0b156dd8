"""Values that belong to everybody: public hotlines, couriers, platforms' own sites, link shorteners, placeholders.

In: kinds and canonical values (``canonical``). Out: whether a value is on the shipped warninglist. A listed
value joins nobody, however many or few show it. Lists are only the first net: ``relatedness`` finds the hubs that
nobody has listed yet, and an operator's allowlist adds to them.

Sources: short codes follow the public numbering plan (10xxx telecommunications, 11xxx and 12xxx government and postal
services, 95xxx and 96xxx nationwide businesses: banks, insurers, couriers, platforms); the long service numbers are those
that the named operators print on parcels and help pages; domains are the sources of CONTRACT section 3 and the services
that their posts link to. Written from general knowledge, to be extended as false links show up.
"""

from __future__ import annotations

import polars as pl

#: Short codes are public by the numbering plan: 110, 10086, 12315, 95338, 96110, 950616, 9510211, …
SHORT_CODE = r"^(?:1\d{2}|1[0-2]\d{3,6}|9[56]\d{3,6})$"
#: A number without subscriber part is nobody's; local numbers without an area code have seven digits or more.
MIN_PHONE_DIGITS = 7
#: 顺丰, 京东, 中通, 韵达, 申通, 天天; 腾讯 and 淘宝 service desks.
SERVICE_LINES = (
    "4008111111", "4006065500", "4008270270", "4008216789", "4008895543", "4001888888", "075583765566", "057188158198",
)  # fmt: skip
#: What forms print in an empty field.
PLACEHOLDER_PHONES = (
    "13800138000", "13888888888", "12345678901", "4001234567", "4008888888", "4006666666", "4000000000", "4008000000",
)  # fmt: skip
#: Their own sites, apps and storage; a link there names a page, not its author.
PLATFORMS = (
    "douyin.com", "iesdouyin.com", "jinritemai.com", "toutiao.com", "oceanengine.com", "bytedance.com", "feishu.cn",
    "kuaishou.com", "gifshow.com", "kwai.com", "weixin.qq.com", "qq.com", "weixinbridge.com", "wechat.com",
    "tencent.com", "taobao.com", "tmall.com", "tb.cn", "alibaba.com", "aliyun.com", "1688.com", "goofish.com",
    "xianyu.com", "alipay.com", "alicdn.com", "dingtalk.com", "jd.com", "jd.hk", "3.cn", "360buyimg.com", "36kr.com",
    "weibo.com", "weibo.cn", "sina.com.cn", "sina.cn", "sinaimg.cn", "xiaohongshu.com", "xhslink.com", "bilibili.com",
    "b23.tv", "hdslb.com", "tieba.baidu.com", "baidu.com", "bdstatic.com", "bcebos.com", "zhihu.com", "zhimg.com",
    "pinduoduo.com", "yangkeduo.com", "meituan.com", "dianping.com", "amap.com", "163.com", "126.com", "sohu.com",
    "ifeng.com", "thepaper.cn", "huawei.com", "huaweicloud.com", "mastodon.social", "bsky.app", "t.me",
    "telegram.org", "tiktok.com", "facebook.com", "fb.com", "instagram.com", "youtube.com", "youtu.be", "google.com",
    "googleapis.com", "apple.com", "microsoft.com", "bing.com", "x.com", "twitter.com", "whatsapp.com", "wa.me",
    "github.com", "gitee.com", "csdn.net", "jianshu.com", "notion.so", "qcc.com", "tianyancha.com", "wenjuan.com",
    "wjx.cn", "jinshuju.net", "cnzz.com", "umeng.com", "gstatic.com", "bootcdn.net", "jsdelivr.net", "w3.org",
    "schema.org", "eqxiu.com", "maka.im", "rabbitpre.com",
)  # fmt: skip
SHORTENERS = (
    "t.cn", "url.cn", "dwz.cn", "dwz.mk", "suo.im", "suo.nz", "u.nu", "is.gd", "bit.ly", "tinyurl.com", "t.co",
    "goo.gl", "ow.ly", "rebrand.ly", "cutt.ly", "reurl.cc", "sourl.cn", "3w.cn", "m.tb.cn", "v.douyin.com",
    "linktr.ee",
)  # fmt: skip
#: Sites that rent names to anybody. Their tenants are separate (``holders`` links them by full host), they are nobody.
BUILDERS = (
    "wezhan.cn", "icoc.vc", "icoc.me", "icoc.in", "youzan.com", "weidian.com", "mikecrm.com", "fkw.com", "71360.com",
    "yswebportal.cc", "wixsite.com", "weebly.com", "wordpress.com", "blogspot.com", "vercel.app", "netlify.app",
)  # fmt: skip
#: Mail that anybody can have; a mailbox there is a person, at any other platform's name it is a desk.
MAIL_PROVIDERS = (
    "qq.com", "vip.qq.com", "163.com", "126.com", "sina.com", "sina.cn", "sohu.com", "aliyun.com", "foxmail.com",
    "gmail.com", "outlook.com", "hotmail.com", "139.com", "189.cn", "yeah.net",
)  # fmt: skip
#: Government, schools and the military: no seller owns a name under these.
PUBLIC_SUFFIXES = ("gov.cn", "edu.cn", "ac.cn", "mil.cn", "12315.cn", "12377.cn")
#: What forms and tutorials put where an id belongs.
PLACEHOLDERS = (
    "weixin", "wechat", "weixinhao", "vx", "wx", "wxid", "kefu", "admin", "test", "abc123", "123456", "1234567",
    "12345678", "123456789", "10000", "10001", "abcdef", "username", "your_id", "xxxxxx",
)  # fmt: skip
PLATFORM_COMPANIES = (
    "深圳市腾讯计算机系统有限公司", "腾讯科技(深圳)有限公司", "北京抖音信息服务有限公司", "北京字节跳动科技有限公司",
    "北京微播视界科技有限公司", "北京快手科技有限公司", "浙江淘宝网络有限公司", "浙江天猫网络有限公司",
    "阿里巴巴(中国)有限公司", "阿里云计算有限公司", "北京京东世纪贸易有限公司", "北京百度网讯科技有限公司",
    "北京微梦创科网络技术有限公司", "行吟信息科技(上海)有限公司", "上海宽娱数码科技有限公司", "华为技术有限公司",
    "抖音", "快手", "微信", "视频号", "腾讯", "淘宝", "天猫", "京东", "阿里巴巴", "百度", "微博", "小红书", "bilibili",
)  # fmt: skip

_PHONES = (*SERVICE_LINES, *PLACEHOLDER_PHONES)
_BUILDER_HOSTS = (*BUILDERS, *(f"m.{name}" for name in BUILDERS))
_SITES = tuple(sorted({*PLATFORMS, *SHORTENERS, *PUBLIC_SUFFIXES}))


def is_public_phone(phone: pl.Expr) -> pl.Expr:
    """Whether a phone may be a service line of many: all but mobiles and landlines with an area code."""
    return ~phone.str.contains(r"^(?:1[3-9]\d{9}|0\d{9,11})$")


def _is_public_site(domain: pl.Expr) -> pl.Expr:
    """The site itself or a name under it."""
    # Each dotted tail of the name is looked up: linear in names, whatever the length of the list.
    labels = domain.str.split(".")
    tails = [labels.list.tail(length).list.join(".") for length in (2, 3)]
    return pl.any_horizontal(
        domain.is_in(_SITES), *(tail.is_in(_SITES) for tail in tails)
    )


def _only(kind: pl.Expr, value: pl.Expr, wanted: str) -> pl.Expr:
    return pl.when(kind == wanted).then(value)


def is_listed(kind: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Whether a value is on the shipped warninglist.

    Args:
        kind: Indicator kinds.
        value: Canonical values.

    Returns:
        Booleans, never null. A page (``url``) under a platform's domain is not listed: it may be one seller's form.
    """
    # Each test sees the values of its own kind only, the others as nulls, which cost nothing.
    mailbox = _only(kind, value, "email").str.extract(r"@(.+)$", 1)
    desk = _is_public_site(mailbox) & ~mailbox.is_in(MAIL_PROVIDERS)
    number = _only(kind, value, "phone")
    phone = (
        number.str.contains(SHORT_CODE)
        | (number.str.len_chars() < MIN_PHONE_DIGITS)
        | number.is_in(_PHONES)
    )
    site = _only(kind, value, "domain")
    return (
        pl.when(kind == "phone")
        .then(phone)
        .when(kind == "domain")
        .then(_is_public_site(site) | site.is_in(_BUILDER_HOSTS))
        .when(kind == "email")
        .then(desk)
        .when(kind.is_in(["wechat", "qq", "qq_group", "telegram"]))
        .then(value.is_in(PLACEHOLDERS))
        .when(kind == "company")
        .then(value.is_in(PLATFORM_COMPANIES))
        .otherwise(pl.lit(value=False))
        .fill_null(value=False)
    )
