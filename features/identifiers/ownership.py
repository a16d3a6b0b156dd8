"""Whose contact it is, by the words around it.

In: plain text in lower case and the span of a contact. Out: ``own`` or ``mentioned``. Invariants: pure; looks at one
sentence, at most 60 characters before and 30 after.

An ad that says add me, or says nothing, owns what it names. A victim's or a warner's words beside the contact make it
mentioned; words of the author about himself that stand nearer win. Who the author is (police, a newspaper) is not known
here: stance decides that later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from features.engine import expressions, openings

if TYPE_CHECKING:
    import re

Ownership = Literal["own", "mentioned"]

_OTHERS_BEFORE = expressions.compiled(
    openings.guarded(
        r"对方|骗子|骗我|骗了|被骗|诈骗|骗人|骗局|他的|她的|他们|她们|它的|其(?:微信|qq|电话|联系|客服|账号|公司|手机)|该(?:微信|qq|电话|公司|号|账号|网站|企业|网址|店铺|男子|人员|团伙|平台|商家)|受害|假冒|冒充|冒用|仿冒|盗用"
        r"|举报|投诉(?!电话|热线)|曝光|涉案|嫌疑|自称|谎称|声称|警惕|谨防|小心|当心|避雷|(?:已|被|把我|我被)拉黑|转账给|汇款给|转给|打款给|打钱给|收款(?:方|人|账)|(?:不要|别|勿|切勿|请勿|千万别)(?:再)?(?:随意|轻易|随便)?(?:加|添加|联系|拨打|相信|信)"
        r"|那个(?=[群裙])|收(?:了|走)?我的?钱|被执行|执行人|不是(?:我|本)|非(?:我|本|官方)|删了我|拉黑了|拉黑我|(?:留|用|给)的(?=号|联系|微信|电话|qq|[a-z0-9]|$)|(?:经理|对接人|业务员|收款人|讲师|导师|中介|上家|销售)(?:的|留的|用的|给的)(?:号|联系|微信|电话|qq)|快递|物流|查单|催件|查件|(?:行业)?参考(?:电话|号码?)|技术支持方|(?:联系|对接|沟通|加)的(?:就)?是|就是(?=(?:微信|电话|手机号?|qq))|(?:对比|比较|比)(?:过|了|一下|下)|外卖|打(?:他们|人家|别人)|跟某|天眼|不信(?:你)?(?:去|可以)?问|某(?:云|厂|平台|公司)|大厂|同行(?=的|家|都|那|微信|电话|号)|别家|隔壁家|(?:商家|卖家|公司|中介|客服|老师|业务员|招商经理|销售)(?:的)?(?:微信|电话|qq|号码|联系方式)(?:是|为)|起诉|被告|原告|判决|法院|警方|民警|网警|失联|跑路|上当|让我加|叫我加|要我加|加了(?:他|她|一个|个|对方)"
        r"|(?<![信话机])(?:一个|某个?|那个|这个)(?:叫|微信|号|qq|电话|公司)|据报道|记者"
    )
)
_OTHERS_AFTER = expressions.compiled(
    r"(?![,，、]?\s?(?:其[他它余]|别的|旁的))(?:.{0,4}?)"
    + openings.guarded(
        r"是骗子|骗子|的受害|受害者|打不开|关停|骗人|是假|假的|不是我|非我|非本|与我|与本|不是本|已拉黑|拉黑|已举报|被骗|失联|打不通|关机|停机|不回(?!私信|复)|一直占线|占线|没人接|无人接|让等|可以核实|问问|签的?合同|签了合同|骗的我|害的我|未取得|已被列入|被列入|构成违约|已经打不开|跑路|的人|把我|骗了|骗我|冒充|假冒|诱导签约|拒不|拒绝退|收钱不|承诺不兑现|要求退|虚假宣传|求处理|不退款|不予退|不给退|别加(?!我)|别信|这人|大家(?:别|不要|小心|注意|避雷)|千万别|小心|避雷"
    )
)
_DENIED_AFTER = expressions.compiled(
    r"[^。!?\n]{0,20}?(?:与|和)(?:我|本|我司|本公司|我们)[^。!?\n]{0,8}?无关"
)
_SELF_BEFORE = expressions.compiled(
    r"加我|联系我|咨询我|找我|私我|私信我|我的|我们的|本人|我微信|认准|唯一|官方|欢迎|详询|详情|咨询|报名|预约|添加|扫码|免费领|领取|合作|对接|商务|客服|招商热线|售后|加v|加微|\+v|想了解|感兴趣|有意|需要的?|要的|关注"
)
_CONTACT = expressions.compiled(r"[0-9a-z][0-9a-z_\- ]{5,}")
_TO_LAST_END: Final = expressions.compiled(r"[\s\S]*[。!?！？\n;；]")
_CLAUSE_END: Final = ",，、 "
_BEFORE: Final = 60
_AFTER: Final = 30


def ownership(folded: str, lead: int, start: int, end: int) -> Ownership:
    """Whose contact stands at ``folded[start:end]``; its lead-in begins at ``lead``."""
    if _is_disowned(folded[end : end + _AFTER]):
        return "mentioned"
    if not _OTHERS_BEFORE.search(folded[max(lead - _BEFORE, 0) : start]):
        # Most texts speak of nobody else, whatever the sentence.
        return "own"
    left = _sentence_start(folded, lead)
    others = _last(_OTHERS_BEFORE, folded[left:start])
    if others < 0 or _is_spent(folded[left + others : lead]):
        return "own"
    clause = max(folded.rfind(one, left, lead) for one in _CLAUSE_END) - left
    if others > clause:
        return "mentioned"
    return "own" if _last(_SELF_BEFORE, folded[left:end]) > others else "mentioned"


def _is_disowned(after: str) -> bool:
    """Whether what follows a contact says that it is somebody else's."""
    return _OTHERS_AFTER.match(after.lstrip(" )],，(")) is not None or (
        "无关" in after and _DENIED_AFTER.match(after) is not None
    )


#: Words by which somebody who complains or reports gives a contact of his own.
_OWN_CALL: Final = expressions.compiled(
    r"加我|联系我|找我|私我|我的(?!钱)|我微信|我v|本人|拉你|拉群|进群|建群|入群|维权[群裙]|互助|一起|同样|爆料|线索|投稿|本报|本刊|本台|我们|举报|报警|拨打|官方|咨询律师|律所"
)
#: What nobody owns who only tells of it.
_TOLD_KINDS: Final = frozenset({"company", "uscc", "icp", "domain", "url"})


def is_own_in_echo(kind: str, folded: str, start: int) -> bool:
    """Whether a contact in a report or a complaint is its author's: it is somebody else's unless he asks to be called.

    Args:
        kind: Its kind.
        folded: The text.
        start: Where it begins.
    """
    if kind in _TOLD_KINDS:
        return False
    return _OWN_CALL.search(folded, max(0, start - _BEFORE), start) is not None


def _is_spent(between: str) -> bool:
    """Whether words about somebody else had a contact of their own before this one: 他家电话…, 比一比, 热线:…."""
    contact = _CONTACT.search(between)
    return contact is not None and any(
        one in between[contact.end() :] for one in _CLAUSE_END
    )


def _sentence_start(folded: str, start: int) -> int:
    low = max(start - _BEFORE, 0)
    ended = _TO_LAST_END.match(folded, low, start)
    return ended.end() if ended else low


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match begins, -1 without one."""
    last = -1
    for match in pattern.finditer(text):
        last = match.start()
    return last
