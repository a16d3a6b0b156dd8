"""Contacts that nothing announces: telephone numbers by their shape, ids by their shape and their place in the post.

In: the text of ``finds.Finds`` and what was found there so far. Out: contacts added to it. Invariants: linear; a stretch that
something else took is left alone.

Whoever does not want to be found leaves the word out that says what an id is (想拿区域价的 qd5566zz; 老谭 tan-chengzi88). What is
left is a piece of Latin letters that looks like a name somebody gave himself and stands where a post says how to be reached.
Neither is enough: products, models and files look alike, and English words end posts. ``_points`` weighs both, on real
messages and annotated posts of the tuning half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import accounts, handles, leadins, qq, services
from features.identifiers import finds as finds_module
from features.writing import digits, numerals, pinyin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.identifiers.finds import Finds

_TRAILS = expressions.compiled("这个号|这个微信|这人|此人|这个人|该号")
_TRAILED = expressions.compiled(
    rf"([a-z][a-z0-9_\-]{{5,19}}|[1-9][0-9]{{7,9}}) ?(?:{_TRAILS.pattern})"
)
#: What may be somebody's id; the sign after it would make it an address, a call or a formula.
_NAME = expressions.compiled(
    r"[a-z](?<![a-z0-9./#=_\-&?%*\\$].)[a-z0-9]*+(?:[_\-.][a-z0-9]++){0,3}+(?![a-z0-9@/=_\-%*\\$])"
)
_NAME_SIZES: Final = range(6, 21)
_LEAST_PIECE: Final = _NAME_SIZES[0] - 2
#: Words right before an id that ask to be written to.
_ASKS = expressions.compiled(
    r"(?:(?<![a-z0-9])[+❤♥💚🟢💬]|加(?:一下|上|我|个|他|她|了)?(?:老[公婆]|同事|助理|老板)?|联系|报名|现在用|微|薇|绿|助理|助手|助教|导师|顾问|找|客服|老师|群|(?:信|个|小|大|新|旧|的|用|备|主|助理)号|搜|复制|要的|滴|戳|撩|敲|咨询|预约|领取|暗号|小窗|私|改成|改为|换成|唤作|备用|唯一)[ :\"“「『【(]{0,3}\Z"
)
#: Words a little before an id that ask to be written to.
_NEAR = expressions.compiled(
    r"加|联系|找|小窗|私聊|私信|滴|搜|报名|咨询|对接|沟通|聊|叫|是|在|为|号|我|搜"
)
#: Somebody's name right before it: 老谭, 小舟, 芳姐, 王老师.
_PERSON = expressions.compiled(
    r"(?:[老小阿][一-鿿]|[一-鿿](?:姐|哥|总|叔|姨|老师|经理|老板|站长|校长|店长|同学|先生|女士))[ :]{1,2}\Z"
)
#: Services named in the same sentence before it.
_SERVICE = expressions.compiled(
    r"微信|薇|威信|v信|vx|wx|绿泡|同号|扣扣|联系方式|主页|账号|这个号|大号|小号"
)
#: What follows an id and speaks of it.
_SPOKEN_OF = expressions.compiled(
    r"[ ,)”\"」』】]{0,3}(?:\([^()]{0,6}(?:去掉|不要|删)|\(?(?:全小写|小写|大写|连写|拼音|无空格|没空格|是减号|是下划线|不是|下划线|首字母|大小写|区分|备注|注明|领取|领|索取|获取|咨询|了解|报名|进群|拉群|找我|滴|戳|加我|我也?加|这是|已注销|已换|被封|失效|飞机|电报|继续))"
)
#: The service of an id, named only behind it: ←微, 这是V, (复制去绿色图标里搜).
_SERVICE_BEHIND = expressions.compiled(
    r"[ ,)”\"」』】]{0,2}[(]?(?:(?:←|⬅|👈|(?:这个?|就|也|[上前]面(?:这个|的)?)?是)(?:我)?(?:的)?|复制[去到](?:那个)?)[ ]?(?:微信?|薇信?|威信?|绿[色的泡]|v信?(?![a-z0-9])|vx|wx)"
)
#: What precedes models, files and terms.
_TERM_BEFORE = expressions.compiled(
    r"(?:型号|版本|依赖|模型|代码|文件|货号|编号|一款|品牌|库|仓库|命令|参数|函数|接口|框架|工具|插件|脚本|软件|系统|引擎|显卡|芯片|基于|使用|采用|支持|安装|运行|调用|订单|合同|批次|密码|口令|邀请码|优惠码|兑换码|验证码|单号|案号|工号|学号|书号|刊号|网址|官网|网站|网页|浏览器|登录|🌐|邮件|邮箱|油箱|mail|📧|✉)(?:号码?|编号)?[是为叫]?[ :\"“(→➡>~|发到至-]{0,3}\Z"
)
_TERM_AFTER = expressions.compiled(
    r" ?(?:模型|版本|系统|软件|接口|参数|版|显卡|芯片|格式|文件|协议|框架|算法|引擎|插件|功能|模式|技术|平台|直播|项目|数字人|型|系列|课程|开发|训练|推理|[0-9]|[a-z])"
)
#: Digits in characters that go on with it.
_TAIL = expressions.compiled(
    f"(?:[{numerals.HAN_DIGITS}○]{{2,}}+|[〇○{numerals.HAN_DIGITS}](?=[a-z0-9]))(?:[a-z0-9_\\-]|[{numerals.HAN_DIGITS}○](?=[a-z0-9]))*+"
)
#: What it begins with.
_NUMERALS: Final = frozenset(f"{numerals.HAN_DIGITS}○〇")
#: What may stand right before it.
_BEGINS = expressions.compiled(
    r"(?:\A|[ ,。;!?\n|、:(“\"「『【)~…+❤♥💚🟢💬@→☞👉一-鿿])\Z"
)
#: Sums, the beginnings of addresses.
_NOT_NAMES = expressions.compiled(
    r"(?:rmb|usdt?|cny|hkd|eur)[0-9]+\Z|(?:sf|jd|yt|zto|sto|ems|jt|jdvb)[0-9]{9,}\Z|[a-z0-9]+[_-]v[0-9]+\Z|[a-z]+[0-9]*[1-9]000+\Z|www\.|https?\b|[a-z]*[0-9]+(?:com|cn|net|cc|vip|top|xyz)\Z"
)
_NOISE = expressions.compiled("[bcdfghjklmnpqrstvwxyz]{5}")
_LETTERS = expressions.compiled("[a-z]+")
#: Before a name with which a post is signed.
_SIGNED = expressions.compiled(r"(?:\A|[。!?\n,])[ ]?@\Z")
_SPLIT_OFF = expressions.compiled(r"(?<![a-z0-9])(?:(?<!\n)a|[b-pr-uwxyz]) \Z")
_LEAST_KINDS: Final = 4
_LATIN_WORD = expressions.compiled(r"[a-z]{3,}")
_APART: Final = frozenset(",。;!?\n|、:") | {""}
_OPENS: Final = frozenset(' ,。;!?\n|、:(“"「『【)~') | {""}
#: So near the end of a post its last clause is where it says how to be reached.
_LAST_WORDS: Final = 40
#: Points from which on a piece is an id.
_ENOUGH: Final = 4
#: Points of the words beside it that make even a model's form, or a host's, an id.
_ASKED: Final = 3
#: Latin words elsewhere in a post from which on it speaks of technology.
_TECHNICAL: Final = 4


def add_numbers(finds: Finds, places: Sequence[int] | None = None) -> None:
    """Telephone numbers without a lead-in, at some places or anywhere."""
    folded = finds.folded
    if places is not None:
        places = finds.free_of(places)
        if not places:
            return
    for number in digits.bare_numbers(folded, places):
        if not finds.is_free(number.start, number.end):
            continue
        if finds_module.ID_BEFORE.search(
            folded, max(number.start - 10, 0), number.start
        ):
            continue
        confidence = 0.9 if number.is_plain else 0.75
        span = (number.start, number.end)
        kinds = leadins.same_as(folded, number.end)
        if not (number.value[0] == "1" and leadins.is_renamed(folded, number.end)):
            kinds = ("phone", *kinds)
        for kind in kinds or ("wechat",):
            finds.add(kind, number.value, span, confidence)


#: A number with which a post ends, in a clause of its own.
_LAST_NUMBER = expressions.compiled(
    r"(?<=[。!?\n;~])[ ]?([1-9][0-9]{8,9})[ 。!~]{0,2}\Z"
)


def add_last_number(finds: Finds) -> None:
    """A number with which a post ends, in a clause of its own and of no other kind: of QQ."""
    match = _LAST_NUMBER.search(finds.folded, max(len(finds.folded) - 16, 0))
    if match and finds.is_free(*match.span(1)) and qq.is_qq(match[1]):
        finds.add("qq", match[1], match.span(1), 0.6)


#: Digits at the end of a clause that speaks of QQ: 企鹅号分了两截,拼起来用:440009137.
_TOPIC_NUMBER = expressions.compiled(
    r"(?:企鹅|扣扣|qq|鹅厂|q号|扣号)[^。!?\n0-9群裙]{1,24}:[ ]?([1-9][0-9]{5,9})(?![0-9a-z])"
)


def add_topical(finds: Finds) -> None:
    """Numbers behind a colon in a sentence about QQ."""
    for match in _TOPIC_NUMBER.finditer(finds.folded):
        if finds.is_free(*match.span(1)) and qq.is_qq(match[1]):
            finds.add("qq", match[1], match.span(1), 0.75)


def add_trailed(finds: Finds) -> None:
    """Ids named only afterwards: demo1234这个号骗的我."""
    if _TRAILS.search(finds.folded) is None:
        return
    for match in _TRAILED.finditer(finds.folded):
        start, end = match.span(1)
        before = finds.folded[start - 1 : start]
        if not finds.is_free(start, end) or (before.isascii() and before.isalnum()):
            continue
        finds.add("qq" if match[1].isdigit() else "wechat", match[1], (start, end), 0.6)


def add_names(finds: Finds) -> None:
    """Ids by their shape and their place."""
    folded = finds.folded
    for match in _NAME.finditer(folded):
        start, end = match.span()
        name = match[0]
        if (len(name) < _LEAST_PIECE or name.isalpha()) and folded[end : end + 1] not in _NUMERALS:  # fmt: skip
            # Too short with a letter apart before it, or a word, and no numerals follow.
            continue
        if _SPLIT_OFF.search(folded, max(start - 3, 0), start):
            # Y W90069: its first letter stands apart.
            start -= 2
            name = folded[start] + name
        is_called = folded[start - 1 : start] == "@"
        sentence = folded[max(start - 30, 0) : start]
        if is_called and not (
            _is_telegram_name(folded, name, (start, end))
            or accounts.TELEGRAM.search(sentence)
            or accounts.TELEGRAM.search(folded, end, end + 12)
            or (
                len(folded) - end <= 2
                and not folded[end:].strip()
                and _SIGNED.search(sentence)
            )
        ):
            # @… is an account of the post's own platform.
            continue
        tail = _TAIL.match(folded, end)
        if tail and folded[tail.end() : tail.end() + 1] != "个":
            # Not 再zhao两三个人.
            end = tail.end()
            name += "".join(numerals.DIGIT_OF.get(one, one) for one in tail[0])
        if end - start not in _NAME_SIZES or not finds.is_free(start, end):
            continue
        written = finds.text.text[start:end]
        raw = finds.text.raw(start, end)
        is_disguised = len(raw) != len(name) or not raw.isascii()
        is_model = written.isupper() and raw.isascii()
        is_free_standing = is_called and _is_telegram_name(folded, name, (start, end))
        if (
            is_free_standing
            or _points(
                folded, name, (start, end), is_disguised=is_disguised, is_model=is_model
            )
            >= _ENOUGH
        ):
            kind, value = services.service(folded, name, (start, end))
            finds.add(kind, value, (start, end), 0.6)


#: What Telegram allows as a name, with an underline or a digit that names of the post's own platform hardly hold.
_CALLED_NAME = expressions.compiled(r"(?=[a-z]*[0-9_])[a-z][a-z0-9_]{4,31}")


_SHARED_OF = expressions.compiled(
    r" ?的(?:视频|作品|直播|文章|帖|图|分享|粉丝|原创|评论|素材|笔记)"
)


def _is_telegram_name(folded: str, name: str, span: tuple[int, int]) -> bool:
    """Whether a name behind an at-sign is one of Telegram by its form, and not that of somebody who is shared."""
    return (
        _CALLED_NAME.fullmatch(name) is not None
        and accounts.SHARED.search(folded, max(span[0] - 8, 0), span[0]) is None
        and _SHARED_OF.match(folded, span[1]) is None
    )


def _points(
    folded: str,
    name: str,
    span: tuple[int, int],
    *,
    is_disguised: bool,
    is_model: bool,
) -> int:
    """How much speaks for a piece being an id; ``is_model`` where it is written like QH-2099-B, a model or a contract."""
    start, end = span
    shape = _shape(name, is_called=folded[start - 1 : start] == "@")
    before = folded[max(start - 14, 0) : start]
    if (
        shape <= 0
        or not _BEGINS.search(before)
        or _TERM_BEFORE.search(before)
        or _TERM_AFTER.match(folded, end)
    ):
        return 0
    asked = _asked(folded, before, start, end)
    if (is_model and asked < _ASKED) or (
        "." in name and asked + ("_" in name) < _ASKED and not is_disguised
    ):
        return 0
    words = _LATIN_WORD.findall(folded, max(start - 200, 0), start)
    # Nothing but a name in disguise: what makes copies of a message differ (wan✨-dem✨o-qing75).
    is_all = end - start == len(folded)
    against = 2 * (len(words) >= _TECHNICAL) + (5 if is_disguised else 1) * is_all
    return shape + asked + _place(folded, start, end) + 2 * is_disguised - against


def _shape(name: str, *, is_called: bool) -> int:
    """By its letters and signs alone: 0 for a word, and for what technology is called."""
    if (
        name.isalpha()
        or len(set(name)) < _LEAST_KINDS
        or _NOT_NAMES.match(name)
        or not (is_called or handles.is_name(name))
    ):
        return 0
    if name.startswith("wxid_"):
        # What WeChat itself calls whoever chose no name.
        return _ENOUGH
    spelt = _LETTERS.findall(name)
    points = 2 * ("_" in name) + ("-" in name)
    points += any(len(one) >= 4 for one in spelt) and all(
        len(one) <= 4 or pinyin.is_pinyin(one) for one in spelt
    )
    digit_count = sum(one.isdigit() for one in name)
    points += digit_count >= 2 and name[-3:].isalnum()
    # djasklddshnkjk45ip: what makes copies of a message differ.
    points -= 2 * any(len(one) >= 7 and _NOISE.search(one) is not None for one in spelt)
    return points


def _asked(folded: str, before: str, start: int, end: int) -> int:
    """By the words beside it."""
    points = 3 if _ASKS.search(before) else int(bool(_NEAR.search(before)))
    points = max(points, 2 * bool(_PERSON.search(before)))
    points += 2 * bool(_SERVICE.search(folded, max(start - 30, 0), start))
    points += 3 * bool(_SERVICE_BEHIND.match(folded, end)) or 2 * bool(_SPOKEN_OF.match(folded, end))  # fmt: skip
    return points + (before[-1:] == "@" and 2)


def _place(folded: str, start: int, end: int) -> int:
    """By where it stands: a clause of its own, the last one of the post."""
    before = folded[start - 1 : start]
    after = folded[end : end + 3].lstrip(" ")[:1]
    if before not in _OPENS or after not in _APART:
        return 0
    is_last = len(folded) - end <= _LAST_WORDS
    is_very_last = is_last and not folded[end:].strip(" \n。!~)")
    return is_very_last + is_last + (before.strip() in _APART)


#: What a post may write backwards.
_TURNED = expressions.compiled(r"(?<![a-z0-9@._\-])[a-z0-9_\-]{6,20}(?![a-z0-9@._\-])")
_TURNED_MOBILE = expressions.compiled(r"1[3-9][0-9]{9}")


def add_backwards(finds: Finds) -> None:
    """Names that a whole line writes backwards, lead-in and all: 8800_gnahz :芯微."""
    turned = finds.text.text[::-1]
    for lead in leadins.leads(turned.lower()):
        if "wechat" not in lead.kinds or not lead.is_explicit:
            continue
        name = handles.led_handle(turned, lead.value, dropped=frozenset(), is_explicit=True)  # fmt: skip
        if name is None:
            continue
        start, end = len(turned) - name.end, len(turned) - name.start
        if finds.is_free(start, end):
            finds.add("wechat", name.value, (start, end), 0.75)
    for match in _TURNED.finditer(finds.folded):
        if not finds.is_free(*match.span()):
            continue
        turned = match[0][::-1]
        if turned.isdigit():
            if _TURNED_MOBILE.fullmatch(turned):
                finds.add("phone", turned, match.span(), 0.75)
        elif (
            any(one.isdigit() for one in turned)
            and _NAME.fullmatch(turned)
            and _shape(turned, is_called=True) > 0
        ):
            finds.add("wechat", turned, match.span(), 0.75)
