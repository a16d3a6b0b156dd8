"""Contacts: facts one by one, then a forge of disguised posts that knows what it hid."""

from __future__ import annotations

import random
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


# ---------------------------------------------------------------- the forge

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
    return rng.choice(["1990000", "1920000"]) + f"{rng.randrange(10000):04d}"


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


def test_disguised_contacts_are_read_with_exact_values():
    precision, recall, wrong = figures(forge(11, 1500))
    assert precision >= 0.98, wrong[:10]
    assert recall >= 0.97, wrong[:10]


def test_each_family_of_disguise_is_read():
    families: dict[str, list] = {}
    for family, text, expected in forge(23, 1500):
        families.setdefault(family, []).append((family, text, expected))
    assert len(families) > 15
    for family, posts in families.items():
        if family != "clean":
            assert figures(posts)[1] >= 0.9, family


def test_clean_posts_hold_no_contact():
    wrong = [text for text in CLEAN if found(text)]
    assert not wrong


def test_raw_is_what_stands_between_the_offsets():
    for _, text, _ in forge(31, 400):
        for one in contacts.find_contacts(normalise.normalise(text)):
            assert text[one.start : one.end] == one.raw
            assert 0 <= one.confidence <= 1


# ---------------------------------------------------------------- facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "电话微信同号：19900001234",
            {("phone", "19900001234"), ("wechat", "19900001234")},
        ),
        (
            "19900001234（微信同号）",
            {("phone", "19900001234"), ("wechat", "19900001234")},
        ),
        (
            "手机19900001234，加V同号",
            {("phone", "19900001234"), ("wechat", "19900001234")},
        ),
        ("QQ微信同号：123456789", {("qq", "123456789"), ("wechat", "123456789")}),
        ("微信 19900001234", {("wechat", "19900001234")}),
        ("咨询热线：400-123-0000转801", {("phone", "4001230000")}),
        ("座机0571-88880000", {("phone", "057188880000")}),
        ("电话(010)6666 0000", {("phone", "01066660000")}),
        ("电话 +86-199-0000-1234", {("phone", "19900001234")}),
        ("客服400-123-0000一直占线", {("phone", "4001230000")}),
        ("l99OOOO1234 打给我", {("phone", "19900001234")}),
        ("微信szr.demo.01，中间去掉点", {("wechat", "szrdemo01")}),
        ("薇：szr*demo*01（把*去掉）", {("wechat", "szrdemo01")}),
        ("V：szr我demo们01，去掉汉字", {("wechat", "szrdemo01")}),
        ("加V：szr下划线demo", {("wechat", "szr_demo")}),
        ("加VSZR_demo_01", {("wechat", "szr_demo_01")}),
        (
            "微信：szr_demo_01 或 szr_demo_02",
            {("wechat", "szr_demo_01"), ("wechat", "szr_demo_02")},
        ),
        ("vx s z r d e m o 0 1", {("wechat", "szrdemo01")}),
        ("加扣扣 20.48 7832", {("qq", "20487832")}),
        ("企鹅群→八八七七五五六", {("qq_group", "8877556")}),
        ("招商经理的号是892405301", {("qq", "892405301")}),
        ("飞机：@szr_demo", {("telegram", "szr_demo")}),
        ("进频道 https://t.me/Szr_Demo 看", {("telegram", "szr_demo")}),
        ("https://t.me/+AbCdEf123456", {("telegram", "+AbCdEf123456")}),
        (
            "邮箱 Zhang.San@Mail.Example.com。",
            {("email", "zhang.san@mail.example.com")},
        ),
        ("官网：WWW.Szr-Demo.example，", {("domain", "szr-demo.example")}),
        (
            "打开https://szr.example/Join?id=1，领取",
            {("domain", "szr.example"), ("url", "https://szr.example/Join?id=1")},
        ),
        ("https://szr.example/", {("domain", "szr.example")}),
        ("登录szr1点example", {("domain", "szr1.example")}),
        ("演示看 https://v.douyin.com/demo123/", {("domain", "v.douyin.com")}),
        ("抖音号：szr_demo88", {("account", "douyin:szr_demo88")}),
        ("关注公众号【示例数智】", {("account", "wechat_mp:示例数智")}),
        ("浙ICP备00001234号-1", {("icp", "浙ICP备00001234号-1")}),
        (
            "浙公网安备 33000002000001号",
            {("police_filing", "浙公网安备33000002000001号")},
        ),
        ("我们是示例星河数字科技有限公司", {("company", "示例星河数字科技有限公司")}),
        ("由示例（杭州）科技有限公司提供", {("company", "示例(杭州)科技有限公司")}),
        (
            "签约的是杭州示例云播网络股份有限公司。",
            {("company", "杭州示例云播网络股份有限公司")},
        ),
    ],
)
def test_contact_is_read(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "对方微信szr_demo_01，大家别加",
        "骗子电话：19900001234",
        "他的QQ 123456789已经把我拉黑",
        "假冒我司的微信szr_demo_01与我司无关",
        "请勿添加微信szr_demo_01",
        "投诉示例星河科技有限公司不退款",
        "加了微信szr_demo_01后被骗了三万",
        "请拨打96110",
        "举报电话12315",
    ],
)
def test_somebody_elses_contact_is_mentioned(text):
    assert {one for _, one in whose(text)} == {"mentioned"}


@pytest.mark.parametrize(
    "text",
    [
        "加我微信szr_demo_01",
        "别再被骗子坑了，加我微信szr_demo_01",
        "联系电话19900001234",
        "源头厂家，薇：szr_demo_01",
        "拒绝骗子中介，认准唯一微信szr_demo_01",
    ],
)
def test_ones_own_contact_is_own(text):
    assert {one for _, one in whose(text)} == {"own"}


def test_hotlines_have_low_confidence():
    (one,) = contacts.find_contacts(normalise.normalise("如遇诈骗请拨打96110"))
    assert one.value == "96110"
    assert one.confidence < 0.5


@pytest.mark.parametrize(
    "text", ["考公打卡120天,加油", "健身打卡第120公里", "打12345分钟电话"]
)
def test_a_count_is_no_hotline(text):
    assert contacts.find_contacts(normalise.normalise(text)) == []


def test_one_number_twice_gives_two_sightings():
    text = "微信szr_demo_01，再说一遍微信szr_demo_01"
    assert [one.start for one in contacts.find_contacts(normalise.normalise(text))] == [
        2,
        20,
    ]


def test_text_without_contacts_gives_nothing():
    assert contacts.find_contacts(normalise.normalise("")) == []
    assert contacts.find_contacts(normalise.normalise("今天天气真好")) == []


SHREDS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "微信",
                "加V",
                "电话",
                "QQ",
                "：",
                "199",
                "0000",
                "1234",
                "szr_demo",
                "@",
                ".",
                "com",
                "有限公司",
                "去掉点",
                "\n",
                "\u200b",
                "\ud800",
                "\x00",
                "一二三",
                "①",
                "备",
                "t.me/",
            ]
        ),
        st.text(max_size=4),
        st.characters(codec=None),
    ),
    max_size=30,
).map("".join)


@given(SHREDS)
@settings(deadline=None, max_examples=150)
def test_any_text_can_be_read(text):
    read = contacts.find_contacts(normalise.normalise(text))
    assert all(text[one.start : one.end] == one.raw for one in read)
    assert read == sorted(
        read, key=lambda one: (one.start, one.end, one.kind, one.value)
    )


@pytest.mark.parametrize(
    "shred",
    [
        "微信",
        "加V",
        "1 ",
        "1-",
        "a.",
        "a@",
        "有限公司",
        "杭州",
        "骗子",
        "去掉",
        "一",
        "联系:",
        "t.me/",
        "@a",
        "wx",
    ],
)
def test_repeats_are_read_in_linear_time(shred):
    def seconds(size):
        text = normalise.normalise(shred * (size // len(shred)))
        runs = []
        for _ in range(2):
            start = time.process_time()
            contacts.find_contacts(text)
            runs.append(time.process_time() - start)
        return min(runs)

    assert seconds(20_000) < 15 * max(seconds(5000), 0.01)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("座机0571-9999 0217打过去", ("phone", "057199990217")), ("前台0531—9999—0925转2", ("phone", "053199990925")),
        ("工厂直线 零七五五 九九九九 一二八零", ("phone", "075599991280")), ("微:demo加9加9加03,加号不用打", ("wechat", "demo9903")),
        ("VX⭕ d-e-m-o-8-8 （横线去掉）", ("wechat", "demo88")), ("下面倒着念:87a_omed 就是我", ("wechat", "demo_a78")),
        ("这行倒过来念\n8800_omed_rzs :芯微", ("wechat", "szr_demo_0088")), ("小卢 电/微 19900003160", ("wechat", "19900003160")),
        ("打电话,199 0000 5510,微信就是电话", ("wechat", "19900005510")), ("薇❤️同抖音号 demo_0629|满座", ("wechat", "demo_0629")),
        ("写信到 demo&shop.example.com(&改@)", ("email", "demo@shop.example.com")), ("邮箱 demo【at】shop【dot】example【dot】com", ("email", "demo@shop.example.com")),
        ("邮箱倒着写 moc.elpmaxe@omed", ("email", "demo@example.com")), ("绿色对话框里搜:DEMOAB〇6〇8", ("wechat", "demoab0608")),
        ("威❤ demoab 杠 007", ("wechat", "demoab-007")), ("想来的加 demo_wanxiang", ("wechat", "demo_wanxiang")), ("一席29800。合同年签。demo_juzhen", ("wechat", "demo_juzhen")),
        ("蜀ICP备2099001618号-1", ("icp", "蜀ICP备2099001618号-1")), ("公告群 310004455", ("qq_group", "310004455")),
    ],
)  # fmt: skip
def test_further_disguises_are_read(text, wanted):
    found = contacts.find_contacts(normalise.normalise(text))
    assert wanted in {(one.kind, one.value) for one in found}


@pytest.mark.parametrize(
    "text", ["货号QH-19900008-B", "pip install real-time-face", "跑到13800000000左右就停", "供应商为北京某某科技有限公司"]
)  # fmt: skip
def test_models_seeds_and_nameless_companies_are_no_contacts(text):
    assert contacts.find_contacts(normalise.normalise(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{},威同", "{} 微电同步", "{} 微电一个号", "Tel {}(绿色软件一样)", "V同电话 {}", "加微同号码 {}", "电话微信都是{}", "电/微:{}", "V电同号 {}", "{}(电同) 微", "手机号码就是微信号 {}", "{} 薇❤同号",
        "{},微信也是它", "{}(微信可加)", "{} 可加微", "☎️/💬 {}", "电薇同步{}", "{},去掉点再搜 V同", "{} w同", "V我{} 电同",
    ],
)  # fmt: skip
def test_one_number_for_telephone_and_wechat(text):
    assert found(text.format("19900003210")) == {
        ("phone", "19900003210"),
        ("wechat", "19900003210"),
    }


def test_a_note_on_the_next_line_is_of_the_next_number():
    assert found("扣扣号 555045786\n电薇同步19900003210") == {
        ("qq", "555045786"),
        ("phone", "19900003210"),
        ("wechat", "19900003210"),
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("徽 zhaodemo_tg", ("wechat", "zhaodemo_tg")), ("找我:+wx demozhou999", ("wechat", "demozhou999")), ("威欣:demo_07", ("wechat", "demo_07")), ("we❤t demo_08", ("wechat", "demo_08")),
        ("微信 demodaili", ("wechat", "demodaili")), ("如您曾联系wxid_yc2bhxdemo,请速来", ("wechat", "wxid_yc2bhxdemo")), ("小蓝 demo_kf07", ("telegram", "demo_kf07")), ("飞鸡 @demo_kf08", ("telegram", "demo_kf08")),
        ("kk 5550918714", ("qq", "5550918714")), ("幺勾勾洞洞洞洞幺两三四", ("phone", "19900001234")), ("微信 demo勾八两六", ("wechat", "demo9826")), ("微信:demo哈哈哈08呵呵呵26(去掉汉字)", ("wechat", "demo0826")), ("叩叩群:五五五一四四二七七", ("qq_group", "555144277")), ("企鹅群5️⃣❺❺ 14️⃣❼９5️⃣六", ("qq_group", "555147956")), ("到吧友群8100 00442,先改备注", ("qq_group", "810000442")),
        ("扣叁叁0000壹壹捌柒", ("qq", "3300001187")), ("扣 贰玖零零零零 8426", ("qq", "2900008426")), ("来 Ql99OOOO558(l是一,O是零)", ("qq", "1990000558")), ("打 073155500044 找何工", ("phone", "073155500044")),
        ("来电 丨99О0006935", ("phone", "19900006935")), ("邮箱hi 在 demo 点 example 点 net", ("email", "hi@demo.example.net")), ("油箱 demo[.]684＠example[.]com", ("email", "demo.684@example.com")),
        ("客服轮值 @demo_kefu", ("telegram", "demo_kefu")), ("8w,抽成你定。@seat_city_demo", ("telegram", "seat_city_demo")), ("我的另一个号:@某某播客2号", ("account", "某某播客2号")),
        ("去我公众号 demo的手记 后台回“播控”", ("account", "wechat_mp:demo的手记")), ("认准公众号 某某手记。", ("account", "wechat_mp:某某手记")), ("抖音号同名 某某三阶", ("account", "douyin:某某三阶")),
        ("辖区内云州智慧引擎传媒有限公司被列入异常", ("company", "云州智慧引擎传媒有限公司")), ("旺铺 某智设备厂,夏经理", ("shop", "某智设备厂")),
    ],
)  # fmt: skip
def test_more_ways_to_be_reached(text, wanted):
    assert wanted in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "抖音:2024年处置170万条违规", "扣 300000 保证金", "飞机 CA1234 航班", "合同号HT20240520001", "ComfyUI 工作流 sdxl_v10", "用 whisper+qwen2.5-7b+wav2lip 做的",
        "押金500 代理费19800+培训资料680", "交代理费19800+培训资料680+邮寄设备押金500", "一组柜子6800 押金1000 一天", "300,你卖980到1580", "公众号文章节选:所谓加盟", "请有关部门关注 @某某消协", "感谢 @demo_2024 的分享", "单号YT 20251309857527",
    ],
)  # fmt: skip
def test_more_that_only_looks_so(text):
    assert not found(text)


@pytest.mark.parametrize("sign", ["⬇️", "🔍", "👉", "→", "【", "「", "~", "号：", "是"])
@pytest.mark.parametrize("lead", ["V", "薇", "💚", "V我", "卫星", "加WeChat", "咨询VX"])
def test_signs_that_point_announce_a_value(lead, sign):
    assert found(f"{lead}{sign}demo_bj07") == {("wechat", "demo_bj07")}


def test_a_note_before_a_line_break_announces_nothing_behind_it():
    assert found("手机 19900003210，薇信同号\n叩叩群：555131817") == {
        ("phone", "19900003210"),
        ("wechat", "19900003210"),
        ("qq_group", "555131817"),
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("加Q群⬇️400843881", {("qq_group", "400843881")}), ("扫码或加扣群➡️911684178", {("qq_group", "911684178")}), ("扣【854386877】", {("qq", "854386877")}), ("tele→demo_ai2998", {("telegram", "demo_ai2998")}),
        ("飞机【demo_vip4920】，TEL【19200004567】", {("telegram", "demo_vip4920"), ("phone", "19200004567")}), ("微信是demo680，tel19900008716", {("wechat", "demo680"), ("phone", "19900008716")}),
        ("微是19200004237", {("wechat", "19200004237")}), ("我司QQ 5550564571统一接待", {("qq", "5550564571")}),
    ],
)  # fmt: skip
def test_lists_of_contacts_are_told_apart(text, wanted):
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("小绿书旁边那个绿的:demo-lx45", ("wechat", "demo-lx45")), ("找我围脖旁边那个绿的:DEMOKF八三七一", ("wechat", "demokf8371")), ("加我卫❤星 demoszr-29", ("wechat", "demoszr-29")), ("蔚 demoniu74", ("wechat", "demoniu74")),
        ("V我 199 0000 0506", ("wechat", "19900000506")), ("V我 幺勾勾洞洞洞洞洞五洞六", ("wechat", "19900000506")), ("加微备注城市 一九九〇〇〇〇二七六一", ("wechat", "19900002761")), ("WeChat: wxdemo8528", ("wechat", "wxdemo8528")),
        ("薇 tiantian", ("wechat", "tiantian")), ("tg: 艾特demo_zs158", ("telegram", "demo_zs158")), ("记者在纸飞机上找到账号demoyi742", ("telegram", "demoyi742")), ("他们在飞机上还有个号demo_224", ("telegram", "demo_224")),
        ("某音 ID demolushu93", ("account", "douyin:demolushu93")), ("他们在小红书上的号叫demo_21", ("account", "xiaohongshu:demo_21")), ("裙 号(Q):555127678", ("qq_group", "555127678")), ("蔻 蔻 555902603", ("qq", "555902603")),
    ],
)  # fmt: skip
def test_lead_ins_of_slang_say_of_which_service_a_value_is(text, wanted):
    assert wanted in found(text)
    assert len({kind for kind, _ in found(text)} - {"phone"}) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("找我们团队 @小鹿聊AI35", "小鹿聊ai35"), ("咨询关注 @阿凯带你播", "阿凯带你播"), ("数字人招商,名额不多。@阿强创业记", "阿强创业记"), ("感兴趣的 @ai阿哲", "ai阿哲"), ("我大号 @demo_4450", "demo_4450"),
        ("我大号 @demopeng五八〇三〇", "demopeng58030"), ("@阿明聊创业 招县级代理,名额不多", "阿明聊创业"),
    ],
)  # fmt: skip
def test_name_with_an_at_sign_is_an_account(text, wanted):
    assert found(text) == {("account", wanted)}


@pytest.mark.parametrize(
    "text",
    [
        "@所有人 今晚八点开会", "转发并@三位好友", "感谢 @人民日报 的报道", "@黑猫投诉 管不管", "@虚构云播 还钱!", "@云播科技 第31天打卡要账", "@老板娘日记本 你群里那个区代卖资格", "@回声AI 我买的是真人克隆", "回复@海边的曼波:可以的",
        "买家秀:@贵阳张姐 三个月", "求转发 @小明同学啊", "@李四同学 @王五同学 一起做", "图源@小林摄影", "转评抽3位送周边。@知声开发者", "微商 software 推荐", "发布微 design 风格", "今年合计19,900,008,853", "关注@成都公安 官方账号",
    ],
)  # fmt: skip
def test_who_is_only_called_upon_is_no_contact(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("网址: demo-vip84删.example删.net(删掉“删”字)", ("domain", "demo-vip84.example.net")), ("邮箱 demo_053#example.cn,井号改成艾特", ("email", "demo_053@example.cn")), ("邮箱 demo_053*example.cn,星号换成艾特", ("email", "demo_053@example.cn")),
        ("邮箱:demo . 596 @ example . cn", ("email", "demo.596@example.cn")), ("微信 w【x】de【m】o3【0】33(去括号)", ("wechat", "wxdemo3033")), ("薇❤:d*e*m*o*480*8,星号去了就是", ("wechat", "demo4808")), ("薇:de|mo|i5|09,|不要输", ("wechat", "demoi509")),
        ("扌微 de旺12mo旺q3,里面的中国字别打", ("wechat", "de12moq3")), ("打我1990000祥368财7,里面的中国字别打", ("phone", "19900003687")), ("抖音号:hao/yun/8829,斜杠自行去掉", ("account", "douyin:haoyun8829")), ("抖音号:hao丨yun丨8829,竖线去掉", ("account", "douyin:haoyun8829")),
        ("摇我 1990丨000丨7453(符号去掉)", ("phone", "19900007453")), ("微信:h  a  o  8  8  2  9", ("wechat", "hao8829")), ("抖音号:(h)(a)(o)(8)(8)(2)(9)", ("account", "douyin:hao8829")), ("电话:(1)(9)(9)(0)(0)(0)(0)(5)(6)(7)(8)", ("phone", "19900005678")),
        ("印着19\n900\n008\n853", ("phone", "19900008853")), ("QQ:9\n9\n0\n0\n7\n1\n2\n4\n5", ("qq", "990071245")), ("薇:ruib\nozhushou", ("wechat", "ruibozhushou")), ("TG@dem\nodu\no_s\nzr", ("telegram", "demoduo_szr")),
        ("邮箱:demo88\n@example.com", ("email", "demo88@example.com")), ("网址:demo88.example\n.com", ("domain", "demo88.example.com")), ("我司杭 州 云 禾 示 例 科 技 有 限 公 司", ("company", "杭州云禾示例科技有限公司")), ("详情:http://demo-652.example/lp;➕V❤demo104", ("url", "http://demo-652.example/lp")),
        ("4321 0000 991(从后往前念,微信同号)", ("wechat", "19900001234")), ("电话 1【9】90【0】00【4】68【8】(去括号)(微信同号)", ("wechat", "19900004688")), ("同号(电话/薇):19900004055", ("wechat", "19900004055")), ("电话微、信同号: 19900001949", ("wechat", "19900001949")),
    ],
)  # fmt: skip
def test_what_is_broken_up_or_told_is_put_together(text, wanted):
    assert wanted in found(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("19900000912(微信同号) / QQ:555398913", {("phone", "19900000912"), ("wechat", "19900000912"), ("qq", "555398913")}), ("裙号(Q):555616939 / 微信同步 demo48hex6", {("qq_group", "555616939"), ("wechat", "demo48hex6")}),
        ("张经理:19900001174 电微同步 1玖9⓪零洞零9玖12", {("phone", "19900001174"), ("phone", "19900009912"), ("wechat", "19900009912")}),
    ],
)  # fmt: skip
def test_a_note_is_of_the_number_that_it_stands_beside(text, wanted):
    assert found(text) == wanted
