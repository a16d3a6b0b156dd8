"""Rings that share nothing but copy, and whom complaints mean: invented posts with their truth.

Two ways of copying. ``slots``: members take the master's advertisement and swap city, sum and contact, a few synonyms, the
order of sentences, signs between them, and cut it short. ``spun``: every sentence is said anew, 30 to 60 % of the words
replaced, a quarter of the sentences by another version, in any order, with slogans of the whole trade in between. All
advertisements of the market are made of the same fifty sentences, and everybody now and then copies one of three that the
trade passes around; honest vendors copy three of their own. The same arguments give the same records.
"""

import random
import re
from datetime import timedelta

from tests.harness.worlds import foreign

EPOCH = foreign.EPOCH
PLATFORMS = ("douyin", "kuaishou", "xiaohongshu", "weibo")
CITIES = [*foreign.CITIES, "赣州", "洛阳", "泉州", "绵阳", "柳州", "遵义"]
SUMS = ("3万8", "66000元", "2.98万", "五万八", "98000", "12.8万", "四万九千八")
WORDS = {
    "thing": "数字人 AI数字人 虚拟主播 数智人 智能主播 分身主播",
    "agent": "代理 城市合伙人 区域代理 服务商 加盟商 运营商",
    "join": "加盟 合作 入驻 加入 签约 代理",
    "money": "赚钱 盈利 变现 创收 增收 回款",
    "shop": "商家 老板 门店 实体店 企业主 店主",
    "need": "需要 离不开 都想要 急需 缺的就是 等着用",
    "we": "我们 本公司 咱们团队 我司 总部 平台",
    "give": "提供 配备 赠送 包含 给到 附带",
    "train": "培训 教学 指导 陪跑 带教 辅导",
    "market": "市场 行业 赛道 风口 蓝海 空间",
    "big": "巨大 广阔 惊人 无限 爆发 可观",
    "quick": "快速 迅速 立刻 马上 当天 短期内",
    "learn": "学会 上手 掌握 入门 操作 搞懂",
    "zero": "零基础 小白 没经验 新手 宝妈 外行",
    "cost": "费用 代理费 加盟费 合作费 服务费 门槛费",
    "fans": "客户 客源 流量 订单 顾客 生意",
    "tech": "技术 算法 系统 软件 平台 源码",
    "own": "自主研发 独立开发 自研 自有 原创 独家",
    "protect": "保护 独家 垄断 专属 唯一 锁定",
    "area": "区域 地区 城市 县城 当地 本地",
    "support": "支持 扶持 帮扶 协助 兜底 护航",
    "time": "全天 二十四小时 昼夜 不间断 整天 从早到晚",
    "live": "直播 开播 带货 在线卖货 出镜 播货",
    "people": "真人 主播 员工 团队 人工 演员",
    "save": "省下 节约 减少 省掉 降低 砍掉",
    "month": "每个月 月月 按月 一个月 每月 月均",
    "safe": "稳定 靠谱 放心 安全 稳妥 踏实",
    "many": "大量 许多 众多 不少 海量 成批",
    "case": "案例 样板 实例 榜样 标杆 现成例子",
    "visit": "考察 参观 实地看 上门了解 来公司 面谈",
    "meet": "咨询 联系 私聊 私信 留言 问我",
    "limited": "名额有限 席位不多 先到先得 只剩几席 机会不等人 满了就关",
    "profit": "利润 收益 分成 差价 佣金 回报",
    "product": "产品 项目 模式 方案 业务 生意",
    "open": "开通 部署 上线 激活 安装 启用",
    "friend": "朋友 伙伴 老乡 同行 兄弟 战友",
    "sell": "卖给 推荐给 介绍给 推给 销售给 供应给",
    "price": "定价 售价 报价 收费 价格 单价",
    "team": "团队 下级 分销 渠道 队伍 伙伴",
    "boss": "老师 总监 导师 创始人 负责人 经理",
    "refund": "退还 返还 原路退 全额退 退回 返给你",
    "sign": "签合同 签协议 白纸黑字 合同保障 正规合同 签约保障",
    "old": "传统 老式 过去 以前 旧式 从前",
    "tool": "手机 电脑 一台电脑 笔记本 一部手机 平板",
    "platform": "抖音 快手 视频号 小红书 各大平台 直播平台",
    "video": "视频 短片 口播 素材 内容 作品",
    "voice": "声音 口型 表情 动作 形象 语调",
    "ads": "广告 投流 宣传 推广 引流 获客",
    "fear": "错过 落后 淘汰 后悔 掉队 失去机会",
    "choose": "选对 抓住 看准 挑中 把握 认准",
    "grow": "翻倍 增长 上升 突破 起飞 猛涨",
}
SYNONYMS = {name: words.split() for name, words in WORDS.items()}
FRAMES = """{we}{own}的{thing}{tech}已经成熟
{zero}也能{quick}{learn}这套{tool}操作
一个{area}只招一家{agent}全程{protect}
{shop}都{need}这样的{product}
{month}光靠{sell}{shop}就有{profit}
{cost}只要{FEE}就能{open}全部功能
{we}{give}{boss}一对一{train}直到出单
{market}{big}越早{join}越能吃到{profit}
{thing}可以{time}{live}不用休息
{save}{people}的开支让{shop}轻松{money}
{old}的{ads}办法已经没有{fans}
{limited}想做的{friend}抓紧{meet}
{join}之后{we}负责把{fans}送到你手上
{many}{friend}已经靠这个{product}实现{money}
完成任务{cost}全部{refund}
{sign}让{friend}们{safe}做事
欢迎到{CITY}总部{visit}看真实{case}
发展{team}还能再拿一份{profit}
{price}由你自己说了算{we}不干涉
{voice}和真人一模一样{platform}看不出来
一条{video}三分钟做完{ads}省心
{choose}{market}比努力更重要
{fear}这一波再等就是十年
{CITY}{agent}上个月收入已经{grow}
{tech}部署在云端{tool}随时登录
{shop}用了以后{fans}{grow}很快
{we}每周更新{video}模板和话术
前期不用囤货也不用租门面
做得好的{agent}年底还有分红
后台账户随便开{profit}归你
你只管对接{shop}其余交给{we}
{people}请假辞职的烦恼从此没有
{boss}带队下店帮你谈下第一单
{platform}扶持政策今年力度最大
不会拍不会剪不敢出镜都没关系
{product}复购高{shop}续费率超过八成
同一套{tech}别家卖得比{we}贵一倍
{join}当天就{give}后台账号和物料
用过的{shop}都会介绍下一家
{area}经理负责落地{support}到底
做过美业餐饮教培的{friend}最合适
合同期内{area}内成交全部算你业绩
一次{join}永久使用后续不再收{cost}
{thing}会自动回复评论和弹幕
晚上睡觉的时候它还在{live}
{many}品牌方正在找能{open}{thing}的{agent}
{CITY}的{friend}用两个月收回{cost}
{fans}资源由{we}统一派发
手里有{shop}资源的{friend}优先
首批{agent}享受最低{price}""".splitlines()
#: Sentences that recruit, of which every advertisement has four.
RECRUITING = [one for one in FRAMES if re.search("{(agent|join|cost)}", one)]
#: Sentences that an honest vendor might say.
SELLING = [one for one in FRAMES if not re.search("{(agent|join|cost|FEE|limited|team|sign|friend|profit|area)}|业绩|分红", one)]  # fmt: skip
SLOGANS = [
    "风口来了猪都能飞",
    "普通人翻身的机会",
    "让数字人替你打工",
    "选择大于努力",
    "早做早享受",
    "源头厂家直招",
    "诚招全国代理",
    "抓住人工智能的红利",
    "不懂就问小白可做",
    "一台电脑就能月入过万",
]
DAILY = [
    "今天天气不错出门走走",
    "晚饭做了红烧肉孩子爱吃",
    "周末带家人去爬山",
    "新买的花开了心情好",
    "分享一下最近读的书",
    "小区门口的早餐店又排队了",
    "学做了一道家常菜",
    "练了一小时瑜伽出了一身汗",
]
VENDOR = [
    "我们是数字人技术公司", "按分钟计费，用多少付多少", "提供接口文档和试用", "企业客户可以私有化部署",
    "每路并发每月价格见官网", "支持发票和对公转账", "欢迎企业采购咨询", "售后响应两小时内",
]  # fmt: skip
CONTACTS = ("加V{}", "薇❤{}", "联系微信 {}", "VX：{}", "私信我", "看主页", "评论区留言")
SIGNS = "🔥💰✅👉🚀⭐📣❗"


class Writer:
    """Writes advertisements and posts.

    Attributes:
        records: Import records.
        ring_of: Ring of each member.
        honest: Sellers of no scheme.
    """

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)
        self.number = 0
        self.records: list[dict] = []
        self.ring_of: dict[str, str] = {}
        self.honest: set[str] = set()

    def master(
        self, frames: list[str] | None = None
    ) -> list[list[tuple[str | None, str]]]:
        """Sentences of an advertisement, each a row of (slot or none, word)."""
        size = self.dice.randint(6, 10)
        if frames is None:
            others = [one for one in FRAMES if one not in RECRUITING]
            drawn = self.dice.sample(RECRUITING, 4) + self.dice.sample(others, size - 4)
        else:
            drawn = self.dice.sample(frames, size)
        self.dice.shuffle(drawn)
        return [self.sentence(frame) for frame in drawn]

    def sentence(self, frame: str) -> list[tuple[str | None, str]]:
        """A frame with a word in each slot."""
        out: list[tuple[str | None, str]] = []
        for part in re.findall(r"{\w+}|[^{]+", frame):
            slot = part[1:-1] if part[0] == "{" else None
            word = self.dice.choice(SYNONYMS[slot]) if slot in SYNONYMS else part
            out.append((slot, word))
        return out

    def said(self, sentence: list[tuple[str | None, str]], rate: float) -> str:
        """The sentence with a share ``rate`` of its words replaced."""
        return "".join(self._word(slot, word, rate) for slot, word in sentence)

    def _word(self, slot: str | None, word: str, rate: float) -> str:
        if slot == "CITY":
            return self.dice.choice(CITIES)
        if slot == "FEE":
            return self.dice.choice(SUMS)
        if slot is None or self.dice.random() >= rate:
            return word
        return self.dice.choice(SYNONYMS[slot])

    def swapped(self, master: list) -> str:
        """A copy with other slots."""
        dice = self.dice
        said = [self.said(one, 0.12) for one in master]
        if dice.random() < 0.5:
            dice.shuffle(said)
        if dice.random() < 0.4:
            said = said[: max(4, int(len(said) * dice.uniform(0.6, 1)))]
        said.append(self.call())
        signed = [(dice.choice(SIGNS) if dice.random() < 0.3 else "") + one for one in said]  # fmt: skip
        lead = dice.choice(["", f"{dice.choice(CITIES)}招商 "])
        return lead + dice.choice("，。！\n ").join(signed)

    def spun(self, master: list, other: list, rate: float) -> str:
        """The advertisement in other words; ``other`` has another version of each sentence."""
        dice = self.dice
        said = [
            self.said(other[at] if dice.random() < 0.25 else one, rate)
            for at, one in enumerate(master)
            if dice.random() >= 0.1
        ]
        dice.shuffle(said)
        for slogan in dice.sample(SLOGANS, dice.randint(0, 2)):
            said.insert(dice.randint(0, len(said)), slogan)
        return dice.choice("，。！\n").join([*said, self.call()])

    def call(self) -> str:
        """How to reach a seller; nobody else has the same."""
        self.number += 1
        stem = "".join(self.dice.choices("abcdefghjkmnpqrstuvwxyz", k=5))
        return self.dice.choice(CONTACTS).format(f"{stem}_demo{self.number:05d}")

    def account(self, name: str | None = None, bio: str | None = None) -> dict:
        """A new account."""
        self.number += 1
        given = "".join(self.dice.choices("春夏秋冬山水云月星海风林", k=2))
        name = name or f"{self.dice.choice(CITIES)}{given}{self.number}"
        return {
            "platform": self.dice.choice(PLATFORMS),
            "author": {"id": f"demo{self.number:06d}", "name": name, "bio": bio},
        }

    def post(self, account: dict, text: str, **more) -> str:
        """Write a post; its id."""
        self.number += 1
        at = EPOCH + timedelta(days=self.dice.random() * 40)
        self.records.append({
            "kind": "post", **account, "post_id": f"p{self.number:07d}", "text": text,
            "published_at": at.isoformat(timespec="seconds"),
            "crawled_at": (at + timedelta(hours=5)).isoformat(timespec="seconds"), **more,
        })  # fmt: skip
        return f"{account['platform']}:p{self.number:07d}"


def seller_id(account: dict) -> str:
    """The id of an account."""
    return f"{account['platform']}:{account['author']['id']}"


def _ring(writer: Writer, name: str, way: str, size: int, trade: list) -> None:
    """Accounts of a ring and their posts."""
    dice = writer.dice
    master, rate = writer.master(), dice.uniform(0.3, 0.6)
    other = [
        [(slot, dice.choice(SYNONYMS.get(slot, [word]))) for slot, word in one]
        for one in master
    ]
    for _ in range(size):
        account = writer.account()
        writer.ring_of[seller_id(account)] = name
        for _ in range(dice.randint(1, 5)):
            if dice.random() < 0.1:
                text = writer.swapped(dice.choice(trade))
            elif dice.random() < 0.1:
                text = "，".join(dice.sample(DAILY, 2))
            elif way == "slots":
                text = writer.swapped(master)
            else:
                text = writer.spun(master, other, rate)
            writer.post(account, text)


def market(way: str, seed: int, *, rings: int = 14, sizes=(3, 4, 5, 6, 8, 12, 20, 40)) -> Writer:  # fmt: skip
    """A market of rings that copy one ``way`` (``slots`` or ``spun``), lone sellers, vendors and everybody else."""
    writer = Writer(f"{seed}:{way}")
    dice = writer.dice
    trade = [writer.master() for _ in range(3)]
    products = [writer.master(SELLING) for _ in range(3)]
    for ring in range(rings):
        _ring(writer, f"ring-{ring}", way, dice.choice(sizes), trade)
    for _ in range(60):
        account, master = writer.account(), writer.master()
        for _ in range(dice.randint(1, 4)):
            writer.post(account, writer.swapped(master if dice.random() < 0.7 else dice.choice(trade)))  # fmt: skip
    for party, count in (("vendor", 40), ("noise", 150)):
        for _ in range(count):
            account = writer.account()
            writer.honest.add(seller_id(account))
            for _ in range(dice.randint(1, 3)):
                if party == "noise":
                    said = dice.sample(DAILY, 2) + dice.sample(SLOGANS, dice.random() < 0.2)  # fmt: skip
                elif dice.random() < 0.5:
                    said = [writer.swapped(dice.choice(products))]
                else:
                    said = [*dice.sample(VENDOR, 4), dice.choice(SLOGANS)]
                writer.post(account, "，".join(said))
    return writer
