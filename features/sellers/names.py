"""Names of sellers, brands and companies, reduced to what two spellings of one name have in common.

In: strings as sources show them. Out: the same without decoration, and brand-like cores for comparing.
"""

from __future__ import annotations

import polars as pl

from features.writing import places

#: What a registered company name ends in; behind the brand and the trade, in any order.
_LEGAL_TAIL = (
    r"(?:(?:网络|信息|数字|智能|人工智能|文化|软件|电子|科技|技术|传媒|商务|商贸|贸易|实业|咨询|服务|数据|互联网|新媒体|"
    r"管理|发展|集团|控股|股份|投资|企业|广告|教育|创意|国际|有限责任|有限|分公司|总公司|公司|工作室|中心|商行|经营部)+)$"
)
#: What accounts add to a brand to tell themselves apart.
_ACCOUNT_TAIL = r"(?:官方|旗舰店|专营店|专卖店|小店|企业店|店铺|账号|大号|小号|客服|老师|招商|加盟|代理|运营|总部|直营|ai|号|\d+[a-z]?)+$"
#: Shorter cores are everyday words.
MIN_CORE_CHARS = 3
#: What accounts of the trade are called all over the country, whoever runs them.
_TRADE_WORDS = (
    r"数字人|虚拟人|智能体|人工智能|无人直播|直播|数智|数字|智能|创业|项目|分享|副业|赚钱|变现|带货|短视频|视频|ai|口播|克隆|分身|主播|"
    r"源头|厂家|招募|城市|合伙人|全国|区域|市代|省代|总代|运营|课堂|日记|笔记|干货|科普|老师|导师|先生|小姐|哥|姐|总|经理|顾问|"
    r"总部|形象|说话|店员|老板|员工|招商|加盟|代理|本地生活|实体|商家|获客|引流|流量|风口|数据|系统|平台|源码|贴牌|矩阵|服务|工具|助手|用户|手机|\d+"
)
#: Fewer distinctive characters are a syllable that half the trade uses (云, 智, 星).
MIN_BRAND_CHARS = 2


def clean(name: pl.Expr) -> pl.Expr:
    """A name for people: NFKC, without emoji, brackets' content and decoration; null when nothing is left."""
    plain = (
        name.str.normalize("NFKC")
        .str.replace_all(r"[(\[【「『<《][^)\]】」』>》]*[)\]】」』>》]", "")
        .str.replace_all(r"[^\p{L}\p{N}·.&\- ]", " ")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars(" .-&·")
    )
    return pl.when(plain.str.len_chars() > 0).then(plain)


def exact(name: pl.Expr) -> pl.Expr:
    """A name for comparing in full: NFKC, lower case, letters and digits only; null when nothing is left."""
    plain = (
        name.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}]", "")
    )
    return pl.when(plain.str.len_chars() > 0).then(plain)


def core(name: pl.Expr) -> pl.Expr:
    """The brand in a company's or account's name; null where less than ``MIN_CORE_CHARS`` characters are left.

    Brackets' content (a place), the legal and trade words at the end and the tails of accounts go.
    """
    plain = exact(clean(name))
    shorter = plain.str.replace(_LEGAL_TAIL, "").str.replace(_ACCOUNT_TAIL, "")
    return pl.when(shorter.str.len_chars() >= MIN_CORE_CHARS).then(shorter)


def brand(name: pl.Expr) -> pl.Expr:
    """What sets a name apart: its core without places and the trade's own words; null where nearly nothing is left.

    Weak on purpose: two houses may well have hit on one word, so equal brands only ever support other evidence.
    """
    reduced = _reduced(core(name))
    return pl.when(reduced.str.len_chars() >= MIN_BRAND_CHARS).then(reduced)


def is_distinctive(column: str) -> pl.Expr:
    """Whether something of a name is left without places and the trade's own words."""
    return _reduced(pl.col(column)).str.len_chars() >= MIN_BRAND_CHARS


def _reduced(name: pl.Expr) -> pl.Expr:
    return name.str.replace_all("|".join(places.PLACES), "").str.replace_all(
        _TRADE_WORDS, ""
    )
