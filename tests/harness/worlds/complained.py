"""Complaints that name their target in one way each, over rings that contacts join, with the truth.

A third as many are about houses that nobody has seen. The same seed gives the same records.
"""

from collections.abc import Callable

from tests.harness.worlds import spun

SYLLABLES = "云星海腾智创盈聚汇朗锐博恒启峰源鼎卓睿晟麦禾澜珂沐辰亿凡途乐焱犀鹿橙"
FEES = (38000, 66000, 29800, 58000, 98000, 128000, 49800)
GRIEFS = (
    "交了代理费之后什么都没有，要求退款，客服不理人",
    "说好三个月回本，结果一分没赚，钱也不退",
    "被骗了{fee}元加盟费，直播间没几天就被封，对方拒不退款",
    "签合同的时候说保证收益，现在找不到人",
)
LINES = ("帮你把店开到云上去", "一人顶十个人的班", "让门店半夜也开张", "谁先上车谁先赚")
#: What a complaint gives of a house, by kind; those that are names may be its target.
GIVEN: dict[str, Callable[[dict], str]] = {
    "contact": lambda house: f"对方微信{house['wechat']}",
    "masked phone": lambda house: f"业务员电话{house['phone'][:3]}****{house['phone'][-4:]}",
    "masked account": lambda house: f"微信号{house['wechat'][:4]}***{house['wechat'][-3:]}",
    "last digits": lambda house: f"业务员手机尾号{house['phone'][-4:]}，收了{house['fee']}元代理费",
    "quotation": lambda house: f"他们的广告写着“{house['line']}”",
    "company": lambda house: house["company"],
    "company without its legal form": lambda house: house["company"].removesuffix("有限公司"),
    "company with a slip": lambda house: house["company"][:2] + house["slip"] + house["company"][3:],
    "brand": lambda house: house["brand"],
    "shop": lambda house: house["shop"],
    "account": lambda house: house["nick"],
    "product": lambda house: house["product"],
}  # fmt: skip
NAMES = list(GIVEN)[list(GIVEN).index("company") :]


def market(seed: int, *, houses: int = 12) -> tuple[list[dict], dict[str, str], dict[str, tuple[str | None, str]]]:  # fmt: skip
    """Import records, the ring of each member, and (ring or none, kind) of each complaint."""
    writer = spun.Writer(f"complaints {seed}")
    brands: set[str] = set()
    truth: dict[str, tuple[str | None, str]] = {}
    known = [_house(writer, brands) for _ in range(houses)]
    for number, house in enumerate(known):
        _advertise(writer, house, f"ring-{number}")
        for kind in GIVEN:
            truth[_complain(writer, house, kind)] = (f"ring-{number}", kind)
    for _ in range(houses):
        house = _house(writer, brands)
        for kind in writer.dice.sample(list(GIVEN), 4):
            truth[_complain(writer, house, kind)] = (None, kind)
    return writer.records, writer.ring_of, truth


def _house(writer: spun.Writer, brands: set[str]) -> dict:
    dice = writer.dice

    def brand() -> str:
        while True:
            drawn = "".join(dice.sample(SYLLABLES, dice.choice([2, 3, 3, 4])))
            if drawn not in brands:
                brands.add(drawn)
                return drawn

    name, city = brand(), dice.choice(spun.CITIES)
    trade = dice.choice(["网络科技", "信息技术", "数字科技", "文化传媒"])
    return {
        "brand": name, "company": f"{city}{name}{trade}有限公司", "slip": dice.choice(SYLLABLES),
        "shop": f"{name}{dice.choice(['数码专营店', '企业店', '旗舰店'])}",
        "product": f"{name}{dice.choice(['云播', '智播', '分身系统', '数字员工'])}",
        "nick": f"{city}{brand()}{dice.choice(['聊数字人', '招商', '说创业'])}",
        "line": "".join(dice.sample(SYLLABLES, 3)) + dice.choice(LINES), "fee": dice.choice(FEES),
        "phone": f"1990{dice.randrange(10**7):07d}",
        "wechat": "".join(dice.choices("abcdefghjkmnpqrstuvwxyz", k=6)) + f"{dice.randrange(10**4):04d}",
        "master": writer.master(), "city": city,
    }  # fmt: skip


def _advertise(writer: spun.Writer, house: dict, ring: str) -> None:
    dice = writer.dice
    for member in range(dice.choice([3, 4, 6, 9])):
        nick = house["nick"] if member == 0 else f"{house['brand']}数字人{member}号" if dice.random() < 0.4 else None  # fmt: skip
        bio = house["company"] if member == 0 or dice.random() < 0.3 else None
        account = writer.account(nick, bio)
        writer.ring_of[spun.seller_id(account)] = ring
        for post in range(dice.randint(2, 4)):
            said = [writer.said(one, 0.1) for one in house["master"]]
            dice.shuffle(said)
            said = said[: dice.randint(5, 10)]
            if post == 0:
                said += [house["line"], f"我们的{house['product']}已经上线"]
                said.append(f"{house['city']}区域代理费{house['fee']}元")
            said.append(f"加V{house['wechat']}" if post == 0 or dice.random() < 0.5 else f"电话{house['phone']}")  # fmt: skip
            shop = {"listing": {"shop_name": house["shop"]}} if (member, post) == (1, 0) else {}  # fmt: skip
            writer.post(account, "，".join(said), **shop)


def _complain(writer: spun.Writer, house: dict, kind: str) -> str:
    dice = writer.dice
    given, target = GIVEN[kind](house), None
    grief = dice.choice(GRIEFS).format(fee=house["fee"])
    if kind not in NAMES:
        text = f"{grief}，{given}"
    elif dice.random() < 0.5:
        text, target = grief, given
    else:
        text = dice.choice(["被{}骗了，{}", "投诉{}，{}", "我在{}交了钱，{}"]).format(given, grief)  # fmt: skip
    account = writer.account() | {"platform": "heimao"}
    complaint = {"target": target, "amount_yuan": house["fee"]}
    return writer.post(account, text, kind="complaint", complaint=complaint)
