"""What a register gave: companies, 统一社会信用代码, ICP and police filings, shops of a platform, ids of visitor counters.

In: plain text. Out: ``Registration``: kind (``company``, ``uscc``, ``icp``, ``police_filing``, ``shop``, ``analytics_id``), canonical
value, span. Invariants: pure; linear: each search starts at its fixed word and looks at a bounded stretch beside it.

Sources: GB 32100-2015 for the check character; the usual print of ICP and 公网安备 numbers. An ICP value keeps the suffix of
the site (``-1``); linking drops it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from features.engine import expressions, openings
from features.identifiers import shops
from features.writing import places

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROVINCES: Final = (
    "京津沪渝冀豫云滇辽黑湘皖鲁新苏浙赣鄂桂甘陇晋蒙陕秦吉闽贵黔粤川蜀青藏琼宁港澳"
)
ICP = expressions.compiled(
    rf"([{_PROVINCES}]) ?ICP ?([备证]) ?(?:字 ?)?(?:第 ?)?(\d{{6,10}}) ?号?(-\d{{1,3}}(?!\d))?",
    re.IGNORECASE,
)
POLICE = expressions.compiled(
    rf"([{_PROVINCES}]) ?公网安备 ?(?:第 ?)?(\d{{12,16}}) ?号?"
)
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = expressions.compiled(
    rf"[159ANY][{_ALPHABET}][0-9]{{6}}[{_ALPHABET}]{{10}}", re.IGNORECASE
)
#: What such a code is called.
_CODE_NAMES = expressions.compiled(
    "信用代码|代码(?=[:为是 ]{0,2}[159])|税号|识别号|执照号|执照上|执照编号"
)
_USCC_SPACED = expressions.compiled(
    rf"[159ANY](?:[ \-]?[{_ALPHABET}]){{17}}", re.IGNORECASE
)

SUFFIX = expressions.compiled(
    r"(?:股份)?有限 ?(?:责任 ?)?公 ?司(?:[一-鿿]{2,6}分公司)?|有限合伙|股份公司|(?:商务|信息)?服务(?:部|中心)\(个体工商户\)|\(个体工商户\)"
)
#: Names without a legal form: a place in front and a trade behind, where the next word says that a company speaks
#: (杭州云上智播科技诚招), or a business of one person (徐州云梭数据服务部).
_SHORT = expressions.compiled(
    openings.guarded(
        r"(?:科技|传媒|技术)(?=诚招|招募|招商|招收)|(?:服务|经营|商贸|推广)部(?![一-鿿])|工作室(?=\(个体)"
    )
)
_HAN_BEFORE = expressions.compiled(r"[一-鿿]{2,10}\Z")
_COUNTER = expressions.compiled(
    r"(?<![A-Za-z0-9])(?:UA-[0-9]{4,10}-[0-9]{1,4}|GTM-[A-Z0-9]{6,8})(?![A-Za-z0-9])"
)
#: What else than a legal form tells of a registration, in lower case.
OTHERS: Final = expressions.compiled(
    rf"信用代码|代码[:为是 ]{{0,2}}[159]|税号|识别号|执照号|{shops.TRIGGER}|(?:科技|传媒|技术)(?:诚招|招募|招商|招收)|(?:服务|经营|商贸|推广)部|工作室\(|ua-|gtm-"
)
_NAME_TAIL = expressions.compiled(r"[一-鿿A-Za-z0-9()&·]{2,36}$")
# Words before a company name. Strong ones never stand inside one; weak ones do (华为, 和君), so they cut only where a
# whole name is left.
_STRONG = expressions.compiled(
    openings.guarded(
        r"谁有|谁知道|(?<![一-鿿])求|写着|落款|署名|辖区内?|本市|我市|本县|我县|我区|当地|搜一?下?|查一?下|[查搜]上(?!海|饶)|涉[事案](?:企业(?!管理)|公司|单位|主体)?|公司名称?(?!单|录)|公司|(?:局|院|会|警方|机关|部门|人员|大队|中心)(?:已|依法|日前|正|曾)*对|执行人|约谈|要求|责令|判[决令]|走访|查处|处罚|通报|点名|入职|应聘|诉|开票方|收款单位|经营者|举办方|[0-9]日(?:与|和|同|向|在|由)?|对比过|对比|比过|我们是|我们|我司|(?<=我 )司|本公司|我公司|企业名称?(?!单|录)|户名|公司主体|主体|全称|名称|简称|(?:隶|归)?属于|(?:记者|经|网上|系统|平台)查询(?:到|得)?|经核实|来自|加盟|代理|签约|选择|认准|欢迎|假冒|冒充|冒用|投诉|举报|起诉"
        r"|收款方|收款人|收款|付款|转账|汇款|打款|联系(?:到|上(?!海|饶))?|关于|出品|版权所有|以及|被告|原告|甲方|乙方|当事人|(?:[丙丁供需买卖资]|技术|协办|合作|提供|供应|供货|收款|付款|开票|出品|发起|委托|受托|转让|受让|出租|承租|投资|建设|施工|发包|承包|承接|采购|销售|签约|授权|组织|实施|监管|举证|发布|发行|经营|服务|使用)方|(?:供应|承包|代理|运营|服务|开发|经销|制造|集成)商|其中|就是|叫做|一家|这家|那家|名为|注册|旗下|背后|品牌方|厂家|厂商|总部"
        r"|曝光|避雷|拉黑|起底|骗子|所谓|号称|自称|授权|委托|运营方|主办方|主办|承办|由|是|被|找|告|叫|的|了|把|给|从|向|跟|称|到|让|请|因|但|就|去"
    )
)
_WEAK = expressions.compiled(r"[和与及在为对以该]|同(?![舟创心济仁德辉兴盛行程花城])")
#: 某某科技有限公司, 我们共同的有限合伙.
_NOBODY = expressions.compiled("某|的$")
_CORE_MIN: Final = 4
#: Characters between brackets up to which they hold a place (杭州), and what longer ones hold; others are a remark of the post.
_LONGEST_PLACE: Final = 5
_OF_NAMES = expressions.compiled("中国|集团|国际|控股|自贸|开发区|省|市|区")
#: Least characters of a place, a brand and a trade.
_SHORTEST: Final = 6
_NOISE_START: Final = frozenset("()&·")


@dataclass(frozen=True, slots=True)
class Registration:
    """One registered identity: kind, canonical value, span in the plain text."""

    kind: str
    value: str
    start: int
    end: int


def registrations(text: str) -> Iterator[Registration]:
    """All registered identities of a text."""
    if "备" in text or "证" in text:
        for match in ICP.finditer(text):
            value = f"{match[1]}ICP{match[2]}{match[3]}号{match[4] or ''}"
            yield Registration("icp", value, match.start(), match.end())
        for match in POLICE.finditer(text):
            value = f"{match[1]}公网安备{match[2]}号"
            yield Registration("police_filing", value, match.start(), match.end())
    yield from _codes(text)
    if "公司" in text or "公 司" in text or "个体" in text or "合伙" in text:
        yield from _companies(text)
    yield from _others(text)


def _others(text: str) -> Iterator[Registration]:
    """Companies without a legal form, shops, ids of visitor counters."""
    for match in _SHORT.finditer(text) if _may_be_short(text) else ():
        head = _HAN_BEFORE.search(text, max(match.start() - 10, 0), match.start())
        start = _first_place(text, head.start(), match.end()) if head else None
        if start is not None and match.end() - start >= _SHORTEST:
            yield Registration("company", text[start : match.end()], start, match.end())
    for name, start, end in shops.shops(text):
        yield Registration("shop", name, start, end)
    if "UA-" in text or "GTM-" in text:
        for match in _COUNTER.finditer(text):
            yield Registration("analytics_id", match[0], *match.span())


def _may_be_short(text: str) -> bool:
    return any(one in text for one in ("务部", "营部", "贸部", "广部", "作室(")) or (
        "招" in text and any(one in text for one in ("科技", "传媒", "技术"))
    )


def _codes(text: str) -> Iterator[Registration]:
    is_named = _CODE_NAMES.search(text) is not None
    pattern = _USCC_SPACED if is_named else _USCC
    for match in pattern.finditer(text):
        start, end = match.span()
        if _is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]):
            continue
        code = match[0].upper().replace(" ", "").replace("-", "")
        # A code that the post calls one is one, also where a character was copied wrongly.
        is_called = is_named and _CODE_NAMES.search(text, max(start - 12, 0), start)
        if code[2:8].isdigit() and (is_called or is_code(code)):
            yield Registration("uscc", code, start, end)


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def is_code(code: str) -> bool:
    """Whether 18 characters are a 统一社会信用代码: check character of GB 32100-2015, plausible first one, not constant."""
    if len(code) != 18 or code[0] not in "159ANY" or len(set(code)) < 3:
        return False
    if any(one not in _ALPHABET for one in code):
        return False
    total = sum(
        _ALPHABET.index(one) * pow(3, index, 31) for index, one in enumerate(code[:17])
    )
    return _ALPHABET[(31 - total % 31) % 31] == code[17]


def _companies(text: str) -> Iterator[Registration]:
    taken = 0
    for match in SUFFIX.finditer(text):
        head = _NAME_TAIL.search(text, max(taken, match.start() - 36), match.start())
        if not head:
            continue
        start = _name_start(text, head.start(), match.start())
        opening = text.rfind("(", start, match.start())
        if opening > text.rfind(")", start, match.start()):
            # 示例街区(上海示例科技有限公司): the bracket closes behind the name.
            start = opening + 1
        # 某某科技有限公司 names nobody.
        if match.start() - start < 2 or _NOBODY.search(text, start, match.start()):
            continue
        end = match.end()
        taken = end
        name = text[start:end].replace(" ", "")
        # 示例·青禾·科技有限公司: no register knows a name with more than one.
        name = name.replace("·", "") if name.count("·") > 1 else name
        yield Registration("company", name, start, end)


def _name_start(text: str, start: int, suffix: int) -> int:
    """Where a company's name begins in a stretch without punctuation that ends in its legal form."""
    for match in _STRONG.finditer(text, start, suffix):
        if suffix - match.end() >= 2 and not _is_bracketed(text, match.start(), suffix):
            start = match.end()
    place = _first_place(text, start, suffix)
    if place is not None:
        return place
    for match in _WEAK.finditer(text, start, suffix):
        if suffix - match.end() >= _CORE_MIN + 2 and match.start() - start <= 6:
            start = match.end()
    while start < suffix and text[start] in _NOISE_START:
        start += 1
    opening, closing = text.find("(", start, suffix), text.find(")", start, suffix)
    is_remark = closing - opening > _LONGEST_PLACE and suffix - closing > _CORE_MIN
    if closing >= 0 and (opening < 0 or (is_remark and not _OF_NAMES.search(text, opening, closing))):  # fmt: skip
        start = closing + 1
    return start


def _is_bracketed(text: str, position: int, suffix: int) -> bool:
    """Whether a place lies inside brackets that close before the legal form."""
    return (
        text.rfind("(", 0, position) > text.rfind(")", 0, position)
        and ")" in text[position:suffix]
    )


def _first_place(text: str, start: int, suffix: int) -> int | None:
    """Where a province or city begins that opens a company's name (杭州示例科技), not one in brackets."""
    best: int | None = None
    for name_length in (2, 3, 4):
        for at in range(start, min(suffix - name_length, start + 12)):
            if (
                text[at : at + name_length] in _PLACES
                and text[at - 1 : at] != "("
                and (best is None or at < best)
            ):
                best = at
    return best


#: With cities whose names are everyday words elsewhere: before a legal form they are none.
_PLACES: Final = frozenset({*places.PLACES, "大同", "安康", "日照", "白银", "本溪"})
