"""What each kind of speaker writes: the order of clauses, the style, the length.

In: a generator, ``writer.Facts`` and, for advertisements, an ``Ad`` that says what has to be in the text. Out:
``Written``: title (may be null) and text with their truth, and the stance that CONTRACT §1 gives such a post.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawlers.sandbox import dice
from crawlers.sandbox.language import chatter, grammar, pitch, voices
from crawlers.sandbox.language.facts import Contact, Facts
from crawlers.sandbox.language.writer import Draft, Writer

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

#: How a speaker joins clauses: (between, before each, at the end).
STYLES: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "chatty": (("，", "，", "～", "！", "。"), "", ("！", "～", "", "哈", "。")),
    "formal": (("。", "。", "；"), "", ("。",)),
    "lines": (("\n",), "", ("",)),
    "ticks": (("\n",), "✅", ("",)),
    "dashes": (("\n",), "- ", ("",)),
    "telegraphic": ((" ", "丨", "/", " | "), "", ("",)),
    "emoji": (("🔥", "❗", "💰", "👇\n", "✨", "！"), "", ("🚀", "💪", "")),
    "breathless": (("，", "，", " "), "", ("", "。。。")),
    "dotted": (("……", "。", "…", "，"), "", ("…", "")),
    "numbered": (("\n",), "#", ("",)),
}
STYLE_NAMES = tuple(STYLES)


@dataclass(frozen=True, slots=True)
class Ad:
    """What an advertisement has to hold.

    Attributes:
        contacts: Contacts to write into the text, none where they stand elsewhere.
        has_fee: Whether an entry sum is named.
        sends_elsewhere: Whether the reader is sent to profile, comments or private message.
        foreign: Somebody else's contacts, pasted in; they stay ``mentioned``.
        size: About how many claims to make.
    """

    contacts: Sequence[Contact] = ()
    has_fee: bool = True
    sends_elsewhere: bool = False
    foreign: Sequence[Contact] = ()
    size: int = 3


@dataclass(slots=True)
class Written:
    """A post's words."""

    stance: str
    genre: str
    title: Draft | None
    text: Draft


def _say(
    writer: Writer,
    rng: random.Random,
    banks: Sequence[Sequence[grammar.Clause]],
    style: str,
) -> None:
    """Write one clause of each bank in a style."""
    between, before, after = STYLES[style]
    for place, bank in enumerate(banks):
        if place:
            writer.raw(between[int(rng.random() * len(between))])
        if before:
            writer.raw(f"{place + 1}）" if before == "#" else before)
        writer.clause(bank)
    writer.raw(after[int(rng.random() * len(after))])


#: Claims of the pitch with their weights among advertisements.
CLAIMS: tuple[Sequence[grammar.Clause], ...] = (
    *(pitch.ZERO,) * 5,
    *(pitch.PASSIVE,) * 4,
    *(pitch.INCOME,) * 6,
    *(pitch.FOMO,) * 3,
    *(pitch.BAN,) * 2,
    *(pitch.AUTHORITY,) * 2,
    *(pitch.SOURCE,) * 3,
    *(pitch.TIERS,) * 3,
    *(pitch.URGENCY,) * 4,
    *(pitch.ON_TARGET,) * 2,
    pitch.NO_REFUND,
    pitch.LIABILITY,
    pitch.LABEL,
    pitch.RECOVERY,
    *(pitch.PRODUCT,) * 5,
)


def offer(
    rng: random.Random,
    facts: Facts,
    ad: Ad,
    *,
    style: str,
    has_title: bool,
    costume: float,
) -> Written:
    """An advertisement for an agency right.

    Args:
        rng: The generator.
        facts: What the seller has to say.
        ad: What has to stand in it.
        style: A name of ``STYLES``.
        has_title: Whether the platform shows a title.
        costume: Chance per trade word of being disguised.
    """
    writer = Writer(rng, facts)
    is_traditional = rng.random() < 0.04
    middle = [dice.pick(rng, CLAIMS) for _ in range(ad.size)]
    middle.append(pitch.OFFER)
    if ad.has_fee:
        middle.append(pitch.LADDER if rng.random() < 0.2 else pitch.FEE)
    rng.shuffle(middle)
    opening = rng.random()
    if opening < 0.22:
        middle.insert(0, pitch.GREETING)
    elif opening < 0.34:
        middle.insert(0, pitch.POSE)
    elif opening < 0.5:
        middle.insert(0, pitch.FOMO)
    elsewhere_first = ad.sends_elsewhere and rng.random() < 0.15
    if elsewhere_first:
        middle.insert(0, pitch.ELSEWHERE)
    contact_first = bool(ad.contacts) and rng.random() < 0.12
    if contact_first:
        reach(writer, rng, ad.contacts)
        writer.raw(dice.pick(rng, ("\n", "。", "\n\n")))
    _say(writer, rng, middle, style)
    if ad.foreign:
        _paste(writer, rng, ad.foreign)
    if ad.sends_elsewhere and not elsewhere_first:
        writer.raw(dice.pick(rng, ("\n", "，", " ", "👇", "。")))
        writer.clause(pitch.ELSEWHERE)
    if ad.contacts and not contact_first:
        writer.raw(dice.pick(rng, ("\n", "。", "！\n", "，", "\n👇\n", "；")))
        reach(writer, rng, ad.contacts)
    title = None
    if has_title:
        head = Writer(rng, facts)
        head.clause(
            dice.pick(
                rng,
                (
                    pitch.OFFER,
                    pitch.OFFER,
                    pitch.FOMO,
                    pitch.INCOME,
                    pitch.ZERO,
                    pitch.SOURCE,
                    pitch.POSE,
                ),
            )
        )
        title = head.finish(word_disguise=costume / 2, is_traditional=is_traditional)
    return Written(
        "offer",
        "ad",
        title,
        writer.finish(word_disguise=costume, is_traditional=is_traditional),
    )


def reach(
    writer: Writer,
    rng: random.Random,
    contacts: Sequence[Contact],
    *,
    plainness: float = 0.35,
) -> None:
    """Write contacts one after the other."""
    for place, contact in enumerate(contacts):
        if place:
            writer.raw(dice.pick(rng, ("，", "\n", "；", "，或者", " / ")))
        writer.contact(contact, plainness=plainness)


def _paste(writer: Writer, rng: random.Random, foreign: Sequence[Contact]) -> None:
    """Somebody else's contact: compared with, named as technology behind it, or simply pasted."""
    for contact in foreign:
        frame = dice.pick(
            rng,
            (
                ("\n不信去问大厂客服", "，价格比一比就知道"),
                ("。我们跟他们同一套技术，他家电话", "，你对比下价格"),
                ("。技术支持方热线", "，可以核实"),
                ("\n某云官方客服 ", " ，问问他们卖多少钱再来找我"),
                ("\n另附行业参考电话", ""),
            ),
        )
        writer.raw(frame[0])
        writer.contact(contact, ownership="mentioned", plainness=1.0, has_lead=False)
        writer.raw(frame[1])


def viral(rng: random.Random, facts: Facts) -> Written:
    """Copy that unrelated sellers share word for word."""
    writer = Writer(rng, facts)
    writer.clause(pitch.VIRAL)
    return Written("offer", "viral", None, writer.finish())


def profile(
    rng: random.Random, facts: Facts, contacts: Sequence[Contact], *, party: str
) -> Draft:
    """What an account says of itself, 5–60 characters, with the contacts that it shows there."""
    writer = Writer(rng, facts)
    lines = PROFILES.get(party, PROFILES["noise"])
    writer.raw(dice.pick(rng, lines).format(brand=facts.brand, city=facts.city))
    if contacts:
        writer.raw(dice.pick(rng, ("，", " ", "\n", "丨")))
        reach(writer, rng, contacts, plainness=0.5)
    return writer.finish()


PROFILES: dict[str, tuple[str, ...]] = {
    "ring": (
        "{brand}区域负责人", "AI创业的第{city}站", "一个认真做事的人", "专注AI直播五年丨{city}", "{brand}运营中心", "带普通人上岸", "只聊项目",
        "看清趋势，跟对人", "{city}创业圈", "前厨师，现在玩AI", "{brand}招商部", "分享副业干货", "做难而正确的事",
    ),
    "vendor": ("{brand}官方账号，产品与售后", "企业数字人定制，价格见官网", "{brand}数字人平台", "AI视频工具，按量计费", "{brand}客服在线9:00-18:00"),
    "agency": ("{city}本地代运营", "{city}直播间搭建", "店播服务商，案例可看", "{brand}{city}授权经销"),
    "journalist": ("关注科技与消费", "记者，线索请私信", "科技观察", "跑一线的财经编辑", "深度报道"),
    "police": ("官方账号", "反诈宣传，守护钱袋子", "政务发布", "{city}平安在线"),
    "victim": ("", "记录生活", "普通人", "{city}人", "要一个说法"),
    "noise": ("", "爱吃爱玩", "{city}日常", "随便拍拍", "程序员一枚", "两个娃的妈", "越努力越幸运", "养猫人"),
}  # fmt: skip
PROFILES["lone"] = PROFILES["ring"]


def vendor(
    rng: random.Random,
    facts: Facts,
    *,
    shows: Sequence[Contact],
    has_title: bool,
    party: str,
) -> Written:
    """A vendor's or an honest agency's post: products and prices, denials, an open contact."""
    writer = Writer(rng, facts)
    own = voices.VENDOR_PRODUCT if party == "vendor" else voices.AGENCY_LINES
    banks = [own] + [
        dice.pick(rng, (own, voices.VENDOR_PRODUCT, voices.VENDOR_DENIAL))
        for _ in range(1 + int(rng.random() * 4))
    ]
    rng.shuffle(banks)
    _say(
        writer,
        rng,
        banks,
        dice.pick(rng, ("formal", "lines", "chatty", "dashes", "ticks")),
    )
    if shows:
        writer.raw("\n" if rng.random() < 0.5 else "。")
        writer.clause(voices.VENDOR_CONTACT_LEAD)
        reach(writer, rng, shows, plainness=0.95)
    title = None
    if has_title:
        head = Writer(rng, facts)
        head.clause(own)
        title = head.finish()
    return Written("vendor", "price_list", title, writer.finish())


def report(
    rng: random.Random, facts: Facts, *, has_title: bool, is_long: bool
) -> Written:
    """A newspaper's piece: either on the scheme, quoting it at length, or on the trade's successes."""
    writer = Writer(rng, facts, voice="quoted")
    is_success = rng.random() < 0.3
    opening = voices.SUCCESS_OPEN if is_success else voices.REPORT_OPEN
    rounds = 2 + int(rng.random() * 3) + (5 if is_long else 0)
    breaks = ("。", "。", "。\n")
    writer.clause(opening)
    for _ in range(rounds):
        writer.raw(dice.pick(rng, breaks))
        if is_success:
            writer.clause(dice.pick(rng, (voices.SUCCESS_OPEN, voices.REPORT_BODY)))
        else:
            writer.clause(
                dice.pick(
                    rng,
                    (
                        voices.QUOTING,
                        voices.QUOTING,
                        voices.REPORT_BODY,
                        voices.REPORT_OPEN,
                    ),
                )
            )
    writer.raw("。")
    title = None
    if has_title:
        head = Writer(rng, facts, voice="quoted")
        head.node(SUCCESS_TITLE if is_success else REPORT_TITLE)
        title = head.finish()
    return Written(
        "report", "success" if is_success else "report", title, writer.finish()
    )


def warning(rng: random.Random, facts: Facts, *, has_title: bool) -> Written:
    """A warning of police or regulators: lists the tropes, names hotlines."""
    writer = Writer(rng, facts, voice="quoted")
    writer.clause(voices.POLICE_OPEN)
    writer.raw("\n" if rng.random() < 0.6 else "：")
    for place in range(2 + int(rng.random() * 3)):
        if place:
            writer.raw(dice.pick(rng, ("；", "。", "\n")))
        if rng.random() < 0.5:
            writer.raw(f"{'一二三四五六'[place]}、")
        if rng.random() < 0.7:
            writer.raw("“")
            writer.quote()
            writer.raw("”")
        else:
            writer.clause(voices.QUOTING)
    writer.raw("。")
    writer.clause(voices.POLICE_CLOSE)
    if rng.random() < 0.6:
        writer.raw("。")
        writer.clause(voices.POLICE_CLOSE)
    writer.raw("。")
    title = None
    if has_title:
        head = Writer(rng, facts, voice="quoted")
        head.clause(voices.POLICE_OPEN)
        title = head.finish()
    return Written("report", "warning", title, writer.finish())


def grievance(rng: random.Random, facts: Facts, *, has_title: bool) -> Written:
    """A victim's complaint or post: what was paid, what was promised, what happened."""
    writer = Writer(rng, facts, voice="quoted")
    style = dice.pick(rng, ("chatty", "formal", "breathless", "dotted", "lines"))
    banks: list[Sequence[grammar.Clause]] = [
        dice.pick(rng, (voices.VICTIM_BODY, voices.VICTIM_BODY, voices.QUOTING))
        for _ in range(1 + int(rng.random() * 4))
    ]
    if facts.theirs:
        banks.append(voices.VICTIM_THEIR)
    rng.shuffle(banks)
    banks.insert(0, voices.VICTIM_OPEN)
    _say(writer, rng, banks, style)
    if rng.random() < 0.2:
        writer.raw(dice.pick(rng, ("\n", " ")))
        writer.clause(voices.VICTIM_GATHER)
        writer.signal("contact_elsewhere")
    title = None
    if has_title:
        head = Writer(rng, facts, voice="quoted")
        head.node(VICTIM_TITLE)
        title = head.finish()
    return Written("complaint", "complaint", title, writer.finish())


def grumble(rng: random.Random, facts: Facts) -> Written:
    """A complaint that has nothing to do with the trade: a parcel, a meal, a subscription."""
    writer = Writer(rng, facts, voice="quoted")
    _say(
        writer,
        rng,
        [chatter.GRUMBLES] * (1 + int(rng.random() * 3)),
        dice.pick(rng, ("chatty", "formal", "breathless")),
    )
    head = Writer(rng, facts, voice="quoted")
    head.clause(chatter.GRUMBLES)
    return Written("complaint", "grumble", head.finish(), writer.finish())


def comment(rng: random.Random, facts: Facts) -> Written:
    """A victim's comment under an advertisement: a sentence or two."""
    writer = Writer(rng, facts, voice="quoted")
    banks = (
        [voices.COMMENTS, voices.VICTIM_BODY]
        if rng.random() < 0.4
        else [voices.COMMENTS]
    )
    _say(writer, rng, banks, dice.pick(rng, ("chatty", "breathless", "dotted")))
    return Written("complaint", "comment", None, writer.finish())


def other(rng: random.Random, facts: Facts, *, genre: str, has_title: bool) -> Written:
    """Anything else: ``trap``, ``tutorial``, ``job``, ``daily``, ``camouflage``."""
    bank = OTHERS[genre]
    writer = Writer(rng, facts)
    # Mostly short, some of six clauses.
    count = 1 + int(rng.random() * rng.random() * 6)
    _say(
        writer,
        rng,
        [bank] * count,
        dice.pick(rng, ("chatty", "formal", "breathless", "lines")),
    )
    title = None
    if has_title:
        head = Writer(rng, facts)
        head.clause(bank)
        title = head.finish()
    return Written("other", genre, title, writer.finish())


OTHERS: dict[str, Sequence[grammar.Clause]] = {
    "trap": chatter.TRAPS,
    "tutorial": chatter.TUTORIAL,
    "job": chatter.JOB,
    "daily": chatter.DAILY,
    "camouflage": chatter.CAMOUFLAGE,
}
REPORT_TITLE = grammar.parse(
    "{<noun>代理|“数字人”加盟|AI直播招商}{调查|乱象|江湖|背后|之困}{：谁在收钱，谁在买单|：一场收费的梦|：交完钱之后|}{|丨<press>}"
)
SUCCESS_TITLE = grammar.parse(
    "{走进|对话|观察}{<brand>|<city>数字人基地|<trade>直播间}：{<noun>的另一种可能|把直播交给机器之后|小团队的新账本}"
)
VICTIM_TITLE = grammar.parse(
    "{<brand>|<company>}{虚假宣传|诱导签约|收钱不办事|拒不退款|承诺不兑现}{，要求退款|，求处理|}{！|}"
)
