"""A forge of posts with disguised contacts that knows what it hid, and what is read of such posts."""

from __future__ import annotations

import random
import string

from features import contacts, normalise


def found(text: str) -> set[tuple[str, str]]:
    return {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


def whose(text: str) -> set[tuple[str, str]]:
    return {
        (one.value, one.ownership)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


HAN = "零一二三四五六七八九"


FINANCIAL = "零壹贰叁肆伍陆柒捌玖"


RADIO = "洞幺二三四五六拐八九"


CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"


NEGATIVE = "⓿❶❷❸❹❺❻❼❽❾"


def per_digit(table: str):
    return lambda rng, value: "".join(
        table[int(one)] if one.isdigit() else one for one in value
    )


def shifted(small: int, large: int, digit: int | None):
    def disguise(rng: random.Random, value: str) -> str:
        out = []
        for one in value:
            if one.isdigit() and digit is not None:
                out.append(chr(digit + int(one)))
            elif one in string.ascii_lowercase:
                out.append(chr(small + ord(one) - 97))
            elif one in string.ascii_uppercase:
                out.append(chr(large + ord(one) - 65))
            else:
                out.append(one)
        return "".join(out)

    return disguise


def between(signs: list[str]):
    def disguise(rng: random.Random, value: str) -> str:
        sign = rng.choice(signs)
        return sign.join(value)

    return disguise


def in_thirds(signs: list[str]):
    def disguise(rng: random.Random, value: str) -> str:
        sign = rng.choice(signs)
        return sign.join([value[:3], value[3:7], value[7:]])

    return disguise


CYRILLIC = dict(zip("aeopcxysij", "аеорсхуѕіј", strict=True))


ANY = {
    "plain": lambda rng, value: value,
    "full width": lambda rng, value: "".join(
        chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in value
    ),
    "zero width": lambda rng, value: rng.choice(
        ["\u200b", "\u200d", "\ufeff", "\u2060"]
    ).join(value),
    "mathematical": shifted(0x1D41A, 0x1D400, 0x1D7CE),
    "monospace": shifted(0x1D68A, 0x1D670, 0x1D7F6),
    "combining marks": lambda rng, value: "".join(
        one + rng.choice(["\u0336", "\u0332", "\u0301"]) for one in value
    ),
    "variation selectors": lambda rng, value: "".join(one + "\ufe0f" for one in value),
}


LETTERS = {
    "upper case": lambda rng, value: value.upper(),
    "cyrillic": lambda rng, value: "".join(CYRILLIC.get(one, one) for one in value),
    "circled letters": lambda rng, value: "".join(
        chr(0x24D0 + ord(one) - 97) if one.islower() else one for one in value
    ),
    "drop sign": lambda rng, value: (
        (sign := rng.choice("#*&")).join([value[:4], value[4:]]) + f"（中间去掉{sign}）"
    ),
    "drop dots": lambda rng, value: f"{value[:3]}.{value[3:6]}.{value[6:]}（去掉点）",
}


DIGITS = {
    "circled": per_digit(CIRCLED),
    "negative circled": per_digit(NEGATIVE),
    "keycaps": lambda rng, value: "".join(one + "\ufe0f\u20e3" for one in value),
    "superscript": per_digit("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "han": per_digit(HAN),
    "financial": per_digit(FINANCIAL),
    "radio": per_digit(RADIO),
    "spaced": between([" ", ".", "-", "·", "*", "❤", "～"]),
    "mixed numerals": lambda rng, value: "".join(
        rng.choice([one, HAN[int(one)], CIRCLED[int(one)]]) for one in value
    ),
}


PHONE = DIGITS | {
    "thirds": in_thirds([" ", "-", ".", "—", "·", "\n", "_", "  "]),
    "letters for digits": lambda rng, value: value.replace("1", "l").replace("0", "O"),
    "country": lambda rng, value: "+86 " + value,
    "noise word": in_thirds(["空", "杠", "点"]),
}


WECHAT_LEADS = [
    "微信：",
    "加V：",
    "+V ",
    "➕薇：",
    "VX：",
    "vx ",
    "wx:",
    "微❤：",
    "威信 ",
    "卫星号：",
    "绿泡泡：",
    "薇信号：",
    "V信：",
    "加微 ",
    "徽信：",
    "嶶信：",
    "加我V ",
    "微 信：",
    "v-x：",
    "wei信：",
    "微信号",
    "＋Ｖ：",
    "Ｖ❤：",
    "V：",
    "薇：",
    "加微信",
    "联系微信：",
    "wechat: ",
]


QQ_LEADS = [
    "QQ：",
    "扣扣：",
    "企鹅号：",
    "加Q：",
    "扣扣号 ",
    "qq ",
    "Q Q：",
    "🐧：",
    "企鹅 ",
    "加QQ",
    "球球：",
]


GROUP_LEADS = [
    "QQ群：",
    "Q群",
    "进群：",
    "交流群：",
    "企鹅群 ",
    "扣扣群：",
    "群号：",
    "加群 ",
]


PHONE_LEADS = [
    "电话：",
    "手机：",
    "☎",
    "📞 ",
    "联系电话 ",
    "热线：",
    "咨询电话:",
    "tel:",
    "致电",
    "来电：",
    "",
    "加盟热线 ",
    "手机号",
]


TELEGRAM_LEADS = [
    "TG：@",
    "TG:",
    "飞机：@",
    "电报 @",
    "纸飞机：",
    "telegram: @",
    "✈️@",
    "TG @",
]


BEFORE = [
    "想做数字人代理的",
    "名额不多，",
    "一手源头，不懂就问。",
    "28800拿下区县，",
    "现在加盟送系统！",
    "2024年6月13日起，",
    "7×24小时在线，",
    "AI直播风口，",
    "",
    "月入3万不是梦\n",
    "10086套系统已交付，",
]


AFTER = [
    "，备注加盟",
    "。先到先得",
    " 非诚勿扰",
    "！包教包会",
    "\n仅限今天",
    "",
    "，一对一指导",
    "（工作日9:00-18:00）",
    "～欢迎",
]


CLEAN = [
    "订单号：19900001234，已发货",
    "售价19920001234元起",
    "快递单号 199000012345678",
    "2024-06-13 20:15:11 直播开始",
    "身份证号 110101199003074258",
    "全国3000家门店，累计服务12000人，好评率98.5%",
    "代理费98000，市代128000，省代298000",
    "微信支付分650以上，微信小程序和公众号都可以做",
    "加V认证的主播，vip会员免费，v2.0版本上线",
    "评论扣1，私信我，主页有方式",
    "GMV 5500万，同比增长 120.35%",
    "使用Node.js和Python3.11开发，readme.md里有说明",
    "我在微信群里看到的，QQ空间也有",
    "1.5万起，2.8万拿区代",
    "他坐飞机去了北京，电话没人接",
    "企鹅在南极，卫星发射成功，绿色出行",
    "版本 1.0.2.20240613，编号 A10001",
    "比分 3:2，时间 12:30:45，1920x1080，60fps",
    "一二三四五，上山打老虎；三六九等",
    "零一二三年的八九月份，五六百人",
    "iPhone15 Pro Max 256G 现货",
    "ISBN 9787111122334，定价59元",
]


def handle(rng: random.Random) -> str:
    head = "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randint(3, 6)))
    return head + rng.choice(["_", "", "_demo", ""]) + str(rng.randint(100, 99999))


def mobile(rng: random.Random) -> str:
    return f"1990000{rng.randrange(10000):04d}"


def qq(rng: random.Random) -> str:
    return str(rng.randint(10**5, 10**10 - 1))


def telegram(rng: random.Random) -> str:
    return (
        "".join(rng.choice(string.ascii_lowercase) for _ in range(5))
        + rng.choice(["_", ""])
        + str(rng.randint(10, 999))
    )


KINDS = {
    "wechat": (handle, WECHAT_LEADS, ANY | LETTERS),
    "wechat phone": (mobile, WECHAT_LEADS, ANY | PHONE),
    "qq": (qq, QQ_LEADS, ANY | DIGITS),
    "qq_group": (
        lambda rng: str(rng.randint(10**8, 10**10 - 1)),
        GROUP_LEADS,
        ANY | DIGITS,
    ),
    "phone": (mobile, PHONE_LEADS, ANY | PHONE),
    "telegram": (
        telegram,
        TELEGRAM_LEADS,
        ANY | {"upper case": LETTERS["upper case"], "cyrillic": LETTERS["cyrillic"]},
    ),
    "email": (
        lambda rng: f"{handle(rng)}@mail{rng.randrange(99)}.example.com",
        ["邮箱：", "email: ", "发资料到", "投稿 "],
        ANY
        | {
            "upper case": LETTERS["upper case"],
            "spelt": lambda rng, value: value.replace(
                "@", rng.choice([" (at) ", "艾特", "[at]"])
            ),
        },
    ),
    "domain": (
        lambda rng: f"szr{rng.randrange(999)}.example",
        ["官网：", "网址 ", "登录www.", "https://", "查看", "网站【"],
        ANY
        | {
            "upper case": LETTERS["upper case"],
            "ideographic stop": lambda rng, value: value.replace(".", "。"),
        },
    ),
}


def forge(seed: int, count: int):
    """Posts of one hidden contact each, and clean ones: (family, text, expected)."""
    rng = random.Random(seed)
    for _ in range(count):
        if rng.random() < 0.2:
            yield "clean", rng.choice(BEFORE) + rng.choice(CLEAN), set()
            continue
        kind = rng.choice(sorted(KINDS))
        make, leads, disguises = KINDS[kind]
        family = rng.choice(sorted(disguises))
        value = make(rng)
        kind = kind.split()[0]
        text = (
            rng.choice(BEFORE)
            + rng.choice(leads)
            + disguises[family](rng, value)
            + rng.choice(AFTER)
        )
        yield family, text, {(kind, value)}


def figures(posts) -> tuple[float, float, list[str]]:
    """Precision, recall, and the misread posts."""
    right = said = meant = 0
    wrong = []
    for family, text, expected in posts:
        got = found(text)
        right += len(got & expected)
        said += len(got)
        meant += len(expected)
        if got != expected:
            wrong.append(
                f"{family}: {text!r}: expected {sorted(expected)}, found {sorted(got)}"
            )
    return right / said, right / meant, wrong
