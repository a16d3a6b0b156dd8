"""Disguises: how a contact or a word is written so that filters miss it and people do not.

In: a canonical value. Out: ``Disguised`` with the written form, the family of the disguise and, where the reader must
be told something ("中间去掉点"), the hint that has to stand behind it. Invariant: a careful reader recovers the
canonical value from the written form and the hint alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawlers.sandbox import dice

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
CIRCLED = dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))
CIRCLED |= {chr(ord("a") + place): chr(0x24D0 + place) for place in range(26)}
NEGATIVE = dict(zip("0123456789", "⓿❶❷❸❹❺❻❼❽❾", strict=True))
BRACKETED = dict(zip("123456789", "⑴⑵⑶⑷⑸⑹⑺⑻⑼", strict=True))
KEYCAP = {digit: digit + "\ufe0f\u20e3" for digit in "0123456789"}
HAN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
FINANCIAL = dict(zip("0123456789", "零壹贰叁肆伍陆柒捌玖", strict=True))
RADIO = dict(zip("0123456789", "洞幺两三四五六拐八九", strict=True))
MATH = {str(digit): chr(0x1D7CE + digit) for digit in range(10)}
MATH |= {chr(ord("a") + place): chr(0x1D41A + place) for place in range(26)}
RAISED = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060")
DROPPED_NAMES = {
    ".": "点",
    "·": "点",
    "*": "星号",
    "/": "斜杠",
    "~": "波浪线",
    "#": "井号",
    "|": "竖线",
}
EMOJI = ("🌟", "❤", "✨", "🔥", "🍀", "👉")

TRADITIONAL = str.maketrans(
    "万与专业东两严个临为丽举义乐习书买乱云产亲亿仅从价众优会传伤体余侧储儿关兴养内册军农冲决况净减几凭击则创删别办务动励劳势区医华协单卖卫厂历压厅县双发变"
    "号叹吗员听启响哑唤团园围国图场块坏声处备复够头夹夺奖妆妈娱学宁实审对导寻将尔尝层岁币师带帮广庆库应开异弃张强归当录彻径态总恋恶愿惊惯户扑执扩扫扬护报担拥择挂挤挥损换据摆撑数断无"
    "旧时显晓机权条来杨极构标样树桥检楼欢残毕气汇汉沟没泽洁测济浏涨湿满滨滚灭灯灵热爱牌状独猎环现玛产电画疗盘着矿码硬确礼祸种积称稳穷窃竞笔签简类粮纠红约级纪纯纳组细终经结给络绝统继续维综绿缓编缘缩网罗罚职联聪脑脸节艺苏获药虑虽规视览觉订认讨让训议记讲许论设访证评识诉词试话该详语误说请诸课谁调谈谢贝负财责败账货质贩贪购贴费资赚赛赞赢趋跃转轮软轻载输边达迁过运还这进远违连迟适选递逻遗邮邻郑酱释里钟钱铁铺链销锁错锦键长门闭问闲间队阳阴阶际陆陈险随隐难顶项顺须顾预领频题额风飞饭馆驱验骗鱼黄龙",
    "萬與專業東兩嚴個臨為麗舉義樂習書買亂雲產親億僅從價眾優會傳傷體餘側儲兒關興養內冊軍農衝決況淨減幾憑擊則創刪別辦務動勵勞勢區醫華協單賣衛廠歷壓廳縣雙發變"
    "號嘆嗎員聽啟響啞喚團園圍國圖場塊壞聲處備復夠頭夾奪獎妝媽娛學寧實審對導尋將爾嘗層歲幣師帶幫廣慶庫應開異棄張強歸當錄徹徑態總戀惡願驚慣戶撲執擴掃揚護報擔擁擇掛擠揮損換據擺撐數斷無"
    "舊時顯曉機權條來楊極構標樣樹橋檢樓歡殘畢氣匯漢溝沒澤潔測濟瀏漲濕滿濱滾滅燈靈熱愛牌狀獨獵環現瑪產電畫療盤著礦碼硬確禮禍種積稱穩窮竊競筆簽簡類糧糾紅約級紀純納組細終經結給絡絕統繼續維綜綠緩編緣縮網羅罰職聯聰腦臉節藝蘇獲藥慮雖規視覽覺訂認討讓訓議記講許論設訪證評識訴詞試話該詳語誤說請諸課誰調談謝貝負財責敗賬貨質販貪購貼費資賺賽贊贏趨躍轉輪軟輕載輸邊達遷過運還這進遠違連遲適選遞邏遺郵鄰鄭醬釋裡鐘錢鐵鋪鏈銷鎖錯錦鍵長門閉問閒間隊陽陰階際陸陳險隨隱難頂項順須顧預領頻題額風飛飯館驅驗騙魚黃龍",
)


class Disguised(NamedTuple):
    """A contact as written. ``hint`` tells the reader what to leave out; empty where nothing needs saying."""

    raw: str
    family: str
    hint: str


def _map(table: dict[str, str]) -> Callable[[random.Random, str], str]:
    return lambda _rng, value: "".join(
        table.get(character, character) for character in value
    )


def _mixed(rng: random.Random, value: str) -> str:
    table = dice.pick(rng, (HAN, WIDE, CIRCLED, KEYCAP))
    return "".join(
        table.get(character, character) if rng.random() < 0.4 else character
        for character in value
    )


def _zero_width(rng: random.Random, value: str) -> str:
    return (
        "".join(
            character + (dice.pick(rng, ZERO_WIDTH) if rng.random() < 0.5 else "")
            for character in value[:-1]
        )
        + value[-1]
    )


def _spaced(_rng: random.Random, value: str) -> str:
    return " ".join(value)


def _grouped(rng: random.Random, value: str) -> str:
    gap = dice.pick(rng, ("-", " ", "—", "·", " - "))
    return (
        gap.join((value[:3], value[3:7], value[7:]))
        if len(value) == 11
        else gap.join((value[:3], value[3:6], value[6:]))
    )


def _broken(rng: random.Random, value: str) -> str:
    middle = 3 + int(rng.random() * max(1, len(value) - 5))
    return value[:middle] + "\n" + value[middle:]


def _letters(_rng: random.Random, value: str) -> str:
    return value.replace("0", "O").replace("1", "l")


def _emoji(rng: random.Random, value: str) -> str:
    mark = dice.pick(rng, EMOJI)
    return (
        mark.join((value[:3], value[3:7], value[7:]))
        if len(value) > 8
        else mark.join((value[:3], value[3:]))
    )


def _boxed(rng: random.Random, value: str) -> str:
    left, right = dice.pick(
        rng,
        (
            ("【", "】"),
            ("[", "]"),
            ("（", "）"),
            ("(", ")"),
            ("「", "」"),
            ("〖", "〗"),
        ),
    )
    third = max(2, len(value) // 3)
    return "".join(
        left + part + right
        for part in (value[:third], value[third : 2 * third], value[2 * third :])
        if part
    )


def _upper(rng: random.Random, value: str) -> str:
    return value.upper() if rng.random() < 0.5 else value.title()


def _spelled(rng: random.Random, value: str) -> str:
    underscore = dice.pick(rng, ("下划线", "（下划线）", "[下划线]"))
    return value.replace("_", underscore).replace(
        "-", dice.pick(rng, ("减号", "（横杠）", "横杠"))
    )


def _keep(_rng: random.Random, value: str) -> str:
    return value


#: Families for values of digits only (phone, QQ).
DIGITS: dict[str, Callable[[random.Random, str], str]] = {
    "plain": _keep,
    "wide": _map(WIDE),
    "circled": _map(CIRCLED),
    "negative_circled": _map(NEGATIVE),
    "bracketed_digits": _map(BRACKETED),
    "keycap": _map(KEYCAP),
    "han": _map(HAN),
    "financial": _map(FINANCIAL),
    "radio": _map(RADIO),
    "mathematical": _map(MATH),
    "raised": _map(RAISED),
    "mixed": _mixed,
    "zero_width": _zero_width,
    "spaced": _spaced,
    "grouped": _grouped,
    "line_break": _broken,
    "letters_for_digits": _letters,
    "emoji": _emoji,
    "boxed": _boxed,
}
#: Families for WeChat ids. What cannot be undone without asking (O for 0) is left out.
NAMES: dict[str, Callable[[random.Random, str], str]] = {
    "plain": _keep,
    "upper": _upper,
    "wide": _map(WIDE),
    "circled": _map(CIRCLED),
    "keycap": _map(KEYCAP),
    "mathematical": _map(MATH),
    "raised": _map(RAISED),
    "mixed": _mixed,
    "zero_width": _zero_width,
    "spaced": _spaced,
    "emoji": _emoji,
    "boxed": _boxed,
    "spelled": _spelled,
}
DIGIT_FAMILIES = tuple(DIGITS)
NAME_FAMILIES = tuple(NAMES)


def dropped(rng: random.Random, value: str) -> Disguised:
    """The value with one separator strewn in and the reader told to leave it out."""
    mark = dice.pick(rng, tuple(DROPPED_NAMES))
    name = DROPPED_NAMES[mark]
    raw = value[0] + "".join(
        (mark if rng.random() < 0.3 else "") + character for character in value[1:]
    )
    if mark not in raw:
        raw = value[:3] + mark + value[3:]
    form = (
        "（中间去掉{}）",
        "（{}去掉）",
        " 把{}删了",
        "，{}不要",
        "(去{})",
        "（加的时候把{}去掉）",
        " 去{}加",
    )
    return Disguised(raw, "dropped", dice.pick(rng, form).format(name))


def contact(
    rng: random.Random, kind: str, value: str, *, plainness: float = 0.4
) -> Disguised:
    """A contact as an advertiser writes it.

    Args:
        rng: The generator.
        kind: Kind of the contract; only ``phone``, ``qq``, ``qq_group`` and ``wechat`` are disguised.
        value: The canonical value.
        plainness: Share that is written as it is.
    """
    if kind == "phone" and value.startswith("400"):
        form = dice.pick(rng, ("{}-{}-{}", "{}{}{}", "{} {} {}"))
        return Disguised(form.format(value[:3], value[3:6], value[6:]), "plain", "")
    if kind == "telegram":
        return Disguised(f"@{value}", "plain", "")
    if kind in {"phone", "qq", "qq_group"}:
        table, families = DIGITS, DIGIT_FAMILIES
    elif kind == "wechat":
        table, families = (
            (DIGITS, DIGIT_FAMILIES) if value.isdecimal() else (NAMES, NAME_FAMILIES)
        )
    else:
        return Disguised(value, "plain", "")
    if rng.random() < plainness:
        return Disguised(value, "plain", "")
    if rng.random() < 0.1:
        return dropped(rng, value)
    family = dice.pick(rng, families)
    raw = table[family](rng, value)
    return Disguised(raw, family if raw != value else "plain", "")


def host(rng: random.Random, value: str) -> Disguised:
    """A host as people write it: bare, with ``www.``, as an address."""
    form = dice.pick(
        rng, ("{}", "{}", "www.{}", "https://{}", "http://www.{}", "https://{}/")
    )
    return Disguised(form.format(value), "plain", "")


#: Words of the trade in costume. Left is what people read, right is how it is written past a filter.
WORDS: dict[str, tuple[str, ...]] = {
    "数字人": (
        "数字亻",
        "数字ren",
        "szr",
        "数.字.人",
        "数字🧍",
        "数 字 人",
        "数字任",
        "數字人",
        "shu字人",
    ),
    "代理": (
        "代li",
        "亻弋王里",
        "代.理",
        "代*理",
        "带理",
        "dai理",
        "代里",
        "代 理",
        "代#理",
    ),
    "加盟": ("jia盟", "加萌", "力口盟", "加.盟", "加m"),
    "招商": ("zhao商", "招.商", "招shang", "昭商"),
    "直播": ("zhibo", "直.播", "直bo", "值播", "直🐏播"),
    "赚钱": ("zhuan钱", "赚米", "搞米", "赚💰", "撰钱"),
    "封号": ("feng号", "封hao", "丰号", "封🈲"),
    "合伙人": ("合火人", "合伙ren", "合.伙.人", "hhr"),
    "保底": ("bao底", "保di", "堡底"),
    "源头": ("yuan头", "源.头", "元头"),
}


def words(rng: random.Random, text: str, *, rate: float) -> str:
    """The text with some of the trade's words in costume; ``rate`` is the chance per word."""
    for word, forms in WORDS.items():
        if word in text and rng.random() < rate:
            text = text.replace(word, dice.pick(rng, forms))
    return text


def traditional(text: str) -> str:
    """The text in Traditional script as a simple converter leaves it: character by character, same length."""
    return text.translate(TRADITIONAL)
