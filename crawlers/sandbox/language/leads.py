"""What stands before and behind a contact: lead-ins in many costumes, notes, public addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawlers.sandbox import dice
from crawlers.sandbox.language import grammar

if TYPE_CHECKING:
    import random

LEADS: dict[str, list[str]] = {
    "wechat": grammar.words(
        """
        微信 微信号 加微信 VX vx 加V +V 薇 薇信 ➕薇 加薇 绿泡泡 卫星 威信 嶶信 徽信 微❤ V信 wx WX 加微 绿色软件 v ❤信 微X 薇♥ WeChat
        微.信 微信id 徵信号 加绿泡 vx号 +v 我的v 微亻言 wei信 彳攴信 私人微信 工作微 唯一微信 主理人V 招商微信 老板微信 薇❤ 卫❤ 绿标 微芯 蔚信
        """
    ),
    "phone": grammar.words(
        "电话 手机 联系电话 ☎ 📞 来电 咨询热线 打 Tel 手机号 call 招商热线 📱 電話 座机 直拨 T 热线 联系 号码 d话 店话 总机 客服电话 dianhua ☎️"
    ),
    "qq": grammar.words(
        "QQ 扣扣 企鹅 加Q 🐧 抠抠 qq q号 口口 QQ号 +Q 扣 蔻蔻 Q 企鹅号 秋秋"
    ),
    "qq_group": grammar.words("Q群 QQ群 扣群 企鹅群 qq群号 进Q群 扣扣群 加群QQ 群号Q"),
    "email": grammar.words("邮箱 发邮件到 E-mail mail 资料发 电子邮箱 📧 邮件 油箱"),
    "domain": grammar.words(
        "官网 网址 戳 浏览器打开 🌐 网站 登录 链接 详情看 电脑版 网页搜 官方网站"
    ),
    "telegram": grammar.words("TG 飞机 电报 tg 纸飞机 telegram ✈ 小飞机 飞机号"),
    "company": grammar.words(
        "公司 主体 签约主体 公司全称 抬头 运营方 合同主体 收款公司"
    ),
}
#: How people name a stranger's contact.
THEIRS: dict[str, tuple[str, ...]] = {
    "wechat": ("微信", "微信号", "微信：", "wx号"),
    "phone": ("电话", "手机号", "电话：", "号码"),
    "qq": ("QQ", "QQ号", "QQ："),
    "domain": ("网站", "官网", "网址："),
}
#: Between a lead-in and a value. None only behind a Chinese character, or the lead-in would run into the value.
GLUE = ("：", "：", ":", " ", "→", "👉", " : ", "=", "｜", "➡️", "～")
SAME_NUMBER = (
    "微信同号", "，v同", "（同微）", "，电话微信同号", "，同V", "（薇同号）", " 手机微信一样", "，加V同号", "（VX同）", "，也是微信", "，卫星同步",
)  # fmt: skip
TAILS = (
    "",
    "",
    "",
    "",
    "，备注{}",
    "（备注{}）",
    "，注明{}",
    "，来意写{}",
    "，就说{}看到的",
)
NOTES = ("代理", "数字人", "区域", "城市", "合作", "抖音", "资料", "贴吧")
#: Platforms' own hosts, which everybody links to.
PLATFORM_HOSTS = (
    "v.douyin.com",
    "v.kuaishou.com",
    "mp.weixin.qq.com",
    "m.tb.cn",
    "xhslink.com",
)


def before(rng: random.Random, kind: str) -> str:
    """A lead-in for a kind of contact, with what joins it to the value."""
    lead = dice.pick(rng, LEADS[kind])
    # A company's name would swallow a lead-in that touches it.
    if kind != "company" and "\u4e00" <= lead[-1] <= "\u9fff" and rng.random() < 0.3:
        return lead
    return lead + dice.pick(rng, GLUE)


def after(rng: random.Random) -> str:
    """A note behind a contact; mostly empty."""
    return dice.pick(rng, TAILS).format(dice.pick(rng, NOTES))
