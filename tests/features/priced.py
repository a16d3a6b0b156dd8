"""A forge of advertisements with sums that knows what it wrote, and what is read of such advertisements."""

from __future__ import annotations

import random
from decimal import Decimal

from features import money, normalise, pack

EMPTY = money.Lexicon((), (), (), (), ())


TABLE = pack.load_pack().bare


def amounts(text: str) -> list[money.Amount]:
    return money.find_amounts(normalise.normalise(text), EMPTY, TABLE)


def han(number: int) -> str:
    """Written-out Chinese, up to 99,999,999."""
    digits = "零一二三四五六七八九"
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        if rest == 0:
            return han(head) + "万"
        if rest % 1000 == 0:
            return han(head) + "万" + digits[rest // 1000] + ("千" if head > 9 else "")
        return han(head) + "万" + ("" if rest >= 1000 else "零") + han(rest)
    out, is_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if is_zero and out else "") + digits[digit] + name
            is_zero = False
        elif out:
            is_zero = True
    return out[1:] if out.startswith("一十") else out


FINANCIAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")


def writings(rng: random.Random, yuan: int) -> str:
    """One of the ways in which people write a sum."""
    ways = [
        str(yuan),
        f"{yuan}元",
        f"￥{yuan}",
        f"{yuan:,}元",
        f"{yuan}块",
        han(yuan) + "元",
        han(yuan).translate(FINANCIAL) + "元",
    ]
    if yuan >= 10_000 and yuan % 100 == 0:
        short = f"{yuan / 10_000:.2f}".rstrip("0").rstrip(".")
        ways += [
            f"{short}万",
            f"{short}w",
            f"{short}W",
            f"{short}万元",
            f"{short}个w",
            f"{short}萬",
        ]
        if yuan % 10_000 == 0:
            ways += [
                han(yuan),
                f"{yuan // 10_000}个万" if False else f"{yuan // 10_000}万块",
            ]
        elif yuan % 1000 == 0 and yuan < 100_000:
            head, tail = divmod(yuan // 1000, 10)
            ways += [
                f"{head}万{tail}",
                f"{head}w{tail}",
                f"{head}万{tail}千",
                han(yuan),
                f"{head}萬{tail}",
            ]
    if yuan % 1000 == 0 and yuan < 1_000_000:
        ways += [f"{yuan // 1000}k", f"{yuan // 1000}K"]
    text = rng.choice(ways)
    if text.isascii() and text.isdigit():
        disguise = rng.randrange(6)
        if disguise == 0:
            text = text.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨"))
        elif disguise == 1:
            text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        elif disguise == 2:
            text = "\u200b".join(text)
    return text


FEES = [
    "市代{}",
    "代理费只要{}",
    "加盟费：{}",
    "{}拿下区县独家",
    "门槛{}",
    "保证金{}一次交清",
    "区县名额{}起",
    "交了{}代理费",
    "代理费用{}，送全套系统",
    "省级合伙人{}",
    "{}加盟费，终身有效",
    "县代{}，市代另议",
    "OEM贴牌{}",
    "入门费{}",
    "先交{}保证金",
    "城市合伙人席位{}",
]


INCOMES = [
    "月入{}",
    "轻松月入{}",
    "一年净赚{}",
    "每月收益{}",
    "日赚{}",
    "年入{}不是梦",
    "稳赚{}",
    "有人一个月赚了{}",
    "学员第一单利润{}",
    "躺赚{}",
]


PRICES = ["套餐{}", "售价{}", "会员价{}", "单价{}", "克隆一个形象{}", "包年{}"]


LOSSES = ["被骗{}", "前后损失{}", "一共亏了{}", "{}打了水漂"]


OTHERS = [
    "罚款{}",
    "底薪{}",
    "营收{}",
    "GMV {}",
    "获得融资{}",
    "政府补贴{}",
    "法院判决赔偿{}",
]


NOISE = [
    "全国3000家门店",
    "10万粉丝",
    "98.5%好评",
    "2024年6月13日",
    "24小时在线",
    "1080p高清",
    "播放量120万",
    "7天无理由",
    "第3期",
    "100台设备",
    "5G手机",
    "500人到场",
    "前20名",
    "AI数字人",
    "1对1指导",
    "3天学会",
    "一部手机",
    "零基础",
    "千万别错过",
    "百分之九十",
    "一万小时定律",
    "3分钟生成",
    "电话19900001234",
    "订单号202406130001",
    "4K画质",
    "万众瞩目",
]


ROLES = {
    "agency_fee": FEES,
    "promised_income": INCOMES,
    "price": PRICES,
    "loss": LOSSES,
    "other": OTHERS,
}


def forge(seed: int, count: int):
    """Posts of one to three amounts among noise: (text, [(yuan, role)])."""
    rng = random.Random(seed)
    for _ in range(count):
        clauses, truth = [], []
        for _ in range(rng.randint(1, 3)):
            role = rng.choice(
                [
                    "agency_fee",
                    "agency_fee",
                    "promised_income",
                    "price",
                    "loss",
                    "other",
                ]
            )
            yuan = rng.choice(
                [
                    rng.randint(10, 99) * 1000,
                    rng.randint(1, 40) * 10_000,
                    rng.randint(10, 300) * 100,
                    rng.choice([9980, 19800, 28800, 39800, 66000, 128000]),
                ]
            )
            clauses.append(rng.choice(ROLES[role]).format(writings(rng, yuan)))
            truth.append((Decimal(yuan), role))
        for _ in range(rng.randint(0, 3)):
            clauses.insert(rng.randint(0, len(clauses)), rng.choice(NOISE))
        yield rng.choice(["，", "。", "！", " ", "\n", "；"]).join(clauses), truth


def scores(posts):
    """F1 of (yuan, agency_fee), of (yuan), of (yuan, role); and the misread posts."""
    counts = {"fee": [0, 0, 0], "yuan": [0, 0, 0], "role": [0, 0, 0]}
    wrong = []
    for text, truth in posts:
        found = [(one.yuan, one.role) for one in amounts(text)]
        for name, keep in (
            ("fee", lambda one: one if one[1] == "agency_fee" else None),
            ("yuan", lambda one: one[0]),
            ("role", lambda one: one),
        ):
            left = [keep(one) for one in truth if keep(one) is not None]
            said = [keep(one) for one in found if keep(one) is not None]
            counts[name][1] += len(said)
            counts[name][2] += len(left)
            for one in said:
                if one in left:
                    left.remove(one)
                    counts[name][0] += 1
        if sorted(found) != sorted(truth):
            wrong.append(f"{text!r}: expected {truth}, found {found}")
    return {
        name: 2 * right / (said + meant)
        for name, (right, said, meant) in counts.items()
    }, wrong
