"""What announces a contact: 加V, ➕薇, 绿泡泡, 扣扣群, TG, 电话, 抖音号 and their costumes.

In: plain text in lower case (``Normalised.folded``). Out: ``Lead``: which kinds of contact are announced and where their
value would begin. Invariants: pure; linear: every pattern begins with a set of characters and repeats only what cannot
match in two ways.

A lead-in is *strong* when it means a contact by itself (微信, vx), *weak* when only a colon, a plus sign or a verb
beside it makes it one (薇：, +v). Names of services come from ``DOMAIN.md`` §6 and from public posts; characters that
sound alike stand for each other (微薇威维, 加佳➕).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

from features.engine import branches, expressions
from features.identifiers import platforms
from features.writing import digits, numerals

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterable, Iterator

_HEART: Final = "❤♥💗💕💓💖💘💞💛💚💙💜🖤🧡🤍♡❥"
_WEI: Final = "微薇威维徽唯巍葳溦崴魏喂卫围蔚伟味"
#: What sounds like the second half of 微信, where a value follows.
_XIN: Final = "欣芯伈辛鑫馨新星心"
#: What points to a value.
_POINTS: Final = ":=→👉☞➡⬇👇🔍【「"
_ADD: Final = "加佳家嘉茄伽珈咖+"

#: Names that only stand for the platform where nothing else makes a word of them.
_ALONE: Final = frozenset({"抖", "快", "公号", "line", "赖", "ig", "fb"})
_NAMES = "|".join(
    sorted(set(platforms.PLATFORMS) - _ALONE, key=lambda one: (-len(one), one))
)
_PATTERNS: Final = {
    "account": rf"(?:微信)?(?:{_NAMES})(?:账号|帐号|账户|主页|店铺|用户|昵称)?(?: ?(?:id|uid|号|名))?(?!旁边|隔壁|边上)|(?<=同)[抖快](?= ?[a-z0-9])|抖快(?=同名)|(?<!办)公号(?=[搜找叫:“「【\"])|西瓜(?=也有号|号[ :])|(?:line|ig|fb)(?![a-z])(?:id|账号|号)?|(?<![依信无抵耍])赖(?= ?[:a-z])",
    "qq_group": r"(?:q{1,2}|扣扣|企鹅|球球|蔻 ?蔻|叩 ?叩|抠抠|秋秋|丘丘|口口|kk|🐧|扣)[ 的]?(?:交流|官方|讨论|学习|技术|粉丝|用户|玩家|客户|售后|代理|答疑|通知)?[群裙窝👗](?:号|聊)?"
    rf"|(?:交流|官方|讨论|学习|技术|粉丝|玩家|维权|受害者|受害人|被害人|代理|公告|售后|客户|用户|答疑|通知)[群裙](?:号)?|[加进入][群裙](?:号)?|[群裙]号|[群裙] ?号?\((?:q{{1,2}}|扣{{1,2}}|企鹅)\)|[友吧家]群(?= ?[1-9][0-9]{{3}})|[群裙](?= ?[1-9][0-9]{{2,4}} [0-9]{{4,5}}(?![0-9]))|[一二三四五1-9][群裙](?=[ :]?[1-9][0-9]{{5}})|[群裙](?= ?: ?[1-9]| [1-9][0-9.\-]{{6,}})|[那这]个[群裙](?= ?[1-9])|[群裙](?=是[: ]?[0-9{numerals.HAN_DIGITS}]{{6}}|[{numerals.HAN_DIGITS}]{{7}}|(?![1-9][0-9]*0000(?![0-9]))[1-9][0-9]{{6,9}}(?![0-9+元块万人个名家位多余粉户条]))",
    "wechat": rf"w[{_HEART}](?! ?x)|w信(?:号)?|[{_WEI}v](?:[ ·.\-_*]{{0,2}}|[、丶|/])(?:信|[{_HEART}✉](?! ?x(?![a-z]))|芯|[{_XIN}](?=[号是: =→➡👉\-]{{0,2}}[a-z0-9{numerals.HAN_DIGITS}])|❥)(?:号)?|we[{_HEART}]t|wei ?[{_HEART}]|[vw]号|加了?个叫(?= ?[a-z])|\+(?= ?[a-z][a-z0-9_\-]{{4,19}} ?[(](?:v|vx|wx|微信?|薇信?)[)])|企业微信|企微|weixin|wechat|wei xin|jia ?(?:wo ?)?(?:wei(?: ?xin)?|vx?|wx)(?![a-z])"
    rf"|v我(?=[是号]?[^\w\n]{{0,3}}(?:[a-z]|1[0-9]{{4}}|[1一壹幺][^\w\n]{{0,2}}[3-9{numerals.HAN_DIGITS}勾]))|[vw](?!xid_)(?:[^\w\n:=→➡👉☞⬇👇🔍【「|~]{{0,2}})x|vv|[{_HEART}] ?信|绿[泡标聊信软油][泡标油]?(?:软件|app)?|那个绿的(?:聊天)?(?:的|软件)?|绿的那个|聊天(?:软件|工具)\(绿色?的?(?:那个)?\)|扫一扫那个(?:软件|app|应用)号?|气泡号?(?=[: ]{{0,2}}[a-z][a-z_\-]*[0-9])|绿色(?:的)?(?:聊天)?(?:软件|图标|聊天|气泡|对话框|泡泡|app)|小绿(?:软件|泡泡|图标|app)?|绿号|[微薇威]我(?=[ :]{{0,2}}[a-z0-9一壹幺])|绿(?:书签|气泡|图标)|聊天软件上?[喊找叫搜加]我?|征信号(?=[^一-鿿])|卫[❤♥]?星|卫❤|[那这]个绿色?的(?= ?[:→👉]| ?[a-z0-9])|[微薇]号|[{_WEI}] ?x(?![a-z])|🛰"
    rf"|[{_ADD}](?:我|下|个|一下|本人|老师|客服|好友)?(?:的)?[ {_HEART}]?(?:大|小)?(?:wei(?=[{_HEART} :])|v|w(?!hats|echat|eixin)|[{_WEI}])(?:信|[{_HEART}]?星(?= ?[:a-z0-9])|[{_HEART}]|x(?![a-z]))?(?:我|聊(?=[ :]))?"
    rf"|(?:联系|咨询|私信?|戳|撩|搜|找)(?:我|下|老师)?(?:的)?(?:vx|wx(?!id_)|(?:v(?!x)|[薇卫])(?=[ :]|[a-z0-9]))",
    "wechat?": rf"[{_WEI}vw](?=[ ]?[{_POINTS}|~丨]|是[: ]?[a-z0-9])|[微薇威v](?=[和跟与](?:手机|电话)号?(?:都?是|同)?(?:同?一个|一样|同号)|同(?:号|抖音|快手|名|步|电|手机)|同[ :→➡👉]{{0,3}}[1一壹幺]|-[ 《「(]?[a-z][a-z0-9_\-]{{4}}|[/+、]?电(?:话|同)?[:同 ]{{0,2}}(?:号|步)?[: →➡👉【\[]{{0,3}}[1一壹幺]| ?1[3-9][0-9][0-9o .\-·]| ?[1一壹幺][{numerals.HAN_DIGITS}0-9勾洞拐]{{6}})|(?<![一-鿿a-z0-9)\]])同号(?=[ ,:]{{1,2}}[1一壹幺])|\+(?= ?: ?[a-z][a-z0-9_\-]{{5,}}| ?[a-z](?:\.[a-z0-9]){{3,}})|[微薇卫威徽维蔚溦葳崴魏](?= ?[a-z][a-z_\-]*[0-9_{numerals.HAN_DIGITS}])|v(?= ?[a-z][a-z_]{{2,}}[0-9]| [a-z][a-z_\-]{{2,}}[0-9]| [a-z]{{1,4}}(?:\.[a-z0-9]{{2,12}}){{2}}(?![a-z0-9.@/])| [a-z]{{1,2}}[0-9]{{2}}[a-z0-9_]{{2,}}| ?[a-z]{{2,}}(?:杠|下划线|横线))|[微薇](?= ?[a-z]{{6,20}}(?![a-z0-9_\-]))|(?<=[(/、+])[微薇v](?=\))|[💚🟢💬](?:泡泡?|信)?(?=[号是 {_POINTS}~]{{0,3}}[a-z0-9])",
    "qq": rf"q{{1,2}}(?:号|号码)?(?=[^a-z]|[lo][0-9lo]{{5,9}}(?![a-z0-9]))|qiu ?qiu|鹅厂|鹅号|小鹅(?=[ :]?[1-9])|鹅(?=[ :]{{0,2}}[1-9])|kk(?=[ :]{{0,2}}[1-9{numerals.HAN_DIGITS}][0-9{numerals.HAN_DIGITS}])|扣扣|企鹅|球球|蔻 ?蔻|叩 ?叩|抠抠|秋秋|丘丘|🐧|扣号|扣(?=我?[ 是]?[{_POINTS}|~]|是[1-9]|我? ?[1-9][0-9]{{4}}| [1-9][0-9]{{5}}| ?[0-9{numerals.HAN_DIGITS}]{{6}}|敲|戳)|(?<=[0-9][ +])扣(?![一-鿿0-9])|口口|[{_ADD}](?:我)?(?:qq?(?!q)|扣{{1,2}}|企鹅|球球)(?![ ]?[群裙])",
    "telegram": r"t g(?= ?号)|tg|telegram|telegra|电报|小蓝机?(?![书词鲸天])|tele(?![a-z])|纸?飞[机鸡🐔]|灰机|小飞机|✈",
    "phone": r"whats ?app(?:号|账号)?|[电店垫殿d]\W?话|电(?=[ ]?[:🔍⬇👉➡][ ]?[01一幺壹])|电(?=[/、,+& ]?[微薇v威]信?(?:同号|同步|同|都是|一个号)?[ ]?[:1幺一壹])|[打拨](?=你?自?己?[ :]?(?:0[1-9][0-9]{8,10}|1[3-9][0-9]{2}))|t(?=[ :=→~]{1,2}[0-9+])|手 ?(?:机|鸡|扌几)(?:号码?)?|热线|座机|固话|致电|拨打|来电|专线|总机|直拨|直线|号码|前台(?=[ :]{0,2}0[0-9]{2,3})|dianhua|shouji|tel|phone|mobile|☎|📞|📱|call",
    "email": r"邮\W?箱|e-?mail|📧|✉",
    "contact": rf"倒(?:着|过来)[念读看写]?(?= ?[:→])|联系(?:方式|人|我|本人|暗号)?|咨询|客服|私聊|对接|合作|[{_ADD}]我|加(?= ?[a-z](?:[\-.][a-z0-9]){{3,}})|找我|滴我|详询|商务|[的用留个][ ]?号(?:是|为)?(?=[^一-鿿])|(?<![型编单房货批序])号是|记(?:住)?这个(?= ?:)|加(?= ?1(?:[ .\-·*]?[0-9]){{10}}(?![0-9]))",
}
LEAD: Final = branches.Branches(
    {f"k{index}": pattern for index, pattern in enumerate(_PATTERNS.values())}
)
#: What of it names a platform.
ACCOUNT: Final = expressions.compiled(_PATTERNS["account"])
_KIND_OF: Final = {f"k{index}": kind for index, kind in enumerate(_PATTERNS)}

# What may stand between a lead-in and its value, or between two lead-ins of one value.
_FILLERS: Final = (
    "也有(?=号)|[五六七八九十]位数|电(?=同|[ :]?1)|都是|全是|均[为是]|一个|一致|相同|一样|敲|戳|找|第[一二三四五六七八九十]位(?:到第[一二三四五六七八九十]+位)?|频道|群组|一个号|同一个号?|账号|帐号|号码|同号|同步|同名|搜索|添加|都用|通用|后面?接|认准|唯一|官方|就是|请加|备注(?:城市|地区|区域|省份|来意|姓名|来源)|备用|工作|商务|助手|助理|老师|客服|小助手|这里|在这|在线|备注|直接"
    "|id(?![a-z0-9_])|号|搜|加|请|是|为|即|叫|我|的|同|也|和|及|或|与|打|拨|新|主|私|下|联系|方式|微信号|好友|艾特|爱特|圈a|上(?:的|还|也|有|找到|个|一|联络|联系)*[账帐]?号"
)
_FILL = expressions.compiled(
    rf"(?:{_FILLERS}|(?:(?!微信|薇信|威信|电话|手机|同号|扣扣|企鹅|邮箱|热线)[一-鿿]){{1,6}}(?=[ ]?[:→➡👉☞])|包括|分别是|依次是|先后用过|,(?<=同号,)|,(?=(?:名字?|昵称)?(?:叫|搜)[“\"「『【《])|[,得](?<=的.) ?(?=[1-9][0-9]{{4}}|[{numerals.HAN_DIGITS}]{{5}})|[\s:=→\-~>*_.·|丨/、()\[\]【】「」“”\"'@#&+《》<]|[^\w\s,。!?;…，])*+"
)
_JOIN = expressions.compiled(
    r"(?:同号|同步|就是|号码|兼|是?同?一个号|都是|号|和|及|或|与|同|打|拨|加|也是|即|的|我|[ /、&|()+\-·])*+"
)
_CORE: Final = "微[、丶·.|/]?信|薇信|威信|v信|vx|wx|[微薇威徽维v][❤♥]|[💬💚🟢]|[📱☎📞]|v|w|微|薇|威|徽|卫星|绿泡泡?|绿色(?:软件|的)?|小绿|q{1,2}|扣扣|企鹅|电话|手机号?|电|tel"
_SAME = expressions.compiled(
    rf"[】\]]?(?:[ ,(]{{0,2}}[^\s,。()0-9]{{0,8}}(?:去|不要|删|抠|扔|倒着|反着|反过来|倒过来|从右|从后|拼一?起|再搜)[^\s,。()]{{0,8}}[)]?)?[\s(,、/\[\-~|]*+(?:也是|即|就是|同步?|与|和|(?:也?可以?)?加|打?或者?加?|打|搜|\+)?\s*+(?:(?:{_CORE})[/与和、加打同&即]?){{1,3}}(?:号)?(?:\s?,\s?(?=都是|全是|一个号|都行|都能|同一)|\s*)"
    rf"(?P<same>同号|同步|同名|同?一个号?|一样|一致|相同|通用|同|也可|也行|也能|可[加搜]|均可|[都全]可|[都全]是|都行|都能|也是这个|(?:就|也)是(?:(?=电话|手机|本号|这一?个|此号|它|同)|{_CORE})(?![一-鿿]{{0,3}}[a-z0-9]))?"
)
#: Each way to write ``_CORE`` holds one of these.
_IN_CORE = expressions.compiled("[微薇威徽维vw💬💚🟢📱☎📞卫绿q扣企电手t]")
_NOTE_REACH: Final = 40
#: That a number is WeChat's and no more: 199…(微), 搜199…加威.
_RENAMED = expressions.compiled(
    r" ?(?:[(\[](?:微信?|薇信?|威信|v信?|vx|wx|绿泡泡?|绿色软件|那个绿的|绿的那个)号?[)\]]|加(?:微|薇|威|v)信?(?![一-鿿a-z0-9]))"
)
_DIALLED = expressions.compiled(
    r"[ ,(]{0,2}(?:请|麻烦|可以?|最好|先|也可以?)*+[发打](?:个|条)?(?:短信|电话)"
)
_NEXT_NUMBER = expressions.compiled(
    rf"(?:这个)?[步号 :→➡👉【]{{0,4}}(?:1 {{0,2}}[3-9{numerals.HAN_DIGITS}]|[一壹幺]|[0-9]{{5}}|(?!qq|tg|vx|wx|tel)[a-z][a-z\-]{{2,}}[_0-9])"
)
#: Lead-ins further apart than this do not share a value.
_WIDEST: Final = 40
_EXPLICIT: Final = frozenset(f"{_POINTS}|~号@加是为")
#: What refers to the number before: 薇 同上.
_ABOVE = expressions.compiled(r"[ :号]{0,2}(?:同上|同电话|同手机|同号|同前|也一样)")
#: So far before a lead-in such a value may end, exclusive.
_APART: Final = 4
_BEFORE_ABOVE: Final = frozenset(" :号同也")
_ENDS_VALUE: Final = frozenset(f"abcdefghijklmnopqrstuvwxyz_{digits.LOOSE}")
_LATIN_LEADS: Final = frozenset("qvwtdbxykcpmealif")
#: With what a lead-in begins that may be part of something else (``is_within``).
WITHIN: Final = _LATIN_LEADS | {"+"}


class Lead(NamedTuple):
    """One lead-in, or several of one value.

    Attributes:
        kinds: What is announced, in order: contact kinds, or ``contact`` where none is named.
        start: Where the first lead-in begins.
        last: Where the last one begins.
        end: Where the last one ends.
        value: Where the value would begin; -1 where none may begin there, but one may end right before the lead-in.
        is_explicit: A colon, 号, verb or arrow says that a value follows.
        platform: Source name for ``account``, else empty.
    """

    kinds: tuple[str, ...]
    start: int
    last: int
    end: int
    value: int
    is_explicit: bool
    platform: str = ""


def kind_of(lead: re.Match[str]) -> str:
    """What a match of ``LEAD`` announces."""
    return _KIND_OF[lead.lastgroup or "k0"]


def leads(
    folded: str,
    places: Iterable[int] | None = None,
    *,
    opens: Collection[str] | None = None,
) -> Iterator[Lead]:
    """Lead-ins of a text, left to right; lead-ins that share a value (电话微信同号) come as one.

    Args:
        folded: Plain text in lower case.
        places: Where ``LEAD`` may match, ascending; None for anywhere.
        opens: With what a value may begin: other lead-ins are left out, but for those of accounts, and so is one that names no
            service right before the next (客服:dianhua 400…). None for all.
    """
    pending: list[str] = []
    first, last = 0, -1
    held: Lead | None = None
    for match in (
        LEAD.finditer(folded) if places is None else LEAD.matches(folded, places)
    ):
        kind = kind_of(match)
        start, end = match.span()
        if start and is_within(folded, start, end):
            continue
        # 薇同抖音号: one name for both.
        is_apart = (kind == "account" or "account" in pending) and not (
            last >= 0 and ("同" in folded[last:start] or folded.startswith("同号", end))
        )
        if (
            pending
            and not is_apart
            and start - first < _WIDEST
            and _JOIN.fullmatch(folded, last, start)
            # (微信同号) / QQ: what the bracket says is of the number before it.
            and not {"同", ")"} <= set(folded[last:start])
        ):
            if kind not in pending:
                pending.append(kind)
        else:
            pending = [kind] if kind != "account" else _opening(match)
            first = start
        last = end
        value = value_place(folded, end)
        if held is not None and not _is_overtaken(held, first, end, value):
            yield held
        held = None
        if (
            opens is not None
            and "account" not in pending
            and folded[value : value + 1] not in opens
        ):
            if _may_end_value(folded, first) or refers_back(folded, end):
                kinds = _without_doubt(tuple(pending))
                yield Lead(kinds, first, start, end, -1, is_explicit=False)
            continue
        between = folded[end:value]
        if "\n" in between and "同" in between:
            # 199…,薇信同号 and a line break: a note on what stands before.
            continue
        is_explicit = (
            kind == "wechat?" and not _is_letter(folded[value : value + 1], between)
        ) or says_value(match, between)
        platform = platforms.platform_of(match[0]) if kind == "account" else ""
        kinds = _without_doubt(tuple(pending))
        held = Lead(kinds, first, start, end, value, is_explicit, platform)
    if held is not None:
        yield held


def value_place(folded: str, end: int) -> int:
    """Where the value of a lead-in that ends here would begin."""
    fill = _FILL.match(folded, end, end + 40)
    return fill.end() if fill else end


def says_value(match: re.Match[str], between: str) -> bool:
    """Whether a lead-in, or what stands between it and its value, says that one follows."""
    written = match[0]
    return (
        not _EXPLICIT.isdisjoint(between)
        or written[-1] == "号"
        or (written.endswith("id") and kind_of(match) == "account")
        or written[0] in _ADD
    )


def _is_overtaken(held: Lead, first: int, end: int, value: int) -> bool:
    """Whether a later lead-in says what an earlier one did and more: 找我:+v, 电/微:."""
    if held.value == value and (held.start == first or held.kinds == ("contact",)):
        return True
    is_inside = first <= held.value < end
    return is_inside and (held.kinds == ("contact",) or value > end)


def _opening(match: re.Match[str]) -> list[str]:
    """The kinds that a first lead-in to an account announces: 微信抖音同号 names two."""
    if match[0].startswith("微信") and match.string.startswith("同号", match.end()):
        return ["account", "wechat"]
    return ["account"]


def _is_letter(first: str, between: str) -> bool:
    """Whether letters follow with no sign between: they are an id only where they are how Chinese is spelt."""
    return between in {"", " "} and first.isascii() and first.isalpha()


def is_within(folded: str, start: int, end: int) -> bool:
    """Whether what looks like a lead-in is part of a Latin word or id: zhaojie_tg, qwen+wav2lip."""
    before = folded[start - 1]
    if folded[start] in _LATIN_LEADS:
        if before in "_-":
            # Q_Q is no longer id.
            before = folded[start - 2 : start - 1]
            if not folded[max(start - 3, 0) : start - 2].isalnum():
                return False
        return before.isascii() and before.isalnum()
    return (
        folded[start] == "+"
        and before.isascii()
        and before.isalpha()
        and folded[end - 1].isascii()
        and folded[end : end + 1].isalpha()
        and folded[end].isascii()
    )


def _may_end_value(folded: str, start: int) -> bool:
    """Whether a number or name may end right before a lead-in: 四一七七零零八二二 企鹅."""
    at = start - 1
    while at >= 0 and start - at < _APART and folded[at] in " ,(+":
        at -= 1
    return at >= 0 and folded[at] in _ENDS_VALUE


@functools.cache
def _without_doubt(kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.rstrip("?") for one in kinds))


def refers_back(folded: str, end: int) -> bool:
    """Whether a lead-in that ends here means the number before it: 薇 同上."""
    return (
        folded[end : end + 1] in _BEFORE_ABOVE
        and _ABOVE.match(folded, end, end + 8) is not None
    )


def may_be_noted(folded: str, end: int) -> bool:
    """Whether a service is named so near behind a number that ``same_as`` or ``is_renamed`` may be of it."""
    return _IN_CORE.search(folded, end, end + _NOTE_REACH) is not None


def is_added(folded: str, start: int) -> bool:
    """Whether the lead-in at a place is 加我: who is added by a telephone number is added on WeChat."""
    return folded[start] in _ADD


def is_dialled(folded: str, end: int) -> bool:
    """Whether what follows a number asks to be called or sent a short message: 加我199…,请先发短信."""
    return _DIALLED.match(folded, end, end + 12) is not None


def is_renamed(folded: str, end: int) -> bool:
    """Whether a note right behind a number says that it is WeChat's, and nothing of the telephone: 199…(微)."""
    return _RENAMED.match(folded, end, end + 10) is not None


def same_as(folded: str, end: int) -> tuple[str, ...]:
    """Kinds that a note right after a value adds: 138…（微信同号）, 138… 同V."""
    if not may_be_noted(folded, end):
        return ()
    match = _SAME.match(folded, end, end + _NOTE_REACH)
    if not match:
        return ()
    if _NEXT_NUMBER.match(folded, match.end()):
        # …\n电薇同步199…: the note is of the next.
        return ()
    note = match[0]
    is_bracketed = (
        note.lstrip()[:1] in "([" and folded[match.end() : match.end() + 1] in ")]"
    )
    # 199… 微, and no more.
    is_last = (
        not folded[match.end() :].strip(" 。!~)")
        if len(folded) - match.end() < 4
        else False
    )
    if not (
        match["same"]
        or "同" in note
        or "可加" in note
        or "可以加" in note
        or is_bracketed
        or is_last
        or "也是" in note
        or "即" in note
    ):
        return ()
    kinds = []
    if any(
        one in note
        for one in (
            "微",
            "薇",
            "威",
            "徽",
            "维",
            "v",
            "w",
            "卫星",
            "绿",
            "💬",
            "💚",
            "🟢",
        )
    ):
        kinds.append("wechat")
    if "q" in note or "扣扣" in note or "企鹅" in note:
        kinds.append("qq")
    if "电" in note or "手机" in note or "tel" in note:
        kinds.append("phone")
    if kinds == ["phone"] and "电同" in note:
        # A WeChat number of which it is said that it is the telephone's.
        kinds.append("wechat")
    return tuple(kinds)
